"""The table of one kind: recipients one by one, whose own act a row is, and which rows stand alone.

Source: semantics, sections 1 and 2.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import duckdb

from detente.evidence.part import Part, all_rows, columns_of
from detente.evidence.statements import anti_join
from detente.model.kind import Kind
from detente.reading.ask import count, first_row
from detente.reading.raw import sql_name

_MOST_SHAPES = 64
"""Pairs of shapes of patterns and rows that are compared; beyond, no row is taken to stand alone."""


def write_kind(db: duckdb.DuckDBPyConnection, kind: Kind, parts: Sequence[Part]) -> int:
    """Make the table of `kind` from its parts; gives its number of rows.

    Columns that no file has are not stored: the table is a view that adds them. Needs the tables `source`, `speaks`, `identity`, `party` and `member`.
    """
    layout = parts[0].staged.layout
    absent = frozenset.intersection(*(part.staged.absent for part in parts))
    words = [f.name for f in layout.fields.values() if not f.is_ordered and f.name not in absent]
    fields = [
        (column, "TIMESTAMP" if one.type == "time" else "DOUBLE" if one.is_ordered else "VARCHAR")
        for one in layout.fields.values()
        for column in columns_of(one)
    ]
    filled = [sql_name(column) for column, _ in fields if column not in absent]
    columns = ", ".join(["id", "source", "says", "said", "published", "event", "target", *filled])
    rows = f"SELECT *, CASE WHEN contains(event, '>') THEN split_part(event, '>', 1) ELSE event END AS base FROM ({all_rows(parts, lambda _: columns)}) {anti_join(db)}"
    if "recipient" in words and _has_lists(db, rows):
        _spread(db, rows, has_party="party" in words)
        rows = "SELECT * FROM spread"
    own = " OR ".join(f"list_contains(parties, {sql_name(name)})" for name in kind.acts if name in words) or "false"
    lone = _lone(db, rows, words)
    twin = (
        f"coalesce(about IN (SELECT about FROM ({rows}) WHERE about IS NOT NULL GROUP BY about HAVING count(*) > 1), false)"
        if "about" in words
        else "false"
    )
    table = sql_name(kind.table + "_filled")
    db.execute(
        f"""CREATE TABLE {table} AS SELECT seq, source, says, said, published, event, base, target, coalesce({own}, false) AS own, {lone} AS lone,
            {twin} AS twin{"".join(", " + name for name in filled)}
        FROM ({rows}) LEFT JOIN (SELECT source AS speaker, list(party) AS parties FROM speaks GROUP BY source) ON speaker = source"""
    )
    all_fields = "".join(
        f", NULL::{kind_of} AS {sql_name(column)}" if column in absent else f", {sql_name(column)}" for column, kind_of in fields
    )
    db.execute(
        f"CREATE VIEW {sql_name(kind.table)} AS SELECT seq, source, says, said, published, event, base, target, own, lone, twin{all_fields} FROM {table}"
    )
    db.execute("DROP TABLE IF EXISTS spread")
    db.execute("DROP TABLE IF EXISTS several")
    return count(db, table)


def _has_lists(db: duckdb.DuckDBPyConnection, rows: str) -> bool:
    """Whether any row names several recipients, or a part of an event for one of them."""
    found = first_row(
        db,
        f"""SELECT coalesce(bool_or(contains(recipient, ';') OR recipient = 'all' OR recipient IN (SELECT name FROM member)
            OR contains(event, '>')), false) FROM ({rows})""",
    )
    return bool(found and found[0])


def _spread(db: duckdb.DuckDBPyConnection, rows: str, *, has_party: bool) -> None:
    """Make the table `spread`: one row per recipient.

    Where any row on an event names several recipients, each is an event of its
    own, `N-1>Borland`; a row on `N-1` that names none is about all of them.
    """
    db.execute(f"CREATE TEMP TABLE listed AS {rows}")
    actor = "party" if has_party else "NULL::VARCHAR"
    db.execute(
        f"""CREATE TEMP TABLE named AS
        WITH items AS (SELECT seq, {actor} AS party, said, trim(unnest(string_split(recipient, ';'))) AS item FROM listed WHERE recipient IS NOT NULL)
        SELECT seq, item AS to_whom FROM items WHERE item NOT IN ('', 'all') AND item NOT IN (SELECT name FROM member)
        UNION SELECT seq, p.name FROM items JOIN party AS p ON item = 'all' AND p.name IS DISTINCT FROM items.party
        UNION SELECT seq, m.member FROM items JOIN member AS m ON item = m.name AND m.member IS DISTINCT FROM items.party
            AND (m.since IS NULL OR m.since <= said::DATE) AND (m.until IS NULL OR said::DATE < m.until)
        UNION SELECT seq, split_part(event, '>', 2) FROM listed WHERE recipient IS NULL AND contains(event, '>')"""
    )
    db.execute(
        """CREATE TEMP TABLE several AS SELECT base FROM listed LEFT JOIN (SELECT seq, count(*) AS n FROM named GROUP BY seq) USING (seq)
        WHERE base IS NOT NULL GROUP BY base HAVING coalesce(max(n), 0) > 1 OR bool_or(contains(event, '>'))"""
    )
    db.execute(
        """CREATE TEMP TABLE spread AS
        WITH recipients AS (SELECT DISTINCT base, to_whom FROM listed JOIN named USING (seq) SEMI JOIN several USING (base)),
        joined AS (
            SELECT l.*, n.to_whom, s.base IS NOT NULL AS is_split FROM listed l LEFT JOIN named n USING (seq) LEFT JOIN several s USING (base)
        ),
        filled AS (
            SELECT * FROM joined WHERE to_whom IS NOT NULL OR NOT is_split
            UNION ALL SELECT j.* REPLACE (r.to_whom AS to_whom) FROM joined j LEFT JOIN recipients r USING (base) WHERE j.to_whom IS NULL AND j.is_split
        )
        SELECT * EXCLUDE (to_whom, is_split) REPLACE (
            to_whom AS recipient, CASE WHEN is_split AND to_whom IS NOT NULL THEN base || '>' || to_whom ELSE event END AS event) FROM filled"""
    )
    for name in ("listed", "named", "several"):
        db.execute(f"DROP TABLE {name}")


def _lone(db: duckdb.DuckDBPyConnection, rows: str, words: Sequence[str]) -> str:
    """Whether a row is all that anybody says on its event, as SQL; makes the table `several`.

    False where it is not certain: it only spares the judge work.
    """
    db.execute(f"CREATE TEMP TABLE several AS SELECT event FROM ({rows}) WHERE event IS NOT NULL GROUP BY event HAVING count(*) > 1")
    conditions = ["says = 'asserts'"]
    if _exists(db, "SELECT 1 FROM several"):
        conditions.append("event NOT IN (SELECT event FROM several)")
    if _exists(db, "SELECT 1 FROM identity"):
        linked = "(SELECT a FROM identity UNION SELECT b FROM identity)"
        conditions.append(f"event NOT IN {linked} AND base NOT IN {linked}")
    if _exists(db, f"SELECT 1 FROM ({rows}) WHERE says = 'withdraws' AND target IS NOT NULL"):
        conditions.append(f"id NOT IN (SELECT target FROM ({rows}) WHERE says = 'withdraws' AND target IS NOT NULL)")
    conditions += _clear_of_patterns(db, rows, words)
    return f"coalesce({' AND '.join(conditions)}, false)"


def _exists(db: duckdb.DuckDBPyConnection, query: str) -> bool:
    return first_row(db, f"{query} LIMIT 1") is not None


def _clear_of_patterns(db: duckdb.DuckDBPyConnection, rows: str, words: Sequence[str]) -> list[str]:
    """Conditions that no pattern could cover a row, word for word.

    A pattern's empty word fits anything, and so does a row's. Patterns and rows are
    grouped by which words they fill, and each pair of groups is compared by equality
    of the words that both fill: never each pattern with each row.
    """
    filled = "[" + ", ".join(f"({sql_name(w)} IS NOT NULL)" for w in words) + "]"
    patterns = f"SELECT * FROM ({rows}) WHERE event IS NULL AND says = 'denies'"
    if not _exists(db, patterns):
        return []
    shapes = [row[0] for row in db.execute(f"SELECT DISTINCT {filled} FROM ({patterns}) LIMIT {_MOST_SHAPES + 1}").fetchall()]
    row_shapes = [
        row[0] for row in db.execute(f"SELECT DISTINCT {filled} FROM ({rows}) WHERE says = 'asserts' LIMIT {_MOST_SHAPES + 1}").fetchall()
    ]
    if len(shapes) * len(row_shapes) > _MOST_SHAPES:
        return ["false"]
    conditions: list[str] = []
    for pattern, row in itertools.product(shapes, row_shapes):
        both = [w for w, p, r in zip(words, pattern, row, strict=True) if p and r]
        is_row = f"{filled} = {_literal(row)}"
        if not both:
            conditions.append(f"NOT ({is_row})")
            continue
        key = "struct_pack(" + ", ".join(f"{sql_name(w)} := {sql_name(w)}" for w in both) + ")"
        conditions.append(f"NOT ({is_row} AND {key} IN (SELECT {key} FROM ({patterns}) WHERE {filled} = {_literal(pattern)}))")
    return conditions


def _literal(flags: Sequence[bool]) -> str:
    return "[" + ", ".join(str(flag).lower() for flag in flags) + "]"
