"""The gazetteer, places written out, and files of places, good and hostile."""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from detente.detect.geodesy import GEOD
from detente.detect.placefile import read_places
from detente.detect.places import gazetteer, written_place


@pytest.mark.parametrize(
    ("text", "lon", "lat", "accuracy"),
    [
        ("54.5N 20.1E", 20.1, 54.5, 0),
        ("33.25 S, 70 W", -70, -33.25, 0),
        ("54.5n 20.1e ± 2 km", 20.1, 54.5, 2000),
        ("0N 180E +- 3 nm", 180, 0, 5556),
    ],
)
def test_positions_are_read(text, lon, lat, accuracy):
    place = written_place(text)
    assert (place.shape.x, place.shape.y, place.accuracy_m) == (lon, lat, accuracy)


def test_a_written_circle_reaches_as_far_as_it_says():
    circle = written_place("54.5N 20.1E r 5 km").shape
    lons, lats, _ = GEOD.fwd([20.1] * 2, [54.5] * 2, [45, 45], [4_999, 5_001])
    assert list(shapely.intersects_xy(circle, lons, lats)) == [True, False]


@pytest.mark.parametrize(
    "text", ["", "54.5", "91N 20E", "54N 181E", "54N 20E r 0 km", "54N 20E r 9999999 km", "54N 20E r 5", "N" * 500, "1N 1E " + "9" * 99]
)
def test_what_is_no_position_is_none(text):
    assert written_place(text) is None


@given(st.text(max_size=120))
def test_no_text_breaks_the_reader(text):
    written_place(text)


def test_unusable_rows_are_left_out_and_named():
    bowtie = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    rows = [
        ("good", shapely.box(0, 0, 1, 1), 0),
        ("GOOD ", shapely.box(0, 0, 2, 2), 0),
        ("empty", shapely.Polygon(), 0),
        ("north", shapely.Point(0, 91), 0),
        ("nowhere", shapely.Point(np.nan, 1), 0),
        ("bowtie", bowtie, 0),
        ("vague", shapely.Point(1, 1), -1),
        ("endless", shapely.LineString([(179 * (-1) ** i, i / 1000) for i in range(20_000)]), 0),
    ]
    found, problems = gazetteer(rows)
    assert found.find(" Good").shape.equals(shapely.box(0, 0, 1, 1))
    assert [p.code for p in problems] == ["unusable-place"] * 7


def test_geojson_and_tables_give_the_same_places(tmp_path):
    feature = {
        "type": "Feature",
        "properties": {"name": "Camp", "accuracy_m": 50},
        "geometry": {"type": "Point", "coordinates": [20, 50, 7]},
    }
    (tmp_path / "places.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    (tmp_path / "places.csv").write_text("name,latitude,longitude,radius_m,accuracy_m\nCamp,50,20,,50\nZone,50,20,1000,\n")
    for name in ("places.geojson", "places.csv"):
        found, problems = read_places(tmp_path / name)
        assert problems == []
        assert (found.find("camp").shape.x, found.find("camp").accuracy_m) == (20, 50)
    assert found.find("zone").shape.geom_type == "Polygon"


@pytest.mark.parametrize(
    "text",
    ["", "{", "[" * 100_000, "null", '{"type":"FeatureCollection","features":7}', '{"type":"Feature","properties":[],"geometry":null}',
     '{"type":"Feature","properties":{"name":"a"},"geometry":null}', '{"type":"Feature","properties":{"name":"a"},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1]]]}}',
     '{"type":"Feature","properties":{"name":"a","accuracy_m":"x"},"geometry":{"type":"Point","coordinates":[1,2]}}',
     '{"type":"Feature","properties":{"name":"a","accuracy_m":1e999},"geometry":{"type":"Point","coordinates":[1,2]}}',
     '{"type":"Feature","properties":{"name":"a"},"geometry":{"type":"Point","coordinates":[NaN,1e400]}}'],
)  # fmt: skip
def test_hostile_geojson_gives_problems_and_no_traceback(tmp_path, text):
    path = tmp_path / "places.geojson"
    path.write_text(text)
    found, problems = read_places(path)
    assert not found.named
    assert problems or text == '{"type":"FeatureCollection","features":7}'


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name\nx\n",
        "name,latitude,longitude\nx,1\n",
        "name,latitude,longitude\nx,nan,inf\n",
        "a" * 300_000,
        "name,latitude,longitude\nx,1e309,2\n",
    ],
)
def test_hostile_tables_give_no_traceback(tmp_path, text):
    path = tmp_path / "places.csv"
    path.write_text(text)
    assert not read_places(path)[0].named


def test_bytes_that_are_no_text_are_a_problem(tmp_path):
    (tmp_path / "places.csv").write_bytes(b"\xff\xfe\x00")
    assert read_places(tmp_path / "places.csv")[1][0].code == "unreadable-places"
    assert read_places(tmp_path / "missing.csv")[1]
