"""What every reader of tracks gives: batches of positions and static data, and a count of what was seen.

A batch holds at most `BATCH` positions, so that a reader's memory does not grow
with its file. Columns: `model/positions.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

import pyarrow as pa

from detente.model.positions import ALTITUDE_FT, CALL_SIGN, COURSE_DEG, CRAFT, FLAG, LAT, LON, NAME, SPEED_KN, TIME, TYPE
from detente.reading.tally import Tally
from detente.vocabulary.craft import flag_of

BATCH = 50_000

POSITIONS = pa.schema(
    [
        (CRAFT, pa.string()),
        (TIME, pa.timestamp("ms", "UTC")),
        (LON, pa.float64()),
        (LAT, pa.float64()),
        (ALTITUDE_FT, pa.float32()),
        (SPEED_KN, pa.float32()),
        (COURSE_DEG, pa.float32()),
    ]
)
STATIC = pa.schema(
    [
        (CRAFT, pa.string()),
        (TIME, pa.timestamp("ms", "UTC")),
        (NAME, pa.string()),
        (CALL_SIGN, pa.string()),
        (FLAG, pa.string()),
        (TYPE, pa.string()),
    ]
)

EARLIEST_MS, LATEST_MS = 631_152_000_000, 4_102_444_800_000
"""1990 to 2100: no broadcast of these kinds is older, and a time beyond is a fault."""


@dataclass(frozen=True, slots=True)
class TrackBatch:
    """Some positions, and some static data, in the columns of `model/positions.py`; either may be empty."""

    positions: pa.Table
    static: pa.Table


@dataclass(frozen=True, slots=True)
class Account:
    """What a reader keeps book of: faults by place, and how many of each thing it saw."""

    tally: Tally
    seen: Counter[str] = field(default_factory=Counter)


TrackReader = Callable[[BinaryIO, Account], Iterator[TrackBatch]]
"""A reader of one format: bytes in, batches out, faults into the account."""


class Gathering:
    """Rows as they come, until there are enough for a batch."""

    def __init__(self) -> None:
        self._positions: list[list[object]] = [[] for _ in POSITIONS]
        self._static: list[list[object]] = [[] for _ in STATIC]
        craft, time, lon, lat, altitude, speed, course = (column.append for column in self._positions)
        self._appends = (craft, time, lon, lat, altitude, speed, course)

    def position(
        self,
        craft: str,
        time_ms: int,
        lon: float,
        lat: float,
        altitude_ft: float | None = None,
        speed_kn: float | None = None,
        course_deg: float | None = None,
    ) -> None:
        """Add one position; units as in `model/positions.py`."""
        a, b, c, d, e, f, g = self._appends
        a(craft)
        b(time_ms)
        c(lon)
        d(lat)
        e(altitude_ft)
        f(speed_kn)
        g(course_deg)

    def static(self, craft: str, time_ms: int, name: str | None, call_sign: str | None, kind: str | None) -> None:
        """Add what a craft said of itself; its flag follows from its number."""
        for column, value in zip(
            self._static, (craft, time_ms, name or None, call_sign or None, flag_of(craft), kind or None), strict=True
        ):
            column.append(value)

    @property
    def is_full(self) -> bool:
        """Whether it is time to take a batch."""
        return len(self._positions[0]) >= BATCH or len(self._static[0]) >= BATCH

    def take(self) -> TrackBatch:
        """The rows so far; the gathering is empty afterwards."""
        batch = TrackBatch(_table(self._positions, POSITIONS), _table(self._static, STATIC))
        for column in (*self._positions, *self._static):
            column.clear()
        return batch

    def rest(self) -> Iterator[TrackBatch]:
        """The last batch, if there is anything in it."""
        if self._positions[0] or self._static[0]:
            yield self.take()


def _table(columns: list[list[object]], schema: pa.Schema) -> pa.Table:
    return pa.table([pa.array(values, type=entry.type) for values, entry in zip(columns, schema, strict=True)], schema=schema)
