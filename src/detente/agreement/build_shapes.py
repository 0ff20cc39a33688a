"""Nodes of the shapes beside prohibition, duty and sum: permission, recurrence, separation, phases, release and references.

The other half of `build.py`, and as there: one method for each production, and none can fail.
"""

# ruff: noqa: D102 - each method has the name of its production in grammar.lark, which says what it is

from __future__ import annotations

import re
from typing import Any

from lark import Token

from detente.agreement import tree as t
from detente.agreement.tokens import day_of, end_of, path_of, place_of, plain, text_of, word_of

_PERIOD = re.compile(r"year|quarter|month|week")


def _period(token: Token) -> Any:
    found = _PERIOD.search(token.value)
    return found.group() if found else "year"  # annually


class ShapeBuilder:
    """Builds the nodes of the rarer shapes."""

    # ---- reach and permission --------------------------------------------------

    def reach(self, c: list[Any]) -> t.PlaceWord:
        place: t.PlaceWord = c[-1]
        return place

    def permission(self, c: list[Any]) -> t.Allow:
        bearer, only, deed, also, where = c[-5:]
        return t.Allow(bearer, deed, only is not None or also is not None, where)

    def notwithstanding(self, c: list[Any]) -> t.Notwithstanding:
        return t.Notwithstanding(c[0], (c[0][0].at[0], c[0][-1].at[1]))

    def irrefusable(self, c: list[Any]) -> t.Irrefusable:
        return t.Irrefusable(place_of(c[0]))

    # ---- recurrence, and duties of another instrument ------------------------------

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

    # ---- levels on a day -------------------------------------------------------------

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

    # ---- separation --------------------------------------------------------------------

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

    # ---- references, release, phases -----------------------------------------------------

    def refs(self, c: list[Any]) -> tuple[t.RefTree, ...]:
        return tuple(c)

    def ref(self, c: list[Any]) -> t.RefTree:
        sort, id_ = c
        word = word_of(id_)
        name: Any = "" if sort is None else sort.value.removesuffix("s")
        return t.RefTree(name, word, (place_of(sort or id_)[0], word.at[1]))

    def release(self, c: list[Any]) -> t.ReleaseTree:
        breacher, of, released, _, scope, ends = c
        return t.ReleaseTree(breacher, of, released, scope, ends)

    def cured(self, _: list[Any]) -> str:
        return "cured"

    def lasting(self, c: list[Any]) -> t.Stretch:
        stretch: t.Stretch = c[0]
        return stretch

    def phase_name(self, c: list[Any]) -> t.PhaseName:
        return t.PhaseName(word_of(c[1]), (place_of(c[0])[0], place_of(c[1])[1]))

    def at_phase(self, c: list[Any]) -> t.WhenWord:
        return t.WhenWord(c[0])

    def phase(self, c: list[Any]) -> t.PhaseTree:
        _, id_, title, beginning = c
        begins, latest = (beginning, None) if isinstance(beginning, t.WhenWord) else beginning
        return t.PhaseTree(word_of(id_), text_of(title), begins, latest)

    def milestones(self, c: list[Any]) -> tuple[tuple[t.HasBeenKept | t.HasDone, ...], t.Day | None]:
        latest = c[-1] if isinstance(c[-1], Token) else None
        return (tuple(x for x in c if isinstance(x, t.HasBeenKept | t.HasDone)), None if latest is None else day_of(latest))

    def kept(self, c: list[Any]) -> t.HasBeenKept:
        of, _, by, lasting = c
        return t.HasBeenKept(of, by, lasting, (of.at[0], end_of(of, by, lasting)))

    def achieved(self, c: list[Any]) -> t.HasDone:
        actor, _, verb, obj, *phrases = c
        deed = t.Deed(word_of(verb), obj, tuple(phrases), (place_of(verb)[0], end_of(word_of(verb), obj, *phrases)))
        return t.HasDone(actor, False, deed, None, (actor.at[0], deed.at[1]))

    # ---- perception ----------------------------------------------------------------------

    def has_perceived(self, c: list[Any]) -> t.HasPerceived:
        actor, _, negated, _, thing, _, subject, before = c
        path = None if before is None else path_of(before)
        return t.HasPerceived(actor, negated is not None, thing, word_of(subject), path, (actor.at[0], end_of(word_of(subject), path)))

    # ---- life ------------------------------------------------------------------------------

    def survives(self, c: list[Any]) -> t.Survives:
        of, lasting = c
        return t.Survives(of, lasting, (0, 0) if lasting is None else lasting.at)

    def expiry(self, _: list[Any]) -> tuple[str, ...]:
        return ("expiry",)

    def expiry_and_withdrawal(self, _: list[Any]) -> tuple[str, ...]:
        return ("expiry", "withdrawal")

    def withdrawal(self, _: list[Any]) -> tuple[str, ...]:
        return ("withdrawal",)

    def instrument_file(self, c: list[Any]) -> t.InstrumentFile:
        return t.InstrumentFile(plain(c[-1].value))

    def provisionally(self, c: list[Any]) -> t.Provisionally:
        opening, *days = c
        dates = [day_of(x) if x is not None else None for x in days]
        since, until = dates if len(dates) == 2 else (None, dates[0])
        return t.Provisionally(since, until, (place_of(opening)[0], end_of(t.Word("", place_of(opening)), since, until)))

    def expiry_of(self, when: t.Day | t.Stretch, more: Any) -> t.Expires:
        if isinstance(more, t.Renewed):
            return t.Expires(when, None, more)
        return t.Expires(when, more)

    def renewal(self, c: list[Any]) -> t.Renewed:
        period, _, objection = c
        return t.Renewed(period, objection is not None, objection[0] if objection else None)

    def objection(self, c: list[Any]) -> tuple[t.Stretch | None]:
        return (c[-1],)

    def suspension(self, c: list[Any]) -> t.SuspensionItem:
        of, has, after, *_ = c
        return t.SuspensionItem(of or (), after, (0, place_of(has)[1]))


def _variable(token: Token) -> t.Variable:
    return t.Variable(token.value, place_of(token))


def _year_day(token: Token) -> t.YearDay:
    day, month = token.value.split()
    return t.YearDay(str(int(day)), month, place_of(token))


def _level(level: t.Level, margin: t.Value | None, side: Any) -> t.Level:
    at = level.at if margin is None else (min(level.at[0], margin.at[0]), max(level.at[1], margin.at[1]))
    return t.Level(level.on, margin, side, at)
