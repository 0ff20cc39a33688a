"""The record: everything that sources say, in tables that the judge can ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa

from detente.agreement.clause import Group
from detente.evidence import layout
from detente.evidence.closed import write_completeness, write_coverage
from detente.evidence.database import open_database, plan_plainly
from detente.evidence.digest import record_digest
from detente.evidence.events import write_kind
from detente.evidence.folder import look_into, table_names
from detente.evidence.identity import write_identity
from detente.evidence.part import Part
from detente.evidence.parties import unknown_parties
from detente.evidence.places import read_places
from detente.evidence.recordings import read_recordings
from detente.evidence.sources import read_sources, write_sources
from detente.evidence.staging import drop, stage
from detente.evidence.statements import gather, write_statements
from detente.evidence.tables import RawTables, read_tables, take_by_kind
from detente.model.kind import Kind
from detente.model.problem import Problem
from detente.model.recording import Recording
from detente.model.source import Source
from detente.model.span import Span
from detente.model.statement import Statement
from detente.reading.ask import count, first_row
from detente.reading.raw import RawTable, sql_name, sql_text
from detente.reading.rows import read_rows

Progress = Callable[[str, float], None]
Row = tuple[Mapping[str, str], Span]
"""A row from elsewhere, by column, and where it stands."""


@dataclass(frozen=True)
class Record:
    """Statements, sources, completeness, identity, coverage and places, and what was wrong with the rest.

    `database` holds the tables (docs/reference/evidence.md); `kinds` are those that
    have one. `last_published` is UTC. `rows_left_out` counts rows that are not used.
    """

    database: duckdb.DuckDBPyConnection
    kinds: Mapping[str, Kind]
    sources: tuple[Source, ...]
    problems: tuple[Problem, ...]
    last_published: datetime | None
    rows_left_out: int
    recordings: tuple[Recording, ...] = ()

    def statement(self, seq: int) -> Statement | None:
        """The statement with this number; None if there is none."""
        names = "seq, id, kind, source, says, event, said, published, reported_by, quote, language, translation, cite, level, file, line"
        row = first_row(self.database, f"SELECT {names} FROM statement WHERE seq = ?", [seq])
        if row is None:
            return None
        cells = dict(zip(names.split(", "), row, strict=True))
        for name in ("said", "published"):
            cells[name] = cells[name].replace(tzinfo=UTC)
        return Statement(**cells)

    def digest(self, known_on: datetime | None = None) -> str:
        """SHA-256, in hex, of all that was known on that moment; the same in whatever order and format it arrived."""
        return record_digest(self.database, self.kinds, known_on)

    def export(self, folder: Path) -> tuple[Path, ...]:
        """Write every table to `folder` as Parquet; gives the files."""
        folder.mkdir(parents=True, exist_ok=True)
        names = [
            "completeness",
            "coverage",
            "identity",
            "place",
            "recording",
            "source",
            "speaks",
            "statement",
            *(kind.table for kind in self.kinds.values()),
        ]
        paths = tuple(folder / f"{name}.parquet" for name in names)
        for name, path in zip(names, paths, strict=True):
            self.database.execute(f"COPY {sql_name(name)} TO {sql_text(str(path))} (FORMAT parquet, COMPRESSION zstd)")
        return paths


@dataclass(frozen=True, slots=True)
class Setting:
    """What a record is read against: the agreement's parties, groups and time zone."""

    kinds: Mapping[str, Kind]
    parties: Sequence[str] = ()
    groups: Mapping[str, Group] | None = None
    time_zone: str = "UTC"
    strict: bool = False

    @property
    def zone(self) -> str | None:
        """The time zone, None for UTC, in which nothing needs converting."""
        return None if self.time_zone.upper() in ("UTC", "ETC/UTC", "Z") else str(ZoneInfo(self.time_zone))


def read_record(
    folder: Path,
    kinds: Mapping[str, Kind],
    *,
    parties: Sequence[str] = (),
    groups: Mapping[str, Group] | None = None,
    time_zone: str = "UTC",
    strict: bool = False,
    progress: Progress | None = None,
    database: str = ":memory:",
    scratch: Path | None = None,
    more: Sequence[Row] = (),
) -> Record:
    """Read a folder of evidence, and with it the rows `more` as if they stood at their spans.

    Rows with a fault are left out and named in `problems`; with `strict`, one fault
    leaves out all of them. What does not fit in memory spills under `scratch`.
    """
    db = open_database(database, scratch)
    return read_folder(db, folder, Setting(kinds, parties, groups, time_zone, strict), progress=progress, more=more)


