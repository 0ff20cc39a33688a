"""GeoJSON: named shapes, each as text, with their coordinates checked.

Shapes stay opaque here. Source: RFC 7946; longitude comes first (section 3.1.1).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detente.model.problem import Problem
from detente.model.span import Span
from detente.reading.tally import Tally

_LARGEST = 256 << 20
_FARTHEST_M = 20_100_000
"""No place is farther than this from another, half way round the earth."""
_TYPES = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection")


@dataclass(frozen=True, slots=True)
class Shape:
    """A named shape: its type, its geometry as compact GeoJSON, and how far it may be off, in metres, if that is said."""

    name: str
    type: str
    geometry: str
    accuracy_m: float | None = None


def read_geojson(path: Path, shown: str) -> tuple[tuple[Shape, ...], tuple[Problem, ...], int]:
    """The shapes of a file, problems, and how many features were left out."""
    tally = Tally(shown)
    start = Span(shown, 1, 1, 1, 1)
    if path.stat().st_size > _LARGEST:
        tally.add(Problem("unreadable-file", f"the file is larger than {_LARGEST >> 20} MB", start))
        return (), tally.problems(), 0
    try:
        text = path.read_text(encoding="utf-8-sig")
        document = json.loads(text)
    except UnicodeDecodeError:
        tally.add(Problem("not-utf-8", "the file is not UTF-8", start))
        return (), tally.problems(), 0
    except json.JSONDecodeError as error:
        at = Span(shown, error.lineno, error.colno, error.lineno, error.colno + 1)
        tally.add(
            Problem("not-json", f"the file is not JSON: {error.msg}", at, text.splitlines()[error.lineno - 1][:1000] if text else None)
        )
        return (), tally.problems(), 0
    except RecursionError:
        tally.add(Problem("not-json", "the file is nested too deeply", start))
        return (), tally.problems(), 0
    except ValueError as error:
        tally.add(Problem("not-json", f"the file is not JSON that can be read: {error}", start))
        return (), tally.problems(), 0
    features = document.get("features") if isinstance(document, dict) and document.get("type") == "FeatureCollection" else None
    if not isinstance(features, list):
        tally.add(Problem("not-geojson", "the file is no GeoJSON FeatureCollection", start))
        return (), tally.problems(), 0
    shapes: list[Shape] = []
    for number, feature in enumerate(features, start=1):
        fault = _fault(feature, number)
        if fault is None:
            geometry = feature["geometry"]
            written = json.dumps(geometry, separators=(",", ":"), sort_keys=True)
            accuracy = feature["properties"].get("accuracy_m")
            shapes.append(Shape(_name(feature), geometry["type"], written, None if accuracy is None else float(accuracy)))
        elif tally.wants(fault[0]):
            tally.add(Problem(fault[0], fault[1], _line_of(text, feature, shown)))
        else:
            tally.add_unseen(fault[0], 1)
    return tuple(shapes), tally.problems(), len(features) - len(shapes)


def _name(feature: Any) -> str:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    return name.strip() if isinstance(name, str) else ""


def _fault(feature: Any, number: int) -> tuple[str, str] | None:
    name = _name(feature)
    if not name:
        return "missing-name", f"feature {number} has no name among its properties"
    geometry = feature.get("geometry")
    if not isinstance(geometry, dict) or geometry.get("type") not in _TYPES:
        return "not-geojson", f'"{name}" has no geometry'
    try:
        for lon, lat in _positions(geometry):
            if not (-180 <= lon <= 180 and -90 <= lat <= 90):
                return (
                    "impossible-coordinates",
                    f'"{name}" has longitude {lon:g} and latitude {lat:g}; longitude comes first, -180 to 180, then latitude, -90 to 90',
                )
    except (TypeError, ValueError, KeyError, RecursionError, OverflowError):
        return "not-geojson", f'"{name}" has coordinates that are no pairs of numbers'
    accuracy = feature["properties"].get("accuracy_m")
    if accuracy is not None and (isinstance(accuracy, bool) or not isinstance(accuracy, int | float) or not 0 <= accuracy <= _FARTHEST_M):
        return "not-a-number", f'the accuracy_m of "{name}" is no number of metres'
    return None


def _positions(geometry: dict[str, Any]) -> Iterator[tuple[float, float]]:
    waiting: list[Any] = (
        [g["coordinates"] for g in geometry["geometries"]] if geometry["type"] == "GeometryCollection" else [geometry["coordinates"]]
    )
    while waiting:
        item = waiting.pop()
        if not isinstance(item, list):
            raise TypeError
        if item and not isinstance(item[0], list):
            if len(item) < 2 or not all(isinstance(v, int | float) and not isinstance(v, bool) for v in item):
                raise ValueError
            yield float(item[0]), float(item[1])
        else:
            waiting.extend(item)


def _line_of(text: str, feature: Any, shown: str) -> Span:
    """Where the feature's name stands, if it has one and the text holds it as written."""
    name = _name(feature)
    at = text.find(json.dumps(name, ensure_ascii=False)) if name else -1
    if at < 0:
        return Span(shown, 1, 1, 1, 1)
    line = text.count("\n", 0, at) + 1
    column = at - (text.rfind("\n", 0, at) + 1) + 1
    return Span(shown, line, column, line, column + len(name) + 2)
