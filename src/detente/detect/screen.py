"""Pairs that are near at fixed steps of time: a quick look, and what encounters rest on.

**Definition.** Every track is taken at whole multiples of a step, between fixes at most a gap apart. A pair is near from one step to a
later one if it was at most `distance_m` apart at each of them. **Source.** The same as any binned query; `bench/detect.py` compares it with one.
**Limits.** What happens between two steps is not seen: with 60 s, about one pair in twenty that came within 500 m is missed. For an
answer ask `separation`.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from detente.detect.compiled import kernel, on_all_cores
from detente.detect.fixes import Fixes, Positions, fixes_of, table_of
from detente.detect.near import RANK_BITS, RANKS, SLAB_MS, TICK_BITS, Pieces, Slabs, near_in_slab, pieces_of
from detente.detect.tracks import Bytes, Ints, Tracks, tracks_of
from detente.detect.walk import chord_of, cursors, ranges
from detente.model.approach import SHIP, CraftClass


def screen(positions: Positions, distance_m: float, *, step_s: float = 60.0, gap_s: float = 600.0, craft: CraftClass = SHIP) -> pa.Table:
    """All runs of steps at which two craft of a class were near: `first`, `second` (text), `start`, `end` (ms, UTC)."""
    fixes = fixes_of(table_of(positions), craft, craft, None)
    _, runs = near_runs(fixes, distance_m, int(1000 * step_s), int(1000 * gap_s))
    names = pa.array(fixes.names, pa.string())
    first, second = (pa.DictionaryArray.from_arrays(pa.array(runs[:, k], pa.int32()), names) for k in (0, 1))
    start, end = (pa.array(runs[:, k] * int(1000 * step_s), pa.timestamp("ms", "UTC")) for k in (2, 3))
    return pa.table({"first": first, "second": second, "start": start, "end": end})


def near_runs(fixes: Fixes, distance_m: float, step_ms: int, gap_ms: int) -> tuple[Tracks, Ints]:
    """The tracks, and all runs as rows (craft, craft, first step, last step), steps counted from 1970."""
    tracks = tracks_of(fixes, gap_ms)
    used = fixes.time[fixes.code >= 0] if fixes.unusable or not fixes.side.all() else fixes.time
    if len(used) == 0:
        return tracks, np.empty((0, 4), dtype=np.int64)
    slabs = Slabs(int(used.min()) // SLAB_MS, int(used.max()) // SLAB_MS + 1)
    return tracks, _runs(tracks, pieces_of(tracks, slabs), slabs, chord_of(distance_m), step_ms, fixes.side)


def _runs(tracks: Tracks, pieces: Pieces, slabs: Slabs, distance_m: float, step_ms: int, side: Bytes) -> Ints:
    t, p = tracks, pieces
    args = (t.begin, t.count, t.time, t.place, t.joined, p.craft, p.start, p.stop, p.ends, p.stray, p.order, p.bound)
    found = on_all_cores(lambda a, b: _steps(a, b, slabs.first, *args, side, distance_m, step_ms), ranges(pieces))
    rows = np.concatenate(found)
    # A run that reaches over the ranges of two cores is in two rows.
    order = np.lexsort((rows[:, 2], rows[:, 1], rows[:, 0]))
    return _chained(rows, order)


@kernel
def _chained(rows, order):
    """Rows of one pair that follow each other step by step, as one."""
    out = np.empty_like(rows)
    k = -1
    for i in order:
        if k >= 0 and out[k, 0] == rows[i, 0] and out[k, 1] == rows[i, 1] and out[k, 3] + 1 >= rows[i, 2]:
            out[k, 3] = max(out[k, 3], rows[i, 3])
        else:
            k += 1
            for m in range(4):
                out[k, m] = rows[i, m]
    return out[: k + 1]


@kernel
def _steps(first, last, slab0, begin, count, time, place, joined, craft, start, stop, ends, stray, order, bound, side, distance, step):
    """Runs of a range of slabs; what is near at a slab's last step goes on in the next."""
    out, found = np.empty((1024, 4), dtype=np.int64), 0
    going, still = np.empty((1024, 4), dtype=np.int64), np.empty((1024, 4), dtype=np.int64)
    near = 0
    at = cursors(begin, count, time, (slab0 + first) * SLAB_MS)
    limit = distance * distance
    for s in range(first, last):
        cur = (slab0 + s) * SLAB_MS
        b0, b1 = -(-cur // step), -(-(cur + SLAB_MS) // step)
        n = b1 - b0
        if n == 0:
            continue
        here = order[bound[s] : bound[s + 1]]
        candidates, ranked = near_in_slab(cur, here, craft, start, stop, ends, stray, distance, side)
        where, seen = np.empty((len(ranked), n, 3)), np.zeros((len(ranked), n), dtype=np.bool_)
        for r in range(len(ranked)):
            c = ranked[r]
            i = at[c]
            top = begin[c] + count[c]
            for q in range(n):
                t = (b0 + q) * step
                while i + 1 < top and time[i + 1] <= t:
                    i += 1
                if time[i] == t:
                    seen[r, q] = True
                    for m in range(3):
                        where[r, q, m] = place[i, m]
                elif time[i] < t and joined[i]:
                    seen[r, q] = True
                    u = (t - time[i]) / (time[i + 1] - time[i])
                    for m in range(3):
                        where[r, q, m] = place[i, m] + u * (place[i + 1, m] - place[i, m])
            at[c] = i
        while len(still) < len(candidates):
            still = _larger(still)
        while len(out) - found < near + (n // 2 + 1) * len(candidates) + 1:
            out = _larger(out)
        g, more = 0, 0
        for key in candidates:
            pair = key >> (2 * TICK_BITS + 1)
            p, q = pair >> RANK_BITS, pair & RANKS
            a, b = ranked[p], ranked[q]
            while g < near and (going[g, 0] < a or (going[g, 0] == a and going[g, 1] < b)):
                found = _put(out, found, going[g, 0], going[g, 1], going[g, 2], going[g, 3])
                g += 1
            since, until = -1, -1
            if g < near and going[g, 0] == a and going[g, 1] == b:
                since, until = going[g, 2], going[g, 3]
                g += 1
            if key & 1:
                if until >= 0 and until != b0 - 1:
                    found = _put(out, found, a, b, since, until)
                    since = -1
                since, until = since if since >= 0 else b0, b1 - 1
            else:
                for k in range(n):
                    if not (seen[p, k] and seen[q, k]):
                        continue
                    x, y, z = where[p, k, 0] - where[q, k, 0], where[p, k, 1] - where[q, k, 1], where[p, k, 2] - where[q, k, 2]
                    if x * x + y * y + z * z > limit:
                        continue
                    if since >= 0 and until != b0 + k - 1:
                        found = _put(out, found, a, b, since, until)
                        since = -1
                    if since < 0:
                        since = b0 + k
                    until = b0 + k
            if since >= 0 and until == b1 - 1:
                _put(still, more, a, b, since, until)
                more += 1
            elif since >= 0:
                found = _put(out, found, a, b, since, until)
        while g < near:
            found = _put(out, found, going[g, 0], going[g, 1], going[g, 2], going[g, 3])
            g += 1
        going, still = still, going
        near = more
    while len(out) - found < near:
        out = _larger(out)
    for g in range(near):
        found = _put(out, found, going[g, 0], going[g, 1], going[g, 2], going[g, 3])
    return out[:found]


@kernel
def _put(out, k, a, b, since, until):
    """One more row; there is room for it."""
    out[k, 0] = a
    out[k, 1] = b
    out[k, 2] = since
    out[k, 3] = until
    return k + 1


@kernel
def _larger(rows):
    """The same rows with room for as many again."""
    more = np.empty((2 * len(rows), 4), dtype=np.int64)
    more[: len(rows)] = rows
    return more
