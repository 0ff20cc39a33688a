"""What is owed as a calendar (RFC 5545) that common programs import or subscribe to.

One event for each row. A duty that is due on a day is an event of that whole
day on the agreement's calendar; one that is due at a moment stands at that
moment in UTC, so that the file needs no time zones. An uncertain due time is
an event over the whole span. Nothing rings, and nothing makes anybody busy.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event, Timezone, TimezoneStandard, vText

from detente.model.owed import DueList, Owed, OwedState
from detente.model.problem import visible
from detente.report.due_words import Days, between, due_time, stands, what, when, whose

_ROWS = uuid.UUID("1b7b9a52-6d0b-5f6e-9c39-0a6f2f1c5d11")
"""The namespace of the rows' UIDs (RFC 9562, section 5.5); any fixed value does."""


@dataclass(frozen=True, slots=True)
class IcsFile:
    """The calendar's bytes, and how many rows have no date to stand on and are left out."""

    content: bytes
    undated: int


def due_ics(due: DueList) -> IcsFile:
    """The list as a calendar; the same list gives the same bytes."""
    calendar = Calendar()
    calendar.add("prodid", f"-//Detente//detente {due.version}//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", vText(visible(due.title)))
    dated = [(row, span) for row in due.owed if (span := _span(row, due.time_zone))]
    if dated:
        calendar.add("method", "PUBLISH")
        for row, span in dated:
            calendar.add_component(_event(due, row, span))
    else:
        calendar.add_component(_utc_zone())
    return IcsFile(calendar.to_ical(sorted=False), len(due.owed) - len(dated))


@dataclass(frozen=True, slots=True)
class _Span:
    start: date | datetime
    end: date | datetime | None
    """Exclusive for days, as the format has it; None for a single moment."""


def _span(row: Owed, zone: str) -> _Span | None:
    found = due_time(row, zone)
    if isinstance(found, Days):
        first, last = found.first or found.last, found.last or found.first
        return _Span(first, _after(last)) if first and last else None
    start, end = found.first or found.last, found.last or found.first
    if start is None or end is None:
        return None
    return _Span(start.astimezone(UTC), end.astimezone(UTC) if end > start else None)


def _after(day: date) -> date | None:
    """The next day; the last day that dates can name has none, and an event without an end lasts one day."""
    return None if day == date.max else day + timedelta(days=1)


def uid(due: DueList, row: Owed) -> str:
    """The same for the same duty in the same accounts of the same agreement, whatever day it is asked for and whenever it is due."""
    key = "\x1f".join((due.title, row.id, row.bearer or "", row.recipient or "", *row.accounts))
    return str(uuid.uuid5(_ROWS, key))


def _event(due: DueList, row: Owed, span: _Span) -> Event:
    event = Event()
    event.add("uid", uid(due, row))
    event.add("dtstamp", due.as_of)
    event.add("sequence", sequence(due.known_on))
    event.add("dtstart", span.start)
    if span.end is not None:
        event.add("dtend", span.end)
    event.add("summary", visible(_summary(row)))
    event.add("description", visible("\n".join(_lines(due, row))))
    event.add("status", "CONFIRMED" if row.state in (OwedState.OVERDUE, OwedState.DUE, OwedState.OF_AGREEMENT) else "TENTATIVE")
    event.add("transp", "TRANSPARENT")
    event.add("categories", [row.state.value])
    return event


def sequence(known_on: datetime) -> int:
    """A number that never falls from one edition of the calendar to the next: minutes since 1970 of what was known."""
    return int(known_on.timestamp()) // 60


def _summary(row: Owed) -> str:
    ahead = {OwedState.OVERDUE: "overdue: ", OwedState.PERHAPS_OVERDUE: "perhaps overdue: "}.get(row.state, "")
    return f"{ahead}{between(row)}: {what(row)}"


def _lines(due: DueList, row: Owed) -> Iterator[str]:
    yield f"{stands(row, due.as_of)}, {whose(row)}"
    yield f"due {when(row, due.time_zone)}"
    if row.rule:
        yield f"rule {row.rule}" + (f" {row.title}" if row.title else "") + f", instance {row.id}"
    yield due.title + (" (as if in force)" if due.counterfactual else "")


def _utc_zone() -> Timezone:
    """A calendar must hold something (RFC 5545, section 3.6); a list without dates holds this."""
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", "Etc/UTC")
    standard.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001  local time of the zone itself
    standard.add("tzoffsetfrom", timedelta())
    standard.add("tzoffsetto", timedelta())
    zone.add_component(standard)
    return zone
