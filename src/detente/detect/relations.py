"""One spatial test between two extents: certain, possible, margin.

Shapes are closed: a point on a line belongs to both sides. `margin_m` is
measured between the shapes as drawn; certain and possible also allow for the
accuracy of both.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import shapely

from detente.detect.extent import Extent, Shape
from detente.detect.geodesy import Floats
from detente.model.measure import Measure, Relation

_SAME_M = 0.01
"""Borders nearer than this touch."""

Answer = tuple[bool, bool, float | None]
"""Certain, possible, margin in metres."""


@dataclass(frozen=True, slots=True)
class Gap:
    """What the shapes say about one pair, in metres; only what the relation needs is filled in.

    `near_m` and `far_m` bound the distance; `inside_m` is how deep the place
    surely lies in the other (negative: sticks out), `outside_m` the same at best;
    `shared_m` is the depth of a point surely in both (None: no such point), `may_share`
    whether there may be one.
    """

    accuracy_m: float
    is_exact: bool
    near_m: float = math.inf
    far_m: float = math.inf
    inside_m: float = -math.inf
    outside_m: float = -math.inf
    shared_m: float | None = None
    may_share: bool = False


def answer(measure: Measure, gap: Gap) -> Answer:
    """The test of a measure on the numbers of its pair."""
    match measure.relation:
        case "overlaps":
            return _overlaps(gap)
        case "lies in":
            return _lies_in(gap)
        case "touches":
            return _touches(gap)
        case "within":
            return _within(gap, measure.distance_m or 0.0)
        case "reaches":
            least = measure.distance_m or 0.0
            return _reaches(gap, least, least if measure.most_m is None else measure.most_m)


def gap_between(place: Extent, other: Extent, relation: Relation) -> Gap:
    """The numbers that a relation needs, for any two extents. The place's core is never None."""
    accuracy, is_exact = place.accuracy_m + other.accuracy_m, place.is_exact and other.is_exact
    if place.core is None or place.hull is None or other.hull is None:
        return Gap(accuracy, is_exact)
    near = place.hull.gap_m(other.hull)
    if relation in ("within", "reaches"):
        return Gap(accuracy, is_exact, near, near if is_exact else _far(place, other))
    if relation == "lies in":
        outside = place.core.depth_m(other.hull)
        inside = outside if is_exact else -math.inf if other.core is None else place.hull.depth_m(other.core)
        return Gap(accuracy, is_exact, near, inside_m=inside, outside_m=outside)
    shared = _shared(place.core, place.hull, other)
    may_share = shared is not None if is_exact else place.hull.common_depth_m(other.hull) is not None
    inside = place.hull.depth_m(other.core) if other.core is not None and other.core.geometry.covers(place.hull.geometry) else -math.inf
    return Gap(accuracy, is_exact, near, inside_m=inside, shared_m=shared, may_share=may_share)


def point_gaps(lon: Floats, lat: Floats, accuracy_m: Floats, other: Extent) -> list[Gap]:
    """The numbers for many points against one extent: all that any relation needs."""
    if other.hull is None:
        return [Gap(float(a) + other.accuracy_m, is_exact=True) for a in accuracy_m]
    outside = _signed(lon, lat, other.hull)
    inside = outside if other.is_exact else _signed(lon, lat, other.core) if other.core is not None else np.full(len(lon), -np.inf)
    numbers = zip(accuracy_m.tolist(), inside.tolist(), outside.tolist(), strict=True)
    return [
        Gap(a + other.accuracy_m, other.is_exact, max(0.0, -o), max(0.0, -i), i, o, i if i >= 0 else None, may_share=o >= 0)
        for a, i, o in numbers
    ]


def _signed(lon: Floats, lat: Floats, shape: Shape) -> Floats:
    """Distance to the border, negative outside; 0 on a shape that has no inside."""
    distance = shape.border.distance_m(lon, lat)
    inside = shapely.intersects_xy(shape.geometry, lon, lat)
    return np.where(inside, distance, np.where(distance == 0, 0.0, -distance))


def _far(place: Extent, other: Extent) -> float:
    return math.inf if place.core is None or other.core is None else place.core.gap_m(other.core)


def _shared(core: Shape, hull: Shape, other: Extent) -> float | None:
    """Depth of a point that surely lies in both; None if none surely does."""
    if other.core is None:
        return None
    depths = [core.common_depth_m(other.core)]
    if other.core.geometry.covers(hull.geometry):
        depths.append(hull.depth_m(other.core))
    if other.hull is not None and core.geometry.covers(other.hull.geometry):
        depths.append(other.hull.depth_m(core))
    return max((d for d in depths if d is not None), default=None)


def _overlaps(gap: Gap) -> Answer:
    certain = gap.shared_m is not None and gap.shared_m >= gap.accuracy_m
    possible = certain or gap.may_share or 0 < gap.near_m <= gap.accuracy_m or (gap.near_m == 0 and gap.accuracy_m > 0)
    margin = gap.inside_m if gap.inside_m >= 0 else -gap.near_m if gap.near_m > 0 and not possible else None
    return certain, possible, _finite(margin)


def _lies_in(gap: Gap) -> Answer:
    certain = gap.inside_m >= gap.accuracy_m
    possible = certain or (gap.outside_m >= -gap.accuracy_m and gap.near_m <= gap.accuracy_m)
    return certain, possible, _finite(gap.inside_m if certain or gap.is_exact else gap.outside_m if not possible else None)


def _touches(gap: Gap) -> Answer:
    meets = gap.near_m < _SAME_M and gap.shared_m is None
    if gap.is_exact and gap.accuracy_m == 0:
        return meets, meets, _finite(-gap.near_m)
    deep = gap.shared_m is not None and gap.shared_m > gap.accuracy_m
    return False, gap.near_m <= max(gap.accuracy_m, _SAME_M) and not deep, _finite(-gap.near_m)


def _within(gap: Gap, limit_m: float) -> Answer:
    certain = gap.far_m + gap.accuracy_m <= limit_m
    possible = certain or max(0.0, gap.near_m - gap.accuracy_m) <= limit_m
    return certain, possible, _finite(limit_m - gap.far_m if certain or gap.is_exact else limit_m - gap.near_m if not possible else None)


def _reaches(gap: Gap, least_m: float, most_m: float) -> Answer:
    certain = least_m >= gap.far_m + gap.accuracy_m
    possible = certain or most_m >= max(0.0, gap.near_m - gap.accuracy_m)
    margin = least_m - gap.far_m if certain else most_m - gap.near_m if not possible else None
    return certain, possible, _finite(margin)


def _finite(margin: float | None) -> float | None:
    return None if margin is None or not math.isfinite(margin) else margin
