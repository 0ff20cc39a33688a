"""`detente due`: what is owed, by whom, to whom, when; and the agreement's own dates."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from detente.cli.options import (
    AccountNames,
    AsIfInForce,
    Asked,
    Assume,
    Evidence,
    KnownOn,
    Output,
    Strict,
    Target,
    Width,
    opened,
)
from detente.cli.streams import BREACHED, answerable, refusal, say, show_problems, terminal_width, wants_colour, write
from detente.model.problem import Problem

if TYPE_CHECKING:
    from detente.model.owed import DueList


class Format(StrEnum):
    """How the list is written."""

    TABLE = "table"
    JSON = "json"
    ICS = "ics"
    CSV = "csv"


On = Annotated[str | None, typer.Option("--on", metavar="WHEN", help="What is owed on that day (default: now).")]
Within = Annotated[
    str | None, typer.Option("--within", metavar="TIME", help="Only what falls due so soon (30d, 2w, 48h), and what is overdue.")
]
Party = Annotated[str | None, typer.Option("--party", metavar="NAME", help="Only what is owed by that Party or to it.")]
FormatOption = Annotated[Format, typer.Option("--format", help="For people (table), for programs, or for a calendar (ics).")]
Ics = Annotated[Path | None, typer.Option("--ics", metavar="FILE", help="Write a calendar there as well.")]
ExitZero = Annotated[bool, typer.Option("--exit-zero", help="Exit with 0 whatever is overdue.")]

_TIME = re.compile(r"(\d{1,6})\s*(h|d|w|hours?|days?|weeks?)")


def due(
    target: Target,
    *,
    evidence: Evidence = None,
    on: On = None,
    known_on: KnownOn = None,
    within: Within = None,
    party: Party = None,
    account: AccountNames = None,
    as_if_in_force: AsIfInForce = False,
    assume: Assume = None,
    form: FormatOption = Format.TABLE,
    ics: Ics = None,
    output: Output = None,
    exit_zero: ExitZero = False,
    strict: Strict = False,
    width: Width = None,
) -> None:
    """List what is owed: by whom, to whom, when, under which article.

    What is overdue comes first, then what is due, by date, with the agreement's own dates.
    A row says in whose account it is owed; a duty that is performed in an account is not owed there.

    Exits with 0 when nothing is overdue, 1 when something is, 2 when the question cannot be asked.
    """
    asked = Asked(on or datetime.now(UTC).replace(microsecond=0).isoformat(), known_on, account, as_if_in_force, assume)
    with opened(target, evidence, strict=strict) as bench, answerable():
        from detente.workbench.due import due as what_is_owed

        question = asked.on(bench)
        until = _until(within, question.as_of, bench.agreement.evidence.time_zone)
        found = what_is_owed(bench, question, until=until, party=party, with_digest=form is Format.JSON)
    write(_document(found, form, width=width, to_file=output is not None), output)
    if ics is not None:
        write(_calendar(found), ics)
    show_problems(found.problems)
    if found.rows_left_out:
        from detente.report.words import plural

        say(f"{found.rows_left_out:,} {plural(found.rows_left_out, 'row')} left out")
    if found.is_overdue and not exit_zero:
        raise typer.Exit(BREACHED)


def _until(within: str | None, start: datetime | None, zone: str) -> datetime | None:
    """The last moment of the time asked for; days and weeks end with the last day."""
    if within is None or start is None:
        return None
    found = _TIME.fullmatch(within.strip().lower())
    if found is None:
        raise refusal(Problem("bad-duration", f"--within {within} is no length of time", expected=("30d", "2w", "48h")))
    amount, unit = int(found[1]), found[2][0]
    try:
        if unit == "h":
            return start + timedelta(hours=amount)
        last = start.astimezone(ZoneInfo(zone)).date() + timedelta(days=amount * (7 if unit == "w" else 1))
        return datetime.combine(last, time.max, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except OverflowError:
        raise refusal(Problem("bad-duration", f"--within {within} ends after the year 9999", expected=("30d", "2w", "48h"))) from None


def _document(due_list: DueList, form: Format, *, width: int | None, to_file: bool) -> str | bytes:
    if form is Format.JSON:
        from detente.report.due_json import due_json

        return due_json(due_list)
    if form is Format.CSV:
        from detente.report.due_csv import due_csv

        return due_csv(due_list).encode(errors="backslashreplace")
    if form is Format.ICS:
        return _calendar(due_list)
    from detente.report.due import due_text

    if to_file:
        return due_text(due_list, width=width or 100)
    return due_text(due_list, width=terminal_width(width), colour=wants_colour())


def _calendar(due_list: DueList) -> bytes:
    from detente.report.ics import due_ics

    calendar = due_ics(due_list)
    if calendar.undated:
        from detente.report.words import counted

        say(f"{counted(calendar.undated, 'row')} without a date {'is' if calendar.undated == 1 else 'are'} not in the calendar")
    return calendar.content
