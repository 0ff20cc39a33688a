"""Acts done at each boundary of a deadline: the last moment in time, and the first that is late."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from detente.agreement.clause import (
    Act,
    Deadline,
    Duty,
    EventVar,
    FieldOf,
    Moment,
    Parties,
    PartyVar,
    RecurringDuty,
    Role,
)
from detente.model.duration import Duration
from detente.negotiate.ground import NOON, Ground, Tried, moment_in, stamp
from detente.negotiate.trial import Row


def performed(duties: Sequence[Duty], event: Tried, shared: Ground) -> Iterator[tuple[Row, ...]]:
    """Nothing done; then each duty's act done at each boundary of every deadline; then the consequence of a breach, likewise."""
    yield ()
    occasion_cells = event.rows[0]
    terms = [(d.act, d.deadline) for d in duties] + [(e.act, e.deadline) for d in duties for e in d.exceptions]
    moments = sorted({m for _, deadline in terms for m in boundaries_of(deadline, occasion_cells, shared)})
    shapes = {repr(act): (act, duty) for duty in duties for act in (duty.act, *(e.act for e in duty.exceptions))}
    for act, duty in shapes.values():
        for moment in moments:
            yield tuple(_acts(act, duty, event, moment, shared))
            if len({a.counts_at for a, _ in shapes.values()}) > 1:
                yield tuple(_acts(act, duty, event, moment, shared, received_later=True))
    for duty in duties:
        if duty.consequence is not None and duty.consequence.deadline is not None:
            dues = boundaries_of(duty.deadline, occasion_cells, shared)
            for late in _after(min(dues, default=shared.base), duty.consequence.deadline.duration):
                yield tuple(_acts(duty.consequence.act, duty, event, late, shared, bearer=duty.consequence.bearer))


def boundaries_of(deadline: Deadline, cells: Mapping[str, str], shared: Ground) -> list[datetime]:
    """The last moment in time and the first one that is late."""
    anchor = _anchored(deadline, cells, shared)
    if anchor is None:
        return []
    if deadline.duration is None:
        return [anchor, anchor + timedelta(days=1), anchor - timedelta(days=1)]
    back = deadline.relation == "before"
    return list(_after(anchor, deadline.duration, back=back))


def _after(anchor: datetime, duration: Duration | None, *, back: bool = False) -> tuple[datetime, ...]:
    if duration is None:
        return (anchor,)
    due = shifted(anchor, duration, -1 if back else 1)
    return (due, due + (timedelta(days=1) if duration.is_calendar else timedelta(minutes=1)))


def shifted(moment: datetime, duration: Duration, sign: int) -> datetime:
    """A moment so much later (or earlier): clock time for hours, dates for the rest."""
    try:
        match duration.unit:
            case "minutes":
                return moment + sign * timedelta(minutes=duration.amount)
            case "hours":
                return moment + sign * timedelta(hours=duration.amount)
            case "days":
                return moment + sign * timedelta(days=duration.amount)
            case _:
                months = sign * duration.amount * (12 if duration.unit == "years" else 1)
                year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
                return moment.replace(year=year, month=month + 1, day=min(moment.day, 28))
    except (OverflowError, ValueError):
        return moment


def _anchored(deadline: Deadline, cells: Mapping[str, str], shared: Ground) -> datetime | None:
    of = deadline.anchor.of
    if isinstance(of, FieldOf):
        name = of.field or (shared.kinds[cells["kind"]].happens if cells else "") or ""
        return moment_in(cells.get(name)) or (moment_in(cells.get(shared.kinds[cells["kind"]].happens or "")) if cells else None)
    if isinstance(of, Moment):
        return datetime.combine(of.day, NOON)
    return shared.base - timedelta(days=300)


def _acts(
    act: Act,
    duty: Duty | RecurringDuty,
    event: Tried,
    moment: datetime,
    shared: Ground,
    *,
    bearer: PartyVar | None = None,
    received_later: bool = False,
) -> Iterator[Row]:
    cells = event.rows[0] if event.rows else {}
    names = _named(duty, cells)
    doer = names.get((bearer or duty.bearer).name) or cells.get("party") or shared.parties[0]
    yield from act_rows(act, doer, names, event.event, moment, shared, received_later=received_later)


def _named(duty: Duty | RecurringDuty, cells: Mapping[str, str]) -> dict[str, str]:
    """Who each party variable of the occasion is."""
    occasion = duty.occasion if isinstance(duty, Duty) else None
    roles: tuple[Role, ...] = occasion.roles if occasion is not None else ()
    return {who.name: cells[role] for role, who in roles if isinstance(who, PartyVar) and role in cells}


def act_rows(
    act: Act, doer: str, names: Mapping[str, str], about: str, moment: datetime, shared: Ground, *, received_later: bool = False
) -> Iterator[Row]:
    """The act as rows: one for each recipient."""
    kind = shared.kinds[act.kind]
    roles = dict(act.roles)
    fixed: dict[str, str] = {}
    lists: dict[str, list[str]] = {}
    for role, who in roles.items():
        match who:
            case EventVar():
                fixed[role] = about
            case PartyVar(name):
                fixed[role] = names.get(name, doer) if role == "party" or name in names else next(p for p in shared.parties if p != doer)
            case Parties(names=(_, *_) as named):
                lists[role] = list(named)
            case _:
                lists[role] = [p for p in shared.parties if p != doer]
    fixed.setdefault("party", doer)
    role, some = next(iter(lists.items()), ("", [""]))
    for n, other in enumerate(some):
        row = {"kind": act.kind, "event": f"{act.kind}-{n + 1}", **fixed} | ({role: other} if role else {})
        for f, meant in kind.fields.items():
            if meant.type == "time" and f != "until":
                row[f] = stamp(moment + timedelta(days=400 if received_later and f == "received" else 0))
        yield row
