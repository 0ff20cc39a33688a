"""What an agreement's own cases exercise of its rules: nouns, no counting of the judge's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from detente.model.span import Span

ForkSort = Literal["condition", "excuse", "exception", "consequence", "accounts", "phase", "release"]
"""What divides the ways through a rule.

`condition`: a simple test, met or not. `excuse` and `exception`: taken or not, where the
rule applied. `consequence`: the first duty breached, or not. `accounts`: two deciding
accounts differ on an instance, or agree. `phase`: begun or not yet. `release`: a breach that releases, or none.
"""


@dataclass(frozen=True, slots=True)
class Fork:
    """One fork of a rule (or of a phase, then `rule` is its id). `name` tells apart what shares a `span`, or is an exception's id."""

    rule: str
    sort: ForkSort
    span: Span
    name: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """A fork in words, and the names of the cases that went one way (`met`) and the other (`unmet`)."""

    fork: Fork
    text: str
    met: tuple[str, ...]
    unmet: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Whether the cases go both ways."""
        return bool(self.met and self.unmet)


@dataclass(frozen=True, slots=True)
class RuleCoverage:
    """One rule or phase: the cases in which it was judged, those that expect a verdict on it, and its forks."""

    rule: str
    title: str | None
    article: str
    is_phase: bool
    span: Span
    judged: tuple[str, ...]
    expected: tuple[str, ...]
    forks: tuple[Taken, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Every rule, in the order of the text, and how many cases were run."""

    cases: int
    rules: tuple[RuleCoverage, ...]

    @property
    def untested(self) -> tuple[RuleCoverage, ...]:
        """Rules on which no case expects a verdict."""
        return tuple(r for r in self.rules if not r.is_phase and not r.expected)

    @property
    def forks(self) -> int:
        """How many forks there are."""
        return sum(len(r.forks) for r in self.rules)

    @property
    def whole(self) -> int:
        """How many of them the cases went through both ways."""
        return sum(f.is_whole for r in self.rules for f in r.forks)
