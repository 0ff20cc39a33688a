"""Whether the statements that a verdict cites carry it.

A verdict is judged again on nothing but the statements it cites, beside
registers stated complete, identity links and notices about the agreement's
life, and must come out the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

import duckdb

from detente.agreement.clause import Agreement, Level, Rule
from detente.evidence import Record
from detente.judge import Judgement
from detente.judge.evaluate import rule_of
from detente.judge.plan import plans
from detente.judge.scene import Scene
from detente.judge.sql import name
from detente.model.verdict import InstanceVerdict, Outcome, Verdicts, worst

MOST_TRIED = 20
"""Verdicts tried: the gravest. The rest are derived from all of the evidence only."""

DECIDED = (Outcome.BREACHED, Outcome.DISPUTED, Outcome.KEPT)
"""Outcomes tried, the gravest first. What is unverified may be so for want of any statement."""


def insufficient(verdicts: Verdicts, agreement: Agreement, record: Record, judgement: Judgement) -> Iterator[str]:
    """Each verdict that its citations do not carry; `agreement` has the terms that were assumed, `judgement` is of the same question."""
    decided = [i for a in verdicts.articles for r in a.rules for i in r.instances if i.outcome in DECIDED and i.cites]
    decided.sort(key=lambda i: DECIDED.index(i.outcome))
    tried = sorted(decided[:MOST_TRIED], key=lambda i: i.rule)
    if not tried:
        return
    db = record.database
    tables = [name(kind.table) for kind in record.kinds.values()]
    # No row is taken as standing alone: steps that the whole evidence spared may not be left out for a part of it.
    shapes = {k: s.whole for k, s in judgement.scene.shapes.items()}
    scene = replace(judgement.scene, shapes=shapes, may_pair=False)
    (catalog,) = db.execute("SELECT current_database()").fetchone() or ("memory",)
    try:
        _cite(db, [id_ for i in tried for id_ in i.cites])
        for table in tables:
            rows = f"SELECT * REPLACE (false AS lone) FROM {name(catalog)}.main.{table} WHERE seq IN (SELECT seq FROM cited)"
            db.execute(f"CREATE OR REPLACE TEMP VIEW {table} AS {rows}")
        for rule_id, instances in groupby(tried, key=lambda i: i.rule):
            rule = rule_of(agreement, rule_id)
            if rule is not None:
                yield from _of_rule(db, scene, agreement, rule, list(instances))
    finally:
        for table in tables:
            db.execute(f"DROP VIEW IF EXISTS temp.{table}")
        db.execute("DROP TABLE IF EXISTS temp.cited")


def _of_rule(
    db: duckdb.DuckDBPyConnection, scene: Scene, agreement: Agreement, rule: Rule, instances: Sequence[InstanceVerdict]
) -> Iterator[str]:
    plan = next(p for p in plans(scene, rule, agreement.evidence) if p.id == instances[0].rule)
    # Planned while every citation is there, so that nothing is planned away that only some instances need.
    _cite(db, [id_ for i in instances for id_ in i.cites])
    db.execute(f"PREPARE on_citations AS SELECT event, bearer, recipient, outcome FROM ({plan.sql})")
    try:
        for instance in instances:
            _cite(db, instance.cites)
            found = db.execute("EXECUTE on_citations").fetchall()
            alone = worst(Outcome(outcome) for *what, outcome in found if outcome and _is_that(instance, rule, *what))
            if alone != instance.outcome:
                without = f"judged on the statements cited alone it is {alone or 'without a verdict'}, not {instance.outcome}"
                yield f"{instance.id}: cites: {without}"
    finally:
        db.execute("DEALLOCATE on_citations")


def _is_that(instance: InstanceVerdict, rule: Rule, event: str, bearer: str, recipient: str | None) -> bool:
    is_event = isinstance(rule, Level) or (event or None) == instance.occasion
    return is_event and bearer == instance.bearer and recipient == instance.recipient


def _cite(db: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> None:
    """Make these the statements that are there."""
    db.execute("CREATE TEMP TABLE IF NOT EXISTS cited (seq UINTEGER)")
    db.execute("DELETE FROM cited")
    db.execute("INSERT INTO cited SELECT seq FROM statement WHERE id IN (SELECT unnest(?::VARCHAR[]))", [list(ids)])
