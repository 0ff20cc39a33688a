"""Applies the fixes that problems carry, round after round, until none is left."""

from __future__ import annotations

from dataclasses import dataclass

from detente.agreement.load import parse_agreement
from detente.agreement.markdown import read_document
from detente.model.problem import Fix, Problem
from detente.model.span import Span

_MOST_ROUNDS = 200
"""More than there are phrases in any sentence; each round mends every statement once."""


@dataclass(frozen=True, slots=True)
class Change:
    """What was put in place of what; `span` is where it stood in the round in which it was changed."""

    span: Span
    before: str
    after: str

    def __str__(self) -> str:
        return f'{self.span}: "{" ".join(self.before.split())}" becomes "{self.after}"'


def fix_document(text: str, path: str) -> tuple[str, tuple[Change, ...], tuple[Problem, ...]]:
    """The text with every fix applied, what was changed, and the problems that remain. `text` is as `load.decoded` gives it."""
    changes: list[Change] = []
    for _ in range(_MOST_ROUNDS):
        problems = parse_agreement(text, path)[1]
        fixes = _apart(problems)
        if not fixes:
            break
        document = read_document(text, path)
        changes += [Change(document.span(f.start, f.end), text[f.start : f.end], f.text) for f in fixes]
        for fix in reversed(fixes):
            text = text[: fix.start] + fix.text + text[fix.end :]
    return text, tuple(changes), tuple(problems)


def _apart(problems: tuple[Problem, ...]) -> list[Fix]:
    """The fixes in the order of the text, without those that overlap an earlier one: these wait for the next round."""
    chosen: list[Fix] = []
    for fix in sorted((p.fix for p in problems if p.fix), key=lambda f: (f.start, f.end)):
        if not chosen or fix.start >= chosen[-1].end:
            chosen.append(fix)
    return chosen
