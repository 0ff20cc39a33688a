"""From degrees to the plane, against published values and by properties that the projections must have."""

from __future__ import annotations

import math

import numpy as np
import pytest

from detente.report.page.projection import _azimuthal, _equal_earth, fitted


def test_azimuthal_as_published() -> None:
    """Snyder 1987, numerical examples, page 332: centre 40 N 100 W, point 20 N 100 W ... on the sphere of radius 3."""
    (x, y) = _azimuthal(np.array([[100.0, -20.0]]), -100.0, 40.0)[0] * 3.0
    assert (x, y) == (pytest.approx(-4.2339303, abs=1e-6), pytest.approx(4.0257775, abs=1e-6))


def test_both_keep_areas() -> None:
    """A small square has the area that it has on the sphere, wherever it lies."""
    for project in (_equal_earth, lambda c: _azimuthal(c, 10.0, 50.0)):
        for lon, lat in ((0.0, 0.0), (30.0, 45.0), (-40.0, 60.0)):
            d = 0.01
            x, y = project(np.array([[lon, lat], [lon + d, lat], [lon + d, lat + d], [lon, lat + d]])).T
            area = abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2
            assert area == pytest.approx(math.radians(d) ** 2 * math.cos(math.radians(lat + d / 2)), rel=1e-3)


@pytest.mark.parametrize(
    "points",
    [
        [(24.0, 57.0)],
        [(24.0, 57.0), (25.0, 58.0)],
        [(179.5, -17.0), (-179.5, -16.0)],
        [(-170.0, 65.0), (30.0, 50.0)],
        [(0.0, 89.0), (120.0, 88.0)],
    ],
)
def test_what_is_asked_for_is_inside(points: list[tuple[float, float]]) -> None:
    frame = fitted(points, 800, 520)
    for lon, lat in points:
        x, y = frame.point(lon, lat)
        assert 0 < x < frame.width
        assert 0 < y < frame.height


def test_north_is_up_and_east_is_right() -> None:
    frame = fitted([(24.0, 57.0), (25.0, 58.0)], 800, 520)
    assert frame.point(24.5, 57.6)[1] < frame.point(24.5, 57.4)[1]
    assert frame.point(24.6, 57.5)[0] > frame.point(24.4, 57.5)[0]
