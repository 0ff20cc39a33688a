"""A protection zone judged from raw tracks: distances worked out once more, an excuse that is claimed or not, and a last fix."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from detente import Workbench, open_case
from detente.report.csv import verdicts_csv
from detente.workbench import run_cases

from .tracks_on_earth import Track, apart, track

FOLDER = Path(__file__).parents[2] / "examples" / "naval-protection-zone"
RECORDING = FOLDER / "evidence/tracks/2022-01-03.parquet"
NAMES = {900000001: "Warden", 900000011: "Kestrel", 900000012: "Merlin", 900000013: "Plover", 900000014: "Dunlin", 900000015: "Osprey"}
YD = 0.9144


@pytest.fixture(scope="module")
def case() -> Workbench:
    return open_case(FOLDER)


@pytest.fixture(scope="module")
def tracks() -> dict[str, Track]:
    fixes: dict[str, list[tuple[float, float, float, float]]] = {}
    for r in pq.read_table(RECORDING).to_pylist():
        seconds = datetime.fromisoformat(r["BaseDateTime"]).replace(tzinfo=UTC).timestamp()
        fixes.setdefault(NAMES[r["MMSI"]], []).append((seconds, r["LON"], r["LAT"], 0.0))
    return {name: track(found) for name, found in fixes.items()}


def outcomes(case: Workbench, rule: str) -> dict[str, str | None]:
    found = [i for a in case.check().articles for r in a.rules if r.rule == rule for i in r.instances if i.occasion]
    return {str(i.occasion).partition("~")[0]: i.outcome for i in found}


def test_nothing_is_wrong_with_agreement_or_evidence(case: Workbench) -> None:
    assert case.problems == ()
    assert case.record.rows_left_out == 0


def test_verdicts_are_the_expected_ones(case: Workbench) -> None:
    with (FOLDER / "expected" / "verdicts.csv").open(encoding="utf-8", newline="") as file:
        assert verdicts_csv(case.check()) == file.read()


def test_the_nearest_point_lies_in_the_bounds_told(case: Workbench, tracks: dict[str, Track]) -> None:
    rows = case.record.database.execute("SELECT first, second, distance_lo, distance_hi FROM encounter").fetchall()
    for first, second, least, most in rows:
        assert second == "Warden"
        assert most - least == pytest.approx(40, abs=0.2), "10 m for either position, on both sides"
        assert least <= apart(tracks, first, second).metres.min() <= most
    near = {name for name in tracks if name != "Warden" and apart(tracks, name, "Warden").metres.min() < 1000 * YD}
    assert {first for first, *_ in rows} == near == {"Kestrel", "Merlin", "Plover", "Dunlin"}


def test_each_verdict_follows_from_the_distance_and_the_excuse(case: Workbench, tracks: dict[str, Track]) -> None:
    assert set(outcomes(case, "1").values()) == {"kept"}
    assert all(apart(tracks, name, "Warden").metres.min() - 20 > 100 * YD for name in outcomes(case, "1"))
    assert outcomes(case, "2") == {"Kestrel": "breached", "Merlin": "disputed", "Plover": "kept", "Dunlin": "unverified"}
    for name, outcome in outcomes(case, "2").items():
        nearest = apart(tracks, name, "Warden").metres.min()
        assert (nearest + 20 < 500 * YD) == (outcome != "unverified"), name


def test_what_comes_after_the_last_fix_is_not_observed(case: Workbench, tracks: dict[str, Track]) -> None:
    warden, osprey = tracks["Warden"], tracks["Osprey"]
    assert osprey.seconds[-2] > warden.seconds[-1] + 60, "the Osprey went by when the Warden was no longer heard"
    assert "Osprey" not in outcomes(case, "1")


def test_the_recording_is_small_and_names_no_vessel() -> None:
    assert RECORDING.stat().st_size < 300_000
    table = pq.read_table(RECORDING)
    assert set(table["MMSI"].to_pylist()) == set(NAMES)
    assert not {"VesselName", "IMO", "CallSign"} & set(table.column_names)


def test_cases_pass() -> None:
    assert all(result.passed for result in run_cases(FOLDER / "agreement.md"))


def test_the_parties_exchanged_judge_alike(mirror: Callable[[Path, str, str], None]) -> None:
    mirror(FOLDER, "Arland", "Borland")
