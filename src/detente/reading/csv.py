"""Comma-separated files into a raw table.

A clean file (see `scan.py`) goes through DuckDB's parallel parser; any other is
read record by record, exactly, and its faulty records are named and left out.
Source: RFC 4180; tabs and semicolons are taken where the header has no comma.
"""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from detente.model.problem import Problem
from detente.model.span import Span
from detente.reading.ask import first_row
from detente.reading.header import columns_of
from detente.reading.raw import Place, RawTable, Reading, sql_name, sql_text
from detente.reading.scan import BOM, Scan, scan
from detente.reading.tally import Tally

_BATCH = 50_000
_LONGEST_LOOK = 100_000
_MOST_LINES = 50
_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}


def read_csv(db: duckdb.DuckDBPyConnection, path: Path, shown: str, table: str) -> Reading:
    """Read the file at `path` into the new table `table`; `shown` is its name in messages."""
    tally = Tally(shown)
    if path.stat().st_size == 0:
        return Reading(None, (_empty(shown),))
    head = _Head.of(path, tally)
    if head is None:
        return Reading(None, tally.problems())
    columns, faults = columns_of(head.cells, lambda i: Locator(path, shown, head.delimiter).places([(head.line, i)])[0])
    for fault in faults:
        tally.add(fault)
    seen = scan(path, head.delimiter) if head.is_one_line else None
    rows = _read_clean(db, path, table, head, seen) if seen is not None and seen.is_clean else None
    lines = (head.line + rows if seen.lines is None else int(seen.lines[-1])) if seen is not None and rows is not None else 0
    left_out = 0
    if rows is None:
        rows, left_out, lines = _read_exactly(db, path, table, head, tally)
    locator = Locator(path, shown, head.delimiter)
    raw = RawTable(sql_name(table), shown, columns, rows, lines, locator.places([(head.line, None)])[0], locator)
    return Reading(raw, tally.problems(), left_out)


def _empty(shown: str) -> Problem:
    return Problem("missing-header", "the file is empty; its first line must name the columns", Span(shown, 1, 1, 1, 1))


@dataclass(frozen=True, slots=True)
class _Head:
    """The first record: the names of the columns, and what separates them."""

    cells: list[str]
    delimiter: str
    line: int
    is_one_line: bool

    @staticmethod
    def of(path: Path, tally: Tally) -> _Head | None:
        with path.open("rb") as file:
            if file.read(2) in (b"\xff\xfe", b"\xfe\xff"):
                tally.add(Problem("not-utf-8", "the file is in UTF-16", Span(tally.path, 1, 1, 1, 1), help="save it as UTF-8"))
                return None
        try:
            with path.open(encoding="utf-8-sig", newline="", errors="surrogateescape") as file:
                for number, text in enumerate(iter(lambda: file.readline(_LONGEST_LOOK), ""), start=1):
                    if text.strip():
                        return _Head._parse(number, text, file, tally)
        except csv.Error as error:
            tally.add(Problem("unreadable-header", f"the names of the columns cannot be read: {error}", Span(tally.path, 1, 1, 1, 1)))
            return None
        tally.add(_empty(tally.path))
        return None

    @staticmethod
    def _parse(number: int, text: str, rest: Iterator[str], tally: Tally) -> _Head | None:
        delimiter = _delimiter(text)
        reader = csv.reader(itertools.chain([text], itertools.islice(rest, 100)), delimiter=delimiter, strict=True)
        cells = next(reader)
        if delimiter != ",":
            tally.add(
                Problem(
                    "other-delimiter",
                    f"the columns are separated by {_DELIMITERS[delimiter]}, not by commas; read so",
                    Span(tally.path, number, 1, number, 1),
                    text.rstrip("\r\n"),
                    severity="warning",
                )
            )
        if any("\udc80" <= c <= "\udcff" for cell in cells for c in cell):
            tally.add(_not_utf8(tally.path, number, text))
            return None
        return _Head(cells, delimiter, number, reader.line_num == 1)


def _delimiter(header: str) -> str:
    """Comma, unless the header has none and has semicolons or tabs."""
    bare = "".join(part for i, part in enumerate(header.split('"')) if i % 2 == 0)
    if "," in bare:
        return ","
    return max(_DELIMITERS, key=lambda d: (bare.count(d), d == ","))


