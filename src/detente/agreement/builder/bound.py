"""Sentences about sums at all times, and their limits."""

from __future__ import annotations

from typing import Any

from detente.agreement import tree as t
from detente.agreement.tokens import day_of, path_of, place_of, variable_of, word_of


class BoundBuilder:
    """Builds the nodes of `tree/bound.py`."""

    def bound(self, c: list[Any]) -> t.Always:
        _, *binders, counts, (op, limit) = c
        return t.Always(tuple(binders), counts, op, limit)

    def binder(self, c: list[Any]) -> t.ForEach:
        sort, var, group = c
        return t.ForEach("Party" if sort.type == "PARTY" else "State", t.Variable(var.value, place_of(var)), group)

    def sum(self, c: list[Any]) -> tuple[t.Count, ...]:
        return tuple(c)

    def total(self, c: list[Any]) -> t.Count:
        opening, path, noun, var, *scopes, where = c
        return t.Count(path_of(path), word_of(noun), variable_of(var), tuple(scopes), where, (place_of(opening)[0], place_of(var)[1]))

    def number(self, c: list[Any]) -> t.Count:
        opening, noun, var, *scopes, where = c
        return t.Count(None, word_of(noun), variable_of(var), tuple(scopes), where, (place_of(opening)[0], place_of(var or noun)[1]))

    def scope(self, c: list[Any]) -> t.Scope:
        return t.Scope(c[0].value, t.Variable(c[1].value, place_of(c[1])))

    def ceiling(self, c: list[Any]) -> tuple[str, t.Value]:
        return ("at most", c[-1])

    def strict_ceiling(self, c: list[Any]) -> tuple[str, t.Value]:
        return ("less than", c[-1])

    def strict_floor(self, c: list[Any]) -> tuple[str, t.Value]:
        return ("more than", c[-1])

    def floor(self, c: list[Any]) -> tuple[str, t.Value]:
        return ("at least", c[-1])

    def level(self, c: list[Any]) -> t.Level:
        opening, point = c
        on = day_of(point) if point.type == "DATE" else t.Entry(place_of(point))
        return t.Level(on, at=(place_of(opening)[0], on.at[1]))

    def ceiling_beside(self, c: list[Any]) -> tuple[str, t.Level]:
        return ("at most", _level(c[0], c[-1], "above"))

    def floor_beside(self, c: list[Any]) -> tuple[str, t.Level]:
        return ("at least", _level(c[1], c[-1], "below"))

    def not_beyond(self, c: list[Any]) -> tuple[str, t.Level]:
        margin, side, level = c[-3:]
        is_below = side is not None and side.type == "BELOW"
        return ("at least" if is_below else "at most", _level(level, margin, "below" if is_below else "above"))

    def beyond(self, c: list[Any]) -> tuple[str, t.Level]:
        margin, side, level = c[-3:]
        is_below = side is not None and side.type == "BELOW"
        return ("at most" if is_below else "at least", _level(level, margin, "below" if is_below else "above"))


def _level(level: t.Level, margin: t.Value | None, side: Any) -> t.Level:
    at = level.at if margin is None else (min(level.at[0], margin.at[0]), max(level.at[1], margin.at[1]))
    return t.Level(level.on, margin, side, at)
