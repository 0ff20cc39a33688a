"""`detente prove`: exit codes, formats, and what it needs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from typer.testing import CliRunner, Result

from detente.cli.app import app

AGREEMENT = """# Openness

```rule
agreement: parties Arland, Borland; enters into force on 2026-01-01.
define strip as place left open.
```

## Article 1

```rule
rule 1: each Party shall provide an assessment to every other Party by {day}.
rule 2: no Party shall conduct an exercise X where X.area lies in strip.
```
"""
GOOD = AGREEMENT.format(day="2026-06-30")
BAD = AGREEMENT.format(day="2025-06-30")


Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    def ran(*words: object) -> Result:
        return CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)

    return ran


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "agreement.md"


def test_exit_codes_and_the_table(run: Run, file: Path) -> None:
    file.write_text(GOOD)
    found = run("prove", file)
    assert found.exit_code == 0
    assert found.stdout.startswith("nothing found\n2 rules were looked at; histories of up to 6 events were searched\n")
    assert "not decided: what turns on its value (rule 2): the text leaves strip open" in found.stdout
    file.write_text(BAD)
    found = run("prove", file)
    assert found.exit_code == 1
    assert f"{file}:11:1: warning: unmeetable-deadline: rule 1 is due on 2025-06-30, before it binds anybody" in found.stdout
    assert '```case "rule 1 is owed by nobody"' in found.stdout
    file.write_text("```rule\nrule 1: nonsense.\n```\n")
    found = run("prove", file)
    assert (found.exit_code, found.stdout) == (2, "")
    assert "syntax-error" in found.stderr
    assert run("prove", file.parent / "none.md").exit_code == 2


def test_json(run: Run, file: Path) -> None:
    file.write_text(BAD)
    found = run("prove", file, "--format", "json")
    assert found.exit_code == 1
    whole = json.loads(found.stdout)
    assert (whole["schema"], whole["rules"], whole["most_events"]) == ("detente-proof/1", 2, 6)
    assert whole["counts"] == {"unmeetable-deadline": 1}
    (one,) = whole["findings"]
    assert (one["code"], one["rules"], one["line"]) == ("unmeetable-deadline", ["1"], 11)
    assert one["cases"][0].startswith("```case")
    assert whole["undecided"][0]["rules"] == ["2"]
    assert whole["unconfirmed"] == {}


def test_sarif_and_junit_tell_on_stderr_what_was_not_decided(run: Run, file: Path) -> None:
    file.write_text(BAD)
    found = run("prove", file, "--format", "sarif")
    (result,) = json.loads(found.stdout)["runs"][0]["results"]
    assert result["ruleId"] == "unmeetable-deadline"
    assert "```case" in result["message"]["text"]
    assert "not decided" in found.stderr
    found = run("prove", file, "--format", "junit")
    root = ET.fromstring(found.stdout)  # noqa: S314  what the program itself wrote
    assert (root.get("failures"), root.get("tests")) == ("1", "9")
    assert "detente prove" in (root.get("name") or "")
    assert "not decided" in found.stderr


def test_only_ignore_and_slips(run: Run, file: Path) -> None:
    file.write_text(BAD)
    assert run("prove", file, "--ignore", "unmeetable-deadline").exit_code == 0
    assert run("prove", file, "--only", "class-gap").exit_code == 0
    found = run("prove", file, "--only", "clas-gap")
    assert found.exit_code == 2
    assert "did you mean `class-gap`?" in found.stderr


def test_without_the_solvers_the_extra_is_named(run: Run, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detente.cli.prove.find_spec", lambda _: None)
    file.write_text(GOOD)
    found = run("prove", file)
    assert found.exit_code == 2
    assert 'pip install "detente[prove]"' in found.stderr


def test_what_is_printed_is_cleaned(run: Run, file: Path) -> None:
    file.write_text(BAD.replace("rule 1:", 'rule 1 "a\u202eb":'))
    found = run("prove", file)
    assert found.exit_code in (1, 2)
    assert "\u202e" not in found.stdout + found.stderr
