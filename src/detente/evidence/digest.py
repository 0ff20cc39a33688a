"""One digest of all that was known, whatever order and format it arrived in."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import duckdb

from detente.model.kind import Kind
from detente.reading.ask import first_row
from detente.reading.raw import sql_name, sql_text

_BATCH = 1_000_000

_NOT_SAID = frozenset({"seq", "base", "file", "line", "own", "lone", "twin"})
"""Columns that say where a row was read, or that follow from the others."""


def record_digest(db: duckdb.DuckDBPyConnection, kinds: Mapping[str, Kind], known_on: datetime | None) -> str:
    """SHA-256 of the sorted digests of all rows published on or before `known_on` (UTC if naive).

    A row is digested as its table's name and its filled cells, each with its
    column's name and its length, so that no two rows read alike. Sources and
    places carry no time and always count; so does coverage without one.
    """
    moment = None if known_on is None else (known_on.astimezone(UTC).replace(tzinfo=None) if known_on.tzinfo else known_on)
    whole = hashlib.sha256()
    for kind in sorted(kinds.values(), key=lambda k: k.table):
        joined = f"(SELECT * FROM {sql_name(kind.table)} JOIN (SELECT seq, id, reported_by, quote, language, translation, cite, level AS publication_level FROM statement) USING (seq))"
        _take(db, whole, kind.name, joined, moment, distinct=False)
    for table in ("source", "speaks", "completeness", "identity", "coverage", "place", "recording"):
        _take(db, whole, table, table, moment, distinct=True)
    return whole.hexdigest()


def _take(
    db: duckdb.DuckDBPyConnection, whole: hashlib._Hash, name: str, relation: str, moment: datetime | None, *, distinct: bool
) -> None:
    """Add the digests of one table, bucket by bucket."""
    described = [(str(row[0]), str(row[1])) for row in db.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()]
    columns = [(column, kind) for column, kind in described if column not in _NOT_SAID]
    where = (
        "WHERE published IS NULL OR published <= ?" if moment is not None and any(column == "published" for column, _ in columns) else ""
    )
    values = [moment] if where else []
    filled = _filled(db, relation, columns)
    if not filled:
        return
    cells = ", ".join([sql_text(name + "\n"), *(_cell(*one) for one in filled)])
    rows = f"SELECT {'DISTINCT ' if distinct else ''}sha256(concat({cells})) AS d FROM {relation} {where}"
    # Digested first and read out afterwards: reading out is done by one thread.
    db.execute(f"CREATE OR REPLACE TEMP TABLE row_digest AS {rows}", values)
    for batch in db.sql("SELECT d FROM row_digest ORDER BY d").to_arrow_reader(_BATCH):
        whole.update("".join(batch.column(0).to_pylist()).encode())
    db.execute("DROP TABLE row_digest")


def _filled(db: duckdb.DuckDBPyConnection, relation: str, columns: Sequence[tuple[str, str]]) -> list[tuple[str, str, bool]]:
    """The columns in which any row has a cell, with their types and whether every row has one; the others add nothing."""
    found = first_row(db, f"SELECT count(*), {', '.join(f'count({sql_name(column)})' for column, _ in columns)} FROM {relation}") or (0,)
    counts = zip(columns, found[1:], strict=True)
    return sorted((column, kind, number == found[0]) for (column, kind), number in counts if number)


def _cell(column: str, kind: str, is_full: bool) -> str:
    """A filled cell with its column's name and its length in bytes; nothing for an empty one."""
    cell = f"epoch_us({sql_name(column)})::VARCHAR" if kind == "TIMESTAMP" else f"{sql_name(column)}::VARCHAR"
    parts = f"{sql_text(column + '=')}, strlen({cell}), ':', {cell}, ';'"
    return parts if is_full else f"CASE WHEN {sql_name(column)} IS NOT NULL THEN concat({parts}) END"
