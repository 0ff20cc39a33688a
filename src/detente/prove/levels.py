"""Ceilings and floors that no count can meet at once, and those that another one already contains.

A count of things with a condition is a part of the count without it, and what stands on the territory of several
States is a part of the whole. Beside that, nothing is assumed of numbers but that none is below nought.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import z3

from detente.agreement.clause import Agreement, BaselineBound, Binder, Bound, Constant, LeftOpen, Level, StrictBound, Summand
from detente.agreement.sense import part_sense
from detente.prove.claim import Claim, Undecided, listed
from detente.prove.force import in_force, shifted
from detente.prove.formula import Scope, formula
from detente.prove.occasions import Told
from detente.prove.sketch import Row, Sketch, Wanted
from detente.prove.solver import UndecidedError, clash, satisfied
from detente.prove.world import Expr, World


@dataclass(frozen=True, slots=True)
class Count:
    """One number of one Party: what is counted, on whose territory, under which condition (by its sense)."""

    kind: str
    field: str | None
    on: str
    sense: str
    summand: Summand


def levels(world: World) -> Told:
    """For each Party and each day on which some level begins: the fewest levels that contradict one another."""
    agreement = world.agreement
    rules = [r for r in agreement.rules if isinstance(r, Bound | BaselineBound)]
    excused = tuple(r.head.id for r in rules if r.unless is not None)
    if excused:
        yield Undecided(
            "whether ceilings and floors contradict", excused, "what is excused is no contradiction; levels with `unless` are left out"
        )
    phased = tuple(r.head.id for r in rules if r.unless is None and r.head.phases is not None)
    if phased:
        yield Undecided("whether ceilings and floors contradict", phased, "when their phases begin is not fixed; they are left out")
    kept = [r for r in rules if r.unless is None and r.head.phases is None]
    told: set[tuple[str, ...]] = set()
    for party in agreement.parties:
        for day in _days(agreement, kept):
            try:
                at_once = [r for r in kept if _binds(world, r, party, day)]
                core = _contradiction(world, at_once, party)
            except UndecidedError as stop:
                yield Undecided("whether ceilings and floors contradict", tuple(r.head.id for r in kept), f"the solver gave up: {stop}")
                return
            ids = tuple(r.head.id for r in core)
            if core and ids not in told:
                told.add(ids)
                yield _claim(world, core, party, day)
    yield from _contained(world, kept, told)


def _days(agreement: Agreement, rules: Sequence[Level]) -> list[date]:
    """Days on which everything that ever binds together does."""
    starts = {force.starts for r in rules if (force := in_force(agreement, r.head)).starts is not None}
    return sorted(d for d in starts if d is not None) or [date(2030, 6, 15)]


def _binds(world: World, rule: Level, party: str, day: date) -> bool:
    force = in_force(world.agreement, rule.head)
    if (force.starts is not None and day < force.starts) or (force.ends is not None and day >= force.ends):
        return False
    return party in _members(world.agreement, _bearer(rule), day)


def _bearer(rule: Level) -> Binder:
    return next(b for b in rule.binders if b.sort == "Party")


def _members(agreement: Agreement, binder: Binder, day: date) -> tuple[str, ...]:
    group = agreement.groups.get(binder.over.group) if binder.over.group else None
    if group is None:
        return binder.over.names or agreement.parties
    is_member = ((m.since is None or m.since <= day) and (m.until is None or day < m.until) for m in group.members)
    return tuple(m.member for m, yes in zip(group.members, is_member, strict=True) if yes)


# ---- as sums ---------------------------------------------------------------------------


def _contradiction(world: World, rules: Sequence[Level], party: str) -> list[Level]:
    """The fewest levels that no counts can meet."""
    counts: dict[Count, Expr] = {}
    asked: list[tuple[Level, Expr]] = [(r, f) for r in rules for f in _formulas(world, r, party, counts)]
    core = clash(_known(world, counts), [f for _, f in asked])
    return [] if core is None else list(dict.fromkeys(asked[n][0] for n in core))


def _formulas(world: World, rule: Level, party: str, counts: dict[Count, Expr]) -> Iterator[Expr]:
    """What the rule asks of its sum, once for each State where it counts by States."""
    state = next((b for b in rule.binders if b.sort != "Party" or b is not _bearer(rule)), None)
    places = [""] if state is None else list(_members(world.agreement, state, date(2030, 6, 15)))[:20]
    for place in places:
        total = z3.Sum([_variable(world, rule, s, place if s.on else "", counts) for s in rule.summands])
        limit = _limit(world, rule, f"{party} {place}")
        if limit is None:
            continue
        strict = isinstance(rule, StrictBound)
        yield (total < limit if strict else total <= limit) if rule.op == "at most" else (total > limit if strict else total >= limit)


def _limit(world: World, rule: Level, where: str) -> Expr | None:
    if isinstance(rule, Bound):
        return world.opaque(f"value of {rule.limit.name}", z3.RealSort()) if isinstance(rule.limit, LeftOpen) else _real(rule.limit)
    base = world.opaque(f"value as of {rule.on} of {part_sense(world.agreement, rule, rule.summands)} {where}", z3.RealSort())
    world.facts[str(base)] = base >= 0
    if rule.margin is None:
        return base
    margin = world.opaque(f"value of {rule.margin.name}", z3.RealSort()) if isinstance(rule.margin, LeftOpen) else _real(rule.margin)
    change = base * margin / 100 if rule.in_percent and not isinstance(rule.margin, LeftOpen) else margin
    return base + change if rule.side == "above" else base - change


def _real(limit: Constant) -> Expr:
    return z3.RealVal(str(Fraction(str(limit.value))))


def _variable(world: World, rule: Level, summand: Summand, place: str, counts: dict[Count, Expr]) -> Expr:
    sense = repr(part_sense(world.agreement, rule, summand.where)) if summand.where is not None else ""
    key = Count(summand.kind, summand.field, place, sense, summand)
    same = next((c for c in counts if (c.kind, c.field, c.on, c.sense) == (key.kind, key.field, key.on, key.sense)), None)
    if same is not None:
        return counts[same]
    meant = world.agreement.kinds[summand.kind].fields.get(summand.field or "")
    is_whole = summand.field is None or (meant is not None and meant.type == "count")
    name = f"count {len(counts)} of {summand.kind}"
    counts[key] = z3.ToReal(z3.Int(name)) if is_whole else z3.Real(name)
    return counts[key]


def _known(world: World, counts: dict[Count, Expr]) -> list[Expr]:
    """No number is below nought, and a part is no more than its whole."""
    known = [variable >= 0 for variable in counts.values()]
    known += world.facts.values()
    by_place: dict[tuple[str, str | None, str], dict[str, Expr]] = defaultdict(dict)
    for one, variable in counts.items():
        by_place[one.kind, one.field, one.sense][one.on] = variable
        for other, whole in counts.items():
            if one is not other and (one.kind, one.field, one.on) == (other.kind, other.field, other.on) and _is_part(world, one, other):
                known.append(variable <= whole)
    for places in by_place.values():
        if "" in places and len(places) > 1:
            known.append(z3.Sum([v for place, v in places.items() if place]) <= places[""])
    return known


def _is_part(world: World, one: Count, whole: Count) -> bool:
    """Whether whatever meets the one's condition meets the other's."""
    if whole.summand.where is None:
        return True
    if one.summand.where is None:
        return False
    slot = (one.kind, "")
    formulas = []
    for summand in (one.summand, whole.summand):
        assert summand.where is not None  # seen above  # noqa: S101
        bearer = world.party("bearer of a level")
        scope = Scope(
            world,
            {summand.var: slot},
            dict.fromkeys((summand.of or "", ""), bearer),
            bearer,
            world.opaque("moment of a level", z3.RealSort()),
        )
        formulas.append(formula(summand.where, scope))
    return satisfied(*world.bounds({one.kind}), formulas[0], z3.Not(formulas[1])) is None


# ---- in words ---------------------------------------------------------------------------


def _claim(world: World, core: Sequence[Level], party: str, day: date) -> Claim:
    ids = [r.head.id for r in core]
    said = [f"rule {r.head.id} allows {_bound_words(r)}" for r in core]
    sketches = tuple(s for r in core if (s := _witness(world, core, r, party, day)) is not None)
    what = (
        f"{listed(said)}: no count of {party} meets {'both' if len(core) == 2 else 'all'}"
        if len(core) > 1
        else f"{said[0]}: no count of {party} meets that"
    )
    return Claim(
        "floor-above-ceiling",
        what,
        max((r.head.span for r in core), key=lambda s: (s.line, s.column)),
        "correct one of the limits, or let them hold at different times",
        tuple(ids),
        sketches,
        sketches[0].rows if sketches else (),
    )


def _bound_words(rule: Level) -> str:
    counted = " + ".join(f"{s.field} of {s.kind}" if s.field else s.kind for s in rule.summands)
    if isinstance(rule, BaselineBound):
        return f"{rule.op} its value as of {rule.on} of {counted}"
    op = {"at most": "less than", "at least": "more than"}[rule.op] if isinstance(rule, StrictBound) else rule.op
    shown = (
        rule.limit.name
        if isinstance(rule.limit, LeftOpen)
        else f"{rule.limit.value:,}"
        if isinstance(rule.limit.value, int)
        else rule.limit.shown
    )
    return f"{op} {shown} of {counted}"


def _witness(world: World, core: Sequence[Level], kept: Level, party: str, day: date) -> Sketch | None:
    """Counts that meet one of the levels exactly, and so breach another; of plain stocks only, which an inventory states."""
    stocks = [s for r in core for s in r.summands]
    if len(core) != 2 or any(s.where or s.on or world.agreement.kinds[s.kind].genus != "stock" for s in stocks):
        return None
    if any(not isinstance(r, Bound) or isinstance(r.limit, LeftOpen) or len(r.summands) != 1 or isinstance(r, StrictBound) for r in core):
        return None
    if not isinstance(kept, Bound) or not isinstance(kept.limit, Constant) or len({s.kind for s in stocks}) != 1:
        return None
    other = next(r for r in core if r is not kept)
    amount = str(int(float(kept.limit.value)))
    row = Row("inventory", "I-1", {"party": party, "of": stocks[0].kind, "value": amount, "as-of": (shifted(day, -1)).isoformat()})
    wanted = (Wanted(kept.head.id, "", ("kept",), party), Wanted(other.head.id, "", ("breached",), party))
    return Sketch(
        f"{amount} of {stocks[0].kind} keep rule {kept.head.id} and breach rule {other.head.id}",
        (shifted(day, 30)).isoformat(),
        (row,),
        wanted,
    )


def _contained(world: World, rules: Sequence[Level], told: set[tuple[str, ...]]) -> Told:
    """A level that another one already contains, for the same Parties and at least as long."""
    in_conflict = {i for ids in told for i in ids}
    idle: set[str] = set()
    for one in rules:
        for other in rules:
            if one is other or {one.head.id, other.head.id} & in_conflict or other.head.id in idle or one.op != other.op:
                continue
            if not _same_bearers(world.agreement, one, other) or not in_force(world.agreement, other.head).holds(
                in_force(world.agreement, one.head)
            ):
                continue
            counts: dict[Count, Expr] = {}
            party = world.agreement.parties[0] if world.agreement.parties else ""
            mine, theirs = ([*_formulas(world, r, party, counts)] for r in (one, other))
            escapes = satisfied(*_known(world, counts), z3.And(theirs), z3.Not(z3.And(mine)))
            back = satisfied(*_known(world, counts), z3.And(mine), z3.Not(z3.And(theirs)))
            if escapes is None and not (back is None and rules.index(one) < rules.index(other)):
                idle.add(one.head.id)
                yield Claim(
                    "idle-rule",
                    f"rule {one.head.id} asks nothing that rule {other.head.id} does not ask already: {_bound_words(other)} is {_bound_words(one)}, too",
                    one.head.span,
                    "take it out, or let it ask what the other does not; to repeat knowingly, leave it",
                    (one.head.id, other.head.id),
                    tuple(s for s in [_breach(world, one, other)] if s is not None),
                    severity="note",
                )
                break


def _same_bearers(agreement: Agreement, one: Level, other: Level) -> bool:
    return bool(part_sense(agreement, one, one.binders) == part_sense(agreement, other, other.binders))


def _breach(world: World, one: Level, other: Level) -> Sketch | None:
    """A count that breaches both."""
    if not isinstance(one, Bound) or not isinstance(one.limit, Constant) or len(one.summands) != 1 or not isinstance(other, Bound):
        return None
    summand = one.summands[0]
    if summand.where or summand.on or summand.field or world.agreement.kinds[summand.kind].genus != "stock":
        return None
    amount = int(float(one.limit.value)) + (1 if one.op == "at most" else -1)
    force = in_force(world.agreement, one.head)
    day = force.starts or date(2030, 6, 15)
    party = next(iter(_members(world.agreement, _bearer(one), day)), "")
    if amount < 0 or not party:
        return None
    row = Row("inventory", "I-1", {"party": party, "of": summand.kind, "value": str(amount), "as-of": (shifted(day, -1)).isoformat()})
    wanted = tuple(Wanted(r.head.id, "", ("breached",), party) for r in (one, other))
    return Sketch(f"{amount} of {summand.kind} breach both rules", (shifted(day, 30)).isoformat(), (row,), wanted)
