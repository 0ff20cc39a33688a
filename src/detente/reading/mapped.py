"""Tables of positions, comma-separated or Parquet, through a mapping, batch by batch.

Columns are converted whole; only a column with a cell that cannot be read is gone
through cell by cell, to leave out that row and name it.
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from detente.model.positions import CALL_SIGN, CRAFT, LAT, LON, NAME, POSITION_COLUMNS, TIME, TYPE
from detente.model.problem import Problem
from detente.model.span import Span
from detente.reading.mapping import Amount, Mapped, Word, mapping_for
from detente.reading.track import BATCH, EARLIEST_MS, LATEST_MS, POSITIONS, STATIC, Account, TrackBatch
from detente.vocabulary.craft import flag_of, ship_types

_BLOCK = 8 << 20
_NO_CHARACTER = "\ufffd"
_MS = pa.timestamp("ms", "UTC")


class UnmappedTable(Exception):  # noqa: N818 - it carries a problem, as NotAskable does
    """Nothing says what the columns of a table hold, or the file is no table."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def read_csv_tracks(file: BinaryIO, account: Account, mapping: Mapped | None = None) -> Iterator[TrackBatch]:
    """Batches from comma-separated text with a header; without a mapping one of the package's own must fit.

    Raises:
        UnmappedTable: no mapping fits, or the header cannot be read.
    """
    shown = account.tally.path
    skipped: list[int] = []

    def skip(row: Any) -> str:
        if row.text.strip():
            number = row.number
            skipped.append(number if number is not None else 0)
            _add(
                account,
                "malformed-row",
                f"the row has {row.actual_columns} cells, and the header names {row.expected_columns}",
                number or 1,
            )
        elif row.number is not None:
            skipped.append(row.number)
        return "skip"

    first = file.readline(1 << 16)
    delimiter = max(",;\t", key=lambda d: (first.count(d.encode()), d == ","))
    try:
        names = next(iter(_cells(first, delimiter)), [])
    except (UnicodeDecodeError, csv.Error) as error:
        text = f"the names of the columns cannot be read: {str(error)[:150]}"
        raise UnmappedTable(Problem("unknown-track-format", text, Span(shown, 1, 1, 1, 1))) from None
    fitting = _fitting(names, mapping, shown)
    try:
        reader = pa.csv.open_csv(
            pa.PythonFile(_Text(first, file), mode="r"),
            read_options=pa.csv.ReadOptions(use_threads=False, block_size=_BLOCK, column_names=_distinct(names), skip_rows=1),
            parse_options=pa.csv.ParseOptions(delimiter=delimiter, invalid_row_handler=skip, ignore_empty_lines=False),
            convert_options=pa.csv.ConvertOptions(
                column_types=dict.fromkeys(_distinct(names), pa.string()),
                strings_can_be_null=True,
                null_values=["", "NULL", "null", "NA", "nan", "NaN"],
                include_columns=[name for name in _columns_of(fitting) if name in names],
            ),
        )
        line = 2
        for batch in reader:
            at = _lines(line, batch.num_rows, skipped)
            line = int(at[-1]) + 1 if len(at) else line
            table = pa.table({name: _texts(batch.column(i), at, account) for i, name in enumerate(batch.schema.names)})
            yield from _converted(table, at, fitting, account)
    except pa.ArrowInvalid as error:
        _add(account, "unreadable-file", f"the rest of the file cannot be read: {str(error).splitlines()[0][:150]}", 1, severity="error")


def read_parquet_tracks(file: BinaryIO, account: Account, mapping: Mapped | None = None) -> Iterator[TrackBatch]:
    """Batches from Parquet; a row's line is its number from 1.

    Raises:
        UnmappedTable: no mapping fits, or the file is not Parquet.
    """
    shown = account.tally.path
    try:
        parquet = pq.ParquetFile(file)
        fitting = _fitting(parquet.schema_arrow.names, mapping, shown)
        names = [name for name in _columns_of(fitting) if name in parquet.schema_arrow.names]
        line = 1
        for batch in parquet.iter_batches(batch_size=BATCH, columns=names, use_threads=False):
            yield from _converted(pa.Table.from_batches([batch]), np.arange(line, line + batch.num_rows), fitting, account)
            line += batch.num_rows
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
        text = f"the file cannot be read: {str(error).splitlines()[0][:200]}"
        raise UnmappedTable(Problem("unreadable-file", text, Span(shown, 1, 1, 1, 1))) from None


