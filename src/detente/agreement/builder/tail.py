"""Clauses after the sentence."""

from __future__ import annotations

from typing import Any

from detente.agreement import tree as t
from detente.agreement.tokens import end_of, place_of, stretch_of, text_of, word_of


class TailBuilder:
    """Builds the nodes of `tree/tail.py`."""

    def unless(self, c: list[Any]) -> t.Unless:
        return t.Unless(c[0], stretch_of(c[0]))

    def exception(self, c: list[Any]) -> t.ExceptionTree:
        id_, title, where, deed, deadline = c
        return t.ExceptionTree(word_of(id_), text_of(title), where, deed, deadline, (place_of(id_)[0], end_of(deed, deadline)))

    def otherwise(self, c: list[Any]) -> t.Otherwise:
        bearer, modal, deed, deadline = c
        return t.Otherwise(bearer, modal.value, deed, deadline, (deed.at[0], end_of(deed, deadline)))

    def counts_at(self, c: list[Any]) -> t.CountsAt:
        return t.CountsAt(word_of(c[0]))

    def voluntary(self, _: list[Any]) -> t.Voluntary:
        return t.Voluntary()

    def notwithstanding(self, c: list[Any]) -> t.Notwithstanding:
        return t.Notwithstanding(c[0], (c[0][0].at[0], c[0][-1].at[1]))

    def irrefusable(self, c: list[Any]) -> t.Irrefusable:
        return t.Irrefusable(place_of(c[0]))

    def survives(self, c: list[Any]) -> t.Survives:
        of, lasting = c
        return t.Survives(of, lasting, (0, 0) if lasting is None else lasting.at)

    def expiry(self, _: list[Any]) -> tuple[str, ...]:
        return ("expiry",)

    def expiry_and_withdrawal(self, _: list[Any]) -> tuple[str, ...]:
        return ("expiry", "withdrawal")

    def withdrawal(self, _: list[Any]) -> tuple[str, ...]:
        return ("withdrawal",)
