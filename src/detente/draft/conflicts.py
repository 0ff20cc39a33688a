"""Conditions that cannot hold, exceptions that are never reached, and exceptions that stand in each other's way."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from detente.agreement.clause import (
    BaselineBound,
    Bound,
    Condition,
    Duty,
    Exceptional,
    Permission,
    Prohibition,
    RecurringDuty,
    Separation,
)
from detente.draft.conditions import Fields, implies, together
from detente.draft.draft import Draft, nodes
from detente.model.problem import Problem
from detente.model.span import Span


def conflicts(draft: Draft) -> Iterator[Problem]:
    """What simple comparison of one field's limits shows; conditions under `or` and places are not compared."""
    for rule in draft.rules:
        where: Condition | None = None
        unless: Condition | None = None
        match rule:
            case Prohibition(occasion=occasion, unless=unless) | Permission(deed=occasion, unless=unless):
                where = occasion.where
            case Duty(occasion=occasion, unless=unless):
                where = occasion.where if occasion is not None else None
            case RecurringDuty(unless=unless) | Bound(unless=unless) | BaselineBound(unless=unless):
                pass
            case Separation(where=where, unless=unless):
                pass
            case _:
                continue
        held, clash, _ = together(where)
        if clash is not None:
            yield _impossible(draft, clash, rule.head.span)
            continue
        for summand in getattr(rule, "summands", ()):
            _, clash, _ = together(summand.where)
            if clash is not None:
                yield _impossible(draft, clash, rule.head.span)
        excused, clash, is_simple = together(unless)
        if clash is not None:
            yield _impossible(draft, clash, rule.head.span)
        elif unless is not None and is_simple and excused and implies(held, excused):
            yield draft.remark_at(
                "always-excused",
                f"rule {rule.head.id} binds nobody: whatever meets its `where` meets its `unless`",
                _span(unless, rule.head.span),
                "narrow the `unless`, or take the rule out",
            )
        if isinstance(rule, Duty):
            yield from _exceptions(draft, where, rule.exceptions)


def _exceptions(draft: Draft, where: Condition | None, exceptions: tuple[Exceptional, ...]) -> Iterator[Problem]:
    for number, exception in enumerate(exceptions):
        _, clash, _ = together(where, exception.where)
        if clash is not None:
            yield draft.remark_at(
                "unreachable-exception",
                f"exception {exception.id} is never reached: nothing that meets the rule's `where` meets its own",
                exception.span,
                "correct one of the two limits, or take the exception out",
            )
            continue
        own, _, _ = together(exception.where)
        earlier = next((e for e in exceptions[:number] if _covers(e, own)), None)
        if earlier is not None:
            yield draft.remark_at(
                "unreachable-exception",
                f"exception {exception.id} is never reached: exception {earlier.id} stands before it and takes all its cases",
                exception.span,
                "put the narrower exception first",
            )
    for first, second in pairwise(exceptions):
        _, clash, _ = together(where, first.where, second.where)
        _, dead, _ = together(where, second.where)
        if clash is None and dead is None and not _covers(first, together(second.where)[0]):
            yield draft.remark_at(
                "overlapping-exceptions",
                f"exceptions {first.id} and {second.id} can both hold; the first in the text counts",
                second.span,
                "add to the second what the first asks, with `not`, or say in the prose that the first goes before",
                "note",
            )


def _covers(earlier: Exceptional, own: Fields) -> bool:
    wide, clash, is_simple = together(earlier.where)
    return is_simple and clash is None and bool(wide) and implies(own, wide)


def _impossible(draft: Draft, clash: Condition, otherwise: Span) -> Problem:
    return draft.remark_at(
        "impossible-condition",
        "nothing can meet this and what stands before it",
        _span(clash, otherwise),
        "correct one of the two limits",
    )


def _span(condition: Condition, otherwise: Span) -> Span:
    return next((node.span for node in nodes(condition) if hasattr(node, "span")), otherwise)
