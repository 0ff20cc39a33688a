"""Staged rows of all kinds become the tables that the judge reads.

`gather` finds what only shows across rows (an id used twice, a withdrawal of
nothing, withdrawals in a circle) in the table `left_out`; `write_statements`
makes the table `statement`. The kinds' own tables are made in `events.py`.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from detente.evidence.part import Part, all_rows, columns_of, report_rows
from detente.model.problem import Problem
from detente.reading.ask import count
from detente.reading.raw import Place, sql_name, sql_text


def gather(db: duckdb.DuckDBPyConnection, parts: Sequence[Part]) -> tuple[list[Problem], int]:
    """Find the rows to leave out of all parts, into the table `left_out`; problems, and how many rows."""
    db.execute("CREATE TEMP TABLE left_out (seq UINTEGER)")
    db.execute("CREATE TEMP TABLE faulty (seq UINTEGER, text VARCHAR, other UINTEGER)")
    if not parts:
        return [], 0
    problems = _duplicates(db, parts)
    problems += _withdrawals(db, parts)
    return problems, count(db, "left_out")


def _duplicates(db: duckdb.DuckDBPyConnection, parts: Sequence[Part]) -> list[Problem]:
    """Rows that share an id. Said twice in the same words, a row counts once; else none of them counts."""
    ids = all_rows(parts, lambda _: "id")
    db.execute(f"CREATE TEMP TABLE shared AS SELECT id FROM ({ids}) GROUP BY id HAVING count(*) > 1")
    if not count(db, "shared"):
        db.execute("DROP TABLE shared")
        return []
    said = all_rows(parts, lambda part: f"id, {content(part)} AS said")
    db.execute(
        f"""CREATE TEMP TABLE doubles AS SELECT seq, id, min(seq) OVER (PARTITION BY id) AS first,
            min(said) OVER (PARTITION BY id) <> max(said) OVER (PARTITION BY id) AS differs FROM ({said}) SEMI JOIN shared USING (id)"""
    )
    db.execute("INSERT INTO left_out SELECT seq FROM doubles WHERE differs OR seq <> first")
    problems: list[Problem] = []
    for differs, word in ((True, _contradicting), (False, _repeated)):
        db.execute("DELETE FROM faulty")
        db.execute("INSERT INTO faulty SELECT seq, id, first FROM doubles WHERE differs = ? AND seq <> first", [differs])
        problems += report_rows(db, parts, "duplicate-id", "id", word)
    db.execute("DROP TABLE doubles")
    db.execute("DROP TABLE shared")
    return problems


def content(part: Part) -> str:
    """All that a row says, as one text without ambiguity, whatever file it came from."""
    return f"to_json([{sql_text(part.name)}, {', '.join(f'{name}::VARCHAR' for name in content_columns(part))}])::VARCHAR"


def content_columns(part: Part) -> list[str]:
    """The staged columns that carry what a row says."""
    layout = part.staged.layout
    own = [name for name, need in (("id", layout.id), ("source", layout.source)) if need != "absent"]
    own += ["says"] if layout.says else []
    own += ["event", "target"] if layout.event != "absent" else []
    own += ["said", "published"] if layout.time != "absent" else []
    for one in layout.fields.values():
        own += (sql_name(column) for column in columns_of(one))
    return [*own, *layout.texts]


def _contradicting(text: str, place: Place, other: Place | None) -> Problem:
    where = f" at {other[0]}" if other else ""
    return Problem(
        "duplicate-id",
        f'"{text}" is also the id of a row{where} that says something else; neither is used',
        *place,
        help="give each statement an id of its own",
    )


def _repeated(text: str, place: Place, other: Place | None) -> Problem:
    where = f" at {other[0]}" if other else ""
    return Problem(
        "duplicate-id", f'the statement "{text}" stands{where} in the same words already; it counts once', *place, severity="warning"
    )


def _withdrawals(db: duckdb.DuckDBPyConnection, parts: Sequence[Part]) -> list[Problem]:
    """Withdrawals of statements that are not there, are not the source's own, or withdraw one another in a circle."""
    with_target = all_rows(parts, lambda part: f"id, source, says, target, {sql_text(part.name)} AS kind")
    db.execute(
        f"CREATE TEMP TABLE withdrawal AS SELECT seq, id, source, kind, target FROM ({with_target}) ANTI JOIN left_out USING (seq) WHERE says = 'withdraws' AND target IS NOT NULL"
    )
    if not count(db, "withdrawal"):
        db.execute("DROP TABLE withdrawal")
        return []
    problems: list[Problem] = []
    db.execute(
        f"CREATE TEMP TABLE withdrawn AS SELECT seq, id, source, kind FROM ({with_target}) ANTI JOIN left_out USING (seq) WHERE id IN (SELECT target FROM withdrawal)"
    )
    checks = (
        ("unknown-target", "SELECT w.seq, w.target, NULL FROM withdrawal w ANTI JOIN withdrawn AS t ON t.id = w.target", _unknown_target),
        (
            "foreign-target",
            "SELECT w.seq, w.target, t.seq FROM withdrawal w JOIN withdrawn AS t ON t.id = w.target WHERE t.source <> w.source OR t.kind <> w.kind",
            _foreign_target,
        ),
        ("cyclic-withdrawal", _circles(db), _circle),
    )
    for code, query, word in checks:
        db.execute("DELETE FROM faulty")
        db.execute(f"INSERT INTO faulty {query}")
        problems += report_rows(db, parts, code, "target", word)
        db.execute("INSERT INTO left_out SELECT seq FROM faulty")
    db.execute("DROP TABLE withdrawal")
    db.execute("DROP TABLE withdrawn")
    db.execute("DROP TABLE hop")
    db.execute("CREATE OR REPLACE TEMP TABLE left_out AS SELECT DISTINCT seq FROM left_out")
    return problems


