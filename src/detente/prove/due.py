"""Two deadlines beside one another: which lies earlier, as far as the text alone tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from detente.agreement.clause import Deadline, Duty, FieldOf, Moment, StrictDeadline
from detente.model.duration import Duration


@dataclass(frozen=True, slots=True)
class Due:
    """An anchor and the least and greatest distance from it, in days or, of elapsed time, in minutes. `is_strict`: just before it."""

    anchor: Any
    least: int
    most: int
    is_calendar: bool | None
    is_strict: bool = False


def due_of(deadline: Deadline) -> Due:
    """By when, counted from the anchor; a month has 28 to 31 days and a year 365 or 366."""
    anchor: Any = deadline.anchor.of
    if isinstance(anchor, FieldOf):
        anchor = anchor.field or "happens"
    elif isinstance(anchor, Moment):
        anchor = anchor.day
    if deadline.duration is None:
        return Due(anchor, 0, 0, None, isinstance(deadline, StrictDeadline))
    least, most = spread(deadline.duration)
    if deadline.relation == "before":
        least, most = -most, -least
    return Due(anchor, least, most, deadline.duration.is_calendar)


def spread(duration: Duration) -> tuple[int, int]:
    """The shortest and the longest that a duration can be: in days, or in minutes where it counts hours."""
    per = {"minutes": (1, 1), "hours": (60, 60), "days": (1, 1), "months": (28, 31), "years": (365, 366)}[duration.unit]
    return duration.amount * per[0], duration.amount * per[1]


def is_no_later(one: Due, other: Due) -> bool:
    """Whether the first is certainly not later than the second."""
    if one.anchor != other.anchor:
        return False
    if one.is_calendar is None or other.is_calendar is None or one.is_calendar == other.is_calendar:
        return one.most < other.least or (one.most <= other.least and (one.is_strict or not other.is_strict))
    return one.most <= 0 <= other.least  # hours and days do not compare; before and after do


def no_later(one: Duty, other: Duty) -> bool:
    """Whether the first duty is due no later than the second, or than any exception of it."""
    mine = due_of(one.deadline)
    return all(is_no_later(mine, due_of(d)) for d in (other.deadline, *(e.deadline for e in other.exceptions)))
