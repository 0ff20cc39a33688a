"""What a plan's own parts hold, read back to be told: rows, the statements they rest on, and tales that are alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import duckdb

from detente.model.verdict import Tale

Row = Mapping[str, object]


def rows(db: duckdb.DuckDBPyConnection, query: str) -> list[Row]:
    """The rows of a query, by column."""
    found = db.execute(query)
    columns = [d[0] for d in found.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]


def ids(db: duckdb.DuckDBPyConnection, cited: Sequence[Row]) -> dict[int, str]:
    """The statements that the rows cite, by position."""
    seqs = sorted({s for r in cited for s in r["cites"]})  # type: ignore[attr-defined]
    if not seqs:
        return {}
    return dict(db.execute("SELECT seq, id FROM statement WHERE seq IN (SELECT unnest(?::UINTEGER[]))", [seqs]).fetchall())


def named(row: Row | None, known: Mapping[int, str]) -> tuple[str, ...]:
    """The ids of the statements that one row cites."""
    return tuple(dict.fromkeys(known[int(s)] for s in row["cites"] if int(s) in known)) if row else ()  # type: ignore[attr-defined]


def grouped(told: Sequence[Tale]) -> tuple[Tale, ...]:
    """Tales that differ only in whose account it is become one."""
    groups: dict[Tale, list[str]] = {}
    for tale in told:
        groups.setdefault(replace(tale, accounts=()), []).append(tale.accounts[0])
    return tuple(replace(tale, accounts=tuple(names)) for tale, names in groups.items())