def _circles(db: duckdb.DuckDBPyConnection) -> str:
    """The withdrawals that lie on a circle, as a query.

    Each withdrawal points at one statement. Following all pointers at once, and
    then the pointers of the pointers, doubles the distance each time: what still
    points somewhere after as many steps as there are withdrawals lies on a circle
    or leads into one, and what is pointed at then lies on it.
    """
    db.execute("CREATE TEMP TABLE hop AS SELECT w.id, t.id AS far FROM withdrawal w JOIN withdrawal t ON t.id = w.target")
    for _ in range(count(db, "hop").bit_length()):
        db.execute("CREATE OR REPLACE TEMP TABLE hop AS SELECT a.id, b.far FROM hop a JOIN hop b ON a.far = b.id")
    return "SELECT w.seq, w.target, NULL FROM withdrawal w SEMI JOIN hop ON hop.far = w.id"


def _unknown_target(text: str, place: Place, _other: Place | None) -> Problem:
    return Problem(
        "unknown-target",
        f'no statement has the id "{text[:60]}"',
        *place,
        help="a target is the id of the statement withdrawn; to withdraw all on an event, name the event",
    )


def _foreign_target(text: str, place: Place, other: Place | None) -> Problem:
    where = f" ({other[0]})" if other else ""
    return Problem(
        "foreign-target",
        f'"{text[:60]}"{where} is another source\'s statement, or about another kind; a source withdraws its own words only',
        *place,
    )


def _circle(text: str, place: Place, _other: Place | None) -> Problem:
    return Problem(
        "cyclic-withdrawal",
        f'this withdraws "{text[:60]}", which in the end withdraws this',
        *place,
        help="nothing withdrawn revives; state anew what is meant",
    )


_SHOWN = ("reported_by", "quote", "language", "translation", "cite", "publication_level")


def write_statements(db: duckdb.DuckDBPyConnection, parts: Sequence[Part]) -> None:
    """Make the table `statement` of every row that is used: a view, since most columns are empty or the same throughout."""
    kinds = dict.fromkeys(part.name for part in parts)
    files = dict.fromkeys(part.staged.raw.path for part in parts)
    kind_type, file_type = (f"ENUM({', '.join(sql_text(word) for word in words or {'': None})})" for words in (kinds, files))
    absent = frozenset.intersection(*(part.staged.absent for part in parts)) if parts else frozenset(_SHOWN)
    filled = [name for name in _SHOWN if name not in absent]
    columns = ", ".join(["id", "source", "says", "event", "said", "published", *filled, "line"])
    rows = all_rows(
        parts, lambda part: f"{columns}, {sql_text(part.name)}::{kind_type} AS kind, {sql_text(part.staged.raw.path)}::{file_type} AS file"
    )
    if parts:
        db.execute(f"CREATE TABLE statement_filled AS SELECT * FROM ({rows}) {anti_join(db)}")
    else:
        db.execute(
            """CREATE TABLE statement_filled (seq UINTEGER, id VARCHAR, source VARCHAR, says VARCHAR, event VARCHAR, said TIMESTAMP,
            published TIMESTAMP, line UINTEGER, kind VARCHAR, file VARCHAR)"""
        )
    shown = ", ".join(
        ("NULL::VARCHAR" if name in absent else name) + (" AS level" if name == "publication_level" else f" AS {name}") for name in _SHOWN
    )
    db.execute(
        f"""CREATE VIEW statement AS SELECT seq, id, kind::VARCHAR AS kind, source, says, event, said, published, {shown},
        file::VARCHAR AS file, line FROM statement_filled"""
    )


def anti_join(db: duckdb.DuckDBPyConnection) -> str:
    """The clause that takes out rows in `left_out`; nothing if there are none."""
    return "ANTI JOIN left_out USING (seq)" if count(db, "left_out") else ""
