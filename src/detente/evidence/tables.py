"""The files of a folder as raw tables, grouped by the table of evidence they fill."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import duckdb

from detente.evidence.cells import BLANK
from detente.evidence.folder import SPECIAL, EvidenceFile
from detente.evidence.wording import did_you_mean
from detente.model.problem import Problem
from detente.reading.ask import first_row
from detente.reading.csv import read_csv
from detente.reading.jsonl import read_jsonl
from detente.reading.parquet import read_parquet
from detente.reading.raw import RawTable, Reading, sql_name, sql_text
from detente.reading.tally import SHOWN, Tally
from detente.reading.xlsx import read_xlsx

_READERS = {"csv": read_csv, "jsonl": read_jsonl, "parquet": read_parquet}


@dataclass(slots=True)
class RawTables:
    """Raw tables by the table of evidence that they fill, and what was wrong so far."""

    by_name: dict[str, list[RawTable]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    left_out: int = 0

    def take(self, name: str, reading: Reading) -> None:
        """Add what came of one file or sheet."""
        self.problems += reading.problems
        self.left_out += reading.left_out
        if reading.table is not None:
            self.by_name.setdefault(name, []).append(reading.table)


def read_tables(
    db: duckdb.DuckDBPyConnection, files: Sequence[EvidenceFile], names: Mapping[str, str], progress: Callable[[str, float], None] | None
) -> RawTables:
    """Read every file. `names` are what sheets and the cells of a column `kind` may say."""
    tables = RawTables()
    for number, file in enumerate(files):
        if progress:
            progress(file.shown, number / (2 * len(files)))
        if file.format == "xlsx":
            _take_workbook(db, tables, file, f"raw_{number}", names)
        elif file.format in _READERS:
            reading = _READERS[file.format](db, file.path, file.shown, f"raw_{number}")
            if file.table:
                tables.take(file.table, reading)
            else:
                tables.take("", replace(reading, table=None))
                if reading.table is not None:
                    take_by_kind(db, tables, reading.table, names)
    return tables


def _take_workbook(db: duckdb.DuckDBPyConnection, tables: RawTables, file: EvidenceFile, table: str, names: Mapping[str, str]) -> None:
    """One table per sheet; the only sheet of a workbook that is named after a kind may be called anything."""
    readings, problems = read_xlsx(db, file.path, file.shown, table)
    tables.problems += problems
    for title, reading in readings.items():
        name = names.get(title.strip(), file.table if len(readings) == 1 else "")
        if name:
            tables.take(name, reading)
        elif reading.table is not None:
            aid = did_you_mean(title, names) or "a sheet is named after a kind, as a file would be"
            tables.problems.append(
                Problem(
                    "unknown-kind",
                    f'no kind is called like the sheet "{title}"; it is not read',
                    reading.table.header[0],
                    help=aid,
                    severity="warning",
                )
            )


def take_by_kind(db: duckdb.DuckDBPyConnection, tables: RawTables, raw: RawTable, names: Mapping[str, str]) -> None:
    """Split a table into one view per kind, each with the columns that its rows fill.

    A row's table is named by its cell `table`, or else `kind`: in `sources`,
    `completeness`, `identity` and `coverage`, `kind` is a column of its own.
    """
    tally = Tally(raw.path)
    named = [c for name in ("table", "kind") for c in raw.columns if c.name == name]
    if not named:
        if raw.rows:
            tally.add(Problem("missing-kind", "the rows have no kind; none can be used", raw.header[0]))
            tables.left_out += raw.rows
        tables.problems += tally.problems()
        return
    cells = ", ".join(f"nullif(trim({c.sql}, {BLANK}), '')" for c in named)
    cell = f"coalesce({cells}, '')"
    found = db.execute(f"SELECT {cell}, count(*), min(line, {SHOWN}) FROM {raw.relation} GROUP BY 1 ORDER BY 1").fetchall()
    for word, number, lines in found:
        if word in names:
            _take_view(db, tables, raw, names[word], f"{cell} = {sql_text(word)}")
            continue
        tables.left_out += int(number)
        wanted = lines if tally.wants("unknown-kind") else []
        for span, excerpt in raw.locator.places([(line, named[-1].index) for line in wanted]):
            text = f'there is no kind called "{word[:60]}"' if word else "the row has no kind"
            tally.add(Problem("unknown-kind" if word else "missing-kind", text, span, excerpt, help=did_you_mean(word, names)))
        tally.add_unseen("unknown-kind" if word else "missing-kind", int(number) - len(wanted))
    tables.problems += tally.problems()


def _take_view(db: duckdb.DuckDBPyConnection, tables: RawTables, raw: RawTable, name: str, condition: str) -> None:
    by_name = {c.name: c for c in raw.columns}
    own_kind = name in SPECIAL and "table" in by_name and "kind" in by_name
    others = [c for c in raw.columns if c.name != "table" and (c.name != "kind" or own_kind)]
    cells = (
        f"* REPLACE (CASE WHEN {by_name['table'].sql} IS NOT NULL THEN {by_name['kind'].sql} END AS {by_name['kind'].sql})"
        if own_kind
        else "*"
    )
    view = sql_name(f"{raw.relation.strip(chr(34))}_{len(tables.by_name)}_{name}")
    db.execute(f"CREATE TEMP VIEW {view} AS SELECT {cells} FROM {raw.relation} WHERE {condition}")
    filled = "".join(f", count(nullif(trim({c.sql}, {BLANK}), ''))" for c in others)
    counts = first_row(db, f"SELECT count(*){filled} FROM {view}") or (0,)
    columns = tuple(c for c, number in zip(others, counts[1:], strict=True) if number)
    tables.by_name.setdefault(name, []).append(replace(raw, relation=view, columns=columns, rows=int(counts[0])))
