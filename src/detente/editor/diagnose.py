"""The problems of a text, as the command line tells them, with their ranges."""

from __future__ import annotations

from dataclasses import dataclass

from detente.agreement.load import parse_agreement
from detente.editor.positions import Position, Range, Text, read_text
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
    return tuple(diagnosis(p, source, is_note=p in pending) for p in (*problems, *pending))


def diagnosis(problem: Problem, source: Text, *, is_note: bool = False) -> Diagnosis:
    """One problem with its range."""
    where = source.range_of(problem.span) if problem.span else Range(Position(0, 0), Position(0, 0))
    return Diagnosis(where, problem.code, "note" if is_note else problem.severity, said(problem))


def said(problem: Problem) -> str:
    """A problem's sentence, what may stand there, and the way out."""
    lines = [problem.message]
    if problem.expected:
        lines.append("expected: " + ", ".join(problem.expected))
    if problem.help:
        lines.append("help: " + problem.help)
    return visible("\n".join(lines))
