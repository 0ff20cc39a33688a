"""Foreign formats, one per file, read into raw tables of cells with their places.

Knows lines, columns and characters, and nothing of statements. Reading order:
`raw.py` (what every reader gives), `tally.py` (how many faults are shown),
`scan.py` (records of a text file), `csv.py`, `jsonl.py`, `parquet.py`, `xlsx.py`,
`rows.py` (rows already in memory), `geojson.py` and `places.py`.
"""
