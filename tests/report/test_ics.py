"""The calendar: valid by RFC 5545, the same for the same question, and read back by another reader."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from detente.model.owed import DueList, Owed, OwedState
from detente.report.ics import due_ics, sequence
from report.due_sample import ANSWER, DUE, EXPIRY, OVERDUE, day, listed, moment

CYRILLIC = "Учение «Запад-2026» с участием вооружённых сил Союзного государства"


def events(due: DueList) -> list[Any]:
    return Calendar.from_ical(due_ics(due).content).walk("VEVENT")


def event(row: Owed, zone: str = "UTC") -> Any:
    (found,) = events(listed(row, time_zone=zone))
    return found


def unfolded(content: bytes) -> list[str]:
    """Content lines, as section 3.1 of RFC 5545 has them."""
    return content.decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


# ---- the whole -------------------------------------------------------------------


def test_the_calendar_says_what_common_programs_want() -> None:
    lines = unfolded(due_ics(DUE).content)
    assert lines[:5] == [
        "BEGIN:VCALENDAR",
        "PRODID:-//Detente//detente 0.1.0//EN",
        "VERSION:2.0",
        "CALSCALE:GREGORIAN",
        "X-WR-CALNAME:Agreement on openness",
    ]
    assert "METHOD:PUBLISH" in lines
    assert lines[-1] == "END:VCALENDAR"
    assert "VALARM" not in "".join(lines)


def test_every_event_has_what_it_must_have() -> None:
    for found in events(DUE):
        for name in ("UID", "DTSTAMP", "DTSTART", "SEQUENCE", "SUMMARY", "TRANSP", "STATUS"):
            assert name in found
        assert found.decoded("DTSTAMP") == DUE.as_of
        assert found["SEQUENCE"] == sequence(DUE.known_on)


def test_it_reads_back_what_was_written() -> None:
    late, answer, expiry = events(DUE)
    assert str(late["SUMMARY"]) == 'overdue: Arland to Borland: notification about exercise "West-26"'
    assert "overdue, in Borland's account; performed in Arland's account" in str(late["DESCRIPTION"])
    assert str(answer["SUMMARY"]) == 'Arland to Borland: reply about inquiry "Q-1"'
    assert str(expiry["SUMMARY"]) == "every Party: expiry"


def test_the_same_list_gives_the_same_bytes() -> None:
    assert due_ics(DUE).content == due_ics(replace(DUE)).content


def test_an_empty_list_is_still_a_calendar() -> None:
    found = Calendar.from_ical(due_ics(listed()).content)
    assert [c.name for c in found.subcomponents] == ["VTIMEZONE"]
    assert not found.errors


def test_rows_without_any_date_are_counted_and_left_out() -> None:
    found = due_ics(listed(replace(OVERDUE, due=(None, None)), ANSWER))
    assert found.undated == 1
    assert len(Calendar.from_ical(found.content).walk("VEVENT")) == 1


# ---- days and moments -----------------------------------------------------------------


def test_a_day_is_a_whole_day_in_the_agreements_time_zone() -> None:
    last = datetime(2026, 1, 9, 22, 59, 59, 999999, tzinfo=UTC)
    found = event(replace(OVERDUE, due=(last, last)), "Europe/Vienna")
    assert (found.decoded("DTSTART"), found.decoded("DTEND")) == (date(2026, 1, 9), date(2026, 1, 10))
    assert found["DTSTART"].params["VALUE"] == "DATE"


def test_a_moment_stands_in_utc_and_has_no_length() -> None:
    found = event(ANSWER, "Europe/Vienna")
    assert found.decoded("DTSTART") == moment("2026-02-25T10:05")
    assert "DTEND" not in found
    assert "DTSTART:20260225T100500Z" in unfolded(due_ics(listed(ANSWER)).content)


def test_a_span_stays_a_span() -> None:
    days = event(replace(OVERDUE, due=(day("2026-01-09"), day("2026-01-14"))))
    assert (days.decoded("DTSTART"), days.decoded("DTEND")) == (date(2026, 1, 9), date(2026, 1, 15))
    hours = event(replace(ANSWER, due=(moment("2026-02-25T10:05"), moment("2026-02-25T12:00"))))
    assert (hours.decoded("DTSTART"), hours.decoded("DTEND")) == (moment("2026-02-25T10:05"), moment("2026-02-25T12:00"))


def test_half_a_span_stands_on_its_known_end() -> None:
    found = event(replace(OVERDUE, due=(day("2026-01-09"), None)))
    assert found.decoded("DTSTART") == date(2026, 1, 9)
    assert "due 2026-01-09, or later" in str(found["DESCRIPTION"])


def test_a_date_of_the_agreement_is_that_day() -> None:
    assert event(EXPIRY).decoded("DTSTART") == date(2027, 1, 1)


@pytest.mark.parametrize("far", [datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC), datetime(1, 1, 1, tzinfo=UTC)])
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_the_ends_of_time_are_no_error(far: datetime, zone: str) -> None:
    assert due_ics(listed(replace(OVERDUE, due=(far, far)), time_zone=zone)).content


# ---- identity ---------------------------------------------------------------------------


def test_uids_are_distinct_and_stay_when_the_due_time_moves() -> None:
    uids = [str(e["UID"]) for e in events(DUE)]
    assert len(set(uids)) == 3
    moved = replace(
        DUE, owed=tuple(replace(o, state=OwedState.DUE, due=(day("2026-02-01"),) * 2) for o in DUE.owed), as_of=day("2026-01-02")
    )
    assert [str(e["UID"]) for e in events(moved)] == uids


def test_uids_differ_between_accounts_and_between_agreements() -> None:
    others = (OVERDUE, replace(OVERDUE, accounts=("neutrals",)), replace(OVERDUE, recipient="Carland"))
    uids = {str(e["UID"]) for e in events(listed(*others))} | {str(e["UID"]) for e in events(listed(OVERDUE, title="Another"))}
    assert len(uids) == 4


def test_a_later_edition_never_has_a_lower_sequence() -> None:
    assert sequence(DUE.known_on + timedelta(days=1)) > sequence(DUE.known_on)


# ---- lines ------------------------------------------------------------------------------


def test_lines_of_cyrillic_text_fold_at_75_octets_between_letters() -> None:
    content = due_ics(listed(replace(OVERDUE, occasion=CYRILLIC * 3), title=CYRILLIC)).content
    physical = content.removesuffix(b"\r\n").split(b"\r\n")
    assert max(map(len, physical)) <= 75
    assert any(line.startswith(b" ") for line in physical)
    for line in physical:
        line.decode()  # no letter is cut in two
    (found,) = Calendar.from_ical(content).walk("VEVENT")
    assert CYRILLIC * 3 in str(found["SUMMARY"])


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_words_come_back(name: str, title: str) -> None:
    content = due_ics(listed(replace(OVERDUE, occasion=f"[{name}]"), title=title)).content
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert not any(c < 32 and c not in (9, 10, 13) for c in content)
    (found,) = Calendar.from_ical(content).walk("VEVENT")
    assert sum(line == "BEGIN:VEVENT" for line in unfolded(content)) == 1
    assert set(found) == {"UID", "DTSTAMP", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "STATUS", "TRANSP", "CATEGORIES"}


@pytest.mark.parametrize("name", ["a\r\nEND:VEVENT\r\nBEGIN:VEVENT", "a;b,c\\d\\n", "a\u202eb", "\x00\x07"])
def test_a_hostile_name_adds_nothing(name: str) -> None:
    content = due_ics(listed(replace(OVERDUE, occasion=name))).content
    assert len([line for line in unfolded(content) if line == "BEGIN:VEVENT"]) == 1
    assert len(events(listed(replace(OVERDUE, occasion=name)))) == 1
    assert b"\x00" not in content
    assert "\u202e" not in content.decode()


def test_separators_are_escaped() -> None:
    lines = unfolded(due_ics(listed(replace(OVERDUE, occasion="a;b,c\\d"))).content)
    (summary,) = [line for line in lines if line.startswith("SUMMARY")]
    assert "a\\;b\\,c\\\\d" in summary
