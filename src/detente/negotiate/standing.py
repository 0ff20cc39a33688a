"""Tables for what holds at all times, and for what is owed without an occasion."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from detente.agreement.clause import (
    Agreement,
    BaselineBound,
    Bound,
    Constant,
    Duty,
    EachPeriod,
    Occasion,
    PartyVar,
    RecurringDuty,
    Summand,
)
from detente.model.duration import Duration
from detente.model.kind import Kind
from detente.negotiate.acts import act_rows, boundaries_of, shifted
from detente.negotiate.ground import Ground, Side, Tried, stamp
from detente.negotiate.region import All, Formula, No, atoms, formula, setting_of, ways
from detente.negotiate.trial import Row
from detente.negotiate.values import Boundaries, Choice, boundaries, choices

MOST_ITEMS = 40
"""Items of a kind that are written down one by one to reach a limit."""

_LONG_BEFORE = 4 * 365
"""Days: a count is known before anything binds, or what holds until it would be open."""


def at_all_times(before: Side, after: Side, shared: Ground) -> Iterator[Tried]:
    """For each limit of either draft: exactly that much, one more and one less, of each summand by itself."""
    levels = [r for side in (before, after) for r in side.rules if isinstance(r, Bound | BaselineBound)]
    limits = {r.limit.value for r in levels if isinstance(r, Bound) and isinstance(r.limit, Constant)}
    amounts = sorted({max(0.0, float(v) + d) for v in limits if isinstance(v, int | float) for d in (-1, 0, 1)})
    everything = {
        repr((s.kind, s.field, s.on)): (side, r, s)
        for side in (before, after)
        for r in side.rules
        if isinstance(r, Bound | BaselineBound)
        for s in r.summands
    }
    conditions = [formula(s.where, _of_summand(side.agreement, s)) for side, _, s in everything.values() if s.where is not None]
    number = 0
    for _, _, summand in everything.values():
        kind = shared.kinds[summand.kind]
        bounds = boundaries([a for c in conditions for a in atoms(c)], kind, shared.parties, shared.base.date())
        for choice in _fields_of(conditions, bounds):
            for party in shared.parties:
                for amount in amounts:
                    rows = _amount(kind, summand, amount, party, choice, shared)
                    if rows:
                        number += 1
                        yield Tried((*rows, *_none_of(kind, party, shared)))
                if not _tells_parties_apart(levels):
                    break


def _tells_parties_apart(levels: Sequence[Bound | BaselineBound]) -> bool:
    return len({repr(b.over) for r in levels for b in r.binders}) > 1 or any(r.unless is not None for r in levels)


def _of_summand(agreement: Agreement, summand: Summand) -> Any:
    return setting_of(agreement, Occasion(summand.kind, summand.var, ()), PartyVar(""))


def _fields_of(conditions: Sequence[Formula], bounds: Boundaries) -> list[Choice]:
    """Values under which some condition holds and another does not, or all hold."""
    found: list[Choice] = [] if conditions else [{}]
    for one in conditions:
        for target in (one, *(All((one, No(other))) for other in conditions if other is not one)):
            for way in ways(target)[:3]:
                found += list(choices(way, bounds))[:2]
    return list({repr(sorted(c.items(), key=lambda p: p[0])): c for c in found}.values())[:8]


def _amount(kind: Kind, summand: Summand, amount: float, party: str, choice: Choice, shared: Ground) -> tuple[Row, ...]:
    since = stamp(shared.base - timedelta(days=_LONG_BEFORE if kind.genus == "stock" else 100))
    place = {"on": next((p for p in shared.parties if p != party), party)} if summand.on else {}
    if kind.genus == "stock":
        return (
            {
                "kind": "inventory",
                "event": f"inventory-{party}",
                "party": party,
                "of": kind.name,
                "value": f"{int(amount)}",
                "as-of": since,
                **place,
            },
        )
    cells = {k: shared.cell(kind, k, v) for k, v in choice.items() if not k.startswith("deed ")}
    base = {"kind": kind.name, "party": party, "from": since, **place, **cells}
    if summand.field is not None:
        return ({**base, "event": f"{kind.name}-1", summand.field: shared.cell(kind, summand.field, amount)},)
    if not 0 < amount <= MOST_ITEMS:
        return ()
    return tuple({**base, "event": f"{kind.name}-{n + 1}"} for n in range(int(amount)))


def _none_of(kind: Kind, party: str, shared: Ground) -> Iterator[Row]:
    """The other parties have none, so that only one is in question."""
    if kind.genus == "stock":
        for other in shared.parties:
            if other != party:
                since = stamp(shared.base - timedelta(days=_LONG_BEFORE))
                yield {"kind": "inventory", "event": f"inventory-{other}", "party": other, "of": kind.name, "value": "0", "as-of": since}


def without_occasion(before: Side, after: Side, shared: Ground) -> Iterator[Tried]:
    """Nothing done; then every bearer does what is owed at the boundaries of every due day, of either draft."""
    found = [
        r for side in (before, after) for r in side.rules if isinstance(r, RecurringDuty) or (isinstance(r, Duty) and r.occasion is None)
    ]
    acts = {repr(r.act): r for r in found}
    yield Tried(())
    plans = [days for r in found for days in _due_days(r, shared)]
    plans = [days for n, days in enumerate(plans) if days not in plans[:n]]
    for rule in acts.values():
        for doers in (shared.parties, *((p,) for p in shared.parties)):
            for days in plans:
                rows = [
                    {**row, "event": f"{row['event']}-{doer}-{n}"}
                    for doer in doers
                    for n, day in enumerate(days)
                    for row in act_rows(rule.act, doer, {}, "", day, shared)
                ]
                yield Tried(tuple(rows))
            if all(r.bearers == found[0].bearers for r in found):
                break


def _due_days(rule: Duty | RecurringDuty, shared: Ground) -> Iterator[tuple[datetime, ...]]:
    """When to act: on each boundary of the one deadline, or on every due day of some years."""
    if isinstance(rule, Duty):
        yield from ((m,) for m in boundaries_of(rule.deadline, {}, shared))
        return
    start = shared.base - timedelta(days=300)
    end = shared.base + timedelta(days=4 * 366)
    recurrence = rule.recurrence
    if isinstance(recurrence, EachPeriod) and recurrence.by:
        years = range(start.year, end.year + 1)
        for late in (0, 1):
            yield tuple(
                datetime(y, d.month, min(d.day, 28 if d.month == 2 else d.day), 12, tzinfo=UTC) + timedelta(days=late)
                for y in years
                for d in recurrence.by
            )
        return
    step = Duration(1, "months") if isinstance(recurrence, EachPeriod) else recurrence.every
    if isinstance(recurrence, EachPeriod):
        step = {"year": Duration(12, "months"), "quarter": Duration(3, "months"), "month": step, "week": Duration(7, "days")}[
            recurrence.period
        ]
    days = [start]
    while days[-1] < end and len(days) < 260:
        days.append(shifted(days[-1], step, 1))
    yield tuple(days)
