"""The atlas covers the country layer without holes, names every state the project names, and decides nothing."""

from __future__ import annotations

from importlib.resources import files

import pyarrow.parquet as pq
import pytest
import shapely

from detente.detect.territory import joined_shape
from detente.vocabulary.atlas import DisputedPolygon, load_atlas

ATLAS = load_atlas()
FOLDER = files("detente.vocabulary") / "atlas"
ALLIANCES = (
    "Albania Belgium Bulgaria Canada Croatia Czechia Denmark Estonia Finland France Germany Greece Hungary Iceland Italy Latvia Lithuania "
    "Luxembourg Montenegro Netherlands|North Macedonia|Norway Poland Portugal Romania Slovakia Slovenia Spain Sweden Türkiye|United Kingdom|"
    "United States|Armenia Azerbaijan Belarus Georgia Kazakhstan Kyrgyzstan Russia Tajikistan Uzbekistan Austria Cyprus Ireland Malta Moldova "
    "Turkmenistan Ukraine"
)
STATES = [
    state
    for part in ALLIANCES.split("|")
    for state in ([part] if part in ("North Macedonia", "United Kingdom", "United States") else part.split())
]


@pytest.mark.parametrize("state", STATES)
def test_every_member_of_an_alliance_has_land(state):
    assert ATLAS.state(state) == state
    assert ATLAS.undisputed[state].area > 0


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("USA", "United States"),
        ("united states of america", "United States"),
        ("Turkey", "Türkiye"),
        ("RUS", "Russia"),
        ("UK", "United Kingdom"),
    ],
)
def test_other_names_lead_to_the_same_state(said, state):
    assert ATLAS.state(said) == state
    assert ATLAS.state("Atlantis") is None


def test_undisputed_and_disputed_cover_the_country_layer_once():
    drawn = float(pq.read_schema((FOLDER / "territory.parquet").open("rb")).metadata[b"drawn_deg2"])
    shapes = [*ATLAS.undisputed.values(), *(p.shape for p in ATLAS.disputed.values())]
    total = sum(shapely.area(shapes))
    assert total == pytest.approx(drawn, abs=1e-4)
    assert shapely.union_all(shapes).area == pytest.approx(total, abs=1e-3)  # nothing is given twice
    assert shapely.is_valid(shapes).all()


@pytest.mark.parametrize("polygon", sorted(ATLAS.disputed))
def test_no_strip_of_undisputed_land_of_a_far_state_is_left_in_a_disputed_polygon(polygon):
    inside = ATLAS.disputed[polygon].shape.buffer(-0.001)
    for state, land in ATLAS.undisputed.items():
        assert not land.intersects(inside), state


def test_crimea_leaves_no_undisputed_land_behind():
    around = shapely.box(32.4, 44.3, 36.55, 45.9)
    assert not ATLAS.undisputed["Russia"].intersects(around)


def test_seams_close_when_a_state_takes_its_polygons_back():
    joined = joined_shape([ATLAS.undisputed["Ukraine"], ATLAS.disputed["donbas"].shape, ATLAS.disputed["crimea"].shape])
    assert ATLAS.undisputed["Ukraine"].boundary.intersection(ATLAS.disputed["donbas"].shape.buffer(1e-4)).length > 1
    assert joined.boundary.intersection(ATLAS.disputed["donbas"].shape.buffer(-1e-3)).length == 0
    middle = (
        ATLAS.disputed["donbas"].shape.boundary.intersection(ATLAS.undisputed["Ukraine"].buffer(1e-4)).interpolate(0.5, normalized=True)
    )
    assert joined.covers(middle.buffer(0.001))


def test_the_antimeridian_repairs_hold():
    russia = ATLAS.undisputed["Russia"]
    for lon, lat in ((-175, 67), (-172, 66.5), (100, 67), (179.5, 71.2), (-179, 71.2)):
        assert russia.covers(shapely.Point(lon, lat)), (lon, lat)
    for lon, lat in ((0, 67), (0, 71.2), (-168.5, 66), (-100, 66)):
        assert not russia.intersects(shapely.Point(lon, lat)), (lon, lat)
    assert ATLAS.undisputed["Fiji"].covers(shapely.Point(-179.95, -16.8))  # Taveuni, east of 180
    assert ATLAS.undisputed["Fiji"].area < 2


def test_polygons_name_administrator_and_claimants_as_the_source_does():
    crimea = ATLAS.disputed["crimea"]
    assert (crimea.administered_by, crimea.claimants, crimea.note) == (
        "Russia",
        ("Russia", "Ukraine"),
        "Admin. by Russia; Claimed by Ukraine",
    )
    assert ATLAS.disputed["kosovo"].claimants == ("Kosovo", "Serbia")
    assert ATLAS.disputed["western-sahara-east-of-the-berm"].claimants == ("Western Sahara", "Morocco")
    for name in ("somaliland", "south-ossetia", "transnistria", "nagorno-karabakh", "donbas"):
        assert name in ATLAS.disputed
    assert set(ATLAS.polygons("kashmir")) >= {"jammu-and-kashmir", "azad-kashmir", "northern-areas", "aksai-chin", "siachen-glacier"}
    for polygon in ATLAS.disputed.values():
        assert polygon.others_may_claim or len(polygon.claimants) > 1, polygon.id
        assert all(ATLAS.state(claimant) for claimant in polygon.claimants), polygon.id


def test_an_agreement_can_add_a_state_and_a_dispute():
    half = DisputedPolygon(
        "west",
        "West Arland",
        None,
        "Arland",
        ("Arland", "Borland"),
        others_may_claim=False,
        note="",
        added=None,
        shape=shapely.box(0, 0, 1, 2),
    )
    atlas = ATLAS.with_state("Arland", shapely.box(0, 0, 2, 2)).with_disputed(half)
    assert atlas.undisputed["Arland"].equals(shapely.box(1, 0, 2, 2))
    assert atlas.state("borland") == "Borland"
    assert ATLAS.state("Arland") is None
    assert atlas.with_claimants("west", ["Carland"]).disputed["west"].claimants == ("Arland", "Borland", "Carland")
