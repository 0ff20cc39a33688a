"""`detente test` and `detente fmt`: what an agreement can be asked without evidence."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from detente.cli.options import AgreementOnly
from detente.cli.place import agreement_in
from detente.cli.streams import BREACHED, answerable, refusal, say, spooled, write
from detente.model.problem import Problem

Reset = Annotated[bool, typer.Option("--reset", help="Rewrite the expectations to what is found. Read the difference before you commit.")]
CheckOnly = Annotated[bool, typer.Option("--check", help="Change nothing; exit with 1 if the form is not canonical.")]
Source = Annotated[
    str, typer.Argument(metavar="AGREEMENT", help="The agreement, or a folder that holds it; - reads stdin and writes stdout.")
]


def run_cases(target: AgreementOnly, reset: Reset = False) -> None:
    """Run the cases that an agreement holds.

    A case is a set of facts by source and the verdicts that the authors expect.

    Exits with 0 when all pass, 1 when one does not, 2 when they cannot be run.
    """
    with answerable(), spooled(target, ".md") as path:
        from detente.workbench import run_cases as run

        results = list(run(agreement_in(path), reset=reset))
    failed = [result for result in results if not result.passed]
    for result in failed:
        write(f"{result.span}: {result.name}\n{result.text}\n", None)
    write(f"{len(results) - len(failed):,} of {len(results):,} cases pass\n", None)
    if failed:
        raise typer.Exit(BREACHED)


def fmt(target: Source, check: CheckOnly = False) -> None:
    """Write an agreement's rules in canonical form; its prose stays.

    Exits with 0, with 1 if --check finds something to change, with 2 when the agreement cannot be read.
    """
    with spooled(target, ".md") as path:
        agreement = agreement_in(path)
        before = _text(agreement)
        from detente.agreement.format import format_document

        after, problems = format_document(before, "stdin" if target == "-" else str(agreement))
    if problems:
        raise refusal(*problems)
    if check:
        if before != after:
            say(f"{agreement if target != '-' else 'stdin'}: not in canonical form")
            raise typer.Exit(BREACHED)
    elif target == "-":
        write(after, None)
    elif before != after:
        write(after, agreement)
        say(f"{agreement}: rewritten")


def _text(path: Path) -> str:
    from detente.agreement.load import LARGEST

    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except OSError as error:
        raise refusal(Problem("unreadable-file", f"{path}: {error.strerror or error}")) from None
    if len(raw) > LARGEST:
        raise refusal(Problem("too-large", f"{path} has more than {LARGEST:,} bytes"))
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise refusal(Problem("not-utf-8", f"{path}: byte {error.start + 1} is not UTF-8 text", help="save the file as UTF-8")) from None
