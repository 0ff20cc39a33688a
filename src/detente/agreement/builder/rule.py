"""A rule, and a phase, as a whole."""

from __future__ import annotations

from typing import Any

from lark import Token

from detente.agreement import tree as t
from detente.agreement.tokens import day_of, end_of, place_of, text_of, word_of


class RuleBuilder:
    """Builds the nodes of `tree/rule.py`."""

    def rule(self, c: list[Any]) -> t.RuleTree:
        id_, title, limits, norm, *tails = c
        starts, ends = limits or (None, None)
        return t.RuleTree(word_of(id_), text_of(title), starts, ends, norm, tuple(tails))

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
