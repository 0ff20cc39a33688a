"""Shapes that can be read and written and not yet judged.

The one place that decides it: whoever gives a shape its plan takes its type
out of `PENDING`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from detente.agreement.clause import (
    AnyRule,
    BaselineBound,
    ImportedDuty,
    InPhases,
    Life,
    PartialSuspension,
    Perceived,
    Permission,
    Phase,
    PhaseBegins,
    Provisional,
    RecurringDuty,
    Release,
    Renewal,
    Separation,
    StrictBound,
    StrictDeadline,
    Survival,
)
from detente.agreement.markdown import Document
from detente.agreement.overriding import is_limited
from detente.model.problem import Problem
from detente.model.span import Span

PENDING: tuple[type, ...] = ()
"""Clause types for which the judge has no plan, wherever in a rule, a phase or the life of the agreement they stand."""


class _LimitedPermission:
    """A permission that overrides a rule for a time that is no date of the text."""


_NAMES: dict[type, str] = {
    _LimitedPermission: "a permission that overrides a rule and is limited by a phase or by entry into force",
    RecurringDuty: "a recurring duty",
    Separation: "separation (a least distance between two craft)",
    BaselineBound: "a baseline (the value on an earlier date)",
    StrictBound: "a limit that is itself excluded (`below`, `above`)",
    StrictDeadline: "a strict `before` as a deadline",
    Permission: "permission (`may`)",
    Phase: "a phase",
    InPhases: "a rule that begins or ends with a phase",
    PhaseBegins: "a deadline counted from a phase",
    Release: "reciprocity (release because of a breach)",
    Perceived: "perception (a declared view of a threat)",
    ImportedDuty: "an imported duty",
    Provisional: "provisional application",
    Renewal: "renewal of the agreement",
    PartialSuspension: "suspension of single rules, or after some time",
    Survival: "survival after the agreement ends",
}


def pending(rules: Iterable[AnyRule], phases: Iterable[Phase], life: Life, document: Document) -> tuple[Problem, ...]:
    """One `not-yet-supported` for each shape of each rule, phase or item of life that cannot be judged yet, in the order of the text."""
    found: list[tuple[Span, type]] = []
    for rule in rules:
        found += [(rule.head.span, sort) for sort in dict.fromkeys(_sorts(rule))]
        if isinstance(rule, Permission) and rule.notwithstanding and is_limited(rule):
            found.append((rule.head.span, _LimitedPermission))
    for phase in phases:
        found += [(phase.span, sort) for sort in dict.fromkeys(_sorts(phase)) if sort is Phase]
    if life.span is not None:
        found += [(life.span, sort) for sort in dict.fromkeys(_sorts(life))]
    found.sort(key=lambda f: (f[0].line, f[0].column))
    return tuple(_problem(sort, span, document) for span, sort in found)


def _sorts(node: Any) -> Iterator[type]:
    """The pending types in a clause, outermost first."""
    if isinstance(node, tuple):
        for item in node:
            yield from _sorts(item)
    elif is_dataclass(node) and not isinstance(node, type):
        if type(node) in PENDING:
            yield type(node)
        for f in fields(node):
            yield from _sorts(getattr(node, f.name))


def _problem(sort: type, span: Span, document: Document) -> Problem:
    start = document.lines[span.line - 1] + span.column - 1
    end = min(document.line_of(start)[1], start + 200)
    if span.end_line == span.line:
        end = min(end, start + span.end_column - span.column)
    return document.problem(
        "not-yet-supported",
        f"{_NAMES[sort]} is not supported yet",
        (start, end),
        span.trail,
        advice="it is read and not judged: leave it as prose for now, and the article is reported as declaratory",
    )
