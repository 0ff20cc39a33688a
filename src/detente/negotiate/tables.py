"""Small event tables made of boundary values: what might be allowed by one draft and forbidden by the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from detente.agreement.clause import (
    Act,
    Agreement,
    AnyRule,
    BaselineBound,
    Bound,
    Constant,
    Deadline,
    Duty,
    EachPeriod,
    EventVar,
    FieldOf,
    Moment,
    Occasion,
    Parties,
    PartyVar,
    Perceived,
    Permission,
    Prohibition,
    RecurringDuty,
    Role,
    Summand,
    When,
)
from detente.agreement.wording import nodes
from detente.model.duration import Duration
from detente.model.kind import Kind
from detente.negotiate.region import NOTHING, All, Atom, Formula, No, Number, Some, atoms, formula, region, setting_of, ways
from detente.negotiate.trial import Row, Table
from detente.negotiate.values import Boundaries, Choice, Where, boundaries, choices

MOST_TABLES = 60
"""Event tables tried for one change."""

MOST_ITEMS = 40
"""Items of a kind that are written down one by one to reach a limit."""

_NOON = time(12, tzinfo=UTC)
_LONG_BEFORE = 4 * 365
"""Days: a count is known before anything binds, or what holds until it would be open."""


@dataclass(frozen=True, slots=True)
class Side:
    """One draft's rules of a change."""

    agreement: Agreement
    rules: tuple[AnyRule, ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """One table to try: its rows, the places they name, and the event that it is about ("" where there is none)."""

    rows: tuple[Row, ...]
    spots: Mapping[str, Where] = field(default_factory=dict)
    event: str = ""

    def table(self, base: datetime) -> Table:
        """The table, looked at long after everything is due."""
        return Table(self.rows, self.spots, base + timedelta(days=4 * 366))


@dataclass(frozen=True, slots=True)
class Ground:
    """What all tables of a change share: the parties, the kinds, the day around which things happen."""

    parties: tuple[str, ...]
    kinds: Mapping[str, Kind]
    base: datetime

    def cell(self, kind: Kind, name: str, value: object) -> str:
        """A value as a reader of files would find it."""
        meant = kind.fields.get(name)
        match value:
            case float() if meant is not None and meant.type == "flag":
                return "yes" if value else "no"
            case float() if meant is not None and meant.type == "scale":
                return meant.levels[int(value)]
            case float():
                unit = f" {meant.unit}" if meant is not None and meant.type == "number" and meant.unit in ("m", "t") else ""
                return f"{value:.12g}{unit}" if value != int(value) else f"{int(value)}{unit}"
            case date():
                return stamp(datetime.combine(value, _NOON))
            case _:
                return str(value)


def stamp(moment: datetime) -> str:
    """A moment as it is written in a cell."""
    return moment.strftime("%Y-%m-%dT%H:%MZ")


def ground(before: Side, after: Side) -> Ground:
    """The common ground of two drafts."""
    parties = tuple(dict.fromkeys((*before.agreement.parties, *after.agreement.parties)))
    return Ground(parties, {**before.agreement.kinds, **after.agreement.kinds}, _base((before, after)))


def _base(sides: Iterable[Side]) -> datetime:
    """A day on which both drafts bind, if there is one: half a year after everything has begun, or midway to the first end."""
    lower, upper = [], []
    for side in sides:
        life = side.agreement.life
        if isinstance(life.entry, date):
            lower.append(life.entry)
        if isinstance(life.expiry, date):
            upper.append(life.expiry)
        for rule in side.rules:
            lower += [w.of for w in (rule.head.starts,) if w is not None and isinstance(w.of, date)]
            upper += [w.of for w in (rule.head.ends,) if w is not None and isinstance(w.of, date)]
    start = max(lower, default=None)
    end = min(upper, default=None)
    if start is None:
        day = date(2030, 6, 15) if end is None else end - timedelta(days=200)
    elif end is None or end - start > timedelta(days=600) or end <= start:
        day = min(start, date(9000, 1, 1)) + timedelta(days=300)
    else:
        day = start + (end - start) / 2
    return datetime.combine(max(day, date(1900, 1, 1)), _NOON)


# ---- regions ----------------------------------------------------------------------------


def occasion_of(rule: AnyRule) -> Occasion | None:
    """What a rule looks at, if it is one event."""
    match rule:
        case Prohibition(occasion=occasion) | Permission(deed=occasion):
            return occasion
        case Duty(occasion=occasion):
            return occasion
        case _:
            return None


def region_of(agreement: Agreement, rule: AnyRule) -> Formula:
    """When a rule applies to an event, the dates between which it holds included."""
    occasion = occasion_of(rule)
    if occasion is None or not isinstance(rule, Prohibition | Duty | Permission):
        return NOTHING
    found = [region(agreement, occasion, rule.bearers, rule.bearer, rule.unless)]
    happens = agreement.kinds[occasion.kind].happens
    if happens is not None:
        for limits, op in (((rule.head.starts, agreement.life.entry), "at least"), ((rule.head.ends, agreement.life.expiry), "less than")):
            days = [w.of if isinstance(w, When) and w.after is None else w for w in limits]
            found += [Number(happens, op, day) for day in days if isinstance(day, date)]
    return All(tuple(found))


def tables(before: Side, after: Side) -> list[Tried]:
    """What to try, at most `MOST_TABLES`; the simplest first."""
    shared = ground(before, after)
    found: list[Tried] = []
    kinds = dict.fromkeys(o.kind for side in (before, after) for r in side.rules if (o := occasion_of(r)) is not None)
    for kind in kinds:
        found += _about_events(before, after, shared, shared.kinds[kind], len(found))
    rules = (*before.rules, *after.rules)
    if any(isinstance(r, Bound | BaselineBound) for r in rules):
        found += _at_all_times(before, after, shared)
    if any(isinstance(r, RecurringDuty) or (isinstance(r, Duty) and r.occasion is None) for r in rules):
        found += _without_occasion(before, after, shared)
    return found[:MOST_TABLES]


def _about_events(before: Side, after: Side, shared: Ground, kind: Kind, number: int) -> Iterator[Tried]:
    """Events for which one draft's rules apply and the other's do not, then events for which both do, with acts at every boundary."""
    sides = [
        [(side.agreement, r) for r in side.rules if (o := occasion_of(r)) is not None and o.kind == kind.name] for side in (before, after)
    ]
    regions = [Some(tuple(region_of(*pair) for pair in pairs)) for pairs in sides]
    conditions = [_exceptions(*pair) for pairs in sides for pair in pairs]
    every: list[Atom] = [a for f in (*regions, *(c for some in conditions for c in some)) for a in atoms(f)]
    bounds = boundaries(every, kind, shared.parties, shared.base.date())
    duties = [r for pairs in sides for _, r in pairs if isinstance(r, Duty)]
    # Where a rule's exceptions or excuses come in is where both apply, so each is tried once met and once not.
    both: Formula = All((regions[0], regions[1])) if sides[0] and sides[1] else Some((regions[0], regions[1]))
    met: list[Formula] = [All((both, c)) for some in conditions for c in some] or [both]
    made = 0
    seen: set[str] = set()
    for one, two in ((regions[0], regions[1]), (regions[1], regions[0])):
        for way in ways(All((one, No(two)))):
            for choice in choices(way, bounds):
                if (shown := repr(sorted(choice.items(), key=lambda p: p[0]))) in seen or made >= MOST_TABLES // 2:
                    continue
                seen.add(shown)
                yield _event(shared, kind, choice, (*before.rules, *after.rules), number + made)
                made += 1
    if not duties:
        return
    picked = 0
    for target in (both, *met) if met != [both] else (both,):
        for way in ways(target)[:4]:
            for choice in list(choices(way, bounds))[:1]:
                picked += 1
                if picked > 6:
                    return
                event = _event(shared, kind, choice, (*before.rules, *after.rules), number + made)
                for acts in _performed(duties, event, shared):
                    renamed = f"{kind.name}-{number + made + 1}"
                    yield Tried(tuple(_renamed(r, event.event, renamed, made) for r in (*event.rows, *acts)), event.spots, renamed)
                    made += 1


def _exceptions(agreement: Agreement, rule: AnyRule) -> list[Formula]:
    occasion = occasion_of(rule)
    if not isinstance(rule, Duty) or occasion is None:
        return []
    setting = setting_of(agreement, occasion, rule.bearer)
    return [formula(e.where, setting) for e in rule.exceptions]


def _renamed(row: Row, old: str, new: str, number: int) -> Row:
    cells = {k: (new if k in ("event", "about") and v == old else v) for k, v in row.items()}
    return cells if row["event"] == old else {**cells, "event": f"{row['event']}-{number}"}


# ---- one event ---------------------------------------------------------------------------


def _event(shared: Ground, kind: Kind, choice: Choice, rules: Sequence[AnyRule], number: int) -> Tried:
    """The event with the values chosen, whoever else it needs, and what others have done about it."""
    name = f"{kind.name}-{number + 1}"
    actor = next((f for f in ("party",) if f in kind.fields), "")
    cells: dict[str, str] = {}
    for rule in rules:
        occasion = occasion_of(rule)
        if occasion is None or occasion.kind != kind.name:
            continue
        for role, who in occasion.roles:
            if role not in cells and not isinstance(who, EventVar):
                cells[role] = _who(role, choice, cells, shared)
    if actor and actor not in cells:
        cells[actor] = _who(actor, choice, cells, shared)
    spots: dict[str, Where] = {}
    for field_name, value in choice.items():
        if field_name.startswith("deed "):
            continue
        meant_by = _placed(value, cells.get(actor, ""), shared) if isinstance(value, Where) else value
        if isinstance(meant_by, Where):
            spots[str(meant_by)] = meant_by
        cells[field_name] = shared.cell(kind, field_name, meant_by)
    happened = _moment(cells.get(kind.happens or "")) or shared.base
    for field_name, meant in kind.fields.items():
        if meant.type == "time" and field_name not in cells and field_name != "until":
            later = timedelta(days=1) if field_name == "end" else timedelta()
            cells[field_name] = stamp(happened + later)
    rows: list[Row] = [{"kind": kind.name, "event": name, **cells}]
    for key, value in choice.items():
        if key.startswith("deed ") and value == "yes":
            rows += _deeds(key, name, cells, actor, happened, shared, rules)
    return Tried(tuple(rows), spots, name)


def _who(role: str, choice: Choice, cells: Mapping[str, str], shared: Ground) -> str:
    chosen = choice.get(role)
    if isinstance(chosen, str):
        return chosen
    taken = set(cells.values()) | {v for k, v in choice.items() if k != role and isinstance(v, str)}
    return next((p for p in shared.parties if p not in taken), shared.parties[0] if shared.parties else "Arland")


def _placed(value: Where, bearer: str, shared: Ground) -> Where:
    """The place with "own" and "other" written as the territories they are."""
    if value.other == "own":
        return Where(f"territory of {bearer}", value.distance_m)
    if value.other == "other":
        return Where(f"territory of {next((p for p in shared.parties if p != bearer), bearer)}", value.distance_m)
    return value


def _moment(cell: str | None) -> datetime | None:
    return datetime.fromisoformat(cell) if cell else None


def _deeds(
    key: str, event: str, cells: Mapping[str, str], actor: str, happened: datetime, shared: Ground, rules: Sequence[AnyRule]
) -> Iterator[Row]:
    _, name, by = key.split(" ", 2)
    kind = shared.kinds[name]
    bearer = cells.get(actor, "")
    others = [p for p in shared.parties if p != bearer]
    match by:
        case "every other Party":
            doers = others
        case "any other Party":
            doers = others[:1]
        case "every Party":
            doers = list(shared.parties)
        case _:
            doers = [cells.get(by.removeprefix("field "), bearer) if by.startswith("field ") else by]
    subjects = {c.subject for r in rules for c in _perceptions(r)}
    for n, doer in enumerate(doers):
        row = {"kind": name, "event": f"{name}-{event}-{n}", "party": doer, "about": event}
        if "subject" in kind.fields and subjects:
            row["subject"] = min(subjects)
        for f, meant in kind.fields.items():
            if meant.type == "time":
                row[f] = stamp(happened - timedelta(days=30))
        yield row


def _perceptions(rule: AnyRule) -> Iterator[Any]:
    return (n for n in nodes(rule) if isinstance(n, Perceived))


# ---- acts --------------------------------------------------------------------------------


def _performed(duties: Sequence[Duty], event: Tried, shared: Ground) -> Iterator[tuple[Row, ...]]:
    """Nothing done; then each duty's act done at each boundary of every deadline; then the consequence of a breach, likewise."""
    yield ()
    occasion_cells = event.rows[0]
    terms = [(d.act, d.deadline) for d in duties] + [(e.act, e.deadline) for d in duties for e in d.exceptions]
    moments = sorted({m for _, deadline in terms for m in _boundaries_of(deadline, occasion_cells, shared)})
    shapes = {repr(act): (act, duty) for duty in duties for act in (duty.act, *(e.act for e in duty.exceptions))}
    for act, duty in shapes.values():
        for moment in moments:
            yield tuple(_acts(act, duty, event, moment, shared))
            if len({a.counts_at for a, _ in shapes.values()}) > 1:
                yield tuple(_acts(act, duty, event, moment, shared, received_later=True))
    for duty in duties:
        if duty.consequence is not None and duty.consequence.deadline is not None:
            dues = _boundaries_of(duty.deadline, occasion_cells, shared)
            for late in _after(min(dues, default=shared.base), duty.consequence.deadline.duration):
                yield tuple(_acts(duty.consequence.act, duty, event, late, shared, bearer=duty.consequence.bearer))


def _boundaries_of(deadline: Deadline, cells: Mapping[str, str], shared: Ground) -> list[datetime]:
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
        return _moment(cells.get(name)) or (_moment(cells.get(shared.kinds[cells["kind"]].happens or "")) if cells else None)
    if isinstance(of, Moment):
        return datetime.combine(of.day, _NOON)
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


# ---- at all times, and without an occasion ------------------------------------------------


def _at_all_times(before: Side, after: Side, shared: Ground) -> Iterator[Tried]:
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


def _without_occasion(before: Side, after: Side, shared: Ground) -> Iterator[Tried]:
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
        yield from ((m,) for m in _boundaries_of(rule.deadline, {}, shared))
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
