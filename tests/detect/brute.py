"""Separation by brute force: every pair, every stretch between two fixes, plain Python; shares no code with the detector.

Distances by pyproj's geodesic; the closest approach by search, not by formula. For tracks whose fixes are all possible and at most a
gap apart or farther.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
from pyproj import Geod, Transformer

GEOD = Geod(ellps="WGS84")
TO_CENTRE = Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)
TO_DEGREES = Transformer.from_crs("EPSG:4978", "EPSG:4979", always_xy=True)


@dataclass(frozen=True)
class Stretch:
    first: str
    second: str
    start: float
    end: float
    distance: float


def tracks_of(rows):
    """Rows (craft, ms, lon, lat) as one list of (ms, place) per craft, in order and once each."""
    tracks = {}
    for craft, ms, lon, lat in sorted(set(rows)):
        tracks.setdefault(craft, []).append((ms, np.array(TO_CENTRE.transform(lon, lat, 0.0))))
    return tracks


def ground(a, b):
    """Metres along the ellipsoid between the foot points of two places."""
    lon, lat, _ = TO_DEGREES.transform(*zip(a, b, strict=True))
    return GEOD.inv(lon[0], lat[0], lon[1], lat[1])[2]


def at(track, t, gap):
    """Where a craft was, or None."""
    for (t0, p0), (t1, p1) in pairwise(track):
        if t0 <= t <= t1 and t1 - t0 <= gap:
            return p0 + (p1 - p0) * ((t - t0) / (t1 - t0))
    return next((p for t0, p in track if t0 == t), None)


def separation(rows, limit, gap=600_000):
    """All stretches nearer than the limit, as found by sampling each leg and refining by bisection."""
    found = []
    for (a, one), (b, other) in combinations(tracks_of(rows).items(), 2):
        marks = sorted({t for t, _ in one} | {t for t, _ in other})
        pieces = []
        for lo, hi in pairwise(marks):
            if at(one, (lo + hi) / 2, gap) is not None and at(other, (lo + hi) / 2, gap) is not None:
                pieces += _near(one, other, lo, hi, limit, gap)
        for t in marks:
            p, q = at(one, t, gap), at(other, t, gap)
            if p is not None and q is not None and ground(p, q) < limit:
                pieces.append((t, t, ground(p, q)))
        found += [Stretch(a, b, *piece) for piece in _chained(sorted(pieces))]
    return found


def _near(one, other, lo, hi, limit, gap):
    def apart(t):
        return ground(at(one, t, gap), at(other, t, gap))

    low, high = lo, hi
    for _ in range(60):
        u, v = low + (high - low) / 3, high - (high - low) / 3
        if apart(u) <= apart(v):
            high = v
        else:
            low = u
    best = min((lo, hi, (low + high) / 2), key=apart)
    if apart(best) >= limit:
        return []
    return [(_cross(apart, best, lo, limit), _cross(apart, best, hi, limit), apart(best))]


def _cross(apart, inside, outside, limit):
    if apart(outside) < limit:
        return outside
    for _ in range(60):
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if apart(middle) < limit else (inside, middle)
    return inside


def _chained(pieces):
    out = []
    for start, end, distance in pieces:
        if out and start <= out[-1][1] + 0.5:
            out[-1] = (out[-1][0], max(end, out[-1][1]), min(distance, out[-1][2]))
        else:
            out.append((start, end, distance))
    return out
