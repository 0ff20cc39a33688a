"""The `evidence:` block."""

from __future__ import annotations

from typing import Any

from lark import Token

from detente.agreement import tree as t
from detente.agreement.tokens import place_of, word_of

_COUNTS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}


class EvidenceBuilder:
    """Builds the nodes of `tree/evidence.py`."""

    def evidence(self, c: list[Any]) -> t.EvidenceBlock:
        return t.EvidenceBlock(tuple(c))

    def account(self, c: list[Any]) -> t.AccountItem:
        name, *tiers = c
        if isinstance(name, Token):
            return t.AccountItem(None, tuple(tiers), place_of(name))
        return t.AccountItem(name, tuple(tiers), name.at)

    def own(self, _: list[Any]) -> str:
        return "own"

    def own_acts(self, _: list[Any]) -> str:
        return "own-acts"

    def nothing_else(self, _: list[Any]) -> str:
        return "nothing else"

    def established(self, c: list[Any]) -> t.EstablishedItem:
        return t.EstablishedItem(tuple(x for x in c if not isinstance(x, Token)))

    def bearer(self, _: list[Any]) -> str:
        return "bearer"

    def quorum(self, c: list[Any]) -> t.QuorumItem:
        count, *names = c
        sources = tuple(n for n in names if isinstance(n, t.Word))
        return t.QuorumItem(_COUNTS.get(count.value) or int(count.value), sources, (place_of(count)[0], sources[-1].at[1]))

    def otherwise_disputed(self, _: list[Any]) -> t.DisputedItem:
        return t.DisputedItem()

    def time_zone(self, c: list[Any]) -> t.TimeZoneItem:
        return t.TimeZoneItem(word_of(c[0]))

    def changes(self, c: list[Any]) -> t.ChangesItem:
        return t.ChangesItem(c[0].value)

    def counts_hold(self, c: list[Any]) -> t.CountsHold:
        return t.CountsHold(c[0])

    def at_resolution(self, _: list[Any]) -> t.AtResolution:
        return t.AtResolution()

    def least_grade(self, c: list[Any]) -> t.LeastGrade:
        return t.LeastGrade(word_of(c[0]))
