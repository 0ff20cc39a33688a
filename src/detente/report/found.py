"""What detectors found, as Arrow tables, and these as Parquet, CSV, GeoJSON and text.

A row is a finding. Columns that end in `_lon` and `_lat` are places; times are UTC.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from rich.table import Table
from rich.text import Text

from detente.model.problem import visible
from detente.model.track_finding import DataFault, Silence, Stay
from detente.report.matrix import as_text

MOST_SHOWN = 200
"""Rows of a table for people; the formats for programs hold all."""

_WORD, _TIME, _NUMBER, _FLAG, _COUNT = pa.string(), pa.timestamp("ms", "UTC"), pa.float64(), pa.bool_(), pa.int64()
_NARROW = 100


def stays_table(stays: Sequence[Stay]) -> pa.Table:
    """One row per stay."""
    return pa.table(
        {
            "craft": pa.array([s.craft for s in stays], _WORD),
            "zone": pa.array([s.zone for s in stays], _WORD),
            "account": pa.array([s.account for s in stays], _WORD),
            "certain": pa.array([s.certain for s in stays], _FLAG),
            "start": pa.array([s.start for s in stays], _TIME),
            "end": pa.array([s.end for s in stays], _TIME),
            "entered": pa.array([s.entered for s in stays], _FLAG),
            "left": pa.array([s.left for s in stays], _FLAG),
            "start_lon": pa.array([s.start_at.lon for s in stays], _NUMBER),
            "start_lat": pa.array([s.start_at.lat for s in stays], _NUMBER),
            "end_lon": pa.array([s.end_at.lon for s in stays], _NUMBER),
            "end_lat": pa.array([s.end_at.lat for s in stays], _NUMBER),
            "seen_from": pa.array([s.seen_from for s in stays], _TIME),
            "seen_until": pa.array([s.seen_until for s in stays], _TIME),
        }
    )


def silences_table(silences: Sequence[Silence]) -> pa.Table:
    """One row per silence."""
    return pa.table(
        {
            "craft": pa.array([s.craft for s in silences], _WORD),
            "start": pa.array([s.start for s in silences], _TIME),
            "end": pa.array([s.end for s in silences], _TIME),
            "coverage": pa.array([s.coverage for s in silences], _WORD),
            "heard_share": pa.array([s.heard_share for s in silences], _NUMBER),
            "others": pa.array([s.others for s in silences], _COUNT),
            "expected_s": pa.array([s.expected_s for s in silences], _NUMBER),
            "start_lon": pa.array([s.start_at.lon for s in silences], _NUMBER),
            "start_lat": pa.array([s.start_at.lat for s in silences], _NUMBER),
            "end_lon": pa.array([s.end_at.lon for s in silences], _NUMBER),
            "end_lat": pa.array([s.end_at.lat for s in silences], _NUMBER),
        }
    )


def faults_table(faults: Sequence[DataFault]) -> pa.Table:
    """One row per fault of the data."""
    return pa.table(
        {
            "craft": pa.array([f.craft for f in faults], _WORD),
            "fault": pa.array([f.kind for f in faults], _WORD),
            "start": pa.array([f.start for f in faults], _TIME),
            "end": pa.array([f.end for f in faults], _TIME),
            "fixes": pa.array([f.fixes for f in faults], _COUNT),
            "start_lon": pa.array([f.start_at.lon for f in faults], _NUMBER),
            "start_lat": pa.array([f.start_at.lat for f in faults], _NUMBER),
        }
    )


def found_parquet(table: pa.Table) -> bytes:
    """The table as a Parquet file."""
    sink = io.BytesIO()
    pq.write_table(table, sink, compression="zstd")
    return sink.getvalue()


def found_csv(table: pa.Table) -> bytes:
    """RFC 4180. A cell that a spreadsheet would take for a formula starts with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(table.schema.names)
    # Single precision has seven figures; written out as double precision it would seem to have sixteen.
    for number, field in enumerate(table.schema):
        if pa.types.is_float32(field.type):
            table = table.set_column(number, field.name, pc.round(table.column(number).cast(pa.float64()), 3))
    for batch in table.to_batches(10_000):
        for row in batch.to_pylist():
            writer.writerow([_cell(value) for value in row.values()])
    return out.getvalue().encode("utf-8", errors="backslashreplace")


def found_geojson(table: pa.Table) -> bytes:
    """A FeatureCollection: from the place of the start to that of the end, or one place; null where nothing says. Source: RFC 7946."""
    features = []
    for row in table.to_pylist():
        start, end = (row.get("start_lon"), row.get("start_lat")), (row.get("end_lon"), row.get("end_lat"))
        properties = {name: _plain(value) for name, value in row.items() if not name.endswith(("_lon", "_lat"))}
        features.append({"type": "Feature", "geometry": _geometry(start, end), "properties": properties})
    return (json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, indent=1) + "\n").encode(
        "utf-8", "backslashreplace"
    )


def found_text(table: pa.Table, *, width: int = 100, colour: bool = False) -> str:
    """A table for people: places and what is empty throughout are left out, and rows beyond `MOST_SHOWN`."""
    rows = table.slice(0, MOST_SHOWN).to_pylist()
    hidden = ("seen_from", "seen_until", *(("expected_s", "others") if width < _NARROW else ()))
    names = [
        n for n in table.schema.names if n not in hidden and not n.endswith(("_lon", "_lat")) and any(row[n] is not None for row in rows)
    ]
    shown = Table(box=None, show_header=True, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0), width=width)
    for name in names:
        shown.add_column(name.replace("_", " "), overflow="fold")
    for row in rows:
        shown.add_row(*(Text(visible(_short(row[name]))) for name in names))
    if not rows:
        return "Nothing was found.\n"
    text = as_text(shown, width=width, colour=colour)
    more = table.num_rows - len(rows)
    return text + (f"... and {more:,} more; --format csv, parquet or geojson has all of them\n" if more > 0 else "")


def _geometry(start: tuple[Any, Any], end: tuple[Any, Any]) -> dict[str, Any] | None:
    if start[0] is None:
        return None
    if end[0] is None or start == end:
        return {"type": "Point", "coordinates": list(start)}
    if abs(end[0] - start[0]) > 180:
        # Section 3.1.9 asks for lines cut at the 180th meridian; two points say the same without drawing round the earth.
        return {"type": "MultiPoint", "coordinates": [list(start), list(end)]}
    return {"type": "LineString", "coordinates": [list(start), list(end)]}


def _plain(value: Any) -> Any:
    return _iso(value) if isinstance(value, datetime) else visible(value) if isinstance(value, str) else value


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return repr(value)
    text = visible(str(_plain(value)))
    return f"'{text}" if text[:1] in "=+-@" and isinstance(value, str) else text


def _short(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
    return f"{value:,.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _iso(at: datetime) -> str:
    at = at.astimezone(UTC)
    return at.strftime("%Y-%m-%dT%H:%M:%S") + (f".{at.microsecond // 1000:03d}" if at.microsecond else "") + "Z"
