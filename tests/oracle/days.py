"""Counting days, months and hours. Source: docs/explanation/semantics.md, section 6."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from detente.model.duration import Duration

from .rows import EARLIEST, LATEST, day_end, day_start, local_date


def shift_day(day: date, length: Duration, sign: int) -> date:
    """The local date so many days, months or years away, clamped at month ends."""
    if length.unit == "days":
        return day + timedelta(days=sign * length.amount)
    months = day.year * 12 + day.month - 1 + sign * length.amount * (12 if length.unit == "years" else 1)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def shift(moment: datetime, length: Duration, sign: int, zone: ZoneInfo) -> datetime:
    """The last instant that is in time: the end of the due day, or the instant itself for hours and minutes."""
    if moment in (EARLIEST, LATEST):
        return moment
    if length.is_calendar:
        return day_end(shift_day(local_date(moment, zone), length, sign), zone)
    return moment + sign * timedelta(**{length.unit: length.amount})


def first_free(moment: datetime, length: Duration, zone: ZoneInfo) -> datetime:
    """The first instant after such a length of time: the whole last day still belongs to it."""
    if moment in (EARLIEST, LATEST):
        return moment
    if length.is_calendar:
        return day_start(shift_day(local_date(moment, zone), length, 1) + timedelta(days=1), zone)
    return moment + timedelta(**{length.unit: length.amount})
