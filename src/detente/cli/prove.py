"""`detente prove`: what can be proved of the rules, each with a case that shows it."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

import typer

from detente.cli.lint import Form, Format, Ignore, Only, known_codes
from detente.cli.options import AgreementOnly, Output
from detente.cli.place import agreement_in
from detente.cli.streams import BREACHED, answerable, refusal, say, spooled, write
from detente.model.problem import Problem

if TYPE_CHECKING:
    from detente.prove import Proof


def prove(target: AgreementOnly, only: Only = None, ignore: Ignore = None, form: Format = Form.TABLE, output: Output = None) -> None:
    """Prove faults of the rules: contradictions, gaps, dead ends.

    Every finding comes with a case that the judge has confirmed. What was not decided is said.

    Exits with 0 when nothing is found, 1 when something is, 2 when the agreement cannot be read.
    """
    if find_spec("z3") is None or find_spec("clingo") is None:
        raise refusal(Problem("missing-extra", "the solvers are not installed", help='install them: pip install "detente[prove]"'))
    with answerable(), spooled(target, ".md") as path:
        file = agreement_in(path)
        named = "stdin" if target == "-" else None
        from detente.prove import CODES
        from detente.workbench.prove import prove_agreement

        known_codes([*(only or ()), *(ignore or ())], set(CODES))
        proof, digest = prove_agreement(file, named=named, only=only or (), ignore=ignore or ())
    write(_written(proof, form, digest, named or str(file), CODES), output)
    if proof.findings:
        raise typer.Exit(BREACHED)


def _written(proof: Proof, form: Form, digest: str, named: str, codes: tuple[str, ...]) -> str | bytes:
    from detente import __version__
    from detente.report.findings import findings_junit
    from detente.report.proof import limits, proof_json, proof_table
    from detente.report.sarif import findings_sarif

    if form is Form.TABLE:
        return proof_table(proof)
    if form is Form.JSON:
        return proof_json(proof, named, digest, __version__)
    for line in limits(proof):  # neither format has a place for what was not decided
        say(line)
    if form is Form.SARIF:
        return findings_sarif(proof.findings, __version__)
    return findings_junit(proof.findings, named, codes, command="prove")
