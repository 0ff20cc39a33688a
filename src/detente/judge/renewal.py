"""When an agreement that renews itself expires, as one account holds it.

Each expiry moves by a period unless a Party has objected in time. The end is
between the first expiry at which some objection may count and the first at
which one certainly does. Source: semantics, section 4, "Life".
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from detente.agreement.clause import Renewal
from detente.judge.moments import EVER, NEVER, Between, later, plus
from detente.judge.sql import Clock
from detente.model.duration import Duration

_MANY = range(2_000_000_000)
Objection = tuple[Between, bool]
"""Between when and when it came, and whether it certainly did."""


def renewed(clock: Clock, renewal: Renewal, expiry: Between, objections: Sequence[Objection], as_of: datetime) -> Between:
    """The moment of expiry, moved by every renewal that is not objected to."""
    if not renewal.may_object:
        return Between(NEVER, NEVER)
    lo, hi = (_series(clock, renewal.period, at) for at in expiry)
    may_end = [n for at, _ in objections if (n := _may_stop(clock, renewal, lo, at)) is not None]
    ends = [n for at, is_sure in objections if is_sure and (n := _stops(clock, renewal, hi, at)) is not None]
    open_yet = bisect_right(_MANY, as_of, key=lambda n: last_day(clock, renewal, lo(n)))
    return Between(lo(min([open_yet, *may_end])), hi(min(ends)) if ends else NEVER)


def last_day(clock: Clock, renewal: Renewal, expiry: datetime) -> datetime:
    """The last moment at which an objection stops the renewal at that expiry."""
    if expiry in (EVER, NEVER):
        return expiry
    if renewal.notice is None:
        return expiry - timedelta(microseconds=1)
    if not renewal.notice.is_calendar:
        return expiry - timedelta(**{renewal.notice.unit: renewal.notice.amount})
    back = Duration(-renewal.notice.amount, renewal.notice.unit)
    try:
        return clock.end_of(plus(clock.local(expiry).date(), back)).replace(tzinfo=None)
    except (OverflowError, ValueError):
        return EVER


def _series(clock: Clock, period: Duration, first: datetime) -> Callable[[int], datetime]:
    """The expiry after so many renewals, each counted from the first one."""

    def expiry(n: int) -> datetime:
        try:
            return later(clock, first, Duration(n * period.amount, period.unit))
        except (OverflowError, ValueError):
            return NEVER

    return expiry


def _next(expiry: Callable[[int], datetime], at: datetime) -> int:
    """The number of the first expiry after that moment."""
    return bisect_left(_MANY, at + timedelta(microseconds=1), key=expiry)


def _may_stop(clock: Clock, renewal: Renewal, expiry: Callable[[int], datetime], at: Between) -> int | None:
    if at.lo == EVER:
        return 0
    if at.lo >= NEVER:
        return None
    n = _next(expiry, at.lo)
    if at.lo <= last_day(clock, renewal, expiry(n)):
        return n
    return n + 1 if at.hi >= expiry(n) else None


def _stops(clock: Clock, renewal: Renewal, expiry: Callable[[int], datetime], at: Between) -> int | None:
    if at.lo == EVER or at.hi >= NEVER:
        return None
    n = _next(expiry, at.lo)
    return n if at.hi <= last_day(clock, renewal, expiry(n)) else None
