"""Fixes that are kept while a feed goes on, as long as something that may still come can make use of them."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from detente.model.positions import CRAFT, TIME


class Kept:
    """Positions of some craft, in the order in which they came."""

    def __init__(self, craft: frozenset[str]) -> None:
        self._craft = pa.array(sorted(craft), pa.string())
        self._tables: list[pa.Table] = []

    def add(self, positions: pa.Table) -> int:
        """Keep the rows of these craft; how many there were."""
        own = positions.filter(pc.is_in(positions.column(CRAFT), self._craft))
        if own.num_rows:
            self._tables.append(own)
        return int(own.num_rows)

    def with_more(self, positions: pa.Table | None) -> Kept:
        """What is kept and these rows, apart from this."""
        both = Kept(frozenset())
        both._craft, both._tables = self._craft, list(self._tables)
        if positions is not None:
            both.add(positions)
        return both

    @property
    def whole(self) -> pa.Table | None:
        """All that is kept; None where that is nothing."""
        if len(self._tables) > 1:
            self._tables = [pa.concat_tables(self._tables).combine_chunks()]
        return self._tables[0] if self._tables else None

    @property
    def ends(self) -> tuple[int, int] | None:
        """The first and the last time among the fixes, ms since 1970; None where there are none."""
        if (table := self.whole) is None:
            return None
        found = pc.min_max(milliseconds(table)).as_py()
        return found["min"], found["max"]

    def let_go(self, before_ms: int) -> None:
        """Forget what is older."""
        if (table := self.whole) is not None:
            self._put(table.filter(pc.greater_equal(milliseconds(table), before_ms)))

    def let_go_of(self, before_ms: Mapping[str, int]) -> None:
        """Forget what is older than the time given for its craft."""
        table = self.whole
        if table is None or not before_ms:
            return
        names = list(before_ms)
        limit = pa.array([before_ms[name] for name in names], pa.int64()).take(pc.index_in(table.column(CRAFT), pa.array(names)))
        self._put(table.filter(pc.fill_null(pc.greater_equal(milliseconds(table), limit), fill_value=True)))

    def _put(self, table: pa.Table) -> None:
        # A filtered table of one chunk is a copy; what it was cut from can go.
        self._tables = [table.combine_chunks()] if table.num_rows else []

    def to_bytes(self) -> bytes:
        """All that is kept, as an Arrow stream."""
        table = self.whole
        if table is None:
            return b""
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema) as stream:
            stream.write_table(table)
        return bytes(sink.getvalue())

    def from_bytes(self, stream: bytes) -> None:
        """Keep what `to_bytes` gave.

        Raises:
            pa.ArrowInvalid: the bytes are no such stream.
        """
        self._tables = [pa.ipc.open_stream(stream).read_all()] if stream else []


def milliseconds(table: pa.Table) -> pa.ChunkedArray:
    """The times, ms since 1970."""
    return table.column(TIME).cast(pa.timestamp("ms", "UTC")).cast(pa.int64())
