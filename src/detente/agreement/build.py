"""From the parser's matches to the nodes of `tree.py`: one method for each production of `grammar.lark`.

Lark calls a method with the children of its production; `None` stands for an
optional part that is absent. No method can fail: what a word means is decided
in later steps.
"""

# ruff: noqa: D102 - each method has the name of its production in grammar.lark, which says what it is

from __future__ import annotations

import re
from typing import Any

from lark import Token, Transformer

from detente.agreement import tree as t
from detente.agreement.build_shapes import ShapeBuilder
from detente.agreement.tokens import (
    day_of,
    end_of,
    lasting_of,
    number_of,
    path_of,
    place_of,
    plain,
    stretch_of,
    text_of,
    variable_of,
    word_of,
)

_OPERATORS: dict[str, t.Operator] = {
    "AT_LEAST": "at least",
    "AT_MOST": "at most",
    "MORE_THAN": "more than",
    "LESS_THAN": "less than",
    "EQUAL_TO": "equal to",
    "BEFORE": "before",
    "AFTER": "after",
}
_DETERMINERS: dict[str, t.Determiner] = {
    "A": "a",
    "ANY": "any",
    "THE": "the",
    "ITS": "its",
    "ALL": "all",
    "ANY_OTHER": "any other",
    "EVERY_OTHER": "every other",
}
_COUNTS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}


