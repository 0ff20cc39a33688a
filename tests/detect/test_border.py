"""Distances to borders against brute force: every border point walked in steps of a few metres, all through pyproj."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from detente.detect.border import STEP, border_of, least_m, most_m
from detente.detect.extent import Shape
from detente.detect.geodesy import GEOD, circle, distance_m, earth_centred
from detente.detect.meridian import placed
from detente.vocabulary.atlas import load_atlas

LONGITUDE = st.floats(-180, 180)
LATITUDE = st.floats(-89.9, 89.9)


def walked(ends, lon, lat, step_m=5.0):
    """Least distance to the edges, by sampling each nearby edge densely; an independent and slow answer."""
    corner = GEOD.inv(np.full(len(ends), lon), np.full(len(ends), lat), ends[:, 0], ends[:, 1])[2]
    length = GEOD.inv(ends[:, 0], ends[:, 1], ends[:, 2], ends[:, 3])[2]
    best = corner.min()
    for i in np.nonzero(corner - length <= best)[0]:
        t = np.linspace(0, 1, int(length[i] / step_m) + 2)
        x, y = ends[i, 0] + t * (ends[i, 2] - ends[i, 0]), ends[i, 1] + t * (ends[i, 3] - ends[i, 1])
        best = min(best, GEOD.inv(np.full(len(t), lon), np.full(len(t), lat), x, y)[2].min())
    return best


@settings(max_examples=40, deadline=None)
@given(LONGITUDE, LATITUDE, st.floats(-179, 178), st.floats(-85, 84), st.tuples(st.floats(0.01, 1.0), st.floats(0.01, 1.0)))
def test_distance_to_a_small_box_equals_brute_force(lon, lat, west, south, size):
    width, height = size
    border = border_of(shapely.box(west, south, west + width, south + height))
    found = border.distance_m(np.array([lon]), np.array([lat]))[0]
    expected = walked(border.ends, lon, lat, 20.0)
    # Walking in steps of 20 m may miss the nearest point by half a step, and never finds a nearer one.
    assert found - 1.0 <= expected <= found + 10.5


@pytest.mark.parametrize("state", ["Estonia", "Fiji", "Norway"])
def test_distance_to_real_borders_is_right_within_five_metres(state):
    ends = border_of(load_atlas().undisputed[state]).ends
    west, south, east, north = load_atlas().undisputed[state].bounds
    rng = np.random.default_rng(7)
    lon = np.concatenate((rng.uniform(west, east, 6), rng.uniform(-180, 180, 3)))
    lat = np.concatenate((rng.uniform(south, north, 6), rng.uniform(-80, 80, 3)))
    found = border_of(load_atlas().undisputed[state]).distance_m(lon, lat)
    expected = np.array([walked(ends, x, y, 10.0) for x, y in zip(lon, lat, strict=True)])
    assert np.abs(found - expected).max() < 5.0


def test_points_at_a_known_distance_off_a_meridian_border():
    border = border_of(shapely.box(20, 50, 30, 60))
    offsets = np.array([0.0, 1.0, 5.0, 1000.0, 100_000.0, 400_000.0])
    lon, lat, _ = GEOD.fwd(np.full(6, 30.0), np.full(6, 55.0), np.full(6, 90.0), offsets)
    found = border.distance_m(np.asarray(lon), np.asarray(lat))
    assert found == pytest.approx(offsets, abs=0.5)


def test_edges_are_straight_in_degrees_not_geodesics():
    parallel = border_of(shapely.LineString([(-123, 49), (-95, 49)]))  # as the border between Canada and the United States is drawn
    assert parallel.distance_m(np.array([-109.0]), np.array([49.0]))[0] < 0.5


def test_a_cut_at_the_antimeridian_is_no_border():
    russia = border_of(load_atlas().undisputed["Russia"])
    inland = np.array([180.0, 179.99, -179.99])
    distance = russia.distance_m(inland, np.full(3, 67.5))
    assert (distance > 80_000).all()
    assert np.ptp(distance) < 1_000


def test_distance_across_the_antimeridian_takes_the_short_way():
    taveuni = placed(shapely.box(179.5, -17, 180.5, -16.5))
    west, east = Shape(taveuni), Shape(shapely.box(-179, -17, -178, -16.5))
    assert west.gap_m(east) == pytest.approx(
        float(distance_m(np.array([-179.5]), np.array([-17.0]), np.array([-179.0]), np.array([-17.0]))[0]), rel=0.01
    )


def test_the_pole_is_inside_a_cap_and_far_from_its_border():
    cap = Shape(circle(30, 90, 1_000_000))
    assert cap.geometry.covers(shapely.Point(123, 90))
    for lon in (-180.0, -90.0, 0.0, 180.0):
        assert cap.border.distance_m(np.array([lon]), np.array([90.0]))[0] == pytest.approx(1_000_000, abs=1.0)


def test_antarctica_holds_the_south_pole():
    shape = load_atlas().disputed["antarctica"].shape
    assert shape.covers(shapely.Point(0, -90))
    assert border_of(shape).distance_m(np.array([0.0]), np.array([-90.0]))[0] > 500_000


@settings(max_examples=30, deadline=None)
@given(LONGITUDE, LATITUDE, st.floats(10, 3_000_000))
def test_every_corner_of_a_circle_lies_on_it_and_its_edges_within_a_metre(lon, lat, radius):
    assume(abs(GEOD.inv(lon, lat, lon, 90.0 if lat > 0 else -90.0)[2] - radius) > max(20_000, radius / 100))
    border = border_of(circle(lon, lat, radius))
    reach = border.distance_m(np.array([lon]), np.array([lat]))[0]
    assert reach == pytest.approx(radius, abs=1.0)


@settings(max_examples=25, deadline=None)
@given(
    LONGITUDE,
    st.floats(-80, 80),
    st.floats(0, 360),
    st.floats(50_000, 3_000_000),
    st.tuples(st.floats(100, 20_000), st.floats(100, 20_000)),
)
def test_circles_are_as_far_apart_as_their_centres_less_the_radii(lon, lat, azimuth, apart, radii):
    one, other = radii
    to_lon, to_lat, _ = GEOD.fwd(lon, lat, azimuth, apart)
    gap = Shape(circle(lon, lat, one)).gap_m(Shape(circle(to_lon, to_lat, other)))
    assert gap == pytest.approx(apart - one - other, abs=2.0)


def test_distance_between_borders_is_the_same_both_ways():
    atlas = load_atlas()
    finland, poland = border_of(atlas.undisputed["Finland"]), border_of(atlas.undisputed["Poland"])
    assert least_m(finland, poland) == pytest.approx(least_m(poland, finland), abs=1e-6)
    corners = finland.ends[:, :2]
    assert least_m(finland, poland) <= poland.distance_m(corners[:, 0], corners[:, 1]).min() + 1e-6


@settings(max_examples=20, deadline=None)
@given(LONGITUDE, st.floats(-80, 80), st.integers(0, 300), st.integers(0, 2**31))
def test_the_greatest_distance_is_that_of_the_farthest_point(lon, lat, count, seed):
    rng = np.random.default_rng(seed)
    lons, lats = lon + rng.normal(0, 1, count).cumsum(), np.clip(lat + rng.normal(0, 1, count).cumsum(), -89, 89)
    border = border_of(shapely.box(20, 50, 22, 52))
    assert most_m(lons, lats, border) == pytest.approx(border.distance_m(lons, lats).max(initial=0.0))


def test_no_border_is_infinitely_far():
    assert border_of(None).distance_m(np.array([1.0]), np.array([1.0]))[0] == np.inf


def test_earth_centred_coordinates_are_pyprojs():
    to_centre = Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)
    rng = np.random.default_rng(3)
    lon, lat = rng.uniform(-180, 180, 50), rng.uniform(-90, 90, 50)
    expected = np.stack(to_centre.transform(lon, lat, np.zeros(50)), axis=-1)
    assert np.abs(earth_centred(lon, lat) - expected).max() < 1e-6


def test_pieces_of_edges_are_short():
    ends = border_of(shapely.box(0, 0, 10, 3)).ends
    assert np.abs(ends[:, 2:] - ends[:, :2]).max() <= STEP + 1e-9
