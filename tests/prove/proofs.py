"""Small agreements for the tests of prove, and their own cases run as `detente test` runs them."""

from __future__ import annotations

from pathlib import Path

from detente.agreement.load import load_agreement, parse_agreement
from detente.model.proven import Proven
from detente.prove import Proof, prove
from detente.workbench import run_cases
from detente.workbench.places import locator

HEAD = "# An agreement\n\n```rule\nagreement: parties Arland, Borland, Carland; enters into force on 2026-01-01{life}.\n```\n\n## Article 1\n\n"


def text_of(rules: str, life: str = "") -> str:
    """An agreement of one article."""
    return HEAD.format(life=life) + f"```rule\n{rules}\n```\n"


def proof_of(text: str) -> Proof:
    """What can be proved of a text."""
    agreement, problems = parse_agreement(text, "a.md")
    assert agreement is not None, "\n".join(str(p) for p in problems)
    return prove(text, agreement, locator)


def found(rules: str, life: str = "") -> list[tuple[str, tuple[str, ...]]]:
    """Code and rules of each finding; nothing may be left unconfirmed."""
    proof = proof_of(text_of(rules, life))
    assert proof.unconfirmed == {}
    return [(f.code, f.rules) for f in proof.findings]


def one(rules: str, life: str = "") -> Proven:
    """The only finding."""
    proof = proof_of(text_of(rules, life))
    assert len(proof.findings) == 1, [str(f) for f in proof.findings]
    return proof.findings[0]


def pasted(path: Path, text: str, finding: Proven) -> bool:
    """Whether the cases of a finding, pasted into the document, pass."""
    assert finding.cases or not finding.events
    path.write_text(text + "\n\n" + "\n\n".join(finding.cases) + "\n", encoding="utf-8")
    agreement, problems = load_agreement(path)
    assert agreement is not None, problems
    results = run_cases(path)
    assert len(results) == len(finding.cases)
    return all(result.passed for result in results)
