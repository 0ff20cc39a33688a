"""Conditions."""

from __future__ import annotations

import re
from typing import Any

from detente.agreement import tree as t
from detente.agreement.tokens import day_of, end_of, path_of, place_of, stretch_of, word_of

_OPERATORS: dict[str, t.Operator] = {
    "AT_LEAST": "at least",
    "AT_MOST": "at most",
    "MORE_THAN": "more than",
    "LESS_THAN": "less than",
    "EQUAL_TO": "equal to",
    "BEFORE": "before",
    "AFTER": "after",
}


class ConditionBuilder:
    """Builds the nodes of `tree/condition.py`."""

    def where(self, c: list[Any]) -> t.Condition:
        condition: t.Condition = c[0]
        return condition

    def inner(self, c: list[Any]) -> t.Condition:
        condition: t.Condition = c[0]
        return condition

    def any_of(self, c: list[Any]) -> t.AnyOf:
        return t.AnyOf(tuple(c))

    def all_of(self, c: list[Any]) -> t.AllOf:
        return t.AllOf(tuple(c))

    def negation(self, c: list[Any]) -> t.Negation:
        return t.Negation(c[0])

    def is_test(self, c: list[Any]) -> t.Test:
        term, _, negated, predicate = c
        return t.Test(term, negated is not None, predicate, (term.at[0], stretch_of(predicate)[1]))

    def placed(self, c: list[Any]) -> t.Located:
        term, relation, place = c
        word: Any = re.sub(r"\s+", " ", relation.value).replace("can reach", "reaches")
        return t.Located(term, word, place, (term.at[0], place.at[1]))

    def lies_within(self, c: list[Any]) -> t.Test:
        term, _, distance, place = c
        return t.Test(term, False, t.Near(distance, place), (term.at[0], place.at[1]))

    def has_done(self, c: list[Any]) -> t.HasDone:
        actor, _, negated, verb, obj, *phrases, before = c
        deed = t.Deed(word_of(verb), obj, tuple(phrases), (place_of(verb)[0], end_of(t.Word("", place_of(verb)), obj, *phrases)))
        path = None if before is None else path_of(before)
        return t.HasDone(actor, negated is not None, deed, path, (actor.at[0], end_of(deed, path)))

    def has_perceived(self, c: list[Any]) -> t.HasPerceived:
        actor, _, negated, _, thing, _, subject, before = c
        path = None if before is None else path_of(before)
        return t.HasPerceived(actor, negated is not None, thing, word_of(subject), path, (actor.at[0], end_of(word_of(subject), path)))

    def compares(self, c: list[Any]) -> t.Compares:
        return t.Compares(_OPERATORS[c[0].type], c[1])

    def compares_loosely(self, c: list[Any]) -> t.Compares:
        return t.Compares("at least" if c[1].type == "OR_MORE" else "at most", c[0], re.sub(r"\s+", " ", c[1].value))

    def between(self, c: list[Any]) -> t.Between:
        return t.Between(c[0], c[1])

    def in_group(self, c: list[Any]) -> t.InGroup:
        group, _, day = c
        return t.InGroup(group, None if day is None else day_of(day))

    def near(self, c: list[Any]) -> t.Near:
        return t.Near(c[-2], c[-1])

    def equals(self, c: list[Any]) -> t.Equals:
        return t.Equals(c[0])
