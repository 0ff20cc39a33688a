"""Sentences about the distance between two craft."""

from __future__ import annotations

from typing import Any

from lark import Token

from detente.agreement import tree as t
from detente.agreement.tokens import end_of, place_of, word_of


class SeparationBuilder:
    """Builds the nodes of `tree/separation.py`."""

    def apart(self, c: list[Any]) -> t.Apart:
        _, (nouns, pair), different, _, where, _, first, second, _, gap = c
        return t.Apart(nouns, pair, different is not None, where, (_variable(first), _variable(second)), gap)

    def one_noun(self, c: list[Any]) -> tuple[tuple[t.Word, ...], tuple[t.Variable, t.Variable]]:
        _, noun, first, second = c
        return ((word_of(noun),), (_variable(first), _variable(second)))

    def two_nouns(self, c: list[Any]) -> tuple[tuple[t.Word, ...], tuple[t.Variable, t.Variable]]:
        _, noun, first, _, other, second = c
        return ((word_of(noun), word_of(other)), (_variable(first), _variable(second)))

    def no_nearer(self, _: list[Any]) -> None:
        return None

    def keep_away(self, c: list[Any]) -> t.KeepAway:
        first, _, gap, _, second, where = c[-6:]
        return t.KeepAway(first, gap, second, where)

    def craft(self, c: list[Any]) -> t.CraftTree:
        noun, var, of = c
        return t.CraftTree(word_of(noun), _variable(var), of, (place_of(noun)[0], end_of(_variable(var), of)))

    def across(self, c: list[Any]) -> t.Gap:
        horizontal, vertical = c
        return t.Gap(horizontal, vertical, (horizontal.at[0], end_of(horizontal, vertical)))

    def upward(self, c: list[Any]) -> t.Gap:
        return t.Gap(None, c[0], c[0].at)


def _variable(token: Token) -> t.Variable:
    return t.Variable(token.value, place_of(token))
