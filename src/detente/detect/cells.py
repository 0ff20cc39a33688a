"""Which zones points lie in, for millions of points: a grid of cells, with an exact test on the edges inside a cell.

Answers are those of shapely's `intersects` for every point: a point on a line belongs
to the zone. Where rounding leaves a sign in doubt, shapely is asked.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import shapely

from detente.detect import cell_kernels as kernels
from detente.detect.geodesy import Floats
from detente.detect.grid import Ints, Longs, Shapes

_MOST_CELLS = 6_000_000
_CELLS_PER_EDGE = 12
_ROOM = 4_000_000
"""Pairs that one call of the kernel has room for."""
_VERSION = "1"


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The arrays of an index.

    `frame` is west, south, size in degrees, columns, rows. `value` has one number a cell, row by row from the south: -1 no zone, below the
    number of sets the set of zones that cover the cell, beyond it an edge cell. Edge cell c lies wholly in the zones of set
    `cell_set[c]` (-1: none), and has the entries `cell_from[c]` to `cell_from[c + 1]`: a zone, whether the cell's reference point is in it,
    and edges `entry_from[e]` to `entry_from[e + 1]`, in degrees, shape (n, 4).
    """

    frame: Floats
    value: Ints
    sets_from: Longs
    sets: Ints
    cell_set: Ints
    cell_from: Longs
    entry_zone: Ints
    entry_inside: Ints
    entry_from: Longs
    edges: Floats

    @property
    def placed(self) -> tuple[float, float, float, int, int]:
        """West, south and size in degrees, columns and rows."""
        west, south, size, nx, ny = self.frame.tolist()
        return west, south, size, int(nx), int(ny)

    @property
    def most(self) -> int:
        """How many zones one point can lie in, at most."""
        covering = int(np.diff(self.sets_from).max(initial=0))
        return max(1, covering + int(np.diff(self.cell_from).max(initial=0)))


