"""Rules without an occasion: those that never bind, and those that say again what another says."""

from __future__ import annotations

from collections.abc import Sequence

import z3

from detente.agreement.clause import AnyRule, Bound, Duty, Permission, Prohibition, RecurringDuty, Separation
from detente.agreement.sense import part_sense
from detente.prove.act import after_all, due_day, no_act
from detente.prove.claim import Claim, Undecided
from detente.prove.clash import _period_day
from detente.prove.force import in_force
from detente.prove.formula import Scope, formula
from detente.prove.model import usual_day
from detente.prove.occasions import Told
from detente.prove.region import conjuncts, separated
from detente.prove.sketch import Sketch, Wanted
from detente.prove.solver import UndecidedError, clash
from detente.prove.world import World


def repeats(world: World, rules: Sequence[AnyRule]) -> Told:
    """Rules that bind on no day, rules that count or look at nothing, and duties owed twice."""
    for rule in rules:
        force = in_force(world.agreement, rule.head)
        if force.is_empty and not _is_about_events(rule):
            yield Claim(
                "never-fires",
                f"rule {rule.head.id} binds on no day: {force.why_starts}, and {force.why_ends}",
                rule.head.span,
                "correct one of the two days, or take the rule out",
                (rule.head.id,),
                (),
            )
        try:
            yield from _counts_nothing(world, rule)
        except UndecidedError as stop:
            yield Undecided("whether it can fire", (rule.head.id,), f"the solver gave up: {stop}")
    yield from _twice(world, rules)


def _is_about_events(rule: AnyRule) -> bool:
    """Whether the rule is looked at with its events, days included."""
    return isinstance(rule, Prohibition | Permission) or (isinstance(rule, Duty) and rule.occasion is not None)


def _counts_nothing(world: World, rule: AnyRule) -> Told:
    """A sum of what cannot be, a distance between craft that cannot be."""
    parts: list[tuple[str, list[z3.ExprRef], list[str]]] = []
    if isinstance(rule, Bound):
        for summand in rule.summands:
            slot = (summand.kind, "")
            parties = {b.var: world.party(f"{rule.head.id} {b.var}") for b in rule.binders}
            scope = Scope(world, {summand.var: slot}, parties, next(iter(parties.values())), world.happens(slot))
            formulas = [formula(c, scope) for c in conjuncts(summand.where)]
            parts.append((f"counts no {summand.kind}", [*world.bounds({summand.kind})], []))
            parts[-1][1].append(z3.And(formulas))
    elif isinstance(rule, Separation):
        asked, _ = separated(world, rule)
        parts.append(("looks at no two craft", [*world.bounds({rule.first.kind, rule.second.kind}), z3.And([p.holds for p in asked])], []))
    for what, formulas, _ in parts:
        if clash(formulas[:-1], formulas[-1:]) is not None:
            yield Claim(
                "never-fires",
                f"rule {rule.head.id} {what}: nothing meets its `where`",
                rule.head.span,
                "correct one of the limits, or take it out",
                (rule.head.id,),
                (),
            )


def _twice(world: World, rules: Sequence[AnyRule]) -> Told:
    """Duties without an occasion that mean the same; the one that binds no longer is idle."""
    agreement = world.agreement
    owed = [r for r in rules if (isinstance(r, RecurringDuty) or (isinstance(r, Duty) and r.occasion is None)) and not r.voluntary]
    told: set[str] = set()
    for one in owed:
        for other in owed:
            if other is one or other.head.id in told or not isinstance(one, RecurringDuty | Duty) or type(one) is not type(other):
                continue
            names = ("bearers", "act", "deadline", "recurrence", "unless", "consequence")
            senses = [[part_sense(agreement, r, getattr(r, n, None)) for n in names] for r in (one, other)]
            mine, theirs = in_force(agreement, one.head), in_force(agreement, other.head)
            is_later = not mine.holds(theirs) or rules.index(one) > rules.index(other)
            if senses[0] != senses[1] or one.head.phases != other.head.phases or not theirs.holds(mine) or not is_later:
                continue
            told.add(one.head.id)
            day = usual_day((mine, theirs))
            due = due_day(agreement, one.deadline, "", {}) if isinstance(one, Duty) else _period_day(one, day)
            bearer = (*one.bearers.names, *agreement.parties)[0]
            rows = (no_act(one.act, bearer, ""),)
            sketch = Sketch(
                f"what breaches rule {one.head.id} breaches rule {other.head.id}",
                after_all(rows, due, day),
                rows,
                tuple(Wanted(r.head.id, "", ("breached",), bearer) for r in (one, other)),
            )
            yield Claim(
                "idle-rule",
                f"rule {one.head.id} asks nothing that rule {other.head.id} does not ask already: who breaches the one breaches the other",
                one.head.span,
                "take it out, or let it ask what the other does not; to repeat knowingly, leave it",
                (one.head.id, other.head.id),
                (sketch,),
                rows,
                "note",
            )
            break
