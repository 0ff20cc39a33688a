"""Reads `places.geojson` and `places.csv`, the places beside an agreement or its evidence.

A GeoJSON feature has the properties `name` and, if it is not exact, `accuracy_m`.
A row of the table has name, latitude, longitude and, optionally, radius_m and accuracy_m.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import shapely

from detente.detect.geodesy import circle
from detente.detect.places import Gazetteer, gazetteer
from detente.model.problem import Problem
from detente.model.span import Span

LARGEST_FILE = 64 * 2**20
"""Bytes; larger files of places are refused."""

Row = tuple[str, shapely.Geometry, float]


def read_places(path: Path) -> tuple[Gazetteer, list[Problem]]:
    """The places of a file: GeoJSON, or a table if its name ends in `.csv`."""
    rows, problems = read_rows(path)
    found, more = gazetteer(rows)
    return found, problems + more


def read_rows(path: Path) -> tuple[list[Row], list[Problem]]:
    """The rows for `gazetteer`, so that several files can make one."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            return [], [_problem(path, 1, f"the file is larger than {LARGEST_FILE // 2**20} MB")]
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        return [], [_problem(path, 1, f"the file cannot be read: {error}")]
    rows: list[Row] = []
    problems: list[Problem] = []
    for item in _table(path, text) if path.suffix.lower() == ".csv" else _features(path, text):
        if isinstance(item, Problem):
            problems.append(item)
        else:
            rows.append(item)
    return rows, problems


def _table(path: Path, text: str) -> Iterator[Row | Problem]:
    reader = csv.DictReader(text.splitlines())
    try:
        for cells in reader:
            yield _table_row(path, reader.line_num, cells)
    except csv.Error as error:
        yield _problem(path, reader.line_num, str(error))


def _table_row(path: Path, line: int, cells: dict[str, Any]) -> Row | Problem:
    try:
        lon, lat = float(cells["longitude"]), float(cells["latitude"])
        radius, accuracy = float(cells.get("radius_m") or 0), float(cells.get("accuracy_m") or 0)
        if not (abs(lat) <= 90 and abs(lon) <= 180):
            return _problem(path, line, "expected a latitude from -90 to 90 and a longitude from -180 to 180")
        shape = circle(lon, lat, radius) if radius else shapely.Point(lon, lat)
        return str(cells["name"] or "").strip(), shape, accuracy
    except KeyError as error:
        return _problem(path, line, f"expected a column {error}")
    except (TypeError, ValueError) as error:
        return _problem(path, line, str(error))


def _features(path: Path, text: str) -> Iterator[Row | Problem]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        yield _problem(path, getattr(error, "lineno", 1), f"this is no JSON: {error}")
        return
    features = data.get("features") if isinstance(data, dict) and data.get("type") == "FeatureCollection" else [data]
    for number, feature in enumerate(features if isinstance(features, list) else [], 1):
        yield _feature(path, number, feature)


def _feature(path: Path, number: int, feature: Any) -> Row | Problem:
    feature = feature if isinstance(feature, dict) else {}
    properties = feature["properties"] if isinstance(feature.get("properties"), dict) else {}
    name, accuracy = properties.get("name"), properties.get("accuracy_m", 0.0)
    if not isinstance(name, str) or not name.strip():
        return _problem(path, 1, f"feature {number} has no name")
    if isinstance(accuracy, bool) or not isinstance(accuracy, (int, float)):
        return _problem(path, 1, f'the accuracy_m of "{name}" is no number')
    try:
        shape = shapely.from_geojson(json.dumps(feature.get("geometry")))
        return name.strip(), shapely.force_2d(shape), float(accuracy)
    except (ValueError, TypeError, OverflowError, RecursionError, shapely.errors.ShapelyError) as error:
        return _problem(path, 1, f'the geometry of "{name}" cannot be read: {error}')


def _problem(path: Path, line: int, message: str) -> Problem:
    return Problem("unreadable-places", message, Span(str(path), line, 1, line, 1))