class ZoneIndex:
    """Polygons, ready to be asked which of them points lie in. Longitudes in [-180, 180]; shapes that cross the 180th meridian are cut there."""

    def __init__(self, shapes: Sequence[shapely.Geometry], cells: Cells | None = None) -> None:
        self.shapes = np.asarray(shapes, dtype=object)
        shapely.prepare(self.shapes)
        self.cells = build(self.shapes) if cells is None else cells

    def query(self, lon: Floats, lat: Floats) -> tuple[Longs, Ints]:
        """Pairs of a point and a zone it lies in, as two arrays of numbers, ordered by point."""
        lon, lat = np.ascontiguousarray(lon, dtype=np.float64), np.ascontiguousarray(lat, dtype=np.float64)
        size = max(1000, _ROOM // self.cells.most)
        parts = [self._chunk(lon[i : i + size], lat[i : i + size], i) for i in range(0, len(lon), size)]
        if not parts:
            return np.empty(0, np.int64), np.empty(0, np.int32)
        return np.concatenate([at for at, _ in parts]), np.concatenate([zone for _, zone in parts])

    def _chunk(self, lon: Floats, lat: Floats, first: int) -> tuple[Longs, Ints]:
        c = self.cells
        room = len(lon) * c.most
        at, unsure_at = np.empty(room, np.int64), np.empty(room, np.int64)
        zone, unsure_zone = np.empty(room, np.int32), np.empty(room, np.int32)
        found, unsure = kernels.find(
            lon, lat, *c.placed, c.value, c.sets_from, c.sets, c.cell_set, c.cell_from, c.entry_zone, c.entry_inside, c.entry_from, c.edges,
            at, zone, unsure_at, unsure_zone,
        )  # fmt: skip
        if unsure == 0:
            return at[:found] + first, zone[:found].copy()
        at_, zone_ = unsure_at[:unsure], unsure_zone[:unsure]
        inside = shapely.intersects_xy(self.shapes[zone_], lon[at_], lat[at_])
        all_at, all_zone = np.concatenate((at[:found], at_[inside])), np.concatenate((zone[:found], zone_[inside]))
        order = np.argsort(all_at, kind="stable")
        return all_at[order] + first, all_zone[order]

    def crossings(self, start: Floats, stop: Floats) -> tuple[Longs, Ints, Floats]:
        """Where straight pieces, each from `start` to `stop` (degrees, shape (n, 2)), meet lines of zones: piece, zone, share of the piece."""
        c = self.cells
        arrays = (*c.placed, c.value, len(c.sets_from) - 1, c.cell_from, c.entry_zone, c.entry_from, c.edges)
        start, stop = np.ascontiguousarray(start), np.ascontiguousarray(stop)
        none = np.empty(0, np.int64), np.empty(0, np.int32), np.empty(0, np.float64)
        count = kernels.crossings(start, stop, *arrays, *none, False)
        piece, zone, share = np.empty(count, np.int64), np.empty(count, np.int32), np.empty(count, np.float64)
        kernels.crossings(start, stop, *arrays, piece, zone, share, True)
        return piece, zone, share


def build(shapes: Shapes) -> Cells:
    """The index of polygons; shapely says on which side reference points lie."""
    ends, zone = _edges(shapes)
    west, south, size, nx, ny = _frame(shapes, len(ends))
    frame = (west, south, size, nx, ny)
    count = kernels.edge_cells(ends, *frame, np.empty(0, np.int64), np.empty(0, np.int64), False)
    cell, edge = np.empty(count, np.int64), np.empty(count, np.int64)
    kernels.edge_cells(ends, *frame, cell, edge, True)
    order = np.lexsort((edge, zone[edge], cell))
    cell, edge = cell[order], edge[order]
    owner = zone[edge]
    begins = np.flatnonzero(np.concatenate(([True], (np.diff(cell) != 0) | (np.diff(owner) != 0)))) if count else np.empty(0, np.int64)
    entry_cell, entry_zone = cell[begins], owner[begins]
    edge_cell, cell_first = np.unique(entry_cell, return_index=True)
    x = west + (entry_cell % nx + kernels.REFERENCE_X) * size
    y = south + (entry_cell // nx + kernels.REFERENCE_Y) * size
    inside = shapely.intersects_xy(shapes[entry_zone], x, y) if len(begins) else np.empty(0, bool)
    covered, covering = _covered(shapes, frame, entry_cell, entry_zone)
    value = np.full(nx * ny, -1, np.int32)
    sets_from, sets = _sets(covered, covering, value)
    cell_set = value[edge_cell].copy()
    value[edge_cell] = np.arange(len(edge_cell), dtype=np.int32) + (len(sets_from) - 1)
    return Cells(
        frame=np.asarray(frame, dtype=np.float64),
        value=value,
        sets_from=sets_from,
        sets=sets,
        cell_set=cell_set,
        cell_from=np.append(cell_first, len(begins)).astype(np.int64),
        entry_zone=entry_zone.astype(np.int32),
        entry_inside=inside.astype(np.int32),
        entry_from=np.append(begins, count).astype(np.int64),
        edges=np.ascontiguousarray(ends[edge]),
    )


def _edges(shapes: Shapes) -> tuple[Floats, Ints]:
    """Both ends of every edge, shape (n, 4), and the number of its zone."""
    parts, of_part = shapely.get_parts(shapes, return_index=True)
    rings, of_ring = shapely.get_rings(parts, return_index=True)
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    joined = np.flatnonzero(np.diff(ring) == 0)
    ends = np.hstack((corners[joined], corners[joined + 1]))
    return np.ascontiguousarray(ends), of_part[of_ring[ring[joined]]].astype(np.int32)


def _frame(shapes: Shapes, edges: int) -> tuple[float, float, float, int, int]:
    """A grid over all shapes, with more cells the more edges there are."""
    if edges == 0:
        return 0.0, 0.0, 1.0, 1, 1
    west, south, east, north = shapely.total_bounds(shapes).tolist()
    width, height = max(east - west, 1e-9), max(north - south, 1e-9)
    wanted = min(max(_CELLS_PER_EDGE * edges, 1024), _MOST_CELLS)
    size = max((width * height / wanted) ** 0.5, max(width, height) / wanted, 1e-9)
    return west - size / 7, south - size / 7, size, int(width / size + 2), int(height / size + 2)


def _covered(shapes: Shapes, frame: tuple[float, float, float, int, int], entry_cell: Longs, entry_zone: Ints) -> tuple[Longs, Ints]:
    """Cells wholly inside zones: pairs of a cell and a zone. Cells between two edge cells of a row are all on one side: one point decides."""
    west, south, size, nx, ny = frame
    by_zone = np.argsort(entry_zone, kind="stable")
    firsts = np.searchsorted(entry_zone[by_zone], np.arange(len(shapes) + 1))
    cells, zones = [np.empty(0, np.int64)], [np.empty(0, np.int32)]
    for number, shape in enumerate(shapes):
        if shapely.is_empty(shape):
            continue
        x1, y1, x2, y2 = shapely.bounds(shape).tolist()
        left, right = max(0, int((x1 - west) / size)), min(nx - 1, int((x2 - west) / size))
        low, high = max(0, int((y1 - south) / size)), min(ny - 1, int((y2 - south) / size))
        met = np.sort(entry_cell[by_zone[firsts[number] : firsts[number + 1]]])
        runs = np.empty((kernels.free_runs(met, nx, left, right, low, high, np.empty((0, 3), np.int64), False), 3), np.int64)
        kernels.free_runs(met, nx, left, right, low, high, runs, True)
        inside = shapely.intersects_xy(shape, west + (runs[:, 1] + 0.5) * size, south + (runs[:, 0] + 0.5) * size)
        runs = np.ascontiguousarray(runs[inside])
        found = np.empty(int((runs[:, 2] - runs[:, 1] + 1).sum()), np.int64)
        kernels.spread_runs(runs, nx, found)
        cells.append(found)
        zones.append(np.full(len(found), number, np.int32))
    return np.concatenate(cells), np.concatenate(zones)


def _sets(cell: Longs, zone: Ints, value: Ints) -> tuple[Longs, Ints]:
    """The different sets of zones that cover cells; writes the number of its set into each cell."""
    order = np.lexsort((zone, cell))
    cell, zone = cell[order], zone[order]
    at, first, count = np.unique(cell, return_index=True, return_counts=True)
    sets: list[Ints] = []
    sizes: list[int] = []
    for size in np.unique(count).tolist():
        which = np.flatnonzero(count == size)
        rows, inverse = np.unique(zone[first[which][:, None] + np.arange(size)], axis=0, return_inverse=True)
        value[at[which]] = len(sizes) + inverse.ravel()
        sets.append(rows.ravel().astype(np.int32))
        sizes += [size] * len(rows)
    sets_from = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
    return sets_from, np.concatenate(sets) if sets else np.empty(0, np.int32)


def cached_index(shapes: Sequence[shapely.Geometry], folder: Path | None = None) -> ZoneIndex:
    """The index of these polygons, from the cache if they were indexed before.

    The cache is named by a SHA-256 over the shapes; a file whose own digest does not fit is not used. `folder` defaults to
    `detente/zones` in the user's cache folder. Where nothing can be written, nothing is kept.
    """
    digest = hashlib.sha256(_VERSION.encode())
    for shape in shapes:
        digest.update(shapely.to_wkb(shape, byte_order=1))
    folder = folder or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "detente" / "zones"
    path = folder / f"{digest.hexdigest()}.npz"
    kept = _kept(path)
    if kept is not None:
        return ZoneIndex(shapes, kept)
    index = ZoneIndex(shapes)
    _keep(index.cells, path)
    return index


def _kept(path: Path) -> Cells | None:
    try:
        with np.load(path, allow_pickle=False) as arrays:
            cells = Cells(**{field.name: arrays[field.name] for field in fields(Cells)})
            return cells if bytes(arrays["digest"]) == _digest(cells) else None
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, NotImplementedError):
        return None


def _keep(cells: Cells, path: Path) -> None:
    arrays = {field.name: getattr(cells, field.name) for field in fields(Cells)}
    name = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(suffix=".npz", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            np.savez(file, digest=np.frombuffer(_digest(cells), np.uint8), **arrays)
        Path(name).replace(path)
    except OSError:
        if name:
            Path(name).unlink(missing_ok=True)


def _digest(cells: Cells) -> bytes:
    digest = hashlib.sha256()
    for field in fields(cells):
        array = np.ascontiguousarray(getattr(cells, field.name))
        digest.update(f"{field.name} {array.dtype} {array.shape}".encode())
        digest.update(array.tobytes())
    return digest.digest()
