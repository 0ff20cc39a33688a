"""Separation: when two craft were, or may have been, nearer than a distance, and how near they came.

**Definition.** Between two fixes at most `gap_s` apart a craft moves evenly on a straight line (on the ground: along the ellipsoid; a
longer way is cut every 7 km). An approach is a longest stretch of time in which the two craft of a pair were nearer than `distance_m`,
or may have been because one was in a gap of at most `longest_gap_s`. Its distance is the least in it: exact between the fixes, with the
error of both positions and of the clocks. If the clocks of two craft differ by up to s, the path of either may be shifted by s: the
least distance then changes by at most s times the speed of the slower. In a gap the distance lies between what the fixes and the
class's greatest speed allow at least and at most. Two ships are measured along the ground; where one flies, height counts as
`ApproachMeasure` says.

**Source.** Closest approach of two evenly moving points: the parabola's lowest point, as in any text on collision avoidance (CPA, TCPA).
Gaps: `unobserved`. Rejected fixes: `tracks`.

**Limits.** Between fixes a craft may have turned; the error of that is not in the bounds, and is small only where fixes are close. Heights as broadcast are
barometric: two craft with different settings differ by more than their altimeters. A fix that is wrong but reachable is believed. What
lies in a longer gap, or before the first and after the last fix, is not observed: no approach there does not mean that there was none.
A distance is for limits up to 100 km.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Literal

import numpy as np

from detente.detect.blocks import TimeBlocks
from detente.detect.fixes import Positions, class_by_name, table_of
from detente.detect.geodesy import F, Floats
from detente.detect.part import Part, halo_ms, part_of
from detente.detect.seams import merged
from detente.detect.tracks import KN
from detente.detect.walk import (
    CLOSEST,
    END,
    FIRST,
    FIRST_AT,
    FIRST_FROM,
    LEAST,
    MOST,
    NEAREST2,
    OTHER_SPEED,
    OTHER_STEADY,
    RELATIVE,
    RISE,
    RISE_KNOWN,
    SECOND,
    SECOND_AT,
    SECOND_FROM,
    SEEN_END,
    SEEN_START,
    SPEED,
    START,
    STEADY,
    TOGETHER,
    UNSEEN,
    WIDTH,
    ground_of,
)
from detente.model.approach import (
    Approach,
    Approaches,
    ApproachMeasure,
    Bounds,
    CraftClass,
    Moment,
    Place,
    RejectedFix,
)

Engine = Literal["threads", "ray"]


def detect_separation(
    positions: Positions | TimeBlocks,
    measure: ApproachMeasure,
    craft: Mapping[str, CraftClass] | None = None,
    engine: Engine = "threads",
) -> Approaches:
    """Every approach of the craft that are asked about.

    A table is measured at once; `TimeBlocks` are read block by block, and only they can go to a cluster (`engine="ray"`).

    Raises:
        MissingTracks, MissingRay: what the extras `tracks` and `ray` install is not there.
        ValueError: the positions lack a column.
    """
    if isinstance(positions, TimeBlocks):
        halo = halo_ms(measure)
        if engine == "ray":
            from detente.detect.cluster import parts_on_ray  # noqa: PLC0415  only who asks for it loads it

            return joined(parts_on_ray(positions, measure, craft, halo), measure, craft)
        return joined((part_of(positions.read(core, halo), measure, craft, core) for core in positions.cores), measure, craft)
    if engine == "ray":
        raise ValueError("a cluster works on blocks: give TimeBlocks, not a table")
    return joined([part_of(table_of(positions), measure, craft)], measure, craft)


def joined(parts: Iterable[Part], measure: ApproachMeasure, craft: Mapping[str, CraftClass] | None) -> Approaches:
    """One answer from the parts of all blocks, in whatever order they come."""
    part = together(parts)
    spoken = list(part.names)
    classes = [(class_by_name(n, (measure.first, measure.second)) if craft is None else craft.get(n)) or measure.first for n in spoken]
    kept, left_out = _approaches(part.records, measure, spoken, classes)
    bad = (
        RejectedFix(name, _moment(ms), Place(lon, lat), "impossible jump" if jump else "two places at once")
        for name, ms, lon, lat, jump in part.rejected
    )
    heard = sum(1 for n, c in zip(spoken, classes, strict=True) if c in (measure.first, measure.second) and (craft is None or n in craft))
    return Approaches(measure, kept, left_out, tuple(bad), part.rows, part.unusable, heard)


def together(parts: Iterable[Part]) -> Part:
    """Several parts as one, with the records joined that touch."""
    names: dict[str, int] = {}
    records: list[Floats] = []
    rejected: set[tuple[str, int, float, float, bool]] = set()
    rows = unusable = 0
    for part in parts:
        known = np.array([names.setdefault(name, len(names)) for name in part.names], dtype=np.float64)
        own = part.records.copy()
        if len(own):
            own[:, FIRST], own[:, SECOND] = known[own[:, FIRST].astype(int)], known[own[:, SECOND].astype(int)]
        records.append(own)
        rejected.update(part.rejected)
        rows, unusable = rows + part.rows, unusable + part.unusable
    whole = merged(np.concatenate(records)) if records else np.empty((0, WIDTH))
    return Part(tuple(names), whole, tuple(sorted(rejected)), rows, unusable)


def _approaches(
    records: Floats, measure: ApproachMeasure, names: list[str], classes: list[CraftClass]
) -> tuple[tuple[Approach, ...], tuple[Approach, ...]]:
    """The approaches that count and those that the measure leaves out."""
    if len(records) == 0:
        return (), ()
    one, other = records[:, FIRST].astype(int), records[:, SECOND].astype(int)
    accuracy = np.array([c.accuracy_m for c in classes])
    height = np.array([c.altitude_accuracy_m if c.flies else 0.0 for c in classes])
    flies = np.array([c.flies for c in classes])
    seen = np.isfinite(records[:, NEAREST2])
    ground = ground_of(np.sqrt(((records[:, FIRST_AT : FIRST_AT + 3] - records[:, SECOND_AT : SECOND_AT + 3]) ** 2).sum(axis=1)))
    speed, other_speed = (1000 * np.sqrt(records[:, column]) for column in (SPEED, OTHER_SPEED))
    error = accuracy[one] + accuracy[other]
    shown = error + measure.clock_skew_s * np.minimum(speed, other_speed)
    least = np.maximum(0.0, np.minimum(np.where(seen, ground - shown, np.inf), ground_of(records[:, LEAST]) - error))
    most = np.minimum(np.where(seen, ground + shown, np.inf), ground_of(records[:, MOST]) + error)
    air = flies[one] | flies[other]
    known = seen & (records[:, RISE_KNOWN] > 0) | ~air
    rise_error = height[one] + height[other]
    rise_least = np.where(known, np.maximum(0.0, records[:, RISE] - rise_error), 0.0)
    rise_most = np.where(known, records[:, RISE] + rise_error, np.inf)
    # A gap beside what was seen may have brought them together at another height.
    gap = np.isfinite(records[:, LEAST])
    rise_least = np.where(gap & air, 0.0, rise_least)
    if measure.vertical_m is None:
        certain = np.hypot(most, np.where(air, rise_most, 0.0)) < measure.distance_m
    else:
        certain = (most < measure.distance_m) & (~air | (rise_most < measure.vertical_m))
    span = records[:, END] - records[:, START]
    share = np.where(span > 0, 1 - records[:, UNSEEN] / np.where(span > 0, span, 1), np.where(seen, 1.0, 0.0))
    start, closest = (
        (records[:, FIRST_FROM : FIRST_FROM + 3], records[:, SECOND_FROM : SECOND_FROM + 3]),
        records[:, FIRST_AT : FIRST_AT + 3],
    )
    before = np.linalg.norm(start[0] - start[1], axis=1)
    closed = before - np.linalg.norm(closest - start[1], axis=1)
    other_closed = before - np.linalg.norm(records[:, SECOND_AT : SECOND_AT + 3] - start[0], axis=1)
    places = [degrees_of(records[:, k : k + 3]) for k in (FIRST_AT, SECOND_AT)]
    excluded = _excluded(records, measure)
    kept: list[Approach] = []
    left_out: list[Approach] = []
    for k in range(len(records)):
        r = records[k]
        was_seen = bool(seen[k])
        end = min(r[SEEN_END], r[END])
        found = Approach(
            names[one[k]],
            names[other[k]],
            Moment(_moment(r[START]), _moment(r[SEEN_START] if was_seen else r[END])),
            Moment(_moment(end if was_seen else r[START]), _moment(r[END])),
            Bounds(_rounded(least[k]), _rounded(most[k])),
            Bounds(_rounded(rise_least[k]), _rounded(rise_most[k]) if np.isfinite(rise_most[k]) else None),
            bool(certain[k]),
            round(float(min(1.0, max(0.0, share[k]))), 6),
            _moment(r[CLOSEST]) if was_seen else None,
            Place(*(round(float(v[k]), 7) for v in places[0])) if was_seen else None,
            Place(*(round(float(v[k]), 7) for v in places[1])) if was_seen else None,
            round(float(1000 * np.sqrt(r[RELATIVE]) / KN), 3) if was_seen else None,
            _rounded(closed[k]) if was_seen else None,
            _rounded(other_closed[k]) if was_seen else None,
        )
        (left_out if excluded[k] else kept).append(_turned(found, measure, classes[one[k]], classes[other[k]]))
    order = [sorted(group, key=lambda a: (a.first, a.second, a.start)) for group in (kept, left_out)]
    return tuple(order[0]), tuple(order[1])


def _excluded(records: Floats, measure: ApproachMeasure) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which pairs lay moored or went in convoy by the measure's conditions; where no window tells, none did."""
    steady, other, together = (1000 * records[:, k] / KN for k in (STEADY, OTHER_STEADY, TOGETHER))
    out = np.zeros(len(records), dtype=np.bool_)
    if measure.moored is not None:
        out |= (steady < measure.moored.slower_than_kn) & (other < measure.moored.slower_than_kn)
    if measure.convoy is not None:
        out |= (together <= measure.convoy.relative_kn) & (records[:, END] - records[:, START] >= 1000 * measure.convoy.lasting_s)
    return out


def _turned(found: Approach, measure: ApproachMeasure, one: CraftClass, other: CraftClass) -> Approach:
    """The approach with the craft of the measure's first class first; where both are of it, the names' order decides."""
    same = measure.first == measure.second
    if not (found.first > found.second if same else one != measure.first or other != measure.second):
        return found
    return Approach(
        found.second, found.first, found.start, found.end, found.distance_m, found.vertical_m, found.certain, found.observed_share,
        found.closest_at, found.second_at, found.first_at, found.relative_speed_kn, found.second_closed_m, found.first_closed_m,
    )  # fmt: skip


def degrees_of(place: Floats) -> tuple[Floats, Floats]:
    """Longitude and latitude of places on the ellipsoid's surface, or within metres of it."""
    x, y, z = place.T
    return np.degrees(np.arctan2(y, x)), np.degrees(np.arctan2(z, np.hypot(x, y) * (1 - F * (2 - F))))


def _rounded(metres: float) -> float:
    return round(float(metres), 3)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _moment(ms: float) -> datetime:
    """The moment, to the millisecond."""
    return _EPOCH + timedelta(milliseconds=round(float(ms)))
