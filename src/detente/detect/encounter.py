"""Encounters: two craft that stayed together, slowly and for long, as Global Fishing Watch defines it.

**Definition.** Tracks are taken every `step_s` (10 min), between fixes at most `gap_s` (1 h) apart. Two craft that are within `distance_m`
(500 m) of each other at every step for at least `lasting_s` (2 h), at a median speed below `slower_than_kn` (2 kn), met. The speed is the way from one
step to the next; of the two craft's medians the greater counts, so that it does not matter who is named first.
**Source.** Miller et al. 2018, doi:10.3389/fmars.2018.00240; step and gap from the program that Global Fishing Watch publishes
(GlobalFishingWatch/pipe-encounters), which takes the median of one craft only.
**Limits.** The original drops what lies within 10 km of a coast or port and goes on over a step at which one craft is missing; here every meeting counts and a missing
step ends it. Nothing is interpolated beyond the first and last fix. A meeting says nothing about what was done there.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import numpy as np

from detente.detect.compiled import kernel
from detente.detect.fixes import Positions, fixes_of, table_of
from detente.detect.screen import near_runs
from detente.detect.separation import degrees_of
from detente.detect.tracks import KN
from detente.detect.walk import ground_of, upto
from detente.model.approach import CraftClass, Encounter, EncounterMeasure, Place


def detect_encounters(
    positions: Positions, measure: EncounterMeasure | None = None, craft: Mapping[str, CraftClass] | None = None
) -> tuple[Encounter, ...]:
    """Every encounter, ordered by craft and start; the lesser name comes first.

    Raises:
        MissingTracks: numba is not installed.
        ValueError: the positions lack a column.
    """
    measure = measure or EncounterMeasure()
    step = int(1000 * measure.step_s)
    fixes = fixes_of(table_of(positions), measure.craft, measure.craft, craft)
    tracks, runs = near_runs(fixes, measure.distance_m, step, int(1000 * measure.gap_s))
    runs = runs[(runs[:, 3] - runs[:, 2]) * step >= 1000 * measure.lasting_s]
    apart, speed, centre = _told(runs, step, tracks.begin, tracks.count, tracks.time, tracks.place, tracks.joined)
    lon, lat = degrees_of(centre)
    return tuple(
        Encounter(
            fixes.names[a],
            fixes.names[b],
            _moment(since * step),
            _moment(until * step),
            Place(round(float(lon[k]), 6), round(float(lat[k]), 6)),
            round(float(ground_of(apart[k])), 1),
            round(float(speed[k] * 1000 / KN), 3),
        )
        for k, (a, b, since, until) in enumerate(runs.tolist())
        if speed[k] * 1000 / KN < measure.slower_than_kn
    )


def _moment(ms: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)


@kernel
def _told(runs, step, begin, count, time, place, joined):
    """Per run: the median distance in m, the greater median speed in m a ms, and the mean place, earth-centred."""
    number = len(runs)
    apart, speed, centre = np.empty(number), np.empty(number), np.zeros((number, 3))
    for k in range(number):
        n = runs[k, 3] - runs[k, 2] + 1
        path = np.empty((2, n, 3))
        for side in range(2):
            c = runs[k, side]
            i = upto(time, begin[c], begin[c] + count[c], runs[k, 2] * step)
            for q in range(n):
                t = (runs[k, 2] + q) * step
                while i + 1 < begin[c] + count[c] and time[i + 1] <= t:
                    i += 1
                u = (t - time[i]) / (time[i + 1] - time[i]) if joined[i] else 0.0
                for m in range(3):
                    path[side, q, m] = place[i, m] + u * (place[i + 1, m] - place[i, m]) if u > 0 else place[i, m]
                    centre[k, m] += path[side, q, m] / (2 * n)
        d, v, w = np.empty(n), np.zeros(max(1, n - 1)), np.zeros(max(1, n - 1))
        for q in range(n):
            d[q] = np.sqrt(((path[0, q] - path[1, q]) ** 2).sum())
            if q > 0:
                v[q - 1] = np.sqrt(((path[0, q] - path[0, q - 1]) ** 2).sum()) / step
                w[q - 1] = np.sqrt(((path[1, q] - path[1, q - 1]) ** 2).sum()) / step
        apart[k] = np.median(d)
        speed[k] = max(np.median(v), np.median(w))
    return apart, speed, centre
