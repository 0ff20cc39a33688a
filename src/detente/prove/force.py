"""The days on which a rule may bind anybody, as far as the text alone fixes them."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from detente.agreement.clause import Agreement, Head, PhasePoint, When
from detente.model.duration import Duration


@dataclass(frozen=True, slots=True)
class Force:
    """From a day until before another; None where the text leaves that to what happens.

    `why_starts` and `why_ends` say in the text's words what sets the limit.
    """

    starts: date | None
    ends: date | None
    why_starts: str = ""
    why_ends: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether there is no such day."""
        return self.starts is not None and self.ends is not None and self.starts >= self.ends

    def meets(self, other: Force) -> bool:
        """Whether some day belongs to both."""
        starts = [d for d in (self.starts, other.starts) if d is not None]
        ends = [d for d in (self.ends, other.ends) if d is not None]
        return not starts or not ends or max(starts) < min(ends)

    def holds(self, other: Force) -> bool:
        """Whether it binds on every day of the other."""
        begins = self.starts is None or (other.starts is not None and self.starts <= other.starts)
        return begins and (self.ends is None or (other.ends is not None and other.ends <= self.ends))


def shifted(day: date, days: int) -> date:
    """So many days later or earlier, within the calendar."""
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))


def later(day: date, duration: Duration, sign: int = 1) -> date | None:
    """So much later, or earlier; hours and minutes by whole days. None beyond the calendar."""
    try:
        match duration.unit:
            case "minutes" | "hours":
                per_day = 1440 if duration.unit == "minutes" else 24
                return day + sign * timedelta(days=duration.amount // per_day)
            case "days":
                return day + sign * timedelta(days=duration.amount)
            case _:
                months = day.year * 12 + day.month - 1 + sign * duration.amount * (12 if duration.unit == "years" else 1)
                year, month = months // 12, months % 12 + 1
                return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
    except (OverflowError, ValueError):
        return None


def in_force(agreement: Agreement, head: Head) -> Force:
    """When a rule may bind: the life of the agreement, the rule's own dates and those of its phases; the narrower counts."""
    starts = [
        s for s in (_entry(agreement), _own(agreement, head.starts), _phased(agreement, head.phases.starts if head.phases else None)) if s
    ]
    ends = [
        e
        for e in (_expiry(agreement, head), _own(agreement, head.ends), _phased(agreement, head.phases.ends if head.phases else None))
        if e
    ]
    start, end = max(starts, default=None), min(ends, default=None)
    return Force(start and start[0], end and end[0], start[1] if start else "", end[1] if end else "")


_Limit = tuple[date, str]


def entry_day(agreement: Agreement) -> date | None:
    """The day of entry into force, where the text names it."""
    return agreement.life.entry if isinstance(agreement.life.entry, date) else None


def _entry(agreement: Agreement) -> _Limit | None:
    entry, provisional = entry_day(agreement), agreement.life.provisional
    if entry is None or (provisional is not None and not isinstance(provisional.since, date)):
        return None
    if provisional is not None and isinstance(provisional.since, date) and provisional.since < entry:
        return provisional.since, f"it applies provisionally from {provisional.since}"
    return entry, f"the agreement enters into force on {entry}"


def _expiry(agreement: Agreement, head: Head) -> _Limit | None:
    life = agreement.life
    if life.renewal is not None or (head.survives is not None and "expiry" in head.survives.of):
        return None
    entry = entry_day(agreement)
    day = life.expiry if isinstance(life.expiry, date) else later(entry, life.expiry) if entry and life.expiry else None
    if day is None:
        return None
    if life.extension is not None:
        longest = later(day, life.extension)
        return None if longest is None else (longest, f"the agreement expires on {longest} at the latest")
    return day, f"the agreement expires on {day}"


def _own(agreement: Agreement, when: When | None) -> _Limit | None:
    day = None if when is None else on_day(agreement, when)
    return None if day is None else (day, f"the rule's own date is {day}")


def on_day(agreement: Agreement, when: When) -> date | None:
    """The day that `when` names; None where it depends on an entry into force without a date."""
    day = when.of if isinstance(when.of, date) else entry_day(agreement)
    return day if day is None or when.after is None else later(day, when.after)


def _phased(agreement: Agreement, point: PhasePoint | None, depth: int = 0) -> _Limit | None:
    """A phase that begins on a day; phases that wait for something may begin at any time."""
    phase = agreement.phases.get(point.phase) if point is not None else None
    if point is None or phase is None or depth > len(agreement.phases):
        return None
    if isinstance(phase.begins, When):
        begins = on_day(agreement, phase.begins)
    elif isinstance(phase.begins, PhasePoint):
        found = _phased(agreement, phase.begins, depth + 1)
        begins = found[0] if found else None
    else:
        begins = None
    day = begins if begins is None or point.after is None else later(begins, point.after)
    return None if day is None else (day, f"phase {phase.id} begins on {begins}")
