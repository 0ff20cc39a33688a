"""What can be read and written and not yet judged, as far as it takes the whole agreement to see it."""

from __future__ import annotations

from collections.abc import Iterable

from detente.agreement.clause import AnyRule, Permission
from detente.agreement.markdown import Document
from detente.agreement.overriding import is_limited
from detente.model.problem import Problem


def pending(rules: Iterable[AnyRule], document: Document) -> tuple[Problem, ...]:
    """One `not-yet-supported` for each permission that overrides a rule for a time that is no date of the text, in the order of the text."""
    limited = [r for r in rules if isinstance(r, Permission) and r.notwithstanding and is_limited(r)]
    return tuple(_problem(r, document) for r in sorted(limited, key=lambda r: (r.head.span.line, r.head.span.column)))


def _problem(rule: Permission, document: Document) -> Problem:
    span = rule.head.span
    start = document.lines[span.line - 1] + span.column - 1
    end = min(document.line_of(start)[1], start + 200)
    if span.end_line == span.line:
        end = min(end, start + span.end_column - span.column)
    return document.problem(
        "not-yet-supported",
        "a permission that overrides a rule and is limited by a phase or by entry into force is not supported yet",
        (start, end),
        span.trail,
        advice="it is read and not judged: leave it as prose for now, and the article is reported as declaratory",
    )
