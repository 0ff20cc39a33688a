"""When each party is bound, in each account: entry, expiry, release, suspension.

Facts about the agreement's own life are closed by default: what nobody states
did not happen. A notice without a date, or by nobody named, may have; then a
party is perhaps bound. Source: semantics, section 4, "Life".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

import duckdb

from detente.agreement.clause import Life
from detente.judge.hold import held
from detente.judge.scene import Scene
from detente.judge.sql import name
from detente.model.duration import Duration

EVER = datetime(1, 1, 1)  # noqa: DTZ001  TIMESTAMP columns are naive UTC
NEVER = datetime(9999, 12, 31)  # noqa: DTZ001


class Between(NamedTuple):
    """A moment that lies between two; `EVER` and `NEVER` are no limit."""

    lo: datetime
    hi: datetime


@dataclass(frozen=True, slots=True)
class Stretch:
    """When the agreement entered into force, since when a party is bound, and from when it is free again."""

    entry: Between
    since: Between
    until: Between


@dataclass(frozen=True, slots=True)
class Pause:
    """A suspension: its start and end, and whether it certainly is this party's."""

    start: Between
    end: Between
    is_sure: bool


@dataclass(frozen=True, slots=True)
class Lives:
    """By party, what holds in a set of accounts."""

    stretches: dict[tuple[str, Stretch], int]
    pauses: dict[tuple[str, Pause], int]


@dataclass(frozen=True, slots=True)
class _Notice:
    """A notice as one account holds it; without a party it may be anyone's."""

    party: str | None
    at: Between
    until: Between | None
    is_sure: bool

    def is_of(self, party: str) -> bool:
        return self.party in (None, party)

    def is_surely_of(self, party: str) -> bool:
        return self.is_sure and self.party == party


def lives(db: duckdb.DuckDBPyConnection, scene: Scene, life: Life) -> Lives:
    """Every party's life in every account."""
    found = Lives(defaultdict(int), defaultdict(int))
    if not life.stated:
        return found
    notices = {
        kind: _notices(db, scene, kind) if is_asked else {}
        for kind, is_asked in {
            life.entry_by: life.entry in ("all", "majority"),
            "extension": life.extension is not None,
            "withdrawal": life.release is not None,
            "suspension": life.suspension,
        }.items()
    }
    for account in scene.seating.accounts:
        told = {kind: by_bit.get(account.bit, []) for kind, by_bit in notices.items()}
        entry = _entry(scene, life, told[life.entry_by])
        expiry = _expiry(scene, life, entry, told["extension"])
        for party in scene.parties:
            since = entry
            if life.entry == "majority":
                own = _first(told[life.entry_by], party)
                since = Between(max(entry.lo, own.lo), max(entry.hi, own.hi))
            until = expiry
            if life.release is not None:
                notice = _first(told["withdrawal"], party)
                until = Between(*(min(e, _freed(scene, n, life.release)) for e, n in zip(expiry, notice, strict=True)))
            found.stretches[party, Stretch(entry, since, until)] |= account.mask
            for n in told["suspension"]:
                if n.is_of(party):
                    found.pauses[party, Pause(n.at, n.until or Between(NEVER, NEVER), n.is_surely_of(party))] |= account.mask
    return found


def _first(notices: Sequence[_Notice], party: str) -> Between:
    """Between when and when the party's first notice came; `NEVER`: perhaps it never did."""
    return Between(
        min((n.at.lo for n in notices if n.is_of(party)), default=NEVER),
        min((n.at.hi for n in notices if n.is_surely_of(party)), default=NEVER),
    )


def _entry(scene: Scene, life: Life, ratified: Sequence[_Notice]) -> Between:
    match life.entry:
        case None:
            return Between(EVER, EVER)
        case "never":
            return Between(NEVER, NEVER)
        case "all" | "majority":
            firsts = [_first(ratified, p) for p in scene.parties]
            needed = len(firsts) if life.entry == "all" else len(firsts) // 2 + 1
            return Between(sorted(f.lo for f in firsts)[needed - 1], sorted(f.hi for f in firsts)[needed - 1])
        case day:
            start = scene.clock.start_of(day).replace(tzinfo=None)
            return Between(start, start)


