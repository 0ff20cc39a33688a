"""The records of one block: what one core, two cores and a cluster all compute, and what is joined afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from detente.detect.fixes import fixes_of
from detente.detect.geodesy import Floats
from detente.detect.near import SLAB_MS, Slabs, pieces_of
from detente.detect.seams import merged
from detente.detect.steady import add_steadiness
from detente.detect.tracks import JUMP, tracks_of
from detente.detect.unobserved import perhaps_near
from detente.detect.walk import chord_of, walked
from detente.model.approach import ApproachMeasure, CraftClass

Core = tuple[int, int]
"""From when up to when a block answers, ms since 1970, whole slabs; it knows the rows around it too, as far as `halo_ms`."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """What a block found. `records` are those of `walk`, craft numbered in order of `names`; the rest as in `Approaches`."""

    names: tuple[str, ...]
    records: Floats
    rejected: tuple[tuple[str, int, float, float, bool], ...]
    rows: int
    unusable: int


def halo_ms(measure: ApproachMeasure) -> int:
    """How far beyond its core a block must know the rows, so that it answers as if it knew all.

    A path at the core's edge needs the fix before, up to a gap away; whether that fix is used is decided by what lies within another gap.
    """
    windows = [w.window_s for w in (measure.moored, measure.convoy) if w is not None]
    return int(1000 * (measure.gap_s + max(measure.gap_s, measure.longest_gap_s, *windows, 0.0))) + SLAB_MS


def part_of(table: pa.Table, measure: ApproachMeasure, craft: Mapping[str, CraftClass] | None, core: Core | None = None) -> Part:
    """Every stretch in which a pair was or may have been near, as far as it lies in the core (all of the time where there is none)."""
    fixes = fixes_of(table, measure.first, measure.second, craft)
    if not (fixes.code >= 0).any():
        return Part(fixes.names, np.empty((0, 31)), (), len(table), fixes.unusable)
    tracks = tracks_of(fixes, int(measure.gap_s * 1000))
    if core is None:
        used = fixes.time[fixes.code >= 0]
        core = (int(used.min()) // SLAB_MS * SLAB_MS, (int(used.max()) // SLAB_MS + 1) * SLAB_MS)
    slabs = Slabs(core[0] // SLAB_MS, core[1] // SLAB_MS)
    pieces = pieces_of(tracks, slabs)
    found = [walked(tracks, pieces, slabs, measure.distance_m, measure.vertical_m, fixes.side)]
    for window_ms in {int(1000 * w.window_s) for w in (measure.moored, measure.convoy) if w is not None}:
        add_steadiness(found[0], tracks, window_ms)
    if measure.longest_gap_s > measure.gap_s:
        limit, longest = chord_of(measure.distance_m), int(measure.longest_gap_s * 1000)
        found.append(perhaps_near(tracks, pieces, slabs, limit, longest, fixes.side, fixes.greatest_speed_kn))
    records = merged(np.concatenate(found))
    who, when, lon, lat, fault = tracks.rejected
    inside = np.flatnonzero((when >= core[0]) & (when < core[1]))
    rejected = tuple((fixes.names[who[i]], int(when[i]), float(lon[i]), float(lat[i]), bool(fault[i] == JUMP)) for i in inside.tolist())
    return Part(fixes.names, records, rejected, len(table), fixes.unusable)
