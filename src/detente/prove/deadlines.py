"""Deadlines that cannot be met: due before anybody is bound, before the occasion can be known, or on no day at all."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import z3

from detente.agreement.clause import (
    Agreement,
    Duty,
    EachPeriod,
    EventVar,
    FieldOf,
    Moment,
    RecurringDuty,
)
from detente.agreement.wording import deadline_words
from detente.prove.act import acts, after_all, day_to_act, due_day, names_of, no_act
from detente.prove.claim import Claim, Undecided
from detente.prove.due import due_of
from detente.prove.force import Force, entry_day, in_force, later, shifted
from detente.prove.model import event, usual_day
from detente.prove.occasions import NOT_ASKED, Told
from detente.prove.region import Region
from detente.prove.sketch import Row, Sketch, Wanted
from detente.prove.solver import UndecidedError, satisfied

MOST_DUE_DAYS = 400


def deadlines(agreement: Agreement, regions: Sequence[Region]) -> Told:
    """Each duty's deadline, and that of its consequence."""
    for rule in agreement.rules:
        force = in_force(agreement, rule.head)
        if force.is_empty:
            continue  # it never binds, which is told elsewhere
        own = next((one for one in regions if one.rule is rule), None)
        try:
            if isinstance(rule, RecurringDuty):
                yield from _on_no_day(agreement, rule, force)
            elif isinstance(rule, Duty) and rule.occasion is None:
                yield from _once(agreement, rule, force)
            elif isinstance(rule, Duty) and own is not None:
                yield from _never_bound(agreement, rule, own)
                yield from _before_known(agreement, rule, own)
                yield from _after_date(agreement, rule, own)
                yield from _announced_later(agreement, rule, own, regions)
            if isinstance(rule, Duty):
                yield from _consequence(agreement, rule, own)
        except UndecidedError as stop:
            yield Undecided("whether its deadline can be met", (rule.head.id,), f"the solver gave up: {stop}")


def _claim(rule: Duty | RecurringDuty, why: str, advice: str, sketch: Sketch, *others: str) -> Claim:
    return Claim(
        "unmeetable-deadline",
        f"rule {rule.head.id} {why}",
        rule.head.span,
        advice,
        (rule.head.id, *others),
        (sketch,),
        sketch.rows,
    )


# ---- without an occasion ----------------------------------------------------------------


def _once(agreement: Agreement, rule: Duty, force: Force) -> Told:
    due = due_day(agreement, rule.deadline, "", {})
    if due is None:
        return
    why = ""
    if force.starts is not None and due < force.starts:
        why = f"is due on {due}, before it binds anybody: {force.why_starts}"
    elif force.ends is not None and due >= force.ends:
        why = f"is due on {due}, when it binds nobody any more: {force.why_ends}"
    if why:
        as_of = shifted(max(due, force.starts or due), 40).isoformat()
        sketch = Sketch(f"rule {rule.head.id} is owed by nobody", as_of, (), (Wanted(rule.head.id, "", NOT_ASKED),))
        yield _claim(rule, why, "name a day on which the rule binds", sketch)


def _on_no_day(agreement: Agreement, rule: RecurringDuty, force: Force) -> Told:
    """A duty that comes back, and whose due days all lie outside the time in which it binds."""
    if force.starts is None or force.ends is None:
        return
    days = list(_due_days(agreement, rule, force.starts, force.ends))
    if days and not any(force.starts <= d < force.ends for d in days) and len(days) < MOST_DUE_DAYS:
        as_of = (shifted(force.ends, 400)).isoformat()
        sketch = Sketch(f"rule {rule.head.id} falls due on no day", as_of, (), (Wanted(rule.head.id, "", NOT_ASKED),))
        why = f"falls due on no day on which it binds ({force.starts} until {force.ends}); the next would be {min((d for d in days if d >= force.ends), default=days[-1])}"
        yield _claim(rule, why, "let it bind on one of its due days", sketch)


