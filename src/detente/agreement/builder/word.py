"""Words and values, and references to rules, articles and phases."""

from __future__ import annotations

from typing import Any

from detente.agreement import tree as t
from detente.agreement.tokens import amount_of, day_of, lasting_of, path_of, place_of, word_of


class WordBuilder:
    """Builds the nodes of `tree/word.py`."""

    def variable(self, c: list[Any]) -> t.Variable:
        return t.Variable(c[0].value, place_of(c[0]))

    def path(self, c: list[Any]) -> t.Path:
        return path_of(c[0])

    def day(self, c: list[Any]) -> t.Day:
        return day_of(c[0])

    def entry(self, c: list[Any]) -> t.Entry:
        return t.Entry(place_of(c[0]))

    def word(self, c: list[Any]) -> t.Word:
        return c[0] if isinstance(c[0], t.Word) else word_of(c[0])

    def name(self, c: list[Any]) -> t.Word:
        return word_of(c[0])

    def quantity(self, c: list[Any]) -> t.Amount:
        return amount_of(c[0], c[1])

    def duration(self, c: list[Any]) -> t.Lasting:
        return lasting_of(c[0], c[1])

    def lasting(self, c: list[Any]) -> t.Stretch:
        stretch: t.Stretch = c[0]
        return stretch

    def refs(self, c: list[Any]) -> tuple[t.RefTree, ...]:
        return tuple(c)

    def ref(self, c: list[Any]) -> t.RefTree:
        sort, id_ = c
        word = word_of(id_)
        name: Any = "" if sort is None else sort.value.removesuffix("s")
        return t.RefTree(name, word, (place_of(sort or id_)[0], word.at[1]))

    def phase_name(self, c: list[Any]) -> t.PhaseName:
        return t.PhaseName(word_of(c[1]), (place_of(c[0])[0], place_of(c[1])[1]))
