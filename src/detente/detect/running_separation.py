"""Separation while a feed goes on: the same approaches as over all of it at once, with memory for what is open only.

Time is answered for in cores, as in blocks on disk (`part_of`): once nothing that may still come lies in a core or
its halo, its records stand, and the fixes before it go. A record that touches the core's end stays open, as one record however long it
lasts; every other is an approach that nothing can change any more.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from detente.detect.fixes import table_of
from detente.detect.kept import Kept
from detente.detect.near import SLAB_MS
from detente.detect.part import Part, halo_ms, part_of
from detente.detect.separation import joined, together
from detente.detect.walk import END, TOUCH_MS, WIDTH
from detente.model.approach import Approach, ApproachMeasure, CraftClass

_NOTHING = Part((), np.empty((0, WIDTH)), (), 0, 0)


class RunningSeparation:
    """What one measure has found so far. `settled` are the approaches that stand, in the order in which they came to stand."""

    def __init__(self, measure: ApproachMeasure, craft: Mapping[str, CraftClass]) -> None:
        self.measure = measure
        self.craft = craft
        self.kept = Kept(frozenset(craft))
        self.settled: list[Approach] = []
        self.open = _NOTHING
        self.core: int | None = None
        """The next core's start, ms since 1970; None before the first has been settled."""

    def open_approaches(self, newer: pa.Table | None = None) -> tuple[Approach, ...]:
        """What has been found beside the settled ones, as far as the fixes so far tell, with newer ones that are not kept here."""
        known = self.kept.with_more(newer)
        table, ends = known.whole, known.ends
        if table is None or ends is None:
            return self._told(self.open)
        first, last = ends
        start = first // SLAB_MS * SLAB_MS if self.core is None else self.core
        end = (max(last, start) // SLAB_MS + 1) * SLAB_MS
        return self._told(together([self.open, part_of(table_of(table), self.measure, self.craft, (start, end))]))

    def settle(self, watermark_ms: int) -> None:
        """Let stand what no fix from the watermark on can change, and forget the fixes that only that needed."""
        halo = halo_ms(self.measure)
        end = (watermark_ms - halo) // SLAB_MS * SLAB_MS
        table, ends = self.kept.whole, self.kept.ends
        if table is None or ends is None or (self.core is not None and end <= self.core):
            return
        start = ends[0] // SLAB_MS * SLAB_MS if self.core is None else self.core
        if end <= start:
            return
        whole = together([self.open, part_of(table_of(table), self.measure, self.craft, (start, end))])
        is_over = whole.records[:, END] < end - TOUCH_MS
        self.settled += self._told(_of(whole, whole.records[is_over]))
        self.open = _of(whole, whole.records[~is_over])
        self.core = end
        self.kept.let_go(end - halo)

    def _told(self, part: Part) -> tuple[Approach, ...]:
        return tuple(joined([part], self.measure, self.craft).found) if len(part.records) else ()


def _of(part: Part, records: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> Part:
    return Part(part.names, records, (), 0, 0)
