"""`detente diff`: what changes in meaning between two drafts, or since a base in two of them."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from detente.cli.options import Ascii, Output, Width
from detente.cli.place import agreement_in, readable_name
from detente.cli.progress import Progress
from detente.cli.streams import BREACHED, answerable, is_plain, refusal, spooled, terminal_width, wants_colour, write
from detente.model.problem import Problem

if TYPE_CHECKING:
    from detente.negotiate import Comparison, ThreeWay


class Format(StrEnum):
    """What a comparison can be written as."""

    TABLE = "table"
    JSON = "json"
    MD = "md"


First = Annotated[str, typer.Argument(metavar="A", help="The first draft, or a folder that holds it; - reads stdin.")]
Second = Annotated[str, typer.Argument(metavar="B", help="The second draft.")]
Third = Annotated[str | None, typer.Argument(metavar="[C]", help="A third: then A is the base, B is ours and C is theirs.")]
Evidence = Annotated[Path | None, typer.Option("--evidence", metavar="DIR", help="Also say which verdicts would change on this evidence.")]
Form = Annotated[Format, typer.Option("--format", help="A table for people, json for programs, md for a page.")]


def diff(
    first: First,
    second: Second,
    third: Third = None,
    evidence: Evidence = None,
    form: Form = Format.TABLE,
    output: Output = None,
    ascii_only: Ascii = False,
    width: Width = None,
) -> None:
    """Say what changes in meaning between drafts.

    Every change of meaning is shown by an event table that both drafts were judged on.

    Exits with 0 when no meaning changes, 1 when one does, 2 when a draft cannot be read.
    """
    if [first, second, third].count("-") > 1:
        raise refusal(Problem("one-stdin", "stdin holds one draft only", help="name the files of the others"))
    if third is not None and evidence is not None:
        raise refusal(Problem("evidence-of-two", "--evidence compares two drafts", help="name two drafts, or leave it out"))
    if evidence is not None:
        readable_name(evidence)
    with (
        Progress() as progress,
        spooled(first, ".md") as a,
        spooled(second, ".md") as b,
        spooled(third or second, ".md") as c,
        answerable(),
    ):
        from detente.workbench.compare import compare_drafts, compare_three

        one, two = agreement_in(a), agreement_in(b)
        found: Comparison | ThreeWay = (
            compare_three(one, two, agreement_in(c), progress=progress)
            if third is not None
            else compare_drafts(one, two, evidence, progress=progress)
        )
    write(_document(found, form, ascii_only=ascii_only, width=width, to_file=output is not None), output)
    if found.changes_meaning:
        raise typer.Exit(BREACHED)


def _document(found: Comparison | ThreeWay, form: Format, *, ascii_only: bool, width: int | None, to_file: bool) -> str | bytes:
    if form is Format.JSON:
        from detente.report.comparison_json import comparison_json

        return comparison_json(found)
    if form is Format.MD:
        from detente.report.comparison_md import comparison_markdown

        return comparison_markdown(found)
    from detente.report.comparison import comparison_page

    if to_file:
        return comparison_page(found, width=width or 100, ascii_only=ascii_only)
    return comparison_page(found, width=terminal_width(width), ascii_only=is_plain(ascii_only), colour=wants_colour())
