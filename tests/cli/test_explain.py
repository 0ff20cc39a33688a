"""`detente explain`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.conftest import Bench, Run
from detente.report.explanation import explanation_text
from report.sample import EXPLANATION, VERDICTS


def test_text(bench: Bench, folder: Path, run: Run) -> None:
    result = run("explain", folder, "40", "40#west-26>borland", "--width", "80")
    assert result.exit_code == 0
    assert result.stdout == explanation_text(EXPLANATION, as_of=VERDICTS.as_of, known_on=VERDICTS.known_on, width=80)
    assert bench.explained == [("40", "40#west-26>borland")]


def test_sentence(folder: Path, run: Run) -> None:
    assert run("explain", folder, "40", "--format", "sentence").stdout == EXPLANATION.sentence + "\n"


def test_json(folder: Path, run: Run) -> None:
    assert json.loads(run("explain", folder, "40", "--format", "json").stdout)["schema"] == "detente-explanations/1"


def test_sql_judges_nothing(bench: Bench, folder: Path, tmp_path: Path, run: Run) -> None:
    result = run("explain", folder, "40", "--sql", "--export", tmp_path / "tables")
    assert result.stdout == "SELECT '40'\n"
    assert bench.exported == [tmp_path / "tables"]
    assert not bench.asked


def test_to_file(folder: Path, tmp_path: Path, run: Run) -> None:
    run("explain", folder, "40", "-o", tmp_path / "why.txt")
    assert "DISPUTED" in (tmp_path / "why.txt").read_text()


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["5.l"], "unknown-rule: no rule is called 5.l\n"),
        (["5.1", "5.1#west"], "unknown-instance: rule 5.1 has no instance 5.1#west"),
        (["5.1#west"], "unknown-instance: rule 5.1 has no instance 5.1#west"),
        (["5.1"], "no-instance: rule 5.1 was never put to the test"),
    ],
)
def test_nothing_to_explain(bench: Bench, folder: Path, run: Run, args: list[str], said: str) -> None:
    bench.explanations = ()
    result = run("explain", folder, *args)
    assert result.exit_code == 2
    assert result.stderr.startswith(said)
    assert "help: did you mean 5." in result.stderr or args == ["5.1"]
