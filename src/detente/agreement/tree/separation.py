"""Sentences about the distance between two craft."""

from __future__ import annotations

from dataclasses import dataclass

from detente.agreement.tree.at import At, unplaced
from detente.agreement.tree.condition import Condition
from detente.agreement.tree.deed import Nominal
from detente.agreement.tree.word import Value, Variable, Word


@dataclass(frozen=True, slots=True)
class CraftTree:
    """`warship A of a Party`."""

    noun: Word
    var: Variable
    of: Nominal | None = None
    at: At = unplaced()


@dataclass(frozen=True, slots=True)
class Gap:
    """`1 nm or 1000 ft vertically`, `1000 ft vertically`; never both None."""

    horizontal: Value | None
    vertical: Value | None
    at: At = unplaced()


@dataclass(frozen=True, slots=True)
class Apart:
    """`at all times, for any two warships A and B of different Parties, the distance between A and B shall be at least 5 nm`.

    With two nouns: `for any warship A and any aircraft B`. `between` are the variables as the distance names them.
    """

    nouns: tuple[Word, ...]
    pair: tuple[Variable, Variable]
    different: bool
    where: Condition | None
    between: tuple[Variable, Variable]
    gap: Gap


@dataclass(frozen=True, slots=True)
class KeepAway:
    """`each warship A of a Party shall keep at least 500 m from any warship B of any other Party`."""

    first: CraftTree
    gap: Gap
    second: CraftTree
    where: Condition | None
