"""Conditions of a rule as formulas over the fields of its events.

What the fields do not settle (what others have done, where a place lies, a term left open) is free, and one and the
same wherever two rules ask for the same. So a formula that nothing meets is met by no event table at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

import z3

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
    Group,
    Is,
    IsIn,
    LeftOpen,
    Moment,
    Not,
    Or,
    Parties,
    PartyVar,
    Placed,
    PlaceNamed,
    TerritoryOf,
)
from detente.prove.world import Expr, Slot, World


@dataclass(slots=True)
class Scope:
    """Who and what the variables of a rule stand for; `touched` gathers the fields asked about, `open` the terms left open."""

    world: World
    slots: Mapping[str, Slot]
    parties: dict[str, Expr]
    bearer: Expr
    at: Expr | None
    touched: set[tuple[str, str, str]] = field(default_factory=set)
    open: set[str] = field(default_factory=set)
    deeds: dict[tuple[str, str, str], None] = field(default_factory=dict)

    def field_of(self, term: FieldOf) -> Expr:
        """The variable of `X.troops`."""
        slot = self.slots[term.var]
        self.touched.add((*slot, term.field))
        return self.world.fielded(slot, term.field)

    def party(self, who: PartyVar) -> Expr:
        """The party that a variable stands for."""
        return self.parties[who.name] if who.name in self.parties else self.world.party(who.name)


def formula(condition: Condition, scope: Scope) -> Expr:
    """The condition as a formula."""
    match condition:
        case And(items):
            return z3.And([formula(item, scope) for item in items])
        case Or(items):
            return z3.Or([formula(item, scope) for item in items])
        case Not(item):
            return z3.Not(formula(item, scope))
        case Compare():
            return _compared(condition, scope)
        case Is(term, None):
            return scope.field_of(term)
        case Is(term, str(word)):
            return scope.field_of(term) == scope.world.code(word)
        case IsIn():
            return _membership(condition, scope)
        case Placed():
            return _placed(condition, scope)
        case Done():
            return _done(condition, scope)
    raise AssertionError(condition)  # pragma: no cover  every sort of condition is named above


def _compared(condition: Compare, scope: Scope) -> Expr:
    left, op = scope.field_of(condition.term), condition.op
    match condition.value:
        case Constant(value=str(word)):
            return left == scope.world.code(word) if op == "equal to" else left != scope.world.code(word)
        case Constant(value=bool(flag)):
            return left == flag if op == "equal to" else left != flag
        case Constant(value=number):
            return _ordered(left, op, z3.RealVal(str(Fraction(repr(number)))) if isinstance(number, float) else number)
        case Moment(day):
            # A date is met by any moment of that day, and `more than` it means after that day (semantics, section 4).
            first, next_day = day.toordinal(), day.toordinal() + 1
            return {
                "at least": left >= first,
                "more than": left >= next_day,
                "at most": left < next_day,
                "less than": left < first,
                "equal to": z3.And(left >= first, left < next_day),
                "not equal to": z3.Or(left < first, left >= next_day),
            }[op]
        case LeftOpen(name):
            scope.open.add(name)
            return _ordered(left, op, scope.world.opaque(f"value of {name}", left.sort()))
        case FieldOf() as other:
            return _ordered(left, op, scope.field_of(other))
    raise AssertionError(condition)  # pragma: no cover


def _ordered(left: Expr, op: str, right: Expr) -> Expr:
    match op:
        case "at least":
            return left >= right
        case "at most":
            return left <= right
        case "more than":
            return left > right
        case "less than":
            return left < right
        case "equal to":
            return left == right
        case _:
            return left != right


# ---- groups -------------------------------------------------------------------------


def _membership(condition: IsIn, scope: Scope) -> Expr:
    who = scope.field_of(condition.term) if isinstance(condition.term, FieldOf) else scope.party(condition.term)
    if isinstance(condition.group, LeftOpen):
        scope.open.add(condition.group.name)
        return scope.world.relation(f"in {condition.group.name}", z3.BoolSort())(who)
    return member(scope.world, condition.group, who, condition.on if condition.on is not None else scope.at)


def member(world: World, name: str, who: Expr, at: date | Expr | None) -> Expr:
    """That a party is in a group: on a day, at a moment that is a variable, or (None) at some time."""
    group = world.agreement.groups.get(name)
    return z3.BoolVal(val=False) if group is None else z3.Or([_one(world, group, n, who, at) for n in range(len(group.members))])


def _one(world: World, group: Group, number: int, who: Expr, at: date | Expr | None) -> Expr:
    entry = group.members[number]
    is_it = who == world.code(entry.member)
    if at is None:
        return is_it
    moment = z3.RealVal(at.toordinal()) if isinstance(at, date) else at
    parts = [is_it]
    if entry.since is not None:
        parts.append(moment >= entry.since.toordinal())
    if entry.until is not None:
        parts.append(moment < entry.until.toordinal())
    return z3.And(parts)


def among(world: World, who: Parties, party: Expr, at: Expr | None) -> Expr:
    """That a party is one of these; Parties() are those of the agreement."""
    named = who.names or (() if who.group else world.agreement.parties)
    found = [party == world.code(name) for name in named]
    if who.group:
        found.append(member(world, who.group, party, at))
    return z3.Or(found)


# ---- places --------------------------------------------------------------------------


def _placed(condition: Placed, scope: Scope) -> Expr:
    name = f"{'.'.join(part for part in scope.slots[condition.term.var] if part)}.{condition.term.field}"
    match condition.place:
        case PlaceNamed(place):
            return _stands(condition, scope, f"{name} {place}", None)
        case LeftOpen(place):
            scope.open.add(place)
            return _stands(condition, scope, f"{name} {place}", None)
        case TerritoryOf(AnyOther() | EveryOther()):
            others = [scope.world.code(p) for p in scope.world.agreement.parties]
            return z3.Or([z3.And(scope.bearer != p, _stands(condition, scope, f"{name} territory", z3.IntVal(p))) for p in others])
        case TerritoryOf(PartyVar() as who):
            return _stands(condition, scope, f"{name} territory", scope.party(who))
        case TerritoryOf(Parties(names=names)) if names:
            return z3.Or([_stands(condition, scope, f"{name} territory", z3.IntVal(scope.world.code(p))) for p in names])
        case _:
            others = [scope.world.code(p) for p in scope.world.agreement.parties]
            return z3.Or([_stands(condition, scope, f"{name} territory", z3.IntVal(p)) for p in others])


def _stands(condition: Placed, scope: Scope, name: str, owner: Expr | None) -> Expr:
    """How the place stands to another: inside it, overlapping, touching, or so far from it."""
    scope.touched.add((*scope.slots[condition.term.var], condition.term.field))

    def value(what: str, sort: Expr) -> Expr:
        full = f"{name} {what}"
        return scope.world.opaque(full, sort) if owner is None else scope.world.relation(full, sort)(owner)

    far = value("distance", z3.RealSort())
    inside, overlapping, touching = (value(what, z3.BoolSort()) for what in ("inside", "overlapping", "touching"))
    scope.world.facts[f"{name} {owner}"] = z3.And(
        far >= 0, z3.Implies(inside, overlapping), z3.Implies(z3.Or(overlapping, touching), far == 0)
    )
    match condition.relation:
        case "lies in":
            return inside
        case "overlaps":
            return overlapping
        case "touches":
            return touching
        case "within":
            return far <= z3.RealVal(str(Fraction(repr(float(condition.distance_m or 0)))))
        case _:
            return far <= scope.field_of(FieldOf(condition.term.var, "range"))


# ---- what others have done ---------------------------------------------------------------


def _done(condition: Done, scope: Scope) -> Expr:
    about = scope.slots.get(condition.about.name) if condition.about is not None else None
    subject = getattr(condition, "subject", "")
    base = f"{condition.kind} {subject} about {'.'.join(about) if about else 'nothing'}"
    ever = scope.world.relation(base, z3.BoolSort())
    before = condition.before
    done = scope.world.relation(f"{base} before {before.field}", z3.BoolSort()) if before is not None else ever
    scope.deeds[condition.kind, subject, before.field if before is not None else ""] = None

    def by(party: Expr) -> Expr:
        if before is not None:
            scope.world.facts[f"{base} {before.field} {party}"] = z3.Implies(done(party), ever(party))
        return done(party)

    parties = [z3.IntVal(scope.world.code(p)) for p in scope.world.agreement.parties]
    match condition.by:
        case EveryOther():
            return z3.And([z3.Or(scope.bearer == p, by(p)) for p in parties])
        case AnyOther():
            return z3.Or([z3.And(scope.bearer != p, by(p)) for p in parties])
        case PartyVar() as who:
            return by(scope.party(who))
        case Parties() as who:
            asked = [z3.IntVal(scope.world.code(p)) for p in _names(scope.world.agreement, who)]
            return z3.And([by(p) for p in asked]) if condition.every else z3.Or([by(p) for p in asked])
        case _:
            return z3.Or([by(p) for p in parties])


def _names(agreement: Agreement, who: Parties) -> tuple[str, ...]:
    group = agreement.groups.get(who.group) if who.group else None
    return (*(m.member for m in group.members), *who.names) if group is not None else who.names or agreement.parties
