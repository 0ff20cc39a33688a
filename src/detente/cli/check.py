"""`detente check`: the main job. Verdicts for every article, and what would settle most."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from detente.cli.options import (
    AccountNames,
    Ascii,
    AsIfInForce,
    Asked,
    AsOf,
    Assume,
    Evidence,
    KnownOn,
    Output,
    Strict,
    Target,
    Width,
    opened,
)
from detente.cli.page import Language, LanguageOption, gathered, needs_web, rendered
from detente.cli.place import agreements_in, several
from detente.cli.streams import BREACHED, is_plain, say, show_problems, terminal_width, wants_colour, write

if TYPE_CHECKING:
    from detente.model.verdict import Outcome, Verdicts


class Format(StrEnum):
    """How verdicts are written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    JUNIT = "junit"
    HTML = "html"
    PDF = "pdf"


PAGES = (Format.HTML, Format.PDF)
"""Formats of the report, which holds more than the verdicts."""


class FailOn(StrEnum):
    """The mildest outcome that makes the exit code 1."""

    DISPUTED = "disputed"
    UNVERIFIED = "unverified"


FormatOption = Annotated[Format, typer.Option("--format", help="For people (table, html, pdf) or for programs.")]
FailOnOption = Annotated[
    FailOn | None, typer.Option("--fail-on", help="Exit with 1 also when something is disputed, or disputed or unverified.")
]
ExitZero = Annotated[bool, typer.Option("--exit-zero", help="Exit with 0 whatever the verdicts.")]


def check(
    target: Target,
    *,
    evidence: Evidence = None,
    as_of: AsOf = None,
    known_on: KnownOn = None,
    account: AccountNames = None,
    as_if_in_force: AsIfInForce = False,
    assume: Assume = None,
    form: FormatOption = Format.TABLE,
    output: Output = None,
    fail_on: FailOnOption = None,
    exit_zero: ExitZero = False,
    strict: Strict = False,
    ascii_only: Ascii = False,
    width: Width = None,
    language: LanguageOption = Language.EN,
) -> None:
    """Judge an agreement on evidence, article by article.

    Each article is kept, breached, disputed or unverified, and kept, breached or open under each account.
    Several agreements in one folder are judged one after the other, as tables or in one report.

    Exits with 0 when nothing is breached, 1 when something is, 2 when the question cannot be asked.
    """
    asked = Asked(as_of, known_on, account, as_if_in_force, assume)

    def judge(agreement: str, folder: Path | None) -> None:
        with opened(agreement, folder, strict=strict) as bench:
            verdicts = bench.check(asked.on(bench))
        report(verdicts, form=form, output=output, fail_on=fail_on, exit_zero=exit_zero, ascii_only=ascii_only, width=width)

    found = [] if target == "-" else agreements_in(Path(target))
    if form in PAGES:
        targets = [str(path) for path in found] if len(found) > 1 else [target]
        beside = evidence or (Path(target) / "evidence" if len(found) > 1 else None)
        _end(
            _page(targets, beside, asked, form=form, output=output, language=language, strict=strict),
            failures(fail_on),
            exit_zero=exit_zero,
        )
    elif len(found) < 2:
        judge(target, evidence)
    elif form is not Format.TABLE or output is not None:
        raise several(Path(target), found)
    else:
        _judge_all(found, lambda agreement: judge(str(agreement), evidence or Path(target) / "evidence"))


def _judge_all(agreements: Sequence[Path], judge: Callable[[Path], None]) -> None:
    """Judge one agreement after the other; the greatest of their exit codes is that of the whole."""
    code = 0
    for place, agreement in enumerate(agreements):
        if place:
            write("\n\n", None)
        say(f"{agreement}:")
        try:
            judge(agreement)
        except typer.Exit as stop:
            code = max(code, stop.exit_code)
    if code:
        raise typer.Exit(code)


def report(
    verdicts: Verdicts,
    *,
    form: Format = Format.TABLE,
    output: Path | None = None,
    fail_on: FailOn | None = None,
    exit_zero: bool = False,
    ascii_only: bool = False,
    width: int | None = None,
) -> None:
    """Write verdicts, name what was left out, and exit with what they mean."""
    failing = failures(fail_on)
    write(_document(verdicts, form, failing, ascii_only=ascii_only, width=width, to_file=output is not None), output)
    _end((verdicts,), failing, exit_zero=exit_zero)


def _end(judged: Sequence[Verdicts], failing: Sequence[Outcome], *, exit_zero: bool) -> None:
    """Name what was left out of the record, and exit with what the verdicts mean."""
    show_problems(tuple(dict.fromkeys(problem for verdicts in judged for problem in verdicts.problems)))
    for left_out in {v.evidence_path: v.rows_left_out for v in judged}.values():
        if left_out:
            from detente.report.words import plural

            say(f"{left_out:,} {plural(left_out, 'row')} left out")
    if not exit_zero and any(article.outcome in failing for verdicts in judged for article in verdicts.articles):
        raise typer.Exit(BREACHED)


def _page(
    targets: Sequence[str], evidence: Path | None, asked: Asked, *, form: Format, output: Path | None, language: Language, strict: bool
) -> tuple[Verdicts, ...]:
    """Write the report on all of them as one file; gives the verdicts in it."""
    needs_web("the report")
    dossiers = gathered(targets, evidence, asked, strict=strict)
    from detente.report.page.page import report_html

    html = report_html(dossiers, language.value)
    if form is Format.PDF:
        from detente.report.page.chromium import to_pdf

        with rendered():
            write(to_pdf(html), output)
    else:
        write(html, output)
    return tuple(dossier.verdicts for dossier in dossiers)


def failures(fail_on: FailOn | None) -> Sequence[Outcome]:
    """The outcomes that make the exit code 1."""
    from detente.model.verdict import Outcome

    worst_first = list(Outcome)
    return worst_first[: worst_first.index(Outcome(fail_on or "breached")) + 1]


def _document(
    verdicts: Verdicts, form: Format, failing: Sequence[Outcome], *, ascii_only: bool, width: int | None, to_file: bool
) -> str | bytes:
    if form is Format.JSON:
        from detente.report.json import verdicts_json

        return verdicts_json(verdicts)
    if form is Format.CSV:
        from detente.report.csv import verdicts_csv

        return verdicts_csv(verdicts).encode(errors="backslashreplace")
    if form is Format.JUNIT:
        from detente.report.junit import verdicts_junit

        return verdicts_junit(verdicts, failing)
    from detente.report.matrix import matrix

    if to_file:
        return matrix(verdicts, width=width or 100, ascii_only=ascii_only)
    return matrix(verdicts, width=terminal_width(width), ascii_only=is_plain(ascii_only), colour=wants_colour())
