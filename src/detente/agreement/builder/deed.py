"""Who does what, and where."""

from __future__ import annotations

from typing import Any

from lark import Token

from detente.agreement import tree as t
from detente.agreement.tokens import end_of, place_of, variable_of, word_of

_DETERMINERS: dict[str, t.Determiner] = {
    "A": "a",
    "ANY": "any",
    "THE": "the",
    "ITS": "its",
    "ALL": "all",
    "ANY_OTHER": "any other",
    "EVERY_OTHER": "every other",
}


class DeedBuilder:
    """Builds the nodes of `tree/deed.py` and `tree/place.py`."""

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

    def party_bearer(self, c: list[Any]) -> t.Bearer:
        party, var, group = c
        return t.Bearer((), variable_of(var), group, (place_of(party)[0], end_of(t.Word("", place_of(party)), group)))

    def named_bearer(self, c: list[Any]) -> t.Bearer:
        names = tuple(x for x in c if isinstance(x, t.Word))
        return t.Bearer(names, None, None, (names[0].at[0], names[-1].at[1]))

    def territory(self, c: list[Any]) -> t.Territory:
        return t.Territory(c[1], (place_of(c[0])[0], max(place_of(c[0])[1], c[1].at[1])))

    def own_territory(self, c: list[Any]) -> t.OwnTerritory:
        return t.OwnTerritory(place_of(c[0]))
