"""Sentences about deeds."""

from __future__ import annotations

from typing import Any

from detente.agreement import tree as t


class DutyBuilder:
    """Builds the nodes of `tree/duty.py`."""

    def prohibition(self, c: list[Any]) -> t.Forbid:
        bearer, deed, reach, where = c
        return t.Forbid(bearer, deed, reach, where)

    def reach(self, c: list[Any]) -> t.PlaceWord:
        place: t.PlaceWord = c[-1]
        return place

    def permission(self, c: list[Any]) -> t.Allow:
        bearer, only, deed, also, where = c[-5:]
        return t.Allow(bearer, deed, only is not None or also is not None, where)

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

    def release(self, c: list[Any]) -> t.ReleaseTree:
        breacher, of, released, _, scope, ends = c
        return t.ReleaseTree(breacher, of, released, scope, ends)

    def cured(self, _: list[Any]) -> str:
        return "cured"
