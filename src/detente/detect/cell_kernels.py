"""The loops of the cell index, compiled.

A grid covers all zones. A cell that no edge meets lies wholly inside or outside each
zone; in any other cell a point is tested against the edges of that cell: the line from
the cell's reference point, whose answer is known, to the point changes sides at each edge it crosses.
Every sign is taken only where rounding cannot have changed it; a point for which one is in doubt is given back
as unsure. Source of the bound: Shewchuk 1997, doi:10.1007/PL00009321, section 4.2.
"""

from __future__ import annotations

import numpy as np

from detente.detect.compiled import kernel
from detente.detect.geodesy import Floats
from detente.detect.grid import Ints, Longs, Marks

BLOCK = 512

DOUBT = 1e-15
"""Relative to the two products of a determinant: three times Shewchuk's bound of 3.3e-16."""


@kernel
def edge_cells(ends: Floats, west: float, south: float, size: float, nx: int, ny: int, cells: Longs, edges: Longs, fill: bool) -> int:
    """The cells that each edge meets, a little wider than rounding; counts only unless `fill`."""
    pad = size * 1e-9
    found = 0
    for e in range(ends.shape[0]):
        x1, y1, x2, y2 = ends[e, 0], ends[e, 1], ends[e, 2], ends[e, 3]
        if y1 > y2:
            x1, y1, x2, y2 = x2, y2, x1, y1
        first = max(0, int(np.floor((y1 - pad - south) / size)))
        last = min(ny - 1, int(np.floor((y2 + pad - south) / size)))
        for row in range(first, last + 1):
            low = max(y1, south + row * size - pad)
            high = min(y2, south + (row + 1) * size + pad)
            if y2 > y1:
                a = x1 + (x2 - x1) * min(1.0, max(0.0, (low - y1) / (y2 - y1)))
                b = x1 + (x2 - x1) * min(1.0, max(0.0, (high - y1) / (y2 - y1)))
            else:
                a, b = x1, x2
            if a > b:
                a, b = b, a
            left = max(0, int(np.floor((a - pad - west) / size)))
            right = min(nx - 1, int(np.floor((b + pad - west) / size)))
            for column in range(left, right + 1):
                if fill:
                    cells[found] = row * nx + column
                    edges[found] = e
                found += 1
    return found


@kernel
def free_runs(met: Longs, nx: int, left: int, right: int, low: int, high: int, runs: Longs, fill: bool) -> int:
    """Stretches of neighbouring cells in a row that no edge meets: row, first and last column. `met` are the other cells, sorted."""
    found = 0
    at = 0
    for row in range(low, high + 1):
        while at < len(met) and met[at] < row * nx + left:
            at += 1
        column = left
        while column <= right:
            stop = right + 1
            if at < len(met) and met[at] <= row * nx + right:
                stop = met[at] - row * nx
            if stop > column:
                if fill:
                    runs[found, 0] = row
                    runs[found, 1] = column
                    runs[found, 2] = stop - 1
                found += 1
            column = stop + 1
            if stop <= right:
                at += 1
    return found


@kernel
def spread_runs(runs: Longs, nx: int, cells: Longs) -> int:
    """All cells of the runs, one after another; gives how many. `cells` must have room."""
    found = 0
    for r in range(runs.shape[0]):
        for column in range(runs[r, 1], runs[r, 2] + 1):
            cells[found] = runs[r, 0] * nx + column
            found += 1
    return found


@kernel
def _turn(ax: float, ay: float, bx: float, by: float, cx: float, cy: float) -> int:
    """On which side of the line from a to b c lies: 1 left, -1 right, 0 in doubt."""
    one = (ax - cx) * (by - cy)
    other = (ay - cy) * (bx - cx)
    det = one - other
    bound = DOUBT * (abs(one) + abs(other)) + 1e-300
    if det > bound:
        return 1
    if -det > bound:
        return -1
    return 0


