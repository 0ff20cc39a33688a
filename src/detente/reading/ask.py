"""Asking DuckDB for one row, to its end: an unfinished result would block the connection."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb


def first_row(db: duckdb.DuckDBPyConnection, query: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
    """The first row of a query with few rows; None if it has none."""
    rows = db.execute(query, list(values)).fetchall() if values else db.execute(query).fetchall()
    return rows[0] if rows else None


def count(db: duckdb.DuckDBPyConnection, relation: str) -> int:
    """How many rows a relation has; `relation` is SQL after FROM."""
    row = first_row(db, f"SELECT count(*) FROM {relation}")
    return int(row[0]) if row else 0