def _create(table: str, columns: int) -> str:
    cells = "".join(f", c{i} VARCHAR" for i in range(columns))
    return f"CREATE TEMP TABLE {sql_name(table)} (line UINTEGER{cells})"


def _read_clean(db: duckdb.DuckDBPyConnection, path: Path, table: str, head: _Head, seen: Scan) -> int | None:
    """Read a clean file; None if the parser sees other records than the scan did."""
    columns = ", ".join(f"c{i}: 'VARCHAR'" for i in range(len(head.cells)))
    cells = (
        f"read_csv({sql_text(str(path))}, auto_detect = false, header = false, skip = {head.line}, delim = {sql_text(head.delimiter)}, "
        f"quote = '\"', escape = '\"', nullstr = '', strict_mode = true, max_line_size = 16000000, columns = {{{columns}}})"
    )
    name = sql_name(table)
    try:
        if seen.lines is None:
            db.execute(f"CREATE TEMP TABLE {name} AS SELECT (row_number() OVER () + {head.line})::UINTEGER AS line, * FROM {cells}")
        else:
            db.register("scanned_lines", pa.table({"line": seen.lines}))
            db.execute(f"CREATE TEMP TABLE {name} AS SELECT l.line, r.* FROM scanned_lines AS l POSITIONAL JOIN {cells} AS r")
        row = first_row(db, f"SELECT count(*), count(line) FROM {name}")
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error:
        db.execute(f"DROP TABLE IF EXISTS {name}")
        return None
    finally:
        db.unregister("scanned_lines")
    if row != (seen.records, seen.records):
        db.execute(f"DROP TABLE {name}")
        return None
    return seen.records


def _read_exactly(db: duckdb.DuckDBPyConnection, path: Path, table: str, head: _Head, tally: Tally) -> tuple[int, int, int]:
    """Read record by record; gives the numbers of rows kept and left out, and the last line."""
    db.execute(_create(table, len(head.cells)))
    width, kept, left_out = len(head.cells), 0, 0
    names = ["line", *(f"c{i}" for i in range(width))]
    types = pa.schema([("line", pa.uint32()), *((f"c{i}", pa.string()) for i in range(width))])
    batch: list[tuple[int, list[str]]] = []

    def flush() -> None:
        columns = [[line for line, _ in batch], *([row[i] for _, row in batch] for i in range(width))]
        db.register("batch_of_rows", pa.table(dict(zip(names, columns, strict=True)), schema=types))
        db.execute(f"INSERT INTO {sql_name(table)} SELECT * FROM batch_of_rows")
        db.unregister("batch_of_rows")
        batch.clear()

    with path.open(encoding="utf-8-sig", newline="", errors="surrogateescape") as file:
        reader = csv.reader(file, delimiter=head.delimiter, strict=True)
        line = 0
        while True:
            line = reader.line_num + 1
            try:
                row = next(reader)
            except StopIteration:
                break
            except csv.Error as error:
                left_out += 1
                tally.add(_malformed(tally.path, line, str(error)))
                if "unexpected end of data" in str(error) or "field larger" in str(error):
                    break
                continue
            if line <= head.line or not row:
                continue
            fault = _fault(tally, line, row, width)
            if fault:
                left_out += 1
                continue
            kept += 1
            batch.append((line, row))
            if len(batch) >= _BATCH:
                flush()
    if batch:
        flush()
    return kept, left_out, line


def _fault(tally: Tally, line: int, row: list[str], width: int) -> bool:
    """Whether the record must be left out; says why."""
    if len(row) != width:
        code = "too-few-cells" if len(row) < width else "too-many-cells"
        if tally.wants(code):
            text = f"the row has {len(row)} cells, and the header names {width} columns"
            aid = "put a cell that holds a comma in double quotes" if len(row) > width else None
            tally.add(Problem(code, text, Span(tally.path, line, 1, line, 1), help=aid))
        else:
            tally.add_unseen(code, 1)
        return True
    text = "".join(row)
    if text.isascii() and "\0" not in text:
        return False
    if "\0" in text:
        tally.add(Problem("nul-byte", "the row holds a NUL character", Span(tally.path, line, 1, line, 1)))
        return True
    if any("\udc80" <= c <= "\udcff" for c in text):
        tally.add(_not_utf8(tally.path, line, ",".join(row)))
        return True
    return False


