"""How many faults of one code are shown for one file, and how the rest are counted."""

from __future__ import annotations

from collections import Counter

from detente.model.problem import Problem, Severity
from detente.model.span import Span

SHOWN = 100
"""Faults of one code shown for one file; the rest are counted in one summary."""


class Tally:
    """Collects the problems of one file; keeps `SHOWN` of each code and counts the rest."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._shown: list[Problem] = []
        self._seen: Counter[str] = Counter()
        self._severity: dict[str, Severity] = {}

    def add(self, problem: Problem) -> None:
        """Add one problem."""
        self._seen[problem.code] += 1
        self._severity.setdefault(problem.code, problem.severity)
        if self._seen[problem.code] <= SHOWN:
            self._shown.append(problem)

    def add_unseen(self, code: str, count: int) -> None:
        """Count `count` more faults of `code` that nobody will look at one by one."""
        if count > 0:
            self._seen[code] += count

    def wants(self, code: str) -> bool:
        """Whether one more problem of `code` would be shown."""
        return self._seen[code] < SHOWN

    def problems(self) -> tuple[Problem, ...]:
        """What to show: problems in the order of the file, then one summary per code that was cut."""
        shown = sorted(self._shown, key=lambda p: (p.span.line, p.span.column) if p.span else (0, 0))
        by_code = Counter(p.code for p in self._shown)
        cut = [(code, n - by_code[code]) for code, n in sorted(self._seen.items()) if n > by_code[code]]
        return (*shown, *(self._summary(code, more) for code, more in cut))

    def _summary(self, code: str, more: int) -> Problem:
        return Problem(
            "too-many-problems",
            f"{more:,} more of {code} in this file are not shown",
            Span(self.path, 1, 1, 1, 1),
            severity=self._severity.get(code, "error"),
        )
