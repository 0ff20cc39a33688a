# ruff: noqa: ARG002 (the fake has the real signatures)
"""A workbench that answers with the hand-made verdicts, so that the command line is tested without a judge."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from detente.cli.app import app
from detente.model.coverage import Coverage, Fork, RuleCoverage, Taken
from detente.model.problem import Problem
from detente.model.span import Span
from detente.model.verdict import Explanation, Verdicts
from report.sample import EXPLANATION, VERDICTS


@dataclass(frozen=True)
class Question:
    as_of: datetime | None = None
    known_on: datetime | None = None
    as_if_in_force: bool = False
    accounts: tuple[str, ...] = ()
    assume: Mapping[str, str] = field(default_factory=dict)


class NotAskable(Exception):  # noqa: N818
    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems


@dataclass
class Bench:
    """What was asked of it, and what it answers."""

    verdicts: Verdicts = VERDICTS
    explanations: tuple[Explanation, ...] = (EXPLANATION,)
    time_zone: str = "UTC"
    refusal: tuple[Problem, ...] = ()
    error: Exception | None = None
    failures: tuple[str, ...] = ()
    cases: tuple[Any, ...] = ()
    opened: list[tuple[Path, Path | None, bool]] = field(default_factory=list)
    stdin: bytes = b""
    named: str | None = None
    asked: list[Question] = field(default_factory=list)
    explained: list[tuple[str, str | None]] = field(default_factory=list)
    exported: list[Path] = field(default_factory=list)

    @property
    def agreement(self) -> SimpleNamespace:
        return SimpleNamespace(evidence=SimpleNamespace(time_zone=self.time_zone))

    def open_case(
        self,
        agreement: Path,
        evidence: Path | None,
        *,
        name: str | None = None,
        strict: bool = False,
        progress: Callable[[str, float], None] | None = None,
    ) -> Bench:
        self.opened.append((agreement, evidence, strict))
        self.named = name
        if self.error:
            raise self.error
        if self.refusal:
            raise NotAskable(self.refusal)
        self.stdin = agreement.read_bytes() if agreement.is_file() else b""
        if progress:
            progress("reading", 0.5)
        return self

    def check(self, question: Question) -> Verdicts:
        self.asked.append(question)
        return self.verdicts

    def explain(self, question: Question, rule: str, instance: str | None) -> tuple[Explanation, ...]:
        self.explained.append((rule, instance))
        return self.explanations

    def sql(self, question: Question, rule: str) -> str:
        return f"SELECT '{rule}'"

    def export(self, question: Question, folder: Path) -> None:
        self.exported.append(folder)

    def run_cases(self, agreement: Path, reset: bool = False, name: str | None = None) -> tuple[Any, ...]:
        self.named = name
        return self.cases

    def cover_cases(self, agreement: Path, reset: bool = False, name: str | None = None) -> tuple[tuple[Any, ...], Coverage]:
        self.named = name
        span = Span("a.md", 3, 1, 4, 1)
        fork = Taken(Fork("1", "condition", span), "X.troops is at least 9000", ("late notice",), ())
        return self.cases, Coverage(len(self.cases), (RuleCoverage("1", None, "1", False, span, (), (), (fork,)),))

    def verify(self, verdict_file: Path, evidence: Path, agreement: Path | None = None) -> tuple[str, ...]:
        self.stdin = verdict_file.read_bytes()
        if self.error:
            raise self.error
        return self.failures


@pytest.fixture(autouse=True)
def bench(monkeypatch: pytest.MonkeyPatch) -> Bench:
    made = Bench()
    room = ModuleType("detente.workbench")
    for name in ("cover_cases", "open_case", "run_cases", "verify"):
        setattr(room, name, getattr(made, name))
    room.Question = Question  # type: ignore[attr-defined]
    room.NotAskable = NotAskable  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "detente.workbench", room)
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    case = tmp_path / "sea"
    (case / "evidence").mkdir(parents=True)
    (case / "agreement.md").write_text("# Incidents at sea\n")
    return case


Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    def run(*args: object, stdin: str | bytes | None = None) -> Result:
        return CliRunner().invoke(app, [str(arg) for arg in args], input=stdin, catch_exceptions=False)

    return run


PROBLEM = Problem("unknown-kind", "no kind is called exercize", Span("a.md", 3, 5, 3, 13, ("Article 1",)), "when exercize", help="exercise")
