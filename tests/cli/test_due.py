"""`detente due`: what is asked of the workbench, where the answer goes, and the exit code."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from cli.conftest import PROBLEM, Bench, NotAskable, Run
from detente.model.owed import DueList
from report.due_sample import ANSWER, DUE, OVERDUE, listed

ROOT = Path(__file__).parents[2]
DAY = timedelta(days=1)


@dataclass
class Room:
    """What was asked of the fake `workbench.due`, and what it answers."""

    answer: DueList = DUE
    refusal: NotAskable | None = None
    asked: list[tuple[Any, datetime | None, str | None]] = field(default_factory=list)

    digests: list[bool] = field(default_factory=list)

    def due(
        self, _: object, question: Any, *, until: datetime | None = None, party: str | None = None, with_digest: bool = True
    ) -> DueList:
        self.asked.append((question, until, party))
        self.digests.append(with_digest)
        if self.refusal:
            raise self.refusal
        return self.answer


@pytest.fixture(autouse=True)
def room(monkeypatch: pytest.MonkeyPatch, bench: Bench) -> Room:  # noqa: ARG001  the fake workbench comes first
    made = Room()
    module = ModuleType("detente.workbench.due")
    module.due = made.due  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "detente.workbench.due", module)
    return made


# ---- the question -----------------------------------------------------------------


def test_without_a_day_it_is_asked_for_now(run: Run, folder: Path, room: Room) -> None:
    before = datetime.now(UTC)
    run("due", folder)
    question, until, party = room.asked[0]
    assert before - timedelta(seconds=1) <= question.as_of <= datetime.now(UTC)
    assert (until, party, question.known_on) == (None, None, None)


def test_a_day_means_its_end(run: Run, folder: Path, room: Room, bench: Bench) -> None:
    bench.time_zone = "Europe/Vienna"
    run("due", folder, "--on", "2026-02-24", "--as-if-in-force", "--account", "Arland", "--party", "Borland")
    question, _, party = room.asked[0]
    assert question.as_of == datetime(2026, 2, 24, 22, 59, 59, 999999, tzinfo=UTC)
    assert (question.as_if_in_force, question.accounts, party) == (True, ("Arland",), "Borland")


@pytest.mark.parametrize(
    ("within", "until"),
    [
        ("30d", datetime(2026, 3, 26, 23, 59, 59, 999999, tzinfo=UTC)),
        ("30 days", datetime(2026, 3, 26, 23, 59, 59, 999999, tzinfo=UTC)),
        ("2w", datetime(2026, 3, 10, 23, 59, 59, 999999, tzinfo=UTC)),
        ("48h", datetime(2026, 2, 26, 12, tzinfo=UTC)),
        ("0d", datetime(2026, 2, 24, 23, 59, 59, 999999, tzinfo=UTC)),
    ],
)
def test_within(run: Run, folder: Path, room: Room, within: str, until: datetime) -> None:
    run("due", folder, "--on", "2026-02-24T12:00Z", "--within", within)
    assert room.asked[0][1] == until


@pytest.mark.parametrize("within", ["soon", "30", "-3d", "3y", "999999w", "1e5d"])
def test_no_length_of_time(run: Run, folder: Path, within: str) -> None:
    result = run("due", folder, "--on", "2026-02-24", f"--within={within}")
    assert result.exit_code == 2
    assert "bad-duration" in result.stderr


def test_a_clock_time_needs_its_zone(run: Run, folder: Path) -> None:
    result = run("due", folder, "--on", "2026-02-24T12:00")
    assert result.exit_code == 2
    assert "clock-time-without-zone" in result.stderr


# ---- the answer --------------------------------------------------------------------


def test_exit_codes(run: Run, folder: Path, room: Room) -> None:
    assert run("due", folder).exit_code == 1
    assert run("due", folder, "--exit-zero").exit_code == 0
    room.answer = listed(ANSWER)
    assert run("due", folder).exit_code == 0
    room.answer = listed(replace(OVERDUE, accounts=("press",)))
    assert run("due", folder).exit_code == 0
    room.refusal = NotAskable((PROBLEM,))
    result = run("due", folder)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "unknown-kind" in result.stderr


def test_formats(run: Run, folder: Path) -> None:
    assert run("due", folder).stdout.startswith("Agreement on openness\nOf two duties owed, one is overdue and one is due.")
    assert json.loads(run("due", folder, "--format", "json").stdout)["schema"] == "detente-due/1"
    assert run("due", folder, "--format", "csv").stdout.startswith("state,due_from,")
    assert run("due", folder, "--format", "ics").stdout_bytes.startswith(b"BEGIN:VCALENDAR\r\n")


def test_only_json_asks_for_the_digest_of_the_evidence(run: Run, folder: Path, room: Room) -> None:
    for form in ("table", "csv", "ics", "json"):
        run("due", folder, "--format", form)
    assert room.digests == [False, False, False, True]


def test_a_calendar_beside_the_table(run: Run, folder: Path, tmp_path: Path, room: Room) -> None:
    room.answer = listed(OVERDUE, replace(ANSWER, due=(None, None)))
    result = run("due", folder, "--ics", tmp_path / "owed.ics")
    assert result.stdout.startswith("Agreement on openness\n")
    assert (tmp_path / "owed.ics").read_bytes().count(b"BEGIN:VEVENT") == 1
    assert "one row without a date is not in the calendar" in result.stderr


def test_into_a_file(run: Run, folder: Path, tmp_path: Path) -> None:
    result = run("due", folder, "--format", "csv", "-o", tmp_path / "owed.csv")
    assert result.stdout == ""
    assert (tmp_path / "owed.csv").read_bytes().startswith(b"state,")


def test_rows_left_out_are_named(run: Run, folder: Path, room: Room) -> None:
    room.answer = replace(DUE, problems=(PROBLEM,), rows_left_out=1)
    result = run("due", folder)
    assert "unknown-kind" in result.stderr
    assert "1 row left out" in result.stderr


# ---- the real thing -------------------------------------------------------------------


def test_the_example_from_end_to_end() -> None:
    asked = [sys.executable, "-m", "detente", "due", str(ROOT / "examples" / "west-26"), "--on", "2026-02-26", "--format", "csv"]
    ended = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=120)
    assert ended.returncode == 1
    assert "overdue,2026-01-09T23:59:59.999999+00:00" in ended.stdout
