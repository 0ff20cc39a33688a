"""The gazetteer, and places written out, good and hostile."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from detente.detect.geodesy import GEOD
from detente.detect.places import gazetteer, written_place


@pytest.mark.parametrize(
    ("text", "lon", "lat", "accuracy"),
    [
        ("54.5N 20.1E", 20.1, 54.5, 0),
        ("33.25 S, 70 W", -70, -33.25, 0),
        ("54.5n 20.1e ± 2 km", 20.1, 54.5, 2000),
        ("0N 180E +- 3 nm", 180, 0, 5556),
        ("54.5,20.1", 20.1, 54.5, 0),
        (" -33.25 , -70 ", -70, -33.25, 0),
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
    "text",
    [
        "",
        "54.5",
        "54.5,",
        "91,0",
        "0,181",
        "1,2,3",
        "1e1,2",
        "91N 20E",
        "54N 181E",
        "54N 20E r 0 km",
        "54N 20E r 9999999 km",
        "54N 20E r 5",
        "N" * 500,
        "1N 1E " + "9" * 99,
    ],
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
