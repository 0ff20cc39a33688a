"""The `agreement:` block."""

from __future__ import annotations

from typing import Any

from detente.agreement import tree as t
from detente.agreement.tokens import day_of, end_of, place_of, plain, word_of


class LifeBuilder:
    """Builds the nodes of `tree/life.py`."""

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

    def expiry_of(self, when: t.Day | t.Stretch, more: Any) -> t.Expires:
        if isinstance(more, t.Renewed):
            return t.Expires(when, None, more)
        return t.Expires(when, more)

    def extension(self, c: list[Any]) -> t.Stretch:
        stretch: t.Stretch = c[-1]
        return stretch

    def renewal(self, c: list[Any]) -> t.Renewed:
        period, _, objection = c
        return t.Renewed(period, objection is not None, objection[0] if objection else None)

    def objection(self, c: list[Any]) -> tuple[t.Stretch | None]:
        return (c[-1],)

    def provisionally(self, c: list[Any]) -> t.Provisionally:
        opening, *days = c
        dates = [day_of(x) if x is not None else None for x in days]
        since, until = dates if len(dates) == 2 else (None, dates[0])
        return t.Provisionally(since, until, (place_of(opening)[0], end_of(t.Word("", place_of(opening)), since, until)))

    def released(self, c: list[Any]) -> t.Released:
        *_, verb, kind, _is, after = c
        return t.Released(word_of(verb), word_of(kind), after)

    def suspension(self, c: list[Any]) -> t.SuspensionItem:
        of, has, after, *_ = c
        return t.SuspensionItem(of or (), after, (0, place_of(has)[1]))
