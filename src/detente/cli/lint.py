"""`detente lint`: what is wrong with the wording, without a verdict."""

from __future__ import annotations

from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import typer

from detente.cli.options import AgreementOnly, Output
from detente.cli.place import agreement_in, readable_name
from detente.cli.streams import BREACHED, answerable, refusal, show_problems, spooled, write
from detente.model.problem import Problem


class Form(StrEnum):
    """How findings are written."""

    TABLE = "table"
    JSON = "json"
    SARIF = "sarif"
    JUNIT = "junit"


Format = Annotated[Form, typer.Option("--format", help="table, json, sarif (2.1.0) or junit.")]
EvidenceToo = Annotated[Path | None, typer.Option("--evidence", metavar="DIR", help="Look also for what this evidence can never show.")]
Only = Annotated[list[str] | None, typer.Option("--only", metavar="CODE", help="Show only this code; repeatable.")]
Ignore = Annotated[list[str] | None, typer.Option("--ignore", metavar="CODE", help="Leave this code out; repeatable.")]


def lint(
    target: AgreementOnly,
    evidence: EvidenceToo = None,
    only: Only = None,
    ignore: Ignore = None,
    form: Format = Form.TABLE,
    output: Output = None,
) -> None:
    """Find drafting faults: vague words, numbers without a rule.

    Exits with 0 when nothing is found, 1 when something is, 2 when the agreement or the evidence cannot be read.
    """
    with spooled(target, ".md") as path:
        file = agreement_in(path)
        named = "stdin" if target == "-" else str(file)
        from detente.agreement.load import decoded, parse_agreement, read_bytes

        raw, problem = read_bytes(file)
        text, problem = decoded(raw, named) if raw is not None else (None, problem)
        if text is None or raw is None:
            raise refusal(*([problem] if problem else []))
    agreement, problems = parse_agreement(text, named)
    if agreement is None:
        raise refusal(*problems)
    from detente.draft import CODES
    from detente.draft import lint as findings_of

    known_codes([*(only or ()), *(ignore or ())], {*CODES, *(p.code for p in problems)})
    record = None
    if evidence is not None:
        readable_name(evidence)
        if not evidence.is_dir():
            raise refusal(Problem("no-evidence", f"there is no folder {evidence}", help="name the folder of evidence"))
        with answerable():
            from detente.evidence import read_record

            record = read_record(
                evidence,
                agreement.kinds,
                parties=agreement.parties,
                groups=agreement.groups,
                time_zone=agreement.evidence.time_zone,
            )
        show_problems(record.problems)
    found = findings_of(text, agreement, problems, record, only=only or (), ignore=ignore or ())
    write(_written(found, form, sha256(raw).hexdigest(), named, CODES), output)
    if found:
        raise typer.Exit(BREACHED)


def _written(found: tuple[Problem, ...], form: Form, digest: str, named: str, codes: tuple[str, ...]) -> str | bytes:
    from detente import __version__
    from detente.report.findings import findings_json, findings_junit, findings_table
    from detente.report.sarif import findings_sarif

    match form:
        case Form.JSON:
            return findings_json(found, named, digest, __version__)
        case Form.SARIF:
            return findings_sarif(found, __version__)
        case Form.JUNIT:
            return findings_junit(found, named, codes)
        case Form.TABLE:
            return findings_table(found)


def known_codes(named: list[str], codes: set[str]) -> None:
    """Refuse a code that nothing could ever have: a slip would hide or show everything."""
    from difflib import get_close_matches

    from detente.vocabulary.pages import load_pages

    warnings = {page.code for page in load_pages() if page.room == "language" and page.severity == "warning"}
    for code in named:
        if code not in codes | warnings:
            close = get_close_matches(code[:60], sorted(codes | warnings), n=1)
            raise refusal(
                Problem(
                    "unknown-code",
                    f"`{code}` is no code of a finding",
                    help=f"did you mean `{close[0]}`?" if close else "detente help lists the codes",
                )
            )
