"""Judges invented rows by some rules of an agreement."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from detente.agreement.clause import Agreement, Rule
from detente.agreement.wording import nodes
from detente.evidence import Record, record_from_rows
from detente.judge import Judgement, Question, judge
from detente.judge.scene import Scene
from detente.judge.stage import Located
from detente.model.kind import Kind

Locator = Callable[[Agreement, Record], Callable[[Scene], Sequence[Located]]]
"""Makes the function that answers what rules ask of places."""

_OF_LIFE = (
    "ratification",
    "signature",
    "withdrawal",
    "suspension",
    "extension",
    "objection",
    "territory",
    "inventory",
    "change",
    "response",
)


def by_rules(agreement: Agreement, ids: Collection[str], kinds: Iterable[str]) -> Agreement:
    """The agreement with these rules only, and with the kinds that they or `kinds` speak of: all others could only cost time."""
    rules = tuple(r for r in agreement.rules if r.head.id in ids)
    return replace(agreement, rules=rules, cases=(), pending=(), kinds=_kinds_in(agreement, rules, kinds))


def judged(
    asked: Agreement, rows: Sequence[Mapping[str, str]], question: Question, locator: Locator, parties: Iterable[str] = ()
) -> tuple[Judgement, Record]:
    """What the agreement's rules say of the rows, and the record that was made of them; who asks closes its database."""
    record = record_from_rows(
        rows,
        asked.kinds,
        parties=tuple(dict.fromkeys((*asked.parties, *parties))),
        groups=asked.groups,
        time_zone=asked.evidence.time_zone,
    )
    return judge(asked, record, question, locate=locator(asked, record)), record


def _kinds_in(agreement: Agreement, rules: Sequence[Rule], kinds: Iterable[str]) -> dict[str, Kind]:
    words = {str(getattr(node, "kind", "")) for node in nodes(rules)} | set(kinds) | set(_OF_LIFE)
    words |= {f.of for name in words if name in agreement.kinds for f in agreement.kinds[name].fields.values() if f.of}
    return {name: kind for name, kind in agreement.kinds.items() if name in words}
