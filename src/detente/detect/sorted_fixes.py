"""Positions from any source as arrays: sorted by craft and time, each fix once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from detente.detect.geodesy import Floats
from detente.detect.grid import Ints, Longs, Marks
from detente.model.positions import CRAFT, LAT, LON, TIME

Positions: TypeAlias = "pa.Table | Iterable[pa.RecordBatch | pa.Table]"
"""Rows in the columns of `model/positions.py`, in any order."""


@dataclass(frozen=True, slots=True, eq=False)
class SortedFixes:
    """SortedFixes of all craft. Those of craft c are numbers `first[c]` to `first[c + 1]`; 36 bytes each.

    `row` is the number of the row that each came from, of those that say the same the first.

    `rows` counts the rows they came from, `unusable` those without a craft, a time or a possible place.
    """

    names: list[str]
    first: Longs
    craft: Ints
    time: Longs
    lon: Floats
    lat: Floats
    row: Longs
    rows: int = 0
    unusable: int = 0

    def __len__(self) -> int:
        return len(self.time)

    def kept(self, keep: Marks) -> SortedFixes:
        """Only the fixes that are marked."""
        first = np.searchsorted(self.craft[keep], np.arange(len(self.names) + 1)).astype(np.int64)
        return SortedFixes(
            self.names, first, self.craft[keep], self.time[keep], self.lon[keep], self.lat[keep], self.row[keep], self.rows, self.unusable
        )


def gather(positions: Positions) -> SortedFixes:
    """All positions, sorted. Rows that say the same of one craft and time are one fix."""
    codes: dict[str, int] = {}
    parts: list[tuple[Ints, Longs, Floats, Floats, Longs]] = []
    rows = unusable = 0
    for batch in positions.to_batches() if isinstance(positions, pa.Table) else positions:
        cells = [_flat(batch.column(name)) for name in (CRAFT, TIME, LON, LAT)]
        good = pc.and_(
            pc.and_(cells[0].is_valid(), cells[1].is_valid()),
            pc.and_(pc.less_equal(pc.abs(cells[2]), 180), pc.less_equal(pc.abs(cells[3]), 90)),
        )
        good = pc.fill_null(good, fill_value=False)
        craft, time, lon, lat = (cell.filter(good) for cell in cells)
        row = rows + np.flatnonzero(np.asarray(good))
        rows += batch.num_rows
        unusable += batch.num_rows - len(craft)
        coded = craft.dictionary_encode()
        numbers = np.asarray([codes.setdefault(name, len(codes)) for name in coded.dictionary.to_pylist()], dtype=np.int32)
        code = numbers[np.asarray(coded.indices)] if len(craft) else np.empty(0, np.int32)
        milliseconds = np.asarray(time.cast(pa.timestamp("ms", time.type.tz)).cast(pa.int64()))
        parts.append((code, milliseconds, np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64), row))
    if not parts:
        return SortedFixes(
            [], np.zeros(1, np.int64), np.empty(0, np.int32), np.empty(0, np.int64), np.empty(0), np.empty(0), np.empty(0, np.int64)
        )
    code, time_, lon_, lat_, row_ = (np.concatenate([part[i] for part in parts]) for i in range(5))
    parts.clear()
    names = sorted(codes)
    rank = np.empty(len(names), np.int32)
    rank[[codes[name] for name in names]] = np.arange(len(names), dtype=np.int32)
    code = rank[code] if names else code
    order = np.lexsort((time_, code))
    code, time_, lon_, lat_, row_ = code[order], time_[order], lon_[order], lat_[order], row_[order]
    new = np.ones(len(code), dtype=bool)
    new[1:] = (np.diff(code) != 0) | (np.diff(time_) != 0) | (np.diff(lon_) != 0) | (np.diff(lat_) != 0)
    code, time_, lon_, lat_, row_ = code[new], time_[new], lon_[new], lat_[new], row_[new]
    first = np.searchsorted(code, np.arange(len(names) + 1)).astype(np.int64)
    return SortedFixes(names, first, code, time_, lon_, lat_, row_, rows, unusable)


def _flat(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
