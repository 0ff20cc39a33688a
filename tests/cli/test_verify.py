"""`detente verify`."""

from __future__ import annotations

from pathlib import Path

from cli.conftest import PROBLEM, Bench, NotAskable, Run
from detente.model.problem import Problem


def test_verified(folder: Path, tmp_path: Path, run: Run) -> None:
    (tmp_path / "v.json").write_text("{}")
    result = run("verify", tmp_path / "v.json", "--evidence", folder)
    assert (result.exit_code, result.stdout) == (0, "verified: every verdict follows from the evidence\n")


def test_each_failure_is_named(bench: Bench, folder: Path, run: Run) -> None:
    bench.failures = ("evidence digest", "verdict 40#x")
    result = run("verify", "-", "--evidence", folder, stdin="{}")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "does not hold: evidence digest\ndoes not hold: verdict 40#x\n"
    assert bench.stdin == b"{}"


def test_no_verdict_file(bench: Bench, folder: Path, run: Run) -> None:
    bench.error = NotAskable((Problem("not-a-verdict-file", "Input data was truncated"),))
    result = run("verify", "-", "--evidence", folder, stdin="{")
    assert (result.exit_code, result.stderr) == (2, "not-a-verdict-file: Input data was truncated\n")


def test_cannot_be_asked(folder: Path, tmp_path: Path, run: Run) -> None:
    assert run("verify", tmp_path / "v.json").exit_code == 2
    assert run("verify", tmp_path / "none.json", "--evidence", folder).stderr.startswith("missing-file")
    assert NotAskable((PROBLEM,)).problems
