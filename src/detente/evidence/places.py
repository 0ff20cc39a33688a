"""Places that the evidence names, and where the cells of a table stand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from detente.evidence.layout import PLACES
from detente.evidence.staging import drop, stage
from detente.model.problem import Problem
from detente.reading.geojson import read_geojson
from detente.reading.raw import Place, RawTable


def first_lines(raw: RawTable, name: str, lines: Sequence[int]) -> list[Place]:
    """The places of the cells of column `name` on these lines; of the rows, if there is no such column."""
    index = next((c.index for c in raw.columns if c.name.replace("-", "_") == name.replace("-", "_")), None)
    return raw.locator.places([(line, index) for line in lines])


def read_places(
    db: duckdb.DuckDBPyConnection, raws: Sequence[RawTable], shapes: Sequence[tuple[Path, str]] = ()
) -> tuple[list[Problem], int]:
    """Fill the table `place` from points in tables and shapes in GeoJSON; problems and rows left out."""
    problems: list[Problem] = []
    left_out = 0
    for number, raw in enumerate(raws):
        staged = stage(db, raw, PLACES, f"staged_places_{number}", None)
        problems += staged.problems
        left_out += staged.left_out
        if staged.relation is not None:
            point = """'{"coordinates":[' || lon_lo || ',' || lat_lo || '],"type":"Point"}'"""
            db.execute(f"INSERT INTO place SELECT name, 'Point', {point}, radius_lo, accuracy_lo FROM {staged.relation} WHERE is_good")
            drop(db, staged)
    for path, shown in shapes:
        found, faults, lost = read_geojson(path, shown)
        problems += faults
        left_out += lost
        columns = {"name": [s.name for s in found], "type": [s.type for s in found], "geometry": [s.geometry for s in found]}
        cells = {name: pa.array(values, pa.string()) for name, values in columns.items()}
        db.register("shapes_read", pa.table({**cells, "accuracy_m": pa.array([s.accuracy_m for s in found], pa.float64())}))
        db.execute("INSERT INTO place SELECT name, type, geometry, NULL, accuracy_m FROM shapes_read")
        db.unregister("shapes_read")
    return problems, left_out
