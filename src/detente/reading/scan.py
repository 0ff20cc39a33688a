"""The records of a comma-separated file, found without reading its cells.

One pass over the bytes, in blocks: where records begin, how many cells each has,
whether quotes are where they belong and whether everything is UTF-8. A file that
passes is *clean* and can be given to a fast parser; the others are read slowly
and exactly. Source: RFC 4180, section 2.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

_BLOCK = 16 << 20
_QUOTE, _NEWLINE, _RETURN, _COMMA = 34, 10, 13, 44
BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Scan:
    """What a pass over the bytes showed.

    `lines` holds the line on which each record after the header begins, or None
    if record i begins on line `header_line` + 1 + i. `records` counts those records.
    """

    is_clean: bool
    records: int
    header_line: int
    lines: npt.NDArray[np.uint32] | None


_UNCLEAN = Scan(is_clean=False, records=0, header_line=1, lines=None)


def scan(path: Path, delimiter: str) -> Scan:
    """Scan the file; as soon as something is out of order, stop and say that it is not clean."""
    data = np.memmap(path, dtype=np.uint8, mode="r")
    walk = _Walk(ord(delimiter), at_start=3 if bytes(data[:3]) == BOM else 0)
    for start in range(walk.record_start, len(data), _BLOCK):
        if not walk.take(data, start, min(start + _BLOCK, len(data))):
            return _UNCLEAN
    return walk.finish(len(data))


class _Walk:
    """The state between two blocks."""

    def __init__(self, delimiter: int, at_start: int) -> None:
        self.delimiter = delimiter
        self.record_start = at_start
        self.parity = 0
        self.newlines = 0
        self.delimiters = 0
        self.width: int | None = None
        self.header_line = 1
        self.starts: list[npt.NDArray[np.uint32]] = []
        self.first_line = 1
        self.tail: bytes = b""

    def take(self, data: npt.NDArray[np.uint8], start: int, end: int) -> bool:
        """Take one block; False if it is out of order."""
        block = np.asarray(data[start:end])
        raw = block.tobytes()
        if not self._is_text(raw):
            return False
        newline = np.flatnonzero(block == _NEWLINE)
        delimiter = np.flatnonzero(block == self.delimiter)
        all_newlines = newline
        if self.parity or b'"' in raw:
            quote = np.flatnonzero(block == _QUOTE)
            if not self._quotes_fit(data, quote + start):
                return False
            before = self.parity
            newline = newline[((np.searchsorted(quote, newline) + before) & 1) == 0]
            delimiter = delimiter[((np.searchsorted(quote, delimiter) + before) & 1) == 0]
            self.parity = (before + len(quote)) & 1
        return self._records(data, start, newline, delimiter, all_newlines)

    def _is_text(self, raw: bytes) -> bool:
        """UTF-8, no NUL, and no lone carriage return; characters may straddle blocks."""
        if b"\x00" in raw or raw.count(b"\r") != raw.count(b"\r\n") + (raw[-1:] == b"\r"):
            return False
        if raw.isascii() and not self.tail:
            return True
        text = self.tail + raw
        try:
            text.decode("utf-8")
            self.tail = b""
        except UnicodeDecodeError as error:
            if error.end < len(text) or error.reason != "unexpected end of data":
                return False
            self.tail = text[error.start :]
        return True

    def _quotes_fit(self, data: npt.NDArray[np.uint8], quote: npt.NDArray[np.intp]) -> bool:
        """Whether each opening quote begins a cell and each closing one ends it."""
        opens = ((np.arange(len(quote)) + self.parity) & 1) == 0
        first = quote[opens]
        ahead = data[np.maximum(first - 1, 0)]
        begins = (first == self.record_start) | (ahead == self.delimiter) | (ahead == _NEWLINE) | (ahead == _QUOTE)
        last = quote[~opens]
        behind = data[np.minimum(last + 1, len(data) - 1)]
        ends = (last == len(data) - 1) | (behind == self.delimiter) | (behind == _NEWLINE) | (behind == _RETURN) | (behind == _QUOTE)
        return bool(begins.all() and ends.all())

    def _records(
        self,
        data: npt.NDArray[np.uint8],
        start: int,
        newline: npt.NDArray[np.intp],
        delimiter: npt.NDArray[np.intp],
        all_newlines: npt.NDArray[np.intp],
    ) -> bool:
        begin = np.empty(len(newline), dtype=np.int64)
        if len(newline):
            begin[0] = self.record_start
            begin[1:] = newline[:-1] + start + 1
        length = newline + start - begin
        is_blank = (length == 0) | ((length == 1) & (data[np.minimum(begin, len(data) - 1)] == _RETURN))
        cells = np.diff(np.searchsorted(delimiter, newline), prepend=0)
        if len(cells):
            cells[0] += self.delimiters
            self.delimiters = len(delimiter) - int(np.searchsorted(delimiter, newline[-1]))
            self.record_start = int(newline[-1]) + start + 1
        else:
            self.delimiters += len(delimiter)
        line = 1 + self.newlines + np.searchsorted(all_newlines, np.maximum(begin - start, 0))
        if len(line):
            line[0] = self.first_line
            self.first_line = self.newlines + int(np.searchsorted(all_newlines, newline[-1])) + 2
        self.newlines += len(all_newlines)
        kept = ~is_blank
        return self._take_records(cells[kept], line[kept])

    def _take_records(self, cells: npt.NDArray[np.intp], line: npt.NDArray[np.intp]) -> bool:
        if not len(cells):
            return True
        if self.width is None:
            self.width = int(cells[0])
            self.header_line = int(line[0])
        if bool((cells != self.width).any()):
            return False
        self.starts.append(line.astype(np.uint32))
        return True

    def finish(self, size: int) -> Scan:
        """Take the last record, if no line break ends it."""
        if self.parity or self.tail:
            return _UNCLEAN
        if self.record_start < size and not self._take_records(np.array([self.delimiters]), np.array([self.first_line])):
            return _UNCLEAN
        if self.width is None:
            return _UNCLEAN
        lines = np.concatenate(self.starts)[1:]
        if self.width == 0 and self._has_blank(lines):
            return _UNCLEAN  # in a table of one column a blank line might be an empty cell
        plain = not len(lines) or (int(lines[0]) == self.header_line + 1 and int(lines[-1]) == self.header_line + len(lines))
        return Scan(is_clean=True, records=len(lines), header_line=self.header_line, lines=None if plain else lines)

    def _has_blank(self, lines: npt.NDArray[np.uint32]) -> bool:
        return bool(len(lines)) and int(lines[-1]) != self.header_line + len(lines)
