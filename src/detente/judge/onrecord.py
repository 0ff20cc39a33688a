"""Breaches on record in each account: whose, from when, until when, and whether for certain.

Read from the results of rules that were judged already, for phases and
releases that depend on them. What no source of an account states did not
happen there; so an event that it does not speak of is no breach on its record.
Source: semantics, section 4, "Phases" and "Release".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import duckdb

from detente.agreement.clause import Duty, EventVar, ImportedDuty, Level, Prohibition, RecurringDuty
from detente.judge.form import Form
from detente.judge.hold import held, of_kind
from detente.judge.moments import EVER, NEVER, Between
from detente.judge.plan import Plan, with_ctes
from detente.judge.recall import Row, rows
from detente.judge.scene import Scene
from detente.judge.sql import name

TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Bad:
    """A breach as one account (`bit`) holds it: on record from `start`, over at `end`; what cannot be cured ends `NEVER`, an act lasts no time."""

    rule: str
    bearer: str
    bit: int
    start: Between
    over: Between
    """When the bad moment itself is past."""
    cured: Between
    is_sure: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """An obligation that one account calls kept, and when it was due."""

    bit: int
    bearer: str
    due: Between


@dataclass(frozen=True, slots=True)
class OnRecord:
    """What the accounts say of one rule."""

    bad: tuple[Bad, ...]
    kept: tuple[Kept, ...]
    pending: tuple[tuple[int, str], ...]
    """(account, bearer) where something is not due yet."""


def on_record(db: duckdb.DuckDBPyConnection, scene: Scene, rule: Form, plan: Plan, table: str) -> OnRecord:
    """What the table of results says, account by account."""
    spells = ", spell_start, spell_end" if plan.is_spells else ""
    found = rows(
        db, f"SELECT event, bearer, recipient, breached, open, kept, pending, cured, due_lo, due_hi, happens_lo{spells} FROM {name(table)}"
    )
    happened = _happened(db, scene, rule)
    bad, kept, pending = [], [], []
    for row in found:
        for account in scene.seating.accounts:

            def votes(what: str, mask: int = account.mask, row: Row = row) -> bool:
                return bool(int(str(row[what])) & mask)

            bearer = str(row["bearer"])
            if votes("pending"):
                pending.append((account.bit, bearer))
            if votes("kept"):
                kept.append(Kept(account.bit, bearer, Between(_time(row["due_lo"], EVER), _time(row["due_hi"], NEVER))))
            if votes("breached") or votes("open"):
                when = _when(db, scene, rule, plan, row, account.bit, happened)
                if when is not None:
                    bad.append(Bad(plan.id, bearer, account.bit, *when, is_sure=votes("breached")))
    return OnRecord(tuple(bad), tuple(kept), tuple(pending))


Times = Mapping[tuple[str, int], tuple[Between, Between]]


def _happened(db: duckdb.DuckDBPyConnection, scene: Scene, rule: Form) -> Times:
    """By event and account, when each occasion of which the account speaks began and ended."""
    if isinstance(rule, Level | RecurringDuty | ImportedDuty) or rule.occasion is None:
        return {}
    kind = scene.kinds[rule.occasion.kind]
    if kind.happens is None or not scene.shape(kind.name).is_present:
        return {}
    ends = "until" if kind.genus == "thing" and "until" in kind.fields else kind.happens
    fields = [f for f in kind.fields.values() if f.name in (kind.happens, ends)]
    ctes = held(scene, kind, fields, prefix="moments", unheard=False)
    cells = ", ".join(name(f"{f}_{end}") for f in (kind.happens, ends) for end in ("lo", "hi"))
    query = f"SELECT coalesce(l.same, m.event) AS event, accounts, {cells} FROM moments m LEFT JOIN linked l ON l.event = m.event AND {of_kind('l', kind)}"
    found: dict[tuple[str, int], tuple[Between, Between]] = {}
    for event, accounts, *times in db.execute(with_ctes(ctes, query)).fetchall():
        start = Between(times[0] or EVER, times[1] or NEVER)
        over = Between(times[2] or (NEVER if ends == "until" else EVER), times[3] or NEVER) if ends == "until" else start
        for account in scene.seating.accounts:
            if accounts & account.mask:
                found[event, account.bit] = (start, over)
    return found


def _when(
    db: duckdb.DuckDBPyConnection, scene: Scene, rule: Form, plan: Plan, row: Row, bit: int, happened: Times
) -> tuple[Between, Between, Between] | None:
    """When a breach went on record, when its moment is past, and when it was cured; None where the account speaks of no such thing."""
    never = Between(NEVER, NEVER)
    if plan.is_spells:
        start, end = _time(row["spell_start"], EVER), _time(row["spell_end"], NEVER)
        past = never if end >= scene.as_of else Between(end, end)
        return Between(start, start), past, past
    if isinstance(rule, ImportedDuty):
        at = row["due_hi"] or row["happens_lo"]
        found_at = Between(_time(row["due_lo"] or at, EVER), _time(at, NEVER))
        return found_at, found_at, never
    if isinstance(rule, Duty | RecurringDuty):
        if isinstance(rule, Duty) and rule.occasion is not None and (str(row["event"]), bit) not in happened:
            return None
        due = Between(_time(row["due_lo"], EVER), _time(row["due_hi"], NEVER))
        cured = _cure(db, rule, plan, row, bit) if int(str(row["cured"])) & (1 << bit) else never
        return due, cured if cured != never else due, cured
    found = happened.get((str(row["event"]), bit))
    if found is None or not isinstance(rule, Prohibition):
        return None
    begun, ended = found
    is_thing = scene.kinds[rule.occasion.kind].genus == "thing"
    return begun, ended, ended if is_thing else never


def _cure(db: duckdb.DuckDBPyConnection, rule: Duty | RecurringDuty, plan: Plan, row: Row, bit: int) -> Between:
    """When the late act came."""
    acts = "n0_renamed" if any(c == "n0_renamed" for c, _ in plan.ctes) else "n0"
    refers = any(isinstance(who, EventVar) for _, who in rule.act.roles)
    lo = name(f"{rule.act.counts_at}_lo")
    late = rows(db, plan.asking(f"SELECT * FROM {acts} WHERE sure AND (accounts >> {bit}) & 1 = 1 AND {lo} > {_literal(row['due_hi'])}"))
    mine = [a for a in late if a.get("party") == row["bearer"] and (not refers or a.get("about") == row["event"])]
    mine = [a for a in mine if not row["recipient"] or a.get("recipient") == row["recipient"]]
    times = [(_time(a[f"{rule.act.counts_at}_lo"], EVER), _time(a[f"{rule.act.counts_at}_hi"], NEVER)) for a in mine]
    return Between(min((t[0] for t in times), default=NEVER), min((t[1] for t in times), default=NEVER))


def _literal(value: object) -> str:
    return f"TIMESTAMP '{value}'" if isinstance(value, datetime) else "NULL::TIMESTAMP"


def _time(value: object, unknown: datetime) -> datetime:
    return value if isinstance(value, datetime) else unknown


def of_party(bad: tuple[Bad, ...], bit: int, names: tuple[str, ...]) -> Iterator[Bad]:
    """Those of one account and of some parties; no names are all."""
    return (b for b in bad if b.bit == bit and (not names or b.bearer in names))
