"""Which pairs of craft may be near in which slab of time: a filter, and never the answer.

Time is cut into slabs. Within a slab a path is one piece, or a few: the straight and even movement from its first to its last place and
how far the fixes between stray from it. Spheres around the pieces go into a grid of cubes in earth-centred space, which knows no
antimeridian, no poles and no bands of latitude; pieces in neighbouring cubes are compared as moving points. What is left is at most a
little more than the answer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from detente.detect.compiled import kernel, on_all_cores
from detente.detect.geodesy import Floats
from detente.detect.tracks import Ints, Tracks, shares

SLAB_MS = 300_000
"""Five minutes: a ship's piece is then a kilometre or two. Slabs begin at whole multiples, so that they are the same in every block."""
PIECE_M = 2_000.0
"""A piece that has come this far ends at the next fix, so that fast craft do not make the grid coarse."""
SLACK_M = 0.5
"""What rounding and the bending of straight lines may add."""
RANK_BITS, TICK_BITS = 20, 11
"""A candidate is one number: the rank of its lower craft among those in the slab, that of the higher, from which tick of the slab to
which they may be near, and a last bit that tells whether they surely are in all of the slab."""
TICKS = (1 << TICK_BITS) - 1
RANKS = (1 << RANK_BITS) - 1


@dataclass(frozen=True, slots=True, eq=False)
class Slabs:
    """The whole slabs from `first` up to `end`, counted from 1970."""

    first: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Pieces of tracks, slab by slab (`bound[s]` up to `bound[s + 1]` of `order`): craft, time in ms, ends (n, 6), and how far they stray."""

    craft: Ints
    start: Ints
    stop: Ints
    ends: Floats
    stray: Floats
    order: Ints
    bound: Ints


def pieces_of(tracks: Tracks, slabs: Slabs) -> Pieces:
    """Every piece of every track within the slabs."""
    ranges = shares(np.append(tracks.begin, len(tracks.time)))
    args = (tracks.begin, tracks.count, tracks.time, tracks.place, tracks.joined, slabs.first, slabs.end)
    none, nothing, empty = np.empty(0, dtype=np.int64), np.empty(0), np.empty((0, 6))
    sizes = on_all_cores(lambda a, b: _cut(a, b, *args, none, none, none, empty, nothing, 0), ranges)
    size = sum(sizes)
    craft, start, stop = (np.empty(size, dtype=np.int64) for _ in range(3))
    ends, stray = np.empty((size, 6)), np.empty(size)
    at = np.cumsum([0, *sizes])
    on_all_cores(lambda a, b, k: _cut(a, b, *args, craft, start, stop, ends, stray, k), [(*r, k) for r, k in zip(ranges, at, strict=False)])
    order, bound = _by_slab(start, slabs.first, slabs.end)
    return Pieces(craft, start, stop, ends, stray, order, bound)


# ---- kernels ---------------------------------------------------------------------------


@kernel
def _cut(first, last, begin, count, time, place, joined, slab0, slab1, craft, start, stop, ends, stray, k):
    """Write the pieces of these craft from `k` on, or only count them where there is no room; returns how many."""
    fill = len(craft) > 0
    k0 = k
    for c in range(first, last):
        i = begin[c]
        e = begin[c] + count[c]
        while i < e:
            j = i  # fixes i to j are one path
            while joined[j]:
                j += 1
            lo = max(time[i], slab0 * SLAB_MS)
            top = min(time[j], slab1 * SLAB_MS - 1)
            if lo > top:
                i = j + 1
                continue
            # Where a path goes on beyond the last slab, its last piece ends with the slab.
            until = min(time[j], slab1 * SLAB_MS)
            a = i
            while a < j and time[a + 1] <= lo:
                a += 1
            while True:
                x0, y0, z0 = _at(place, time, a, lo, j)
                edge = (lo // SLAB_MS + 1) * SLAB_MS
                hi = min(edge, until)
                b = a
                while b < j and time[b + 1] < hi:
                    b += 1
                    dx, dy, dz = place[b, 0] - x0, place[b, 1] - y0, place[b, 2] - z0
                    if dx * dx + dy * dy + dz * dz > PIECE_M * PIECE_M and time[b] > lo:
                        hi = time[b]
                        break
                if fill:
                    x1, y1, z1 = _at(place, time, b, hi, j)
                    span = max(1, hi - lo)
                    vx, vy, vz = (x1 - x0) / span, (y1 - y0) / span, (z1 - z0) / span
                    far = 0.0
                    for m in range(a, b + 1):
                        t = time[m] - lo
                        if t > 0:
                            dx, dy, dz = place[m, 0] - x0 - vx * t, place[m, 1] - y0 - vy * t, place[m, 2] - z0 - vz * t
                            d = dx * dx + dy * dy + dz * dz
                            far = max(far, d)
                    craft[k] = c
                    start[k] = lo
                    stop[k] = hi
                    ends[k, 0], ends[k, 1], ends[k, 2] = x0, y0, z0
                    ends[k, 3], ends[k, 4], ends[k, 5] = x1, y1, z1
                    stray[k] = math.sqrt(far) + SLACK_M
                k += 1
                # A path that ends where a slab begins has one more piece there, an instant long.
                if hi >= until and not (hi == edge and hi == time[j] and hi < slab1 * SLAB_MS):
                    break
                lo = hi
                a = b
                while a < j and time[a + 1] <= lo:
                    a += 1
            i = j + 1
    return k - k0


@kernel
def _at(place, time, i, t, last):
    """Where a craft is at a time between fix i and the next."""
    if i >= last or t <= time[i]:
        return place[i, 0], place[i, 1], place[i, 2]
    u = (t - time[i]) / (time[i + 1] - time[i])
    return (
        place[i, 0] + u * (place[i + 1, 0] - place[i, 0]),
        place[i, 1] + u * (place[i + 1, 1] - place[i, 1]),
        place[i, 2] + u * (place[i + 1, 2] - place[i, 2]),
    )


@kernel
def _by_slab(start, slab0, slab1):
    """The pieces in order of slab, and where each slab begins among them."""
    bound = np.zeros(slab1 - slab0 + 1, dtype=np.int64)
    for t in start:
        bound[t // SLAB_MS - slab0 + 1] += 1
    for s in range(len(bound) - 1):
        bound[s + 1] += bound[s]
    at = bound.copy()
    order = np.empty(len(start), dtype=np.int64)
    for i in range(len(start)):
        s = start[i] // SLAB_MS - slab0
        order[at[s]] = i
        at[s] += 1
    return order, bound


@kernel
def _usual(radius, widest):
    """A radius that all but a sixty-fourth stay below: the few wider ones need not make the grid coarse."""
    tally = np.zeros(65, dtype=np.int64)
    for r in radius:
        tally[int(64 * r / widest)] += 1
    above, k = tally[64], 64
    while k > 1 and above + tally[k - 1] <= len(radius) // 64:
        k -= 1
        above += tally[k]
    return widest * k / 64


@kernel
def _hashed(x, y, z, mask):
    """The bucket of a cube."""
    return ((x * 73856093) ^ (y * 19349663) ^ (z * 83492791)) & mask


@kernel
def near_in_slab(slab_start, order, craft, start, stop, ends, stray, distance, side):
    """The candidates of the slab whose pieces are `order`, sorted, each pair once; and the craft by rank."""
    n = len(order)
    out = np.empty(max(16, n), dtype=np.int64)
    found = 0
    rank, ranked, crafts = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64), 0
    for k in range(n):  # pieces are in order of craft
        if k == 0 or craft[order[k]] != ranked[crafts - 1]:
            ranked[crafts] = craft[order[k]]
            crafts += 1
        rank[k] = crafts - 1
    centre, radius, widest = np.empty((n, 3)), np.empty(n), 0.0
    for k in range(n):
        i = order[k]
        d2 = 0.0
        for m in range(3):
            centre[k, m] = (ends[i, m] + ends[i, m + 3]) / 2
            d2 += (ends[i, m + 3] - ends[i, m]) ** 2
        radius[k] = math.sqrt(d2) / 2 + stray[i]
        widest = max(widest, radius[k])
    cap = _usual(radius, widest)
    edge = distance + 2 * cap
    mask = 1
    while mask < 2 * n:
        mask *= 2
    head = np.zeros(mask + 1, dtype=np.int32)
    mask -= 1
    cube, bucket = np.empty((n, 3), dtype=np.int32), np.empty(n, dtype=np.int32)
    for k in range(n):
        if radius[k] > cap:
            continue
        for m in range(3):
            cube[k, m] = int(np.floor(centre[k, m] / edge))
        bucket[k] = _hashed(cube[k, 0], cube[k, 1], cube[k, 2], mask)
        head[bucket[k] + 1] += 1
    for b in range(mask + 1):
        head[b + 1] += head[b]
    fill, place = head.copy(), np.empty(n, dtype=np.int32)
    sphere, cell = np.empty((n, 4)), np.empty((n, 3), dtype=np.int32)  # bucket by bucket; behind them those too wide for a cube
    wide = head[mask + 1]
    for k in range(n):
        if radius[k] > cap:
            q = wide
            wide += 1
        else:
            q = fill[bucket[k]]
            fill[bucket[k]] += 1
        place[q] = k
        for m in range(3):
            sphere[q, m] = centre[k, m]
            cell[q, m] = cube[k, m]
        sphere[q, 3] = radius[k]
    for k in range(n):
        i = order[k]
        ci = craft[i]
        x, y, z, r = centre[k, 0], centre[k, 1], centre[k, 2], radius[k] + distance
        is_wide = radius[k] > cap
        cx, cy, cz, lo, hi = 0, 0, 0, 0, n
        for way in range(13 if is_wide else 0, 14):  # half of the 26 neighbours, and at last the cube itself; a wide one meets all
            if not is_wide:
                cx, cy, cz = cube[k, 0] + way % 3 - 1, cube[k, 1] + way // 3 % 3 - 1, cube[k, 2] + way // 9 - 1
                b = _hashed(cx, cy, cz, mask)
                lo, hi = head[b], head[b + 1]
            for q in range(lo, hi):
                dx, dy, dz, reach = x - sphere[q, 0], y - sphere[q, 1], z - sphere[q, 2], r + sphere[q, 3]
                if dx * dx + dy * dy + dz * dz > reach * reach:
                    continue
                o = place[q]
                if is_wide:
                    if sphere[q, 3] > cap and o <= k:
                        continue
                elif cell[q, 0] != cx or cell[q, 1] != cy or cell[q, 2] != cz or (way == 13 and o <= k):
                    continue
                j = order[o]
                cj = craft[j]
                if ci == cj or not asked(side[ci], side[cj]):
                    continue
                when = _moving(i, j, start, stop, ends, stray, distance, slab_start)
                if when < 0:
                    continue
                if found == len(out):
                    more = np.empty(2 * found, dtype=np.int64)
                    more[:found] = out
                    out = more
                pair = min(rank[k], rank[o]) << RANK_BITS | max(rank[k], rank[o])
                out[found] = pair << (2 * TICK_BITS + 1) | when
                found += 1
    out = out[:found]
    out.sort()
    k = 0
    for q in range(found):
        key = out[q]
        if k > 0 and key >> (2 * TICK_BITS + 1) == out[k - 1] >> (2 * TICK_BITS + 1):
            # The earlier begins first; together they end with the later.
            until = max(key >> 1 & TICKS, out[k - 1] >> 1 & TICKS)
            out[k - 1] = out[k - 1] & ~(TICKS << 1) | until << 1 | key & 1
        else:
            out[k] = key
            k += 1
    return out[:k], ranked[:crafts]


@kernel
def asked(one, other):
    """Whether one craft is of the first class and the other of the second, either way."""
    return (one & 1 and other & 2) or (one & 2 and other & 1)


@kernel
def _moving(i, j, start, stop, ends, stray, distance, slab_start):
    """When in the slab two pieces may be near, as the last bits of a candidate; -1 for never."""
    lo, hi = max(start[i], start[j]), min(stop[i], stop[j])
    if lo > hi:
        return -1
    span = float(hi - lo)
    fi, fj = 1.0 / max(1, stop[i] - start[i]), 1.0 / max(1, stop[j] - start[j])
    ti, tj = float(lo - start[i]), float(lo - start[j])
    a, b, c = 0.0, 0.0, 0.0
    for m in range(3):
        vi, vj = (ends[i, m + 3] - ends[i, m]) * fi, (ends[j, m + 3] - ends[j, m]) * fj
        r = ends[i, m] + ti * vi - ends[j, m] - tj * vj
        w = vi - vj
        a += w * w
        b += r * w
        c += r * r
    limit = distance + stray[i] + stray[j]
    far = c - limit * limit
    inside = b * b - a * far
    if far > 0 and (b >= 0 or inside < 0):
        return -1
    t0, t1 = 0.0, span
    if inside > 0 and a * span > 1e-9:
        root = math.sqrt(inside)
        t0, t1 = max(0.0, (-b - root) / a), min(span, (-b + root) / a)
        if t0 > span:
            return -1
    ticks = TICKS / SLAB_MS
    since = float(lo - slab_start)
    early, late = int(np.floor((since + t0) * ticks)), int(np.ceil((since + t1) * ticks))
    # A tick more on either side takes what rounding may have taken.
    early, late = max(early - 1, 0), min(late + 1, TICKS)
    sure = distance - stray[i] - stray[j]
    throughout = sure > 0 and hi - lo == SLAB_MS and max(c, c + 2 * b * span + a * span * span) < sure * sure
    return early << (TICK_BITS + 1) | late << 1 | int(throughout)
