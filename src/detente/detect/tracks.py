"""Fixes to tracks: by craft and time, without impossible jumps, in earth-centred coordinates.

A stable partition by craft keeps the order of arrival, so only craft whose fixes came out of order are sorted. A fix is rejected only
by what lies within `gap_s` of it; so the same fixes are rejected however the input is cut, as long as twice that is read on either side.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from detente.detect.compiled import kernel, on_all_cores, threads
from detente.detect.fixes import Fixes
from detente.detect.geodesy import A, F, Floats

Ints = NDArray[np.int64]
Bytes = NDArray[np.uint8]

KN = 1852 / 3600
"""Metres a second in a knot."""
CLOCK_MS = 1000
"""Broadcast times are often whole seconds: so much may a time be off where a jump is judged."""
MOST_WRONG = 3
"""As many fixes in a row may be wrong and still be stepped over; a longer stretch elsewhere breaks the track instead."""
LONGEST_M = 7_000.0
"""A longer way between two fixes is cut, along the ground: a straight line through the earth then runs at most 1 m below it."""

_E2 = F * (2 - F)
_A, _B2 = A, A * A * (1 - _E2)

ACCEPTED, REPEATED, JUMP, TWO_PLACES = 0, 1, 2, 3
"""What becomes of a fix."""


@dataclass(frozen=True, slots=True, eq=False)
class Tracks:
    """The accepted fixes: of craft `c`, `count[c]` from `begin[c]` on, in order of time.

    `time` in ms since 1970; `place` earth-centred in metres, shape (n, 3), on the ellipsoid's surface; `height` in metres, NaN where
    unknown, empty where nobody flies; `joined[i]` is 1 where the craft's path from fix i to the next is known.
    `rejected` holds (craft, time, lon, lat, fault).
    """

    begin: Ints
    count: Ints
    time: Ints
    place: Floats
    height: Floats
    joined: Bytes
    rejected: tuple[Ints, Ints, Floats, Floats, Bytes]


def tracks_of(fixes: Fixes, gap_ms: int) -> Tracks:
    """The tracks of the craft that are asked about (`fixes.asked`), interpolated over at most `gap_ms`."""
    number = len(fixes.names)
    begin = np.zeros(number + 1, dtype=np.int64)
    np.cumsum(_tally(fixes.code, number), out=begin[1:])
    size = int(begin[-1])
    flies = bool(fixes.flies.any())
    time, lon, lat = np.empty(size, dtype=np.int64), np.empty(size), np.empty(size)
    height = np.empty(size if flies else 0)
    place, joined, fault = np.empty((size, 3)), np.zeros(size, dtype=np.uint8), np.zeros(size, dtype=np.uint8)
    count = np.zeros(number, dtype=np.int64)
    speed, accuracy = fixes.greatest_speed_kn * KN / 1000, fixes.accuracy_m

    def settle(first: int, last: int) -> int:
        _partition(first, last, fixes.code, fixes.time, fixes.lon, fixes.lat, fixes.altitude_m, begin[:-1].copy(), time, lon, lat, height)
        for c in np.flatnonzero(fixes.flies[first:last] == 0) + first if flies else ():
            height[begin[c] : begin[c + 1]] = 0.0
        return _settle(first, last, begin, time, lon, lat, height, speed, accuracy, gap_ms, place, joined, fault, count)

    extra = sum(on_all_cores(settle, shares(begin)))
    bad = np.flatnonzero(fault >= JUMP)
    rejected = (np.searchsorted(begin, bad, side="right") - 1, time[bad], lon[bad], lat[bad], fault[bad])
    tracks = Tracks(begin[:-1], count, time, place, height, joined, rejected)
    return _cut_long(tracks, extra) if extra else tracks


def shares(begin: Ints) -> list[tuple[int, int]]:
    """Ranges of craft with about as many fixes each, one for each core."""
    ends = np.searchsorted(begin, np.linspace(0, begin[-1], threads() + 1)[1:-1])
    marks = [0, *(int(e) for e in ends), len(begin) - 1]
    return [(a, b) for a, b in pairwise(marks) if b > a]


def _cut_long(tracks: Tracks, extra: int) -> Tracks:
    """The same tracks with points put in where two fixes lie more than `LONGEST_M` apart."""
    size = len(tracks.time) + extra
    time, place, joined = np.empty(size, dtype=np.int64), np.empty((size, 3)), np.zeros(size, dtype=np.uint8)
    height = np.empty(size if len(tracks.height) else 0)
    begin, count = np.zeros_like(tracks.begin), np.zeros_like(tracks.count)
    _lengthen(
        tracks.begin, tracks.count, tracks.time, tracks.place, tracks.height, tracks.joined, begin, count, time, place, height, joined
    )
    return Tracks(begin, count, time, place, height, joined, tracks.rejected)


# ---- kernels ---------------------------------------------------------------------------


@kernel
def _tally(code, number):
    """How many fixes each craft has."""
    count = np.zeros(number, dtype=np.int64)
    for c in code:
        if c >= 0:
            count[c] += 1
    return count


@kernel
def _partition(first, last, code, time, lon, lat, altitude, at, to_time, to_lon, to_lat, to_height):
    """The fixes of craft `first` up to `last`, craft by craft, in the order in which they came."""
    flies = len(to_height) > 0
    for i in range(len(code)):
        c = code[i]
        if first <= c < last:
            k = at[c]
            at[c] = k + 1
            to_time[k] = time[i]
            to_lon[k] = lon[i]
            to_lat[k] = lat[i]
            if flies:
                to_height[k] = altitude[i]


@kernel
def _apart2(p, i, j):
    """Square of the straight distance between two places."""
    x, y, z = p[i, 0] - p[j, 0], p[i, 1] - p[j, 1], p[i, 2] - p[j, 2]
    return x * x + y * y + z * z


@kernel
def _jumps(p, time, i, j, speed, accuracy):
    """Whether no craft gets from fix i to fix j."""
    reach = speed * (time[j] - time[i] + CLOCK_MS) + 2 * accuracy
    return _apart2(p, i, j) > reach * reach


@kernel
def _settle(first, last, begin, time, lon, lat, height, speed, accuracy, gap, place, joined, fault, count):
    """Each craft's fixes in order, once each, without jumps; what was rejected follows behind them. Returns how many points long ways need."""
    extra = 0
    flies = len(height) > 0
    for c in range(first, last):
        s, e = begin[c], begin[c + 1]
        n = e - s
        if n == 0:
            continue
        v, acc = speed[c], accuracy[c]
        ordered = True
        for i in range(s + 1, e):
            if time[i] < time[i - 1]:
                ordered = False
                break
        if not ordered:
            order = np.argsort(time[s:e], kind="mergesort")
            time[s:e] = time[s:e][order]
            lon[s:e] = lon[s:e][order]
            lat[s:e] = lat[s:e][order]
            if flies:
                height[s:e] = height[s:e][order]
        for i in range(s, e):
            phi, lam = math.radians(lat[i]), math.radians(lon[i])
            sp, cp = math.sin(phi), math.cos(phi)
            r = _A / math.sqrt(1 - _E2 * sp * sp)
            place[i, 0] = r * cp * math.cos(lam)
            place[i, 1] = r * cp * math.sin(lam)
            place[i, 2] = r * (1 - _E2) * sp
        suspect = _repeats(s, e, time, lon, lat, height, place, v, acc, fault)
        # A jump is looked for among the fixes that are left; where there is none, nothing moves.
        k = _close_up(s, e, time, lon, lat, height, place, fault) if suspect else e
        leaps = False
        for i in range(s, k - 1):
            if _jumps(place, time, i, i + 1, v, acc):
                leaps = True
                break
        if leaps:
            _bracket(s, k, time, place, v, acc, gap, fault)
            k = _close_up(s, k, time, lon, lat, height, place, fault)
        count[c] = k - s
        for i in range(s, k - 1):
            if time[i + 1] - time[i] <= gap and not (leaps and _jumps(place, time, i, i + 1, v, acc)):
                joined[i] = 1
                d2 = _apart2(place, i, i + 1)
                if d2 > LONGEST_M * LONGEST_M:
                    extra += int(math.sqrt(d2) / LONGEST_M)
        if k > s:
            joined[k - 1] = 0
    return extra


