"""How near two craft came to each other: what is asked, and what is found.

A detector answers an `ApproachMeasure` with `Approach`es; an `EncounterMeasure` with `Encounter`s.
It knows positions, speeds and clocks, and no agreement: whose the craft are and what they owed each other is asked elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple


class Bounds(NamedTuple):
    """The least and the greatest value that something may have had; None where there is no greatest."""

    least: float
    most: float | None


class Moment(NamedTuple):
    """The earliest and the latest that something may have happened. Aware, UTC."""

    earliest: datetime
    latest: datetime


@dataclass(frozen=True, slots=True)
class CraftClass:
    """What is taken to be true of every craft of a class.

    `greatest_speed_kn` bounds where a craft can have been between two fixes, and a jump beyond it is no movement.
    `accuracy_m` is the greatest error of a fix on the ground, `altitude_accuracy_m` that of a height; a craft that does not fly is at sea level.
    """

    name: str
    flies: bool = False
    greatest_speed_kn: float = 50.0
    accuracy_m: float = 10.0
    altitude_accuracy_m: float = 0.0

    def __post_init__(self) -> None:
        if not 0 < self.greatest_speed_kn < 20_000:
            raise ValueError(f"expected a greatest speed above 0 and below 20,000 kn, found {self.greatest_speed_kn:g}")
        if not 0 <= self.accuracy_m < 100_000 or not 0 <= self.altitude_accuracy_m < 100_000:
            raise ValueError(f"expected accuracies from 0 up to 100 km, found {self.accuracy_m:g} and {self.altitude_accuracy_m:g} m")


SHIP = CraftClass("ship")
"""Any ship. 10 m: the limit of the position accuracy flag of AIS (ITU-R M.1371-5, 3.3.8.2.1); 50 kn: above what all but a few ships reach."""
AIRCRAFT = CraftClass("aircraft", flies=True, greatest_speed_kn=1300.0, accuracy_m=30.0, altitude_accuracy_m=100.0)
"""Any aircraft. 30 m: NACp 9 (ICAO Doc 9871); 100 m of height: two altimeters at the tolerance of ICAO Annex 6 and rounding; 1,300 kn: above Mach 2 at height."""


@dataclass(frozen=True, slots=True)
class Moored:
    """Both craft lay still: over every `window_s` of the approach neither moved faster than `slower_than_kn` on average."""

    slower_than_kn: float = 0.5
    window_s: float = 600.0


@dataclass(frozen=True, slots=True)
class Convoy:
    """Both went the same way together: for at least `lasting_s`, and over every `window_s` of it they moved against each other by at most `relative_kn` on average."""

    relative_kn: float = 1.0
    lasting_s: float = 3600.0
    window_s: float = 600.0


@dataclass(frozen=True, slots=True)
class ApproachMeasure:
    """The question when a craft of class `first` and one of class `second` were nearer than `distance_m`.

    Ships are measured along the sea. Where one of the two flies: with `vertical_m`, both the distance over ground and the
    difference of height must be below their limits at the same time; without it, the straight line between the two counts.

    Between fixes at most `gap_s` apart a craft moves evenly and straight. In a longer gap, up to `longest_gap_s`, it may be
    anywhere its greatest speed allows; beyond that it is not observed and nothing is said of it. `clock_skew_s` is how far the clocks
    of two craft may differ. `moored` and `convoy` name pairs that do not count; None counts them.
    """

    distance_m: float
    vertical_m: float | None = None
    first: CraftClass = SHIP
    second: CraftClass = SHIP
    gap_s: float = 600.0
    longest_gap_s: float = 3600.0
    clock_skew_s: float = 1.0
    moored: Moored | None = None
    convoy: Convoy | None = None

    def __post_init__(self) -> None:
        if not 0 < self.distance_m <= 100_000:
            raise ValueError(f"expected a distance above 0 and up to 100 km, found {self.distance_m:g} m")
        if self.vertical_m is not None and not 0 < self.vertical_m <= 100_000:
            raise ValueError(f"expected a vertical distance above 0 and up to 100 km, found {self.vertical_m:g} m")
        if not 1 <= self.gap_s <= 6 * 3600:
            raise ValueError(f"expected a gap from 1 s to 6 h, found {self.gap_s:g} s")
        if not 0 <= self.longest_gap_s <= 24 * 3600:
            raise ValueError(f"expected a longest gap from 0 to 24 h, found {self.longest_gap_s:g} s")
        if not 0 <= self.clock_skew_s <= self.gap_s:
            raise ValueError(f"expected a clock skew from 0 to the gap, found {self.clock_skew_s:g} s")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a craft was: WGS 84 degrees."""

    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Approach:
    """One stretch of time in which two craft were, or may have been, nearer than the measure's distance.

    `start` and `end` bound it; where a gap hides the beginning or the end, the earliest and the latest differ. `distance_m` and
    `vertical_m` bound how near they came, over ground and in height, at `closest_at` (None where no fixes showed it and only a gap allows
    it). `certain` tells whether they surely came nearer than asked. `relative_speed_kn` is their speed against each other at
    `closest_at`. `first_closed_m` is by how much the distance would have fallen between `start` and `closest_at` had only the first craft
    moved, `second_closed_m` likewise: geometry, and nothing about who ought to have done what. `observed_share` is the part of the
    stretch, 0 to 1, in which both craft had fixes close enough to draw a path.
    """

    first: str
    second: str
    start: Moment
    end: Moment
    distance_m: Bounds
    vertical_m: Bounds
    certain: bool
    observed_share: float
    closest_at: datetime | None
    first_at: Place | None = None
    second_at: Place | None = None
    relative_speed_kn: float | None = None
    first_closed_m: float | None = None
    second_closed_m: float | None = None

    @property
    def first_share(self) -> float | None:
        """The first craft's part, 0 to 1, of what the two closed; None where they closed nothing."""
        if self.first_closed_m is None or self.second_closed_m is None:
            return None
        one, other = max(0.0, self.first_closed_m), max(0.0, self.second_closed_m)
        return one / (one + other) if one + other > 0 else None


