"""What every rule has, and the stretch of time it is limited to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from detente.model.duration import Duration
from detente.model.span import Span


@dataclass(frozen=True, slots=True)
class Head:
    """What every rule has: its id ("IV.1"), title, place, and the stretch of time it is limited to.

    `starts` and `ends` are dates of the text; `phases` are limits that depend
    on what has happened. Where both are given the narrower holds.
    """

    id: str
    title: str | None
    article: str
    span: Span
    text: str
    starts: When | None = None
    ends: When | None = None
    phases: InPhases | None = None
    survives: Survival | None = None


@dataclass(frozen=True, slots=True)
class When:
    """`2018-02-05`, `entry-into-force`, or `7 years after entry-into-force`."""

    of: date | Literal["entry-into-force"]
    after: Duration | None = None


@dataclass(frozen=True, slots=True)
class PhasePoint:
    """`phase 2`, or `30 days after phase 2`: counted from the moment at which the phase begins."""

    phase: str
    after: Duration | None = None


@dataclass(frozen=True, slots=True)
class InPhases:
    """`from phase 2 until phase 3,`: the rule binds from the one moment until before the other.

    Whether and when a phase has begun is a fact that each account holds for
    itself (see `Phase`). Before it the vote is *not bound*; where the beginning
    is unknown, a breach that would need it is open.
    """

    starts: PhasePoint | None
    ends: PhasePoint | None
    span: Span


@dataclass(frozen=True, slots=True)
class Survival:
    """`survives expiry for 2 years`: the rule binds on when the agreement no longer does.

    `of` says which ends it outlives: the agreement's expiry, a Party's own
    withdrawal, or both. `lasting` is counted from that end; None is for good.
    New occasions count, too, until then. Suspension and rule limits still free.
    """

    of: tuple[Literal["expiry", "withdrawal"], ...]
    lasting: Duration | None
    span: Span
