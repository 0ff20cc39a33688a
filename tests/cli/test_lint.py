"""`detente lint` and `detente help`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.conftest import Run

AGREEMENT = """# Openness

```rule
agreement: parties Arland, Borland.
```

## Article 1

{prose}

```rule
rule 1: no Party shall conduct an exercise X where X.troops is at least 9000.
```
"""
GOOD = AGREEMENT.format(prose="No exercises of 9,000 troops or more are held.")
COLUMN = len("No significant exercises (9,000 troops or more) are held; answers are given ") + 1
BAD = AGREEMENT.format(prose="No significant exercises (9,000 troops or more) are held; answers are given promptly.")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "agreement.md"


def test_exit_codes(run: Run, file: Path) -> None:
    file.write_text(GOOD)
    found = run("lint", file)
    assert (found.exit_code, found.stdout) == (0, "nothing found\n")
    file.write_text(BAD)
    found = run("lint", file)
    assert found.exit_code == 1
    assert f"{file}:9:{COLUMN}: warning: vague-word" in found.stdout
    assert "1 finding;" in found.stdout
    file.write_text("```rule\nrule 1: nonsense.\n```\n")
    found = run("lint", file)
    assert (found.exit_code, found.stdout) == (2, "")
    assert "syntax-error" in found.stderr
    assert run("lint", file.parent / "none.md").exit_code == 2


def test_only_ignore_and_slips(run: Run, file: Path) -> None:
    file.write_text(BAD)
    assert run("lint", file, "--ignore", "vague-word").exit_code == 0
    assert run("lint", file, "--only", "number-not-in-rule").exit_code == 0
    assert run("lint", file, "--only", "vague-word").exit_code == 1
    found = run("lint", file, "--ignore", "vage-word")
    assert found.exit_code == 2
    assert "did you mean `vague-word`?" in found.stderr


def test_stdin_and_every_format(run: Run, file: Path) -> None:
    assert f"stdin:9:{COLUMN}" in run("lint", "-", stdin=BAD).stdout
    assert json.loads(run("lint", "-", "--format", "json", stdin=BAD).stdout)["counts"] == {"vague-word": 1}
    assert json.loads(run("lint", "-", "--format", "sarif", stdin=BAD).stdout)["runs"][0]["results"][0]["ruleId"] == "vague-word"
    assert 'failures="1"' in run("lint", "-", "--format", "junit", stdin=BAD).stdout
    target = file.with_name("found.json")
    assert run("lint", "-", "--format", "json", "-o", target, stdin=GOOD).exit_code == 0
    assert json.loads(target.read_text())["findings"] == []


def test_evidence_is_looked_at(run: Run, file: Path) -> None:
    file.write_text(GOOD)
    evidence = file.parent / "evidence"
    evidence.mkdir()
    (evidence / "sources.csv").write_text("id,name,kind,speaks_for\narland,Ministry,party,Arland\n")
    found = run("lint", file, "--evidence", evidence)
    assert found.exit_code == 1
    assert "unverifiable-silence" in found.stdout
    assert "unspoken-kind" in found.stdout
    (evidence / "exercise.csv").write_text("id,source,event,said_at,party\nA-1,arland,West-26,2026-01-05,Arland\n")
    (evidence / "completeness.csv").write_text("source,register,kind,said_at\narland,exercise-register,exercise,2026-01-05\n")
    assert run("lint", file, "--evidence", evidence).exit_code == 0
    assert run("lint", file, "--evidence", file.parent / "none").exit_code == 2


def test_help_of_one_code(run: Run) -> None:
    found = run("help", "unknown-unit")
    assert found.exit_code == 0
    assert found.stdout.count("What went wrong:") == 2
    assert "Reading evidence" in found.stdout
    assert "5 furlongs" in found.stdout


def test_help_lists_codes_by_room(run: Run) -> None:
    listed = run("help").stdout
    rooms = ["Reading an agreement", "Findings of detente lint", "Reading evidence", "The question on the command line"]
    assert sorted(rooms, key=listed.index) == rooms
    assert listed.index("syntax-error") < listed.index("vague-word") < listed.index("thousands-separator") < listed.index("no-agreement")


def test_help_of_an_unknown_code(run: Run) -> None:
    found = run("help", "unkown-unit")
    assert (found.exit_code, found.stdout) == (2, "")
    assert "did you mean `unknown-unit`?" in found.stderr
    assert run("help", "x" * 500 + "\x1b").exit_code == 2
