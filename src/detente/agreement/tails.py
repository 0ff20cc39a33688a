"""What may follow a rule's sentence, sorted; which rules may have it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from detente.agreement import tree as t
from detente.agreement.clause import Condition
from detente.agreement.conditions import read_condition
from detente.agreement.deeds import Scope

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Tails:
    """What follows a rule's sentence, sorted."""

    unless: t.Unless | None
    exceptions: tuple[t.ExceptionTree, ...]
    otherwise: t.Otherwise | None
    counts_at: t.Word | None
    voluntary: bool
    notwithstanding: t.Notwithstanding | None
    irrefusable: t.Irrefusable | None
    survives: t.Survives | None


def sort_tails(rule: t.RuleTree, scope: Scope) -> Tails:
    """The tails of a rule by their sort, with a problem for each that stands twice."""
    found: dict[type, t.Tail] = {}
    exceptions: list[t.ExceptionTree] = []
    for tail in rule.tails:
        if isinstance(tail, t.ExceptionTree):
            exceptions.append(tail)
        elif type(tail) in found:
            at = getattr(tail, "at", None) or (tail.field.at if isinstance(tail, t.CountsAt) else rule.id.at)
            advice = "join the conditions with `or`" if isinstance(tail, t.Unless) else "keep one of them"
            scope.report.say("repeated-clause", "this clause stands twice in the rule", at, advice=advice)
        else:
            found[type(tail)] = tail

    def one(sort: type[_T]) -> _T | None:
        tail = found.get(sort)
        return tail if isinstance(tail, sort) else None

    counts = one(t.CountsAt)
    return Tails(
        one(t.Unless),
        tuple(exceptions),
        one(t.Otherwise),
        counts.field if counts else None,
        t.Voluntary in found,
        one(t.Notwithstanding),
        one(t.Irrefusable),
        one(t.Survives),
    )


def refuse(tails: Tails, scope: Scope, rule: str, *, but: tuple[str, ...] = ()) -> None:
    """Problems for the clauses that this sort of rule cannot have; `but` names those it can."""
    say = scope.report.say
    if tails.exceptions and "exception" not in but:
        say("misplaced-clause", f"{rule} has no exceptions with duties of their own", tails.exceptions[0].at, advice="write `unless ...`")
    if tails.otherwise and "else" not in but:
        say("misplaced-clause", f"`else` follows a duty, not {rule}", tails.otherwise.at)
    if tails.counts_at and "counts at" not in but:
        say("misplaced-clause", f"`counts at` belongs to a duty, not to {rule}", tails.counts_at.at)
    if tails.voluntary and "voluntary" not in but:
        say("misplaced-clause", f"`voluntary` belongs to a duty, not to {rule}", (0, 4))
    if tails.notwithstanding and "notwithstanding" not in but:
        say("misplaced-clause", f"`notwithstanding` belongs to a permission, not to {rule}", tails.notwithstanding.at)
    if tails.irrefusable and "which no Party may refuse" not in but:
        say("misplaced-clause", f"only what is permitted can be refused, and this is {rule}", tails.irrefusable.at)
    if tails.unless and "no unless" in but:
        say("misplaced-clause", f"`unless` does not go with {rule}", tails.unless.at)


def read_unless(tails: Tails, scope: Scope) -> Condition | None:
    """The condition under which the rule asks nothing."""
    return None if tails.unless is None else read_condition(tails.unless.condition, scope)
