"""Words and values: the smallest things that a sentence is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from detente.agreement.tree.at import At, unplaced


@dataclass(frozen=True, slots=True)
class Word:
    """A name, quoted where it holds a space: `border-zone`, `"United States"`."""

    text: str
    at: At = unplaced()


@dataclass(frozen=True, slots=True)
class Variable:
    """`X`, `A1`."""

    name: str
    at: At = unplaced()


@dataclass(frozen=True, slots=True)
class Path:
    """`X.troops`."""

    var: str
    field: str
    at: At = unplaced()


@dataclass(frozen=True, slots=True)
class Amount:
    """A number and its unit: `9000`, `5.5 nm`. `number` has no separators."""

    number: str
    unit: str | None = None
    at: At = unplaced()


@dataclass(frozen=True, slots=True)
class Day:
    """`2026-02-28`, as written; whether there is such a day is checked later."""

    text: str
    at: At = unplaced()


@dataclass(frozen=True, slots=True)
class Lasting:
    """`42 days`; `unit` is always the plural."""

    number: str
    unit: str
    at: At = unplaced()


@dataclass(frozen=True, slots=True)
class Entry:
    """`entry-into-force`."""

    at: At = unplaced()


@dataclass(frozen=True, slots=True)
class PhaseName:
    """`phase 2`."""

    id: Word
    at: At = unplaced()


@dataclass(frozen=True, slots=True)
class YearDay:
    """`15 November`; the month's name in full."""

    day: str
    month: str
    at: At = unplaced()


@dataclass(frozen=True, slots=True)
class RefTree:
    """`article 3`, `rule 4.1`, `phase 1`, or `4.1` alone."""

    sort: Literal["", "article", "rule", "phase"]
    id: Word
    at: At = unplaced()


Value = Amount | Day | Path | Word
Point = Path | Variable | Day | Entry | PhaseName
Stretch = Lasting | Word
