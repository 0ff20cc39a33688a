"""When craft were in zones: entries, stays and exits, with crossings interpolated along the path between fixes.

Between two fixes of one chain a craft goes along the geodesic, evenly. The geodesic is drawn in pieces
that are straight in degrees, so short that they stray less than about a metre below 80° of latitude (more nearer to a pole); where
pieces meet lines of zones, the stretches between are asked one by one, so a path along a line or through a corner is right too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from detente.detect.cell_kernels import apart
from detente.detect.cells import ZoneIndex, cached_index
from detente.detect.faults import faults_of, marked
from detente.detect.geodesy import GEOD, Floats
from detente.detect.grid import Ints, Longs, Marks
from detente.detect.moments import moment
from detente.detect.sorted_fixes import Positions, SortedFixes, gather
from detente.detect.zone_shapes import Zone
from detente.model.track_finding import Spot, Stay, TrackFindings, ZoneMeasure

_AT_ONCE = 1_000_000
_PIECE_M = 4000.0
_MOST_PIECES = 1000


def detect_zones(
    positions: Positions, zones: Sequence[Zone], measure: ZoneMeasure | None = None, earlier: Mapping[str, int] | None = None
) -> TrackFindings:
    """Every stay of every craft in every zone, and the faults of the data, whose fixes no stay rests on. `earlier`: as in `marked`."""
    asked = measure or ZoneMeasure()
    marks = marked(gather(positions), earlier)
    fixes, chain = marks.sound, marks.sound_chain
    index = cached_index([zone.shape for zone in zones])
    stays = [stay for part, chains in _shares(fixes, chain) for stay in _stays(part, chains, zones, index, asked.gap_s)]
    whole = marks.fixes
    return TrackFindings(tuple(stays), (), faults_of(marks), whole.rows, whole.unusable, len(whole.names))


def _shares(fixes: SortedFixes, chain: Longs) -> Iterator[tuple[SortedFixes, Longs]]:
    """The fixes of some craft at a time, so that what is worked out for each fix fits in memory."""
    start = 0
    while start < len(fixes.names):
        stop = max(start + 1, int(np.searchsorted(fixes.first, fixes.first[start] + _AT_ONCE, side="right")) - 1)
        a, b = int(fixes.first[start]), int(fixes.first[stop])
        first = fixes.first[start : stop + 1] - a
        yield (
            SortedFixes(
                fixes.names[start:stop], first, fixes.craft[a:b] - start, fixes.time[a:b], fixes.lon[a:b], fixes.lat[a:b], fixes.row[a:b]
            ),
            chain[a:b],
        )
        start = stop


class _Inside(NamedTuple):
    """Stretches inside a zone: whose and which, from when to when (ms) and where; open where nothing was heard beyond; one fix or a path."""

    craft: Ints
    zone: Ints
    start: Floats
    end: Floats
    start_at: Floats
    end_at: Floats
    start_open: Marks
    end_open: Marks
    is_fix: Marks


class _Pieces(NamedTuple):
    """Straight pieces of paths: of which path (number of its first fix), from which share of it to which, and both ends in degrees."""

    path: Longs
    share: Floats
    ends: Floats


def _stays(fixes: SortedFixes, chain: Longs, zones: Sequence[Zone], index: ZoneIndex, gap_s: float) -> Iterator[Stay]:
    if len(fixes) == 0:
        return
    linked = np.zeros(len(fixes), dtype=bool)  # whether a path leads from the fix to the next
    linked[:-1] = (np.diff(chain) == 0) & (np.diff(fixes.craft) == 0) & (np.diff(fixes.time) <= gap_s * 1000)
    at, zone = index.query(fixes.lon, fixes.lat)
    pieces = _pieces(fixes, linked)
    cuts = _cuts(pieces, index)
    inside = _joined_up([_whole(fixes, linked, at, zone, cuts, len(zones)), _cut(fixes, linked, pieces, cuts, index)])
    yield from _merged(inside, fixes, zones)


def _pieces(fixes: SortedFixes, linked: Marks) -> _Pieces:
    """The paths between linked fixes, drawn in pieces straight in degrees and cut at the 180th meridian."""
    path = np.flatnonzero(linked)
    lon1, lat1, lon2, lat2 = fixes.lon[path], fixes.lat[path], fixes.lon[path + 1], fixes.lat[path + 1]
    rough = np.hypot(
        (lat2 - lat1) * 111_700, ((lon2 - lon1 + 180) % 360 - 180) * 111_700 * np.cos(np.radians(np.minimum(np.abs(lat1), np.abs(lat2))))
    )
    # The sagitta of a piece of length d at latitude phi is d² tan(phi) / 8R.
    steep = np.sqrt(np.maximum(np.tan(np.radians(np.minimum(np.maximum(np.abs(lat1), np.abs(lat2)), 89.9))), 0.3))
    count = np.clip(np.ceil(rough * steep / _PIECE_M), 1, _MOST_PIECES).astype(np.int64)
    long = np.flatnonzero(count > 1)
    short = np.flatnonzero(count == 1)
    paths, shares = [path[short]], [np.stack((np.zeros(len(short)), np.ones(len(short))), axis=1)]
    ends = [np.stack((lon1[short], lat1[short], lon2[short], lat2[short]), axis=1)]
    if len(long):
        azimuth, _, metres = GEOD.inv(lon1[long], lat1[long], lon2[long], lat2[long])
        n = count[long]
        row = np.repeat(np.arange(len(long)), n)
        step = np.arange(len(row)) - np.repeat(np.cumsum(n) - n, n)
        share = np.stack((step / n[row], (step + 1) / n[row]), axis=1)
        corners = []
        for side in (0, 1):
            lon, lat, _ = GEOD.fwd(lon1[long][row], lat1[long][row], np.asarray(azimuth)[row], np.asarray(metres)[row] * share[:, side])
            exact = share[:, side] == side
            corners += [
                np.where(exact, (lon2 if side else lon1)[long][row], lon),
                np.where(exact, (lat2 if side else lat1)[long][row], lat),
            ]
        paths.append(path[long][row])
        shares.append(share)
        ends.append(np.stack(corners, axis=1))
    return _at_meridian(_Pieces(np.concatenate(paths), np.concatenate(shares), np.concatenate(ends)))


def _at_meridian(pieces: _Pieces) -> _Pieces:
    """Pieces that cross the 180th meridian, cut there in two."""
    step = pieces.ends[:, 2] - pieces.ends[:, 0]
    across = np.abs(step) > 180
    if not across.any():
        return pieces
    path, share, ends = (part[across] for part in pieces)
    side = np.where(ends[:, 0] > 0, 180.0, -180.0)
    unwrapped = ends[:, 2] + 2 * side
    part = np.clip((side - ends[:, 0]) / np.where(unwrapped == ends[:, 0], 1, unwrapped - ends[:, 0]), 0, 1)
    lat = ends[:, 1] + part * (ends[:, 3] - ends[:, 1])
    middle = share[:, 0] + part * (share[:, 1] - share[:, 0])
    before = np.stack((ends[:, 0], ends[:, 1], side, lat), axis=1)
    after = np.stack((-side, lat, ends[:, 2], ends[:, 3]), axis=1)
    return _Pieces(
        np.concatenate((pieces.path[~across], path, path)),
        np.concatenate((pieces.share[~across], np.stack((share[:, 0], middle), axis=1), np.stack((middle, share[:, 1]), axis=1))),
        np.concatenate((pieces.ends[~across], before, after)),
    )


class _Cuts(NamedTuple):
    """Where paths meet lines of zones: path, zone and share of the path, sorted, each once."""

    path: Longs
    zone: Ints
    share: Floats


def _cuts(pieces: _Pieces, index: ZoneIndex) -> _Cuts:
    piece, zone, part = index.crossings(pieces.ends[:, :2], pieces.ends[:, 2:])
    share = pieces.share[piece, 0] + part * (pieces.share[piece, 1] - pieces.share[piece, 0])
    path = pieces.path[piece]
    order = np.lexsort((share, zone, path))
    path, zone, share = path[order], zone[order], share[order]
    new = np.ones(len(path), dtype=bool)
    new[1:] = (np.diff(path) != 0) | (np.diff(zone) != 0) | (np.diff(share) > 1e-12)
    return _Cuts(path[new], zone[new], share[new])


def _whole(fixes: SortedFixes, linked: Marks, at: Longs, zone: Ints, cuts: _Cuts, zones: int) -> _Inside:
    """SortedFixes inside, and the paths from them that meet no line of the zone."""
    place = np.stack((fixes.lon, fixes.lat), axis=1)
    came = np.zeros(len(fixes), dtype=bool)
    came[1:] = linked[:-1]
    keys = np.unique(cuts.path * zones + cuts.zone)
    is_cut = np.isin(at * zones + zone, keys, assume_unique=False)
    on = at[linked[at] & ~is_cut]
    on_zone = zone[linked[at] & ~is_cut]
    start, end = np.concatenate((at, on)), np.concatenate((at, on + 1))
    return _Inside(
        craft=fixes.craft[start],
        zone=np.concatenate((zone, on_zone)),
        start=fixes.time[start].astype(np.float64),
        end=fixes.time[end].astype(np.float64),
        start_at=place[start],
        end_at=place[end],
        start_open=~came[start],
        end_open=~linked[end],
        is_fix=np.arange(len(start)) < len(at),
    )


def _cut(fixes: SortedFixes, linked: Marks, pieces: _Pieces, cuts: _Cuts, index: ZoneIndex) -> _Inside:
    """Of the paths that meet a line of a zone, the stretches inside: the middle of each stretch decides."""
    pair = np.concatenate(([True], (np.diff(cuts.path) != 0) | (np.diff(cuts.zone) != 0))) if len(cuts.path) else np.empty(0, bool)
    firsts = np.flatnonzero(pair)
    path = np.concatenate((cuts.path, cuts.path[firsts], cuts.path[firsts]))
    zone = np.concatenate((cuts.zone, cuts.zone[firsts], cuts.zone[firsts]))
    share = np.concatenate((cuts.share, np.zeros(len(firsts)), np.ones(len(firsts))))
    order = np.lexsort((share, zone, path))
    path, zone, share = path[order], zone[order], share[order]
    stretch = np.flatnonzero((np.diff(path) == 0) & (np.diff(zone) == 0) & (np.diff(share) > 0)) if len(path) else np.empty(0, np.int64)
    path, zone, low, high = path[stretch], zone[stretch], share[stretch], share[stretch + 1]
    by_path = np.lexsort((pieces.share[:, 0], pieces.path))
    spots = _Spots(pieces.path[by_path], pieces.share[by_path], pieces.ends[by_path])
    middle = spots.at(path, (low + high) / 2)
    inside = _holds(index, middle, zone)
    path, zone, low, high = path[inside], zone[inside], low[inside], high[inside]
    start_time, length = fixes.time[path].astype(np.float64), (fixes.time[path + 1] - fixes.time[path]).astype(np.float64)
    came = np.zeros(len(fixes), dtype=bool)
    came[1:] = linked[:-1]
    return _Inside(
        craft=fixes.craft[path],
        zone=zone,
        start=start_time + low * length,
        end=np.where(high == 1.0, start_time + length, start_time + high * length),
        start_at=spots.at(path, low),
        end_at=spots.at(path, high),
        start_open=(low == 0) & ~came[path],
        end_open=(high == 1) & ~linked[path + 1],
        is_fix=np.zeros(len(path), dtype=bool),
    )


class _Spots(NamedTuple):
    """Pieces sorted by path and share, to find the place at a share of a path."""

    path: Longs
    share: Floats
    ends: Floats

    def at(self, path: Longs, share: Floats) -> Floats:
        """Longitude and latitude at a share of each path, shape (n, 2)."""
        key = self.path + np.minimum(self.share[:, 0], 0.999_999_999)
        piece = np.maximum(np.searchsorted(key, path + np.minimum(share, 0.999_999_998), side="right") - 1, 0)
        low, high = self.share[piece, 0], self.share[piece, 1]
        part = np.clip((share - low) / np.where(high == low, 1, high - low), 0, 1)[:, None]
        start, stop = self.ends[piece, :2], self.ends[piece, 2:]
        spots: Floats = np.where(part == 1, stop, start + part * (stop - start))
        return spots


def _holds(index: ZoneIndex, place: Floats, zone: Ints) -> Marks:
    """Whether each place lies in its zone."""
    at, found = index.query(place[:, 0], place[:, 1])
    inside = np.zeros(len(place), dtype=bool)
    inside[at[found == zone[at]]] = True
    return inside


def _joined_up(parts: list[_Inside]) -> _Inside:
    columns: Any = (np.concatenate(column) for column in zip(*parts, strict=True))
    return _Inside(*columns)


def _merged(inside: _Inside, fixes: SortedFixes, zones: Sequence[Zone]) -> Iterator[Stay]:
    """Stretches that meet, as one stay each."""
    if len(inside.craft) == 0:
        return
    order = np.lexsort((inside.end, inside.start, inside.zone, inside.craft))
    columns: Any = (column[order] for column in inside)
    inside = _Inside(*columns)
    same = (np.diff(inside.craft) == 0) & (np.diff(inside.zone) == 0)
    news = np.concatenate(([True], ~same))
    begins = np.flatnonzero(apart(news, inside.start, inside.end, _SAME_MS))
    last = np.append(begins[1:], len(inside.craft))
    seen_from = np.minimum.reduceat(np.where(inside.is_fix, inside.start, np.inf), begins)
    seen_until = np.maximum.reduceat(np.where(inside.is_fix, inside.end, -np.inf), begins)
    found = []
    for a, b, from_, until in zip(begins.tolist(), last.tolist(), seen_from.tolist(), seen_until.tolist(), strict=True):
        z = a + int(np.argmax(inside.end[a:b]))
        zone = zones[inside.zone[a]]
        found.append(
            Stay(
                craft=fixes.names[inside.craft[a]],
                zone=zone.name,
                account=zone.account,
                certain=zone.certain,
                start=moment(inside.start[a]),
                end=moment(inside.end[z]),
                entered=not inside.start_open[a],
                left=not inside.end_open[z],
                start_at=Spot(*inside.start_at[a].tolist()),
                end_at=Spot(*inside.end_at[z].tolist()),
                seen_from=moment(from_) if np.isfinite(from_) else None,
                seen_until=moment(until) if np.isfinite(until) else None,
            )
        )
    yield from sorted(found, key=lambda stay: (stay.craft, stay.start, stay.zone, stay.account or ""))


_SAME_MS = 1e-3
"""Stretches that end and begin so near together meet: both come from one crossing, rounded."""
