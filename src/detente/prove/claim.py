"""What a check says before its witness has been judged; and what nobody could decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from detente.agreement.clause import AnyRule
from detente.model.problem import Severity
from detente.model.span import Span
from detente.prove.sketch import Row, Sketch


@dataclass(frozen=True, slots=True)
class Claim:
    """A finding with the cases that are to show it. `rows` are shown as the table of events."""

    code: str
    message: str
    span: Span
    advice: str
    rules: tuple[str, ...]
    sketches: tuple[Sketch, ...]
    rows: tuple[Row, ...] = ()
    severity: Severity = "warning"


@dataclass(frozen=True, slots=True)
class Undecided:
    """What was not decided, of which rules, and why."""

    what: str
    rules: tuple[str, ...]
    why: str


def named(rules: Sequence[AnyRule | str]) -> str:
    """Like "rule 3.1" or "rules 3.1 and 4"."""
    ids = [r if isinstance(r, str) else r.head.id for r in rules]
    if len(ids) == 1:
        return f"rule {ids[0]}"
    return f"rules {', '.join(ids[:-1])} and {ids[-1]}"


def listed(words: Sequence[str]) -> str:
    """Like "a, b and c"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
