"""From what a solver found to the row of an event: a value for every field that the rules ask about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import z3

from detente.agreement.clause import Agreement
from detente.model.kind import Field
from detente.prove.force import Force, shifted
from detente.prove.region import Region
from detente.prove.sketch import Row
from detente.prove.solver import plainest, satisfied
from detente.prove.world import Expr, Slot, World

FAR_AWAY = "-48.9,-123.4"
"""A point in the South Pacific, further from land than any other (47 to 49 degrees south, 123 west)."""

_USUAL = date(2030, 6, 15)


@dataclass(frozen=True, slots=True)
class Found:
    """A model of some regions, and the row of its event."""

    world: World
    model: Expr
    row: Row
    deeds: tuple[Row, ...]


def usual_day(forces: Iterable[Force]) -> date:
    """A day on which all bind, if there is one: half a year after the last has begun, or midway to the first end."""
    some = tuple(forces)
    start = max((f.starts for f in some if f.starts), default=None)
    end = min((f.ends for f in some if f.ends), default=None)
    if start is None:
        return _USUAL if end is None or end > _USUAL else shifted(end, -200)
    if end is not None and start < end < shifted(start, 600):
        return start + (end - start) / 2
    return shifted(start, 300)


def event(regions: Sequence[Region], *also: Expr, name: str = "E-1", on: date | None = None) -> Found | None:
    """An event that meets the formulas, as plain as possible, and `on` that day if it can be; None where there is none.

    Raises:
        UndecidedError: the solver has given up.
    """
    world, scope = regions[0].scope.world, regions[0].scope
    slot = next(iter(scope.slots.values()))
    kind = world.agreement.kinds[slot[0]]
    formulas = [*{b.get_id(): b for r in regions for b in r.bounds}.values(), *also]
    model = satisfied(*formulas)
    if model is None:
        return None
    touched = {key for r in regions for key in r.scope.touched if key[:2] == slot}
    names = [f for f in kind.fields if (*slot, f) in touched or f == kind.happens]
    day = on if on is not None else usual_day(r.force for r in regions)
    wishes = [(world.fielded(slot, f), _wishes(world, kind.fields[f], day)) for f in names if kind.fields[f].type != "place"]
    others = [(world.fielded(slot, f), _others(world)) for f in names if kind.fields[f].type == "party" and f != "party"]
    model = plainest(model, formulas, [*others, *wishes, *_silent(regions)])
    cells = {f: text for f in names if (text := _cell(world, model, slot, kind.fields[f])) is not None}
    about = (*slot, "about")
    if about in touched:
        cells.pop("about", None)
    return Found(world, model, Row(slot[0], name, cells), tuple(_deeds(regions, model, name, cells)))


def _wishes(world: World, meant: Field, day: date) -> list[Expr]:
    match meant.type:
        case "time":
            return [z3.RealVal(day.toordinal())]
        case "party":
            return [z3.IntVal(world.code(p)) for p in world.agreement.parties]
        case "flag":
            return [z3.BoolVal(val=False)]
        case _:
            return []


def _others(world: World) -> list[Expr]:
    """Another party than the first, where there is a choice."""
    return [z3.IntVal(world.code(p)) for p in world.agreement.parties[1:2]]


def _silent(regions: Sequence[Region]) -> list[tuple[Expr, list[Expr]]]:
    """That nobody has done anything about the event, where that is left open."""
    found = []
    for world in (regions[0].scope.world,):
        for name, relation in world.free.items():
            if " about " in name and isinstance(relation, z3.FuncDeclRef):
                found += [(relation(world.code(p)), [z3.BoolVal(val=False)]) for p in world.agreement.parties]
    return found


def value(model: Expr, variable: Expr) -> Fraction | bool:
    """What a model gives to a variable."""
    found = model.eval(variable, model_completion=True)
    if z3.is_bool(found):
        return bool(z3.is_true(found))
    return Fraction(found.as_fraction()) if z3.is_rational_value(found) else Fraction(found.as_long())


def _cell(world: World, model: Expr, slot: Slot, meant: Field) -> str | None:
    if meant.type == "place":
        return _place(world, model, slot, meant.name)
    got = value(model, world.fielded(slot, meant.name))
    match meant.type:
        case "flag":
            return "yes" if got else "no"
        case "scale":
            return meant.levels[int(got)]
        case "time":
            return stamped(got)
        case "count":
            return str(int(got))
        case "number":
            return _amount(Fraction(got), meant.unit)
        case _:
            return world.word(int(got)) or ("Xland" if meant.type == "party" else f"other-{int(got)}")


def stamped(moment: Fraction | bool) -> str:
    """A day, or a moment of it where it is not its beginning."""
    days = Fraction(moment)
    day = date.fromordinal(min(max(1, int(days)), date.max.toordinal()))
    if days == int(days):
        return day.isoformat()
    minutes = round((days - int(days)) * 1440)
    return (datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%MZ")


def _amount(number: Fraction, unit: str | None) -> str:
    if unit == "m" and number >= 1000 and (number / 1000).denominator in (1, 2, 5, 10):
        return f"{float(number / 1000):.12g} km"
    return f"{float(number):.12g}" + (f" {unit}" if unit in ("m", "t") else "")


def _place(world: World, model: Expr, slot: Slot, name: str) -> str:
    """A place that stands so to the one place that the rules ask about; a point far from all land where it stands apart."""
    base = f"{slot[0]}.{name} "
    for known in list(world.free):
        if known.startswith(base) and known.endswith((" inside", " overlapping")):
            other = known.removeprefix(base).rsplit(" ", 1)[0]
            if other != "territory" and value(model, world.free[known]):
                return other
            if other == "territory":
                for party in world.agreement.parties:
                    if value(model, world.free[known](world.code(party))):
                        return party
    return FAR_AWAY


def _deeds(regions: Sequence[Region], model: Expr, event_name: str, cells: dict[str, str]) -> Iterable[Row]:
    """What others have done about the event, in the model."""
    world: World = regions[0].scope.world
    agreement: Agreement = world.agreement
    slot = next(iter(regions[0].scope.slots.values()))
    number = 0
    for kind, subject, before in dict.fromkeys(d for r in regions for d in r.scope.deeds):
        base = f"{kind} {subject} about {'.'.join(part for part in slot)}"
        name = f"{base} before {before}" if before else base
        relation = world.free.get(name)
        for party in agreement.parties:
            if relation is not None and value(model, relation(world.code(party))):
                number += 1
                given = _earlier(cells.get(before) or cells.get(agreement.kinds[slot[0]].happens or ""))
                times = {f: given for f, meant in agreement.kinds[kind].fields.items() if meant.type == "time" and f != "until"}
                yield Row(kind, f"D-{number}", {"party": party, "about": event_name, **({"subject": subject} if subject else {}), **times})


def _earlier(cell: str | None) -> str:
    return shifted(date.fromisoformat((cell or _USUAL.isoformat())[:10]), -30).isoformat()
