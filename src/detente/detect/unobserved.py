"""What gaps allow: when two craft may have been near while one or both were not observed, and between which distances.

Between two fixes a craft cannot be further from either than its greatest speed allows. So the distance of two craft is at least that
of such a circle to the other craft, and at most that to its far side; observed paths are taken as straight pieces that stray a little.
The bounds hold; they are not the narrowest possible. Source: the space-time prism of time geography, Hägerstrand 1970.
"""

from __future__ import annotations

import math

import numpy as np

from detente.detect.compiled import kernel, on_all_cores
from detente.detect.geodesy import Floats
from detente.detect.near import SLAB_MS, Pieces, Slabs, asked
from detente.detect.tracks import KN, Bytes, Tracks
from detente.detect.walk import (
    CLOSEST,
    END,
    FIRST,
    LEAST,
    MOST,
    NEAREST2,
    OTHER_STEADY,
    SECOND,
    SEEN_END,
    SEEN_START,
    START,
    STEADY,
    TOGETHER,
    UNSEEN,
    WIDTH,
    ranges,
)

STEPS = 40
"""Halvings of a search in time: a slab is then cut below a millisecond."""


def perhaps_near(tracks: Tracks, pieces: Pieces, slabs: Slabs, distance_m: float, longest_ms: int, side: Bytes, speed_kn: Floats) -> Floats:
    """Records of stretches in which gaps of at most `longest_ms` allow a pair to have been nearer than `distance_m`, slab by slab."""
    t, p = tracks, pieces
    craft, fix = _gaps(t.begin, t.count, t.time, t.joined, t.place, longest_ms, speed_kn * KN / 1000, slabs.first, slabs.end)
    order, bound = _over_slabs(t.time, fix, slabs.first, slabs.end)
    found = on_all_cores(
        lambda a, b: _perhaps(
            a, b, slabs.first, craft, fix, order, bound, t.time, t.place, p.craft, p.start, p.stop, p.ends, p.stray, p.order, p.bound,
            distance_m, side, speed_kn * KN / 1000,
        ),
        ranges(pieces),
    )  # fmt: skip
    return np.concatenate(found) if found else np.empty((0, WIDTH))


@kernel
def _gaps(begin, count, time, joined, place, longest, speed, slab0, slab1):
    """Gaps that are not too long and can be crossed: whose, and after which fix."""
    craft, fix = [np.int64(0) for _ in range(0)], [np.int64(0) for _ in range(0)]
    for c in range(len(begin)):
        for i in range(begin[c], begin[c] + count[c] - 1):
            span = time[i + 1] - time[i]
            if joined[i] or span > longest or time[i + 1] < slab0 * SLAB_MS or time[i] >= slab1 * SLAB_MS:
                continue
            d2 = 0.0
            for m in range(3):
                d2 += (place[i + 1, m] - place[i, m]) ** 2
            if d2 <= (speed[c] * span) ** 2:
                craft.append(c)
                fix.append(i)
    return np.array(craft, dtype=np.int64), np.array(fix, dtype=np.int64)


