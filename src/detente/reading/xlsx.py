"""Workbooks into raw tables, one per sheet; the first row of a sheet names its columns.

Values only: no formula is computed, no link followed. A date cell becomes an
ISO date; a cell with a clock time becomes one without a zone, since a workbook
knows none. Source: ECMA-376, part 1, section 18.3.
"""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from detente.model.problem import Problem
from detente.model.span import Span
from detente.reading.header import MOST_COLUMNS, columns_of
from detente.reading.parquet import Locator, unreadable
from detente.reading.raw import RawTable, Reading, sql_name

_LARGEST = 1 << 30
_BATCH = 20_000


def read_xlsx(db: duckdb.DuckDBPyConnection, path: Path, shown: str, table: str) -> tuple[dict[str, Reading], tuple[Problem, ...]]:
    """Read each sheet into a table of its own, named `table` and a number; keyed by the sheet's title."""
    import openpyxl

    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
        if size > _LARGEST:
            return {}, (unreadable(shown, f"the workbook unpacks to more than {_LARGEST >> 20} MB"),)
        book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # noqa: BLE001 - openpyxl raises whatever the damaged XML makes it raise
        return {}, (unreadable(shown, str(error) or type(error).__name__),)
    readings: dict[str, Reading] = {}
    for number, sheet in enumerate(book.worksheets, start=1):
        place = f"{shown}[{sheet.title}]"
        try:
            readings[sheet.title] = _read_sheet(db, sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True), place, f"{table}_{number}")
        except Exception as error:  # noqa: BLE001 - as above; a sheet is read as it is unpacked
            readings[sheet.title] = Reading(None, (unreadable(place, str(error) or type(error).__name__),))
    book.close()
    return readings, ()


def _read_sheet(db: duckdb.DuckDBPyConnection, rows: Iterator[tuple[Any, ...]], shown: str, table: str) -> Reading:
    locator = CellLocator(shown)
    head = next(((i, row) for i, row in enumerate(rows, start=1) if any(cell is not None for cell in row)), None)
    if head is None:
        return Reading(None)
    head_line, cells = head
    names = [_text(cell) or "" for cell in cells]
    while names and not names[-1]:
        names.pop()
    columns, problems = columns_of(names, lambda i: locator.places([(head_line, i)])[0])
    width = len(names)
    schema = pa.schema([("line", pa.uint32()), *((f"c{i}", pa.string()) for i in range(width))])
    db.execute(f"CREATE TEMP TABLE {sql_name(table)} (line UINTEGER" + "".join(f", c{i} VARCHAR" for i in range(width)) + ")")
    count, line = 0, head_line
    batch: list[tuple[int, list[str | None]]] = []

    def flush() -> None:
        values = [[at for at, _ in batch], *([row[i] for _, row in batch] for i in range(width))]
        db.register("batch_of_rows", pa.table(dict(zip(schema.names, values, strict=True)), schema=schema))
        db.execute(f"INSERT INTO {sql_name(table)} SELECT * FROM batch_of_rows")
        db.unregister("batch_of_rows")
        batch.clear()

    for line, row in enumerate(rows, start=head_line + 1):
        values = [_text(cell) for cell in row[:width]]
        if any(values):
            batch.append((line, values + [None] * (width - len(values))))
            count += 1
        if len(batch) >= _BATCH:
            flush()
    if batch:
        flush()
    raw = RawTable(sql_name(table), shown, columns, count, line, locator.places([(head_line, None)])[0], locator)
    return Reading(raw, tuple(problems))


def _text(cell: Any) -> str | None:
    """A cell's value as it would be typed into a text file."""
    if cell is None:
        return None
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat()
    return str(cell).replace("\0", "")


class CellLocator(Locator):
    """Names cells as a spreadsheet does; line and column are the row and column numbers."""

    def places(self, cells: Sequence[tuple[int, int | None]]) -> list[tuple[Span, str | None]]:
        """The row from 1, the column from 1; the text names the cell, as in B7."""
        from openpyxl.utils import get_column_letter

        found = super().places(cells)
        return [
            (span, None if index is None else f"cell {get_column_letter(index + 1)}{line}")
            for (span, _), (line, index) in zip(found, cells, strict=True)
        ]
