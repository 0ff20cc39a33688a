"""Classes that rules make of one quantity or level: a value that falls between two of them, or into two that ask different things.

Two rules divide a field where one applies just below a value and the other just above it, all else being equal. A value
between them is a gap if no rule at all applies there. A part that belongs to both is an overlap if both are duties of one
act with different deadlines, and neither class holds the other: a stricter class within a wider one is no overlap.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import z3

from detente.agreement.clause import Agreement, Compare, Constant, Duty, Permission
from detente.agreement.sense import part_sense
from detente.agreement.wording import nodes
from detente.prove.act import after_all, no_act
from detente.prove.claim import Claim, Undecided, named
from detente.prove.model import event
from detente.prove.occasions import NOT_ASKED, Told
from detente.prove.region import Region
from detente.prove.sketch import Row, Sketch, Wanted
from detente.prove.solver import UndecidedError, satisfied
from detente.prove.world import Expr

_TINY = Fraction(1, 1_000_000)


def classes(agreement: Agreement, regions: Sequence[Region]) -> Told:
    """Every gap and overlap, kind by kind and field by field."""
    for kind in dict.fromkeys(one.occasion.kind for one in regions):
        some = [one for one in regions if one.occasion.kind == kind and not isinstance(one.rule, Permission)]
        limits: dict[str, dict[Fraction, list[Region]]] = {}
        for one in some:
            for name, value in _limits(one):
                near = limits.setdefault(name, {}).setdefault(value, [])
                near += [one] if one not in near else []
        for name, values in limits.items():
            try:
                yield from _gaps(agreement, some, name, values)
                yield from _overlaps(agreement, some, name, values)
            except UndecidedError as stop:
                yield Undecided(f"gaps and overlaps of {kind}.{name}", tuple(one.id for one in some), f"the solver gave up: {stop}")


def _limits(one: Region) -> Iterator[tuple[str, Fraction]]:
    """Each value with which the rule compares a field of its occasion."""
    for test in nodes(one.occasion.where):
        if isinstance(test, Compare) and isinstance(test.value, Constant) and test.term.var == one.occasion.var:
            number = test.value.value
            if isinstance(number, int | float) and not isinstance(number, bool):
                yield test.term.field, Fraction(str(number))


# ---- gaps -----------------------------------------------------------------------------


def _gaps(agreement: Agreement, some: Sequence[Region], name: str, values: dict[Fraction, list[Region]]) -> Told:
    variable, step = _field(some, name)
    is_whole = step == 1
    told: set[tuple[str, str]] = set()
    points = sorted({v + d for v in values for d in ((-1, 0, 1) if is_whole else (0,))})
    for point in points:
        near = [one for v in (point - 1, point, point + 1) for one in values.get(v, ())] if is_whole else values[point]
        below = [(one, _at(one, variable, point - step)) for one in near]
        above = [(one, _at(one, variable, point + step)) for one in near]
        for low, lower in below:
            for high, upper in above:
                if low.id == high.id or (low.id, high.id) in told or not _is_alike(low, high):
                    continue
                none = [z3.Not(one.meets) for one in some]
                found = event([low, high], variable == _number(variable, point), lower, upper, *none)
                if found is not None:
                    told.add((low.id, high.id))
                    yield _gap(agreement, low, high, name, point, (found.row, *found.deeds))


def _is_alike(low: Region, high: Region) -> bool:
    """Whether two rules can be meant as classes: both about the same bearers."""
    return str(low.scope.bearer) == str(high.scope.bearer) and low.force.meets(high.force)


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


def _overlaps(agreement: Agreement, some: Sequence[Region], name: str, values: dict[Fraction, list[Region]]) -> Told:
    variable, step = _field(some, name)
    duties = [one for one in some if isinstance(one.rule, Duty)]
    for number, one in enumerate(duties):
        for other in duties[number + 1 :]:
            if not _ask_apart(agreement, one, other):
                continue
            ends = sorted(v for v, near in values.items() if one in near or other in near)
            found = _common(one, other, variable, step, ends)
            if found is not None:
                yield _overlap(agreement, one, other, name, *found)


def _ask_apart(agreement: Agreement, one: Region, other: Region) -> bool:
    """Whether two duties are of one act, owed by the same, at different times."""
    a, b = one.rule, other.rule
    if not (isinstance(a, Duty) and isinstance(b, Duty)) or a.act.kind != b.act.kind or not _is_alike(one, other):
        return False
    return a.voluntary == b.voluntary and part_sense(agreement, a, a.deadline) != part_sense(agreement, b, b.deadline)


def _common(one: Region, other: Region, variable: Expr, step: Fraction, ends: list[Fraction]) -> tuple[Fraction, tuple[Row, ...]] | None:
    """A value that both classes hold, while below them stands only one of the two and above them only the other."""
    for low, high in ((one, other), (other, one)):
        for first in ends:
            for last in (v for v in ends if v >= first):
                outside = (_at(low, variable, first - step), z3.Not(_at(high, variable, first - step)))
                beyond = (z3.Not(_at(low, variable, last + step)), _at(high, variable, last + step))
                both = (_at(low, variable, first), _at(high, variable, first), _at(low, variable, last), _at(high, variable, last))
                if satisfied(*low.bounds, *outside, *beyond, *both) is not None:
                    found = event([low, high], variable == _number(variable, last), *outside, *beyond, *both, low.binds, high.binds)
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
    return Claim(
        "class-overlap",
        f"{one.occasion.kind} with {name} of exactly {shown} falls under both {named([one.id])} and {named([other.id])}, which ask different things",
        other.rule.head.span,
        "let one of them leave it out: `more than` or `less than`",
        (one.id, other.id),
        (Sketch(f"{name} of exactly {shown} falls under both", f"{int(as_of[:4]) + 5}{as_of[4:]}", rows, wanted),),
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
    key = next(k for k, v in one.scope.world.variables.items() if v is variable or str(v) == str(variable))
    inside = z3.substitute(one.scope.world.limits[key], (variable, number))
    return z3.And(inside, z3.substitute(one.meets, (variable, number)))


def _shown(agreement: Agreement, one: Region, name: str, value: Fraction) -> str:
    meant = agreement.kinds[one.occasion.kind].fields[name]
    if meant.type == "scale":
        return meant.levels[int(value)]
    if meant.unit == "m" and value >= 1000:
        return f"{float(value / 1000):,.12g} km"
    return f"{float(value):,.12g}" + (f" {meant.unit}" if meant.unit in ("m", "t") else "")
