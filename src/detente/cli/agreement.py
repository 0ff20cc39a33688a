"""`detente test` and `detente fmt`: what an agreement can be asked without evidence."""

from __future__ import annotations

from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import typer

from detente.cli.options import AgreementOnly, Output, Width
from detente.cli.place import agreement_in
from detente.cli.streams import BREACHED, answerable, refusal, say, spooled, terminal_width, write

Reset = Annotated[bool, typer.Option("--reset", help="Rewrite the expectations to what is found. Read the difference before you commit.")]
CheckOnly = Annotated[bool, typer.Option("--check", help="Change nothing; exit with 1 if the form is not canonical.")]
FixToo = Annotated[bool, typer.Option("--fix", help="Say as the language does what it says otherwise, and tell every change.")]
Source = Annotated[
    str, typer.Argument(metavar="AGREEMENT", help="The agreement, or a folder that holds it; - reads stdin and writes stdout.")
]


class Form(StrEnum):
    """How the results of cases are written."""

    TABLE = "table"
    JSON = "json"
    JUNIT = "junit"


Covered = Annotated[bool, typer.Option("--coverage", help="Show which ways through the rules the cases go, and which they do not.")]
Format = Annotated[Form, typer.Option("--format", help="table, json or junit; the last two tell the coverage too.")]


def run_cases(
    target: AgreementOnly,
    reset: Reset = False,
    coverage: Covered = False,
    form: Format = Form.TABLE,
    output: Output = None,
    width: Width = None,
) -> None:
    """Run the cases that an agreement holds.

    A case is a set of facts by source and the verdicts that the authors expect.

    Exits with 0 when all pass, 1 when one does not, 2 when they cannot be run.
    """
    with answerable(), spooled(target, ".md") as path:
        from detente.workbench import cover_cases
        from detente.workbench import run_cases as run

        file = agreement_in(path)
        named = _shown(target, file)
        raw = _bytes(file)
        wants_coverage = coverage or form is not Form.TABLE
        results, covered = cover_cases(file, reset=reset, name=named) if wants_coverage else (run(file, reset=reset, name=named), None)
    from detente import __version__
    from detente.report import suite

    if covered is None or form is Form.TABLE:
        whole = suite.failures(results) + f"{suite.counted(results)}\n"
        write(whole + (f"\n{suite.coverage_table(covered, terminal_width(width))}" if covered else ""), output)
    elif form is Form.JSON:
        write(suite.suite_json(results, covered, named, sha256(raw).hexdigest(), __version__), output)
    else:
        write(suite.suite_junit(results, covered, named), output)
    if not all(result.passed for result in results):
        raise typer.Exit(BREACHED)


def _shown(target: str, file: Path) -> str:
    return "stdin" if target == "-" else str(file)


def fmt(target: Source, check: CheckOnly = False, fix: FixToo = False) -> None:
    """Write an agreement's rules in canonical form; its prose stays.

    Exits with 0, with 1 if --check finds something to change, with 2 when the agreement cannot be read.
    """
    with spooled(target, ".md") as path:
        agreement = agreement_in(path)
        named = _shown(target, agreement)
        raw = _bytes(agreement)
        from detente.agreement.format import format_document
        from detente.agreement.load import decoded

        text, problem = decoded(raw, named)
        if text is None:
            raise refusal(*([problem] if problem else []))
        is_fixed = False
        if fix:
            from detente.agreement.fix import fix_document

            text, changes, _ = fix_document(text, named)
            is_fixed = bool(changes)
            for change in changes:
                say(str(change))
        written, problems = format_document(text, named)
    if problems and not is_fixed:
        raise refusal(*problems)
    before, after = raw, _as_before(text if problems else written, raw)
    if check:
        if before != after:
            say(f"{named}: not in canonical form")
            raise typer.Exit(BREACHED)
    elif target == "-":
        write(after, None)
    elif before != after:
        write(after, agreement)
        say(f"{agreement}: rewritten")
    if problems:
        raise refusal(*problems)


def _bytes(path: Path) -> bytes:
    from detente.agreement.load import read_bytes

    raw, problem = read_bytes(path)
    if raw is None:
        raise refusal(*([problem] if problem else []))
    return raw


def _as_before(text: str, raw: bytes) -> bytes:
    """The text with the byte order mark that the file had, and the line ends that most of its lines had."""
    from codecs import BOM_UTF8

    ends = b"\r\n" if 2 * raw.count(b"\r\n") > raw.count(b"\n") else b"\n"
    mark = BOM_UTF8 if raw.startswith(BOM_UTF8) else b""
    return mark + text.encode().replace(b"\n", ends)
