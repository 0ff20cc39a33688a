"""Foreign formats, one per file, read into raw tables of cells with their places.

Knows lines, columns and characters, and nothing of statements. Reading order:
`raw.py` (what every reader gives), `tally.py` (how many faults are shown),
`scan.py` (records of a text file), `csv.py`, `jsonl.py`, `parquet.py`, `xlsx.py`,
`rows.py` (rows already in memory), `geojson.py` and `places.py`.

Tracks: `track.py` (what their readers give), `tracks.py` (which reader takes a file), `lines.py`, `nmea.py` and `ais.py` with
`ais_positions.py` (raw AIS), `adsb.py`, `mapping.py` and `mapped.py` (tables, with `formats/`), `geojson_tracks.py`, `geoparquet.py` (zones),
`joined.py` (static data by time). pyais and pyModeS are an extra: `ais.py` and `adsb.py` load only for such a file.
"""
