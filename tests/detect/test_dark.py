"""Silences: longer than usual, and told from missing coverage by whether others were heard."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from detect.test_faults import Fix, table
from detente.detect.dark import detect_dark
from detente.model.track_finding import DarkMeasure, Silence


def fleet(count: int = 5, hours: float = 6, every: float = 60, skip: tuple[float, float] = (0, 0), lat: float = 56.0) -> list[Fix]:
    """Ships that lie near each other and report every minute; none reports between the seconds of `skip`."""
    return [
        (f"mmsi:21900000{ship}", t, 10.0 + 0.01 * ship, lat)
        for ship in range(count)
        for t in np.arange(0, hours * 3600, every).tolist()
        if not skip[0] <= t < skip[1]
    ]


def silent(fixes: list[Fix], start: float, end: float, craft: str = "mmsi:219000000") -> list[Fix]:
    return [fix for fix in fixes if fix[0] != craft or not start < fix[1] < end]


def found(fixes: list[Fix], **measure: float) -> list[Silence]:
    return list(detect_dark(table(fixes), DarkMeasure(**measure)).silences)


def test_a_craft_that_alone_is_silent() -> None:
    (silence,) = found(silent(fleet(), 3600, 10_800))
    assert silence.craft == "mmsi:219000000"
    assert (silence.end - silence.start).total_seconds() == 7200
    assert silence.coverage == "others heard"
    assert silence.heard_share == 1
    assert silence.others == 4
    assert silence.expected_s == 60


def test_where_nobody_was_heard_it_is_not_the_craft() -> None:
    silences = found(fleet(skip=(3600, 10_800)))
    assert len(silences) == 5
    assert {(s.coverage, s.heard_share, s.others) for s in silences} == {("nobody heard", 0.0, 0)}


def test_others_elsewhere_do_not_count() -> None:
    here = silent(fleet(count=1), 3600, 10_800)
    there = [(f"{craft[:-1]}9", t, lon + 5, lat) for craft, t, lon, lat in fleet(count=1)]
    assert [s.coverage for s in found([*here, *there])] == ["nobody heard"]


def test_between_the_two_it_is_unclear() -> None:
    fixes = [fix for fix in fleet(skip=(3600, 7200)) if fix[0] != "mmsi:219000000" or fix[1] < 3600 or fix[1] > 10_800]
    silence = next(s for s in found(fixes) if s.craft == "mmsi:219000000")
    assert silence.coverage == "unclear"
    assert 0.2 < silence.heard_share < 0.8


def test_a_craft_that_always_reports_seldom_is_not_silent() -> None:
    seldom: list[Fix] = [("mmsi:230000001", 2400.0 * i, 10.0, 56.0) for i in range(40)]
    assert not [s for s in found([*fleet(hours=26), *seldom]) if s.craft == "mmsi:230000001"]


def test_the_ends_of_a_track_are_no_silence() -> None:
    assert not found(silent(fleet(), -1, 20_000))


def test_short_gaps_are_left_out_and_the_least_can_be_chosen() -> None:
    fixes = silent(fleet(), 3600, 5000)
    assert not found(fixes)
    assert len(found(fixes, least_s=1200)) == 1


def test_a_gap_across_the_180th_meridian_is_looked_for_there() -> None:
    fixes = [(craft, t, 179.995 if t < 5400 else -179.995, 0.0) for craft, t, _, _ in silent(fleet(), 3600, 10_800)]
    assert [(s.coverage, s.others) for s in found(fixes)] == [("others heard", 4)]


@pytest.mark.parametrize("measure", [{"least_s": 10.0}, {"times": 0.5}, {"least_s": float("nan")}, {"step_s": 1.0}])
def test_measures_beyond_reason_are_refused(measure: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="expected"):
        DarkMeasure(**measure)


def test_nothing_in_nothing_out() -> None:
    assert found([]) == []
    assert detect_dark([]).rows == 0
    assert (
        detect_dark(pa.table({"craft": ["a"], "time": pa.array([None], pa.timestamp("ms", "UTC")), "lon": [0.0], "lat": [0.0]})).unusable
        == 1
    )