class _Text(io.RawIOBase):
    """A stream that gives back its first line, then the rest, with `_NO_CHARACTER` for bytes that are not UTF-8."""

    def __init__(self, first: bytes, rest: BinaryIO) -> None:
        super().__init__()
        self._first = first if first.endswith(b"\n") else first + b"\n"
        self._rest = rest
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if self._first:
            part, self._first = self._first, b""
            return part
        while data := self._rest.read(size):
            # What decodes to nothing is the beginning of a character whose end comes with the next bytes.
            if text := self._decoder.decode(data):
                return text.encode()
        return self._decoder.decode(b"", final=True).encode()


def _cells(line: bytes, delimiter: str) -> Iterator[list[str]]:
    yield from csv.reader([line.decode("utf-8-sig").rstrip("\r\n")], delimiter=delimiter)


def _distinct(names: list[str]) -> list[str]:
    """Names without repeats: the second of two columns of one name is not used."""
    seen: set[str] = set()
    distinct = []
    for number, name in enumerate(names):
        distinct.append(f"\0{number}" if name in seen else name)
        seen.add(name)
    return distinct


def _fitting(names: list[str], mapping: Mapped | None, shown: str) -> Mapped:
    fitting = mapping or mapping_for(names)
    span = Span(shown, 1, 1, 1, 1)
    if fitting is None:
        listed = ", ".join(names[:12]) + (" ..." if len(names) > 12 else "")
        text = f"no format with these columns is known: {listed}"
        raise UnmappedTable(
            Problem("unknown-track-format", text, span, help="say what they hold with --mapping FILE; see docs/reference/tracks.md")
        )
    missing = [name for name in fitting.needed if name not in names]
    if missing:
        raise UnmappedTable(Problem("missing-column", f'the mapping names a column "{missing[0]}", which the file has not', span))
    return fitting


def _columns_of(mapping: Mapped) -> list[str]:
    return list(
        dict.fromkeys(
            (mapping.craft, mapping.time, *(a.column for a in mapping.amounts.values()), *(w.column for w in mapping.words.values()))
        )
    )


def _lines(first: int, count: int, skipped: list[int]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """The lines on which `count` kept rows stand, from line `first` on, past those that were skipped."""
    past = {n for n in skipped if n >= first}
    if not past:
        return np.arange(first, first + count)
    span = np.arange(first, first + count + len(past))
    kept: np.ndarray[Any, np.dtype[np.int64]] = span[~np.isin(span, list(past))][:count]
    return kept


def _texts(column: pa.Array, at: np.ndarray[Any, np.dtype[np.int64]], account: Account) -> pa.Array:
    """The column without the cells that were not UTF-8; they become null, and are named."""
    bad = np.asarray(pc.fill_null(pc.match_substring(column, _NO_CHARACTER), fill_value=False))
    if not bad.any():
        return column
    for row in np.flatnonzero(bad):
        _add(account, "not-utf-8", "a cell is not UTF-8; it is taken as empty", int(at[row]))
    return pc.if_else(pa.array(bad), None, column)


@dataclass(frozen=True, slots=True)
class _Rows:
    """One batch while it is converted: `good` marks the rows that are kept."""

    table: pa.Table
    at: np.ndarray[Any, np.dtype[np.int64]]
    good: np.ndarray[Any, np.dtype[np.bool_]]
    account: Account

    def column(self, name: str) -> pa.Array | None:
        return self.table.column(name).combine_chunks() if name in self.table.schema.names else None

    def leave_out(self, bad: np.ndarray[Any, np.dtype[np.bool_]], code: str, say: Callable[[int], str]) -> None:
        """Leave rows out that are still kept, and name them."""
        for row in np.flatnonzero(bad & self.good):
            _add(self.account, code, say(int(row)), int(self.at[row]))
        self.good[bad] = False


def _converted(table: pa.Table, at: np.ndarray[Any, np.dtype[np.int64]], mapping: Mapped, account: Account) -> Iterator[TrackBatch]:
    for start in range(0, table.num_rows, BATCH):
        part = table.slice(start, BATCH)
        rows = _Rows(part, at[start : start + BATCH], np.ones(part.num_rows, dtype=bool), account)
        account.seen["lines"] += part.num_rows
        yield _batch(rows, mapping)


def _batch(rows: _Rows, mapping: Mapped) -> TrackBatch:
    craft = _craft(rows, mapping)
    time = _times(rows, mapping)
    amounts = {name: _numbers(rows, amount, is_needed=name in (LON, LAT)) for name, amount in mapping.amounts.items()}
    lon, lat = amounts[LON], amounts[LAT]
    blank = np.isnan(lon) | np.isnan(lat)
    rows.account.seen["without a position"] += int((blank & rows.good).sum())
    rows.good[blank] = False
    outside = ~((np.abs(lon) <= 180) & (np.abs(lat) <= 90))
    rows.leave_out(outside, "impossible-coordinates", lambda r: f"longitude {lon[r]:g} and latitude {lat[r]:g} are on no globe")
    amounts[LON] = np.where(lon == 180, -180.0, lon)
    keep = pa.array(rows.good)
    cells = {CRAFT: craft, TIME: time} | {name: _array(values) for name, values in amounts.items()}
    positions = pa.table(
        [
            cells[n].cast(POSITIONS.field(n).type) if n in cells else pa.nulls(len(rows.good), POSITIONS.field(n).type)
            for n in POSITION_COLUMNS
        ],
        schema=POSITIONS,
    )
    return TrackBatch(positions.filter(keep), _said(rows, mapping, craft, time))


def _array(values: np.ndarray[Any, np.dtype[np.float64]]) -> pa.Array:
    return pa.array(values, mask=np.isnan(values))


def _craft(rows: _Rows, mapping: Mapped) -> pa.Array:
    column = rows.column(mapping.craft)
    if column is None or not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type) or pa.types.is_integer(column.type)):
        raise UnmappedTable(
            Problem("missing-column", f'column "{mapping.craft}" holds no names of craft', Span(rows.account.tally.path, 1, 1, 1, 1))
        )
    text = pc.utf8_trim_whitespace(column.cast(pa.string()))
    blank = np.asarray(pc.fill_null(pc.equal(text, ""), fill_value=True))
    time = rows.column(mapping.time)
    if time is not None:
        rows.good[blank & np.asarray(time.is_null())] = False  # a line without anything in it
    rows.leave_out(blank, "missing-craft", lambda _: "the row names no craft")
    if mapping.kind == "mmsi":
        good = np.asarray(pc.fill_null(pc.match_substring_regex(text, r"^[0-9]{1,9}$"), fill_value=False))
        rows.leave_out(~good, "bad-identity", lambda r: f'"{str(text[r])[:40]}" is no MMSI')
        return pc.binary_join_element_wise("mmsi:", pc.utf8_lpad(text, 9, "0"), "")
    if mapping.kind == "icao24":
        text = pc.utf8_lower(text)
        good = np.asarray(pc.fill_null(pc.match_substring_regex(text, r"^[0-9a-f]{6}$"), fill_value=False))
        rows.leave_out(~good, "bad-identity", lambda r: f'"{str(text[r])[:40]}" is no address of 24 bits')
        return pc.binary_join_element_wise("icao24:", text, "")
    return text