def read_folder(
    db: duckdb.DuckDBPyConnection,
    folder: Path,
    setting: Setting,
    *,
    progress: Progress | None = None,
    more: Sequence[Row] = (),
) -> Record:
    """Read a folder into `db`, and with it the rows `more`, each with its `kind`, as if they stood at their spans.

    No two of them stand on one line of a file.
    """
    names = table_names(setting.kinds)
    files, problems = look_into(folder, setting.kinds)
    tables = read_tables(db, files, names, progress)
    tables.problems = problems + tables.problems
    by_file: dict[str, dict[int, Row]] = {}
    for row, span in more:
        by_file.setdefault(span.path, {})[span.line - 1] = (row, span)
    for number, (shown, rows) in enumerate(by_file.items()):
        cells = {line: row for line, (row, _) in rows.items()}
        spans = {line: span for line, (_, span) in rows.items()}
        take_by_kind(db, tables, read_rows(db, cells, shown, f"raw_more_{number}", spans), names)
    shapes = tuple((file.path, file.shown) for file in files if file.format == "geojson")
    return _record(db, tables, setting, (), geojson_files=shapes, folder=folder, progress=progress)


def record_from_rows(
    rows: Sequence[Mapping[str, str]],
    kinds: Mapping[str, Kind],
    *,
    spans: Mapping[int, Span] | None = None,
    sources: Sequence[Source] = (),
    parties: Sequence[str] = (),
    groups: Mapping[str, Group] | None = None,
    time_zone: str = "UTC",
    strict: bool = False,
    shown: str = "rows",
) -> Record:
    """A record from rows in memory, each with a `kind`, checked as files are.

    A row whose `kind` means something else names its table in `table`: `sources`,
    `completeness`, `identity`, `coverage`, `places`. A withdrawal of a statement may
    leave its kind out, and a statement its id. Each party is also a source of that
    name that speaks for itself, unless a source of that name is given or stated.
    `spans` say where rows stand, by their index.
    """
    setting = Setting(kinds, parties, groups, time_zone, strict)
    db = open_database()
    tables = RawTables()
    names = table_names(kinds) | {"source": "sources", "place": "places"}
    if rows:
        take_by_kind(db, tables, read_rows(db, dict(enumerate(_completed(rows, kinds))), shown, "raw_rows", spans), names)
    taken = {s.id for s in sources} | {row.get("id") for row in rows if names.get(row.get("table") or row.get("kind", "")) == "sources"}
    own = (Source(party, party, "party", (party,)) for party in parties if party not in taken)
    return _record(db, tables, setting, (*own, *sources))


_FEW = 1000
"""Rows of evidence of which queries are run as they are written: making a better plan for so few takes longer than it saves."""


def _completed(rows: Sequence[Mapping[str, str]], kinds: Mapping[str, Kind]) -> list[dict[str, str]]:
    """Rows with the ids and kinds that were left out where they are clear."""
    kind_of = {row["id"]: row["kind"] for row in rows if row.get("id") and row.get("kind")}
    completed = []
    for number, row in enumerate(rows, start=1):
        cells = dict(row)
        if not cells.get("kind") and not cells.get("table"):
            cells["kind"] = kind_of.get(cells.get("target", ""), "")
        if not cells.get("id") and not cells.get("table") and cells["kind"] in kinds:
            cells["id"] = f"row {number}"
        completed.append(cells)
    return completed