def _due_days(agreement: Agreement, rule: RecurringDuty, start: date, end: date) -> Iterator[date]:
    """Due days from the year before the first day to the year after the last, at most `MOST_DUE_DAYS`."""
    recurrence = rule.recurrence
    if isinstance(recurrence, EachPeriod):
        for year in range(max(start.year - 1, 1), min(end.year + 2, 9998))[: MOST_DUE_DAYS // 60]:
            if recurrence.by:
                yield from (date(year, d.month, _last(year, d.month, d.day)) for d in recurrence.by)
                continue
            for day in _ends(recurrence.period, year):
                due = day if recurrence.grace is None else later(day, recurrence.grace)
                if due is not None:
                    yield due
        return
    of = recurrence.anchor.of
    anchor = of.day if isinstance(of, Moment) else entry_day(agreement) if of == "entry-into-force" else None
    for _ in range(MOST_DUE_DAYS):
        anchor = later(anchor, recurrence.every) if anchor is not None else None
        if anchor is None or recurrence.every.unit in ("minutes", "hours"):
            return
        yield anchor
        if anchor >= end:
            return


def _last(year: int, month: int, day: int) -> int:
    return min(day, calendar.monthrange(year, month)[1])


def _ends(period: str, year: int) -> Iterator[date]:
    if period == "week":
        day = date(year, 1, 1)
        day += timedelta(days=6 - day.weekday())
        while day.year == year:
            yield day
            day += timedelta(days=7)
        return
    for month in {"year": (12,), "quarter": (3, 6, 9, 12)}.get(period, tuple(range(1, 13))):
        yield date(year, month, _last(year, month, 31))


# ---- with an occasion ---------------------------------------------------------------------


def _actor_is_bearer(one: Region) -> bool:
    slot = (one.occasion.kind, "")
    return bool(one.scope.bearer.eq(one.scope.world.fielded(slot, "party")))


def _never_bound(agreement: Agreement, rule: Duty, own: Region) -> Told:
    """So long before an event that whoever is bound at the event was not yet bound when it was due."""
    force, deadline = own.force, rule.deadline
    if deadline.relation != "before" or deadline.duration is None or force.starts is None or force.ends is None:
        return
    if not isinstance(deadline.anchor.of, FieldOf) or deadline.anchor.of.field not in ("", agreement.kinds[own.occasion.kind].happens):
        return
    latest = later(shifted(force.ends, -1), deadline.duration, -1)
    if latest is None or latest >= force.starts:
        return
    found = event([own], own.binds)
    if found is None:
        return
    rows = (found.row, *found.deeds)
    sketch = Sketch(f"rule {rule.head.id} is due before it binds", after_all(rows), rows, (Wanted(rule.head.id, "E-1", NOT_ASKED),))
    why = f"is due {deadline_words(deadline)}, which is always before it binds: it binds from {force.starts} until {force.ends}"
    yield _claim(rule, why, "shorten the notice, or let the rule bind earlier", sketch)


def _before_known(agreement: Agreement, rule: Duty, own: Region) -> Told:
    """An answer due before its question: the occasion is a message of another, and the deadline lies before it is received."""
    kind = agreement.kinds[own.occasion.kind]
    if _actor_is_bearer(own) or not {"sent", "received"} <= set(kind.fields) or rule.deadline.relation != "before":
        return
    anchor = rule.deadline.anchor.of
    if not isinstance(anchor, FieldOf) or anchor.field not in ("", "received", "sent"):
        return
    found = event([own], own.binds, *(z3.Not(e) for _, e in own.exceptions))
    if found is None:
        return
    names = names_of(rule, found.row.cells)
    bearer = names.get(rule.bearer.name, "")
    day = date.fromisoformat(found.row.cells[kind.happens or "received"][:10])
    rows = (
        found.row,
        *found.deeds,
        *acts(agreement, rule.act, bearer, names, "E-1", shifted(day, 1)),
        *_none_earlier(agreement, rule, bearer, shifted(day, 1)),
    )
    sketch = Sketch(f"an answer to what is received on {day} is late", after_all(rows), rows, (Wanted(rule.head.id, "E-1", ("breached",)),))
    yield _claim(
        rule,
        f"is due {deadline_words(rule.deadline)}, before who owes it can know of it",
        "count from when it is received: `within 48 hours of ...`",
        sketch,
    )


def _none_earlier(agreement: Agreement, rule: Duty, bearer: str, day: date) -> tuple[Row, ...]:
    """That nothing was done before a day."""
    row = no_act(rule.act, bearer, "E-1")
    happens = agreement.kinds[rule.act.kind].happens
    return (Row(row.kind, "", {**row.cells, **({happens: f"<{day.isoformat()}"} if happens else {})}, denies=True),)


def _after_date(agreement: Agreement, rule: Duty, own: Region) -> Told:
    """A fixed day by which another's act must be answered: what comes after that day cannot be."""
    if _actor_is_bearer(own) or own.scope.at is None:
        return
    if not (isinstance(rule.deadline.anchor.of, Moment) or rule.deadline.anchor.of == "entry-into-force"):
        return
    due = due_day(agreement, rule.deadline, own.occasion.kind, {})
    if due is None:
        return
    found = event([own], own.binds, own.scope.at >= due.toordinal() + 1, *(z3.Not(e) for _, e in own.exceptions))
    if found is None:
        return
    names = names_of(rule, found.row.cells)
    bearer = names.get(rule.bearer.name, "")
    day = date.fromisoformat(found.row.cells[agreement.kinds[own.occasion.kind].happens or "received"][:10])
    rows = (found.row, *found.deeds, *acts(agreement, rule.act, bearer, names, "E-1", day), *_none_earlier(agreement, rule, bearer, day))
    sketch = Sketch(f"what comes after {due} was due before it came", after_all(rows), rows, (Wanted(rule.head.id, "E-1", ("breached",)),))
    yield _claim(
        rule,
        f"is due {deadline_words(rule.deadline)} ({due}), and what it answers may come later",
        "count from the occasion, or let the rule end on that day: `until ...`",
        sketch,
    )


def _announced_later(agreement: Agreement, rule: Duty, own: Region, regions: Sequence[Region]) -> Told:
    """Due so long before another's event that whoever owes it may not have been told of it, by all that the rules ask."""
    if _actor_is_bearer(own) or rule.deadline.relation != "before":
        return
    mine = due_of(rule.deadline)
    told = [other for other in regions if _announces(own, other)]
    later_ones = []
    for other in told:
        assert isinstance(other.rule, Duty)  # noqa: S101
        theirs = due_of(other.rule.deadline)
        if theirs.anchor != mine.anchor or theirs.is_calendar != mine.is_calendar or mine.most >= theirs.least:
            return  # one of them tells it early enough, or cannot be compared
        later_ones.append(other)
    for other in later_ones[:1]:
        assert isinstance(other.rule, Duty)  # noqa: S101
        found = event([own, other], own.binds, other.binds, *(z3.Not(e) for _, e in (*own.exceptions, *other.exceptions)))
        if found is None:
            continue
        day = day_to_act(agreement, other.rule.deadline, found.row.kind, found.row.cells)
        if day is None:
            continue
        names = names_of(rule, found.row.cells)
        bearer, actor = names.get(rule.bearer.name, ""), found.row.cells.get("party", "")
        announced = acts(agreement, other.rule.act, actor, names_of(other.rule, found.row.cells), "E-1", day)
        done = acts(agreement, rule.act, bearer, names, "E-1", day, "B")
        rows = (found.row, *found.deeds, *announced, *done, *_none_earlier(agreement, rule, bearer, day))
        wanted = (Wanted(rule.head.id, "E-1", ("breached",), bearer), Wanted(other.id, "E-1", ("kept",), actor))
        sketch = Sketch(f"told on the last day of rule {other.id}, too late for rule {rule.head.id}", after_all(rows), rows, wanted)
        yield _claim(
            rule,
            f"is due {deadline_words(rule.deadline)}, and rule {other.id} lets it be announced as late as {deadline_words(other.rule.deadline)}",
            f"let rule {other.id} ask for more notice, or this rule for less",
            sketch,
            other.id,
        )


def _announces(own: Region, other: Region) -> bool:
    """Whether the other rule has the actor of the same occasion send a message about it."""
    if not isinstance(other.rule, Duty) or other.occasion.kind != own.occasion.kind or not _actor_is_bearer(other):
        return False
    kind = own.scope.world.agreement.kinds[other.rule.act.kind]
    is_message = {"sent", "received"} <= set(kind.fields)
    is_about = any(isinstance(who, EventVar) for _, who in other.rule.act.roles)
    return is_message and is_about and not other.rule.voluntary and satisfied(*own.bounds, own.binds, other.binds) is not None


def _consequence(agreement: Agreement, rule: Duty, own: Region | None) -> Told:
    """A second duty that is due before the first one can be overdue."""
    second = rule.consequence
    if second is None or second.deadline is None or second.modal != "shall" or not isinstance(second.deadline.anchor.of, Moment):
        return
    due = due_day(agreement, second.deadline, "", {})
    if due is None:
        return
    rows: tuple[Row, ...] = ()
    bearer, name, about = "", "", ""
    first = due_day(agreement, rule.deadline, "", {}) if own is None else None
    if own is not None and own.scope.at is not None:
        found = event([own], own.binds, own.scope.at >= due.toordinal() + 400, *(z3.Not(e) for _, e in own.exceptions))
        if found is None:
            return
        names = names_of(rule, found.row.cells)
        bearer, name, about = names.get(rule.bearer.name, ""), "E-1", "E-1"
        first = due_day(agreement, rule.deadline, found.row.kind, found.row.cells)
        rows = (found.row, *found.deeds)
    if first is None or first < due:
        return
    bearer = bearer or usual_bearer(agreement, rule)
    rows = (*rows, no_act(rule.act, bearer, about), no_act(second.act, bearer, about))
    wanted = (Wanted(f"{rule.head.id}.else", name, ("breached",)),)
    sketch = Sketch(f"the second duty of rule {rule.head.id} is due before the first", after_all(rows, first, due), rows, wanted)
    yield _claim(
        rule,
        f"has an `else` that is due {deadline_words(second.deadline)}, and the first duty may be overdue only later ({first})",
        "count it from when the first is overdue: `else ... within 48 hours`",
        sketch,
    )


def usual_bearer(agreement: Agreement, rule: Duty | RecurringDuty) -> str:
    """A Party that owes a duty without an occasion."""
    group = agreement.groups.get(rule.bearers.group) if rule.bearers.group else None
    day = usual_day((in_force(agreement, rule.head),))
    members = (
        [m.member for m in group.members if (m.since is None or m.since <= day) and (m.until is None or day < m.until)] if group else []
    )
    return (*rule.bearers.names, *members, *agreement.parties, "")[0]
