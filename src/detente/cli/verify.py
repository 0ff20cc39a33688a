"""`detente verify`: derive a verdict file again from the evidence, and name whatever does not hold."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from detente.cli.options import Evidence
from detente.cli.progress import Progress
from detente.cli.streams import BREACHED, answerable, refusal, say, spooled, write
from detente.model.problem import Problem

VerdictFile = Annotated[str, typer.Argument(metavar="VERDICTS", help="A file written by check --format json; - reads stdin.")]
AgreementOption = Annotated[
    Path | None, typer.Option("--agreement", metavar="FILE", help="The agreement, where it is not at the path that the verdicts name.")
]


def verify(verdict_file: VerdictFile, evidence: Evidence = None, agreement: AgreementOption = None) -> None:
    """Derive a verdict file again from the evidence.

    Every verdict is derived from the whole evidence as known on the file's date. Exits with 0 when all hold, 1 when
    something does not (each named), 2 when the question cannot be asked.
    """
    if evidence is None:
        raise refusal(Problem("missing-evidence", "no evidence is named", help="give it as --evidence DIR"))
    with answerable(), Progress(), spooled(verdict_file, ".json") as path:
        from detente.workbench import verify as derive_again

        failures = derive_again(path, evidence, agreement)
    if failures:
        for failure in failures:
            say(f"does not hold: {failure}")
        raise typer.Exit(BREACHED)
    write("verified: every verdict follows from the evidence\n", None)
