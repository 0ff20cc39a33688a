"""`detente export` and `detente import`: an agreement in the format of another house, out and in."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import Annotated

import typer

from detente.cli.options import AgreementOnly, Output
from detente.cli.place import agreement_in, readable_name
from detente.cli.streams import refusal, show_problems, spooled, write
from detente.model.problem import Problem


class Form(StrEnum):
    """Formats that other houses read."""

    AKN = "akn"


Format = Annotated[Form, typer.Option("--format", help="akn: Akoma Ntoso 3.0 (OASIS LegalDocML).")]
Day = Annotated[str | None, typer.Option("--date", metavar="DATE", help="The document's date (default: its entry into force, if stated).")]
Country = Annotated[str, typer.Option("--country", metavar="CODE", help="ISO 3166-1 code of the jurisdiction, or un, eu; xx is none.")]
Language = Annotated[str, typer.Option("--language", metavar="CODE", help="ISO 639-2 code of the language; und leaves it open.")]
Foreign = Annotated[str, typer.Argument(metavar="FILE", help="The document, as XML; - reads stdin.")]


def export(
    target: AgreementOnly,
    form: Format = Form.AKN,
    day: Day = None,
    country: Country = "xx",
    language: Language = "und",
    output: Output = None,
) -> None:
    """Write an agreement as Akoma Ntoso, its rules and cases included.

    Exits with 0, or with 2 when it cannot be read or has no date.
    """
    dated = _day(day)
    for option, code, form_of_code in (("--country", country, "[a-z]{2}"), ("--language", language, "[a-z]{3}")):
        if not re.fullmatch(form_of_code, code):
            raise refusal(
                Problem("bad-code", f"{option}: `{code[:40]}` is no such code", help="write it as in --country fr --language fra")
            )
    with spooled(target, ".md") as path:
        file = agreement_in(path)
        named = "stdin" if target == "-" else str(file)
        from detente.agreement.load import decoded, read_bytes

        raw, problem = read_bytes(file)
        text, problem = decoded(raw, named) if raw is not None else (None, problem)
        if text is None:
            raise refusal(*([problem] if problem else []))
    match form:
        case Form.AKN:
            from detente.interchange import to_akoma_ntoso

            written, problems = to_akoma_ntoso(text, named, day=dated, country=country, language=language)
    if written is None:
        raise refusal(*problems)
    write(written, output)


def import_document(source: Foreign, output: Output = None) -> None:
    """Read a document of Akoma Ntoso as an agreement.

    All text and headings are kept; the metadata is not. Elements that are not known keep their text and are named on stderr.
    Exits with 0, or with 2 when the document cannot be read.
    """
    with spooled(source, ".xml") as path:
        readable_name(path)
        named = "stdin" if source == "-" else str(path)
        from detente.agreement.load import read_bytes
        from detente.interchange import from_akoma_ntoso

        raw, problem = read_bytes(path)
        if raw is None:
            raise refusal(*([problem] if problem else []))
    text, problems = from_akoma_ntoso(raw, named)
    if text is None:
        raise refusal(*problems)
    show_problems(problems)
    write(text, output)


def _day(stated: str | None) -> date | None:
    if stated is None:
        return None
    try:
        return date.fromisoformat(stated)
    except ValueError:
        raise refusal(Problem("impossible-date", f"--date: `{stated[:40]}` is no date", help="write it as 2026-03-01")) from None
