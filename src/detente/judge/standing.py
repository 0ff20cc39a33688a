"""When a party is not bound by a rule, in words: before its phase, after it, released, or suspended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import duckdb

from detente.judge.moments import EVER
from detente.judge.recall import Row, grouped, rows
from detente.judge.scene import Scene
from detente.judge.sql import Clock, text
from detente.model.verdict import Cited, InstanceVerdict, Tale


def with_pauses(
    db: duckdb.DuckDBPyConnection, scene: Scene, rule: str, instance: InstanceVerdict, told: Sequence[Tale]
) -> tuple[Tale, ...]:
    """The tales, each with the stretches in which its accounts hold the bearer free of this rule."""
    if not scene.has_pauses:
        return tuple(told)
    found = rows(
        db,
        "SELECT accounts, start_lo, start_hi, end_lo, end_hi, sure FROM paused"
        f" WHERE rule = {text(rule)} AND party = {text(instance.bearer)} ORDER BY ALL",
    )
    masks = {a.name: a.mask for a in scene.seating.accounts}
    each = []
    for tale in told:
        for account in tale.accounts:
            mine = [r for r in found if int(str(r["accounts"])) & masks[account]]
            facts = tuple(Cited(_told(r, scene.clock), ()) for r in mine)
            each.append(replace(tale, accounts=(account,), facts=(*tale.facts, *dict.fromkeys(facts))))
    return grouped(each)


def _told(row: Row, clock: Clock) -> str:
    perhaps = "" if row["sure"] else "perhaps "
    ends = _span(row, "end", clock)
    if row["start_lo"] == EVER:
        return f"{perhaps}not bound up to {ends}" if ends else f"{perhaps}not bound: its phase has not begun"
    begins = _span(row, "start", clock)
    return f"{perhaps}not bound from {begins}" + (f" to {ends}" if ends else "")


def _span(row: Row, which: str, clock: Clock) -> str | None:
    """A day, or the first and the last that it may be; None without a limit."""
    days = [clock.local(at).date().isoformat() for at in (row[f"{which}_lo"], row[f"{which}_hi"]) if isinstance(at, datetime)]
    return "..".join(dict.fromkeys(days)) or None
