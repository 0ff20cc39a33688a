"""Small event tables made of boundary values: what might be allowed by one draft and forbidden by the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from detente.agreement.clause import (
    Agreement,
    AnyRule,
    BaselineBound,
    Bound,
    Duty,
    EventVar,
    Perceived,
    RecurringDuty,
)
from detente.agreement.wording import nodes
from detente.model.kind import Kind
from detente.negotiate.acts import performed
from detente.negotiate.ground import Ground, Side, Tried, ground, moment_in, occasion_of, region_of, stamp
from detente.negotiate.region import All, Atom, Formula, No, Some, atoms, formula, setting_of, ways
from detente.negotiate.standing import at_all_times, without_occasion
from detente.negotiate.trial import Row
from detente.negotiate.values import Choice, Where, boundaries, choices

MOST_TABLES = 60
"""Event tables tried for one change."""


def tables(before: Side, after: Side) -> list[Tried]:
    """What to try, at most `MOST_TABLES`; the simplest first."""
    shared = ground(before, after)
    found: list[Tried] = []
    kinds = dict.fromkeys(o.kind for side in (before, after) for r in side.rules if (o := occasion_of(r)) is not None)
    for kind in kinds:
        found += _about_events(before, after, shared, shared.kinds[kind], len(found))
    rules = (*before.rules, *after.rules)
    if any(isinstance(r, Bound | BaselineBound) for r in rules):
        found += at_all_times(before, after, shared)
    if any(isinstance(r, RecurringDuty) or (isinstance(r, Duty) and r.occasion is None) for r in rules):
        found += without_occasion(before, after, shared)
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
                for acts in performed(duties, event, shared):
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
    happened = moment_in(cells.get(kind.happens or "")) or shared.base
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
