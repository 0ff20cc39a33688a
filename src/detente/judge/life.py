"""When each party is bound, in each account: entry, expiry, release, suspension.

Facts about the agreement's own life are closed by default: what nobody states
did not happen. Source: semantics, section 4, "Life".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import duckdb

from detente.agreement.clause import Life
from detente.judge.hold import held
from detente.judge.scene import Scene
from detente.judge.sql import name
from detente.model.duration import Duration

NEVER = datetime(9999, 12, 31)  # noqa: DTZ001  TIMESTAMP columns are naive UTC


@dataclass(frozen=True, slots=True)
class Stretch:
    """Bound from `since` until before `until`; None is no limit."""

    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class _Act:
    party: str
    at: datetime
    until: datetime | None


def bound_rows(db: duckdb.DuckDBPyConnection, scene: Scene, life: Life) -> Iterator[tuple[str, int, datetime | None, datetime | None]]:
    """(party, set of accounts, since, until), one row per stretch on which accounts agree."""
    if not life.stated:
        return
    ratified = _acts(db, scene, life.entry_by) if life.entry in ("all", "majority") else {}
    extended = _acts(db, scene, "extension") if life.extension else {}
    released = _acts(db, scene, "withdrawal") if life.release else {}
    suspended = _acts(db, scene, "suspension") if life.suspension else {}
    sets: dict[tuple[str, Stretch], int] = defaultdict(int)
    for account in scene.seating.accounts:
        bit = account.bit
        for party in scene.parties:
            for stretch in _stretches(
                scene,
                life,
                party,
                ratified.get(bit, []),
                extended.get(bit, []),
                [a for a in released.get(bit, []) if a.party == party],
                [a for a in suspended.get(bit, []) if a.party == party],
            ):
                sets[(party, stretch)] |= account.mask
    for (party, stretch), accounts in sets.items():
        yield party, accounts, stretch.since, stretch.until


def _stretches(
    scene: Scene, life: Life, party: str, ratified: list[_Act], extended: list[_Act], released: list[_Act], suspended: list[_Act]
) -> list[Stretch]:
    since = _entry(scene, life, party, ratified)
    if since == NEVER:
        return [Stretch(NEVER, None)]
    until = _expiry(scene, life, since, extended)
    if life.release and released:
        # The last day of the notice still binds.
        free = scene.clock.start_of(_plus(min(a.at for a in released).date(), life.release) + timedelta(days=1))
        until = min(until, _naive(free)) if until else _naive(free)
    stretches = [Stretch(since, until)]
    for pause in sorted(suspended, key=lambda a: a.at):
        stretches = [part for whole in stretches for part in _without(whole, pause.at, pause.until)]
    return stretches


def _without(whole: Stretch, start: datetime, end: datetime | None) -> list[Stretch]:
    """The stretch less a pause."""
    if (whole.until is not None and start >= whole.until) or (end is not None and whole.since is not None and end <= whole.since):
        return [whole]
    parts = [Stretch(whole.since, start)] if whole.since is None or whole.since < start else []
    if end is not None and (whole.until is None or end < whole.until):
        parts.append(Stretch(end, whole.until))
    return parts or [Stretch(NEVER, None)]


def _entry(scene: Scene, life: Life, party: str, ratified: list[_Act]) -> datetime | None:
    match life.entry:
        case None:
            return None
        case "never":
            return NEVER
        case "all" | "majority":
            first: dict[str, datetime] = {}
            for act in sorted(ratified, key=lambda a: a.at):
                first.setdefault(act.party, act.at)
            needed = len(scene.parties) if life.entry == "all" else len(scene.parties) // 2 + 1
            if len(first) < needed or party not in first:
                return NEVER
            whole = sorted(first.values())[needed - 1]
            return max(whole, first[party])
        case day:
            return _naive(scene.clock.start_of(day))


def _expiry(scene: Scene, life: Life, since: datetime | None, extended: list[_Act]) -> datetime | None:
    if life.expiry is None:
        return None
    if isinstance(life.expiry, Duration):
        if since is None:
            return None
        day = _plus(since.date(), life.expiry)
    else:
        day = life.expiry
    if life.extension and {a.party for a in extended} >= set(scene.parties):
        latest = _plus(day, life.extension)
        named = [a.until.date() for a in extended if a.until]
        day = min([latest, *named]) if named else latest
    return _naive(scene.clock.start_of(day))


def _acts(db: duckdb.DuckDBPyConnection, scene: Scene, kind_name: str) -> dict[int, list[_Act]]:
    """Per account bit, the acts of the kind that it holds for certain and dates."""
    kind = scene.kinds.get(kind_name)
    if kind is None or not scene.shape(kind_name).is_present or kind.happens is None:
        return {}
    end = next((f for f in ("until", "end") if f in kind.fields), None)
    fields = [f for f in kind.fields.values() if f.name in ("party", kind.happens, end)]
    ctes = held(scene, kind, fields, prefix="acts", unheard=False)
    until = name(end + "_hi") if end else "NULL::TIMESTAMP"
    query = "WITH " + ",\n".join(f"{name(n)} AS ({body})" for n, body in ctes)
    query += f" SELECT party, {name(kind.happens + '_lo')}, {until}, accounts FROM acts WHERE sure AND party IS NOT NULL AND {name(kind.happens + '_lo')} IS NOT NULL"
    found: dict[int, list[_Act]] = defaultdict(list)
    for party, at, until_, accounts in db.execute(query).fetchall():
        for account in scene.seating.accounts:
            if accounts & account.mask:
                found[account.bit].append(_Act(party, at, until_))
    return found


def _plus(day: date, duration: Duration) -> date:
    """A date some days, months or years later, clamped at the month's end."""
    if duration.unit == "days":
        return day + timedelta(days=duration.amount)
    months = duration.amount * (12 if duration.unit == "years" else 1)
    year, month = divmod(day.month - 1 + months, 12)
    last = (date(day.year + year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(day.year + year, month + 1, min(day.day, last))


def _naive(moment: datetime) -> datetime:
    """A moment in UTC as the database holds it."""
    return moment.replace(tzinfo=None)