class TreeBuilder(ShapeBuilder, Transformer[Token, list[t.Tree]]):
    """Builds the nodes while the parser reads."""

    def start(self, c: list[Any]) -> list[t.Tree]:
        return c

    # ---- rules ---------------------------------------------------------------

    def rule(self, c: list[Any]) -> t.RuleTree:
        id_, title, limits, norm, *tails = c
        starts, ends = limits or (None, None)
        return t.RuleTree(word_of(id_), text_of(title), starts, ends, norm, tuple(tails))

    def starts(self, c: list[Any]) -> tuple[t.WhenWord, t.WhenWord | None]:
        return (c[0], c[1])

    def ends(self, c: list[Any]) -> tuple[None, t.WhenWord]:
        return (None, c[0])

    def on_day(self, c: list[Any]) -> t.WhenWord:
        return t.WhenWord(day_of(c[0]))

    def at_entry(self, c: list[Any]) -> t.WhenWord:
        return t.WhenWord(self.entry(c))

    def after_entry(self, c: list[Any]) -> t.WhenWord:
        return t.WhenWord(c[1] if isinstance(c[1], t.PhaseName) else self.entry(c[1:]), c[0])

    def prohibition(self, c: list[Any]) -> t.Forbid:
        bearer, deed, reach, where = c
        return t.Forbid(bearer, deed, reach, where)

    def duty(self, c: list[Any]) -> t.Oblige:
        bearer, that, voluntarily, deed, deadline = c
        occasion, where = that or (None, None)
        return t.Oblige(bearer, occasion, where, deed, deadline, voluntarily is not None)

    def named_duty(self, c: list[Any]) -> t.Oblige:
        bearer, voluntarily, deed, deadline = c
        return t.Oblige(bearer, None, None, deed, deadline, voluntarily is not None)

    def that(self, c: list[Any]) -> tuple[t.Deed, t.Condition | None]:
        return (c[0], c[1])

    def response(self, c: list[Any]) -> t.Respond:
        actor, occasion, where, bearer, voluntarily, deed, deadline = c
        return t.Respond(actor, occasion, where, bearer, deed, deadline, voluntarily is not None)

    def bound(self, c: list[Any]) -> t.Always:
        _, *binders, counts, (op, limit) = c
        return t.Always(tuple(binders), counts, op, limit)

    def party_bearer(self, c: list[Any]) -> t.Bearer:
        party, var, group = c
        return t.Bearer((), variable_of(var), group, (place_of(party)[0], end_of(t.Word("", place_of(party)), group)))

    def named_bearer(self, c: list[Any]) -> t.Bearer:
        names = tuple(x for x in c if isinstance(x, t.Word))
        return t.Bearer(names, None, None, (names[0].at[0], names[-1].at[1]))

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

    def deed(self, c: list[Any]) -> t.Deed:
        verb, obj, *phrases = c
        return t.Deed(word_of(verb), obj, tuple(phrases), (place_of(verb)[0], end_of(t.Word("", place_of(verb)), obj, *phrases)))

    def preposition(self, c: list[Any]) -> Token:
        token: Token = c[0]
        return token

    def phrase(self, c: list[Any]) -> t.Phrase:
        return t.Phrase(c[0].value, c[1], (place_of(c[0])[0], c[1].at[1]))

    def noun(self, c: list[Any]) -> t.Word:
        word = word_of(c[0])
        if c[0].type == "PARTY":
            return t.Word("Party", word.at)
        if c[0].type == "STATE":
            return t.Word("State", word.at)
        return word

    def noun_phrase(self, c: list[Any]) -> t.NounPhrase:
        determiner, noun, var = c
        return t.NounPhrase(
            _DETERMINERS[determiner.type], noun, variable_of(var), (place_of(determiner)[0], end_of(noun, variable_of(var)))
        )

    def bare_noun(self, c: list[Any]) -> t.NounPhrase:
        name, var = c[0], variable_of(c[1] if len(c) > 1 else None)
        return t.NounPhrase("", name, var, (name.at[0], end_of(name, var)))

    def it(self, _: list[Any]) -> t.It:
        return t.It()

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
        number, unit = c
        return t.Amount(number_of(number), text_of(unit), (place_of(number)[0], place_of(unit or number)[1]))

    def duration(self, c: list[Any]) -> t.Lasting:
        return lasting_of(c[0], c[1])

    # ---- by when -------------------------------------------------------------

    def before(self, c: list[Any]) -> t.By:
        return t.By("before", c[1], c[2], (place_of(c[0])[0], c[2].at[1]))

    def within(self, c: list[Any]) -> t.By:
        *_, duration, point = c
        return t.By("within", duration, point, (duration.at[0], end_of(duration, point)))

    def by(self, c: list[Any]) -> t.By:
        return t.By("by", None, c[1], (place_of(c[0])[0], c[1].at[1]))

    def by_day(self, c: list[Any]) -> t.By:
        return t.By("by", None, day_of(c[1]), (place_of(c[0])[0], place_of(c[1])[1]))

    # ---- clauses after the sentence ------------------------------------------

    def unless(self, c: list[Any]) -> t.Unless:
        return t.Unless(c[0], stretch_of(c[0]))

    def otherwise(self, c: list[Any]) -> t.Otherwise:
        bearer, modal, deed, deadline = c
        return t.Otherwise(bearer, modal.value, deed, deadline, (deed.at[0], end_of(deed, deadline)))

    def strictly(self, c: list[Any]) -> t.By:
        return t.By("before", None, c[0], c[0].at)

    def counts_at(self, c: list[Any]) -> t.CountsAt:
        return t.CountsAt(word_of(c[0]))

    def voluntary(self, _: list[Any]) -> t.Voluntary:
        return t.Voluntary()

    def exception(self, c: list[Any]) -> t.ExceptionTree:
        id_, title, where, deed, deadline = c
        return t.ExceptionTree(word_of(id_), text_of(title), where, deed, deadline, (place_of(id_)[0], end_of(deed, deadline)))

    # ---- conditions ------------------------------------------------------------

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

    def territory(self, c: list[Any]) -> t.Territory:
        return t.Territory(c[1], (place_of(c[0])[0], max(place_of(c[0])[1], c[1].at[1])))

    def own_territory(self, c: list[Any]) -> t.OwnTerritory:
        return t.OwnTerritory(place_of(c[0]))

    # ---- definitions -------------------------------------------------------------

    def define(self, c: list[Any]) -> t.Define:
        return t.Define(c[0], c[1])

    def kind(self, c: list[Any]) -> t.KindTree:
        genus, verb, fields, happens, register = c
        sort: Any = "thing" if genus.value == "object" else genus.value
        return t.KindTree(sort, verb, fields or (), happens and word_of(happens), register and word_of(register))

    def place_file(self, c: list[Any]) -> t.PlaceFile:
        return t.PlaceFile(plain(c[-1].value))

    def place_in_evidence(self, _: list[Any]) -> t.PlaceInEvidence:
        return t.PlaceInEvidence()

    def group(self, c: list[Any]) -> t.GroupTree:
        return t.GroupTree(c[-1])

    def number_is(self, c: list[Any]) -> t.NumberIs:
        return t.NumberIs(self.quantity(c[-2:]))

    def duration_is(self, c: list[Any]) -> t.DurationIs:
        return t.DurationIs(lasting_of(c[-2], c[-1]))

    def party_is(self, c: list[Any]) -> t.PartyIs:
        return t.PartyIs(plain(c[-1].value))

    def left_open(self, c: list[Any]) -> t.LeftOpenTree:
        return t.LeftOpenTree(c[0].value)

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

    # ---- agreement: and evidence: ------------------------------------------------

    def agreement(self, c: list[Any]) -> t.AgreementBlock:
        return t.AgreementBlock(tuple(c))

    def title(self, c: list[Any]) -> t.TitleItem:
        return t.TitleItem(plain(c[0].value))

    def parties(self, c: list[Any]) -> t.PartiesItem:
        return t.PartiesItem(c[0])

    def enters_on(self, c: list[Any]) -> t.EntersOn:
        return t.EntersOn(day_of(c[-1]))

    def enters_when(self, c: list[Any]) -> t.EntersWhen:
        share: Any = "all" if any(x.type == "ALL" for x in c) else "majority"
        return t.EntersWhen(share, word_of(c[-1]))

    def never_enters(self, _: list[Any]) -> t.NeverEnters:
        return t.NeverEnters()

    def expires_on(self, c: list[Any]) -> t.Expires:
        return self.expiry_of(day_of(c[-2]), c[-1])

    def expires_after(self, c: list[Any]) -> t.Expires:
        return self.expiry_of(c[0], c[-1])

    def extension(self, c: list[Any]) -> t.Stretch:
        stretch: t.Stretch = c[-1]
        return stretch

    def released(self, c: list[Any]) -> t.Released:
        *_, verb, kind, _is, after = c
        return t.Released(word_of(verb), word_of(kind), after)

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
