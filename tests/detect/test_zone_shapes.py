"""Zones made from lines: margins against geodesic distances, bands on each side, territories under each account."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from detente.detect.border import border_of
from detente.detect.geodesy import circle
from detente.detect.meridian import placed
from detente.detect.places import Gazetteer
from detente.detect.zone_shapes import TERRITORIAL_SEA_M, around, beside, claims_of, territory_zones
from detente.vocabulary.atlas import load_atlas

NOWHERE = Gazetteer({})


def square(lon: float, lat: float, side: float) -> shapely.Geometry:
    return placed(shapely.box(lon, lat, lon + side, lat + side))


@pytest.mark.parametrize(
    "shape",
    [square(10, 55, 0.5), square(179.8, 10, 0.5), square(0, -89.9, 0.05), shapely.Point(20, 0), shapely.LineString([(0, 80), (3, 81)])],
)
@pytest.mark.parametrize(("margin", "error"), [(500.0, 1.0), (22_224.0, 1.0), (100_000.0, 15.0)])
def test_the_edge_of_a_margin_lies_at_its_distance(shape: shapely.Geometry, margin: float, error: float) -> None:
    area = around(shape, margin)
    assert area.is_valid
    edge = shapely.get_coordinates(area)
    edge = edge[(np.abs(edge[:, 0]) < 179.999) & (np.abs(edge[:, 1]) < 89.99)]
    distance = border_of(shape).distance_m(edge[:, 0], edge[:, 1])
    assert np.abs(distance - margin).max() < error + margin * 1e-6


def test_points_in_a_margin_are_those_within_the_distance() -> None:
    shape = square(10, 55, 0.3)
    area, random = around(shape, 10_000), np.random.default_rng(1)
    lon, lat = random.uniform(9.5, 10.8, 3000), random.uniform(54.7, 55.6, 3000)
    distance = np.where(shapely.intersects_xy(shape, lon, lat), 0, border_of(shape).distance_m(lon, lat))
    clear = np.abs(distance - 10_000) > 2
    assert np.array_equal(shapely.intersects_xy(area, lon, lat)[clear], (distance <= 10_000)[clear])


@pytest.mark.parametrize("margin", [0.0, -1.0, 200_001.0, float("nan")])
def test_margins_beyond_reason_are_refused(margin: float) -> None:
    with pytest.raises(ValueError, match="margin"):
        around(shapely.Point(0, 0), margin)


def test_bands_lie_left_and_right_of_a_line() -> None:
    line = shapely.LineString([(126.0, 37.9), (127.0, 38.3), (128.3, 38.6)])
    left, right = beside(line, 2_000)
    north = shapely.Point(127.0, 38.31)
    assert left.contains(north)
    assert not right.contains(north)
    assert right.contains(shapely.Point(127.0, 38.29))
    assert shapely.intersection(left, right).area < 1e-9
    assert shapely.union(left, right).symmetric_difference(around(line, 2_000)).area < 1e-9


def test_a_line_turned_round_changes_its_sides() -> None:
    line = shapely.LineString([(0, 50), (0.3, 50.1), (0.6, 50.0)])
    left, right = beside(line, 1_000)
    other_left, other_right = beside(shapely.reverse(line), 1_000)
    assert left.symmetric_difference(other_right).area < 1e-8
    assert right.symmetric_difference(other_left).area < 1e-8


def test_a_ring_has_an_inside_and_an_outside() -> None:
    left, right = beside(shapely.LinearRing([(0, 0), (0.2, 0), (0.2, 0.2), (0, 0.2)]), 2_000)
    assert left.contains(shapely.Point(0.1, 0.01))
    assert right.contains(shapely.Point(0.1, -0.01))


def test_a_band_needs_one_line() -> None:
    with pytest.raises(ValueError, match="one line"):
        beside(shapely.MultiLineString([[(0, 0), (1, 1)], [(2, 2), (3, 3)]]), 1000)


# ---- territories ----------------------------------------------------------------


def test_land_that_nobody_disputes_has_no_account() -> None:
    atlas = load_atlas()
    (zone,) = territory_zones("Poland", claims_of(atlas, "Poland"), NOWHERE, atlas)
    assert (zone.account, zone.certain, zone.name) == (None, True, "Poland")


def test_a_disputed_polygon_belongs_to_each_claimant_in_its_own_account() -> None:
    atlas = load_atlas()
    for party, other in (("Ukraine", "Russia"), ("Russia", "Ukraine")):
        zones = territory_zones(party, claims_of(atlas, party), NOWHERE, atlas)
        crimea = {zone.account: zone.certain for zone in zones if zone.name == f"{party}: Crimea"}
        assert crimea[party] is True
        assert other not in crimea


def test_where_an_account_is_silent_a_polygon_is_only_possible() -> None:
    atlas = load_atlas()
    zones = territory_zones("Ukraine", {"Ukraine": {"crimea": "Ukraine"}, "monitor": {}}, NOWHERE, atlas)
    assert {(z.account, z.certain) for z in zones if z.name == "Ukraine: Crimea"} == {("Ukraine", True), ("monitor", False)}


def test_a_territorial_sea_is_sea_within_twelve_miles() -> None:
    atlas = load_atlas()
    (zone,) = [z for z in territory_zones("Poland", claims_of(atlas, "Poland"), NOWHERE, atlas, TERRITORIAL_SEA_M) if z.account is None]
    assert zone.name == "waters off Poland"
    assert zone.shape.contains(shapely.Point(18.0, 54.95))
    assert not zone.shape.contains(shapely.Point(18.0, 55.3))
    assert not zone.shape.contains(shapely.Point(19.0, 52.0))
    for state in ("Poland", "Germany", "Russia", "Lithuania"):
        assert shapely.intersection(zone.shape, atlas.undisputed[state]).area < 1e-9


def test_a_state_that_nobody_drew_has_no_zone() -> None:
    atlas = load_atlas()
    assert territory_zones("Arland", claims_of(atlas, "Arland"), NOWHERE, atlas) == []


def test_a_margin_over_a_pole_holds_the_pole() -> None:
    assert around(circle(0, 89.5, 20_000), 100_000).contains(shapely.Point(120, 89.99))