@kernel
def find(
    lon: Floats, lat: Floats, west: float, south: float, size: float, nx: int, ny: int, value: Ints,
    sets_from: Longs, sets: Ints, cell_set: Ints, cell_from: Longs, entry_zone: Ints, entry_inside: Ints, entry_from: Longs, edges: Floats,
    at: Longs, zone: Ints, unsure_at: Longs, unsure_zone: Ints,
) -> tuple[int, int]:  # fmt: skip
    """Pairs of a point and a zone it lies in, and pairs that are unsure; gives how many of each."""
    found, unsure = 0, 0
    n_sets = len(sets_from) - 1
    scale = 1.0 / size
    cells = np.empty(BLOCK, np.int64)
    values = np.empty(BLOCK, np.int32)
    for first in range(0, len(lon), BLOCK):
        # Cells are looked up for many points before any is looked into, so that waits for memory overlap.
        count = min(BLOCK, len(lon) - first)
        for k in range(count):
            column = (lon[first + k] - west) * scale
            row = (lat[first + k] - south) * scale
            cells[k] = -1
            if column >= 0.0 and column <= nx and row >= 0.0 and row <= ny:
                cells[k] = min(int(row), ny - 1) * nx + min(int(column), nx - 1)
        for k in range(count):
            values[k] = value[cells[k]] if cells[k] >= 0 else -1
        for k in range(count):
            v = values[k]
            if v < 0:
                continue
            i = first + k
            covering = v
            if v >= n_sets:
                covering = cell_set[v - n_sets]
            if covering >= 0:
                for s in range(sets_from[covering], sets_from[covering + 1]):
                    at[found] = i
                    zone[found] = sets[s]
                    found += 1
            if v < n_sets:
                continue
            x, y = lon[i], lat[i]
            rx, ry = west + (cells[k] % nx + REFERENCE_X) * size, south + (cells[k] // nx + REFERENCE_Y) * size
            for entry in range(cell_from[v - n_sets], cell_from[v - n_sets + 1]):
                inside = entry_inside[entry]
                doubt = False
                for e in range(entry_from[entry], entry_from[entry + 1]):
                    ax, ay, bx, by = edges[e, 0], edges[e, 1], edges[e, 2], edges[e, 3]
                    # An edge beyond the box of the line from the reference point cannot be crossed.
                    if max(ax, bx) < min(x, rx) or min(ax, bx) > max(x, rx) or max(ay, by) < min(y, ry) or min(ay, by) > max(y, ry):
                        continue
                    one = _turn(ax, ay, bx, by, x, y)
                    other = _turn(ax, ay, bx, by, rx, ry)
                    if one == 0 or other == 0:
                        doubt = True
                        break
                    if one == other:
                        continue
                    one = _turn(rx, ry, x, y, ax, ay)
                    other = _turn(rx, ry, x, y, bx, by)
                    if one == 0 or other == 0:
                        doubt = True
                        break
                    if one != other:
                        inside = 1 - inside
                if doubt:
                    unsure_at[unsure] = i
                    unsure_zone[unsure] = entry_zone[entry]
                    unsure += 1
                elif inside == 1:
                    at[found] = i
                    zone[found] = entry_zone[entry]
                    found += 1
    return found, unsure


REFERENCE_X, REFERENCE_Y = 0.513_718_237, 0.487_113_951
"""Where in a cell its reference point lies: nowhere that drawn lines like to pass."""


@kernel
def crossings(
    start: Floats, stop: Floats, west: float, south: float, size: float, nx: int, ny: int, value: Ints, n_sets: int,
    cell_from: Longs, entry_zone: Ints, entry_from: Longs, edges: Floats,
    piece: Longs, zone: Ints, share: Floats, fill: bool,
) -> int:  # fmt: skip
    """Where pieces of tracks meet edges of zones: the piece, the zone and the share of the piece; an edge in two cells comes twice."""
    found = 0
    for i in range(start.shape[0]):
        x1, y1, x2, y2 = start[i, 0], start[i, 1], stop[i, 0], stop[i, 1]
        left = max(0, int(np.floor((min(x1, x2) - west) / size)))
        right = min(nx - 1, int(np.floor((max(x1, x2) - west) / size)))
        low = max(0, int(np.floor((min(y1, y2) - south) / size)))
        high = min(ny - 1, int(np.floor((max(y1, y2) - south) / size)))
        for row in range(low, high + 1):
            for column in range(left, right + 1):
                v = value[row * nx + column]
                if v < n_sets:
                    continue
                for entry in range(cell_from[v - n_sets], cell_from[v - n_sets + 1]):
                    for e in range(entry_from[entry], entry_from[entry + 1]):
                        ax, ay, bx, by = edges[e, 0], edges[e, 1], edges[e, 2], edges[e, 3]
                        dx, dy, ex, ey = x2 - x1, y2 - y1, bx - ax, by - ay
                        det = dx * ey - dy * ex
                        if det == 0.0:
                            continue
                        t = ((ax - x1) * ey - (ay - y1) * ex) / det
                        u = ((ax - x1) * dy - (ay - y1) * dx) / det
                        if -1e-9 <= t <= 1.0 + 1e-9 and -1e-9 <= u <= 1.0 + 1e-9:
                            if fill:
                                piece[found] = i
                                zone[found] = entry_zone[entry]
                                share[found] = min(1.0, max(0.0, t))
                            found += 1
    return found


@kernel
def apart(news: Marks, start: Floats, end: Floats, slack: float) -> Marks:
    """Whether a stretch begins anew: the first of its group (`news`), or later than the latest end in it so far."""
    begins = np.zeros(len(start), np.bool_)
    reach = 0.0
    for i in range(len(start)):
        if news[i] or start[i] > reach + slack:
            begins[i] = True
            reach = end[i]
        else:
            reach = max(reach, end[i])
    return begins