def _times(rows: _Rows, mapping: Mapped) -> pa.Array:
    column = rows.column(mapping.time)
    if column is None:
        raise UnmappedTable(Problem("missing-column", f'there is no column "{mapping.time}"', Span(rows.account.tally.path, 1, 1, 1, 1)))
    values = _milliseconds(column, mapping)
    known = np.asarray(values.is_valid())
    ms = np.asarray(pc.fill_null(values, 0))
    rows.leave_out(
        ~known,
        "impossible-time",
        lambda r: f'"{str(column[r])[:40]}" is no time as the mapping has it' if column[r].is_valid else "the row has no time",
    )
    rows.leave_out(
        (ms < EARLIEST_MS) | (ms >= LATEST_MS), "impossible-time", lambda r: f'"{str(column[r])[:40]}" lies before 1990 or after 2100'
    )
    return pa.array(ms).cast(_MS)


def _milliseconds(column: pa.Array, mapping: Mapped) -> pa.Array:
    """Milliseconds since 1970 as integers; null where a cell is no time."""
    kind = column.type
    if pa.types.is_timestamp(kind):
        if kind.tz is None and mapping.zone is None:
            return pa.nulls(len(column), pa.int64())
        return column.cast(pa.timestamp("ms", kind.tz), safe=False).cast(pa.int64())
    if mapping.time_format.startswith("epoch"):
        scale = 1000.0 if mapping.time_format == "epoch-s" else 1.0
        numbers = _floats(column)
        sound = np.isfinite(numbers) & (np.abs(numbers) < 1e13)
        return pa.array(np.round(np.where(sound, numbers, 0) * scale).astype(np.int64), mask=~sound)
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        return pa.nulls(len(column), pa.int64())
    if mapping.time_format != "iso" and mapping.zone is not None and "%z" not in mapping.time_format:
        return pc.strptime(column, format=mapping.time_format, unit="ms", error_is_null=True).cast(pa.int64())
    try:
        if mapping.time_format == "iso":
            return column.cast(pa.timestamp("ms")).cast(pa.int64()) if mapping.zone else column.cast(_MS).cast(pa.int64())
    except pa.ArrowInvalid:
        pass
    return pa.array([_moment(cell, mapping) for cell in column.to_pylist()], pa.int64())


