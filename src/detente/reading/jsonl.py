"""JSON Lines into a raw table: one object a line, one cell a member.

Strings, numbers and booleans are cells; a list of strings is a cell with its
items joined by semicolons; other nested values are named and left out.
Source: jsonlines.org; RFC 8259.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from detente.model.problem import Problem
from detente.model.span import Span
from detente.reading.ask import count, first_row
from detente.reading.header import columns_of
from detente.reading.raw import Place, RawColumn, RawTable, Reading, sql_name, sql_text
from detente.reading.scan import BOM
from detente.reading.tally import SHOWN, Tally

_BLOCK = 16 << 20
_LONGEST_LINE = 4 << 20
_MOST_NAMES = 200
_EXCERPT = 100_000


def read_jsonl(db: duckdb.DuckDBPyConnection, path: Path, shown: str, table: str) -> Reading:
    """Read the file at `path` into the new table `table`."""
    tally = Tally(shown)
    name, lines = sql_name(table), sql_name(table + "_lines")
    db.execute(f"CREATE TEMP TABLE {lines} (line UINTEGER, text VARCHAR)")
    left_out, last = _load(db, path, lines, tally)
    left_out += _refuse_bad_lines(db, lines, tally)
    found = db.execute(
        f"SELECT key, count(*) AS n, min(line) FROM (SELECT line, unnest(json_keys(text)) AS key FROM {lines}) GROUP BY key ORDER BY n DESC, key LIMIT ?",
        [_MOST_NAMES + 1],
    ).fetchall()
    if len(found) > _MOST_NAMES:
        text = f"the objects have more than {_MOST_NAMES} different names; the {_MOST_NAMES} most frequent are read"
        tally.add(Problem("too-many-columns", text, Span(shown, 1, 1, 1, 1)))
    names = sorted(str(row[0]) for row in found[:_MOST_NAMES])
    locator = Locator(path, shown, tuple(names))
    first_lines = {str(row[0]): int(row[2]) for row in found}
    columns, faults = columns_of(names, lambda i: locator.places([(first_lines[names[i]], i)])[0])
    for fault in faults:
        tally.add(fault)
    db.execute(f"CREATE TEMP TABLE {name} AS {_cells(lines, names)}")
    db.execute(f"DROP TABLE {lines}")
    left_out += _refuse_nested(db, name, columns, locator, tally)
    raw = RawTable(name, shown, columns, count(db, name), last, (Span(shown, 1, 1, 1, 1), None), locator, is_headed=False)
    return Reading(raw if columns else None, tally.problems(), left_out)


def _load(db: duckdb.DuckDBPyConnection, path: Path, lines: str, tally: Tally) -> tuple[int, int]:
    """Load the physical lines; gives how many were left out and the number of the last."""
    left_out, first = 0, 1
    for block in _blocks(path):
        if len(block) > _BLOCK + _LONGEST_LINE:
            tally.add(
                Problem(
                    "line-too-long",
                    f"a line is longer than {_LONGEST_LINE >> 20} MB; nothing is read from it on",
                    Span(tally.path, first, 1, first, 1),
                )
            )
            return left_out + 1, first
        texts, faulty = _texts(block, first, tally)
        db.register("block_of_lines", texts)
        db.execute(
            f"INSERT INTO {lines} SELECT line, rtrim(text, chr(13) || chr(10)) FROM block_of_lines WHERE text IS NOT NULL AND trim(text, ' ' || chr(9) || chr(13) || chr(10)) <> ''"
        )
        db.unregister("block_of_lines")
        left_out += faulty
        first += texts.num_rows
    return left_out, first - 1


def _blocks(path: Path) -> Iterator[bytes]:
    """The file in blocks that end with a line, each of bounded size unless a line is longer."""
    with path.open("rb") as file:
        rest = b""
        if (start := file.read(3)) != BOM:
            rest = start
        while block := file.read(_BLOCK):
            cut = block.rfind(b"\n") + 1
            if not cut:
                rest += block
                if len(rest) > _BLOCK + _LONGEST_LINE:
                    yield rest
                    return
                continue
            yield rest + block[:cut]
            rest = block[cut:]
        if rest:
            yield rest


def _texts(block: bytes, first: int, tally: Tally) -> tuple[pa.Table, int]:
    """A block as lines with their numbers; a line that is not UTF-8 becomes null."""
    ends = np.flatnonzero(np.frombuffer(block, dtype=np.uint8) == 10).astype(np.int32) + 1
    if not len(ends) or ends[-1] != len(block):
        ends = np.append(ends, np.int32(len(block)))
    numbers = pa.array(np.arange(first, first + len(ends), dtype=np.uint32))
    faulty = 0
    if _is_text(block):
        offsets = np.concatenate([np.zeros(1, dtype=np.int32), ends])
        text = pa.StringArray.from_buffers(len(ends), pa.py_buffer(offsets), pa.py_buffer(block))
    else:
        good: list[str | None] = []
        for i, end in enumerate(ends):
            raw = block[int(ends[i - 1]) if i else 0 : int(end)]
            good.append(raw.decode() if _is_text(raw) else None)
            if good[-1] is None:
                faulty += 1
                tally.add(_not_text(tally.path, first + i, raw))
        text = pa.array(good, type=pa.string())
    return pa.table({"line": numbers, "text": text}), faulty


def _is_text(raw: bytes) -> bool:
    if b"\0" in raw:
        return False
    if raw.isascii():
        return True
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def _not_text(shown: str, line: int, raw: bytes) -> Problem:
    try:
        at = raw.decode().index("\0")
    except UnicodeDecodeError as error:
        at = len(raw[: error.start].decode())
        return Problem(
            "not-utf-8", f"byte 0x{raw[error.start]:02X} is not UTF-8; the line is left out", Span(shown, line, at + 1, line, at + 2)
        )
    return Problem("nul-byte", "the line holds a NUL character", Span(shown, line, at + 1, line, at + 2))


def _refuse_bad_lines(db: duckdb.DuckDBPyConnection, lines: str, tally: Tally) -> int:
    """Take out lines that are no JSON object, and those that name a member twice."""
    db.execute(
        f"""CREATE OR REPLACE TEMP TABLE bad_lines AS SELECT line, fault FROM (
            SELECT line, CASE WHEN NOT json_valid(text) THEN 'not-json' WHEN json_type(text) <> 'OBJECT' THEN 'not-an-object'
                WHEN len(json_keys(text)) <> len(list_distinct(json_keys(text))) THEN 'duplicate-name' END AS fault
            FROM {lines}) WHERE fault IS NOT NULL"""
    )
    counts = db.execute("SELECT fault, count(*) FROM bad_lines GROUP BY fault ORDER BY fault").fetchall()
    for fault, number in counts:
        shown = db.execute(
            f"SELECT line, text[:{_EXCERPT}] FROM {lines} SEMI JOIN (SELECT line FROM bad_lines WHERE fault = ? ORDER BY line LIMIT {SHOWN}) AS b USING (line) ORDER BY line",
            [fault],
        ).fetchall()
        for line, text in shown:
            tally.add(_bad_line(tally.path, fault, int(line), str(text)))
        tally.add_unseen(fault, int(number) - len(shown))
    db.execute(f"DELETE FROM {lines} WHERE line IN (SELECT line FROM bad_lines)")
    db.execute("DROP TABLE bad_lines")
    return sum(int(number) for _, number in counts)


def _bad_line(shown: str, fault: str, line: int, text: str) -> Problem:
    column = 1
    message = {
        "not-json": "the line is not JSON",
        "not-an-object": "the line is not a JSON object",
        "duplicate-name": "the object names a member twice",
    }[fault]
    if fault == "not-json":
        try:
            json.loads(text)
        except json.JSONDecodeError as error:
            column, message = error.colno, f"the line is not JSON: {error.msg}"
        except (RecursionError, ValueError):
            pass  # nested too deeply, or a number of thousands of digits
    return Problem(fault, message, Span(shown, line, column, line, column + 1), text)


def _cells(lines: str, names: Sequence[str]) -> str:
    """The SELECT that takes each member out as text; a nested one keeps a mark in front."""
    if not names:
        return f"SELECT line FROM {lines}"
    shape = json.dumps(dict.fromkeys(names, "JSON"))
    cells = ", ".join(
        f"CASE WHEN j{i} IS NULL OR j{i} = 'null' THEN NULL WHEN j{i}[1] = '\"' THEN json_extract_string(j{i}, '$') "
        f"WHEN j{i}[1] = '[' AND NOT regexp_matches(j{i}[2:], '[\\[{{]') THEN array_to_string(from_json(j{i}, '[\"VARCHAR\"]'), '; ') "
        f"WHEN j{i}[1] IN ('[', '{{') THEN chr(1) || 'nested' ELSE j{i} END AS c{i}"
        for i in range(len(names))
    )
    parts = ", ".join(f"o.{sql_name(name)}::VARCHAR AS j{i}" for i, name in enumerate(names))
    return f"SELECT line, {cells} FROM (SELECT line, {parts} FROM (SELECT line, json_transform(text, {sql_text(shape)}) AS o FROM {lines}))"


def _refuse_nested(db: duckdb.DuckDBPyConnection, table: str, columns: Sequence[RawColumn], locator: Locator, tally: Tally) -> int:
    """Take out rows with a nested value, or a control mark that stands for one."""
    if not columns:
        return 0
    is_nested = " OR ".join(f"contains({c.sql}, chr(1)) OR contains({c.sql}, chr(0))" for c in columns)
    which = "CASE " + " ".join(f"WHEN contains({c.sql}, chr(1)) OR contains({c.sql}, chr(0)) THEN {c.index}" for c in columns) + " END"
    row = first_row(db, f"SELECT count(*), min_by({{'line': line, 'at': {which}}}, line, {SHOWN}) FROM {table} WHERE {is_nested}")
    if not row or not row[0]:
        return 0
    for cell, place in zip(row[1], locator.places([(c["line"], c["at"]) for c in row[1]]), strict=True):
        name = locator.names[cell["at"]]
        tally.add(
            Problem(
                "nested-value",
                f'"{name}" holds a nested value or a control character; a cell is a word, a number or a list of words',
                *place,
            )
        )
    tally.add_unseen("nested-value", int(row[0]) - len(row[1]))
    db.execute(f"DELETE FROM {table} WHERE {is_nested}")
    return int(row[0])


class Locator:
    """Finds members again in a file of JSON Lines."""

    def __init__(self, path: Path, shown: str, names: tuple[str, ...]) -> None:
        self.path = path
        self.shown = shown
        self.names = names

    def places(self, cells: Sequence[tuple[int, int | None]]) -> list[Place]:
        """The places of `cells`: where the member's value begins."""
        wanted = {line for line, _ in cells}
        texts: dict[int, str] = {}
        if wanted:
            with self.path.open("rb") as file:
                for number, raw in enumerate(file, start=1):
                    if number in wanted:
                        texts[number] = raw.removeprefix(BOM).decode("utf-8", "replace").rstrip("\r\n")[:_EXCERPT]
                    if number >= max(wanted):
                        break
        return [self._place(texts.get(line), line, index) for line, index in cells]

    def _place(self, text: str | None, line: int, index: int | None) -> Place:
        if text is None or index is None or index >= len(self.names):
            return Span(self.shown, line, 1, line, 1), text
        key = json.dumps(self.names[index], ensure_ascii=False)
        found = re.search(re.escape(key) + r'\s*:\s*("(?:[^"\\]|\\.)*"|[^,}\]]+)?', text)
        if not found:
            return Span(self.shown, line, 1, line, 1), text
        begin, end = found.span(1) if found.group(1) is not None else found.span()
        return Span(self.shown, line, begin + 1, line, max(end, begin + 1) + 1), text