@kernel
def _before(i, j, lon, lat, height):
    """Whether fix i stands before fix j among fixes of one time: any order will do that does not hang on the order of arrival."""
    if lat[i] != lat[j]:
        return lat[i] < lat[j]
    if lon[i] != lon[j]:
        return lon[i] < lon[j]
    if len(height) == 0:
        return False
    return height[i] < height[j] or (height[i] == height[i] and height[j] != height[j])


@kernel
def _repeats(s, e, time, lon, lat, height, place, speed, accuracy, fault):
    """Of fixes at one time keep one; where they lie too far apart, none. Returns whether there were any."""
    found = False
    i = s
    while i < e:
        j = i + 1
        while j < e and time[j] == time[i]:
            j += 1
        if j > i + 1:
            found = True
            kept = i
            for k in range(i + 1, j):
                if _before(k, kept, lon, lat, height):
                    kept = k
            wide = False
            for k in range(i, j):
                if _jumps(place, time, kept, k, speed, accuracy):
                    wide = True
            for k in range(i, j):
                if wide:
                    fault[k] = TWO_PLACES
                    for m in range(i, k):
                        if lon[m] == lon[k] and lat[m] == lat[k]:
                            fault[k] = REPEATED
                elif k != kept:
                    fault[k] = REPEATED
        i = j
    return found


