"""Lays out the small relations a plan reads, beside the evidence tables.

`account(name, bit, account)`, `party(name, account)`, `seat`, `voice`,
`membership`, `located`, `identical`, `bound`, `paused`, `period`, and the macro that cuts ranges.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import duckdb

from detente.agreement.clause import Agreement, Group, Life
from detente.evidence import Record
from detente.judge.columns import is_filled
from detente.judge.identity import identical_rows, linked_rows
from detente.judge.life import life_rows, lives
from detente.judge.periods import fill_periods
from detente.judge.scene import Scene, Shape
from detente.judge.seats import Seating, seat
from detente.judge.sequence import is_conditional
from detente.judge.sql import Clock, name, text
from detente.model.kind import Field, Kind


@dataclass(frozen=True, slots=True)
class Located:
    """One answer of Measures: the accounts in which `place` certainly, possibly, stands so to `other`."""

    place: str
    relation: str
    other: str
    distance_m: float | None
    certain: int
    possible: int
    range_lo: float | None = None
    range_hi: float | None = None
    margin_m: float | None = None


MACRO = """
CREATE OR REPLACE TEMP MACRO cut_range(span, cuts, step) AS (
  SELECT CASE
    WHEN cuts IS NULL THEN span
    WHEN len([c FOR c IN cuts IF (c.lo IS NULL OR coalesce(c.lo <= span['lo'], false)) AND (c.hi IS NULL OR coalesce(c.hi >= span['hi'], false))]) > 0 THEN {'lo': NULL, 'hi': NULL}
    ELSE {
      'lo': coalesce(list_max([c.hi + step FOR c IN cuts IF c.hi IS NOT NULL AND (c.lo IS NULL OR coalesce(c.lo <= span['lo'], false)) AND (span['lo'] IS NULL OR c.hi >= span['lo'])]), span['lo']),
      'hi': coalesce(list_min([c.lo - step FOR c IN cuts IF c.lo IS NOT NULL AND (c.hi IS NULL OR coalesce(c.hi >= span['hi'], false)) AND (span['hi'] IS NULL OR c.lo <= span['hi'])]), span['hi'])}
  END)
