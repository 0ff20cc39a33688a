"""Distances and circles on the WGS 84 ellipsoid.

Positions are longitude and latitude in degrees, as shapely keeps them; lengths are metres.
"""

from __future__ import annotations

import math

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod

from detente.detect.meridian import placed

Floats = NDArray[np.float64]

GEOD = Geod(ellps="WGS84")
A = 6_378_137.0
"""Equatorial radius of WGS 84 in metres."""
F = 1 / 298.257223563
"""Flattening of WGS 84."""

WIDEST_CIRCLE_M = 5_000_000.0
"""Circles beyond this are refused: they are regions of the world, to be drawn as shapes."""


def distance_m(lon: Floats, lat: Floats, other_lon: Floats, other_lat: Floats) -> Floats:
    """Geodesic distance between pairs of points. Source: Karney 2013, doi:10.1007/s00190-012-0578-z, through pyproj."""
    _, _, metres = GEOD.inv(lon, lat, other_lon, other_lat)
    return np.asarray(metres, dtype=np.float64)


def earth_centred(lon: Floats, lat: Floats) -> Floats:
    """Earth-centred coordinates on the ellipsoid's surface, shape (n, 3): no antimeridian and no poles there."""
    phi, lam = np.radians(lat), np.radians(lon)
    e2 = F * (2 - F)
    n = A / np.sqrt(1 - e2 * np.sin(phi) ** 2)
    return np.stack((n * np.cos(phi) * np.cos(lam), n * np.cos(phi) * np.sin(lam), n * (1 - e2) * np.sin(phi)), axis=-1)


def circle(lon: float, lat: float, radius_m: float) -> shapely.Geometry:
    """All points within `radius_m`, as a polygon whose corners lie on the circle.

    Corners are so many that no edge strays more than about half a metre from
    the circle, a little more where it runs within a few kilometres of a pole.
    Split at the 180th meridian and closed over a pole where needed.

    Raises:
        ValueError: the radius is not positive or wider than `WIDEST_CIRCLE_M`.
    """
    if not 0 < radius_m <= WIDEST_CIRCLE_M:
        raise ValueError(f"expected a radius above 0 and up to {WIDEST_CIRCLE_M / 1000:,.0f} km, found {radius_m / 1000:g} km")
    pole = float(distance_m(np.array([lon]), np.array([lat]), np.array([lon]), np.array([math.copysign(90.0, lat)]))[0])
    finer = 8 if abs(pole - radius_m) < radius_m / 2 else 1
    corners = max(64, math.ceil(finer * math.pi * math.sqrt(2 * radius_m)))
    azimuths = -np.linspace(0.0, 360.0, corners, endpoint=False)
    lons, lats, _ = GEOD.fwd(np.full(corners, lon), np.full(corners, lat), azimuths, np.full(corners, radius_m))
    ring = np.column_stack((lons, lats))
    return placed(shapely.Polygon(np.vstack((ring, ring[:1]))))
