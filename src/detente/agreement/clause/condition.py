"""Conditions: what a rule asks of an event, its fields, its places and of what others have done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from detente.agreement.clause.who import EventVar, PartyVar, Who
from detente.model.span import Span


@dataclass(frozen=True, slots=True)
class FieldOf:
    """A field of an event variable: `X.troops`. `var` is "" for the act of a duty."""

    var: str
    field: str


@dataclass(frozen=True, slots=True)
class Constant:
    """A value in canonical units: a number (metres, tonnes, a count), a level's index from 0, or a word.

    `shown` is what the author wrote ("5 nm", "brigade").
    """

    value: float | int | str | bool
    shown: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A date as the text gives it; the interval of that day in the agreement's time zone."""

    day: date


@dataclass(frozen=True, slots=True)
class LeftOpen:
    """A term that the text names but does not fix. No verdict may rest on it."""

    name: str


Value = Constant | Moment | LeftOpen | FieldOf
Comparison = Literal["at least", "at most", "more than", "less than", "equal to", "not equal to"]


@dataclass(frozen=True, slots=True)
class Compare:
    """`X.troops is at least 9000`; for `between`, two of these under an `And`."""

    term: FieldOf
    op: Comparison
    value: Value
    span: Span


@dataclass(frozen=True, slots=True)
class Is:
    """`M.basing is ground`, `X is unannounced-to-troops`, `X.party is Arland`.

    For a flag `value` is None.
    """

    term: FieldOf
    value: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class IsIn:
    """Membership of a group: `X.on is in former-ussr`, `P is in NATO`, at the occasion or on a date."""

    term: FieldOf | PartyVar
    group: str | LeftOpen
    on: date | None
    span: Span


Relation = Literal["overlaps", "lies in", "touches", "reaches", "within"]


@dataclass(frozen=True, slots=True)
class TerritoryOf:
    """The territory of a party (or of any other party), as each account draws it."""

    who: Who


@dataclass(frozen=True, slots=True)
class PlaceNamed:
    """A place the agreement or the evidence names."""

    name: str


@dataclass(frozen=True, slots=True)
class Placed:
    """A spatial test between a field and a place: `X.area overlaps border-zone`.

    `within`: `X.area is within 50 km of the territory of any other Party`;
    `distance_m` is that distance in metres. `reaches`: the field's range covers
    the distance. Answered by Measures, never by the judge.
    """

    term: FieldOf
    relation: Relation
    place: PlaceNamed | TerritoryOf | LeftOpen
    distance_m: float | None
    span: Span


@dataclass(frozen=True, slots=True)
class Done:
    """Some party has done something about an event: `every other Party has consented to X before X.start`.

    `by` says who must have: Parties() with `every` for all Parties, EveryOther,
    AnyOther, or a PartyVar. `before` is strict.
    """

    by: Who
    every: bool
    kind: str
    about: EventVar | None
    before: FieldOf | None
    span: Span


@dataclass(frozen=True, slots=True)
class Perceived(Done):
    """`any other Party has declared that it perceives X as a threat before X.start`: a declared view, never a fact.

    Measured: statements of kind `perception` about `about`, by `by`, with
    `subject` ("threat"). A declaration counts when it is addressed to the
    bearer or to nobody in particular, and from the time it was made; `before`
    is strict. What is tested is that the view was declared, not that it is
    right; the verdict names whose perception it rests on. Silence is no
    perception: the declarer is the only one who could have one.
    """

    subject: str


@dataclass(frozen=True, slots=True)
class And:
    """All of them."""

    items: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of them."""

    items: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The contrary."""

    item: Condition


Condition = Compare | Is | IsIn | Placed | Done | And | Or | Not