def _expiry(scene: Scene, life: Life, entry: Between, extended: Sequence[_Notice]) -> Between:
    if life.expiry is None:
        return Between(NEVER, NEVER)
    if isinstance(life.expiry, Duration):
        length = life.expiry
        lo, hi = (_later(scene, t, length) for t in entry)
    else:
        lo = hi = scene.clock.start_of(life.expiry).replace(tzinfo=None)
    if life.extension is None:
        return Between(lo, hi)
    by_party = [[n for n in extended if n.is_of(p)] for p in scene.parties]
    limits = [limit for of in by_party if (limit := _limit(scene, of))]
    if all(by_party):
        hi = max(hi, min([_later(scene, hi, life.extension), *(limit.hi for limit in limits)]))
    if all(any(n.is_surely_of(p) for n in of) for p, of in zip(scene.parties, by_party, strict=True)):
        lo = max(lo, min([_later(scene, lo, life.extension), *(limit.lo for limit in limits)]))
    return Between(lo, hi)


def _limit(scene: Scene, notices: Sequence[_Notice]) -> Between | None:
    """Until when one party's notices extend the agreement; None where one of them names no end."""
    ends = [n.until for n in notices]
    if not ends or None in ends:
        return None
    days = (min(e.lo for e in ends if e), max(e.hi for e in ends if e))
    return Between(*(t if t in (EVER, NEVER) else scene.clock.start_of(scene.clock.local(t).date()).replace(tzinfo=None) for t in days))


def _later(scene: Scene, at: datetime, duration: Duration) -> datetime:
    """The start of the local day that much later."""
    return _shifted(scene, at, duration, timedelta())


def _freed(scene: Scene, at: datetime, duration: Duration) -> datetime:
    """When a notice given then sets free: the last day of its term still binds."""
    return _shifted(scene, at, duration, timedelta(days=1))


def _shifted(scene: Scene, at: datetime, duration: Duration, more: timedelta) -> datetime:
    if at in (EVER, NEVER):
        return at
    if not duration.is_calendar:
        return at + timedelta(**{duration.unit: duration.amount})
    day = _plus(scene.clock.local(at).date(), duration) + more
    return scene.clock.start_of(day).replace(tzinfo=None)


def _plus(day: date, duration: Duration) -> date:
    """A date some days, months or years later, clamped at the month's end."""
    if duration.unit == "days":
        return day + timedelta(days=duration.amount)
    months = duration.amount * (12 if duration.unit == "years" else 1)
    year, month = divmod(day.month - 1 + months, 12)
    last = (date(day.year + year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(day.year + year, month + 1, min(day.day, last))


def _notices(db: duckdb.DuckDBPyConnection, scene: Scene, kind_name: str) -> dict[int, list[_Notice]]:
    """Per account bit, the notices of the kind of which the account speaks and which it holds possible."""
    kind = scene.kinds.get(kind_name)
    if kind is None or not scene.shape(kind_name).is_present or kind.happens is None:
        return {}
    end = next((f for f in ("until", "end") if f in kind.fields), None)
    fields = [f for f in kind.fields.values() if f.name in ("party", kind.happens, end)]
    ctes = held(scene, kind, fields, prefix="notices", unheard=False)
    ends = f"{name(end + '_lo')}, {name(end + '_hi')}" if end else "NULL, NULL"
    query = "WITH " + ",\n".join(f"{name(n)} AS ({body})" for n, body in ctes)
    query += f" SELECT party, {name(kind.happens + '_lo')}, {name(kind.happens + '_hi')}, {ends}, sure, accounts FROM notices"
    found: dict[int, list[_Notice]] = defaultdict(list)
    for party, lo, hi, end_lo, end_hi, is_sure, accounts in db.execute(query).fetchall():
        until = Between(end_lo or EVER, end_hi or NEVER) if end_lo or end_hi else None
        for account in scene.seating.accounts:
            if accounts & account.mask:
                found[account.bit].append(_Notice(party, Between(lo or EVER, hi or NEVER), until, is_sure))
    return found


def life_rows(found: Lives) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """Rows of the relations `bound` and `paused`; NULL is no limit."""
    since, until = _column(EVER), _column(NEVER)
    bound: list[tuple[object, ...]] = [
        (party, accounts, *map(since, s.entry), *map(since, s.since), *map(until, s.until))
        for (party, s), accounts in found.stretches.items()
    ]
    paused: list[tuple[object, ...]] = [
        (party, accounts, *map(since, p.start), *map(until, p.end), p.is_sure) for (party, p), accounts in found.pauses.items()
    ]
    return bound, paused


def _column(unlimited: datetime) -> Callable[[datetime], datetime | None]:
    return lambda t: None if t == unlimited else t
