"""Duties that come back: each year by a day, or once in every so many days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from detente.agreement.clause.condition import Condition
from detente.agreement.clause.due import Act, Anchor, PhaseBegins
from detente.agreement.clause.head import Head
from detente.agreement.clause.rule import Consequence, Duty
from detente.agreement.clause.who import Parties, PartyVar
from detente.model.duration import Duration


@dataclass(frozen=True, slots=True)
class MonthDay:
    """`15 November`. In a year without 29 February it is the 28th."""

    month: int
    day: int


@dataclass(frozen=True, slots=True)
class EachPeriod:
    """`each year by 15 November`, `each month`, `within 30 days after the end of each quarter`.

    Periods are calendar ones in the agreement's time zone (weeks begin on
    Monday). What is due in a period is due, the whole day in time: on each day
    of `by` (years only); else `grace` after its end; else on its last day.
    An act counts for a due day if it happens after the due day before (or,
    for the first, since the duty binds) and not after it. Whoever is bound
    for only a part of that time owes it, if bound on the due day.
    """

    period: Literal["year", "quarter", "month", "week"]
    by: tuple[MonthDay, ...] = ()
    grace: Duration | None = None


@dataclass(frozen=True, slots=True)
class EveryInterval:
    """`every 30 days after 2027-01-01`: at least once in each interval of that length, counted from the anchor.

    The intervals follow one another without a gap, whenever the last act was;
    day intervals end with the last moment of a local day. An act counts for
    the one interval in which it happens.
    """

    every: Duration
    anchor: Anchor


@dataclass(frozen=True, slots=True)
class RecurringDuty:
    """`each Party shall send its annual-calendar to every other Party each year by 15 November`.

    Measured: whether some act of the bearer happens in each period that ends
    while it is bound. One instance per (bearer, recipient, due day). A breach:
    the due day has passed, and in the account no act lies in the period. The
    consequence, if any, runs from the due day. A `voluntary` one is never breached.
    """

    head: Head
    bearers: Parties
    bearer: PartyVar
    act: Act
    recurrence: EachPeriod | EveryInterval
    unless: Condition | None = None
    consequence: Consequence | None = None
    voluntary: bool = False


def counted_phases(rule: object) -> tuple[str, ...]:
    """The phases from whose beginning a duty, its exceptions or its intervals are counted."""
    anchors: list[Anchor] = []
    if isinstance(rule, Duty):
        anchors = [rule.deadline.anchor, *(e.deadline.anchor for e in rule.exceptions)]
    elif isinstance(rule, RecurringDuty) and isinstance(rule.recurrence, EveryInterval):
        anchors = [rule.recurrence.anchor]
    return tuple(dict.fromkeys(a.of.phase for a in anchors if isinstance(a.of, PhaseBegins)))
