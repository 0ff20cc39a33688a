"""Tracks and zones in GeoJSON and GeoParquet."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from detente.reading.geojson_tracks import read_geojson_tracks
from detente.reading.geoparquet import read_geoparquet
from detente.reading.tally import Tally
from detente.reading.track import Account


def read(features: list[Any]) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[str]]:
    account = Account(Tally("x"))
    batches = list(read_geojson_tracks(io.BytesIO(json.dumps({"type": "FeatureCollection", "features": features}).encode()), account))
    rows, said = ([r for b in batches for r in getattr(b, part).to_pylist()] for part in ("positions", "static"))
    return rows, said, [problem.code for problem in account.tally.problems()]


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


LINE = {"type": "LineString", "coordinates": [[10, 56], [180, 57, 12]]}


@pytest.mark.parametrize("key", ["coordTimes", "times", "datetimes"])
def test_a_line_with_a_time_for_each_position(key: str) -> None:
    rows, said, problems = read(
        [feature(LINE, mmsi=219000001, name="ARKEN", type="Cargo", **{key: ["2026-01-01T00:00:00Z", 1767225660000]})]
    )
    assert [(r["craft"], r["lon"], str(r["time"])) for r in rows] == [
        ("mmsi:219000001", 10, "2026-01-01 00:00:00+00:00"),
        ("mmsi:219000001", -180, "2026-01-01 00:01:00+00:00"),
    ]
    assert [(s["name"], s["type"], s["flag"]) for s in said] == [("ARKEN", "cargo", "DK")]
    assert problems == []


def test_points_with_a_time_each() -> None:
    rows, _, _ = read([feature({"type": "Point", "coordinates": [1, 2]}, icao24="ABC001", time="2026-01-01T00:00:00+01:00")])
    assert (rows[0]["craft"], str(rows[0]["time"])) == ("icao24:abc001", "2025-12-31 23:00:00+00:00")


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (feature(LINE, name="x", times=["2026-01-01T00:00:00Z"]), "fix-without-time"),
        (feature(LINE, times=["2026-01-01T00:00:00Z"] * 2), "missing-craft"),
        (feature(LINE, name="x", times=["2026-01-01T00:00:00", "never"]), "impossible-time"),
        (feature({"type": "Point", "coordinates": [200, 0]}, name="x", time=1767225660000), "impossible-coordinates"),
        (feature({"type": "Point", "coordinates": "here"}, name="x", time=1767225660000), "impossible-coordinates"),
        (feature({"type": "Polygon", "coordinates": []}, name="x"), "fix-without-time"),
        (7, "not-geojson"),
    ],
)  # fmt: skip
def test_a_bad_feature_costs_itself_only(bad: Any, code: str) -> None:
    good = feature({"type": "Point", "coordinates": [1, 2]}, name="ok", time=1767225660000)
    rows, _, problems = read([bad, good])
    assert [r["craft"] for r in rows] == ["ok"]
    assert set(problems) == {code}


# ---- zones ----------------------------------------------------------------------


def written(path: Path, geo: Any = None, **columns: Any) -> Path:
    table = pa.table(columns)
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(geo)}) if geo is not None else table, path)
    return path


def test_geoparquet_gives_names_and_shapes(tmp_path: Path) -> None:
    shapes = [shapely.to_wkb(shapely.box(0, 0, 1, 1)), None]
    path = written(
        tmp_path / "z.parquet",
        {"primary_column": "shape", "columns": {"shape": {}}},
        name=["one", "two"],
        shape=pa.array(shapes, pa.binary()),
    )
    found, problems = read_geoparquet(path, "z.parquet")
    assert [(name, shapely.from_wkb(shape).area) for name, shape in found] == [("one", 1.0)]
    assert [p.code for p in problems] == ["missing-name"]


@pytest.mark.parametrize(
    ("geo", "columns"),
    [
        ({"columns": {"geometry": {"crs": {"id": {"authority": "EPSG", "code": 3857}}}}}, {"name": ["a"], "geometry": pa.array([b"x"])}),
        (None, {"name": ["a"], "geometry": ["POINT (0 0)"]}),
        (None, {"size": [1], "geometry": pa.array([b"x"])}),
    ],
)
def test_what_is_no_geoparquet_in_degrees(tmp_path: Path, geo: Any, columns: dict[str, Any]) -> None:
    found, problems = read_geoparquet(written(tmp_path / "z.parquet", geo, **columns), "z")
    assert (found, [p.code for p in problems]) == ((), ["not-geoparquet"])


def test_what_is_no_parquet(tmp_path: Path) -> None:
    (tmp_path / "z.parquet").write_bytes(b"PAR1")
    assert [p.code for p in read_geoparquet(tmp_path / "z.parquet", "z")[1]] == ["unreadable-file"]
