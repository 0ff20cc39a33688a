"""Distances between recorded craft, worked out once more: tracks drawn second by second, geodesics of WGS 84 by pyproj.

Shares nothing with the detectors but the definition: between two fixes a craft moves evenly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod

_GEOD = Geod(ellps="WGS84")
_LONGEST_S = 600.0


@dataclass(frozen=True)
class Track:
    """Fixes of one craft in order of time: seconds, degrees, feet (0 for a ship)."""

    seconds: NDArray[np.float64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    feet: NDArray[np.float64]

    def at(self, moments: NDArray[np.float64]) -> NDArray[np.float64]:
        """Longitude, latitude and feet at each moment, shape (n, 3); NaN outside and in gaps."""
        after = np.clip(np.searchsorted(self.seconds, moments, side="right"), 1, len(self.seconds) - 1)
        wide = self.seconds[after] - self.seconds[after - 1] > _LONGEST_S
        unseen = wide | (moments < self.seconds[0]) | (moments > self.seconds[-1])
        found = np.stack([np.interp(moments, self.seconds, v) for v in (self.lon, self.lat, self.feet)], axis=1)
        found[unseen] = np.nan
        return found


@dataclass(frozen=True)
class Apart:
    """Two craft over all moments at which both are seen: unix seconds, metres over ground, feet in height."""

    seconds: NDArray[np.float64]
    metres: NDArray[np.float64]
    feet: NDArray[np.float64]


def apart(tracks: Mapping[str, Track], one: str, other: str, step_s: float = 1.0) -> Apart:
    start = max(tracks[one].seconds[0], tracks[other].seconds[0])
    stop = min(tracks[one].seconds[-1], tracks[other].seconds[-1])
    moments = np.arange(start, stop + step_s / 2, step_s)
    a, b = tracks[one].at(moments), tracks[other].at(moments)
    seen = ~(np.isnan(a) | np.isnan(b)).any(axis=1)
    a, b = a[seen], b[seen]
    _, _, metres = _GEOD.inv(a[:, 0], a[:, 1], b[:, 0], b[:, 1])
    return Apart(moments[seen], np.asarray(metres), np.abs(a[:, 2] - b[:, 2]))


def track(rows: list[tuple[float, float, float, float]]) -> Track:
    """From rows of seconds, longitude, latitude and feet, in any order."""
    whole = np.array(sorted(set(rows)), dtype=np.float64)
    _, first = np.unique(whole[:, 0], return_index=True)
    return Track(*whole[first].T)
