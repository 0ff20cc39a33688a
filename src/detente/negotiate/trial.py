"""Judges a small event table by one draft: rows in, one reading for each case of the rules that are asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from detente.agreement.clause import Agreement
from detente.cases.judged import by_rules, judged
from detente.judge import Question
from detente.model.verdict import InstanceVerdict, Outcome, Status
from detente.negotiate.spots import spot_locator
from detente.negotiate.values import Where

Row = Mapping[str, str]

RECORDER = "record"
"""The one source of an invented table: a monitor that sees everything."""

KEPT, NOTHING, LEFT_OPEN = "kept", "nothing asked", "left open by the text"
NO_BREACH = frozenset({KEPT, NOTHING})


@dataclass(frozen=True, slots=True)
class Key:
    """Which case: its bearer, the event, the recipient, and whether it is the consequence of a breach."""

    bearer: str
    occasion: str
    recipient: str
    is_consequence: bool


Readings = dict[Key, str]
"""What a draft says of each case: "breached", "kept", "left open by the text", ...; a case that is missing has nothing asked of it."""


@dataclass(frozen=True, slots=True)
class Table:
    """Invented events, the places that they name, and the moment at which they are looked at."""

    rows: tuple[Row, ...]
    spots: Mapping[str, Where]
    as_of: datetime


def readings(agreement: Agreement, ids: Iterable[str], table: Table, parties: Sequence[str], *, as_if_in_force: bool) -> Readings:
    """What the rules `ids` of one draft say of the table.

    Every party states every row, and so does a monitor whose registers are complete: whatever the drafts say
    about evidence, all accounts agree.
    """
    wanted = frozenset(ids)
    asked = by_rules(agreement, wanted, (row["kind"] for row in table.rows))
    if not asked.rules:
        return {}
    question = Question(as_of=table.as_of, known_on=table.as_of, as_if_in_force=as_if_in_force)
    judgement, record = judged(asked, _told(asked, table, parties), question, lambda a, r: spot_locator(a, r, table.spots), parties)
    found: Readings = {}
    events = frozenset(row["event"].casefold() for row in table.rows)
    for article in judgement.articles:
        for rule in article.rules:
            for instance in rule.instances:
                key = _key(instance, events)
                found[key] = min((found[key], _word(instance)), key=_gravity) if key in found else _word(instance)
    record.database.close()
    return found


def _key(instance: InstanceVerdict, events: frozenset[str]) -> Key:
    # Without an occasion (owed once or again and again, or at all times) the worst case of the bearer counts, since due days differ.
    name = (instance.occasion or "").casefold()
    name = name if name in events else ""
    return Key(instance.bearer, name, (instance.recipient or "") if name else "", instance.rule.endswith(".else"))


def _word(instance: InstanceVerdict) -> str:
    if instance.outcome is not None:
        return instance.outcome.value
    return LEFT_OPEN if Status.LEFT_OPEN in instance.statuses else NOTHING


def _gravity(word: str) -> int:
    order = [o.value for o in Outcome if o is not Outcome.KEPT] + [LEFT_OPEN, KEPT, NOTHING]
    return order.index(word) if word in order else len(order)


def _told(agreement: Agreement, table: Table, parties: Sequence[str]) -> list[dict[str, str]]:
    moment = table.as_of.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")
    at = {"said_at": moment, "published_at": moment}
    told: list[dict[str, str]] = [
        {"table": "sources", "id": RECORDER, "name": RECORDER, "kind": "monitor", "speaks_for": "", "reliability": "A", "credibility": "1"}
    ]
    told += [
        {"table": "sources", "id": p, "name": p, "kind": "party", "speaks_for": p, "reliability": "A", "credibility": "1"} for p in parties
    ]
    for row in table.rows:
        kind = agreement.kinds.get(row["kind"])
        if kind is None:
            continue
        cells = {k: v for k, v in row.items() if k in ("kind", "event") or k in kind.fields}
        told += [{**cells, "source": source, "says": "asserts", **at} for source in (RECORDER, *parties)]
    for kind in agreement.kinds.values():
        for register in kind.registers:
            row = {"table": "completeness", "register": register, "kind": kind.name, **at}
            told += [{**row, "source": source} for source in (RECORDER, *parties)]
    return told
