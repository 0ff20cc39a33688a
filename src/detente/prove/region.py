"""When a rule applies: its occasion, bearers, conditions and days as named formulas, and what excuses from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import z3

from detente.agreement.clause import (
    Agreement,
    And,
    AnyOther,
    AnyRule,
    Condition,
    Duty,
    EventVar,
    EveryOther,
    Exceptional,
    FieldOf,
    Occasion,
    Parties,
    PartyVar,
    Permission,
    Prohibition,
    Separation,
)
from detente.agreement.wording import written
from detente.prove.force import Force, in_force
from detente.prove.formula import Scope, among, formula
from detente.prove.world import Expr, World

OnOccasion = Prohibition | Duty | Permission


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that a rule asks, in its words."""

    words: str
    holds: Expr


@dataclass(frozen=True, slots=True)
class Region:
    """The events to which a rule applies.

    `parts` must all hold, together `meets`; `excuse` is `unless` and every permission that goes
    before the rule; `binds` is that nothing excuses from what the rule looks at. `exceptions` are the conditions under which another act is owed.
    """

    rule: AnyRule
    occasion: Occasion
    force: Force
    parts: tuple[Part, ...]
    meets: Expr
    excuse: Expr
    binds: Expr
    is_excusable: bool
    exceptions: tuple[tuple[Exceptional, Expr], ...]
    scope: Scope

    @property
    def id(self) -> str:
        """The rule's id."""
        return self.rule.head.id

    @property
    def bounds(self) -> list[Expr]:
        """What the event's fields may be at all."""
        return list(self.scope.world.bounds({kind for kind, _ in self.scope.slots.values()}))


def region(world: World, rule: OnOccasion) -> Region | None:
    """The region of a rule about one event; None of a duty that is owed once."""
    occasion = rule.deed if isinstance(rule, Permission) else rule.occasion
    if occasion is None:
        return None
    agreement = world.agreement
    scope = _scope(world, rule.head.id, occasion, rule.bearer)
    parts = list(_roles(world, occasion, rule.bearers, scope))
    parts += [Part(_said(rule, c), formula(c, scope)) for c in conjuncts(occasion.where)]
    force = in_force(agreement, rule.head)
    parts += _days(force, scope, is_thing=agreement.kinds[occasion.kind].genus == "thing")
    excuse = [formula(rule.unless, scope)] if rule.unless is not None else []
    if isinstance(rule, Prohibition):
        excuse += [_permitted(world, p, scope, occasion) for p in _permissions(agreement, rule)]
    exceptions = tuple((e, formula(e.where, scope)) for e in rule.exceptions) if isinstance(rule, Duty) else ()
    meets = z3.And([part.holds for part in parts])
    binds = z3.And(meets, z3.Not(z3.Or(excuse))) if excuse else meets
    return Region(rule, occasion, force, tuple(parts), meets, z3.Or(excuse), binds, bool(excuse), exceptions, scope)


def separated(world: World, rule: Separation) -> tuple[list[Part], Scope]:
    """What a separation asks of the two craft, beside their distance."""
    slots = {rule.first.var: (rule.first.kind, "first"), rule.second.var: (rule.second.kind, "second")}
    scope = Scope(world, slots, {}, world.party(f"{rule.head.id} bearer"), world.opaque(f"{rule.head.id} moment", z3.RealSort()))
    return [Part(_said(rule, c), formula(c, scope)) for c in conjuncts(rule.where)], scope


def conjuncts(condition: Condition | None) -> Iterator[Condition]:
    """The parts that must all hold."""
    if isinstance(condition, And):
        for item in condition.items:
            yield from conjuncts(item)
    elif condition is not None:
        yield condition


def _said(rule: AnyRule, condition: Condition) -> str:
    return f"`{written(rule, condition)}`"


def _scope(world: World, rule: str, occasion: Occasion, bearer: PartyVar) -> Scope:
    slot = (occasion.kind, "")
    parties = {who.name: world.fielded(slot, role) for role, who in occasion.roles if isinstance(who, PartyVar)}
    bears = parties.get(bearer.name)
    if bears is None:
        bears = world.party(f"{rule} bearer")
        parties[bearer.name] = bears
    scope = Scope(world, {occasion.var: slot}, parties, bears, world.happens(slot))
    scope.touched |= {(*slot, role) for role, who in occasion.roles if not isinstance(who, EventVar)}
    return scope


def _roles(world: World, occasion: Occasion, bearers: Parties, scope: Scope) -> Iterator[Part]:
    slot = (occasion.kind, "")
    words = f"that its bearer is one of {bearers.group}" if bearers.group else "who is bound"
    yield Part(words, among(world, bearers, scope.bearer, scope.at))
    for role, who in occasion.roles:
        match who:
            case Parties():
                yield Part(f"its {role}", among(world, who, world.fielded(slot, role), scope.at))
            case AnyOther() | EveryOther():
                yield Part(f"that its {role} is another Party", world.fielded(slot, role) != scope.bearer)
            case _:
                pass


def _days(force: Force, scope: Scope, *, is_thing: bool) -> Iterator[Part]:
    """The days on which the rule binds. A thing that was there before it binds is met by it, so only its end counts."""
    at = scope.at if scope.at is not None else scope.world.opaque("some moment", z3.RealSort())
    if force.starts is not None and (not is_thing or force.is_empty):
        yield Part(f"that {force.why_starts}", at >= force.starts.toordinal())
    if force.ends is not None:
        yield Part(f"that {force.why_ends}", at < force.ends.toordinal())


def _permissions(agreement: Agreement, rule: Prohibition) -> Iterator[Permission]:
    for other in agreement.rules:
        if not isinstance(other, Permission):
            continue
        if other.deed.kind == rule.occasion.kind and any(rule.head.id in ref.rules for ref in other.notwithstanding):
            yield other


def _permitted(world: World, permission: Permission, mine: Scope, occasion: Occasion) -> Expr:
    """That a permission excuses the event, its own `unless` aside or not met."""
    own = _scope(world, permission.head.id, permission.deed, permission.bearer)
    parts = [part.holds for part in _roles(world, permission.deed, permission.bearers, own)]
    parts += [formula(c, own) for c in conjuncts(permission.deed.where)]
    parts += [part.holds for part in _days(in_force(world.agreement, permission.head), own, is_thing=False)]
    if permission.unless is not None:
        parts.append(z3.Not(formula(permission.unless, own)))
    mine.touched |= own.touched
    mine.open |= own.open
    mine.deeds |= own.deeds
    return z3.And([*parts, *([mine.field_of(FieldOf(occasion.var, "party")) == own.bearer] if occasion.var in mine.slots else [])])
