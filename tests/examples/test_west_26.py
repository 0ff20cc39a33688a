"""The small example of the README: the verdicts expected of it, and its own case."""

from __future__ import annotations

from pathlib import Path

from detente import open_case
from detente.report.csv import verdicts_csv
from detente.workbench import run_cases

EXAMPLE = Path(__file__).parents[2] / "examples" / "west-26"


def test_the_verdicts_are_as_expected() -> None:
    case = open_case(EXAMPLE)
    assert case.problems == ()
    with (EXAMPLE / "expected" / "verdicts.csv").open(encoding="utf-8", newline="") as file:
        assert verdicts_csv(case.check()) == file.read()


def test_its_case_passes() -> None:
    assert [result.passed for result in run_cases(EXAMPLE / "agreement.md")] == [True]
