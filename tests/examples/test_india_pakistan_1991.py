"""India and Pakistan, 1991: three flights, one of them told in two ways by one side, and no day of notice that was not read."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from detente import Question, open_case
from detente.report.csv import verdicts_csv
from detente.workbench import run_cases

FOLDER = Path(__file__).parents[2] / "examples" / "india-pakistan-1991"
DOCUMENTS = {"verdicts": "agreement.md", "verdicts-exercises": "exercises.md"}


def table(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def instances() -> dict:
    return {i.id: i for a in open_case(FOLDER).check(Question()).articles for r in a.rules for i in r.instances}


@pytest.mark.parametrize("document", DOCUMENTS.values())
def test_nothing_is_wrong_with_agreement_or_evidence(document: str) -> None:
    case = open_case(FOLDER / document)
    assert case.problems == ()
    assert case.record.rows_left_out == 0


def test_each_row_has_page_day_and_words() -> None:
    rows = [row for name in ("flight",) for row in table(f"evidence/{name}.csv")]
    assert len(rows) == 6
    assert len({row["event"] for row in rows}) == 3
    for row in rows:
        assert row["cite"].startswith("http"), row["id"]
        assert len(row["published_at"]) == 10, row["id"]
        assert row["quote"].strip(), row["id"]
        assert row["language"] == "en" or row["translation"], row["id"]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_verdicts_are_the_expected_ones(name: str) -> None:
    with (FOLDER / "expected" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        assert verdicts_csv(open_case(FOLDER / DOCUMENTS[name]).check()) == file.read()


@pytest.mark.parametrize("document", DOCUMENTS.values())
def test_cases_pass(document: str) -> None:
    results = run_cases(FOLDER / document)
    assert results
    assert all(result.passed for result in results)


def test_the_parties_exchanged_judge_alike(mirror: Callable[[Path, str, str], None]) -> None:
    mirror(FOLDER, "India", "Pakistan")


def test_counts(instances: dict) -> None:
    assert Counter(i.outcome for i in instances.values()) == {"unverified": 5, "breached": 1}


def test_two_sources_of_one_party_that_contradict_leave_its_account_open(instances: dict) -> None:
    found = instances["1#poonch-2018-09-30"]
    assert (found.ground, found.votes["Pakistan"], found.votes["India"]) == ("alleged, unanswered", "open", "breached")


def test_what_the_bearer_calls_a_technical_violation_is_admitted(instances: dict) -> None:
    assert instances["1#sulemanki-2013-06-11"].ground == "admitted by the bearer"
    assert instances["2a#sulemanki-2013-06-11"].ground == "alleged, unanswered"
