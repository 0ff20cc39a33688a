"""The nearest point of a border, for thousands of points at once.

Edges are cut short, moved to earth-centred coordinates and kept in blocks of
neighbours with a bounding sphere. Straight-line distances choose the few edges
that can be nearest; the geodesic to the point on each of them decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from detente.detect.geodesy import Floats, distance_m, earth_centred

STEP = 0.025
"""Longest piece of an edge in degrees. A straight chord then strays at most 0.4 m sideways from the line in degrees."""
BLOCK = 64
SLACK_M = 2.0
"""What straying and rounding may add to the comparison of straight-line distances."""
LEAST_RADIUS, MOST_RADIUS = 6_330_000.0, 6_405_000.0
"""Bounds for the radii of curvature of WGS 84 (6,335,439 to 6,399,594 m), a little wider."""
_CELLS, _PAIRS = 2_000_000, 20_000
"""Sizes of working arrays: distances at once, and pairs of a point and a block at once."""

Indices = NDArray[np.intp]


class _Points(NamedTuple):
    """Points in degrees and earth-centred."""

    lon: Floats
    lat: Floats
    centred: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Border:
    """The edges of a shape, indexed: ends in degrees (n, 4) and earth-centred (n, 3), blocks as spheres."""

    ends: Floats
    start: Floats
    stop: Floats
    centre: Floats
    radius: Floats

    def distance_m(self, lon: Floats, lat: Floats) -> Floats:
        """Geodesic distance from each point to the border; infinite where there is no border."""
        lon, lat = np.atleast_1d(np.asarray(lon, dtype=np.float64)), np.atleast_1d(np.asarray(lat, dtype=np.float64))
        if len(self.ends) == 0:
            return np.full(len(lon), np.inf)
        chunk = max(1, _CELLS // len(self.centre))
        pieces = [self._chunk(lon[i : i + chunk], lat[i : i + chunk]) for i in range(0, len(lon), chunk)]
        return np.concatenate(pieces) if pieces else np.empty(0)

    def _chunk(self, lon: Floats, lat: Floats) -> Floats:
        points = _Points(lon, lat, earth_centred(lon, lat))
        gaps = _gaps(points.centred, self.centre)
        chord, _ = self._edges(points.centred, np.arange(len(lon)), np.argmin(gaps + self.radius, axis=1))
        limit = _limit(chord.min(axis=1))
        row, block = np.nonzero(gaps - self.radius <= limit[:, None])
        best = np.full(len(lon), np.inf)
        for i in range(0, len(row), _PAIRS):
            self._refine(points, row[i : i + _PAIRS], block[i : i + _PAIRS], limit, best)
        return best

    def _refine(self, points: _Points, row: Indices, block: Indices, limit: Floats, best: Floats) -> None:
        """Lower `best` and `limit` by the geodesics to every edge of these blocks that can be nearest."""
        chord, along = self._edges(points.centred, row, block)
        least = np.full(len(limit), np.inf)
        np.minimum.at(least, row, chord.min(axis=1))
        np.minimum(limit, _limit(least), out=limit)
        pair, k = np.nonzero((chord <= limit[row, None]) & np.isfinite(chord))
        edge, q, t = block[pair] * BLOCK + k, row[pair], along[pair, k]
        foot = self.ends[edge, :2] + t[:, None] * (self.ends[edge, 2:] - self.ends[edge, :2])
        np.minimum.at(best, q, distance_m(points.lon[q], points.lat[q], foot[:, 0], foot[:, 1]))

    def _edges(self, points: Floats, row: Indices, block: Indices) -> tuple[Floats, Floats]:
        """Straight-line distance from each point to the edges of its block, and where along the edge; shape (n, BLOCK)."""
        edge = block[:, None] * BLOCK + np.arange(BLOCK)
        missing = edge >= len(self.start)
        edge = np.minimum(edge, len(self.start) - 1)
        a, ab = self.start[edge], self.stop[edge] - self.start[edge]
        ap = points[row, None, :] - a
        length2 = np.einsum("ijk,ijk->ij", ab, ab)
        along = np.clip(np.einsum("ijk,ijk->ij", ap, ab) / np.where(length2 == 0, 1, length2), 0, 1)
        off = ap - along[..., None] * ab
        chord = np.sqrt(np.einsum("ijk,ijk->ij", off, off))
        chord[missing] = np.inf
        return chord, along


def border_of(shape: shapely.Geometry | None) -> Border:
    """The border of a polygon, or a line, or points, ready for distances.

    Edges along the 180th meridian where the shape goes on at the other side,
    and along a pole, are cuts and not borders.
    """
    ends = _pieces(_edge_ends(shape)) if shape is not None else np.empty((0, 4))
    start, stop = earth_centred(ends[:, 0], ends[:, 1]), earth_centred(ends[:, 2], ends[:, 3])
    firsts = np.arange(0, len(ends), BLOCK)
    if len(firsts) == 0:
        return Border(ends, start, stop, np.empty((0, 3)), np.empty(0))
    low = np.minimum(np.minimum.reduceat(start, firsts), np.minimum.reduceat(stop, firsts))
    high = np.maximum(np.maximum.reduceat(start, firsts), np.maximum.reduceat(stop, firsts))
    return Border(ends, start, stop, (low + high) / 2, np.linalg.norm(high - low, axis=1) / 2)


def least_m(one: Border, other: Border) -> float:
    """Least geodesic distance between two borders that do not cross: it lies at a corner of one of them."""
    if len(one.ends) == 0 or len(other.ends) == 0:
        return float("inf")
    return min(_from_corners(one, other), _from_corners(other, one))


def most_m(lon: Floats, lat: Floats, border: Border) -> float:
    """Greatest distance of any of these points to a border; 0 without points. Points in the order of a line are fastest."""
    firsts = np.arange(0, len(lon), BLOCK)
    if len(firsts) == 0 or len(border.ends) == 0:
        return 0.0 if len(firsts) == 0 else float("inf")
    points = earth_centred(lon, lat)
    spread = np.linalg.norm(points - np.repeat(points[firsts], np.diff([*firsts, len(lon)]), axis=0), axis=1)
    at_first = border.distance_m(lon[firsts], lat[firsts])
    spread = np.maximum.reduceat(spread, firsts)
    # A geodesic is at most 2 % longer than a chord of 4,000 km, and never more than half of pi.
    bound = at_first + np.where(spread < 4_000_000, 1.02, 1.6) * spread + SLACK_M
    best = float(at_first.max())
    for block in np.argsort(-bound):
        if bound[block] <= best:
            break
        i = firsts[block]
        best = max(best, float(border.distance_m(lon[i : i + BLOCK], lat[i : i + BLOCK]).max()))
    return best


def _from_corners(one: Border, other: Border) -> float:
    """Least distance from the corners of `one` to the edges of `other`."""
    near, far = np.empty(len(one.centre)), np.empty(len(one.centre))
    chunk = max(1, _CELLS // len(other.centre))
    for i in range(0, len(one.centre), chunk):
        gaps = _gaps(one.centre[i : i + chunk], other.centre)
        near[i : i + chunk] = (gaps - other.radius).min(axis=1) - one.radius[i : i + chunk]
        far[i : i + chunk] = (gaps + other.radius).min(axis=1) + one.radius[i : i + chunk]
    best = np.inf
    order = np.argsort(near)
    limit = float(_limit(np.asarray([far.min()]))[0])
    for i in range(0, len(order), 16):
        blocks = order[i : i + 16]
        blocks = blocks[near[blocks] <= limit]
        if len(blocks) == 0:
            break
        edges = (blocks[:, None] * BLOCK + np.arange(BLOCK)).ravel()
        edges = edges[edges < len(one.ends)]
        corners = np.unique(np.vstack((one.ends[edges, :2], one.ends[edges, 2:])), axis=0)
        best = min(best, float(other.distance_m(corners[:, 0], corners[:, 1]).min()))
        limit = min(limit, best)
    return best


def _gaps(points: Floats, centre: Floats) -> Floats:
    """Straight-line distances between two sets of earth-centred points, shape (n, m)."""
    square = (points**2).sum(axis=1)[:, None] + (centre**2).sum(axis=1) - 2 * points @ centre.T
    gaps: Floats = np.sqrt(np.maximum(square, 0))
    return gaps


def _limit(chord: Floats) -> Floats:
    """The longest straight line that a geodesic can have that is no longer than the longest geodesic over `chord`."""
    arc = 2 * LEAST_RADIUS * np.arcsin(np.minimum(chord / (2 * LEAST_RADIUS), 1)) + SLACK_M
    limit = 2 * MOST_RADIUS * np.sin(np.minimum(arc / (2 * MOST_RADIUS), np.pi / 2)) + SLACK_M
    return np.where(chord >= 1.99 * LEAST_RADIUS, np.inf, limit)


def _edge_ends(shape: shapely.Geometry) -> Floats:
    """Both ends of every edge, shape (n, 4), without the cuts; a point is an edge of no length."""
    parts = shapely.get_parts(shapely.get_parts(shape))
    is_area = shapely.get_type_id(parts) == 3
    lines = np.concatenate((shapely.get_rings(parts[is_area]), parts[~is_area]))
    corners, part = shapely.get_coordinates(lines, return_index=True)
    joined = np.nonzero(np.diff(part) == 0)[0]
    ends = np.hstack((corners[joined], corners[joined + 1]))
    points = shapely.get_coordinates(parts[shapely.get_type_id(parts) == 0])
    ends = np.vstack((ends, np.hstack((points, points))))
    west, _, east, _ = shape.bounds if len(ends) else (0, 0, 0, 0)
    along_pole = (np.abs(ends[:, 1]) == 90) & (np.abs(ends[:, 3]) == 90) & (ends[:, 0] != ends[:, 2])
    along_cut = (np.abs(ends[:, 0]) == 180) & (ends[:, 0] == ends[:, 2]) & (ends[:, 1] != ends[:, 3])
    borders: Floats = ends[~along_pole & ~(along_cut & (west == -180) & (east == 180))]
    return borders


def _pieces(ends: Floats) -> Floats:
    """Edges cut so that none is longer than STEP degrees either way."""
    span = np.abs(ends[:, 2:] - ends[:, :2]).max(axis=1, initial=0)
    count = np.maximum(1, np.ceil(span / STEP)).astype(np.intp)
    if not (count > 1).any():
        return ends
    index = np.repeat(np.arange(len(ends)), count)
    step = np.arange(len(index)) - np.repeat(np.cumsum(count) - count, count)
    share = count[index][:, None]
    delta = ends[index, 2:] - ends[index, :2]
    return np.hstack((ends[index, :2] + delta * (step[:, None] / share), ends[index, :2] + delta * ((step[:, None] + 1) / share)))
