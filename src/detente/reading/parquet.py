"""Parquet files into a raw table: a view, typed where the file is typed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from detente.model.problem import Problem
from detente.model.span import Span
from detente.reading.ask import count
from detente.reading.header import columns_of
from detente.reading.raw import CellType, Place, RawTable, Reading, sql_name, sql_text

_NUMBERS = (
    "TINYINT",
    "SMALLINT",
    "INTEGER",
    "BIGINT",
    "HUGEINT",
    "UTINYINT",
    "USMALLINT",
    "UINTEGER",
    "UBIGINT",
    "UHUGEINT",
    "FLOAT",
    "DOUBLE",
)


def read_parquet(db: duckdb.DuckDBPyConnection, path: Path, shown: str, table: str) -> Reading:
    """Make `table` a view of the file at `path`; a row's line is its number from 1."""
    scan = f"read_parquet({sql_text(str(path))}, file_row_number = true)"
    locator = Locator(shown)
    try:
        described = db.execute(f"DESCRIBE SELECT * FROM {scan}").fetchall()
        names = [row[0] for row in described if row[0] != "file_row_number"]
        readings = [_cell(name, str(row[1])) for row, name in zip(described, names, strict=False)]
        types = [reading[1] if reading else "text" for reading in readings]
        columns, problems = columns_of(names, lambda i: locator.places([(1, i)])[0], types)
        for column in columns:
            if readings[column.index] is None:
                problems.append(_nested(locator, column.name, column.index))
        columns = tuple(c for c in columns if readings[c.index] is not None)
        cells = "".join(f", {reading[0]} AS c{i}" for i, reading in enumerate(readings) if reading)
        db.execute(f"CREATE TEMP VIEW {sql_name(table)} AS SELECT (file_row_number + 1)::UINTEGER AS line{cells} FROM {scan}")
        rows = count(db, sql_name(table))
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error as error:
        return Reading(None, (unreadable(shown, str(error)),))
    return Reading(RawTable(sql_name(table), shown, columns, rows, rows, locator.places([(1, None)])[0], locator), tuple(problems))


def unreadable(shown: str, error: str) -> Problem:
    """The file's bytes are not what its name says."""
    return Problem("unreadable-file", f"the file cannot be read: {error.splitlines()[0][:200]}", Span(shown, 1, 1, 1, 1))


def _nested(locator: Locator, name: str, index: int) -> Problem:
    return Problem("nested-value", f'column "{name}" holds nested values and is not read', locator.places([(1, index)])[0][0])


def _cell(name: str, kind: str) -> tuple[str, CellType] | None:
    """A column as SQL and how its cells arrive; None for what has no reading."""
    column = sql_name(name)
    if kind in _NUMBERS or kind.startswith("DECIMAL"):
        return f"{column}::DOUBLE", "number"
    if kind == "BOOLEAN":
        return column, "flag"
    if kind == "DATE":
        return column, "day"
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"make_timestamp(epoch_us({column}))", "instant"
    if kind.startswith("TIMESTAMP"):
        return f"{column}::TIMESTAMP", "local"
    if kind == "VARCHAR" or kind.startswith("ENUM"):
        return f"{column}::VARCHAR", "text"
    if kind == "VARCHAR[]":
        return f"array_to_string({column}, '; ')", "text"
    if kind == '"NULL"':
        return f"{column}::VARCHAR", "text"
    return None


class Locator:
    """Names cells by row and column number: a Parquet file has no lines."""

    def __init__(self, shown: str) -> None:
        self.shown = shown

    def places(self, cells: Sequence[tuple[int, int | None]]) -> list[Place]:
        """Line is the row from 1, column the column from 1."""
        return [(Span(self.shown, line, (index or 0) + 1, line, (index or 0) + 2), None) for line, index in cells]
