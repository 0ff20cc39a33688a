"""Incidents at sea: two agreements on one record, every row with its page and words, and no distance that a text does not name."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from detente import Question, open_case
from detente.report.csv import verdicts_csv
from detente.workbench import run_cases

FOLDER = Path(__file__).parents[2] / "examples" / "incidents-at-sea"
AMERICAN = FOLDER / "united-states-1972.md"
DOCUMENTS = {"verdicts": FOLDER, "verdicts-united-states-1972": AMERICAN}


def table(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def by_id(document: Path, question: Question = Question()) -> dict:  # noqa: B008 (a frozen value)
    return {i.id: i for a in open_case(document).check(question).articles for r in a.rules for i in r.instances}


@pytest.mark.parametrize("document", DOCUMENTS.values())
def test_nothing_is_wrong_with_agreement_or_evidence(document: Path) -> None:
    case = open_case(document)
    assert case.problems == ()
    assert case.record.rows_left_out == 0


def test_each_row_has_page_day_and_words() -> None:
    rows = table("evidence/incident.csv") + table("evidence/encounter.csv")
    assert len(rows) == 9
    assert len({row["event"] for row in rows}) == 5
    for row in rows:
        assert row["cite"].startswith("http"), row["id"]
        assert len(row["published_at"]) == 10, row["id"]
        assert row["quote"].strip(), row["id"]
        assert row["language"] == "en" or row["translation"], row["id"]


def test_each_distance_stands_in_the_words_quoted() -> None:
    for row in table("evidence/encounter.csv"):
        number = row["distance"].strip("<=").split(" ")[0].replace("..", "-")
        assert number in row["quote"], row["id"]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_verdicts_are_the_expected_ones(name: str) -> None:
    with (FOLDER / "expected" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        assert verdicts_csv(open_case(DOCUMENTS[name]).check()) == file.read()


def test_both_simulated_attacks_are_disputed_and_the_low_passes_have_no_verdict() -> None:
    assert by_id(FOLDER)["IV.1a#evertsen-2021-06-24"].outcome == "disputed"
    american = by_id(AMERICAN)
    assert american["IV.1a#donald-cook-2016-04-12"].outcome == "disputed"
    assert not any("2016-04-11" in key for key in american)


def test_no_distance_no_verdict() -> None:
    near = {key: i for key, i in by_id(AMERICAN).items() if key.startswith("III.1#c")}
    assert len(near) == 3
    assert {(i.outcome, i.statuses) for i in near.values()} == {(None, ("left open by the text",))}


def test_with_a_distance_assumed_each_side_breaches_in_the_others_account() -> None:
    tried = by_id(AMERICAN, Question(assume={"well-clear": "100 m"}))
    for bearer, other in (("Russia", "United States"), ("United States", "Russia")):
        found = tried[f"III.1#chancellorsville-2019-06-07@{bearer.lower().replace(' ', '-')}"]
        assert (found.outcome, found.votes[bearer], found.votes[other]) == ("disputed", "not triggered", "breached")


def test_every_promise_without_an_event_is_unverified_for_both_alike() -> None:
    for key, one in {**by_id(FOLDER), **by_id(AMERICAN)}.items():
        if "#@" in key:
            assert one.outcome == "unverified", key


@pytest.mark.parametrize("name", ["agreement.md", "united-states-1972.md"])
def test_cases_pass(name: str) -> None:
    assert all(result.passed for result in run_cases(FOLDER / name))


def test_the_parties_exchanged_judge_alike(mirror: Callable[[Path, str, str], None]) -> None:
    mirror(FOLDER, "Netherlands", "Russia")
