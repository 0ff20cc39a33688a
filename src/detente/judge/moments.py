"""Moments that lie between two, and terms counted on the agreement's calendar."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple

from detente.judge.sql import Clock
from detente.model.duration import Duration

EVER = datetime(1, 1, 1)  # noqa: DTZ001  TIMESTAMP columns are naive UTC
NEVER = datetime(9999, 12, 31)  # noqa: DTZ001


class Between(NamedTuple):
    """A moment that lies between two; `EVER` and `NEVER` are no limit."""

    lo: datetime
    hi: datetime


def earliest(*moments: Between) -> Between:
    """The first of several moments."""
    return Between(min(m.lo for m in moments), min(m.hi for m in moments))


def later(clock: Clock, at: datetime, duration: Duration) -> datetime:
    """The start of the local day that much later; of hours, the moment itself."""
    return _shifted(clock, at, duration, timedelta())


def freed(clock: Clock, at: datetime, duration: Duration) -> datetime:
    """When a notice given then takes effect: the last day of its term still binds."""
    return _shifted(clock, at, duration, timedelta(days=1))


def _shifted(clock: Clock, at: datetime, duration: Duration, more: timedelta) -> datetime:
    if at in (EVER, NEVER):
        return at
    if not duration.is_calendar:
        return at + timedelta(**{duration.unit: duration.amount})
    day = plus(clock.local(at).date(), duration) + more
    return clock.start_of(day).replace(tzinfo=None)


def plus(day: date, duration: Duration) -> date:
    """A date some days, months or years later, clamped at the month's end."""
    if duration.unit == "days":
        return day + timedelta(days=duration.amount)
    months = duration.amount * (12 if duration.unit == "years" else 1)
    year, month = divmod(day.month - 1 + months, 12)
    last = (date(day.year + year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(day.year + year, month + 1, min(day.day, last))
