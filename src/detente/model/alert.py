"""What a watch tells as a feed goes on: what it finds, and which verdicts change.

A finding is geometry and clocks and no verdict; a verdict names its rule, its ground and the accounts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from detente.model.approach import Bounds


class Standing(StrEnum):
    """How far a finding is to be relied on."""

    PROVISIONAL = "provisional"
    """The fixes so far show it for certain; it goes on, or late fixes may still change it."""
    FINAL = "final"
    """It is over, and no fix that is still used can change it."""
    REVISED = "revised"
    """It was final, and fixes that contradict the craft's others have changed it all the same."""
    WITHDRAWN = "withdrawn"
    """Later fixes show it no more."""


@dataclass(frozen=True, slots=True)
class FindingAlert:
    """A meeting of two craft (`encounter`), or a craft in a zone (`transit`).

    `id` stays the same from `provisional` to `final`. `craft` are ids of the evidence, `parties` theirs as far as all sources agree.
    `within_m` is the rule's distance (over ground) below which it was looked for; `distance_m` and `vertical_m` bound how near they came. `is_certain`
    tells whether they surely came within it, or whether the craft was surely in the zone.
    """

    number: int
    id: str
    standing: Standing
    kind: str
    craft: tuple[str, ...]
    parties: tuple[str, ...]
    start: datetime
    end: datetime
    is_certain: bool
    zone: str | None = None
    within_m: float | None = None
    distance_m: Bounds | None = None
    vertical_m: Bounds | None = None
    closest_at: datetime | None = None
    source: str = ""
    newest: datetime | None = None
    """The newest fix by then."""


@dataclass(frozen=True, slots=True)
class VerdictAlert:
    """A rule whose verdict has changed, with the evidence and the findings so far. `was` and `now` are words as in the verdict file."""

    number: int
    article: str
    rule: str
    title: str | None
    was: str
    now: str
    ground: str | None
    votes: Mapping[str, str]
    """By account."""
    counts: Mapping[str, int]
    """Instances by outcome."""
    as_of: datetime
    newest: datetime | None = None


Alert = FindingAlert | VerdictAlert
