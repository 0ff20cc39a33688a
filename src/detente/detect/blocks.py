"""Positions on disk as blocks of time with a halo: the contract between one core, two cores and a cluster.

A block is a stretch of time, whole slabs long, that one worker answers for; its halo is what it must also know. Parquet files whose row
groups follow in time are read as they are; others are first written anew, cut by block, into a folder of their own.
"""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from detente.detect.fixes import NEEDED
from detente.detect.near import SLAB_MS
from detente.model.positions import ALTITUDE_FT, CRAFT, TIME

BLOCK_ROWS = 4_000_000
"""About as many rows a block; what is measured at once must fit into memory."""
MOST_OVERLAP = 3.0
"""A block may read so many times its own rows before the files are written anew."""


@dataclass(frozen=True, slots=True)
class Group:
    """A row group: its file, its number there, its first and last time in ms, and its rows."""

    path: str
    number: int
    first: int
    last: int
    rows: int


@dataclass(frozen=True, slots=True)
class TimeBlocks:
    """Positions in Parquet, and the stretches of time (`cores`, in ms since 1970) to answer for one after the other."""

    groups: tuple[Group, ...]
    cores: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, paths: Sequence[str | Path], scratch: str | Path, block_rows: int = BLOCK_ROWS) -> TimeBlocks:
        """Blocks over these files. `scratch` is a folder for the files cut by block, used only where the rows are not in order of time.

        Raises:
            ValueError: a file is no table of positions, or its times are not told.
        """
        groups = [group for path in paths for group in _groups(str(path))]
        if not groups:
            return cls((), ())
        blocks = cls(tuple(groups), _cores(groups, block_rows))
        read = sum(g.rows for core in blocks.cores for g in blocks.groups if g.first < core[1] and g.last >= core[0])
        if read > MOST_OVERLAP * sum(g.rows for g in groups) and len(blocks.cores) > 1:
            groups = _cut(blocks, Path(scratch))
            blocks = cls(tuple(groups), blocks.cores)
        return blocks

    def read(self, core: tuple[int, int], halo_ms: int) -> pa.Table:
        """The rows of a block and of its halo on either side."""
        first, end = core[0] - halo_ms, core[1] + halo_ms
        tables = [_table(g, first, end) for g in self.groups if g.first < end and g.last >= first]
        return pa.concat_tables(tables) if tables else pa.table({name: pa.array([]) for name in NEEDED})


def _groups(path: str) -> list[Group]:
    """The row groups of a file, with their times."""
    file = pq.ParquetFile(path)
    missing = [name for name in NEEDED if name not in file.schema_arrow.names]
    if missing:
        raise ValueError(f"{path}: expected a table of positions with {', '.join(NEEDED)}; it has no {' and no '.join(missing)}")
    column = file.schema_arrow.names.index(TIME)
    found = []
    for k in range(file.metadata.num_row_groups):
        about = file.metadata.row_group(k)
        if about.num_rows == 0:
            continue
        told = about.column(column).statistics
        if told is not None and told.has_min_max:
            first, last = told.min, told.max
        else:
            low_high = pc.min_max(file.read_row_group(k, columns=[TIME])[TIME]).as_py()
            first, last = low_high["min"], low_high["max"]
        if first is not None:
            found.append(Group(path, k, _ms(first), _ms(last), about.num_rows))
    return found


def _ms(time: Any) -> int:
    """A time of a statistic, as ms since 1970."""
    return int(pa.scalar(time, pa.timestamp("us", "UTC")).value // 1000)


def _cores(groups: list[Group], block_rows: int) -> tuple[tuple[int, int], ...]:
    """Stretches of equal length, in whole slabs, from the first time to the last, of about so many rows."""
    first, end = min(g.first for g in groups) // SLAB_MS, max(g.last for g in groups) // SLAB_MS + 1
    number = max(1, min(end - first, -(-sum(g.rows for g in groups) // block_rows)))
    step = -(-(end - first) // number)
    return tuple((s * SLAB_MS, min(end, s + step) * SLAB_MS) for s in range(first, end, step))


def _table(group: Group, first: int, end: int) -> pa.Table:
    """The rows of a group from `first` up to `end`."""
    file = pq.ParquetFile(group.path, read_dictionary=[CRAFT])
    columns = [*NEEDED, *([ALTITUDE_FT] if ALTITUDE_FT in file.schema_arrow.names else [])]
    table = file.read_row_group(group.number, columns=columns)
    if group.first >= first and group.last < end:
        return table
    time = table[TIME].cast(pa.timestamp("ms"), safe=False).cast(pa.int64())
    return table.filter(pc.and_(pc.greater_equal(time, first), pc.less(time, end)))


def _cut(blocks: TimeBlocks, scratch: Path) -> list[Group]:
    """Write all rows anew, a file for each block, reading once."""
    scratch.mkdir(parents=True, exist_ok=True)
    starts = [core[0] for core in blocks.cores]
    writers: dict[int, pq.ParquetWriter] = {}
    try:
        for group in blocks.groups:
            table = _table(group, group.first, group.last + 1)
            time = table[TIME].cast(pa.timestamp("ms"), safe=False).cast(pa.int64())
            here = range(bisect.bisect_right(starts, group.first) - 1, bisect.bisect_right(starts, group.last))
            for k in here:
                rows = table.filter(pc.and_(pc.greater_equal(time, blocks.cores[k][0]), pc.less(time, blocks.cores[k][1])))
                if len(rows):
                    if k not in writers:
                        writers[k] = pq.ParquetWriter(scratch / f"{k:06}.parquet", rows.schema, compression="zstd")
                    writers[k].write_table(rows)
    finally:
        for writer in writers.values():
            writer.close()
    return [group for k in sorted(writers) for group in _groups(str(scratch / f"{k:06}.parquet"))]
