"""Duties taken over from another instrument: from trees to clauses."""

from __future__ import annotations

from detente.agreement import tree as t
from detente.agreement.bearers import read_act, read_bearers
from detente.agreement.clause import Head, ImportedDuty
from detente.agreement.deeds import Scope
from detente.agreement.tails import Tails, read_unless, refuse


def read_imported(norm: t.Oblige, due: t.AsRequired, head: Head, tails: Tails, scope: Scope) -> ImportedDuty | None:
    """`... shall act as required by INCSEA-1972 article III`; None with problems."""
    lexicon = scope.lexicon
    bearers = read_bearers(norm.bearer, scope)
    refuse(tails, scope, "a duty of another instrument")
    if norm.voluntarily:
        scope.report.say("misplaced-clause", "what another instrument requires is not voluntary", norm.deed.at)
    act = None
    if norm.deed != t.Deed(t.Word("act"), None, ()):
        act = read_act(norm.deed, None, scope)
        if act is None:
            return None
    unless = read_unless(tails, scope)
    if due.instrument.text not in lexicon.instruments:
        lexicon.report.unknown(
            "unknown-instrument",
            f"no other agreement is called `{due.instrument.text}`",
            due.instrument,
            lexicon.instruments,
            advice=f'define it: `define {due.instrument.text} as agreement "FILE.md".`',
        )
        return None
    article = None if due.article is None else due.article.text
    return ImportedDuty(head, bearers, scope.bearer, act, due.instrument.text, article, unless)
