"""The words of a clause: those in which its author wrote it, and those in which a message names it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from detente.agreement.clause import And, AnyRule, Deadline, FieldOf, Moment, Not, Or, PhaseBegins, StrictDeadline
from detente.model.span import Span


def nodes(tree: Any) -> Iterator[Any]:
    """Every node of a clause, itself first, outer before inner."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, tuple):
            waiting.extend(reversed(node))
        elif is_dataclass(node) and not isinstance(node, type):
            yield node
            waiting.extend(getattr(node, f.name) for f in reversed(fields(node)))


def plain(text: str) -> str:
    """Text without comments and with single blanks."""
    return re.sub(r"\s+", " ", re.sub(r"--[^\n]*", " ", text)).strip()


def written(rule: AnyRule, node: Any) -> str:
    """The words of a part of a rule; "" where it does not stand in the rule itself."""
    if isinstance(node, Not):
        inner = written(rule, node.item)
        return f"not ({inner})" if isinstance(node.item, And | Or) else f"not {inner}" if inner else ""
    spans = [s for n in nodes(node) if isinstance(s := getattr(n, "span", None), Span)]
    if not spans:
        return ""
    text, at = rule.head.text, rule.head.span
    lines = [0]
    for line in text.split("\n"):
        lines.append(lines[-1] + len(line) + 1)
    starts = [_offset(s.line, s.column, at, lines) for s in spans]
    ends = [_offset(s.end_line, s.end_column, at, lines) for s in spans]
    if min(starts) < 0 or max(ends) > len(text):
        return ""
    return plain(text[min(starts) : max(ends)])


def _offset(line: int, column: int, at: Span, lines: list[int]) -> int:
    number = line - at.line
    if not 0 <= number < len(lines):
        return -1 if number < 0 else lines[-1] + column
    return lines[number] + column - (at.column if number == 0 else 1)


def deadline_words(deadline: Deadline | None) -> str:
    """By when, as a sentence would say it."""
    if deadline is None:
        return ""
    anchor = anchor_words(deadline.anchor.of)
    if isinstance(deadline, StrictDeadline):
        return f"before {anchor}"
    if deadline.relation == "before":
        return f"at least {deadline.duration} before {anchor}"
    if deadline.relation == "within":
        return f"within {deadline.duration} of {anchor}"
    return f"no later than {anchor}"


def anchor_words(of: Any) -> str:
    """The moment from which a deadline counts."""
    match of:
        case FieldOf(var, field):
            return f"{var}.{field}" if var and field else field or var or "the occasion"
        case Moment(day):
            return day.isoformat()
        case PhaseBegins(phase):
            return f"phase {phase}"
        case _:
            return str(of)
