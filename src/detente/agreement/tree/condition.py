"""Conditions: what stands after `where` and `unless`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from detente.agreement.tree.at import At, unplaced
from detente.agreement.tree.deed import Deed, Nominal
from detente.agreement.tree.place import PlaceWord
from detente.agreement.tree.word import Day, Path, Value, Variable, Word

Operator = Literal["at least", "at most", "more than", "less than", "equal to", "before", "after"]
SpatialWord = Literal["overlaps", "lies in", "touches", "reaches"]


@dataclass(frozen=True, slots=True)
class Compares:
    """`at least 9000`. `loose` is a phrase understood but not canonical ("or more")."""

    op: Operator
    value: Value
    loose: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Between:
    """`between 500 km and 5500 km`, both ends included."""

    low: Value
    high: Value


@dataclass(frozen=True, slots=True)
class InGroup:
    """`in NATO as of 1997-05-27`."""

    group: Word
    on: Day | None


@dataclass(frozen=True, slots=True)
class Near:
    """`within 50 km of the territory of any other Party`."""

    distance: Value
    place: PlaceWord


@dataclass(frozen=True, slots=True)
class Equals:
    """`ground`, `Arland`, `9000`, `X.party`, or the name of a flag."""

    value: Value


Predicate = Compares | Between | InGroup | Near | Equals


@dataclass(frozen=True, slots=True)
class Test:
    """`X.troops is at least 9000`, `X is not unannounced-to-troops`."""

    term: Path | Variable
    negated: bool
    predicate: Predicate
    at: At = unplaced()


@dataclass(frozen=True, slots=True)
class Located:
    """`X.area overlaps border-zone`."""

    term: Path | Variable
    relation: SpatialWord
    place: PlaceWord
    at: At = unplaced()


@dataclass(frozen=True, slots=True)
class HasDone:
    """`every other Party has consented to X before X.start`."""

    actor: Nominal
    negated: bool
    deed: Deed
    before: Path | None
    at: At = unplaced()


@dataclass(frozen=True, slots=True)
class HasPerceived:
    """`any other Party has declared that it perceives X as a threat before X.start`."""

    actor: Nominal
    negated: bool
    object: Nominal
    subject: Word
    before: Path | None
    at: At = unplaced()


@dataclass(frozen=True, slots=True)
class AllOf:
    """`... and ...`, two or more."""

    items: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """`... or ...`, two or more."""

    items: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Negation:
    """`not ...`."""

    item: Condition


Condition = Test | Located | HasDone | HasPerceived | AllOf | AnyOf | Negation
