"""Separation of craft: exact between fixes, the same however it is cut, turned or moved, and bounded in gaps."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("numba")

from detect.brute import separation as by_force
from detect.tracks import GEOD, KN, T0, sailing, table
from detente.detect.blocks import TimeBlocks
from detente.detect.separation import detect_separation
from detente.model.approach import AIRCRAFT, SHIP, ApproachMeasure, Convoy, CraftClass, Moored

PLAIN = ApproachMeasure(1000.0, longest_gap_s=0.0, clock_skew_s=0.0)
A, B, C = "mmsi:200000001", "mmsi:200000002", "mmsi:200000003"


def middle(approach):
    return (approach.distance_m.least + approach.distance_m.most) / 2 if approach.distance_m.least > 0 else approach.distance_m.most - 20


def ms(moment):
    return moment.timestamp() * 1000


def told(answer):
    return [(a.first, a.second, ms(a.start.earliest), ms(a.end.latest), middle(a)) for a in answer.found]


def agree(answer, stretches):
    expected = [(s.first, s.second, s.start, s.end, s.distance) for s in sorted(stretches, key=lambda s: (s.first, s.second, s.start))]
    found = told(answer)
    assert [f[:2] for f in found] == [e[:2] for e in expected]
    for one, other in zip(found, expected, strict=True):
        assert one[2] == pytest.approx(other[2], abs=60)
        assert one[3] == pytest.approx(other[3], abs=60)
        assert one[4] == pytest.approx(other[4], abs=0.1)


def wandering(seed, lon=19.0, lat=57.0, craft=4, fixes=25):
    """Craft that wander within a few kilometres of a place, with irregular fixes, some more than a gap apart."""
    chance = random.Random(seed)
    rows = []
    for c in range(craft):
        x, y, _ = GEOD.fwd(lon, lat, chance.uniform(0, 360), chance.uniform(0, 2500))
        t, course = T0 + chance.randrange(120_000), chance.uniform(0, 360)
        for _ in range(fixes):
            rows.append((f"mmsi:20000000{c}", t, x, y))
            step = chance.choice([10, 30, 60, 180, 180, 700])
            course += chance.gauss(0, 60)
            x, y, _ = GEOD.fwd(x, y, course, chance.uniform(0, 15) * KN * step)
            t += step * 1000 + chance.randrange(1000)
    return rows


# ---- exact -----------------------------------------------------------------------------


def test_crossing_ships():
    rows = sailing(A, 10.0, 57.0, 90, 10, seconds=1200, late=600) + sailing(B, 10.0, 57.0, 0, 10, seconds=1200, late=630)
    (found,) = detect_separation(table(rows), PLAIN).found
    # Two at 10 kn, at right angles, one 30 s late: nearest 30 s * 10 kn / sqrt(2) apart, halfway.
    nearest = 30 * 10 * KN / math.sqrt(2)
    assert middle(found) == pytest.approx(nearest, abs=0.5)
    assert ms(found.closest_at) == pytest.approx(T0 + 615_000, abs=50)
    assert found.relative_speed_kn == pytest.approx(10 * math.sqrt(2), abs=0.01)
    half = math.sqrt(1000**2 - nearest**2) / (10 * math.sqrt(2) * KN)
    assert ms(found.start.earliest) == pytest.approx(T0 + 615_000 - 1000 * half, abs=100)
    assert ms(found.end.latest) == pytest.approx(T0 + 615_000 + 1000 * half, abs=100)
    assert found.certain
    assert found.observed_share == 1


def test_each_share_of_what_they_closed():
    rows = sailing(A, 10.0, 57.0, 90, 5, seconds=1200, late=600) + sailing(B, 10.0, 57.0, 270, 15, seconds=1200, late=600)
    (found,) = detect_separation(table(rows), PLAIN).found
    assert found.first_share == pytest.approx(0.25, abs=0.001)
    assert found.first_closed_m == pytest.approx(250, abs=0.5)


@settings(max_examples=25)
@given(st.integers(0, 10**6))
def test_equals_brute_force(seed):
    rows = wandering(seed)
    agree(detect_separation(table(rows), PLAIN), by_force(rows, 1000.0))


@pytest.mark.parametrize(("lon", "lat"), [(180.0, 0.0), (-180.0, 60.0), (0.0, 90.0), (40.0, -90.0), (179.99, -75.0)])
def test_antimeridian_and_poles(lon, lat):
    rows = wandering(7, lon, lat)
    found = by_force(rows, 1000.0)
    assert found
    agree(detect_separation(table(rows), PLAIN), found)


def test_turned_around_the_axis_nothing_changes():
    rows = wandering(11, craft=8)
    turned = [(c, t, (lon + 161.3 + 180) % 360 - 180, lat) for c, t, lon, lat in rows]
    one, other = told(detect_separation(table(rows), PLAIN)), told(detect_separation(table(turned), PLAIN))
    assert one
    assert [pytest.approx(f[2:], abs=1.1) for f in one] == [f[2:] for f in other]


def test_moved_in_time_nothing_changes_but_the_time():
    rows = wandering(13, craft=8)
    moved = [(c, t + 123_457, lon, lat) for c, t, lon, lat in rows]
    one, other = told(detect_separation(table(rows), PLAIN)), told(detect_separation(table(moved), PLAIN))
    assert one
    assert [
        (*f[:2], pytest.approx(f[2] + 123_457, abs=1.1), pytest.approx(f[3] + 123_457, abs=1.1), pytest.approx(f[4], abs=0.01)) for f in one
    ] == other


@settings(max_examples=10)
@given(st.integers(0, 10**6), st.randoms(use_true_random=False))
def test_order_and_repeats_change_nothing(seed, chance):
    rows = wandering(seed)
    mixed = rows + chance.choices(rows, k=20)
    chance.shuffle(mixed)
    assert detect_separation(table(mixed), ApproachMeasure(1000.0)).found == detect_separation(table(rows), ApproachMeasure(1000.0)).found


def test_touching_at_one_instant():
    # One track ends where and when the other begins, at the start of a slab.
    rows = sailing(A, 10.0, 57.0, 90, 10, seconds=300, every=60, late=300) + sailing(
        B, 10.0, 57.0, 90, 10, seconds=300, every=60, start=T0 + 300_000
    )
    (found,) = detect_separation(table(rows), PLAIN).found
    assert ms(found.start.earliest) == ms(found.end.latest) == T0 + 300_000
    single = [(A, T0 + 300_000, 10.0, 57.0), *sailing(B, 10.0, 57.0, 90, 10, seconds=600, every=60, late=300)]
    (alone,) = detect_separation(table(single), PLAIN).found
    assert ms(alone.closest_at) == T0 + 300_000


# ---- aircraft ----------------------------------------------------------------------------


def flight(name, course, altitude, **how):
    return sailing(f"icao24:{name}", 20.0, 60.0, course, 480, seconds=600, every=5, altitude=altitude, late=300, **how)


def test_fast_aircraft_head_on():
    rows = flight("aaaaaa", 90, 35000) + flight("bbbbbb", 270, 36000)
    measure = ApproachMeasure(9260.0, 600.0, AIRCRAFT, AIRCRAFT, gap_s=60, longest_gap_s=0, clock_skew_s=0)
    (found,) = detect_separation(table(rows), measure).found
    assert found.distance_m.least == 0
    assert found.vertical_m.least == pytest.approx(1000 * 0.3048 - 200, abs=0.5)
    assert found.vertical_m.most == pytest.approx(1000 * 0.3048 + 200, abs=0.5)
    assert found.relative_speed_kn == pytest.approx(960, abs=1)
    assert ms(found.end.latest) - ms(found.start.earliest) == pytest.approx(1000 * 2 * 9260 / (960 * KN), abs=500)
    apart = ApproachMeasure(9260.0, 300.0, AIRCRAFT, AIRCRAFT, gap_s=60, longest_gap_s=0)
    assert detect_separation(table(rows), apart).found == ()


def test_height_is_part_of_the_distance_where_no_vertical_limit_is_asked():
    rows = flight("aaaaaa", 90, 30000) + flight("bbbbbb", 270, 40000)
    rise = 10000 * 0.3048
    assert detect_separation(table(rows), ApproachMeasure(rise - 10, None, AIRCRAFT, AIRCRAFT, gap_s=60, longest_gap_s=0)).found == ()
    (found,) = detect_separation(table(rows), ApproachMeasure(rise + 500, None, AIRCRAFT, AIRCRAFT, gap_s=60, longest_gap_s=0)).found
    half = math.sqrt((rise + 500) ** 2 - rise**2) / (960 * KN)
    assert ms(found.end.latest) - ms(found.start.earliest) == pytest.approx(2000 * half, abs=500)


def test_unknown_height_is_never_certain():
    rows = flight("aaaaaa", 90, None) + flight("bbbbbb", 270, 36000)
    (found,) = detect_separation(table(rows), ApproachMeasure(9260.0, 600.0, AIRCRAFT, AIRCRAFT, gap_s=60)).found
    assert not found.certain
    assert found.vertical_m == (0.0, None)


def test_ship_and_aircraft():
    rows = flight("aaaaaa", 90, 3000) + sailing(A, 20.0, 60.0, 0, 10, seconds=600, late=300)
    measure = ApproachMeasure(2000.0, None, AIRCRAFT, SHIP, gap_s=60, longest_gap_s=0)
    (found,) = detect_separation(table(rows), measure).found
    assert (found.first, found.second) == ("icao24:aaaaaa", A)
    assert found.vertical_m.most == pytest.approx(3000 * 0.3048 + 100, abs=0.5)
    (turned,) = detect_separation(table(rows), ApproachMeasure(2000.0, None, SHIP, AIRCRAFT, gap_s=60, longest_gap_s=0)).found
    assert (turned.first, turned.first_at, turned.second_closed_m) == (A, found.second_at, found.first_closed_m)


def test_long_ways_bend_with_the_earth():
    # Aircraft with a fix each minute, 15 km apart; the other flies the same way with fixes between.
    rows = sailing("icao24:aaaaaa", 20.0, 60.0, 90, 480, seconds=600, every=60, altitude=30000) + sailing(
        "icao24:bbbbbb", 20.0, 60.0, 90, 480, seconds=600, every=5, altitude=30000
    )
    (found,) = detect_separation(
        table(rows), ApproachMeasure(500.0, 300.0, AIRCRAFT, AIRCRAFT, gap_s=90, longest_gap_s=0, clock_skew_s=0)
    ).found
    assert found.certain
    assert ms(found.end.latest) - ms(found.start.earliest) == 600_000


# ---- what is left out, and what is rejected ------------------------------------------------


def test_only_named_craft_count():
    rows = (
        sailing(A, 10.0, 57.0, 90, 10, seconds=600)
        + sailing(B, 10.0, 57.0, 90, 10, seconds=600)
        + sailing(C, 10.0, 57.0, 90, 10, seconds=600)
    )
    answer = detect_separation(table(rows), PLAIN, craft={A: SHIP, C: SHIP})
    assert [(a.first, a.second) for a in answer.found] == [(A, C)]
    assert answer.craft == 2


def test_moored_and_convoy_pairs_are_set_aside():
    still = sailing(A, 10.0, 57.0, 90, 0, seconds=7200, every=60) + sailing(B, 10.001, 57.0, 90, 0, seconds=7200, every=60)
    moored = detect_separation(table(still), ApproachMeasure(1000.0, moored=Moored()))
    assert (len(moored.found), len(moored.excluded)) == (0, 1)
    together = sailing(A, 10.0, 57.0, 90, 12, seconds=7200, every=60) + sailing(B, 10.001, 57.0, 90, 12, seconds=7200, every=60)
    convoy = detect_separation(table(together), ApproachMeasure(1000.0, moored=Moored(), convoy=Convoy()))
    assert (len(convoy.found), len(convoy.excluded)) == (0, 1)
    passing = sailing(A, 10.0, 57.0, 90, 12, seconds=7200, every=60) + sailing(B, 10.3, 57.0, 270, 12, seconds=7200, every=60)
    met = detect_separation(table(passing), ApproachMeasure(1000.0, moored=Moored(), convoy=Convoy()))
    assert (len(met.found), len(met.excluded)) == (1, 0)


def test_a_jump_is_named_and_does_not_split_an_approach():
    rows = sailing(A, 10.0, 57.0, 90, 10, seconds=600) + sailing(B, 10.0, 57.005, 90, 10, seconds=600)
    craft, t, lon, lat = rows[30]
    rows[30] = (craft, t, lon + 0.15, lat)
    answer = detect_separation(table(rows), PLAIN)
    (found,) = answer.found
    assert ms(found.end.latest) - ms(found.start.earliest) == 600_000
    assert [(r.craft, ms(r.time), r.fault) for r in answer.rejected] == [(A, t, "impossible jump")]


def test_two_places_at_once_are_named():
    rows = [*sailing(A, 10.0, 57.0, 90, 10, seconds=600), (A, T0 + 300_000, 11.0, 57.0)]
    answer = detect_separation(table(rows), PLAIN)
    assert [(r.craft, r.fault) for r in answer.rejected] == [(A, "two places at once")] * 2


def test_unusable_rows_are_counted():
    rows = [*sailing(A, 10.0, 57.0, 90, 10, seconds=600), (A, T0, 181.0, 91.0), (None, T0, 10.0, 57.0), (B, None, 10.0, 57.0)]
    answer = detect_separation(table(rows), PLAIN)
    assert (answer.rows, answer.unusable) == (len(rows), 3)


def test_no_rows():
    assert detect_separation(table([]), PLAIN).found == ()


def test_a_column_is_missing():
    with pytest.raises(ValueError, match="it has no lat"):
        detect_separation(table([]).drop_columns(["lat"]), PLAIN)


# ---- gaps ----------------------------------------------------------------------------------


def test_in_a_gap_the_distance_is_bounded():
    # B passes A's place while A is not observed: A may have been there.
    rows = [row for row in sailing(A, 10.0, 57.0, 90, 6, seconds=3600, every=30, late=1800) if not 600_000 < row[1] - T0 < 2_400_000]
    rows += sailing(B, 10.0, 57.0, 0, 10, seconds=3600, every=30, late=1800)
    slow = CraftClass("ship", greatest_speed_kn=20)
    (found,) = detect_separation(table(rows), ApproachMeasure(500.0, first=slow, second=slow)).found
    assert not found.certain
    assert found.closest_at is None
    assert found.distance_m.least == 0
    assert 500 < found.distance_m.most < 1800 * 20 * KN
    assert found.observed_share == 0
    inside = T0 + 600_000 <= ms(found.start.earliest) < ms(found.end.latest) <= T0 + 2_400_000
    assert inside
    # The path it had holds to the bounds: both craft were at the crossing at half time.
    assert ms(found.start.earliest) < T0 + 1_800_000 < ms(found.end.latest)


@settings(max_examples=15)
@given(st.integers(0, 10**6))
def test_what_a_gap_hides_lies_within_its_bounds(seed):
    chance = random.Random(seed)
    whole = sailing(A, 10.0, 57.0, chance.uniform(0, 360), 8, seconds=3600, every=30, late=1800) + sailing(
        B, 10.02, 57.01, chance.uniform(0, 360), 8, seconds=3600, every=30, late=1800
    )
    hidden = [row for row in whole if row[0] == B or not 900_000 < row[1] - T0 < 2_700_000]
    slow = CraftClass("ship", greatest_speed_kn=20)
    measure = ApproachMeasure(3000.0, first=slow, second=slow, clock_skew_s=0)
    truth, seen = detect_separation(table(whole), measure).found, detect_separation(table(hidden), measure).found
    for real in truth:
        cover = [s for s in seen if s.start.earliest <= real.start.earliest and s.end.latest >= real.end.latest]
        assert cover
        assert cover[0].distance_m.least <= real.distance_m.most
        assert cover[0].distance_m.most >= real.distance_m.least


def test_a_gap_too_long_says_nothing():
    rows = [row for row in sailing(A, 10.0, 57.0, 90, 6, seconds=9000, every=30, late=4500) if not 600_000 < row[1] - T0 < 8_400_000]
    rows += sailing(B, 10.0, 57.0, 0, 10, seconds=9000, every=30, late=4500)
    assert detect_separation(table(rows), ApproachMeasure(500.0)).found == ()


# ---- blocks --------------------------------------------------------------------------------


@settings(max_examples=8)
@given(st.integers(0, 10**6), st.integers(5, 60), st.booleans())
def test_cut_anywhere_the_answer_is_the_same(tmp_path_factory, seed, block_rows, shuffled):
    import pyarrow.parquet as pq

    rows = wandering(seed, craft=3, fixes=20)
    if shuffled:
        random.Random(seed).shuffle(rows)
    folder = tmp_path_factory.mktemp("blocks")
    pq.write_table(table(rows), folder / "positions.parquet", row_group_size=16)
    blocks = TimeBlocks.of([folder / "positions.parquet"], folder / "scratch", block_rows=block_rows)
    measure = ApproachMeasure(1000.0, moored=Moored(), convoy=Convoy())
    whole, parts = detect_separation(table(rows), measure), detect_separation(blocks, measure)
    assert (parts.found, parts.excluded, parts.rejected) == (whole.found, whole.excluded, whole.rejected)
