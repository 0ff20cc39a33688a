"""From degrees to the plane of one drawing.

Up to a third of the globe is drawn in Lambert's azimuthal equal-area projection
about its middle (Snyder, Map Projections: A Working Manual, 1987, equations 24-2
to 24-4); more than that as Equal Earth (Savric, Patterson, Jenny 2018,
doi:10.1080/13658816.2018.1504949), cut at the 180th meridian.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
_A = (1.340264, -0.081106, 0.000893, 0.003796)


@dataclass(frozen=True, slots=True)
class Frame:
    """A projection fitted into `width` by `height`.

    `box` is what of the globe is drawn: west, south, east, north in degrees.
    """

    width: float
    height: float
    box: tuple[float, float, float, float]
    is_world: bool
    middle: tuple[float, float]
    scale: float
    shift: tuple[float, float]

    def place(self, corners: Array) -> Array:
        """Longitudes and latitudes, shape (n, 2), to drawing units; north is up."""
        plane = _equal_earth(corners) if self.is_world else _azimuthal(corners, *self.middle)
        return np.column_stack((plane[:, 0] * self.scale + self.shift[0], self.shift[1] - plane[:, 1] * self.scale))

    def point(self, lon: float, lat: float) -> tuple[float, float]:
        """One place."""
        x, y = self.place(np.array([[lon, lat]]))[0]
        return float(x), float(y)


def fitted(points: Sequence[tuple[float, float]], width: float, height: float, margin: float = 0.22, least_deg: float = 1.0) -> Frame:
    """A frame that holds the points, with a margin of that share on each side and at least `least_deg` across.

    Points on both sides of the 180th meridian that lie near each other are drawn together.
    """
    lons, lats = np.array([p[0] for p in points]), np.array([p[1] for p in points])
    if lons.max() - lons.min() > 180 and (np.where(lons < 0, lons + 360, lons).max() - np.where(lons < 0, lons + 360, lons).min()) < 180:
        lons = np.where(lons < 0, lons + 360, lons)
    west, east, south, north = float(lons.min()), float(lons.max()), float(lats.min()), float(lats.max())
    if east - west > 150 or north - south > 110:
        return _world(width)
    middle = ((west + east) / 2, (south + north) / 2)
    shrink = max(0.15, math.cos(math.radians(middle[1])))
    spread_lat = max(north - south, least_deg, (east - west) * shrink * height / width)
    spread_lon = max(east - west, least_deg / shrink, spread_lat * width / height / shrink)
    half_lat, half_lon = spread_lat * (0.5 + margin), spread_lon * (0.5 + margin)
    if half_lon > 110 or half_lat > 70:
        return _world(width)
    box = (middle[0] - half_lon, max(-90.0, middle[1] - half_lat), middle[0] + half_lon, min(90.0, middle[1] + half_lat))
    plane = _azimuthal(np.array([[middle[0], box[1]], [middle[0], box[3]]]), *middle)
    scale = height / float(plane[1, 1] - plane[0, 1])
    return Frame(
        width, height, box, is_world=False, middle=middle, scale=scale, shift=(width / 2, height / 2 + scale * float(plane.mean(axis=0)[1]))
    )


def _world(width: float) -> Frame:
    """All of the globe but the far south, as wide as the drawing and as high as that makes it."""
    corners = _equal_earth(np.array([[-180.0, 0.0], [180.0, 0.0], [0.0, -58.0], [0.0, 90.0]]))
    scale = width / float(corners[1, 0] - corners[0, 0])
    top, bottom = float(corners[3, 1]), float(corners[2, 1])
    height = scale * (top - bottom)
    return Frame(width, height, (-180.0, -90.0, 180.0, 90.0), is_world=True, middle=(0.0, 0.0), scale=scale, shift=(width / 2, scale * top))


def globe() -> Array:
    """The edge of the whole globe, as corners in degrees."""
    lats = np.linspace(-90, 90, 60)
    return np.concatenate((np.column_stack((np.full(60, -180.0), lats)), np.column_stack((np.full(60, 180.0), lats[::-1]))))


def _azimuthal(corners: Array, lon0: float, lat0: float) -> Array:
    lam, phi = np.radians(corners[:, 0] - lon0), np.radians(corners[:, 1])
    sin0, cos0 = math.sin(math.radians(lat0)), math.cos(math.radians(lat0))
    k = np.sqrt(2 / np.maximum(1 + sin0 * np.sin(phi) + cos0 * np.cos(phi) * np.cos(lam), 1e-9))
    return np.column_stack((k * np.cos(phi) * np.sin(lam), k * (cos0 * np.sin(phi) - sin0 * np.cos(phi) * np.cos(lam))))


def _equal_earth(corners: Array) -> Array:
    theta = np.arcsin(math.sqrt(3) / 2 * np.sin(np.radians(corners[:, 1])))
    square = theta * theta
    a1, a2, a3, a4 = _A
    slope = a1 + 3 * a2 * square + square**3 * (7 * a3 + 9 * a4 * square)
    x = 2 * math.sqrt(3) * np.radians(corners[:, 0]) * np.cos(theta) / (3 * slope)
    return np.column_stack((x, theta * (a1 + a2 * square + square**3 * (a3 + a4 * square))))
