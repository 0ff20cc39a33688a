"""Runs one plan. The plain majority is counted without being written out, unless its rows are asked for."""

from __future__ import annotations

from collections import Counter

import duckdb

from detente.judge.across import LINES
from detente.judge.plan import Plan, share
from detente.judge.sql import name


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
    counts = _counted(db, table)
    (prompt,) = db.execute("SELECT count(*) FROM paired WHERE prompt").fetchone() or (0,)
    counts[LINES[plan.rest.line][0]] += prompt
    db.execute("DROP TABLE paired")
    return counts


def _counted(db: duckdb.DuckDBPyConnection, table: str) -> Counter[str | None]:
    found = db.execute(f"SELECT outcome, count(*) FROM {name(table)} GROUP BY outcome").fetchall()
    return Counter(dict(found))