def _not_utf8(shown: str, line: int, text: str) -> Problem:
    at = next((i for i, c in enumerate(text) if "\udc80" <= c <= "\udcff"), 0)
    byte = ord(text[at]) - 0xDC00
    return Problem(
        "not-utf-8",
        f"byte 0x{byte:02X} is not UTF-8; the row is left out",
        Span(shown, line, at + 1, line, at + 2),
        help="save the file as UTF-8",
    )


def _malformed(shown: str, line: int, error: str) -> Problem:
    if "unexpected end of data" in error or "field larger" in error:
        text = "a double quote opens here and is not closed"
        if "field larger" in error:
            text += f", or a cell has more than {csv.field_size_limit():,} characters"
        text += "; the file is read up to this row"
        return Problem("open-quote", text, Span(shown, line, 1, line, 1))
    return Problem(
        "stray-quote",
        "a double quote stands inside a cell",
        Span(shown, line, 1, line, 1),
        help='write it twice, in a cell in quotes: "a ""b"" c"',
    )


class Locator:
    """Finds cells again in a comma-separated file."""

    def __init__(self, path: Path, shown: str, delimiter: str) -> None:
        self.path = path
        self.shown = shown
        self.delimiter = delimiter

    def places(self, cells: Sequence[tuple[int, int | None]]) -> list[Place]:
        """The places of `cells`, each (line, column index), read in one pass over the file."""
        texts = self._texts({line for line, _ in cells})
        return [self._place(texts.get(line, []), line, index) for line, index in cells]

    def _texts(self, lines: set[int]) -> dict[int, list[str]]:
        """For each line, it and the lines that its record continues on."""
        found: dict[int, list[str]] = {}
        if not lines:
            return found
        last = max(lines)
        is_open: list[list[str]] = []  # records whose quotes have not closed yet
        with self.path.open("rb") as file:
            for number, raw in enumerate(file, start=1):
                if number > last and not is_open:
                    break
                if number not in lines and not is_open:
                    continue
                text = raw.removeprefix(BOM if number == 1 else b"").decode("utf-8", "replace").rstrip("\r\n")[:_LONGEST_LOOK]
                for record in is_open:
                    record.append(text)
                if number in lines:
                    found[number] = [text]
                    is_open.append(found[number])
                is_open = [record for record in is_open if len(record) < _MOST_LINES and sum(part.count('"') for part in record) % 2]
        return found

    def _place(self, texts: list[str], line: int, index: int | None) -> Place:
        if index is None or not texts:
            return Span(self.shown, line, 1, line, 1), (texts[0] if texts else None)
        starts = _cell_starts("\n".join(texts), self.delimiter, index)
        if starts is None:
            return Span(self.shown, line, 1, line, 1), texts[0]
        begin, end = starts
        text = "\n".join(texts)
        row = text.count("\n", 0, begin)
        column = begin - (text.rfind("\n", 0, begin) + 1) + 1
        width = len(text[begin:end].split("\n")[0])
        return Span(self.shown, line + row, column, line + row, column + max(width, 1)), texts[row]


def _cell_starts(text: str, delimiter: str, index: int) -> tuple[int, int] | None:
    """Where cell `index` of the record begins and ends, its quotes included; spaces around it left out."""
    start, is_quoted, at = 0, False, 0
    for position, c in enumerate(text):
        if c == '"':
            is_quoted = not is_quoted
        elif not is_quoted and (c in (delimiter, "\n")):
            if at == index:
                return _trimmed(text, start, position)
            if c == "\n":
                return None
            at, start = at + 1, position + 1
    return _trimmed(text, start, len(text)) if at == index else None


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    cell = text[start:end]
    lead = len(cell) - len(cell.lstrip(" "))
    return (start + lead, start + len(cell.rstrip(" "))) if cell.strip(" ") else (start, end)