@kernel
def _bracket(s, e, time, place, speed, accuracy, gap, fault):
    """Mark the fixes that stand between two fixes which fit each other, and fit neither of their neighbours."""
    for i in range(s, e - 2):
        if not _jumps(place, time, i, i + 1, speed, accuracy):
            continue
        for q in range(i + 2, min(e, i + 2 + MOST_WRONG)):
            if time[q] - time[i] > gap:
                break
            if _jumps(place, time, q - 1, q, speed, accuracy) and not _jumps(place, time, i, q, speed, accuracy):
                for k in range(i + 1, q):
                    fault[k] = JUMP
                break


@kernel
def _close_up(s, e, time, lon, lat, height, place, fault):
    """Move accepted fixes to the front and the others, in order, behind them; returns where the others begin."""
    n = e - s
    order = np.empty(n, dtype=np.int64)
    k = 0
    for i in range(s, e):
        if fault[i] == ACCEPTED:
            order[k] = i
            k += 1
    kept = k
    if kept == n:
        return e
    for i in range(s, e):
        if fault[i] != ACCEPTED:
            order[k] = i
            k += 1
    time[s:e] = time[order]
    lon[s:e] = lon[order]
    lat[s:e] = lat[order]
    fault[s:e] = fault[order]
    place[s:e] = place[order]
    if len(height) > 0:
        height[s:e] = height[order]
    return s + kept


@kernel
def _lengthen(begin, count, time, place, height, joined, to_begin, to_count, to_time, to_place, to_height, to_joined):
    """Copy the tracks, with points along the ground where two fixes lie far apart."""
    flies = len(height) > 0
    k = 0
    for c in range(len(begin)):
        to_begin[c] = k
        for i in range(begin[c], begin[c] + count[c]):
            to_time[k] = time[i]
            to_place[k] = place[i]
            to_joined[k] = joined[i]
            if flies:
                to_height[k] = height[i]
            k += 1
            if not joined[i]:
                continue
            parts = 1 + int(math.sqrt(_apart2(place, i, i + 1)) / LONGEST_M)
            for m in range(1, parts):
                t = time[i] + (time[i + 1] - time[i]) * m // parts
                if t <= to_time[k - 1]:
                    continue
                u = (t - time[i]) / (time[i + 1] - time[i])
                x = place[i, 0] + u * (place[i + 1, 0] - place[i, 0])
                y = place[i, 1] + u * (place[i + 1, 1] - place[i, 1])
                z = place[i, 2] + u * (place[i + 1, 2] - place[i, 2])
                out = 1 / math.sqrt((x * x + y * y) / (_A * _A) + z * z / _B2)
                to_time[k] = t
                to_place[k, 0] = x * out
                to_place[k, 1] = y * out
                to_place[k, 2] = z * out
                to_joined[k] = 1
                if flies:
                    to_height[k] = height[i] + u * (height[i + 1] - height[i])
                k += 1
        to_count[c] = k - to_begin[c]
