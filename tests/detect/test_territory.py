"""Disputed territory: the account decides, no built-in border does, and the sides are treated alike."""

from __future__ import annotations

from dataclasses import replace

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from detente.detect.measure import measure_places
from detente.detect.places import gazetteer
from detente.detect.territory import joined, parts_of, territory_of
from detente.model.measure import Disputed, Measure, NamedPlace, Territory, Undisputed
from detente.vocabulary.atlas import DisputedPolygon, load_atlas

ATLAS = load_atlas()
PLACES, _ = gazetteer(
    [
        ("Simferopol", shapely.Point(34.102, 44.952), 0),
        ("Pristina", shapely.Point(21.165, 42.663), 0),
        ("Kyrenia", shapely.Point(33.319, 35.320), 0),
        ("Sukhumi", shapely.Point(41.035, 43.010), 0),
        ("Srinagar", shapely.Point(74.797, 34.084), 0),
        ("Gilgit", shapely.Point(74.309, 35.920), 0),
        ("Aksai Chin plain", shapely.Point(79.5, 35.2), 0),
        ("Warsaw", shapely.Point(21.01, 52.23), 0),
        ("across the isthmus", shapely.box(34.25, 46.06, 34.30, 46.11), 0),
    ]
)
CASES = [
    ("Simferopol", "crimea", ("Russia", "Ukraine")),
    ("Pristina", "kosovo", ("Kosovo", "Serbia")),
    ("Kyrenia", "northern-cyprus", ("Northern Cyprus", "Cyprus")),
    ("Sukhumi", "abkhazia", ("Abkhazia", "Georgia")),
    ("Srinagar", "jammu-and-kashmir", ("India", "Pakistan")),
    ("Gilgit", "northern-areas", ("Pakistan", "India")),
    ("Aksai Chin plain", "aksai-chin", ("China", "India")),
]


def truth(place, relation, party, claims, **rest):
    (finding,) = measure_places([Measure(place, relation, territory_of(party, claims, ATLAS), **rest)], PLACES, ATLAS)
    return finding


def word(finding):
    return "yes" if finding.certain else "unknown" if finding.possible else "no"


@pytest.mark.parametrize(("place", "polygon", "claimants"), CASES)
@pytest.mark.parametrize("relation", ["lies in", "overlaps"])
def test_silence_leaves_it_unknown_for_each_claimant_and_no_for_others(place, polygon, claimants, relation):
    for party in claimants:
        finding = truth(place, relation, party, {})
        assert word(finding) == "unknown"
        assert finding.turns_on == (polygon,)
        assert "does not say whose it is" in finding.note
    for party in ("Poland", "Canada"):
        finding = truth(place, relation, party, {})
        assert word(finding) == "no"
        assert finding.margin_m < -100_000


@pytest.mark.parametrize(("place", "polygon", "claimants"), CASES)
@pytest.mark.parametrize("relation", ["lies in", "overlaps"])
def test_an_accounts_claim_decides_and_swapped_claims_swap_the_answers(place, polygon, claimants, relation):
    one, other = claimants
    for owner, loser in ((one, other), (other, one)):
        assert word(truth(place, relation, owner, {polygon: owner})) == "yes"
        assert word(truth(place, relation, loser, {polygon: owner})) == "no"
        assert word(truth(place, relation, "Poland", {polygon: owner})) == "no"
    assert word(truth(place, relation, one, {polygon: None})) == "unknown"


@pytest.mark.parametrize(("place", "polygon", "claimants"), CASES)
def test_the_margin_does_not_depend_on_who_the_owner_is_called(place, polygon, claimants):
    (direct,) = measure_places([Measure(place, "overlaps", Disputed(polygon))], PLACES, ATLAS)
    assert direct.certain
    one, other = claimants
    assert direct.margin_m <= truth(place, "overlaps", one, {polygon: one}).margin_m + 1e-6
    assert direct.margin_m <= truth(place, "overlaps", other, {polygon: other}).margin_m + 1e-6


def test_a_place_across_the_seam_lies_in_the_territory_only_if_the_polygon_is_included():
    assert word(truth("across the isthmus", "lies in", "Ukraine", {})) == "unknown"
    assert word(truth("across the isthmus", "lies in", "Ukraine", {"crimea": "Ukraine"})) != "no"
    assert word(truth("across the isthmus", "lies in", "Ukraine", {"crimea": "Russia"})) == "no"
    assert word(truth("across the isthmus", "overlaps", "Ukraine", {"crimea": "Russia"})) == "yes"


def test_reach_and_distance_follow_the_account():
    # From Sukhumi it is 433 km to Crimea, 502 km to the Donbas polygon and 520 km to the rest of Ukraine.
    near = truth("Sukhumi", "reaches", "Ukraine", {"crimea": "Ukraine"}, distance_m=480_000.0)
    assert (word(near), near.margin_m > 0) == ("yes", True)
    far = truth("Sukhumi", "reaches", "Ukraine", {"crimea": "Russia", "donbas": "Russia"}, distance_m=380_000.0)
    assert (word(far), far.margin_m < 0) == ("no", True)
    unknown = truth("Sukhumi", "reaches", "Ukraine", {}, distance_m=480_000.0)
    assert word(unknown) == "unknown"
    assert unknown.turns_on == ("crimea",)
    assert unknown.margin_m is None
    band = truth("Warsaw", "reaches", "Russia", {}, distance_m=100_000.0, most_m=900_000.0)
    assert word(band) == "unknown"


