"""The invented pair: every shape of sentence, each with its case, judged alike when the two change places."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from detente import Question, open_case
from detente.report.csv import verdicts_csv
from detente.workbench import run_cases

FOLDER = Path(__file__).parents[2] / "examples" / "arland-borland"
SHAPES = (
    "no Party shall",
    "place left open",
    "days before",
    "exception 3.2",
    "within 48 hours of",
    r"else\s+B shall attend",
    "each year by 15 November",
    "shall not exceed 700",
    "its value as of",
    "for any two warships",
    "reaches capital",
    r"may\s+conduct",
    "notwithstanding",
    "has declared that it perceives",
    "phase 2 ",
    "is released from",
    "as required by",
    "unless extended by",
    "suspension of",
    "notifies withdrawal",
)


@pytest.fixture(scope="module")
def instances() -> dict:
    return {i.id: i for a in open_case(FOLDER).check(Question()).articles for r in a.rules for i in r.instances}


def test_nothing_is_wrong_with_agreement_or_evidence() -> None:
    case = open_case(FOLDER)
    assert case.problems == ()
    assert case.record.rows_left_out == 0


@pytest.mark.parametrize("shape", SHAPES)
def test_each_shape_is_used(shape: str) -> None:
    text = (FOLDER / "agreement.md").read_text(encoding="utf-8")
    rules = "\n".join(re.findall(r"^```rule\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL))
    assert re.search(shape, rules), shape


def test_verdicts_are_the_expected_ones() -> None:
    with (FOLDER / "expected" / "verdicts.csv").open(encoding="utf-8", newline="") as file:
        assert verdicts_csv(open_case(FOLDER).check()) == file.read()


def test_what_each_article_shows(instances: dict) -> None:
    assert (instances["2.1#east-26"].outcome, instances["3.1#east-26>borland"].outcome, instances["4.1#q-1"].outcome) == (
        "kept",
        "disputed",
        "kept",
    )
    assert {instances[f"7.1#e-1@{party}"].outcome for party in ("arland", "borland")} == {"breached"}
    assert (instances["8.1#m-1"].outcome, instances["9#v-1"].outcome) == ("breached", "kept")


def test_cases_pass() -> None:
    results = run_cases(FOLDER / "agreement.md")
    assert len(results) == 12
    assert all(result.passed for result in results)


def test_the_parties_exchanged_judge_alike(mirror: Callable[[Path, str, str], None]) -> None:
    mirror(FOLDER, "Arland", "Borland")
