"""The Vienna Document 2011: numbers marked seen or unconfirmed, and what a record of days can and cannot decide."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from detente import Question, open_case
from detente.report.csv import verdicts_csv
from detente.workbench import run_cases

FOLDER = Path(__file__).parents[2] / "examples" / "vienna-2011"
TABLES = ("exercise", "inquiry", "invitation", "notification", "reply")


def table(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def instances() -> dict:
    return {i.id: i for a in open_case(FOLDER).check(Question()).articles for r in a.rules for i in r.instances}


def test_nothing_is_wrong_with_agreement_or_evidence() -> None:
    case = open_case(FOLDER)
    assert case.problems == ()
    assert case.record.rows_left_out == 0


def test_each_row_has_page_day_and_words() -> None:
    rows = [row for name in TABLES for row in table(f"evidence/{name}.csv")]
    assert len(rows) == len({row["id"] for row in rows}) == 13
    for row in rows:
        assert row["cite"].startswith("http"), row["id"]
        assert len(row["published_at"]) == 10, row["id"]
        assert row["quote"].strip(), row["id"]
        assert row["language"] == "en", row["id"]


def test_every_number_of_a_rule_is_marked() -> None:
    text = (FOLDER / "agreement.md").read_text(encoding="utf-8")
    for number in ("9,000 troops *(seen", "13,000 troops *(seen", "48 hours *(seen", "42 days before **(unconfirmed)**"):
        assert number in text
    for number in ("24 hours **(unconfirmed)**", "15 November **(unconfirmed)**", "on the 15th **(unconfirmed)**"):
        assert number in text


def test_verdicts_are_the_expected_ones() -> None:
    with (FOLDER / "expected" / "verdicts.csv").open(encoding="utf-8", newline="") as file:
        assert verdicts_csv(open_case(FOLDER).check()) == file.read()


def test_no_verdict_worse_than_unverified(instances: dict) -> None:
    assert {i.outcome for i in instances.values()} == {"unverified", None}


def test_a_missing_reply_is_alleged_and_a_reply_without_hours_is_open(instances: dict) -> None:
    assert instances["16.1.2#q-2022-02-11"].ground == "alleged, unanswered"
    for state in ("estonia", "latvia", "lithuania"):
        assert set(instances[f"16.1.2#q-2022-02-09-{state}"].votes.values()) == {"open"}


def test_numbers_that_were_not_seen_decide_nothing(instances: dict) -> None:
    found = [i for key, i in instances.items() if key.startswith(("40.1b#zapad", "47.4b#zapad"))]
    assert len(found) == 12
    assert {i.statuses for i in found} == {("left open by the text",)}


def test_cases_pass() -> None:
    results = run_cases(FOLDER / "agreement.md")
    assert len(results) == 2
    assert all(result.passed for result in results)


def test_the_parties_exchanged_judge_alike(mirror: Callable[[Path, str, str], None]) -> None:
    mirror(FOLDER, "Ukraine", "Russia")
