"""Definitions."""

from __future__ import annotations

from typing import Any

from detente.agreement import tree as t
from detente.agreement.tokens import amount_of, day_of, lasting_of, plain, word_of


class DefinitionBuilder:
    """Builds the nodes of `tree/define.py`."""

    def define(self, c: list[Any]) -> t.Define:
        return t.Define(c[0], c[1])

    def kind(self, c: list[Any]) -> t.KindTree:
        genus, verb, fields, happens, register = c
        sort: Any = "thing" if genus.value == "object" else genus.value
        return t.KindTree(sort, verb, fields or (), happens and word_of(happens), register and word_of(register))

    def verb(self, c: list[Any]) -> t.VerbTree:
        subject, third, forms, obj, *signature = c
        return t.VerbTree(word_of(subject), word_of(third), forms, word_of(obj), tuple(signature))

    def verb_alone(self, c: list[Any]) -> t.VerbTree:
        subject, third, forms, *signature = c
        return t.VerbTree(word_of(subject), word_of(third), forms, None, tuple(signature))

    def forms(self, c: list[Any]) -> tuple[t.Word, t.Word]:
        return (word_of(c[0]), word_of(c[1]))

    def signature(self, c: list[Any]) -> tuple[str, t.Word]:
        return (c[0].value, word_of(c[1]))

    def fields(self, c: list[Any]) -> tuple[t.FieldTree, ...]:
        return tuple(c)

    def field(self, c: list[Any]) -> t.FieldTree:
        name, (type_, unit, levels, is_scale) = c
        return t.FieldTree(word_of(name), type_, unit, levels, is_scale)

    def plain_type(self, c: list[Any]) -> tuple[Any, ...]:
        return (word_of(c[0]), c[1] and word_of(c[1]), (), False)

    def scale_type(self, c: list[Any]) -> tuple[Any, ...]:
        return (None, None, tuple(word_of(x) for x in c), True)

    def category_type(self, c: list[Any]) -> tuple[Any, ...]:
        return (None, None, tuple(word_of(x) for x in c), False)

    def place_file(self, c: list[Any]) -> t.PlaceFile:
        return t.PlaceFile(plain(c[-1].value))

    def place_in_evidence(self, _: list[Any]) -> t.PlaceInEvidence:
        return t.PlaceInEvidence()

    def group(self, c: list[Any]) -> t.GroupTree:
        return t.GroupTree(c[-1])

    def members(self, c: list[Any]) -> t.MemberList:
        return tuple(c)

    def member(self, c: list[Any]) -> t.MemberTree:
        name, *rest = c
        days: dict[str, t.Day] = {}
        for mark, day in zip(rest[::2], rest[1::2], strict=True):
            if mark is not None:
                days[mark.type] = day_of(day)
        return t.MemberTree(name, days.get("SINCE"), days.get("UNTIL"))

    def members_on(self, c: list[Any]) -> t.MembersOn:
        return t.MembersOn(c[0], day_of(c[-1]))

    def number_is(self, c: list[Any]) -> t.NumberIs:
        return t.NumberIs(amount_of(c[-2], c[-1]))

    def duration_is(self, c: list[Any]) -> t.DurationIs:
        return t.DurationIs(lasting_of(c[-2], c[-1]))

    def party_is(self, c: list[Any]) -> t.PartyIs:
        return t.PartyIs(plain(c[-1].value))

    def instrument_file(self, c: list[Any]) -> t.InstrumentFile:
        return t.InstrumentFile(plain(c[-1].value))

    def left_open(self, c: list[Any]) -> t.LeftOpenTree:
        return t.LeftOpenTree(c[0].value)
