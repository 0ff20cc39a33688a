"""Each pair's coarse stretch walked once: when exactly it was near, and how near it came.

Between two fixes a craft moves evenly along a straight line, so the square of the distance of two craft is a parabola between the
fixes of either: its roots are the moments of entering and leaving, its lowest point the closest approach. No step, no bin.
"""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from detente.detect.compiled import kernel, on_all_cores, threads
from detente.detect.geodesy import Floats
from detente.detect.near import RANK_BITS, RANKS, SLAB_MS, TICK_BITS, TICKS, Pieces, Slabs, near_in_slab
from detente.detect.tracks import Bytes, Tracks

(
    FIRST, SECOND, START, END, SEEN_START, SEEN_END, UNSEEN, LEAST, MOST, NEAREST2, CLOSEST, RISE, RISE_KNOWN, RELATIVE, SPEED, OTHER_SPEED,
) = range(16)  # fmt: skip
"""Columns of a record of one pair's stretch: craft; ms since 1970; ms without a path; m as a gap bounds them; the square of the distance
shown by fixes, when, the difference of height then, whether every height was known; (m a ms)² against each other and of each."""
FIRST_FROM, SECOND_FROM, FIRST_AT, SECOND_AT = 16, 19, 22, 25
"""Where each craft was at the start and at the closest approach, earth-centred: three columns each."""
STEADY, OTHER_STEADY, TOGETHER = 28, 29, 30
"""Greatest mean speed in m a ms over a window, of each craft and against each other; NaN where no window tells."""
WIDTH = 31
END_OF_TIME = 1 << 62
TOUCH_MS = 0.5
"""Stretches that end and begin within this are one."""


def walked(tracks: Tracks, pieces: Pieces, slabs: Slabs, distance_m: float, vertical_m: float | None, side: Bytes) -> Floats:
    """Records of every stretch in which a pair was nearer than `distance_m`, shape (n, WIDTH), in no order.

    With `vertical_m`, also less than that apart in height; without, height counts as part of the distance. The cores walk ranges of
    slabs, so a stretch across two ranges is in two records, which `seams.merged` joins.
    """
    chord = chord_of(distance_m)
    rise = math.inf if vertical_m is None else vertical_m
    t, p = tracks, pieces
    args = (t.begin, t.count, t.time, t.place, t.height, t.joined, p.craft, p.start, p.stop, p.ends, p.stray, p.order, p.bound)
    found = on_all_cores(lambda a, b: _march(a, b, slabs.first, *args, side, chord, rise), ranges(pieces))
    return np.concatenate(found) if found else np.empty((0, WIDTH))


def ranges(pieces: Pieces) -> list[tuple[int, int]]:
    """Ranges of slabs, a few for each core, with about as many pieces each."""
    number = len(pieces.bound) - 1
    marks = np.searchsorted(pieces.bound, np.linspace(0, pieces.bound[-1], 4 * threads() + 1)[1:-1])
    ends = sorted({0, *(min(int(m), number) for m in marks), number})
    return list(pairwise(ends))


EARTH_M = 6_371_000.0


def chord_of(metres: float) -> float:
    """The straight line between two places so far apart on the ground. Up to 100 km within 4 cm of the ellipsoid's."""
    return 2 * EARTH_M * math.sin(metres / (2 * EARTH_M))


def ground_of(chord: Floats) -> Floats:
    """The way along the ground between two places so far apart in a straight line."""
    return 2 * EARTH_M * np.arcsin(np.minimum(chord / (2 * EARTH_M), 1.0))


# ---- kernels ---------------------------------------------------------------------------


@kernel
def upto(time, lo, hi, t):
    """The last fix of lo up to hi at or before t; lo where there is none."""
    a, b = lo, hi
    while b - a > 1:
        m = (a + b) // 2
        if time[m] <= t:
            a = m
        else:
            b = m
    return a


@kernel
def cursors(begin, count, time, t):
    """For each craft its last fix at or before a time; its first where there is none."""
    at = np.empty(len(begin), dtype=np.int64)
    for c in range(len(begin)):
        at[c] = upto(time, begin[c], begin[c] + count[c], t)
    return at


