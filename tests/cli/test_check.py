"""`detente check`: what is asked, what comes out, and the exit code."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cli.conftest import PROBLEM, Bench, Question, Run
from detente.model.verdict import Outcome, Verdicts
from detente.report.json import parse_verdicts
from detente.report.matrix import matrix
from report.sample import VERDICTS, article, rule


def _only(outcome: Outcome | None) -> Verdicts:
    return replace(VERDICTS, articles=(article("1", "", rule("1", "A", outcome, None, "kkk")),), rows_left_out=0, problems=())


# ---- where things are -----------------------------------------------------------


def test_folder_holds_both(bench: Bench, folder: Path, run: Run) -> None:
    run("check", folder)
    assert bench.opened == [(folder, None, False)]


def test_files_are_named(bench: Bench, folder: Path, tmp_path: Path, run: Run) -> None:
    run("check", folder / "agreement.md", "--evidence", tmp_path, "--strict")
    assert bench.opened == [(folder / "agreement.md", tmp_path, True)]


def test_agreement_from_stdin(bench: Bench, folder: Path, run: Run) -> None:
    assert run("check", "-", "--evidence", folder, stdin="# Treaty\n").exit_code == 1
    assert bench.stdin == b"# Treaty\n"
    assert bench.named == "stdin", "no file of this machine stands in a message"
    assert not bench.opened[0][0].exists()


@pytest.mark.parametrize("args", [["nowhere.md"], [".", "--evidence", "nowhere"], ["x" * 5000], ["a\0b"]])
def test_what_is_not_there(bench: Bench, run: Run, args: list[str]) -> None:
    result = run("check", *args)
    assert result.exit_code == 2
    assert result.stderr.startswith(("missing-file", "unreadable-file", "wrong-encoding"))
    assert not bench.opened


# ---- the question ---------------------------------------------------------------


def test_question_is_passed_on(bench: Bench, folder: Path, run: Run) -> None:
    bench.time_zone = "Europe/Vienna"
    options = [
        "--as-of",
        "2026-03-01",
        "--known-on",
        "2026-03-05T12:00+01:00",
        "--account",
        "Arland",
        "--account",
        "neutrals",
        "--as-if-in-force",
    ]
    run("check", folder, *options, "--assume", "border-zone = 25 km", "--assume", "x=a=b")
    assert bench.asked == [
        Question(
            as_of=datetime(2026, 3, 1, 22, 59, 59, 999999, tzinfo=UTC),
            known_on=datetime(2026, 3, 5, 11, tzinfo=UTC),
            as_if_in_force=True,
            accounts=("Arland", "neutrals"),
            assume={"border-zone": "25 km", "x": "a=b"},
        )
    ]


@pytest.mark.parametrize(
    ("option", "value", "code"),
    [
        ("--as-of", "2026-02-30", "impossible-date"),
        ("--as-of", "yesterday", "impossible-date"),
        ("--as-of", "2026-03-01T14:00", "clock-time-without-zone"),
        ("--known-on", "9999999-01-01", "impossible-date"),
        ("--known-on", "0001-01-01T00:00+14:00", "impossible-date"),
        ("--assume", "border-zone", "bad-assumption"),
        ("--assume", "=3", "bad-assumption"),
        ("--assume", "\x1b[31m", "bad-assumption"),
    ],
)
def test_bad_words_in_the_question(folder: Path, run: Run, option: str, value: str, code: str) -> None:
    result = run("check", folder, option, value)
    assert result.exit_code == 2
    assert result.stderr.startswith(code)
    assert "\x1b" not in result.stderr


def test_what_cannot_be_asked_is_listed(bench: Bench, folder: Path, run: Run) -> None:
    bench.refusal = (PROBLEM, PROBLEM)
    result = run("check", folder)
    assert result.exit_code == 2
    assert result.stderr == f"{PROBLEM}\n{PROBLEM}\n"
    assert result.stdout == ""


def test_a_flood_of_problems_is_counted(bench: Bench, folder: Path, run: Run) -> None:
    bench.refusal = (PROBLEM,) * 100_000
    assert run("check", folder).stderr.endswith("... and 99,000 more: unknown-kind 99,000\n")


def test_unreadable_file(bench: Bench, folder: Path, run: Run) -> None:
    bench.error = PermissionError(13, "Permission denied", "x.csv")
    result = run("check", folder)
    assert (result.exit_code, result.stderr) == (2, "unreadable-file: x.csv: Permission denied\n")


# ---- exit codes -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ((Outcome.BREACHED,), 1),
        ((Outcome.DISPUTED,), 0),
        ((Outcome.UNVERIFIED,), 0),
        ((Outcome.KEPT,), 0),
        ((None,), 0),
        ((Outcome.BREACHED, "--fail-on", "disputed"), 1),
        ((Outcome.DISPUTED, "--fail-on", "disputed"), 1),
        ((Outcome.UNVERIFIED, "--fail-on", "disputed"), 0),
        ((Outcome.DISPUTED, "--fail-on", "unverified"), 1),
        ((Outcome.UNVERIFIED, "--fail-on", "unverified"), 1),
        ((Outcome.KEPT, "--fail-on", "unverified"), 0),
        ((None, "--fail-on", "unverified"), 0),
        ((Outcome.BREACHED, "--exit-zero"), 0),
    ],
)
def test_exit_codes(bench: Bench, folder: Path, run: Run, given: tuple[Outcome | None, *tuple[str, ...]], code: int) -> None:
    outcome, *options = given
    bench.verdicts = _only(outcome)
    assert run("check", folder, *options).exit_code == code


@pytest.mark.parametrize("options", [["--fail-on", "kept"], ["--format", "yaml"], ["--width", "4"], ["--nonsense"]])
def test_usage_errors_exit_with_two(folder: Path, run: Run, options: list[str]) -> None:
    assert run("check", folder, *options).exit_code == 2


# ---- what comes out ----------------------------------------------------------------


def test_table_and_left_out_rows(folder: Path, run: Run) -> None:
    result = run("check", folder, "--width", "80")
    assert result.stdout == matrix(VERDICTS, width=80)
    assert result.stderr == f"{VERDICTS.problems[0]}\n2 rows left out\n"


@pytest.fixture
def drafts(folder: Path) -> Path:
    (folder / "agreement.md").rename(folder / "draft.md")
    (folder / "older.md").write_text("# Older draft\n")
    return folder


def test_several_agreements_are_judged_one_after_the_other(bench: Bench, drafts: Path, run: Run) -> None:
    bench.verdicts = _only(Outcome.BREACHED)
    result = run("check", drafts)
    assert result.exit_code == 1
    assert bench.opened == [(drafts / name, drafts / "evidence", False) for name in ("draft.md", "older.md")]
    assert result.stdout.count(VERDICTS.title) == 2
    assert [line for line in result.stderr.splitlines() if line.endswith(".md:")] == [
        f"{drafts / name}:" for name in ("draft.md", "older.md")
    ]


@pytest.mark.parametrize("options", [["--format", "json"], ["--format", "csv"], ["--format", "junit"], ["-o", "out.txt"]])
def test_a_document_is_of_one_agreement(bench: Bench, drafts: Path, run: Run, options: list[str]) -> None:
    result = run("check", drafts, *options)
    assert result.exit_code == 2
    assert result.stderr.startswith("several-agreements")
    assert "draft.md, older.md" in result.stderr
    assert bench.opened == []


def test_one_of_several_agreements(bench: Bench, drafts: Path, run: Run) -> None:
    run("check", drafts / "older.md")
    assert bench.opened == [(drafts / "older.md", None, False)]


def test_one_row_left_out(bench: Bench, folder: Path, run: Run) -> None:
    bench.verdicts = replace(VERDICTS, rows_left_out=1)
    assert run("check", folder).stderr.endswith("\n1 row left out\n")


def test_ascii(folder: Path, run: Run) -> None:
    assert run("check", folder, "--ascii").stdout.isascii()


def test_formats_for_programs(folder: Path, run: Run) -> None:
    assert parse_verdicts(run("check", folder, "--format", "json").stdout_bytes) == VERDICTS
    assert len(list(csv.reader(io.StringIO(run("check", folder, "--format", "csv").stdout)))) == 14
    assert "<testsuites" in run("check", folder, "--format", "junit", "--fail-on", "disputed").stdout


def test_file_appears_whole(folder: Path, tmp_path: Path, run: Run) -> None:
    target = tmp_path / "out.json"
    target.write_text("before")
    target.chmod(0o640)
    result = run("check", folder, "--format", "json", "-o", target)
    assert result.stdout == ""
    assert json.loads(target.read_text())["schema"] == "detente-verdicts/1"
    assert target.stat().st_mode & 0o777 == 0o640
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out.json", "sea"]


def test_file_that_cannot_be_written(folder: Path, tmp_path: Path, run: Run) -> None:
    for target in (tmp_path, tmp_path / "no" / "where.json"):
        result = run("check", folder, "-o", target)
        assert result.exit_code == 2
        assert result.stderr.startswith("unwritable-file")


def test_link_is_kept(folder: Path, tmp_path: Path, run: Run) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "real")
    run("check", folder, "-o", tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == matrix(VERDICTS, width=100)


def test_dash_is_stdout(folder: Path, run: Run) -> None:
    assert run("check", folder, "-o", "-", "--width", "100").stdout == matrix(VERDICTS, width=100)
