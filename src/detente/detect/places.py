"""The gazetteer: what the names of places stand for.

A place is named by a row (name, shape, accuracy), or written in place as
`54.5,20.1` (latitude first), `54.5N 20.1E`, `54.5N 20.1E r 5 km` (all within 5 km) or `54.5N 20.1E +- 2 km`
(one point, known to 2 km).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import shapely

from detente.detect.border import STEP
from detente.detect.geodesy import circle
from detente.detect.meridian import placed
from detente.model.problem import Problem

MOST_PIECES = 3_000_000
"""Pieces that one shape's border may have; three times that of all land together."""

METRES = {"m": 1.0, "km": 1000.0, "nm": 1852.0, "nmi": 1852.0}

_DEGREES = r"(\d{1,3}(?:\.\d{1,12})?)\s?°?\s?"
_WRITTEN = re.compile(
    rf"\s*{_DEGREES}([NS])[\s,]{{0,4}}{_DEGREES}([EW])\s*(?:(r|\+-|±)\s*(\d{{1,7}}(?:\.\d{{1,6}})?)\s*(nmi|nm|km|m))?\s*",
    re.IGNORECASE,
)

_BARE = re.compile(r"\s*([+-]?\d{1,3}(?:\.\d{1,12})?)\s*,\s*([+-]?\d{1,3}(?:\.\d{1,12})?)\s*")


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A place: its shape in WGS 84 degrees, and how far the true one may lie from it, in metres."""

    name: str
    shape: shapely.Geometry
    accuracy_m: float = 0.0


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Named places; names are compared without regard to case and spacing."""

    named: Mapping[str, Place]

    def find(self, name: str) -> Place | None:
        """The place of this name, or the one that the name itself writes out; None if there is none."""
        return self.named.get(_key(name)) or written_place(name)


def gazetteer(rows: Iterable[tuple[str, shapely.Geometry, float]]) -> tuple[Gazetteer, list[Problem]]:
    """A gazetteer from rows (name, shape, accuracy in metres), and what was left out.

    Shapes are checked, and cut at the 180th meridian. Of two rows with one name the first counts.
    """
    named: dict[str, Place] = {}
    problems = []
    for name, shape, accuracy_m in rows:
        fault = _fault(shape, accuracy_m)
        if fault is None and _key(name) in named:
            fault = "a place of this name was given before; the first counts"
        if fault is None:
            try:
                named[_key(name)] = Place(name, placed(shape), accuracy_m)
            except (ValueError, shapely.errors.GEOSException) as error:
                fault = str(error)
        if fault is not None:
            problems.append(Problem("unusable-place", f'the place "{name}" is left out: {fault}'))
    return Gazetteer(named), problems


def written_place(text: str) -> Place | None:
    """The place that a text writes out in degrees; None if it writes none."""
    found = _WRITTEN.fullmatch(text) if len(text) < 100 else None
    if found is None:
        return _bare_point(text)
    lat = float(found[1]) * (1 if found[2].upper() == "N" else -1)
    lon = float(found[3]) * (1 if found[4].upper() == "E" else -1)
    if abs(lat) > 90 or abs(lon) > 180:
        return None
    metres = float(found[6]) * METRES[found[7].lower()] if found[5] else 0.0
    if found[5] and found[5].lower() == "r":
        try:
            return Place(text, circle(lon, lat, metres))
        except ValueError:
            return None
    return Place(text, shapely.Point(lon, lat), metres)


def _bare_point(text: str) -> Place | None:
    """A point written as two numbers, latitude first."""
    found = _BARE.fullmatch(text) if len(text) < 100 else None
    if found is None or abs(float(found[1])) > 90 or abs(float(found[2])) > 180:
        return None
    return Place(text, shapely.Point(float(found[2]), float(found[1])))


def _fault(shape: shapely.Geometry, accuracy_m: float) -> str | None:
    """What keeps a shape from being used, as half a sentence."""
    if shape is None or shapely.is_empty(shape):
        return "it has no shape"
    corners = shapely.get_coordinates(shape)
    if not (abs(corners[:, 0]) <= 540).all():
        return "expected longitudes in degrees from -180 to 180 (up to 540 across the 180th meridian)"
    if not (abs(corners[:, 1]) <= 90).all():
        return "expected latitudes in degrees from -90 to 90"
    if not shapely.is_valid(shape):
        return f"its lines cross or touch wrongly ({shapely.is_valid_reason(shape)[:80]})"
    spans = abs(corners[1:] - corners[:-1]).max(axis=1, initial=0.0)
    if len(corners) + spans.sum() / STEP > MOST_PIECES:
        return f"its lines are longer than {MOST_PIECES:,} pieces of {STEP}°"
    if not 0 <= accuracy_m < float("inf"):
        return "expected an accuracy in metres, 0 or more"
    return None


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()
