"""Registers stated complete, and what sources were able to see: `completeness` and `coverage`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb
import pyarrow as pa

from detente.evidence.part import Part, all_rows, report_rows
from detente.evidence.times import midnight
from detente.model.kind import Kind
from detente.model.problem import Problem
from detente.reading.ask import count
from detente.reading.raw import Place

_LAG = r"'([0-9]{1,4}) (minutes?|hours?|days?|months?|years?)'"


def write_completeness(
    db: duckdb.DuckDBPyConnection, parts: Sequence[Part], kinds: Mapping[str, Kind], zone: str | None
) -> tuple[list[Problem], int]:
    """Make the table `completeness`, one row per kind that a register is for; problems and rows left out.

    A lag is taken off the end: entries may still be missing for so long. Where
    no end is stated the column `lag` keeps it, for the judge to take off as-of.
    """
    db.execute(
        """CREATE TABLE completeness (seq UINTEGER, source VARCHAR, register VARCHAR, kind VARCHAR, said TIMESTAMP, published TIMESTAMP,
        from_ TIMESTAMP, until_ TIMESTAMP, own BOOLEAN, party VARCHAR, recipient VARCHAR, about VARCHAR, place VARCHAR, lag INTERVAL)"""
    )
    if not parts:
        return [], 0
    registers = [(register, kind.name) for kind in kinds.values() for register in kind.registers]
    db.register(
        "registers_known",
        pa.table({"known": pa.array([r for r, _ in registers], pa.string()), "of_kind": pa.array([k for _, k in registers], pa.string())}),
    )
    rows = all_rows(parts, lambda _: "source, register, kind, said, published, from_lo, until_hi, lag, party, recipient, about, place")
    db.execute(
        f"""CREATE TEMP TABLE stated AS SELECT r.*, coalesce(r.kind, k.of_kind) AS for_kind FROM ({rows}) AS r
        LEFT JOIN registers_known AS k ON r.kind IS NULL AND k.known = r.register"""
    )
    db.unregister("registers_known")
    problems: list[Problem] = []
    db.execute(
        "CREATE OR REPLACE TEMP TABLE faulty AS SELECT seq, coalesce(register, '') AS text, NULL::UINTEGER AS other FROM stated WHERE for_kind IS NULL"
    )
    problems += report_rows(db, parts, "missing-kind", "register", lambda text, place, _: _no_kind(text, place, registers))
    db.execute("DELETE FROM stated WHERE for_kind IS NULL")
    unnamed = count(db, "faulty")
    db.execute(
        f"CREATE OR REPLACE TEMP TABLE faulty AS SELECT DISTINCT seq, lag AS text, NULL::UINTEGER AS other FROM stated WHERE NOT regexp_full_match(lag, {_LAG})"
    )
    problems += report_rows(db, parts, "bad-lag", "lag", lambda text, place, _: _bad_lag(text, place))
    bad = count(db, "faulty")
    db.execute("DELETE FROM stated WHERE seq IN (SELECT seq FROM faulty)")
    db.execute(
        f"""INSERT INTO completeness SELECT seq, source, register, for_kind, said, published, from_lo, {_shortened(zone)}, coalesce(list_contains(parties, party), false)
            OR coalesce(list_contains(parties, recipient), false), party, recipient, about, place, lag::INTERVAL
        FROM stated LEFT JOIN (SELECT source AS speaker, list(party) AS parties FROM speaks GROUP BY source) ON speaker = source"""
    )
    db.execute("DROP TABLE stated")
    return problems, unnamed + bad


def _shortened(zone: str | None) -> str:
    """`until_hi` less the lag; days and longer by local dates, as everywhere. The end of a day stays the end of a day."""
    local = "(until_hi + INTERVAL 1 microsecond)"
    if zone is not None:
        local = f"timezone('{zone}', timezone('UTC', {local}))"
    calendar = f"{midnight(f'{local} - lag::INTERVAL', zone)} - INTERVAL 1 microsecond"
    return f"CASE WHEN lag IS NULL THEN until_hi WHEN regexp_matches(lag, 'minute|hour') THEN until_hi - lag::INTERVAL ELSE {calendar} END"


def _no_kind(text: str, place: Place, registers: Sequence[tuple[str, str]]) -> Problem:
    known = tuple(dict.fromkeys(sorted(register for register, _ in registers)))
    what = f'no kind is entered in a register "{text[:60]}"' if text else "neither kind nor register is given"
    return Problem("missing-kind", what, *place, expected=known, help="name in `kind` what the register is complete for")


def _bad_lag(text: str, place: Place) -> Problem:
    return Problem("bad-lag", f'"{text[:60]}" is no length of time', *place, expected=("2 days", "48 hours", "1 month"))


def write_coverage(db: duckdb.DuckDBPyConnection, parts: Sequence[Part]) -> tuple[list[Problem], int]:
    """Make the table `coverage`; problems and rows left out."""
    db.execute(
        """CREATE TABLE coverage (seq UINTEGER, source VARCHAR, kind VARCHAR, from_ TIMESTAMP, until_ TIMESTAMP, place VARCHAR, fraction DOUBLE,
        said TIMESTAMP, published TIMESTAMP)"""
    )
    if not parts:
        return [], 0
    rows = all_rows(parts, lambda _: "source, kind, from_lo, until_hi, place, fraction AS written, said, published")
    share = r"CASE WHEN written IS NULL THEN 1.0 WHEN regexp_full_match(written, '[0-9.]+\s*%') THEN try_cast(trim(rtrim(written, '%')) AS DOUBLE) / 100 WHEN regexp_full_match(written, '[0-9.]+([eE]-?[0-9]+)?') THEN try_cast(written AS DOUBLE) END"
    db.execute(f"CREATE TEMP TABLE stated AS SELECT *, {share} AS fraction FROM ({rows})")
    db.execute(
        "CREATE OR REPLACE TEMP TABLE faulty AS SELECT seq, written AS text, NULL::UINTEGER AS other FROM stated WHERE fraction IS NULL OR fraction > 1"
    )
    problems = report_rows(db, parts, "bad-fraction", "fraction", lambda text, place, _: _bad_fraction(text, place))
    bad = count(db, "faulty")
    db.execute(
        "INSERT INTO coverage SELECT seq, source, kind, from_lo, until_hi, place, fraction, said, published FROM stated WHERE fraction BETWEEN 0 AND 1"
    )
    db.execute("DROP TABLE stated")
    return problems, bad


def _bad_fraction(text: str, place: Place) -> Problem:
    return Problem("bad-fraction", f'"{text[:60]}" is no share of the whole', *place, expected=("0.8", "80 %"))
