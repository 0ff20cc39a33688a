"""`detente init` and `detente add`, on the real evidence room."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.conftest import Run
from detente.cli import record
from detente.cli.app import app
from detente.evidence.enter import ask_fields
from detente.vocabulary.kinds import load_kinds

GOOD = {
    "id": "A-9",
    "source": "arland-mod",
    "says": "asserts",
    "event": "East-26",
    "said_at": "2026-03-01",
    "published_at": "2026-03-01",
    "party": "Arland",
    "troops": "9400",
    "start": "2026-05-01",
}


def _fields(**changes: str) -> list[str]:
    return [option for name, value in {**GOOD, **changes}.items() for option in ("--field", f"{name}={value}")]


@pytest.fixture
def begun(tmp_path: Path, run: Run) -> Path:
    assert run("init", tmp_path / "case").exit_code == 0
    return tmp_path / "case"


def _entered(folder: Path) -> list[dict[str, str]]:
    found = next(iter(folder.rglob("entered.jsonl")), None)
    return [json.loads(line) for line in found.read_text().splitlines()] if found else []


def test_init_lists_what_it_wrote(tmp_path: Path, run: Run) -> None:
    result = run("init", tmp_path / "new")
    assert all(Path(line).is_file() for line in result.stdout.splitlines())
    assert str(tmp_path / "new" / "agreement.md") in result.stdout


def test_init_overwrites_nothing(begun: Path, run: Run) -> None:
    (begun / "agreement.md").write_text("mine")
    result = run("init", begun)
    assert result.exit_code == 2
    assert "file-exists" in result.stderr
    assert (begun / "agreement.md").read_text() == "mine"


def test_answers_in_advance(begun: Path, run: Run) -> None:
    result = run("add", begun, "exercise", *_fields())
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("added A-9 to ")
    assert _entered(begun) == [{**GOOD, "kind": "exercise"}]


@pytest.mark.parametrize(
    ("kind", "options", "code"),
    [
        ("exercize", [], "unknown-kind: no kind is called exercize\n   help: did you mean exercise?"),
        ("exercise", ["--field", "id=A-9"], "missing-field: no answer for source, says, said_at"),
        ("exercise", ["--field", "id"], "bad-field"),
        ("exercise", ["--field", "id=1", "--field", "id=2"], "bad-field"),
        ("exercise", ["--field", "colour=red"], "unknown-field"),
        ("exercise", _fields(troops="many"), "not-a-number"),
        ("exercise", _fields(id="A-1"), "duplicate-id"),
        ("exercise", _fields(said_at="2026-03-01T10:00"), "clock-time-without-zone"),
    ],
)
def test_a_bad_statement_is_not_added(begun: Path, run: Run, kind: str, options: list[str], code: str) -> None:
    result = run("add", begun, kind, *options)
    assert result.exit_code == 2
    assert code in result.stderr
    assert _entered(begun) == []


def _talk(monkeypatch: pytest.MonkeyPatch, folder: Path, *options: str, lines: list[str]) -> Result:
    monkeypatch.setattr(record, "is_asked", lambda: True)
    return CliRunner().invoke(
        app, ["add", str(folder), "exercise", *options], input="".join(f"{line}\n" for line in lines), catch_exceptions=False
    )


def test_questions_are_asked_in_turn(begun: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    optional = [o for name in ("event", "party", "level", "troops", "start") for o in ("--field", f"{name}={GOOD.get(name, '')}")]
    result = _talk(monkeypatch, begun, *optional, lines=["", "A-9", "arland-mod", "asserts", "", "2026-03-01", "2026-03-01", *[""] * 30])
    assert result.exit_code == 0
    assert result.stderr.startswith("id (A-1): id (A-1): source: says (asserts, denies, withdraws): target ")
    assert _entered(begun) == [{**GOOD, "kind": "exercise"}]


def test_a_wrong_answer_is_asked_again(begun: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second time round pressing Enter keeps what was answered."""
    given = [option for name, value in GOOD.items() if name not in ("troops", "id") for option in ("--field", f"{name}={value}")]
    asked = [q.column for q in ask_fields(load_kinds()["exercise"]) if q.column not in GOOD or q.column in ("troops", "id")]
    first, second = {"id": "A-9", "troops": "many"}, {"troops": "9400"}
    result = _talk(monkeypatch, begun, *given, lines=[words.get(name, "") for words in (first, second) for name in asked])
    assert result.exit_code == 0
    assert "not-a-number" in result.stderr
    assert "id (A-1; was A-9): " in result.stderr
    assert _entered(begun) == [{**GOOD, "kind": "exercise"}]


def test_leaving_in_the_middle_writes_nothing(begun: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = _talk(monkeypatch, begun, lines=["A-9", "arland-mod"])
    assert result.exit_code == 2
    assert "unfinished" in result.stderr
    assert _entered(begun) == []
