"""Options that several commands share, and the question they make up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from detente.cli.moment import assumptions, moment
from detente.cli.place import agreements_in, readable_name, several
from detente.cli.progress import Progress
from detente.cli.streams import answerable, refusal, spooled
from detente.model.problem import Problem

if TYPE_CHECKING:
    from detente.workbench import Question, Workbench

Target = Annotated[
    str, typer.Argument(metavar="AGREEMENT", help="The agreement, or a folder that holds agreement.md and evidence/; - reads stdin.")
]
AgreementOnly = Annotated[str, typer.Argument(metavar="AGREEMENT", help="The agreement, or a folder that holds agreement.md.")]
Evidence = Annotated[Path | None, typer.Option("--evidence", metavar="DIR", help="The folder of evidence.")]
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="WHEN", help="Judge facts until then (default: the last publication).")]
KnownOn = Annotated[str | None, typer.Option("--known-on", metavar="WHEN", help="Use statements published until then (default: as-of).")]
AccountNames = Annotated[list[str] | None, typer.Option("--account", metavar="NAME", help="Judge only under this account; repeatable.")]
AsIfInForce = Annotated[bool, typer.Option("--as-if-in-force", help="Judge as if the agreement were in force throughout.")]
Assume = Annotated[list[str] | None, typer.Option("--assume", metavar="NAME=VALUE", help="Try a value for a term left open; repeatable.")]
Strict = Annotated[bool, typer.Option("--strict", help="Refuse evidence that has any bad row.")]
Output = Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write the result there and not to stdout.")]
Ascii = Annotated[bool, typer.Option("--ascii", help="Mark outcomes with + X ~ ? only.")]
Width = Annotated[int | None, typer.Option("--width", metavar="COLUMNS", min=40, max=400, help="Set the page for this width.")]


@dataclass(frozen=True, slots=True)
class Asked:
    """The question as words from the command line."""

    as_of: str | None
    known_on: str | None
    accounts: Sequence[str] | None
    as_if_in_force: bool
    assume: Sequence[str] | None

    def on(self, bench: Workbench) -> Question:
        """The question itself; dates are days of the agreement's own time zone."""
        from detente.workbench import Question

        zone = bench.agreement.evidence.time_zone
        return Question(
            as_of=moment(self.as_of, "--as-of", zone),
            known_on=moment(self.known_on, "--known-on", zone),
            as_if_in_force=self.as_if_in_force,
            accounts=tuple(self.accounts or ()),
            assume=assumptions(self.assume or ()),
        )


@contextmanager
def opened(target: str, evidence: Path | None, *, strict: bool) -> Iterator[Workbench]:
    """The case on the workbench; whatever stops it ends the command with 2."""
    if target == "-" and evidence is None:
        raise refusal(Problem("no-evidence", "stdin holds the agreement only", help="name the evidence with --evidence DIR"))
    with Progress() as progress, spooled(target, ".md") as path:
        if len(found := agreements_in(path)) > 1:
            raise several(path, found)
        if evidence is not None:
            readable_name(evidence)
        with answerable():
            from detente.workbench import open_case

            yield open_case(path, evidence, name="stdin" if target == "-" else None, strict=strict, progress=progress)
