"""How steadily the two craft of an approach lay or went together: greatest mean speeds over windows of time."""

from __future__ import annotations

import math

import numpy as np

from detente.detect.compiled import kernel
from detente.detect.geodesy import Floats
from detente.detect.tracks import Tracks
from detente.detect.walk import END, FIRST, OTHER_STEADY, SECOND, START, STEADY, TOGETHER, upto


def add_steadiness(records: Floats, tracks: Tracks, window_ms: int) -> None:
    """Fill STEADY, OTHER_STEADY and TOGETHER of observed stretches: over every window, beginning at its whole multiples, that they touch.

    A window is cut to the paths that both craft have there, and does not tell where less than half of it is left.
    """
    _steadiness(records, tracks.begin, tracks.count, tracks.time, tracks.place, tracks.joined, window_ms)


@kernel
def _steadiness(records, begin, count, time, place, joined, window):
    p, q = np.empty((2, 3)), np.empty((2, 3))
    for row in records:
        a, b = int(row[FIRST]), int(row[SECOND])
        w = math.floor(row[START] / window) * window
        while w <= row[END]:
            inside = (max(row[START], float(w)) + min(row[END], float(w + window))) / 2
            i, j = upto(time, begin[a], begin[a] + count[a], inside), upto(time, begin[b], begin[b] + count[b], inside)
            lo = max(_path_from(i, begin[a], w, time, joined), _path_from(j, begin[b], w, time, joined))
            hi = min(_path_to(i, w + window, time, joined), _path_to(j, w + window, time, joined))
            w += window
            if 2 * (hi - lo) < window:
                continue
            _where(a, lo, begin, count, time, place, p[0])
            _where(a, hi, begin, count, time, place, p[1])
            _where(b, lo, begin, count, time, place, q[0])
            _where(b, hi, begin, count, time, place, q[1])
            one, other, both = 0.0, 0.0, 0.0
            for m in range(3):
                u, v = p[1, m] - p[0, m], q[1, m] - q[0, m]
                one += u * u
                other += v * v
                both += (u - v) ** 2
            for column, d2 in ((STEADY, one), (OTHER_STEADY, other), (TOGETHER, both)):
                speed = math.sqrt(d2) / (hi - lo)
                if not row[column] >= speed:
                    row[column] = speed


@kernel
def _path_from(i, first, lo, time, joined):
    """Since when, at the earliest from `lo`, the path with fix i goes on unbroken."""
    while time[i] > lo and i > first and joined[i - 1]:
        i -= 1
    return max(time[i], lo)


@kernel
def _path_to(i, hi, time, joined):
    """Until when, at the latest `hi`, the path with fix i goes on unbroken."""
    while time[i] < hi and joined[i]:
        i += 1
    return min(time[i], hi)


@kernel
def _where(c, t, begin, count, time, place, to):
    """Write where a craft was at a time on its path."""
    i = upto(time, begin[c], begin[c] + count[c], t)
    u = (t - time[i]) / (time[i + 1] - time[i]) if t > time[i] else 0.0
    for m in range(3):
        to[m] = place[i, m] + u * (place[i + 1, m] - place[i, m]) if u > 0 else place[i, m]
