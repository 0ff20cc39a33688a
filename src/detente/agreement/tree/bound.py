"""Sentences about sums at all times, and what limits them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from detente.agreement.tree.at import At, unplaced
from detente.agreement.tree.condition import Condition
from detente.agreement.tree.word import Day, Entry, Path, Value, Variable, Word


@dataclass(frozen=True, slots=True)
class ForEach:
    """`for each Party P in NATO`."""

    sort: Literal["Party", "State"]
    var: Variable
    group: Word | None


@dataclass(frozen=True, slots=True)
class Scope:
    """`of P`, `on S`."""

    preposition: Literal["of", "on", "in"]
    var: Variable


@dataclass(frozen=True, slots=True)
class Count:
    """`the sum of M.warheads over missiles M of P where ...`; without `path`, the number of them."""

    path: Path | None
    noun: Word
    var: Variable | None
    scopes: tuple[Scope, ...]
    where: Condition | None
    at: At = unplaced()


@dataclass(frozen=True, slots=True)
class Level:
    """`its value as of 1997-05-27`, and by how much above or below it the limit lies. Never under a strict `op`."""

    on: Day | Entry
    margin: Value | None = None
    side: Literal["above", "below"] = "above"
    at: At = unplaced()


@dataclass(frozen=True, slots=True)
class Always:
    """`at all times, for each Party P, ... shall not exceed 1550`."""

    binders: tuple[ForEach, ...]
    counts: tuple[Count, ...]
    op: Literal["at most", "at least", "less than", "more than"]
    limit: Value | Level
