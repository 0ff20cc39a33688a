"""Links that say that two ids mean one event or thing: the table `identity`."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from detente.evidence.part import Part, all_rows


def write_identity(db: duckdb.DuckDBPyConnection, parts: Sequence[Part]) -> None:
    """Make the table `identity`. Links are statements: asserted, denied or withdrawn by a source."""
    db.execute(
        """CREATE TABLE identity (seq UINTEGER, source VARCHAR, says VARCHAR, said TIMESTAMP, published TIMESTAMP, kind VARCHAR, a VARCHAR, b VARCHAR)"""
    )
    if parts:
        db.execute(f"INSERT INTO identity {all_rows(parts, lambda _: 'source, says, said, published, kind, a, b')}")
