"""Fixes that contradict others are marked by what is wrong, are kept, and carry no finding."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from detente.detect.dark import detect_dark
from detente.detect.faults import Marked, faults_of, kinds_of, marked
from detente.detect.geodesy import circle
from detente.detect.sorted_fixes import gather
from detente.detect.zone import detect_zones
from detente.detect.zone_shapes import Zone
from detente.reading.tally import Tally
from detente.reading.track import Account
from detente.reading.tracks import read_track_file

RECORDINGS = Path(__file__).parents[1] / "recordings"
Fix = tuple[str, float, float, float]


def table(fixes: list[Fix]) -> pa.Table:
    return pa.table(
        {
            "craft": pa.array([fix[0] for fix in fixes], pa.string()),
            "time": pa.array([1_700_000_000_000 + round(fix[1] * 1000) for fix in fixes], pa.int64()).cast(pa.timestamp("ms", "UTC")),
            "lon": pa.array([float(fix[2]) for fix in fixes]),
            "lat": pa.array([float(fix[3]) for fix in fixes]),
        }
    )


def sailing(craft: str = "mmsi:219000001", count: int = 200, lon: float = 10.0, start: float = 0.0) -> list[Fix]:
    """A ship at about 11 knots, a report every ten seconds."""
    return [(craft, start + 10.0 * i, lon + 0.0009 * i, 56.0) for i in range(count)]


def judged(fixes: list[Fix]) -> tuple[Marked, Counter[str | None]]:
    marks = marked(gather(table(fixes)))
    return marks, Counter(kinds_of(marks.fault))


def test_a_sound_track_has_no_fault() -> None:
    marks, kinds = judged(sailing())
    assert kinds == {None: 200}
    assert faults_of(marks) == ()


def test_a_jump_is_marked_and_the_fixes_around_it_are_not() -> None:
    marks, kinds = judged([*sailing(), ("mmsi:219000001", 1005, 12.0, 58.0)])
    assert kinds == {None: 200, "impossible jump": 1}
    assert [(f.craft, f.kind, f.start_at.lon) for f in faults_of(marks)] == [("mmsi:219000001", "impossible jump", 12.0)]
    assert len(marks.fixes) == 201


def test_a_jump_at_the_beginning_does_not_condemn_the_track() -> None:
    assert judged([("mmsi:219000001", -10, 0.0, 0.0), *sailing()])[1] == {None: 200, "impossible jump": 1}


def test_a_craft_that_is_carried_off_and_stays_is_believed_in_both_places_and_no_path_joins_them() -> None:
    fixes = [*sailing(count=100), *sailing(count=100, lon=30.0, start=1010)]
    marks, kinds = judged(fixes)
    assert kinds == {None: 200}
    assert len(np.unique(marks.chain)) == 2
    assert not detect_zones(table(fixes), [Zone("between", circle(20, 56, 50_000))]).stays


def test_one_identity_in_two_places_is_believed_in_neither() -> None:
    marks, kinds = judged([*sailing(), *((c, t + 5, lon + 20, lat) for c, t, lon, lat in sailing(count=150))])
    assert kinds["two places at once"] > 300
    assert {f.kind for f in faults_of(marks)} == {"two places at once"}


def test_what_lies_far_in_time_from_the_second_place_is_believed() -> None:
    _, kinds = judged([*sailing(count=1000), *((c, t + 5, lon + 20, lat) for c, t, lon, lat in sailing(count=30))])
    assert kinds[None] > 880
    assert kinds["two places at once"] > 90


def test_several_craft_that_jump_to_one_place_were_moved_by_a_signal() -> None:
    fixes: list[Fix] = []
    for number in range(4):
        craft = f"mmsi:21900000{number}"
        fixes += sailing(craft, lon=8 + number)
        fixes += [(craft, 500 + i, 37.0 + i / 1e5, 44.6) for i in range(2)]
    assert judged(fixes)[1] == {None: 800, "false cluster": 8}


def test_a_late_report_on_the_craft_own_path_has_a_wrong_clock() -> None:
    whole = sailing(count=400)
    late = [("mmsi:219000001", whole[i][1] + 305, whole[i][2], whole[i][3]) for i in (50, 120, 200)]
    assert judged([*whole, *late])[1] == {None: 400, "wrong clock": 3}


def test_aircraft_may_be_fast_and_ships_may_not() -> None:
    fast = [("icao24:abc001", 10.0 * i, 10 + 0.03 * i, 50.0) for i in range(50)]
    assert judged(fast)[1] == {None: 50}
    assert judged([("mmsi:219000001", t, lon, lat) for _, t, lon, lat in fast])[1][None] < 50


def test_across_the_180th_meridian_nothing_jumps() -> None:
    fixes = [("mmsi:1", 10.0 * i, (179.95 + 0.0005 * i + 180) % 360 - 180, 0.0) for i in range(200)]
    assert judged(fixes)[1] == {None: 200}


def test_no_fixes_and_one_fix() -> None:
    assert judged([])[1] == {}
    assert judged(sailing(count=1))[1] == {None: 1}


def test_hostile_tracks_do_no_harm() -> None:
    random = np.random.default_rng(1)
    fixes = [(f"mmsi:{int(c)}", float(t), float(lon), float(lat)) for c, t, lon, lat in zip(random.integers(0, 5, 4000), random.integers(0, 300, 4000), random.uniform(-180, 180, 4000), random.uniform(-90, 90, 4000), strict=True)]  # fmt: skip
    marks, _ = judged(fixes)
    assert len(marks.fixes) == 4000
    assert detect_dark(table(fixes)).rows == 4000


@pytest.fixture(scope="module")
def falsified() -> list[pa.Table]:
    return [batch.positions for batch in read_track_file(RECORDINGS / "falsified-flight.csv", Account(Tally("x")))]


def test_a_flight_moved_by_a_false_signal_was_not_where_it_reported(
    falsified: list[pa.Table], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    stuck = circle(22.915, 47.437, 3_000)
    fixes = gather(falsified)
    assert (np.hypot(fixes.lon - 22.915, fixes.lat - 47.437) < 0.01).sum() > 40
    found = detect_zones(falsified, [Zone("stuck", stuck)])
    assert not found.stays
    assert {fault.kind for fault in found.faults} == {"two places at once"}
