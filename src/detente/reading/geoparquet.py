"""GeoParquet: named shapes as WKB, in degrees.

Source: GeoParquet 1.1, "Metadata": the file's metadata name the column of shapes and their
coordinates. Shapes stay opaque here.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from detente.model.problem import Problem
from detente.model.span import Span

_LARGEST = 1 << 30
_NAMES = ("name", "NAME", "name_en", "name_10m", "admin", "title", "id")


def read_geoparquet(path: Path, shown: str) -> tuple[tuple[tuple[str, bytes], ...], tuple[Problem, ...]]:
    """Pairs of a name and a shape, and problems. A row without a name or a shape is left out."""
    start = Span(shown, 1, 1, 1, 1)
    try:
        if path.stat().st_size > _LARGEST:
            return (), (Problem("unreadable-file", f"the file is larger than {_LARGEST >> 20} MB", start),)
        parquet = pq.ParquetFile(path)
        column = _column(parquet.schema_arrow)
        names = [name for name in _NAMES if name in parquet.schema_arrow.names]
        if column is None or not names:
            what = "no column of shapes in WKB" if column is None else "no column `name`"
            return (), (Problem("not-geoparquet", f"the file has {what}", start),)
        if not _is_in_degrees(parquet.schema_arrow, column):
            return (), (
                Problem("not-geoparquet", "the shapes are not in degrees of longitude and latitude (OGC:CRS84 or EPSG:4326)", start),
            )
        table = parquet.read(columns=[names[0], column])
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError, ValueError) as error:
        return (), (Problem("unreadable-file", f"the file cannot be read: {str(error).splitlines()[0][:200]}", start),)
    pairs = zip(table.column(0).to_pylist(), table.column(1).to_pylist(), strict=True)
    found = tuple((str(name), bytes(shape)) for name, shape in pairs if name is not None and str(name).strip() and shape is not None)
    left_out = table.num_rows - len(found)
    problems = (Problem("missing-name", f"{left_out:,} rows have no name or no shape, and are left out", start),) if left_out else ()
    return found, problems


def _geo(schema: pa.Schema) -> dict[str, Any]:
    raw = (schema.metadata or {}).get(b"geo")
    geo = json.loads(raw) if raw and len(raw) < 1 << 20 else {}
    return geo if isinstance(geo, dict) else {}


def _column(schema: pa.Schema) -> str | None:
    named = _geo(schema).get("primary_column") or "geometry"
    if named not in schema.names:
        return None
    kind = schema.field(named).type
    storage = getattr(kind, "storage_type", kind)
    return named if pa.types.is_binary(storage) or pa.types.is_large_binary(storage) else None


def _is_in_degrees(schema: pa.Schema, column: str) -> bool:
    """Whether the metadata say so, or nothing: without a word the coordinates are those of OGC:CRS84."""
    columns = _geo(schema).get("columns")
    said = columns.get(column, {}).get("crs") if isinstance(columns, dict) and isinstance(columns.get(column), dict) else None
    if said is None:
        return True
    identity = said.get("id") if isinstance(said, dict) else None
    return isinstance(identity, dict) and str(identity.get("code")) in ("CRS84", "4326")