@kernel
def _over_slabs(time, fix, slab0, slab1):
    """The gaps of each slab, as for pieces."""
    bound = np.zeros(slab1 - slab0 + 1, dtype=np.int64)
    for turn in range(2):
        if turn == 1:
            for s in range(slab1 - slab0):
                bound[s + 1] += bound[s]
            order, at = np.empty(bound[-1], dtype=np.int64), bound.copy()
        for g in range(len(fix)):
            first = max(slab0, time[fix[g]] // SLAB_MS)
            last = min(slab1 - 1, (time[fix[g] + 1] - 1) // SLAB_MS)
            for s in range(first - slab0, last - slab0 + 1):
                if turn == 0:
                    bound[s + 1] += 1
                else:
                    order[at[s]] = g
                    at[s] += 1
    return order, bound


@kernel
def _perhaps(
    first, last, slab0, craft, fix, gap_order, gap_bound, time, place, p_craft, start, stop, ends, stray, order, bound, distance, side, speed
):  # fmt: skip
    """Records of the slabs from `first` up to `last`."""
    out, found = np.empty((64, WIDTH)), 0
    one, other = np.empty((2, 8)), np.empty((2, 8))
    for s in range(first, last):
        origin = (slab0 + s) * SLAB_MS
        edge = origin + SLAB_MS
        for g in range(gap_bound[s], gap_bound[s + 1]):
            a, i = craft[gap_order[g]], fix[gap_order[g]]
            reach = distance + speed[a] * (time[i + 1] - time[i]) / 2
            x, y, z = (place[i, 0] + place[i + 1, 0]) / 2, (place[i, 1] + place[i + 1, 1]) / 2, (place[i, 2] + place[i + 1, 2]) / 2
            _cones(one, i, origin, time, place, speed[a])
            # Pieces of the slab, then the slab's other gaps.
            for q in range(bound[s], bound[s + 1] + gap_bound[s + 1] - g - 1):
                if q < bound[s + 1]:
                    k = order[q]
                    b = p_craft[k]
                    if b == a:
                        continue
                    cx, cy, cz = (ends[k, 0] + ends[k, 3]) / 2, (ends[k, 1] + ends[k, 4]) / 2, (ends[k, 2] + ends[k, 5]) / 2
                    r = stray[k] + math.sqrt((ends[k, 0] - cx) ** 2 + (ends[k, 1] - cy) ** 2 + (ends[k, 2] - cz) ** 2)
                    lo, hi = start[k], stop[k]
                else:
                    k = gap_order[g + 1 + q - bound[s + 1]]
                    b, j = craft[k], fix[k]
                    if b == a:
                        continue
                    cx, cy, cz = (
                        (place[j, 0] + place[j + 1, 0]) / 2,
                        (place[j, 1] + place[j + 1, 1]) / 2,
                        (place[j, 2] + place[j + 1, 2]) / 2,
                    )
                    r = speed[b] * (time[j + 1] - time[j]) / 2
                    lo, hi = time[j], time[j + 1]
                lo, hi = max(lo, time[i], origin), min(hi, time[i + 1], edge)
                if lo >= hi or (x - cx) ** 2 + (y - cy) ** 2 + (z - cz) ** 2 > (reach + r) ** 2 or not asked(side[a], side[b]):
                    continue
                if q < bound[s + 1]:
                    n = 1
                    span = float(stop[k] - start[k])
                    for m in range(3):
                        other[0, m + 3] = (ends[k, m + 3] - ends[k, m]) / span
                        other[0, m] = ends[k, m] - other[0, m + 3] * (start[k] - origin)
                    other[0, 6], other[0, 7] = stray[k], 0.0
                else:
                    n = 2
                    _cones(other, j, origin, time, place, speed[b])
                t0, t1 = float(lo - origin), float(hi - origin)
                low, high = t0, t1
                for _ in range(STEPS):  # the lower bound is convex in time
                    u, v = low + (high - low) / 3, high - (high - low) / 3
                    if _bounds(one, other, n, u)[0] <= _bounds(one, other, n, v)[0]:
                        high = v
                    else:
                        low = u
                deep = (low + high) / 2
                least, most = _bounds(one, other, n, deep)
                for t in (t0, t1):
                    if _bounds(one, other, n, t)[0] < least:
                        deep = t
                        least = _bounds(one, other, n, t)[0]
                    most = min(most, _bounds(one, other, n, t)[1])
                if least >= distance:
                    continue
                if found == len(out):
                    larger = np.empty((2 * found, WIDTH))
                    larger[:found] = out
                    out = larger
                row = out[found]
                found += 1
                row[:] = 0.0
                row[FIRST], row[SECOND] = min(a, b), max(a, b)
                row[START] = origin + _edge(one, other, n, deep, t0, distance)
                row[END] = origin + _edge(one, other, n, deep, t1, distance)
                row[UNSEEN] = row[END] - row[START]
                row[LEAST], row[MOST] = max(least, 0.0), most
                row[NEAREST2] = row[SEEN_START] = math.inf
                row[SEEN_END] = -math.inf
                row[CLOSEST] = row[STEADY] = row[OTHER_STEADY] = row[TOGETHER] = math.nan
    return out[:found]


@kernel
def _cones(cone, i, origin, time, place, speed):
    """Circles around the fix before and the fix after: place, its velocity, radius at `origin`, its growth a ms."""
    for k in range(2):
        for m in range(3):
            cone[k, m] = place[i + k, m]
            cone[k, m + 3] = 0.0
        cone[k, 7] = speed if k == 0 else -speed
        cone[k, 6] = cone[k, 7] * (origin - time[i + k])


@kernel
def _bounds(one, other, n, t):
    """The least and the greatest distance at a time after the origin."""
    least, most = -math.inf, math.inf
    for k in range(2):
        for q in range(n):
            d2 = 0.0
            for m in range(3):
                d2 += (one[k, m] + one[k, m + 3] * t - other[q, m] - other[q, m + 3] * t) ** 2
            d, r = math.sqrt(d2), one[k, 6] + one[k, 7] * t + other[q, 6] + other[q, 7] * t
            least, most = max(least, d - r), min(most, d + r)
    return least, most


@kernel
def _edge(one, other, n, inside, outside, distance):
    """Where between a time that is near enough and one that may not be the lower bound reaches the distance."""
    if _bounds(one, other, n, outside)[0] < distance:
        return outside
    for _ in range(STEPS):
        middle = (inside + outside) / 2
        if _bounds(one, other, n, middle)[0] < distance:
            inside = middle
        else:
            outside = middle
    return inside
