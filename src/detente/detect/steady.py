"""How steadily the two craft of an approach lay or went together: greatest mean speeds over windows of time."""

from __future__ import annotations

import math

import numpy as np

from detente.detect.compiled import kernel
from detente.detect.geodesy import Floats
from detente.detect.tracks import Tracks
from detente.detect.walk import END, FIRST, OTHER_STEADY, SECOND, START, STEADY, TOGETHER, upto


def add_steadiness(records: Floats, tracks: Tracks, window_ms: int) -> None:
    """Fill STEADY, OTHER_STEADY and TOGETHER: over every window, beginning at its whole multiples, that the stretch touches.

    A window at whose ends one of the two was not observed is cut to the stretch, and does not tell where less than half is left.
    """
    _steadiness(records, tracks.begin, tracks.count, tracks.time, tracks.place, tracks.joined, window_ms)


@kernel
def _steadiness(records, begin, count, time, place, joined, window):
    p, q = np.empty((2, 3)), np.empty((2, 3))
    for row in records:
        a, b = int(row[FIRST]), int(row[SECOND])
        w = math.floor(row[START] / window) * window
        while w <= row[END]:
            lo, hi = float(w), float(w + window)
            if not (_seen(a, lo, begin, count, time, place, joined, p[0]) and _seen(b, lo, begin, count, time, place, joined, q[0])):
                lo = row[START]
            if not (_seen(a, hi, begin, count, time, place, joined, p[1]) and _seen(b, hi, begin, count, time, place, joined, q[1])):
                hi = row[END]
            w += window
            if hi - lo < window / 2:
                continue
            for k in range(2):
                t = lo if k == 0 else hi
                _seen(a, t, begin, count, time, place, joined, p[k])
                _seen(b, t, begin, count, time, place, joined, q[k])
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
def _seen(c, t, begin, count, time, place, joined, to):
    """Write where a craft was, and tell whether it was observed then; a record's own ends may miss a fix by rounding."""
    i = upto(time, begin[c], begin[c] + count[c], t + 0.25)
    if joined[i] and time[i] - 0.25 <= t:
        u = (t - time[i]) / (time[i + 1] - time[i])
        for m in range(3):
            to[m] = place[i, m] + u * (place[i + 1, m] - place[i, m])
        return True
    for m in range(3):
        to[m] = place[i, m]
    return abs(time[i] - t) <= 0.5
