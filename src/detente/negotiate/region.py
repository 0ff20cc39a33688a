"""When a rule applies, as a formula over the fields of one event; and the ways in which one formula holds and another does not.

A rule's *region* is what its occasion, bearers, `where` and `unless` ask of the event. Party variables become the fields
that they fill. What cannot be written over fields (a term left open, a comparison of two fields) is `Opaque`: no value is
chosen for it, and the judge decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from detente.agreement.clause import (
    Agreement,
    And,
    AnyOther,
    Compare,
    Condition,
    Constant,
    Done,
    EveryOther,
    FieldOf,
    Is,
    IsIn,
    Moment,
    Not,
    Occasion,
    Or,
    Parties,
    PartyVar,
    Placed,
    PlaceNamed,
    TerritoryOf,
)

MOST_WAYS = 48
"""Conjunctions kept of a formula; more are not looked at."""


@dataclass(frozen=True, slots=True)
class Number:
    """An ordered field against a value; a level by its index, a flag as 0 and 1, a date by its day."""

    field: str
    op: str
    value: float | date


@dataclass(frozen=True, slots=True)
class WordIn:
    """A word field, or a party, is one of these words."""

    field: str
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place field stands so to a place or to a party's territory (`other` names it; "own" is the bearer's, "other" another Party's)."""

    field: str
    relation: str
    other: str
    distance_m: float | None


@dataclass(frozen=True, slots=True)
class Deed:
    """Somebody has done something about the event; `by`: "every other Party", "any other Party", or a field or name."""

    kind: str
    by: str
    every: bool
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Opaque:
    """What no value is chosen for."""

    text: str


Atom = Number | WordIn | Spot | Deed | Opaque


@dataclass(frozen=True, slots=True)
class All:
    """All of them."""

    items: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least one of them."""

    items: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class No:
    """The contrary."""

    item: Formula


Formula = Atom | All | Some | No
Literal_ = tuple[Atom, bool]
Way = tuple[Literal_, ...]
"""Atoms that must hold or fail together."""

NOTHING = Some(())
EVERYTHING = All(())


@dataclass(frozen=True, slots=True)
class Setting:
    """What a formula is built with: the draft, the occasion's own variable, and the field that each party variable fills."""

    agreement: Agreement
    var: str
    fields: dict[str, str]
    bearer: str


def region(agreement: Agreement, occasion: Occasion, bearers: Parties, bearer: PartyVar, unless: Condition | None) -> Formula:
    """When the rule binds somebody to something: bearers, roles and `where` met, and no excuse."""
    setting = setting_of(agreement, occasion, bearer)
    parts: list[Formula] = []
    if setting.bearer:
        parts.append(WordIn(setting.bearer, _members(agreement, bearers)))
    for name, who in occasion.roles:
        if isinstance(who, Parties):
            parts.append(WordIn(name, _members(agreement, who)))
    if occasion.where is not None:
        parts.append(formula(occasion.where, setting))
    if unless is not None:
        parts.append(No(formula(unless, setting)))
    return All(tuple(parts))


def setting_of(agreement: Agreement, occasion: Occasion, bearer: PartyVar) -> Setting:
    """The setting of an occasion's conditions."""
    fields = {who.name: name for name, who in occasion.roles if isinstance(who, PartyVar)}
    return Setting(agreement, occasion.var, fields, fields.get(bearer.name, ""))


def formula(condition: Condition, setting: Setting) -> Formula:
    """A condition over the fields of the event."""
    match condition:
        case And(items):
            return All(tuple(formula(i, setting) for i in items))
        case Or(items):
            return Some(tuple(formula(i, setting) for i in items))
        case Not(item):
            return No(formula(item, setting))
        case Compare(FieldOf(field=field), op, Constant(value=str(word))) if op in ("equal to", "not equal to"):
            found: Formula = WordIn(field, frozenset({word}))
            return found if op == "equal to" else No(found)
        case Compare(FieldOf(field=field), op, Constant(value=int() | float() as value)):
            return Number(field, op, float(value))
        case Compare(FieldOf(field=field), op, Moment(day)):
            return Number(field, op, day)
        case Is(FieldOf(field=field), None):
            return Number(field, "equal to", 1.0)
        case Is(FieldOf(field=field), str(word)):
            return WordIn(field, frozenset({word}))
        case IsIn(term, str(group)):
            name = term.field if isinstance(term, FieldOf) else setting.fields.get(term.name, "")
            return WordIn(name, members(setting.agreement, group, condition.on)) if name else Opaque(str(condition.span))
        case Placed(FieldOf(field=field), relation, PlaceNamed(name), distance):
            return Spot(field, relation, name, distance)
        case Placed(FieldOf(field=field), relation, TerritoryOf(who), distance):
            return Spot(field, relation, _whose(who, setting), distance)
        case Done(by, every, kind, about) if about is not None:
            return Deed(kind, _by(by, setting), every, getattr(condition, "subject", ""))
        case _:
            return Opaque(repr(condition)[:200])


def members(agreement: Agreement, group: str, on: date | None = None) -> frozenset[str]:
    """The members of a group that are in it for good, or on a day."""
    found = agreement.groups.get(group)
    if found is None:
        return frozenset()
    return frozenset(
        m.member
        for m in found.members
        if (m.until is None if on is None else (m.since is None or m.since <= on) and (m.until is None or on < m.until))
    )


def _members(agreement: Agreement, who: Parties) -> frozenset[str]:
    if who.group:
        return members(agreement, who.group) | frozenset(who.names)
    return frozenset(who.names or agreement.parties)


def _whose(who: object, setting: Setting) -> str:
    if isinstance(who, PartyVar):
        return "own" if setting.fields.get(who.name) == setting.bearer else "other"
    if isinstance(who, Parties) and len(who.names) == 1:
        return f"territory of {who.names[0]}"
    return "other"


def _by(who: object, setting: Setting) -> str:
    match who:
        case EveryOther():
            return "every other Party"
        case AnyOther():
            return "any other Party"
        case PartyVar(name):
            return f"field {setting.fields.get(name, '')}"
        case Parties(group=None, names=()):
            return "every Party"
        case Parties(names=(name, *_)):
            return name
        case _:
            return "any other Party"


# ---- ways -----------------------------------------------------------------------------


def ways(formula_: Formula, *, want: bool = True) -> tuple[Way, ...]:
    """The conjunctions of atoms under which a formula holds (or fails); at most `MOST_WAYS`."""
    return tuple(_ways(formula_, want))[:MOST_WAYS]


def _ways(node: Formula, want: bool) -> Iterator[Way]:
    match node:
        case No(item):
            yield from _ways(item, not want)
        case All(items) if want:
            yield from _together(items, want)
        case Some(items) if not want:
            yield from _together(items, want)
        case All(items) | Some(items):
            for item in items:
                yield from list(_ways(item, want))[:MOST_WAYS]
        case _:
            yield ((node, want),)


def _together(items: Sequence[Formula], want: bool) -> list[Way]:
    found: list[Way] = [()]
    for item in items:
        options = list(_ways(item, want))[:MOST_WAYS]
        found = [(*one, *two) for one in found for two in options if _agree(one, two)][:MOST_WAYS]
    return found


def _agree(one: Way, two: Way) -> bool:
    """Whether no atom must both hold and fail."""
    return all((atom, not want) not in one for atom, want in two)


def atoms(node: Formula) -> Iterator[Atom]:
    """Every atom of a formula."""
    match node:
        case All(items) | Some(items):
            for item in items:
                yield from atoms(item)
        case No(item):
            yield from atoms(item)
        case _:
            yield node