Fault = Literal["impossible jump", "two places at once"]


@dataclass(frozen=True, slots=True)
class RejectedFix:
    """A fix that was not used, and why.

    `impossible jump`: it cannot be reached from the fixes before and after it, which can be reached from each other.
    `two places at once`: the craft reported places at the same time that lie further apart than its error.
    """

    craft: str
    time: datetime
    place: Place
    fault: Fault


@dataclass(frozen=True, slots=True)
class Approaches:
    """All that one measure found, ordered by craft and time.

    `excluded` holds the pairs that the measure leaves out as moored or as a convoy. `rows` counts the rows read, `unusable` those
    without a craft, a time or a possible place; `craft` how many craft of the asked classes were heard.
    """

    measure: ApproachMeasure
    found: Sequence[Approach] = ()
    excluded: Sequence[Approach] = ()
    rejected: Sequence[RejectedFix] = ()
    rows: int = 0
    unusable: int = 0
    craft: int = 0


@dataclass(frozen=True, slots=True)
class EncounterMeasure:
    """The question when two craft met slowly for long, by the definition that Global Fishing Watch publishes.

    Tracks are taken every `step_s`, interpolated where fixes are at most `gap_s` apart. Two craft within `distance_m` of each other at
    every step for at least `lasting_s`, at a median speed below `slower_than_kn`, met. Source: Miller et al. 2018,
    doi:10.3389/fmars.2018.00240 (500 m, 2 h, 2 kn); step and gap from Global Fishing Watch's published program.
    """

    distance_m: float = 500.0
    lasting_s: float = 7200.0
    slower_than_kn: float = 2.0
    step_s: float = 600.0
    gap_s: float = 3600.0
    craft: CraftClass = field(default=SHIP)

    def __post_init__(self) -> None:
        if not 0 < self.distance_m <= 100_000:
            raise ValueError(f"expected a distance above 0 and up to 100 km, found {self.distance_m:g} m")
        if not 1 <= self.step_s <= self.gap_s <= 6 * 3600:
            raise ValueError(f"expected a step of at least 1 s and a gap no shorter, up to 6 h, found {self.step_s:g} and {self.gap_s:g} s")


@dataclass(frozen=True, slots=True)
class Encounter:
    """Two craft that met: from `start` to `end`, on average at `place`, with medians of their distance and of their speeds."""

    first: str
    second: str
    start: datetime
    end: datetime
    place: Place
    median_distance_m: float
    median_speed_kn: float
