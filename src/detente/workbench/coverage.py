"""Adds up, over an agreement's cases, which ways through its rules they take."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import duckdb

from detente.agreement.clause import Agreement, Case
from detente.judge import Judgement
from detente.judge.covered import covered, forks, was_judged
from detente.model.coverage import Coverage, Fork, RuleCoverage, Taken
from detente.model.span import Span


class Tally:
    """What the cases run so far have taken; `coverage` tells it."""

    def __init__(self, agreement: Agreement) -> None:
        self._agreement = agreement
        self._forks = forks(agreement)
        self._ways: dict[tuple[Fork, bool], list[str]] = defaultdict(list)
        self._judged: dict[str, list[str]] = defaultdict(list)
        self._expected: dict[str, list[str]] = defaultdict(list)
        self._cases = 0
        self._texts: dict[str, Sequence[str]] = {}

    def add(self, case: Case, db: duckdb.DuckDBPyConnection, tried: Agreement, judgement: Judgement) -> None:
        """Count one case. `tried` is the agreement with what the case assumes; the judgement's rows are in `db`."""
        self._cases += 1
        for fork, ways in covered(db, tried, judgement).items():
            for way, went in zip((True, False), ways, strict=True):
                if went:
                    self._ways[fork, way].append(case.name)
        for judged in judgement.judged:
            rule = judged.plan.rule.head.id
            if case.name not in self._judged[rule] and was_judged(db, judgement.scene, judged):
                self._judged[rule].append(case.name)
        for rule in {r.head.id for r in self._agreement.rules for e in case.expects if _is_of(e.target, r.head.id)}:
            self._expected[rule].append(case.name)

    def coverage(self) -> Coverage:
        """Every rule and phase with its forks."""
        rules = [(r.head.id, r.head.title, r.head.article, False, r.head.span) for r in self._agreement.rules]
        rules += [(p.id, p.title, p.article, True, p.span) for p in self._agreement.phases.values()]
        return Coverage(
            self._cases,
            tuple(
                RuleCoverage(
                    rule=id_,
                    title=title,
                    article=article,
                    is_phase=is_phase,
                    span=span,
                    judged=tuple(self._judged[id_]) if not is_phase else (),
                    expected=tuple(self._expected[id_]) if not is_phase else (),
                    forks=tuple(self._taken(f) for f in self._forks if f.rule == id_ and (f.sort == "phase") == is_phase),
                )
                for id_, title, article, is_phase, span in rules
            ),
        )

    def _taken(self, fork: Fork) -> Taken:
        return Taken(fork, self._text(fork), tuple(self._ways[fork, True]), tuple(self._ways[fork, False]))

    def _text(self, fork: Fork) -> str:
        match fork.sort:
            case "condition":
                return _written(fork.span, self._lines(fork.span.path)) + (f" ({fork.name})" if fork.name else "")
            case "excuse":
                return "excused"
            case "exception":
                return f"exception {fork.name}"
            case "consequence":
                return "else"
            case "accounts":
                return "accounts differ"
            case "phase":
                return f"phase {fork.rule} begins"
            case "release":
                return "released"

    def _lines(self, path: str) -> Sequence[str]:
        """The lines of the agreement, or of one that it takes rules from."""
        if path not in self._texts:
            with contextlib.suppress(OSError, UnicodeError):
                self._texts[path] = Path(path).read_text(encoding="utf-8-sig").split("\n")
        return self._texts.get(path, ())


def _is_of(target: str, rule: str) -> bool:
    """Whether an expectation is about the rule: itself, an instance, its consequence, or all that it takes over."""
    named = target.split("#", 1)[0].removesuffix(".else")
    return named == rule or rule.startswith(f"{named}:")


def _written(span: Span, text: Sequence[str]) -> str:
    """The words that a span covers, on one line; nothing where the text could not be read again."""
    lines = list(text[span.line - 1 : span.end_line])
    if not lines:
        return ""
    lines[-1] = lines[-1][: span.end_column - 1]
    lines[0] = lines[0][span.column - 1 :]
    return " ".join(" ".join(lines).split())
