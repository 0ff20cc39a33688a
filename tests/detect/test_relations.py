"""Each relation on plain shapes, with and without accuracy."""

from __future__ import annotations

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.detect.geodesy import GEOD
from detente.detect.measure import measure_places
from detente.detect.places import gazetteer
from detente.model.measure import Measure, NamedPlace
from detente.vocabulary.atlas import load_atlas

ROWS = [
    ("zone", shapely.box(20, 50, 22, 52), 0),
    ("inside", shapely.box(20.5, 50.5, 21, 51), 0),
    ("across", shapely.box(21, 51, 23, 53), 0),
    ("neighbour", shapely.box(22, 50, 24, 52), 0),
    ("apart", shapely.box(23, 50, 24, 52), 0),
    ("road", shapely.LineString([(19, 51), (23, 51)]), 0),
    ("post", shapely.Point(21, 51), 0),
    ("post by the line", shapely.Point(21.99, 51), 0),
    ("rough post", shapely.Point(21.99, 51), 2_000),
    ("rough zone", shapely.box(20, 50, 22, 52), 5_000),
]
PLACES, _ = gazetteer(ROWS)


def ask(place, relation, other, distance_m=None, most_m=None):
    (finding,) = measure_places([Measure(place, relation, NamedPlace(other), distance_m, most_m)], PLACES, load_atlas())
    return finding


def word(finding):
    return "yes" if finding.certain else "unknown" if finding.possible else "no"


@pytest.mark.parametrize(
    ("place", "relation", "other", "expected"),
    [
        ("inside", "overlaps", "zone", "yes"),
        ("zone", "overlaps", "inside", "yes"),
        ("across", "overlaps", "zone", "yes"),
        ("neighbour", "overlaps", "zone", "no"),
        ("apart", "overlaps", "zone", "no"),
        ("road", "overlaps", "zone", "yes"),
        ("post", "overlaps", "zone", "yes"),
        ("zone", "overlaps", "post", "yes"),
        ("inside", "lies in", "zone", "yes"),
        ("across", "lies in", "zone", "no"),
        ("zone", "lies in", "inside", "no"),
        ("zone", "lies in", "zone", "yes"),
        ("neighbour", "touches", "zone", "yes"),
        ("apart", "touches", "zone", "no"),
        ("across", "touches", "zone", "no"),
        ("post by the line", "lies in", "zone", "yes"),
        ("rough post", "lies in", "zone", "unknown"),
        ("rough post", "overlaps", "zone", "unknown"),
        ("inside", "overlaps", "rough zone", "yes"),
        ("inside", "lies in", "rough zone", "yes"),
        ("neighbour", "overlaps", "rough zone", "unknown"),
        ("neighbour", "touches", "rough zone", "unknown"),
        ("apart", "overlaps", "rough zone", "no"),
        ("across", "lies in", "rough zone", "no"),
    ],
)
def test_relations(place, relation, other, expected):
    assert word(ask(place, relation, other)) == expected


def test_within_counts_its_end_and_gives_the_margin():
    apart = GEOD.inv(22, 52, 23, 52)[2]
    found = ask("apart", "within", "zone", distance_m=apart + 10)
    assert word(found) == "yes"
    assert found.margin_m == pytest.approx(10, abs=1)
    found = ask("apart", "within", "zone", distance_m=apart - 10)
    assert word(found) == "no"
    assert found.margin_m == pytest.approx(-10, abs=1)
    assert word(ask("apart", "within", "rough zone", distance_m=apart - 10)) == "unknown"
    assert ask("apart", "within", "rough zone", distance_m=apart - 10).note


def test_margins_of_lying_in():
    depth = GEOD.inv(21.99, 51, 22, 51)[2]
    assert ask("post by the line", "lies in", "zone").margin_m == pytest.approx(depth, abs=1)
    assert ask("across", "lies in", "zone").margin_m < -60_000


def test_reach_is_a_band():
    apart = GEOD.inv(22, 52, 23, 52)[2]
    assert word(ask("apart", "reaches", "zone", apart + 5)) == "yes"
    assert word(ask("apart", "reaches", "zone", apart - 5)) == "no"
    band = ask("apart", "reaches", "zone", apart - 5, apart + 5)
    assert word(band) == "unknown"
    assert band.note.startswith("the range is known only as")


@settings(max_examples=60, deadline=None)
@given(st.floats(19, 23), st.floats(49, 53), st.floats(0, 30_000), st.sampled_from(["overlaps", "lies in", "touches", "within"]), st.data())
def test_certain_and_possible_bound_every_true_position(lon, lat, accuracy, relation, data):
    vague, _ = gazetteer([("zone", ROWS[0][1], 0), ("p", shapely.Point(lon, lat), accuracy)])
    azimuth, share = data.draw(st.floats(0, 360)), data.draw(st.floats(0, 0.999))
    true_lon, true_lat, _ = GEOD.fwd(lon, lat, azimuth, accuracy * share)
    sharp, _ = gazetteer([("zone", ROWS[0][1], 0), ("p", shapely.Point(true_lon, true_lat), 0)])
    measure = Measure("p", relation, NamedPlace("zone"), 10_000.0)
    (loose,), (tight,) = measure_places([measure], vague, load_atlas()), measure_places([measure], sharp, load_atlas())
    assert not loose.certain or tight.certain
    assert loose.possible or not tight.possible


def test_many_places_are_answered_in_the_order_asked():
    rows = [(f"p{i}", shapely.Point(19 + i * 0.002, 51), 0) for i in range(2_000)]
    many, _ = gazetteer([("zone", ROWS[0][1], 0), *rows])
    found = measure_places([Measure(name, "lies in", NamedPlace("zone")) for name, _, _ in rows], many, load_atlas())
    assert [f.measure.place for f in found] == [name for name, _, _ in rows]
    assert [f.certain for f in found] == [20 <= 19 + i * 0.002 <= 22 for i in range(2_000)]
