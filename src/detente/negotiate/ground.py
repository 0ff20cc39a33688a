"""What all tables of a change stand on: two drafts' rules, their parties and kinds, and the day around which things happen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from detente.agreement.clause import (
    Agreement,
    AnyRule,
    Duty,
    Occasion,
    Permission,
    Prohibition,
    When,
)
from detente.model.kind import Kind
from detente.negotiate.region import NOTHING, All, Formula, Number, region
from detente.negotiate.trial import Row, Table
from detente.negotiate.values import Where

NOON = time(12, tzinfo=UTC)


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
                return stamp(datetime.combine(value, NOON))
            case _:
                return str(value)


def stamp(moment: datetime) -> str:
    """A moment as it is written in a cell."""
    return moment.strftime("%Y-%m-%dT%H:%MZ")


def moment_in(cell: str | None) -> datetime | None:
    """A moment as it stands in a cell."""
    return datetime.fromisoformat(cell) if cell else None


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
    return datetime.combine(max(day, date(1900, 1, 1)), NOON)


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
