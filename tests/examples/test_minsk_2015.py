"""Minsk, 2015: withdrawal of heavy weapons by the category that monitors state, with lines that nobody published."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from detente import Question, open_case
from detente.report.csv import verdicts_csv
from detente.workbench import run_cases

FOLDER = Path(__file__).parents[2] / "examples" / "minsk-2015"


def rows() -> list[dict[str, str]]:
    with (FOLDER / "evidence" / "heavy-weapon.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def instances() -> dict:
    return {i.id: i for a in open_case(FOLDER).check(Question()).articles for r in a.rules for i in r.instances}


def test_nothing_is_wrong_with_agreement_or_evidence() -> None:
    case = open_case(FOLDER)
    assert case.problems == ()
    assert case.record.rows_left_out == 0


def test_each_row_has_page_day_and_words() -> None:
    assert len(rows()) == len({row["id"] for row in rows()}) == 18
    for row in rows():
        assert row["cite"].startswith("http"), row["id"]
        assert len(row["published_at"]) == 10, row["id"]
        assert row["quote"].strip(), row["id"]
        assert row["language"] == "en" or row["translation"], row["id"]


def test_no_distance_or_position_is_made_up() -> None:
    assert {row["id"]: row["distance-from-line"] for row in rows() if row["distance-from-line"]} == {"af-3": "20..30 km"}
    assert "area" not in rows()[0]


def test_a_calibre_is_entered_only_where_the_words_have_it() -> None:
    for row in rows():
        for calibre in filter(None, row["calibre-mm"].split("..")):
            assert f"{calibre}mm" in row["quote"].replace(" ", "").replace("мм", "mm"), row["id"]


def test_verdicts_are_the_expected_ones() -> None:
    with (FOLDER / "expected" / "verdicts.csv").open(encoding="utf-8", newline="") as file:
        assert verdicts_csv(open_case(FOLDER).check()) == file.read()


def test_cases_pass() -> None:
    results = run_cases(FOLDER / "agreement.md")
    assert len(results) == 3
    assert all(result.passed for result in results)


def test_the_parties_exchanged_judge_alike(mirror: Callable[[Path, str, str], None]) -> None:
    mirror(FOLDER, "Ukrainian troops", "armed formations")


def test_by_distance_nothing_is_decided(instances: dict) -> None:
    found = {i.outcome for key, i in instances.items() if key.startswith(("2a#", "2b#", "2c#", "A1#", "2e#"))}
    assert found == {"unverified"}
    assert {i.statuses for key, i in instances.items() if key.startswith(("2d1#", "2d2#"))} == {("left open by the text",)}


def test_by_category_what_a_neutral_body_states_decides_and_an_allegation_does_not(instances: dict) -> None:
    found = Counter((i.outcome, i.ground) for key, i in instances.items() if key.startswith("2m#"))
    assert found == {
        ("breached", "neutral sources say so"): 9,
        ("unverified", "open in every account that could tell"): 4,
        ("unverified", "alleged, unanswered"): 2,
    }
    assert {i.bearer for i in instances.values() if i.outcome == "breached"} == {"Ukrainian troops", "armed formations"}


def test_far_enough_without_a_storage_site_is_no_case(instances: dict) -> None:
    assert "2m#khrustalnyi-howitzers-2018-09-12" not in instances
    assert "A2#zaliznianske-2017-02-07" not in instances
