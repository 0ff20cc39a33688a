"""Silences: gaps in a craft's reports that are longer than expected for that craft and place.

A gap is a fact about reports. Whether the craft was silent or nobody listened is told
apart by others: were they heard where its straight way lay, while it was not?
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.detect.faults import faults_of, marked
from detente.detect.geodesy import GEOD, Floats
from detente.detect.grid import Ints, Longs
from detente.detect.moments import moment
from detente.detect.sorted_fixes import Positions, SortedFixes, gather
from detente.model.track_finding import Coverage, DarkMeasure, Silence, Spot, TrackFindings

SHARE = 0.9
"""Nine in ten intervals are no longer than what is expected."""
OWN_LEAST, PLACE_LEAST = 10, 20
"""So many intervals are needed before a craft's own, or a place's, say what is usual."""
HEARD, NOBODY = 0.8, 0.2
_MOST_STEPS = 288


def detect_dark(positions: Positions, measure: DarkMeasure | None = None) -> TrackFindings:
    """Every silence of every craft, and the faults of the data, whose fixes are not used.

    The time before a craft's first and after its last report is no silence: where the data end nobody knows what was to be expected.
    """
    asked = measure or DarkMeasure()
    marks = marked(gather(positions))
    fixes, chain = marks.sound, marks.sound_chain
    whole = marks.fixes
    found = tuple(_silences(fixes, chain, asked)) if len(fixes) else ()
    return TrackFindings((), found, faults_of(marks), whole.rows, whole.unusable, len(whole.names))


def _silences(fixes: SortedFixes, chain: Longs, asked: DarkMeasure) -> list[Silence]:
    linked = np.flatnonzero((np.diff(chain) == 0) & (np.diff(fixes.craft) == 0))
    seconds = (fixes.time[linked + 1] - fixes.time[linked]) / 1000.0
    expected = np.maximum(
        _usual(fixes.craft[linked].astype(np.int64), seconds, OWN_LEAST),
        _usual(_places(fixes.lon[linked], fixes.lat[linked], asked.near_deg), seconds, PLACE_LEAST),
    )
    long = np.flatnonzero((seconds > asked.least_s) & (seconds > asked.times * expected))
    heard = _Heard.of(fixes, asked)
    return [_silence(fixes, int(linked[gap]), float(expected[gap]), heard, asked) for gap in long.tolist()]


def _usual(group: Longs, seconds: Floats, least: int) -> Floats:
    """For each interval the length that nine in ten of its group do not exceed; 0 where the group is too small to tell."""
    order = np.lexsort((seconds, group))
    _, first, inverse, count = np.unique(group[order], return_index=True, return_inverse=True, return_counts=True)
    ninth = seconds[order][first + np.minimum((count * SHARE).astype(np.int64), count - 1)]
    usual = np.empty(len(seconds))
    usual[order] = np.where(count >= least, ninth, 0.0)[inverse.ravel()]
    return usual


def _places(lon: Floats, lat: Floats, size: float) -> Longs:
    """Numbers of cells about as wide as they are high: rows of latitude, columns as many as fit the row."""
    row = np.floor((lat + 90.0) / size).astype(np.int64)
    columns = np.maximum(1, np.floor(360.0 / size * np.cos(np.radians(np.minimum(np.abs((row + 0.5) * size - 90.0), 89.9))))).astype(
        np.int64
    )
    column = np.floor(((lon + 180.0) % 360.0) / 360.0 * columns).astype(np.int64)
    places: Longs = row * 1_000_000 + np.minimum(column, columns - 1)
    return places


@dataclass(frozen=True, slots=True, eq=False)
class _Heard:
    """Who was heard where and when: place, step and craft, each once and sorted."""

    place: Longs
    step: Longs
    craft: Ints
    size: float

    @staticmethod
    def of(fixes: SortedFixes, asked: DarkMeasure) -> _Heard:
        place, step = _places(fixes.lon, fixes.lat, asked.near_deg), fixes.time // round(asked.step_s * 1000)
        order = np.lexsort((fixes.craft, step, place))
        place, step, craft = place[order], step[order], fixes.craft[order]
        new = np.ones(len(order), dtype=bool)
        new[1:] = (np.diff(place) != 0) | (np.diff(step) != 0) | (np.diff(craft) != 0)
        return _Heard(place[new], step[new], craft[new], asked.near_deg)

    def craft_near(self, lon: float, lat: float, step: int) -> set[int]:
        """The craft heard in this step at a place or just beside it."""
        wide = self.size / max(np.cos(np.radians(lat)), 0.01)
        lons = np.asarray([lon, lon, lon, lon - wide, lon + wide])
        lats = np.clip([lat, lat - self.size, lat + self.size, lat, lat], -90.0, 90.0)
        found: set[int] = set()
        for place in np.unique(_places(lons, lats, self.size)).tolist():
            low, high = np.searchsorted(self.place, [place, place + 1])
            a, b = low + np.searchsorted(self.step[low:high], [step, step + 1])
            found.update(self.craft[a:b].tolist())
        return found


def _silence(fixes: SortedFixes, before: int, expected: float, heard: _Heard, asked: DarkMeasure) -> Silence:
    start, end = int(fixes.time[before]), int(fixes.time[before + 1])
    length = round(asked.step_s * 1000)
    steps = np.arange(-(-start // length), end // length)
    if len(steps) > _MOST_STEPS:
        steps = steps[np.linspace(0, len(steps) - 1, _MOST_STEPS).astype(np.int64)]
    lon1, lat1, lon2, lat2 = (float(v) for v in (fixes.lon[before], fixes.lat[before], fixes.lon[before + 1], fixes.lat[before + 1]))
    azimuth, _, metres = GEOD.inv(lon1, lat1, lon2, lat2)
    shares = ((steps + 0.5) * length - start) / (end - start)
    lons, lats, _ = GEOD.fwd(np.full(len(steps), lon1), np.full(len(steps), lat1), np.full(len(steps), azimuth), shares * metres)
    own = int(fixes.craft[before])
    others: set[int] = set()
    count = 0
    for step, lon, lat in zip(steps.tolist(), lons, lats, strict=True):
        near = heard.craft_near(float(lon), float(lat), step) - {own}
        count += bool(near)
        others |= near
    share = count / len(steps) if len(steps) else 0.0
    coverage: Coverage = "unclear" if not len(steps) or NOBODY < share < HEARD else "others heard" if share >= HEARD else "nobody heard"
    name = fixes.names[own]
    return Silence(name, moment(start), moment(end), Spot(lon1, lat1), Spot(lon2, lat2), expected, share, len(others), coverage)
