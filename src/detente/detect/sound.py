"""Positions without those that contradict the others of their craft: of a recording at once, or while a feed goes on.

`detect_zones` leaves such fixes out itself; `detect_separation` knows single jumps only, and would believe a longer stretch elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from detente.detect.faults import Marked, marked
from detente.detect.grid import Ints, Longs
from detente.detect.kept import Kept, milliseconds
from detente.detect.sorted_fixes import gather
from detente.model.positions import CRAFT

CLEAR_MS = 1_800_000
"""Half an hour: beyond what a stay's end (a gap), a wrong clock and two places at once look at."""
DOUBT_MS = 6 * 3_600_000
"""So long fixes that contradict others are kept in mind."""


def sound_positions(positions: pa.Table, earlier: Mapping[str, int] | None = None) -> pa.Table:
    """The positions without those of a craft and a moment at which one of its fixes is a fault of the data. `earlier`: as in `marked`."""
    return _without_faults(positions, marked(gather(positions), earlier))


def stands_until(time: Longs, fault: Ints, watermark_ms: int) -> int:
    """Before what time no fix from the watermark on changes what is wrong with one craft's fixes."""
    clear = watermark_ms - CLEAR_MS
    doubtful = time[(fault > 0) & (time >= watermark_ms - DOUBT_MS)]
    return min(clear, int(doubtful[0]) - CLEAR_MS) if len(doubtful) else clear


def gone_before(at: int, fault: Ints, chain: Longs, earlier: int) -> int:
    """How many fixes of the chain of fix `at` have gone where one craft's fixes are cut there."""
    gone = int(((chain[:at] == chain[at]) & (fault[:at] == 0)).sum())
    return gone + (earlier if chain[0] == chain[at] else 0)


class RunningSound:
    """The sound fixes of a feed: those that stand are given once, in `settle`; those that may still prove wrong, in `open`."""

    def __init__(self, craft: Iterable[str]) -> None:
        self.kept = Kept(frozenset(craft))
        self.earlier: dict[str, int] = {}
        """By craft: how many fixes have gone of the chain to which its first fix belongs."""
        self.given: dict[str, int] = {}
        """By craft: up to when its fixes have been given, ms since 1970."""

    def open(self) -> pa.Table | None:
        """The sound fixes that have not been given, as far as the fixes so far tell; None where nothing is kept."""
        table = self.kept.whole
        if table is None:
            return None
        sound = sound_positions(table, self.earlier)
        return sound.filter(pc.greater_equal(milliseconds(sound), self._given(sound)))

    def settle(self, watermark_ms: int) -> tuple[pa.Table | None, int]:
        """The sound fixes that have come to stand since the last time, and up to when all fixes do."""
        table = self.kept.whole
        clear = watermark_ms - CLEAR_MS
        if table is None:
            return None, clear
        marks = marked(gather(table), self.earlier)
        fixes = marks.fixes
        until: dict[str, int] = {}
        cuts: dict[str, int] = {}
        earlier = dict(self.earlier)
        for number, name in enumerate(fixes.names):
            here = slice(int(fixes.first[number]), int(fixes.first[number + 1]))
            time, fault, chain = fixes.time[here], marks.fault[here], marks.chain[here]
            limit = until[name] = max(stands_until(time, fault, watermark_ms), self.given.get(name, 0))
            before = int(np.searchsorted(time, limit))
            if before < max(2, len(time) // 4):
                continue  # too few to be worth a cut
            at = _cut(time[:before], fault)
            if at > 0:
                cuts[name] = int(time[at])
                earlier[name] = gone_before(at, fault, chain, earlier.get(name, 0))
        sound = _without_faults(table, marks)
        times = milliseconds(sound)
        since = self._given(sound)
        self.given |= until
        new = sound.filter(pc.and_(pc.greater_equal(times, since), pc.less(times, self._given(sound))))
        self.earlier = earlier
        self.kept.let_go_of(cuts)
        return new, min([clear, *until.values()])

    def _given(self, table: pa.Table) -> pa.ChunkedArray:
        """For each row, up to when the fixes of its craft have been given."""
        names = pa.array(list(self.given), pa.string())
        limits = pa.array(list(self.given.values()), pa.int64())
        return pc.fill_null(limits.take(pc.index_in(table.column(CRAFT).combine_chunks(), names)), 0)


def _without_faults(positions: pa.Table, marks: Marked) -> pa.Table:
    which = np.flatnonzero(marks.fault)
    if len(which) == 0:
        return positions
    code = pc.fill_null(pc.index_in(positions.column(CRAFT).combine_chunks(), pa.array(marks.fixes.names, pa.string())), -1)
    time = pc.fill_null(milliseconds(positions).combine_chunks(), 0)
    # Craft and moment as one number; times of this age need 42 bits.
    keys = (np.asarray(code, dtype=np.int64) << 43) + np.asarray(time)
    faulty = (marks.fixes.craft[which].astype(np.int64) << 43) + marks.fixes.time[which]
    return positions.filter(pa.array(~np.isin(keys, faulty)))


def _cut(time: Longs, fault: Ints) -> int:
    """The last of the fixes that is sound and has its time to itself; 0 where there is none. The fix after them is later."""
    at = len(time) - 1
    while at > 0 and (fault[at] > 0 or time[at] == time[at - 1] or (at + 1 < len(time) and time[at] == time[at + 1])):
        at -= 1
    return at
