"""By when, how often, and from when until when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from detente.agreement.tree.at import At, unplaced
from detente.agreement.tree.word import Day, Entry, PhaseName, Point, Stretch, Word, YearDay


@dataclass(frozen=True, slots=True)
class By:
    """By when: `at least 42 days before X.start`, `within 48 hours`, `no later than X.start`; `before X.start` has no duration."""

    relation: Literal["before", "within", "by"]
    duration: Stretch | None
    point: Point | None
    at: At = unplaced()


@dataclass(frozen=True, slots=True)
class EachTree:
    """`each year by 1 March and 1 September`, `each month`, `within 30 days after the end of each quarter`."""

    period: Literal["year", "quarter", "month", "week"]
    days: tuple[YearDay, ...] = ()
    grace: Stretch | None = None
    at: At = unplaced()


@dataclass(frozen=True, slots=True)
class EveryTree:
    """`every 30 days after 2027-01-01`."""

    every: Stretch
    start: Day | Entry | PhaseName | None
    at: At = unplaced()


@dataclass(frozen=True, slots=True)
class AsRequired:
    """`as required by INCSEA-1972 article III`."""

    instrument: Word
    article: Word | None
    at: At = unplaced()


Due = By | EachTree | EveryTree | AsRequired


@dataclass(frozen=True, slots=True)
class WhenWord:
    """`2018-02-05`, `entry-into-force`, `7 years after entry-into-force`, `phase 2`."""

    of: Day | Entry | PhaseName
    after: Stretch | None = None