def _moment(cell: str | None, mapping: Mapped) -> int | None:
    if cell is None or len(cell) > 64:
        return None
    try:
        at = dt.datetime.fromisoformat(cell.strip()) if mapping.time_format == "iso" else dt.datetime.strptime(cell, mapping.time_format)  # noqa: DTZ007
        if at.tzinfo is None:
            if mapping.zone is None:
                return None
            at = at.replace(tzinfo=dt.UTC)
        return round(at.timestamp() * 1000)
    except (ValueError, OverflowError):
        return None


def _floats(column: pa.Array) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Numbers of a column; not a number (NaN) for an empty cell, infinite for one that is no number."""
    kind = column.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return np.asarray(pc.fill_null(column.cast(pa.float64()), math.nan))
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        return np.full(len(column), np.inf)
    try:
        return np.asarray(pc.fill_null(pc.utf8_trim_whitespace(column).cast(pa.float64()), math.nan))
    except pa.ArrowInvalid:
        return np.asarray([_number(cell) for cell in column.to_pylist()])


def _number(cell: str | None) -> float:
    if cell is None or not cell.strip():
        return math.nan
    try:
        value = float(cell) if "_" not in cell and len(cell) < 64 else math.inf
    except ValueError:
        return math.inf
    return math.inf if math.isnan(value) else value


def _numbers(rows: _Rows, amount: Amount, *, is_needed: bool) -> np.ndarray[Any, np.dtype[np.float64]]:
    """A column in degrees, feet or knots. A bad cell costs the row its position if that is what it should hold, and only itself otherwise."""
    column = rows.column(amount.column)
    if column is None:
        return np.full(len(rows.good), np.nan)
    values = _floats(column).copy()
    bad = np.isinf(values)
    if is_needed:
        rows.leave_out(bad, "not-a-number", lambda r: f'"{str(column[r])[:40]}" in {amount.column} is no number')
    elif bad.any():
        for row in np.flatnonzero(bad & rows.good):
            _add(
                rows.account,
                "not-a-number",
                f'"{str(column[int(row)])[:40]}" in {amount.column} is no number; taken as unknown',
                int(rows.at[row]),
            )
    values[bad] = np.nan
    for unknown in amount.unknown:
        values[np.abs(values - unknown) < 1e-6] = np.nan
    return values * amount.factor


def _said(rows: _Rows, mapping: Mapped, craft: pa.Array, time: pa.Array) -> pa.Table:
    """Static data: one row for each thing that a craft says of itself in this batch, from the first time it says it."""
    words = {name: _words(rows, word) for name, word in mapping.words.items()}
    if TYPE in words:
        words[TYPE] = pc.utf8_lower(words[TYPE])
    if not words:
        return STATIC.empty_table()
    blank = pa.nulls(len(rows.good), pa.string())
    table = pa.table({CRAFT: craft, TIME: time} | {name: words.get(name, blank) for name in (NAME, CALL_SIGN, TYPE)}).filter(
        pa.array(rows.good)
    )
    said = table.group_by([CRAFT, NAME, CALL_SIGN, TYPE]).aggregate([(TIME, "min")])
    told = pc.or_(pc.or_(said[NAME].is_valid(), said[CALL_SIGN].is_valid()), said[TYPE].is_valid())
    said = said.filter(told)
    flags = pa.array([flag_of(name) for name in said[CRAFT].to_pylist()], pa.string())
    return pa.table([said[CRAFT], said[f"{TIME}_min"], said[NAME], said[CALL_SIGN], flags, said[TYPE]], names=STATIC.names).cast(STATIC)


def _words(rows: _Rows, word: Word) -> pa.Array:
    column = rows.column(word.column)
    if column is None or pa.types.is_nested(column.type):
        return pa.nulls(len(rows.good), pa.string())
    if word.is_ship_type:
        codes = _floats(column)
        return pa.array([ship_types().get(int(code)) if math.isfinite(code) else None for code in codes], pa.string())
    text = pc.utf8_trim_whitespace(column.cast(pa.string()))
    is_told = pc.and_(pc.not_equal(text, ""), pc.invert(pc.is_in(text, value_set=pa.array(word.unknown, pa.string()))))
    return pc.if_else(is_told, text, None)


def _add(account: Account, code: str, text: str, line: int, *, severity: str = "warning") -> None:
    tally = account.tally
    if tally.wants(code):
        tally.add(Problem(code, text, Span(tally.path, line, 1, line, 1), severity="error" if severity == "error" else "warning"))
    else:
        tally.add_unseen(code, 1)
