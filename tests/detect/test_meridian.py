"""Shapes across the 180th meridian and over the poles."""

from __future__ import annotations

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.detect.geodesy import circle
from detente.detect.meridian import crosses_meridian, placed


def test_a_shape_that_does_not_cross_is_left_alone():
    box = shapely.box(-10, -10, 10, 10)
    assert not crosses_meridian(box)
    assert placed(box) is box


@pytest.mark.parametrize("west_to_east", [[170, -170], [170, 190], [-190, -170], [530, 550]])
def test_every_way_to_write_a_crossing_box_means_the_same(west_to_east):
    west, east = west_to_east
    box = placed(shapely.Polygon([(west, 60), (east, 60), (east, 65), (west, 65)]))
    assert box.equals(shapely.union_all([shapely.box(170, 60, 180, 65), shapely.box(-180, 60, -170, 65)]))


def test_holes_stay_holes_on_both_sides():
    outer = [(170, 60), (-170, 60), (-170, 70), (170, 70)]
    inner = [(175, 63), (-175, 63), (-175, 67), (175, 67)]
    shape = placed(shapely.Polygon(outer, [inner]))
    assert not shape.intersects(shapely.Point(179, 65))
    assert not shape.intersects(shapely.Point(-179, 65))
    assert shape.covers(shapely.Point(172, 65))
    assert shape.covers(shapely.Point(-172, 65))


@pytest.mark.parametrize("pole", [1, -1])
def test_a_ring_around_the_earth_holds_its_pole(pole):
    ring = [(lon, pole * 75) for lon in range(-180, 180, 20)]
    for corners in (ring, ring[::-1]):
        cap = placed(shapely.Polygon(corners))
        assert cap.covers(shapely.Point(33, pole * 90))
        assert not cap.intersects(shapely.Point(33, 0))
        assert cap.area == pytest.approx(360 * 15)


def test_a_line_across_the_meridian_is_cut_in_two():
    line = placed(shapely.LineString([(179, 10), (-179, 10)]))
    assert line.length == pytest.approx(2)


@settings(max_examples=60, deadline=None)
@given(st.floats(-180, 180), st.floats(-90, 90), st.floats(1_000, 2_000_000))
def test_a_circle_anywhere_holds_its_centre_and_stays_in_the_world(lon, lat, radius):
    shape = circle(lon, lat, radius)
    assert shape.is_valid
    west, south, east, north = shape.bounds
    assert west >= -180
    assert east <= 180
    assert south >= -90
    assert north <= 90
    assert shape.intersects(shapely.Point(lon, lat))
