"""Duties that come back: from trees to clauses."""

from __future__ import annotations

from datetime import date

from detente.agreement import tree as t
from detente.agreement.bearers import read_act, read_bearers
from detente.agreement.clause import Anchor, Consequence, EachPeriod, EveryInterval, Head, MonthDay, RecurringDuty
from detente.agreement.deadlines import read_anchor
from detente.agreement.deeds import Scope
from detente.agreement.define import duration
from detente.agreement.tails import Tails, read_unless, refuse

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_LEAP_YEAR = 2000


def read_recurring(
    norm: t.Oblige, due: t.EachTree | t.EveryTree, head: Head, consequence: Consequence | None, tails: Tails, scope: Scope
) -> RecurringDuty | None:
    """A duty without an occasion that comes back; None, with problems, where some part of it means nothing."""
    bearers = read_bearers(norm.bearer, scope)
    refuse(tails, scope, "a recurring duty", but=("else", "counts at", "voluntary"))
    act = read_act(norm.deed, tails.counts_at, scope)
    recurrence = _each(due, scope) if isinstance(due, t.EachTree) else _every(due, scope)
    unless = read_unless(tails, scope)
    if act is None or recurrence is None:
        return None
    return RecurringDuty(head, bearers, scope.bearer, act, recurrence, unless, consequence, norm.voluntarily or tails.voluntary)


def _each(due: t.EachTree, scope: Scope) -> EachPeriod | None:
    if due.days and due.period != "year":
        scope.report.say(
            "impossible-date",
            f"a day and a month come once a year, not each {due.period}",
            due.days[0].at,
            advice=f"write `each year by ...`, or `within 5 days after the end of each {due.period}`",
        )
        return None
    days = [_year_day(day, scope) for day in due.days]
    known = [d for d in days if d is not None]
    if len(known) < len(days):
        return None
    grace = None if due.grace is None else duration(due.grace, scope.lexicon)
    if due.grace is not None and grace is None:
        return None
    return EachPeriod(due.period, tuple(sorted(set(known), key=lambda d: (d.month, d.day))), grace)


def _year_day(day: t.YearDay, scope: Scope) -> MonthDay | None:
    month = _MONTHS.index(day.month) + 1
    try:
        date(_LEAP_YEAR, month, int(day.day))
    except ValueError:
        scope.report.say("impossible-date", f"there is no day {day.day} {day.month}", day.at)
        return None
    return MonthDay(month, int(day.day))


def _every(due: t.EveryTree, scope: Scope) -> EveryInterval | None:
    every = duration(due.every, scope.lexicon)
    if every is None:
        return None
    if not every.amount:
        scope.report.say("empty-interval", "an interval without length has no end to be due at", due.every.at)
        return None
    anchor = Anchor("entry-into-force") if due.start is None else read_anchor(due.start, None, scope)
    return None if anchor is None else EveryInterval(every, anchor)
