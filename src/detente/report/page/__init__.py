"""The report as one file, and its drawings: verdicts in, HTML and SVG out.

In reading order: `markup` (what is safe to write), `said.yaml` and `speech` (three languages), `look` (colours, fills,
marks), `projection`, `map`, `timeline`, `grid` (the table as a drawing), `prose`, `view` (what the template shows), `page`
(the file), `chromium` (PDF and PNG).
"""