"""


@dataclass(frozen=True, slots=True)
class Staging:
    """The choices that shape a scene."""

    as_of: datetime
    known_on: datetime
    as_if_in_force: bool = False


def stage(agreement: Agreement, record: Record, choices: Staging) -> Scene:
    """Fills the relations in the record's database and describes the scene.

    Raises:
        detente.judge.seats.TooManyAccountsError: more accounts differ than one run can judge.
    """
    db = record.database
    db.execute(MACRO)
    speaking = frozenset(
        s for (s,) in db.execute("SELECT DISTINCT source FROM statement UNION SELECT DISTINCT source FROM completeness").fetchall()
    )
    seating = seat(agreement.parties, agreement.evidence, record.sources, speaking)
    _seating_tables(db, agreement.parties, seating)
    _membership_table(db, agreement.groups.values())
    closed = _completeness(db)
    shapes = {k: _shape(db, kind, seating, closed.get(k), is_stated=k in record.kinds) for k, kind in agreement.kinds.items()}
    scene = Scene(
        seating=seating,
        kinds=agreement.kinds,
        shapes=shapes,
        clock=Clock(agreement.evidence.time_zone),
        as_of=choices.as_of,
        known_on=choices.known_on,
        parties=agreement.parties,
        has_life=False,
    )
    _fill(db, "identical", "kind VARCHAR, bit INTEGER, event VARCHAR, same VARCHAR", identical_rows(db, scene))
    _fill(db, "linked", "kind VARCHAR, event VARCHAR, same VARCHAR", linked_rows(db, scene))
    located_table(db, ())
    found = lives(db, scene, Life() if choices.as_if_in_force else agreement.life)
    bound, paused = life_rows(found)
    stamps = ", ".join(f"{what}_{end} TIMESTAMP" for what in ("entry", "since", "until", "expiry", "release") for end in ("lo", "hi"))
    _fill(db, "bound", f"party VARCHAR, accounts UBIGINT, {stamps}, provisional BOOLEAN", bound)
    stamps = ", ".join(f"{what}_{end} TIMESTAMP" for what in ("start", "end") for end in ("lo", "hi"))
    _fill(
        db,
        "paused",
        f"party VARCHAR, accounts UBIGINT, {stamps}, sure BOOLEAN, rule VARCHAR, released BOOLEAN",
        ((*row, False) for row in paused),
    )
    _fill(db, "phased", "phase VARCHAR, accounts UBIGINT, begins_lo TIMESTAMP, begins_hi TIMESTAMP", ())
    scene = replace(
        scene,
        has_life=bool(bound),
        has_pauses=bool(paused) or is_conditional(agreement),
        has_provisional=agreement.life.provisional is not None and bool(bound),
    )
    fill_periods(db, scene, agreement.rules, found)
    return scene


def located_table(db: duckdb.DuckDBPyConnection, rows: Iterable[Located]) -> None:
    """Fills `located` with the answers of Measures."""
    columns = "place VARCHAR, relation VARCHAR, other VARCHAR, distance_m DOUBLE, certain UBIGINT, possible UBIGINT, range_lo DOUBLE, range_hi DOUBLE, margin_m DOUBLE"
    _fill(
        db,
        "located",
        columns,
        ((r.place, r.relation, r.other, r.distance_m, r.certain, r.possible, r.range_lo, r.range_hi, r.margin_m) for r in rows),
    )


def _seating_tables(db: duckdb.DuckDBPyConnection, parties: Sequence[str], seating: Seating) -> None:
    _fill(db, "account", "name VARCHAR, bit INTEGER, account UBIGINT", ((a.name, a.bit, a.mask) for a in seating.accounts))
    _fill(db, "party", "name VARCHAR, account UBIGINT", ((p, seating.of_party(p)) for p in parties))
    _fill(
        db,
        "seat",
        "source VARCHAR, own BOOLEAN, bit INTEGER, tier INTEGER, is_own_word BOOLEAN",
        ((s.source, s.own, s.bit, s.tier, s.is_own_word) for s in seating.seats),
    )
    _fill(
        db,
        "voice",
        "source VARCHAR, own BOOLEAN, hears UBIGINT, self UBIGINT, plain UBIGINT, speaks VARCHAR[]",
        ((v.source, v.own, v.hears, v.self_, v.plain, list(v.speaks)) for v in seating.voices),
    )


def _membership_table(db: duckdb.DuckDBPyConnection, groups: Iterable[Group]) -> None:
    rows = ((g.name, m.member, m.since, m.until) for g in groups for m in g.members)
    _fill(db, "membership", '"group" VARCHAR, member VARCHAR, since TIMESTAMP, until TIMESTAMP', rows)


def _fill(db: duckdb.DuckDBPyConnection, table: str, columns: str, rows: Iterable[Sequence[object]]) -> None:
    db.execute(f"CREATE OR REPLACE TABLE {name(table)} ({columns})")
    listed = list(rows)
    if listed:
        # Column by column: row by row each INSERT is planned anew, which takes longer than all that is inserted.
        cells = ", ".join(f"unnest(?::{column.rsplit(' ', 1)[1]}[])" for column in columns.split(", "))
        db.execute(f"INSERT INTO {name(table)} SELECT {cells}", [list(column) for column in zip(*listed, strict=True)])


_LIMITED = ("party", "recipient", "about", "place")
"""Fields by which a row of completeness limits what it covers."""


def _completeness(db: duckdb.DuckDBPyConnection) -> dict[str, frozenset[str]]:
    """The kinds of which some register is said to be complete, and the fields by which its rows are limited; one query for all kinds."""
    used = ", ".join(f"coalesce(bool_or({c} IS NOT NULL), false)" for c in _LIMITED)
    rows = db.execute(f"SELECT kind, {used} FROM completeness GROUP BY kind").fetchall()
    return {kind: frozenset(c for c, is_used in zip(_LIMITED, some, strict=True) if is_used) for kind, *some in rows}


def _shape(db: duckdb.DuckDBPyConnection, kind: Kind, seating: Seating, limits: frozenset[str] | None, *, is_stated: bool) -> Shape:
    """How the rows of a kind look; `limits` are those of its rows of completeness, None where it has none."""
    is_registered = limits is not None
    closing = _closing_fields(db, kind, limits, is_stated=is_stated)
    if not is_stated:
        return Shape(is_registered=is_registered, closing=closing)
    words = [f.name for f in kind.fields.values() if not f.is_ordered]
    ordered = [f for f in kind.fields.values() if f.is_ordered]
    table = name(kind.table)
    gaps = ", ".join(f"coalesce(bool_or({name(w)} IS NULL), false)" for w in words) or "false"
    empty = db.execute(f"SELECT {gaps} FROM {table} WHERE event IS NOT NULL AND says = 'asserts'").fetchone() or ()
    spoken = db.execute(f"SELECT DISTINCT source, own FROM {table} WHERE lone").fetchall()
    voices = {(v.source, v.own): v for v in seating.voices}
    heard = [voices[(source, own)] for source, own in spoken if (source, own) in voices]
    plain = {v.plain for v in heard}
    sorts = {(v.hears, v.self_, v.plain, v.speaks): v for v in heard}
    is_whole = len(heard) == len(spoken)
    return Shape(
        everyone_hears=all(v.hears == seating.every for v in heard) and is_whole,
        plain=plain.pop() if len(plain) == 1 else None,
        voice=next(iter(sorts.values())) if is_whole and len(sorts) == 1 else None,
        takes_back=_any(db, f"SELECT 1 FROM {table} WHERE target IS NOT NULL"),
        has_loose="about" in words and _any(db, f"SELECT 1 FROM {table} WHERE lone AND (twin OR about IS NULL)"),
        is_present=_any(db, f"SELECT 1 FROM {table}"),
        is_contested=_any(db, f"SELECT 1 FROM {table} WHERE NOT lone AND event IS NOT NULL"),
        has_patterns=_any(db, f"SELECT 1 FROM {table} WHERE event IS NULL AND says = 'denies'"),
        is_registered=is_registered,
        filled=_filled(db, kind, kind.fields.values(), "NOT lone"),
        said=_filled(db, kind, kind.fields.values(), "true"),
        cut=_filled(db, kind, ordered, "says = 'denies' AND event IS NOT NULL"),
        closing=closing,
        is_linked=_any(db, f"SELECT 1 FROM identity WHERE kind = {text(kind.name)} OR kind IS NULL"),
        gaps=frozenset(w for w, gap in zip(words, empty, strict=False) if gap),
    )


def _closing_fields(db: duckdb.DuckDBPyConnection, kind: Kind, limits: frozenset[str] | None, *, is_stated: bool) -> frozenset[str]:
    """The fields that some pattern or completeness row of the kind fills."""
    filled = set(limits or ())
    if limits is not None and kind.happens:
        filled.add(kind.happens)
    if "place" in filled:
        filled |= {f.name for f in kind.fields.values() if f.type == "place"}
    if is_stated:
        filled |= _filled(db, kind, kind.fields.values(), "event IS NULL AND says = 'denies'")
    return frozenset(filled & set(kind.fields))


def _filled(db: duckdb.DuckDBPyConnection, kind: Kind, fields: Iterable[Field], where: str) -> frozenset[str]:
    """Which of the fields some row says something of."""
    asked = list(fields)
    tests = ", ".join(f"coalesce(bool_or({is_filled(f)}), false)" for f in asked) or "false"
    said = db.execute(f"SELECT {tests} FROM {name(kind.table)} WHERE {where}").fetchone() or ()
    return frozenset(f.name for f, is_said in zip(asked, said, strict=False) if is_said)


def _any(db: duckdb.DuckDBPyConnection, query: str) -> bool:
    return db.execute(f"{query} LIMIT 1").fetchone() is not None
