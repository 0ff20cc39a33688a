"""The two Koreas, 2018: reported firings and flights, distances only as stated, both sides judged by one measure."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from detente import Question, open_case
from detente.report.csv import verdicts_csv
from detente.workbench import run_cases

FOLDER = Path(__file__).parents[2] / "examples" / "korea-2018"
DOCUMENTS = {"verdicts": "agreement.md"}


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
    rows = [row for name in ("firing", "flight") for row in table(f"evidence/{name}.csv")]
    assert len(rows) == 26
    assert len({row["event"] for row in rows}) == 17
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
    mirror(FOLDER, "South Korea", "North Korea")


def test_no_distance_is_made_up() -> None:
    for row in table("evidence/firing.csv"):
        assert row["distance-from-line"] == "", row["id"]
    assert {row["distance-from-line"] for row in table("evidence/flight.csv")} == {"", "0 m"}


def test_counts(instances: dict) -> None:
    sea = Counter((i.outcome, i.ground) for key, i in instances.items() if key.startswith("1.2c#") and i.bearer == "North Korea")
    assert sea == {("unverified", "alleged, unanswered"): 10, ("unverified", "open in every account that could tell"): 1}
    assert [key for key, i in instances.items() if i.outcome == "breached"] == ["1.3c#south-drones-2022-12-26"]


def test_the_drones_differ_by_what_the_bearer_says_alone(instances: dict) -> None:
    south, north = instances["1.3c#south-drones-2022-12-26"], instances["1.3c#north-drones-2022-12-26"]
    assert (south.outcome, south.ground) == ("breached", "admitted by the bearer")
    assert (north.outcome, north.ground) == ("unverified", "alleged, unanswered")