@kernel
def _march(
    first, last, slab0, begin, count, time, place, height, joined, craft, start, stop, ends, stray, order, bound, side, distance, rise
):
    """Records of all pairs in a range of slabs: slab by slab, and what is still near at a slab's end goes on in the next."""
    out, found = np.empty((256, WIDTH)), 0
    going, still = np.empty((256, WIDTH)), np.empty((256, WIDTH))  # near at the start of the slab, and at its end; in order of pairs
    near = 0
    row = np.empty(WIDTH)
    at = cursors(begin, count, time, (slab0 + first) * SLAB_MS)
    for s in range(first, last):
        cur, until = (slab0 + s) * SLAB_MS, (slab0 + s + 1) * SLAB_MS
        here = order[bound[s] : bound[s + 1]]
        for q in here:
            c = craft[q]
            while at[c] + 1 < begin[c] + count[c] and time[at[c] + 1] <= cur:
                at[c] += 1
        candidates, ranked = near_in_slab(cur, here, craft, start, stop, ends, stray, distance, side)
        while len(still) < len(candidates):
            still = _larger(still)
        while len(out) - found < near + len(candidates) + 1:
            out = _larger(out)
        g, more = 0, 0
        for key in candidates:
            pair = key >> (2 * TICK_BITS + 1)
            a, b = ranked[pair >> RANK_BITS], ranked[pair & RANKS]
            while g < near and (going[g, FIRST] < a or (going[g, FIRST] == a and going[g, SECOND] < b)):
                found = _put(out, found, going, g)
                g += 1
            if g < near and going[g, FIRST] == a and going[g, SECOND] == b:
                for m in range(WIDTH):
                    row[m] = going[g, m]
                g += 1
            else:
                row[END] = -math.inf
            early = cur + (key >> (TICK_BITS + 1) & TICKS) * SLAB_MS // TICKS
            late = min(until, cur + ((key >> 1 & TICKS) * SLAB_MS + TICKS - 1) // TICKS)
            while early < END_OF_TIME:
                if len(out) - found < near + 2:
                    out = _larger(out)
                found, early = _walk(
                    a, b, at[a], at[b], early, late, begin, count, time, place, height, joined, distance, rise, row, out, found
                )
            if row[END] >= until - TOUCH_MS:
                for m in range(WIDTH):
                    still[more, m] = row[m]
                more += 1
            elif row[END] > -math.inf:
                if len(out) - found < near + 2:
                    out = _larger(out)
                for m in range(WIDTH):
                    out[found, m] = row[m]
                found += 1
        while g < near:
            found = _put(out, found, going, g)
            g += 1
        going, still = still, going
        near = more
    for g in range(near):
        if found == len(out):
            out = _larger(out)
        found = _put(out, found, going, g)
    return out[:found]


@kernel
def _put(out, found, rows, k):
    """One more record; there is room for it."""
    for m in range(WIDTH):
        out[found, m] = rows[k, m]
    return found + 1


@kernel
def _walk(a, b, i, j, cur, until, begin, count, time, place, height, joined, distance, rise, row, out, found):
    """Walk two craft from fixes i and j through [cur, until]; `row` is the stretch in which they are near, with END -inf where there is none.

    Returns how many records `out` now holds, and from when to walk on where it is full.
    """
    a1, b1 = begin[a] + count[a], begin[b] + count[b]
    while i + 1 < a1 and time[i + 1] <= cur:
        i += 1
    while j + 1 < b1 and time[j + 1] <= cur:
        j += 1
    limit = distance * distance
    flat = len(height) == 0
    slant = rise == math.inf
    end, best, best_t, best_i, best_j = row[END], row[NEAREST2] if row[END] > -math.inf else math.inf, 0.0, -1, -1
    ax, ay, az, ah, avx, avy, avz, avh = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    bx, by, bz, bh, bvx, bvy, bvz, bvh = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    a_next, b_next, a_moves, b_moves = cur, cur, False, False
    while True:
        # A call here would cost more than the work, so the ways from fix i and from fix j on are written out.
        if a_next <= cur:
            while i + 1 < a1 and time[i + 1] <= cur:
                i += 1
            a_moves = joined[i] == 1 and time[i] <= cur
            a_next = time[i] if time[i] > cur else time[i + 1] if i + 1 < a1 else END_OF_TIME
            ax, ay, az = place[i, 0], place[i, 1], place[i, 2]
            if a_moves:
                f = 1.0 / (a_next - time[i])
                avx, avy, avz = (place[i + 1, 0] - ax) * f, (place[i + 1, 1] - ay) * f, (place[i + 1, 2] - az) * f
            else:
                f, avx, avy, avz = 0.0, 0.0, 0.0, 0.0
            if not flat:
                ah = height[i]
                avh = (height[i + 1] - ah) * f if a_moves else 0.0
        if b_next <= cur:
            while j + 1 < b1 and time[j + 1] <= cur:
                j += 1
            b_moves = joined[j] == 1 and time[j] <= cur
            b_next = time[j] if time[j] > cur else time[j + 1] if j + 1 < b1 else END_OF_TIME
            bx, by, bz = place[j, 0], place[j, 1], place[j, 2]
            if b_moves:
                f = 1.0 / (b_next - time[j])
                bvx, bvy, bvz = (place[j + 1, 0] - bx) * f, (place[j + 1, 1] - by) * f, (place[j + 1, 2] - bz) * f
            else:
                f, bvx, bvy, bvz = 0.0, 0.0, 0.0, 0.0
            if not flat:
                bh = height[j]
                bvh = (height[j + 1] - bh) * f if b_moves else 0.0
        nxt = min(until, a_next, b_next)  # no fix lies between cur and nxt
        if (a_moves or time[i] == cur) and (b_moves or time[j] == cur):
            span = float(nxt - cur) if a_moves and b_moves else 0.0
            ta, tb = float(cur - time[i]), float(cur - time[j])
            x, y, z = ax + avx * ta - bx - bvx * tb, ay + avy * ta - by - bvy * tb, az + avz * ta - bz - bvz * tb
            wx, wy, wz = avx - bvx, avy - bvy, avz - bvz
            qa, qb, qc = wx * wx + wy * wy + wz * wz, x * wx + y * wy + z * wz, x * x + y * y + z * z
            h, wh, known = 0.0, 0.0, True
            if not flat:
                h, wh = ah + avh * ta - bh - bvh * tb, avh - bvh
                known = h == h and wh == wh
                if not known:
                    h, wh = 0.0, 0.0
                elif slant:
                    qa += wh * wh
                    qb += h * wh
                    qc += h * h
            c0 = qc - limit
            c1 = c0 + span * (2 * qb + qa * span)
            lo, hi = 0.0, span
            if c0 >= 0 or c1 >= 0:
                lo, hi = _below(qa, qb, c0, span)
            if not flat and lo <= hi and not slant and known:
                vlo, vhi = _below(wh * wh, h * wh, h * h - rise * rise, span)
                lo, hi = max(lo, vlo), min(hi, vhi)
            if lo <= hi:
                if end < cur + lo - TOUCH_MS:
                    if end > -math.inf:
                        row[END] = row[SEEN_END] = end
                        if best_i >= 0:
                            _closest(row, best, best_t, best_i, best_j, time, place, height, joined)
                        out[found] = row
                        found += 1
                        row[END] = -math.inf
                        if found == len(out):
                            return found, cur
                    best, best_i = math.inf, -1
                    row[:] = 0.0
                    row[FIRST], row[SECOND] = a, b
                    row[START] = row[SEEN_START] = cur + lo
                    row[NEAREST2] = row[LEAST] = row[MOST] = math.inf
                    row[RISE_KNOWN] = 1.0
                    row[STEADY] = row[OTHER_STEADY] = row[TOGETHER] = math.nan
                    ta, tb = ta + lo, tb + lo
                    row[FIRST_FROM], row[FIRST_FROM + 1], row[FIRST_FROM + 2] = ax + avx * ta, ay + avy * ta, az + avz * ta
                    row[SECOND_FROM], row[SECOND_FROM + 1], row[SECOND_FROM + 2] = bx + bvx * tb, by + bvy * tb, bz + bvz * tb
                end = cur + hi
                if not known:
                    row[RISE_KNOWN] = 0.0
                t = lo
                if qb < 0:
                    t = hi if qb + qa * hi <= 0 else max(lo, -qb / qa)
                rx, ry, rz = x + wx * t, y + wy * t, z + wz * t
                d2 = rx * rx + ry * ry + rz * rz
                if not flat and slant:
                    d2 += (h + wh * t) ** 2
                if d2 < best:
                    best, best_t, best_i, best_j = d2, cur + t, i, j
        if nxt >= until:
            break
        cur = nxt
    if end > -math.inf:
        row[END] = row[SEEN_END] = end
        if best_i >= 0:
            _closest(row, best, best_t, best_i, best_j, time, place, height, joined)
    return found, END_OF_TIME


@kernel
def _closest(row, d2, t, i, j, time, place, height, joined):
    """Write the closest approach, at t between the fixes i and j and the next, into the record."""
    fi, fj = 0.0, 0.0
    if joined[i]:
        fi = 1.0 / (time[i + 1] - time[i])
    if joined[j]:
        fj = 1.0 / (time[j + 1] - time[j])
    p, q = i + joined[i], j + joined[j]
    ti, tj = t - time[i], t - time[j]
    row[NEAREST2], row[CLOSEST] = d2, t
    row[SPEED] = row[OTHER_SPEED] = row[RELATIVE] = 0.0
    for m in range(3):
        v, w = (place[p, m] - place[i, m]) * fi, (place[q, m] - place[j, m]) * fj
        row[FIRST_AT + m], row[SECOND_AT + m] = place[i, m] + v * ti, place[j, m] + w * tj
        row[SPEED] += v * v
        row[OTHER_SPEED] += w * w
        row[RELATIVE] += (v - w) ** 2
    if len(height) > 0:
        v, w = (height[p] - height[i]) * fi, (height[q] - height[j]) * fj
        row[RISE] = abs(height[i] + v * ti - height[j] - w * tj)
        if v - w == v - w:
            row[RELATIVE] += (v - w) ** 2


@kernel
def _below(a, b, c, span):
    """From when to when, within [0, span], a t² + 2 b t + c is below 0; (1, 0) where it never is."""
    if a <= 0.0:
        return (0.0, span) if c < 0 else (1.0, 0.0)
    if c >= 0 and (b >= 0 or span <= 0):
        return 1.0, 0.0
    inside = b * b - a * c
    if inside <= 0:
        return 1.0, 0.0
    root = math.sqrt(inside)
    # The root that would lose digits is found from the other.
    if b > 0:
        lo = (-b - root) / a
        hi = c / (a * lo)
    else:
        hi = (-b + root) / a
        lo = c / (a * hi)
    lo, hi = max(lo, 0.0), min(hi, span)
    return (lo, hi) if lo <= hi else (1.0, 0.0)


@kernel
def _larger(out):
    """The same array with room for as much again."""
    more = np.empty((2 * len(out), WIDTH))
    more[: len(out)] = out
    return more
