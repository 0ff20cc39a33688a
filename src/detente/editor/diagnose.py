"""The problems of a text, as the command line tells them, with their ranges."""

from __future__ import annotations

from dataclasses import dataclass

from detente.agreement.load import parse_agreement
from detente.editor.positions import Position, Range, read_text
from detente.editor.reading import is_agreement
from detente.model.problem import Problem, Severity, visible


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One problem: where it is, its code and what to say of it, in one or several lines."""

    range: Range
    code: str
    severity: Severity
    text: str


def diagnose(raw: str, path: str = "") -> tuple[Diagnosis, ...]:
    """Every problem of an agreement, in the order of the text; none for a text without blocks.

    A shape that is read and not yet judged is a note, as it stops `detente check` and nothing else.
    """
    if not is_agreement(raw):
        return ()
    agreement, problems = parse_agreement(raw, path)
    source = read_text(raw)
    pending = () if agreement is None else agreement.pending
    nowhere = Range(Position(0, 0), Position(0, 0))
    return tuple(
        Diagnosis(
            source.range_of(p.span) if p.span else nowhere,
            p.code,
            "note" if p in pending else p.severity,
            said(p),
        )
        for p in (*problems, *pending)
    )


def said(problem: Problem) -> str:
    """A problem's sentence, what may stand there, and the way out."""
    lines = [problem.message]
    if problem.expected:
        lines.append("expected: " + ", ".join(problem.expected))
    if problem.help:
        lines.append("help: " + problem.help)
    return visible("\n".join(lines))
