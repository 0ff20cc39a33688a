"""Each rule about an event by itself: can it ever fire, do its exceptions leave anything of it, does another rule ask all of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import z3

from detente.agreement.clause import Act, Agreement, Duty, EveryOther, Exceptional, Prohibition, Release
from detente.agreement.sense import part_sense
from detente.prove.act import acts, after_all, day_to_act, due_day, names_of, no_act
from detente.prove.claim import Claim, Undecided, listed, named
from detente.prove.due import no_later
from detente.prove.model import Found, event
from detente.prove.region import Region
from detente.prove.sketch import Row, Sketch, Wanted
from detente.prove.solver import UndecidedError, answered, asked, clash, satisfied
from detente.prove.world import Expr

Told = Iterator[Claim | Undecided]
NOT_ASKED = ("untested", "not in force")


def _guarded(check: Callable[[Agreement, Region], Told], what: str, agreement: Agreement, region: Region) -> Told:
    try:
        yield from check(agreement, region)
    except UndecidedError as stop:
        yield Undecided(what, (region.id,), f"the solver gave up: {stop}")


def occasions(agreement: Agreement, regions: Sequence[Region]) -> Told:
    """What each rule shows by itself."""
    for one in regions:
        yield from _guarded(_alone, "whether it can fire, and what its exceptions leave of it", agreement, one)


# ---- can it fire ----------------------------------------------------------------------


def _alone(agreement: Agreement, one: Region) -> Told:
    core = clash(one.bounds, [part.holds for part in one.parts])
    if core is not None:
        yield _never(one, core)
        return
    if one.is_excusable and satisfied(*one.bounds, one.binds) is None:
        yield _excused(one)
        return
    yield from _exceptions(agreement, one)


def _never(one: Region, core: tuple[int, ...]) -> Claim:
    words = [one.parts[n].words for n in core]
    why = f"{listed(words)} never go together" if len(words) > 1 else f"nothing meets {words[0]}"
    sketch = None
    for left_out in reversed(core):
        found = event([one], *(part.holds for n, part in enumerate(one.parts) if n != left_out))
        if found is not None:
            rows = (found.row, *found.deeds)
            title = f"rule {one.id} asks nothing of what meets all but {one.parts[left_out].words.replace('`', '')}"
            sketch = Sketch(title.replace('"', "'"), after_all(rows), rows, (Wanted(one.id, "E-1", NOT_ASKED),))
            break
    return Claim(
        "never-fires",
        f"rule {one.id} can never fire: {why}",
        one.rule.head.span,
        "correct one of the limits, or take the rule out",
        (one.id,),
        (sketch,) if sketch is not None else (),
        sketch.rows if sketch is not None else (),
    )


def _excused(one: Region) -> Claim:
    found = event([one], one.meets)
    rows: tuple[Row, ...] = () if found is None else (found.row, *found.deeds)
    if found is not None and isinstance(one.rule, Duty):
        rows = (*rows, no_act(one.rule.act, _bearer(one, found), found.row.event))
    sketch = Sketch(f"rule {one.id} binds nobody", after_all(rows), rows, (Wanted(one.id, "E-1", ("kept",)),))
    return Claim(
        "swallowed-rule",
        f"rule {one.id} binds nobody: whatever it looks at is excused",
        one.rule.head.span,
        "narrow the `unless` or the permission, or take the rule out",
        (one.id,),
        (sketch,),
        rows,
    )


def _exceptions(agreement: Agreement, one: Region) -> Told:
    earlier: list[Expr] = []
    for exception, met in one.exceptions:
        if satisfied(*one.bounds, one.binds, met, *(z3.Not(e) for e in earlier)) is None:
            because = (
                "nothing that the rule looks at meets it"
                if satisfied(*one.bounds, one.binds, met) is None
                else "those before it take all its cases"
            )
            yield _unreached(one, exception, because)
        earlier.append(met)
    if one.exceptions and satisfied(*one.bounds, one.binds, *(z3.Not(e) for e in earlier)) is None:
        yield _replaced(agreement, one)


def _unreached(one: Region, exception: Exceptional, because: str) -> Claim:
    found = event([one], one.binds)
    assert found is not None  # the rule can fire  # noqa: S101
    assert isinstance(one.rule, Duty)  # noqa: S101
    rows = (found.row, *found.deeds, no_act(one.rule.act, _bearer(one, found), "E-1"))
    sketch = Sketch(f"exception {exception.id} is never reached", _looked(one, found, rows), rows, (Wanted(one.id, "E-1", ("breached",)),))
    return Claim(
        "never-fires",
        f"exception {exception.id} of rule {one.id} is never reached: {because}",
        exception.span,
        "correct one of the two limits, or take the exception out",
        (one.id,),
        (sketch,),
        rows,
    )


def _replaced(agreement: Agreement, one: Region) -> Claim:
    """Every case of the rule falls under an exception: done by its deadline, all is kept."""
    assert isinstance(one.rule, Duty)  # noqa: S101
    exception, met = one.exceptions[0]
    found = event([one], one.binds, met)
    assert found is not None  # none of the exceptions leaves anything, and the first is reached  # noqa: S101
    day = day_to_act(agreement, exception.deadline, found.row.kind, found.row.cells)
    done = acts(agreement, exception.act, _bearer(one, found), names_of(one.rule, found.row.cells), "E-1", day) if day is not None else ()
    rows = (found.row, *found.deeds, *done)
    sketch = Sketch(f"rule {one.id} is all exception", after_all(rows), rows, (Wanted(one.id, "E-1", ("kept",)),))
    return Claim(
        "swallowed-rule",
        f"rule {one.id}'s own deadline never counts: whatever it looks at falls under {'exception ' + exception.id if len(one.exceptions) == 1 else 'one of its exceptions'}",
        exception.span,
        "narrow the exception, or write its deadline as the rule's",
        (one.id,),
        (sketch,),
        rows,
    )


def _bearer(one: Region, found: Found) -> str:
    assert isinstance(one.rule, Duty)  # noqa: S101
    return names_of(one.rule, found.row.cells).get(one.rule.bearer.name) or found.row.cells.get("party", "")


def _looked(one: Region, found: Found, rows: Sequence[Row]) -> str:
    """A day on which all deadlines are over."""
    assert isinstance(one.rule, Duty)  # noqa: S101
    deadlines = [one.rule.deadline, *(e.deadline for e, _ in one.exceptions)]
    return after_all(rows, *(due_day(one.scope.world.agreement, d, found.row.kind, found.row.cells) for d in deadlines))


# ---- does another rule ask all of it ------------------------------------------------------


def idle(agreement: Agreement, regions: Sequence[Region]) -> Told:
    """Rules that ask nothing that one other rule does not ask already: one question to the solver for each, against all others."""
    told: set[str] = set()
    for one in regions:
        others = [o for o in regions if o is not one and o.id not in told and _asks_no_less(agreement, o, one)]
        if not others:
            continue
        try:
            found = next(
                (o for o in _covering(one, others) if not (_is_later(o, one) and _is_covered(o, one) and _asks_no_less(agreement, one, o))),
                None,
            )
        except UndecidedError as stop:
            yield Undecided("whether another rule makes it idle", (one.id,), f"the solver gave up: {stop}")
            continue
        if found is not None:
            told.add(one.id)
            yield _idle(one, found)


def _is_later(one: Region, other: Region) -> bool:
    spans = one.rule.head.span, other.rule.head.span
    return (spans[0].line, spans[0].column) > (spans[1].line, spans[1].column)


def _covering(one: Region, others: Sequence[Region]) -> Iterator[Region]:
    """The rules that bind wherever `one` binds. Each event that escapes one of them is tried on all that are left, so few questions are asked."""
    solver = asked(*one.bounds, one.binds)
    model = answered(solver)
    left = list(others) if model is not None else []
    while left:
        if model is not None:
            left = [o for o in left if z3.is_true(model.eval(o.binds, model_completion=True))]
        if not left:
            return
        other = left.pop(0)
        solver.push()
        solver.add(z3.Not(other.binds))
        model = answered(solver)
        solver.pop()
        if model is None:
            yield other


def _is_covered(one: Region, by: Region) -> bool:
    return satisfied(*one.bounds, one.binds, z3.Not(by.binds)) is None


def _asks_no_less(agreement: Agreement, wide: Region, narrow: Region) -> bool:
    """Whether what `wide` asks of an event, of a bearer, is all that `narrow` could ask; when either applies is not looked at."""
    a, b = narrow.rule, wide.rule
    if type(a) is not type(b) or narrow.occasion.kind != wide.occasion.kind or not wide.force.holds(narrow.force):
        return False
    if b.head.phases is not None and part_sense(agreement, b, b.head.phases) != part_sense(agreement, a, a.head.phases):
        return False
    if (b.head.survives != a.head.survives and a.head.survives is not None) or _is_released(agreement, wide.id):
        return False
    if isinstance(a, Prohibition):
        return True
    if not (isinstance(a, Duty) and isinstance(b, Duty)) or a.voluntary or b.voluntary or b.exceptions:
        return False
    if a.consequence is not None and part_sense(agreement, a, a.consequence) != part_sense(agreement, b, b.consequence):
        return False
    return _same_bearer(narrow, wide) and _does_no_less(a, b, a.act, b.act) and no_later(b, a)


def _same_bearer(one: Region, other: Region) -> bool:
    return bool(one.scope.bearer.eq(other.scope.bearer))


def _does_no_less(narrow: Duty, wide: Duty, a: Act, b: Act) -> bool:
    if a.kind != b.kind or a.counts_at != b.counts_at:
        return False
    ours, theirs = (dict(act.roles) for act in (a, b))
    fields = [{who: role for role, who in (d.occasion.roles if d.occasion else ())} for d in (narrow, wide)]
    for role, who in theirs.items():
        mine = ours.get(role)
        if isinstance(who, EveryOther) and mine is not None:
            continue
        # Variables are the same if they fill the same field of the occasion.
        if mine is None or (fields[0].get(mine, mine) != fields[1].get(who, who) and type(mine).__name__ != "EventVar"):
            return False
    return True


def _is_released(agreement: Agreement, rule: str) -> bool:
    return any(isinstance(r, Release) and any(rule in ref.rules for ref in r.scope) for r in agreement.rules)


def _idle(one: Region, by: Region) -> Claim:
    found = event([one, by], one.binds, *(z3.Not(e) for _, e in one.exceptions))
    rows: tuple[Row, ...] = () if found is None else (found.row, *found.deeds)
    if found is not None and isinstance(one.rule, Duty):
        rows = (*rows, no_act(one.rule.act, _bearer(one, found), "E-1"))
        as_of = max(_looked(one, found, rows), _looked(by, found, rows))
    else:
        as_of = after_all(rows)
    wanted = (Wanted(one.id, "E-1", ("breached",)), Wanted(by.id, "E-1", ("breached",)))
    return Claim(
        "idle-rule",
        f"{named([one.id])} asks nothing that {named([by.id])} does not ask already: who breaches the one breaches the other",
        one.rule.head.span,
        "take it out, or let it ask what the other does not; to repeat knowingly, leave it",
        (one.id, by.id),
        (Sketch(f"what breaches {named([one.id])} breaches {named([by.id])}", as_of, rows, wanted),),
        rows,
        "note",
    )
