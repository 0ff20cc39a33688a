"""Verdicts in, documents out. This room computes nothing: it words, arranges and writes what the judge answered.

In reading order: `words` (English), `signs` (marks and short words for a terminal), `matrix` (the table of
`check`), `explanation` (why, for one instance), then the formats for programs: `json`, `csv`, `junit`, `arrow`;
`page` is the report as one file, and its drawings.
"""
