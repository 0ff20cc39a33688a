"""Classes that rules make of one quantity or level: a value that falls between two of them, or into two that ask different things.

Two rules divide a field where one applies just below a value and the other just above it, all else being equal. The one value
between them is a gap if no rule at all applies there; wider stretches are taken as meant. A part that belongs to both is an overlap if both are duties of one
act with different deadlines, and neither class holds the other: a stricter class within a wider one is no overlap.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import z3

from detente.agreement.clause import Agreement, Compare, Constant, Duty, Not, Permission
from detente.agreement.sense import part_sense
from detente.agreement.wording import nodes
from detente.prove.act import after_all, no_act
from detente.prove.claim import Claim, Undecided, named
from detente.prove.force import shifted
from detente.prove.model import event
from detente.prove.occasions import NOT_ASKED, Told
from detente.prove.region import Region
from detente.prove.sketch import Row, Sketch, Wanted
from detente.prove.solver import UndecidedError, asked, holds
from detente.prove.world import Expr

_TINY = Fraction(1, 1_000_000)


def classes(agreement: Agreement, regions: Sequence[Region]) -> Told:
    """Every gap and overlap, kind by kind and field by field."""
    for kind in dict.fromkeys(one.occasion.kind for one in regions):
        some = [one for one in regions if one.occasion.kind == kind and not isinstance(one.rule, Permission)]
        limits: dict[str, _Limits] = {}
        for one in some:
            for name, value, ops in _limits(one):
                limits.setdefault(name, {}).setdefault(value, []).append((one, ops))
        for name, values in limits.items():
            try:
                yield from _gaps(agreement, some, name, values)
                yield from _overlaps(agreement, some, name, values)
            except UndecidedError as stop:
                yield Undecided(f"gaps and overlaps of {kind}.{name}", tuple(one.id for one in some), f"the solver gave up: {stop}")


_Limits = dict[Fraction, list[tuple[Region, frozenset[str]]]]
"""Each value that rules compare a field with, and how."""

_CONTRARY = {"at least": "less than", "less than": "at least", "at most": "more than", "more than": "at most"}


def _limits(one: Region) -> Iterator[tuple[str, Fraction, frozenset[str]]]:
    """Each value with which the rule compares a field of its occasion, and how: both ways, where a `not` stands somewhere."""
    is_plain = not any(isinstance(node, Not) for node in nodes(one.occasion.where))
    for test in nodes(one.occasion.where):
        if isinstance(test, Compare) and isinstance(test.value, Constant) and test.term.var == one.occasion.var:
            number = test.value.value
            if isinstance(number, int | float) and not isinstance(number, bool):
                ops = {test.op} if is_plain or test.op not in _CONTRARY else {test.op, _CONTRARY[test.op]}
                yield test.term.field, Fraction(str(number)), frozenset(ops)


# ---- gaps -----------------------------------------------------------------------------


def _gaps(agreement: Agreement, some: Sequence[Region], name: str, values: _Limits) -> Told:
    variable, step = _field(some, name)
    is_whole = step == 1
    solver = asked(*some[0].bounds, *(z3.Not(one.meets) for one in some))
    told: set[tuple[str, str]] = set()
    for point in sorted({v + d for v in values for d in ((-1, 0, 1) if is_whole else (0,))}):
        ending = _beside(values, (point, "less than"), (point - 1, "at most") if is_whole else None)
        beginning = _beside(values, (point, "more than"), (point + 1, "at least") if is_whole else None)
        if not ending or not beginning:
            continue
        here = variable == _number(variable, point)
        # What one of two rules asks just beside a value that no rule covers; most values are covered, or only one rule ends there.
        below = [(one, f) for one in ending if holds(solver, here, f := _at(one, variable, point - step))]
        above = [(one, f) for one in beginning if below and holds(solver, here, f := _at(one, variable, point + step))]
        for low, lower in below:
            for high, upper in above:
                if low is high or (low.id, high.id) in told or not _is_alike(low, high) or not holds(solver, here, lower, upper):
                    continue
                found = event([low, high], here, lower, upper, *(z3.Not(one.meets) for one in some))
                if found is not None:
                    told.add((low.id, high.id))
                    yield _gap(agreement, low, high, name, point, (found.row, *found.deeds))


def _beside(values: _Limits, *asked_for: tuple[Fraction, str] | None) -> list[Region]:
    """The rules with such a limit, each once."""
    found = [one for some in asked_for if some is not None for one, ops in values.get(some[0], ()) if some[1] in ops]
    return [one for n, one in enumerate(found) if all(one is not before for before in found[:n])]


def _is_alike(low: Region, high: Region) -> bool:
    """Whether two rules can be meant as classes: both about the same bearers."""
    return bool(low.scope.bearer.eq(high.scope.bearer)) and low.force.meets(high.force)


def _gap(agreement: Agreement, low: Region, high: Region, name: str, point: Fraction, rows: tuple[Row, ...]) -> Claim:
    shown = _shown(agreement, low, name, point)
    sides = sorted((low, high), key=lambda one: (one.rule.head.span.line, one.rule.head.span.column))
    wanted = tuple(Wanted(one.id, "E-1", NOT_ASKED) for one in sides)
    return Claim(
        "class-gap",
        f"{low.occasion.kind} with {name} of exactly {shown} falls between rule {low.id} (below) and rule {high.id} (above): no rule asks anything of it",
        sides[1].rule.head.span,
        "let one of them include it: `at least` or `at most`",
        tuple(one.id for one in sides),
        (Sketch(f"{name} of exactly {shown} falls under no rule", after_all(rows), rows, wanted),),
        rows,
    )


# ---- overlaps ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Class:
    """A duty as a class of a field: where it can begin and end, all else being equal."""

    one: Region
    sense: object
    lower: tuple[Fraction, ...]
    upper: tuple[Fraction, ...]


def _overlaps(agreement: Agreement, some: Sequence[Region], name: str, values: _Limits) -> Told:
    variable, step = _field(some, name)
    solver = asked(*some[0].bounds)
    senses = {one.id: part_sense(agreement, one.rule, one.rule.deadline) for one in some if isinstance(one.rule, Duty)}
    if len({repr(sense) for sense in senses.values()}) < 2:
        return
    found = [_class(solver, one, senses[one.id], variable, step, values) for one in some if one.id in senses]
    for number, one in enumerate(found):
        for other in found[number + 1 :]:
            if one.sense == other.sense or not _may_overlap(one, other) or not _asks_alike(one.one, other.one):
                continue
            both = _common(solver, one, other, variable, step)
            if both is not None:
                yield _overlap(agreement, one.one, other.one, name, *both)


def _class(solver: Expr, one: Region, sense: object, variable: Expr, step: Fraction, values: _Limits) -> _Class:
    own = sorted(v for v, near in values.items() if any(one is other for other, _ in near))
    beside = sorted({v + d for v in own for d in ((-1, 0, 1) if step == 1 else (0,))})
    lower = [v for v in beside if holds(solver, _at(one, variable, v), z3.Not(_at(one, variable, v - step)))]
    upper = [v for v in beside if holds(solver, _at(one, variable, v), z3.Not(_at(one, variable, v + step)))]
    return _Class(one, sense, tuple(lower), tuple(upper))


def _may_overlap(one: _Class, other: _Class) -> bool:
    return any(q <= p for low, high in ((one, other), (other, one)) for q in high.lower for p in low.upper)


def _asks_alike(one: Region, other: Region) -> bool:
    """Whether two duties are of one act, owed by the same."""
    a, b = one.rule, other.rule
    return isinstance(a, Duty) and isinstance(b, Duty) and a.act.kind == b.act.kind and a.voluntary == b.voluntary and _is_alike(one, other)


def _common(solver: Expr, one: _Class, other: _Class, variable: Expr, step: Fraction) -> tuple[Fraction, tuple[Row, ...]] | None:
    """A value that both classes hold, while below them stands only one of the two and above them only the other."""
    for lower, higher in ((one, other), (other, one)):
        low, high = lower.one, higher.one
        for first, last in ((q, p) for q in higher.lower for p in lower.upper if q <= p):
            ends = (
                _at(low, variable, first - step),
                z3.Not(_at(high, variable, first - step)),
                z3.Not(_at(low, variable, last + step)),
                _at(high, variable, last + step),
                *(_at(region, variable, value) for region in (low, high) for value in (first, last)),
            )
            if not holds(solver, *ends):
                continue
            found = event([low, high], variable == _number(variable, last), *ends, low.binds, high.binds)
            if found is not None:
                return last, (found.row, *found.deeds)
    return None


def _overlap(agreement: Agreement, one: Region, other: Region, name: str, point: Fraction, rows: tuple[Row, ...]) -> Claim:
    assert isinstance(one.rule, Duty)  # noqa: S101
    shown = _shown(agreement, one, name, point)
    actor = rows[0].cells.get("party", "")
    rows = (*rows, no_act(one.rule.act, actor, "E-1"))
    wanted = tuple(Wanted(r.id, "E-1", ("breached",)) for r in (one, other))
    as_of = after_all(rows)
    long_after = shifted(date.fromisoformat(as_of), 5 * 366).isoformat()
    return Claim(
        "class-overlap",
        f"{one.occasion.kind} with {name} of exactly {shown} falls under both {named([one.id])} and {named([other.id])}, which ask different things",
        other.rule.head.span,
        "let one of them leave it out: `more than` or `less than`",
        (one.id, other.id),
        (Sketch(f"{name} of exactly {shown} falls under both", long_after, rows, wanted),),
        rows,
    )


# ---- values --------------------------------------------------------------------------------


def _field(some: Sequence[Region], name: str) -> tuple[Expr, Fraction]:
    """The variable of a field and the step to its next value: one where it is whole or a level."""
    variable = some[0].scope.world.fielded((some[0].occasion.kind, ""), name)
    return variable, Fraction(1) if z3.is_int(variable) else _TINY


def _number(variable: Expr, value: Fraction) -> Any:
    return z3.IntVal(int(value)) if z3.is_int(variable) else z3.RealVal(str(value))


def _at(one: Region, variable: Expr, value: Fraction) -> Expr:
    """The rule's region where the field has this value, within the field's own bounds."""
    number = _number(variable, value)
    key = next(k for k, v in one.scope.world.variables.items() if v is variable)
    inside = z3.substitute(one.scope.world.limits[key], (variable, number))
    return z3.And(inside, z3.substitute(one.meets, (variable, number)))


def _shown(agreement: Agreement, one: Region, name: str, value: Fraction) -> str:
    meant = agreement.kinds[one.occasion.kind].fields[name]
    if meant.type == "scale":
        return meant.levels[int(value)]
    if meant.unit == "m" and value >= 1000:
        return f"{float(value / 1000):,.12g} km"
    return f"{float(value):,.12g}" + (f" {meant.unit}" if meant.unit in ("m", "t") else "")
