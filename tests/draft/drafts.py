"""Small agreements for the tests of lint."""

from __future__ import annotations

from detente.agreement.load import parse_agreement
from detente.draft import lint
from detente.model.problem import Problem

HEAD = "# An agreement\n\n```rule\nagreement: parties Arland, Borland, Carland.\n```\n\n"


def article(prose: str, rules: str, heading: str = "Article 1") -> str:
    """An agreement of one article."""
    return f"{HEAD}## {heading}\n\n{prose}\n\n```rule\n{rules}\n```\n"


def findings(text: str) -> tuple[Problem, ...]:
    """What lint finds in an agreement that can be read."""
    agreement, problems = parse_agreement(text, "a.md")
    assert agreement is not None, "\n".join(str(p) for p in problems)
    return lint(text, agreement, problems)


def codes(text: str) -> list[str]:
    """The codes of what lint finds, in the order of the text."""
    return [finding.code for finding in findings(text)]


NO_EXERCISE = "rule 1: no Party shall conduct an exercise X{where}."


def forbidding(prose: str, where: str = "") -> list[str]:
    """The codes for one prohibition under this prose."""
    return codes(article(prose, NO_EXERCISE.format(where=f" where {where}" if where else "")))
