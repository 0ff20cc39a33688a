"""Shapes across the 180th meridian and over the poles, made safe for plane geometry.

Edges are straight in longitude and latitude (RFC 7946, section 3.1.1). An edge
that spans more than 180° of longitude is read as crossing the meridian the
short way, and longitudes beyond 180° as continuing past it; the result lies in
[-180, 180] and is cut along the meridian.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

_WORLD = shapely.box(-180.0, -90.0, 180.0, 90.0)


def crosses_meridian(shape: shapely.Geometry) -> bool:
    """Whether some edge spans more than 180° or some longitude lies beyond 180°."""
    corners, part = shapely.get_coordinates(_rings(shape), return_index=True)
    if len(corners) == 0:
        return False
    wide = (np.abs(np.diff(corners[:, 0])) > 180) & (np.diff(part) == 0)
    return bool(wide.any() or (np.abs(corners[:, 0]) > 180).any())


def placed(shape: shapely.Geometry) -> shapely.Geometry:
    """The same shape within [-180, 180] degrees, cut at the meridian, closed over a pole that it encircles.

    A ring that runs once around the earth encloses the pole on its own side of
    the equator (by the mean latitude of its corners).

    Raises:
        ValueError: a ring runs around the earth more than once.
    """
    if not crosses_meridian(shape):
        return shape
    return shapely.union_all([_placed_part(part) for part in shapely.get_parts(shape)])


def _placed_part(part: shapely.Geometry) -> shapely.Geometry:
    if part.geom_type == "Polygon":
        whole = _inside(part.exterior)
        holes = [_inside(ring) for ring in part.interiors]
        return shapely.difference(whole, shapely.union_all(holes)) if holes else whole
    if part.geom_type == "Point":
        return shapely.Point((part.x + 180.0) % 360.0 - 180.0, part.y)
    return _wrapped(shapely.LineString(_unwrapped(shapely.get_coordinates(part))))


def _inside(ring: shapely.Geometry) -> shapely.Geometry:
    """What a ring encloses; a ring around the earth is closed along its pole."""
    corners = _unwrapped(shapely.get_coordinates(ring))
    turns = round((corners[-1, 0] - corners[0, 0]) / 360.0)
    if abs(turns) > 1:
        raise ValueError("a ring runs around the earth more than once")
    if not turns:
        return _wrapped(shapely.make_valid(shapely.Polygon(corners)))
    # Three turns of it, so that the ends lie outside the world and leave no seam.
    corners[:, 0] -= 360.0 * np.round(corners[:, 0].mean() / 360.0)
    line = np.vstack([np.add(corners[:-1], (360.0 * turns * k, 0.0)) for k in (-1, 0, 1)])
    pole = 90.0 if corners[:, 1].mean() > 0 else -90.0
    closed = np.vstack((line, [[line[-1, 0], pole], [line[0, 0], pole], line[0]]))
    return shapely.intersection(shapely.make_valid(shapely.Polygon(closed)), _WORLD)


def _unwrapped(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """Corners with longitudes that never jump, so that each edge goes the short way."""
    steps = np.diff(corners[:, 0])
    steps -= 360.0 * np.round(steps / 360.0)
    lon = np.concatenate((corners[:1, 0], corners[0, 0] + np.cumsum(steps)))
    return np.column_stack((lon, corners[:, 1]))


def _wrapped(shape: shapely.Geometry) -> shapely.Geometry:
    """A shape in unwrapped longitudes, brought back into [-180, 180] piece by piece."""
    west, _, east, _ = shape.bounds
    first, last = int(np.floor((west + 180.0) / 360.0)), int(np.floor((east + 180.0) / 360.0))
    pieces = [shapely.intersection(shapely.transform(shape, lambda xy, k=k: xy - [360.0 * k, 0.0]), _WORLD) for k in range(first, last + 1)]
    return shapely.union_all(pieces)


def _rings(shape: shapely.Geometry) -> NDArray[np.object_]:
    """The lines of a shape: rings of polygons, lines as they are; points give themselves."""
    parts = shapely.get_parts(shape)
    parts = shapely.get_parts(parts)
    is_area = shapely.get_type_id(parts) == 3
    return np.concatenate((shapely.get_rings(parts[is_area]), parts[~is_area]))
