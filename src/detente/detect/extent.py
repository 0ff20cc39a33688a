"""What a place or a territory certainly covers, and what it possibly covers.

`core` is inside for certain, nothing outside `hull` is possible, and every line
may be off by `accuracy_m`. For an exact place core and hull are one shape.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely

from detente.detect.border import Border, border_of, least_m, most_m


@dataclass(frozen=True, eq=False)
class Shape:
    """A geometry with its border, indexed when first needed."""

    geometry: shapely.Geometry

    def __post_init__(self) -> None:
        shapely.prepare(self.geometry)

    @cached_property
    def border(self) -> Border:
        """Its border, for distances."""
        return border_of(self.geometry)

    @property
    def is_point(self) -> bool:
        """Whether it is a single point."""
        return bool(self.geometry.geom_type == "Point")

    def gap_m(self, other: Shape) -> float:
        """Geodesic distance to another shape; 0 where they meet."""
        if self.geometry.intersects(other.geometry):
            return 0.0
        return least_m(self.border, other.border)

    def depth_m(self, other: Shape) -> float:
        """How deep this shape lies in the other: its distance to the other's border; negative, how far it sticks out."""
        if other.geometry.covers(self.geometry):
            return least_m(self.border, other.border) if shapely.get_dimensions(other.geometry) == 2 else 0.0
        corners = np.vstack(
            (self.border.ends[:, :2], self.border.ends[:, 2:], shapely.get_coordinates(_middles(self.geometry, other.geometry)))
        )
        outside = corners[~shapely.intersects_xy(other.geometry, corners[:, 0], corners[:, 1])]
        return -most_m(outside[:, 0], outside[:, 1], other.border)

    def common_depth_m(self, other: Shape) -> float | None:
        """How deep inside both some point lies; None if their insides do not meet."""
        if self.is_point or other.is_point:
            inner, outer = (self, other) if self.is_point else (other, self)
            return inner.depth_m(outer) if outer.geometry.intersects(inner.geometry) else None
        if not self.geometry.intersects(other.geometry) or self.geometry.touches(other.geometry):
            return None
        parts = shapely.get_parts(shapely.get_parts(self.geometry.intersection(other.geometry)))
        areas = parts[shapely.get_type_id(parts) == 3]
        if len(areas) == 0:
            return 0.0
        largest = areas[np.argmax(shapely.area(areas))]
        lon, lat = shapely.get_coordinates(shapely.maximum_inscribed_circle(largest))[0]
        return float(min(self.border.distance_m(lon, lat)[0], other.border.distance_m(lon, lat)[0]))


@dataclass(frozen=True, slots=True, eq=False)
class Extent:
    """A place or territory between what is certain and what is possible. `core` is None where nothing is certain."""

    core: Shape | None
    hull: Shape | None
    accuracy_m: float

    @property
    def is_exact(self) -> bool:
        """Whether its shape is known but for the accuracy of its lines."""
        return self.core is self.hull


def exact(geometry: shapely.Geometry, accuracy_m: float) -> Extent:
    """The extent of one known shape."""
    shape = Shape(geometry)
    return Extent(shape, shape, accuracy_m)


def between(core: shapely.Geometry | None, hull: shapely.Geometry | None, accuracy_m: float) -> Extent:
    """The extent between two shapes; empty ones count as none."""
    inner = None if core is None or core.is_empty else Shape(core)
    outer = None if hull is None or hull.is_empty else Shape(hull)
    return Extent(inner, outer, accuracy_m)


def _middles(one: shapely.Geometry, other: shapely.Geometry) -> shapely.Geometry:
    """A point well inside each piece of `one` that lies outside `other`."""
    return shapely.multipoints(shapely.point_on_surface(shapely.get_parts(one.difference(other))))
