"""By when, how often, and from when until when."""

from __future__ import annotations

import re
from typing import Any

from lark import Token

from detente.agreement import tree as t
from detente.agreement.tokens import day_of, end_of, place_of, word_of

_PERIOD = re.compile(r"year|quarter|month|week")


class DueBuilder:
    """Builds the nodes of `tree/due.py`."""

    def before(self, c: list[Any]) -> t.By:
        return t.By("before", c[1], c[2], (place_of(c[0])[0], c[2].at[1]))

    def within(self, c: list[Any]) -> t.By:
        *_, duration, point = c
        return t.By("within", duration, point, (duration.at[0], end_of(duration, point)))

    def by(self, c: list[Any]) -> t.By:
        return t.By("by", None, c[1], (place_of(c[0])[0], c[1].at[1]))

    def by_day(self, c: list[Any]) -> t.By:
        return t.By("by", None, day_of(c[1]), (place_of(c[0])[0], place_of(c[1])[1]))

    def strictly(self, c: list[Any]) -> t.By:
        return t.By("before", None, c[0], c[0].at)

    def each_period(self, c: list[Any]) -> t.EachTree:
        return self._each(c, c[0])

    def days_each_period(self, c: list[Any]) -> t.EachTree:
        return self._each(c, c[-1])

    def _each(self, c: list[Any], period: Token) -> t.EachTree:
        tokens = [x for x in c if x is not None]
        days = tuple(_year_day(x) for x in tokens if x.type == "YEAR_DAY")
        return t.EachTree(_period(period), days, None, (place_of(tokens[0])[0], place_of(tokens[-1])[1]))

    def after_each_period(self, c: list[Any]) -> t.EachTree:
        grace, period = c
        return t.EachTree(_period(period), (), grace, (grace.at[0], place_of(period)[1]))

    def every(self, c: list[Any]) -> t.EveryTree:
        every, duration, start = c
        if isinstance(start, Token):
            start = day_of(start) if start.type == "DATE" else t.Entry(place_of(start))
        return t.EveryTree(duration, start, (place_of(every)[0], end_of(duration, start)))

    def as_required(self, c: list[Any]) -> t.AsRequired:
        opening, instrument, _, article = c
        word = None if article is None else word_of(article)
        return t.AsRequired(instrument, word, (place_of(opening)[0], end_of(instrument, word)))

    def starts(self, c: list[Any]) -> tuple[t.WhenWord, t.WhenWord | None]:
        return (c[0], c[1])

    def ends(self, c: list[Any]) -> tuple[None, t.WhenWord]:
        return (None, c[0])

    def on_day(self, c: list[Any]) -> t.WhenWord:
        return t.WhenWord(day_of(c[0]))

    def at_entry(self, c: list[Any]) -> t.WhenWord:
        return t.WhenWord(t.Entry(place_of(c[0])))

    def after_entry(self, c: list[Any]) -> t.WhenWord:
        return t.WhenWord(c[1] if isinstance(c[1], t.PhaseName) else t.Entry(place_of(c[1])), c[0])

    def at_phase(self, c: list[Any]) -> t.WhenWord:
        return t.WhenWord(c[0])


def _period(token: Token) -> Any:
    found = _PERIOD.search(token.value)
    return found.group() if found else "year"  # annually


def _year_day(token: Token) -> t.YearDay:
    day, month = token.value.split()
    return t.YearDay(str(int(day)), month, place_of(token))
