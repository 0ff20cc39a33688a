"""Verdicts in, documents out. This room computes nothing: it words, arranges and writes what the judge answered.

In reading order: `words` (English), `signs` (marks and short words for a terminal), `matrix` (the table of
`check`), `explanation` (why, for one instance), then the formats for programs: `json`, `csv`, `junit`, `arrow`;
`suite` is what `test` says of cases and of what they cover.
`page` is the report as one file, and its drawings.
"""
