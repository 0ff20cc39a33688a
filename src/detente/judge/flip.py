"""What a verdict turns on: asked again without a few of the statements it cites.

A flip treats a statement as withdrawn by its source. The smallest sets (one,
two, then three statements) whose flip changes the outcome are reported; each
was checked by judging again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import duckdb

from detente.agreement.clause import Evidence, ImportedDuty, Level, RecurringDuty, Rule
from detente.evidence import Record
from detente.judge.form import Form, form
from detente.judge.plan import plans
from detente.judge.scene import Scene
from detente.judge.sql import name, text
from detente.model.verdict import InstanceVerdict, Outcome, Turn

MOST_ASKED = 24
"""Judgements made again for one explanation."""

SCRATCH = "flips"


@dataclass(frozen=True, slots=True)
class Flips:
    """The claims that turn the verdict; `more` where it takes more than three, or more than could be tried."""

    turns: tuple[Turn, ...]
    more: bool


def turns(record: Record, scene: Scene, rule: Rule, evidence: Evidence, instance: InstanceVerdict) -> Flips:
    """The smallest sets of statements without which the outcome would be another."""
    db = record.database
    try:
        _prepare(db, record, scene, rule, evidence, instance)
        tried = 0
        for size in (1, 2, 3):
            found: list[Turn] = []
            for chosen in combinations(instance.cites, size):
                tried += 1
                if tried > MOST_ASKED:
                    return Flips(tuple(found), not found)
                outcome = _without(db, chosen)
                if outcome != str(instance.outcome or ""):
                    found.append(_turn(db, chosen, outcome))
            if found:
                return Flips(tuple(found), more=False)
        return Flips((), more=True)
    finally:
        db.execute("DEALLOCATE asked_again")
        for table in _tables(record):
            db.execute(f"DROP VIEW IF EXISTS temp.{name(table)}")
        db.execute("DROP TABLE IF EXISTS temp.removed")


def _tables(record: Record) -> list[str]:
    return [*(k.table for k in record.kinds.values()), "completeness", "identity"]


def _prepare(
    db: duckdb.DuckDBPyConnection, record: Record, scene: Scene, rule: Rule, evidence: Evidence, instance: InstanceVerdict
) -> None:
    """Views that leave out the removed statements, and the plan that reads them, prepared as `asked_again`."""
    db.execute("CREATE OR REPLACE TEMP TABLE removed (seq UINTEGER)")
    (catalog,) = db.execute("SELECT current_database()").fetchone() or ("memory",)
    main = f"{name(catalog)}.main"
    near = _near(record, form(scene.kinds, rule), instance)
    for kind in record.kinds.values():
        table = name(kind.table)
        limit = near.get(kind.name, "true")
        db.execute(
            f"CREATE OR REPLACE TEMP VIEW {table} AS SELECT * REPLACE (false AS lone) FROM {main}.{table}"
            f" WHERE seq NOT IN (SELECT seq FROM removed) AND ({limit})"
        )
    for table in ("completeness", "identity"):
        db.execute(f"CREATE OR REPLACE TEMP VIEW {table} AS SELECT * FROM {main}.{table} WHERE seq NOT IN (SELECT seq FROM removed)")
    shapes = {k: s.whole for k, s in scene.shapes.items()}
    plan = next(p for p in plans(replace(scene, shapes=shapes, may_pair=False), rule, evidence) if p.id == instance.rule)
    question = f"SELECT outcome FROM ({plan.sql}) WHERE {_this(instance, is_spells=isinstance(rule, Level))}"
    db.execute(f"PREPARE asked_again AS {question}")


def _near(record: Record, rule: Form, instance: InstanceVerdict) -> dict[str, str]:
    """Which rows of each kind can matter to this instance; others are left out to judge quickly."""
    if isinstance(rule, Level | RecurringDuty | ImportedDuty) or instance.occasion is None:
        return {}
    event = text(instance.occasion)
    limits = {}
    for kind in record.kinds.values():
        here = [f"event = {event}", "event IS NULL"]
        if "about" in kind.fields:
            here += [f"about = {event}", "about IS NULL"]
        elif rule.occasion is None or kind.name != rule.occasion.kind:
            here = ["true"]
        limits[kind.name] = " OR ".join(here)
    return limits


def _this(instance: InstanceVerdict, *, is_spells: bool) -> str:
    conditions = [
        f"bearer = {text(instance.bearer)}",
        f"recipient IS NOT DISTINCT FROM {text(instance.recipient) if instance.recipient else 'NULL'}",
    ]
    if not is_spells:
        conditions.append(f"event = {text(instance.occasion or '')}")
    return " AND ".join(conditions)


def _without(db: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> str:
    db.execute("DELETE FROM removed")
    db.execute("INSERT INTO removed SELECT seq FROM statement WHERE id IN (SELECT unnest(?::VARCHAR[]))", [list(ids)])
    outcomes = [o for (o,) in db.execute("EXECUTE asked_again").fetchall() if o]
    order = [str(o) for o in Outcome]
    return min(outcomes, key=order.index) if outcomes else ""


def _turn(db: duckdb.DuckDBPyConnection, ids: Sequence[str], outcome: str) -> Turn:
    rows = db.execute(
        "SELECT id, source, says, kind, event FROM statement WHERE id IN (SELECT unnest(?::VARCHAR[])) ORDER BY seq", [list(ids)]
    ).fetchall()
    claim = "; ".join(f"{source} {says} {kind} {event or '(any that fits)'}" for _, source, says, kind, event in rows)
    for_it = tuple(r[0] for r in rows if r[2] == "asserts")
    against = tuple(r[0] for r in rows if r[2] != "asserts")
    return Turn(claim, for_it, against, outcome or "no verdict")
