"""Runs one plan. The plain majority is counted without being written out, unless its rows are asked for."""

from __future__ import annotations

from collections import Counter

import duckdb

from detente.judge.across import LINES
from detente.judge.plan import Plan, share
from detente.judge.sql import name, text


def run_plan(db: duckdb.DuckDBPyConnection, plan: Plan, table: str, *, rows: bool) -> Counter[str | None]:
    """Fill `table` with the plan's instances and count them by outcome.

    Without `rows`, instances that are kept in every account by one act stay
    out of the table and are only counted; `explain` finds them again.
    """
    for shared, query in share([plan]):
        db.execute(f"CREATE OR REPLACE TEMP TABLE {name(shared)} AS {query}")
    if rows or plan.rest is None:
        db.execute(f"CREATE OR REPLACE TEMP TABLE {name(table)} AS {plan.brief}")
        return _counted(db, table)
    db.execute(f"CREATE OR REPLACE TEMP TABLE paired AS {plan.rest.paired}")
    db.execute(f"CREATE OR REPLACE TEMP TABLE {name(table)} AS {plan.rest.sql}")
    majority = f"SELECT {text(str(LINES[plan.rest.line][0]))} AS outcome, count(*) FROM paired WHERE prompt"
    counts = _counted(db, table, f" UNION ALL {majority}")
    db.execute("DROP TABLE paired")
    return counts


def _counted(db: duckdb.DuckDBPyConnection, table: str, others: str = "") -> Counter[str | None]:
    counts: Counter[str | None] = Counter()
    for outcome, number in db.execute(f"SELECT outcome, count(*) FROM {name(table)} GROUP BY outcome{others}").fetchall():
        counts[outcome] += number
    return counts
