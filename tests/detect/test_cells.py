"""The cell index gives shapely's answer for every point; the cache gives the index back, or nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.detect.cells import ZoneIndex, cached_index
from detente.detect.geodesy import circle
from detente.detect.meridian import placed
from detente.vocabulary.atlas import load_atlas

GRID = st.integers(-8, 8)
CORNER = st.tuples(GRID, GRID)


def pairs(index: ZoneIndex, lon: np.ndarray, lat: np.ndarray) -> set[tuple[int, int]]:
    at, zone = index.query(lon, lat)
    assert (np.diff(at) >= 0).all()
    return set(zip(at.tolist(), zone.tolist(), strict=True))


def expected(shapes: list[shapely.Geometry], lon: np.ndarray, lat: np.ndarray) -> set[tuple[int, int]]:
    return {(i, z) for z, shape in enumerate(shapes) for i in np.flatnonzero(shapely.intersects_xy(shape, lon, lat)).tolist()}


@st.composite
def polygons(draw: st.DrawFn) -> shapely.Geometry:
    """Any valid area: hulls, stars, with holes, of several parts, with corners on whole numbers so that points meet lines often."""
    corners = draw(st.lists(CORNER, min_size=3, max_size=9, unique=True))
    shape = shapely.make_valid(shapely.Polygon(corners)) if draw(st.booleans()) else shapely.MultiPoint(corners).convex_hull
    if draw(st.booleans()):
        hole = shapely.MultiPoint(draw(st.lists(CORNER, min_size=3, max_size=5, unique=True))).convex_hull
        shape = shape.difference(hole)
    parts = [part for part in shapely.get_parts(shapely.get_parts(shape)) if shapely.get_dimensions(part) == 2]
    return shapely.union_all(parts) if parts else shapely.box(0, 0, 1, 1)


@given(st.lists(polygons(), min_size=1, max_size=4), st.integers(0, 2**32 - 1))
@settings(max_examples=80, deadline=None)
def test_every_point_has_shapelys_answer(shapes: list[shapely.Geometry], seed: int) -> None:
    random = np.random.default_rng(seed)
    ends = np.concatenate([shapely.get_coordinates(shape) for shape in shapes])
    middle = (ends[:-1] + ends[1:]) / 2
    points = np.concatenate(
        (
            random.uniform(-9, 9, (300, 2)),
            random.integers(-9, 10, (200, 2)).astype(float),
            ends,
            middle,
            middle + random.normal(0, 1e-12, middle.shape),
            np.nextafter(ends, 0),
        )
    )
    lon, lat = points[:, 0].copy(), points[:, 1].copy()
    assert pairs(ZoneIndex(shapes), lon, lat) == expected(shapes, lon, lat)


def test_points_nowhere_and_no_points() -> None:
    index = ZoneIndex([shapely.box(0, 0, 1, 1)])
    assert pairs(index, np.array([np.nan, np.inf, 1e308, 5.0]), np.array([0.5, 0.5, 0.5, 0.5])) == set()
    assert pairs(index, np.empty(0), np.empty(0)) == set()
    assert pairs(ZoneIndex([shapely.Polygon()]), np.array([0.0]), np.array([0.0])) == set()


def test_zones_that_lie_over_each_other_are_all_found() -> None:
    shapes = [shapely.box(0, 0, 10, 10)] * 40 + [shapely.box(4, 4, 6, 6)]
    lon, lat = np.full(3000, 5.0), np.linspace(-1, 11, 3000)
    assert pairs(ZoneIndex(shapes), lon, lat) == expected(shapes, lon, lat)


def test_the_antimeridian_and_a_pole() -> None:
    shapes = [placed(shapely.box(170, -10, 190, 10)), circle(0, 89, 500_000), circle(179.9, -60, 100_000)]
    random = np.random.default_rng(3)
    lon = np.concatenate((random.uniform(-180, 180, 4000), [180.0, -180.0, 0.0, 180.0]))
    lat = np.concatenate((np.degrees(np.arcsin(random.uniform(-1, 1, 4000))), [0.0, 0.0, 90.0, 90.0]))
    assert pairs(ZoneIndex(shapes), lon, lat) == expected(shapes, lon, lat)


@pytest.fixture(scope="module")
def coast() -> list[shapely.Geometry]:
    atlas = load_atlas()
    return [shapely.clip_by_rect(atlas.undisputed[name], 4, 54, 30, 64) for name in ("Denmark", "Sweden", "Norway")]


def test_real_coasts(coast: list[shapely.Geometry]) -> None:
    random = np.random.default_rng(4)
    corners = np.concatenate([shapely.get_coordinates(shape) for shape in coast])
    near = corners[random.integers(0, len(corners), 5000)] + random.normal(0, 1e-4, (5000, 2))
    points = np.concatenate((random.uniform((4, 54), (30, 64), (5000, 2)), near, corners[::40]))
    lon, lat = points[:, 0].copy(), points[:, 1].copy()
    assert pairs(ZoneIndex(coast), lon, lat) == expected(coast, lon, lat)


@pytest.mark.soak
def test_the_whole_atlas_on_a_million_points() -> None:
    atlas = load_atlas()
    shapes = [*atlas.undisputed.values(), *(polygon.shape for polygon in atlas.disputed.values())]
    random = np.random.default_rng(5)
    lon, lat = random.uniform(-180, 180, 1_000_000), np.degrees(np.arcsin(random.uniform(-1, 1, 1_000_000)))
    at, zone = ZoneIndex(shapes).query(lon, lat)
    for number, shape in enumerate(shapes):
        assert np.array_equal(at[zone == number], np.flatnonzero(shapely.intersects_xy(shape, lon, lat)))


# ---- crossings ------------------------------------------------------------------


@given(polygons(), st.integers(0, 2**32 - 1))
@settings(max_examples=40, deadline=None)
def test_pieces_meet_lines_where_shapely_says(shape: shapely.Geometry, seed: int) -> None:
    random = np.random.default_rng(seed)
    start, stop = random.uniform(-9, 9, (50, 2)), random.uniform(-9, 9, (50, 2))
    piece, zone, share = ZoneIndex([shape]).crossings(start, stop)
    assert (zone == 0).all()
    for i in range(50):
        line = shapely.LineString([start[i], stop[i]])
        meets = shapely.get_coordinates(line.intersection(shape.boundary))
        found = start[i] + np.unique(share[piece == i].round(9))[:, None] * (stop[i] - start[i])
        assert len(found) == len(np.unique(meets.round(6), axis=0))
        for spot in found:
            assert np.abs(meets - spot).sum(axis=1).min() < 1e-6


# ---- the cache ------------------------------------------------------------------


def test_an_index_is_built_once(tmp_path: Path, coast: list[shapely.Geometry], monkeypatch: pytest.MonkeyPatch) -> None:
    from detente.detect import cells

    lon, lat = np.linspace(4, 30, 1000), np.linspace(54, 64, 1000)
    first = pairs(cached_index(coast, tmp_path), lon, lat)
    assert len(list(tmp_path.iterdir())) == 1
    monkeypatch.setattr(cells, "build", lambda _: pytest.fail("built again"))
    assert pairs(cached_index(coast, tmp_path), lon, lat) == first


def test_other_shapes_have_another_index(tmp_path: Path) -> None:
    cached_index([shapely.box(0, 0, 1, 1)], tmp_path)
    cached_index([shapely.box(0, 0, 1, 2)], tmp_path)
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[: len(data) // 2],
        lambda data: data[:-400] + b"x" * 400,
        lambda _: b"",
        lambda d: d[:900] + bytes([d[900] ^ 1]) + d[901:],
    ],
)
def test_a_damaged_cache_is_not_used(tmp_path: Path, damage: object) -> None:
    assert callable(damage)
    shapes = [shapely.box(0, 0, 1, 1)]
    cached_index(shapes, tmp_path)
    path = next(tmp_path.iterdir())
    path.write_bytes(damage(path.read_bytes()))
    lon, lat = np.array([0.5, 2.0]), np.array([0.5, 0.5])
    assert pairs(cached_index(shapes, tmp_path), lon, lat) == {(0, 0)}


def test_a_folder_that_cannot_be_written_is_no_fault(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert pairs(cached_index([shapely.box(0, 0, 1, 1)], blocked / "zones"), np.array([0.5]), np.array([0.5])) == {(0, 0)}
