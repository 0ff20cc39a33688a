"""What each account holds of a ceiling, a floor or a baseline, in words: the quantity in the spell that decides its vote."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from detente.agreement.clause import BaselineBound, Constant, Level, StrictBound
from detente.judge import tell
from detente.judge.plan import Plan
from detente.judge.recall import Row, grouped, ids, named, rows
from detente.judge.scene import Scene
from detente.judge.sql import Clock, text
from detente.model.account import Account
from detente.model.verdict import Cited, InstanceVerdict, Spell, Tale, Vote


def level_tales(db: duckdb.DuckDBPyConnection, scene: Scene, rule: Level, plan: Plan, instance: InstanceVerdict) -> tuple[Tale, ...]:
    """One tale for each group of accounts that tell the same."""
    of = f"bearer = {text(instance.bearer)} AND recipient IS NOT DISTINCT FROM {text(instance.recipient) if instance.recipient else 'NULL'}"
    totals = rows(db, plan.asking(f"SELECT spell_start, bit, lo, hi, cites FROM total WHERE {of}"))
    limits: Sequence[Row] = []
    if isinstance(rule, BaselineBound):
        limits = rows(db, plan.asking(f'SELECT bit, lo, hi, cites FROM "limit" WHERE {of}'))
    known = ids(db, [*totals, *limits])
    told = []
    for account in scene.seating.accounts:
        vote = instance.votes[account.name]
        spell = _deciding(instance, account, vote)
        facts: tuple[Cited, ...] = ()
        margin = None
        if spell is not None:
            lo, hi = spell.values.get(account.name, (None, None))
            starts = spell.start.replace(tzinfo=None) if spell.start else None
            row = next((r for r in totals if r["bit"] == account.bit and r["spell_start"] == starts), None)
            facts = (Cited(f"{_quantity(lo, hi)} {_when(spell, scene.clock)}", named(row, known)),)
            limit = _limit(rule, next((r for r in limits if r["bit"] == account.bit), None))
            if isinstance(rule, BaselineBound):
                facts += (_earlier(rule, next((r for r in limits if r["bit"] == account.bit), None), known),)
            margin = _under(rule, limit, lo, hi)
        missing = ("a count that still holds",) if vote == Vote.OPEN else ()
        told.append(Tale((account.name,), vote, facts, margin, None, missing))
    return grouped(told)


def _deciding(instance: InstanceVerdict, account: Account, vote: Vote) -> Spell | None:
    voted = [s for s in instance.spells if s.votes[account.name] == vote]
    return next((s for s in voted if s.outcome == instance.outcome), voted[0] if voted else None)


def _when(spell: Spell, clock: Clock) -> str:
    """`from 2026-01-15`, or `on 2026-01-15` of a single day."""
    if spell.start is None:
        return "from the beginning"
    first = tell.moment(spell.start, clock)
    return f"on {first}" if spell.end and tell.moment(spell.end, clock) == first else f"from {first}"


def _quantity(lo: float | None, hi: float | None) -> str:
    if lo is not None and lo == hi:
        return tell.number(lo)
    return f"{tell.number(lo or 0)} or more" if hi is None else f"{tell.number(lo or 0)} - {tell.number(hi)}"


def _earlier(rule: BaselineBound, limit: Row | None, known: dict[int, str]) -> Cited:
    """The limit as the earlier value makes it."""
    day = "at entry into force" if rule.on == "entry-into-force" else f"on {rule.on}"
    if limit is None or (limit["hi"] is None and not limit["lo"]):
        return Cited(f"the value {day} is unknown", named(limit, known))
    lo, hi = (None if limit[end] is None else float(str(limit[end])) for end in ("lo", "hi"))
    return Cited(f"against the value {day} the limit is {_quantity(lo, hi)}", named(limit, known))


def _limit(rule: Level, row: Row | None) -> tuple[float, str] | None:
    """The limit where it is one number, and how it is called."""
    if not isinstance(rule, BaselineBound):
        return (float(rule.limit.value), rule.limit.shown) if isinstance(rule.limit, Constant) else None
    if row is None or row["lo"] is None or row["lo"] != row["hi"]:
        return None
    return float(str(row["lo"])), tell.number(float(str(row["lo"])))


def _under(rule: Level, limit: tuple[float, str] | None, lo: float | None, hi: float | None) -> str | None:
    """How far the quantity is from the limit, where both are known."""
    if limit is None or lo is None or lo != hi:
        return None
    by = limit[0] - lo
    if by == 0:
        return "at the limit, which is excluded" if isinstance(rule, StrictBound) else "at the limit"
    return f"{tell.number(abs(by))} {'below' if by > 0 else 'above'} {limit[1]}"