def _record(
    db: duckdb.DuckDBPyConnection,
    tables: RawTables,
    setting: Setting,
    given: tuple[Source, ...],
    *,
    geojson_files: tuple[tuple[Path, str], ...] = (),
    folder: Path | None = None,
    progress: Progress | None = None,
) -> Record:
    """From raw tables to the record's tables."""
    if sum(raw.rows for raws in tables.by_name.values() for raw in raws) <= _FEW:
        plan_plainly(db)
    groups = setting.groups or {}
    problems, left_out = tables.problems, tables.left_out
    stated, faults, lost = read_sources(db, tables.by_name.pop("sources", ()), setting.parties, groups)
    problems += faults
    sources = tuple(sorted({s.id: s for s in (*given, *stated)}.values(), key=lambda s: s.id))
    write_sources(db, sources)
    _write_parties(db, setting, groups, sources)
    db.execute("CREATE TABLE place (name VARCHAR, type VARCHAR, geometry VARCHAR, radius_m DOUBLE, accuracy_m DOUBLE)")
    faults, lost_places = read_places(db, tables.by_name.pop("places", ()), geojson_files)
    recordings, faulty, lost_recordings = read_recordings(db, tables.by_name.pop("tracks", ()), folder)
    problems += faults + faulty
    left_out += lost + lost_places + lost_recordings
    layouts = {kind.name: layout.of_kind(kind) for kind in setting.kinds.values()}
    layouts |= {make(()).name: make(sorted(setting.kinds)) for make in (layout.completeness, layout.identity, layout.coverage)}
    parts: dict[str, list[Part]] = {}
    offset = number = 0
    total = sum(len(raws) for raws in tables.by_name.values())
    for name in sorted(tables.by_name):
        for raw in tables.by_name[name]:
            if progress:
                progress(raw.path, 0.5 + number / (2 * total))
            staged = stage(db, raw, layouts[name], f"staged_{number}", setting.zone)
            _drop_raw(db, raw)
            problems += staged.problems
            left_out += staged.left_out
            number += 1
            if staged.relation is not None:
                parts.setdefault(name, []).append(Part(staged, offset, name))
                offset += raw.lines
    spoken = [part for name, some in parts.items() if name in setting.kinds for part in some]
    faults, lost = gather(db, spoken)
    problems += faults
    left_out += lost
    problems += unknown_parties(db, spoken, setting.parties, groups)
    write_identity(db, parts.get("identity", ()))
    for faults, lost in (
        write_completeness(db, parts.get("completeness", ()), setting.kinds, setting.zone),
        write_coverage(db, parts.get("coverage", ())),
    ):
        problems += faults
        left_out += lost
    if setting.strict and any(p.severity == "error" for p in problems):
        left_out += sum(part.staged.kept for part in spoken) - count(db, "left_out")
        spoken = []
        for name in ("completeness", "identity", "coverage"):
            db.execute(f"DELETE FROM {name}")
    write_statements(db, spoken)
    kinds = {}
    for name in dict.fromkeys(part.name for part in spoken):
        kind = setting.kinds[name]
        of_kind = [part for part in spoken if part.name == name]
        if write_kind(db, kind, of_kind):
            kinds[name] = kind
        else:
            db.execute(f"DROP VIEW {sql_name(kind.table)}")
            db.execute(f"DROP TABLE {sql_name(kind.table + '_filled')}")
        for part in of_kind:
            drop(db, part.staged)
    _clear(db)
    if progress:
        progress("", 1.0)
    return Record(db, kinds, sources, tuple(problems), _last_published(db), left_out, recordings)


def _drop_raw(db: duckdb.DuckDBPyConnection, raw: RawTable) -> None:
    """Free a raw table as soon as it is staged; a view takes up nothing, and is no table to drop."""
    with suppress(duckdb.CatalogException):
        db.execute(f"DROP TABLE temp.{raw.relation}")


def _write_parties(db: duckdb.DuckDBPyConnection, setting: Setting, groups: Mapping[str, Group], sources: Sequence[Source]) -> None:
    """The tables `party` and `member`, for lists of recipients. Without an agreement the parties are those for which a source speaks."""
    parties = tuple(setting.parties) or tuple(dict.fromkeys(party for source in sources for party in source.speaks_for))
    db.register("parties_given", pa.table({"name": pa.array(parties, pa.string())}))
    db.execute("CREATE TEMP TABLE party AS SELECT DISTINCT name FROM parties_given")
    members = [(group.name, m.member, m.since, m.until) for group in groups.values() if group.name not in parties for m in group.members]
    schema = pa.schema([("name", pa.string()), ("member", pa.string()), ("since", pa.date32()), ("until", pa.date32())])
    columns = [pa.array([m[i] for m in members], schema.field(i).type) for i in range(4)]
    db.register("members_given", pa.table(columns, schema=schema))
    db.execute("CREATE TEMP TABLE member AS SELECT * FROM members_given")
    db.unregister("parties_given")
    db.unregister("members_given")


def _clear(db: duckdb.DuckDBPyConnection) -> None:
    """Drop what only reading needed; views first, since they rest on tables."""
    views = "SELECT view_name FROM duckdb_views() WHERE temporary AND NOT internal"
    tables = "SELECT table_name FROM duckdb_tables() WHERE temporary"
    for kind, query in (("VIEW", views), ("TABLE", tables)):
        for (name,) in db.execute(query).fetchall():
            db.execute(f"DROP {kind} temp.{sql_name(name)}")


def _last_published(db: duckdb.DuckDBPyConnection) -> datetime | None:
    row = first_row(
        db,
        "SELECT max(published) FROM (SELECT max(published) AS published FROM statement UNION ALL SELECT max(published) FROM completeness "
        "UNION ALL SELECT max(published) FROM identity UNION ALL SELECT max(published) FROM coverage)",
    )
    return row[0].replace(tzinfo=UTC) if row and row[0] is not None else None
