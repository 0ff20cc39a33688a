"""What one craft's track shows: stays in zones, silences, and faults of the data.

Findings are geometry and clocks. Whose the craft is, what it was allowed and why it did anything is asked elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple


class Spot(NamedTuple):
    """Where a craft was: WGS 84 degrees."""

    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class ZoneMeasure:
    """The question when craft were in zones. Between fixes at most `gap_s` apart a craft moves evenly along the geodesic; a longer gap is not observed."""

    gap_s: float = 600.0

    def __post_init__(self) -> None:
        if not 1 <= self.gap_s <= 24 * 3600:
            raise ValueError(f"expected a gap from 1 s to 24 h, found {self.gap_s:g} s")


@dataclass(frozen=True, slots=True)
class Stay:
    """One stretch of time in which a craft was in a zone.

    `start` and `end` are where the interpolated path meets the zone's line. `entered` and `left` tell whether it was seen to: otherwise
    the stay begins or ends with a fix inside, before or after which nothing was heard. `seen_from` and `seen_until` are
    the first and the last fix inside; None where only the path between two fixes lies in the zone. `account` and `certain` are
    those of the zone.
    """

    craft: str
    zone: str
    account: str | None
    certain: bool
    start: datetime
    end: datetime
    entered: bool
    left: bool
    start_at: Spot
    end_at: Spot
    seen_from: datetime | None
    seen_until: datetime | None


@dataclass(frozen=True, slots=True)
class DarkMeasure:
    """The question when craft were silent for longer than was to be expected.

    A gap counts from `least_s` on if it is also longer than `times` the interval in which nine in ten reports of that craft, and nine in ten at that
    place, follow each other. Others were heard "there" within about `near_deg` degrees of latitude of where the craft's straight way lay,
    and "then" in the same `step_s`.
    """

    least_s: float = 1800.0
    times: float = 4.0
    step_s: float = 600.0
    near_deg: float = 0.25

    def __post_init__(self) -> None:
        if not self.step_s <= self.least_s <= 30 * 86400 or self.step_s < 10:
            raise ValueError(f"expected a least gap from one step of {self.step_s:g} s to 30 days, found {self.least_s:g} s")
        if not 1 <= self.times <= 1000:
            raise ValueError(f"expected 1 to 1,000 times the usual interval, found {self.times:g}")


Coverage = Literal["others heard", "nobody heard", "unclear"]


@dataclass(frozen=True, slots=True)
class Silence:
    """A gap in a craft's reports that is longer than expected.

    `expected_s` is the interval within which nine in ten reports come for that craft or at that place, the longer of the two. `heard_share` is the
    part of the gap, 0 to 1, in which at least one other craft was heard where this one's straight way lay, and `others` how many
    different ones. `coverage` sums that up: only where others were heard (0.8 and more) is it this craft that was silent; where
    nobody was (0.2 and less) the receivers may have been.
    """

    craft: str
    start: datetime
    end: datetime
    start_at: Spot
    end_at: Spot
    expected_s: float
    heard_share: float
    others: int
    coverage: Coverage


FaultKind = Literal["impossible jump", "two places at once", "false cluster", "wrong clock"]


@dataclass(frozen=True, slots=True)
class DataFault:
    """Fixes of one craft that contradict its others: how many, when, where the first lies. They are kept, and no finding rests on them."""

    craft: str
    kind: FaultKind
    start: datetime
    end: datetime
    start_at: Spot
    fixes: int


@dataclass(frozen=True, slots=True)
class TrackFindings:
    """All that one question found, ordered by craft and time. `rows` counts the rows read, `unusable` those without craft, time or place."""

    stays: Sequence[Stay] = ()
    silences: Sequence[Silence] = ()
    faults: Sequence[DataFault] = ()
    rows: int = 0
    unusable: int = 0
    craft: int = 0