def test_findings_for_the_parts_join_to_the_finding_for_the_whole():
    for claims in ({}, {"crimea": "Ukraine"}, {"crimea": "Russia", "donbas": "Ukraine"}):
        for relation, metres in (("overlaps", None), ("within", 300_000.0), ("reaches", 450_000.0)):
            for place in ("Simferopol", "Sukhumi", "Warsaw"):
                whole = Measure(place, relation, territory_of("Ukraine", claims, ATLAS), metres)
                parts = measure_places([replace(whole, other=part) for part in parts_of(whole.other)], PLACES, ATLAS)
                (direct,) = measure_places([whole], PLACES, ATLAS)
                assert word(joined(whole, parts)) == word(direct), (place, relation, claims)


def test_parts_give_no_margin_of_reach_and_points_no_reach_at_all():
    found = measure_places(
        [
            Measure("Warsaw", "reaches", Undisputed("Russia"), 1e6),
            Measure("Warsaw", "reaches", NamedPlace("Simferopol"), 9e6),
            Measure("Warsaw", "reaches", Territory("Russia"), 1e6),
        ],
        PLACES,
        ATLAS,
    )
    assert (found[0].certain, found[0].margin_m) == (True, None)
    assert (found[1].certain, found[1].possible) == (False, True)
    assert found[2].margin_m > 0


def test_what_nobody_drew_is_unknown():
    (finding,) = measure_places([Measure("the far side", "overlaps", Undisputed("Poland"))], PLACES, ATLAS)
    assert word(finding) == "unknown"
    assert "the far side" in finding.note
    (finding,) = measure_places([Measure("Warsaw", "lies in", Territory("Utopia"))], PLACES, ATLAS)
    assert word(finding) == "unknown"


def test_a_state_as_a_place_is_certain_of_its_undisputed_land_only():
    found = measure_places(
        [
            Measure("Ukraine", "overlaps", Undisputed("Ukraine")),
            Measure("Ukraine", "overlaps", Disputed("crimea")),
            Measure("Ukraine", "overlaps", Disputed("abkhazia")),
            Measure("Crimea", "lies in", territory_of("Ukraine", {"crimea": "Ukraine"}, ATLAS)),
        ],
        PLACES,
        ATLAS,
    )
    assert [word(f) for f in found] == ["yes", "unknown", "no", "unknown"]  # the last: its own coast is known to 1 km


@given(st.permutations(["Arland", "Borland", "Carland"]), st.sampled_from([None, "Arland", "Borland"]), st.floats(-0.5, 2.5))
def test_renaming_the_parties_renames_the_answers(names, owner, lon):
    def answers(called):
        strip = DisputedPolygon(
            "strip", "Strip", None, called["Arland"], (called["Arland"], called["Borland"]), False, "", None, shapely.box(0.8, 0, 1.2, 1)
        )
        atlas = load_atlas()
        atlas = replace(atlas, undisputed={}, disputed={}, names={})
        atlas = (
            atlas.with_state(called["Arland"], shapely.box(0, 0, 1, 1))
            .with_state(called["Borland"], shapely.box(1, 0, 2, 1))
            .with_disputed(strip)
        )
        claims = {} if owner is None else {"strip": called[owner]}
        point, _ = gazetteer([("x", shapely.Point(lon, 0.5), 0)])
        asked = [Measure("x", "lies in", territory_of(called[p], claims, atlas)) for p in ("Arland", "Borland", "Carland")]
        return [(f.certain, f.possible) for f in measure_places(asked, point, atlas)]

    plain = dict(zip(["Arland", "Borland", "Carland"], ["Arland", "Borland", "Carland"], strict=True))
    assert answers(plain) == answers(dict(zip(plain, names, strict=True)))


def test_places_across_the_antimeridian_and_over_the_pole():
    asked = {
        "67.5N 180E r 50 km": "yes",  # Chukotka, inland on both sides of the meridian
        "67.5N 180W r 50 km": "yes",
        "67.5N 180E r 150 km": "no",  # reaches the sea
        "90N 0E r 500 km": "no",
    }
    found = measure_places([Measure(place, "lies in", Undisputed("Russia")) for place in asked], PLACES, ATLAS)
    assert [word(f) for f in found] == list(asked.values())
    (fiji,) = measure_places([Measure("17S 179W", "within", Undisputed("Fiji"), 100_000.0)], PLACES, ATLAS)
    assert word(fiji) == "yes"
    (pole,) = measure_places([Measure("90S 0E r 100 km", "lies in", Disputed("antarctica"))], PLACES, ATLAS)
    assert word(pole) == "yes"
    assert pole.margin_m > 400_000
