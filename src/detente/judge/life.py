"""When each party is bound, in each account: entry, expiry, release, suspension, provisional application.

Facts about the agreement's own life are closed by default: what nobody states
did not happen. A notice without a date, or by nobody named, may have; then a
party is perhaps bound. Source: semantics, section 4, "Life".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb

from detente.agreement.clause import Life, Provisional
from detente.judge.hold import held
from detente.judge.moments import EVER, NEVER, Between, earliest, freed, later
from detente.judge.renewal import renewed
from detente.judge.scene import Scene
from detente.judge.sql import all_of, name
from detente.model.duration import Duration


@dataclass(frozen=True, slots=True)
class Stretch:
    """When the agreement entered into force, since when a party is bound, and from when it is free again.

    It is free at the agreement's expiry or at its own release, whichever is
    first. A provisional stretch is one in which the agreement is applied and
    need not be in force; the last of its ends is `release`.
    """

    entry: Between
    since: Between
    expiry: Between
    release: Between
    is_provisional: bool = False

    @property
    def until(self) -> Between:
        """From when it is free."""
        return earliest(self.expiry, self.release)


@dataclass(frozen=True, slots=True)
class Pause:
    """A suspension: its start and end, whether it certainly is this party's, and the one rule that it suspends (None: all)."""

    start: Between
    end: Between
    is_sure: bool
    rule: str | None = None


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
            "withdrawal": life.release is not None or life.provisional is not None,
            "suspension": life.suspension or life.partial_suspension is not None,
            "signature": life.provisional is not None and life.provisional.since == "signature",
        }.items()
    }
    objections = _notices(db, scene, "objection", _AGAINST_RENEWAL) if life.renewal and life.renewal.may_object else {}
    for account in scene.seating.accounts:
        told = {kind: by_bit.get(account.bit, []) for kind, by_bit in notices.items()}
        entry = _entry(scene, life, told[life.entry_by])
        expiry = _expiry(scene, life, entry, told["extension"])
        if life.renewal:
            against = [(n.at, n.is_sure) for n in objections.get(account.bit, []) if _is_bound(scene, life, told["withdrawal"], n)]
            expiry = renewed(scene.clock, life.renewal, expiry, against, scene.as_of)
        for party in scene.parties:
            since = entry
            if life.entry == "majority":
                own = _first(told[life.entry_by], party)
                since = Between(max(entry.lo, own.lo), max(entry.hi, own.hi))
            release = _ALWAYS
            notice = _first(told["withdrawal"], party)
            if life.release is not None:
                release = Between(*(freed(scene.clock, n, life.release) for n in notice))
            whole = Stretch(entry, since, expiry, release)
            found.stretches[party, whole] |= account.mask
            if life.provisional:
                applied = _provisional(scene, life.provisional, whole, notice, _first(told["signature"], party))
                found.stretches[party, applied] |= account.mask
            for n in told["suspension"]:
                if n.is_of(party):
                    for pause in _pauses(scene, life, n, n.is_surely_of(party)):
                        found.pauses[party, pause] |= account.mask
    return found


_ALWAYS = Between(NEVER, NEVER)


def _provisional(scene: Scene, applied: Provisional, whole: Stretch, notice: Between, signed: Between) -> Stretch:
    """When the agreement is applied by a party though it need not be in force; a notice of withdrawal ends that at once."""
    since = signed
    if not isinstance(applied.since, str):
        start = scene.clock.start_of(applied.since).replace(tzinfo=None)
        since = Between(start, start)
    ends = [whole.release, notice]
    if applied.until is not None:
        last = scene.clock.start_of(applied.until).replace(tzinfo=None)
        ends.append(Between(last, last))
    return Stretch(whole.entry, since, whole.expiry, earliest(*ends), is_provisional=True)


def _pauses(scene: Scene, life: Life, notice: _Notice, is_sure: bool) -> Iterator[Pause]:
    """What a notice suspends, and from when to when."""
    end = notice.until or Between(NEVER, NEVER)
    if life.suspension or life.partial_suspension is None:
        yield Pause(notice.at, end, is_sure)
        return
    partial = life.partial_suspension
    start = notice.at if partial.after is None else Between(*(freed(scene.clock, t, partial.after) for t in notice.at))
    if end.hi < start.lo:
        return
    rules = dict.fromkeys(r for ref in partial.of for r in ref.rules)
    for rule in rules if partial.of else (None,):
        yield Pause(start, end, is_sure, rule)


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
        lo, hi = (later(scene.clock, t, length) for t in entry)
    else:
        lo = hi = scene.clock.start_of(life.expiry).replace(tzinfo=None)
    if life.extension is None:
        return Between(lo, hi)
    by_party = [[n for n in extended if n.is_of(p)] for p in scene.parties]
    limits = [limit for of in by_party if (limit := _limit(scene, of))]
    if all(by_party):
        hi = max(hi, min([later(scene.clock, hi, life.extension), *(limit.hi for limit in limits)]))
    if all(any(n.is_surely_of(p) for n in of) for p, of in zip(scene.parties, by_party, strict=True)):
        lo = max(lo, min([later(scene.clock, lo, life.extension), *(limit.lo for limit in limits)]))
    return Between(lo, hi)


def _limit(scene: Scene, notices: Sequence[_Notice]) -> Between | None:
    """Until when one party's notices extend the agreement; None where one of them names no end."""
    ends = [n.until for n in notices]
    if not ends or None in ends:
        return None
    days = (min(e.lo for e in ends if e), max(e.hi for e in ends if e))
    return Between(*(t if t in (EVER, NEVER) else scene.clock.start_of(scene.clock.local(t).date()).replace(tzinfo=None) for t in days))


_AGAINST_RENEWAL = {"subject": "(subject = 'renewal' OR (subject IS NULL AND about IS NULL))", "about": "true"}
"""Objections to renewal: about it, or about nothing in particular. By field, so that a kind without one asks nothing of it."""


def _is_bound(scene: Scene, life: Life, withdrawn: Sequence[_Notice], objection: _Notice) -> bool:
    """Whether it may come from a Party that is not free yet."""
    if objection.party is None:
        return True
    if objection.party not in scene.parties:
        return False
    left = _first(withdrawn, objection.party).hi
    return life.release is None or left >= NEVER or objection.at.lo < freed(scene.clock, left, life.release)


def _notices(
    db: duckdb.DuckDBPyConnection, scene: Scene, kind_name: str, asked: Mapping[str, str] | None = None
) -> dict[int, list[_Notice]]:
    """Per account bit, the notices of the kind of which the account speaks and which it holds possible; `asked` are conditions by field."""
    kind = scene.kinds.get(kind_name)
    if kind is None or not scene.shape(kind_name).is_present or kind.happens is None:
        return {}
    end = next((f for f in ("until", "end") if f in kind.fields), None)
    asked = {f: condition for f, condition in (asked or {}).items() if f in kind.fields}
    fields = [f for f in kind.fields.values() if f.name in ("party", kind.happens, end, *asked)]
    ctes = held(scene, kind, fields, prefix="notices", unheard=False)
    ends = f"{name(end + '_lo')}, {name(end + '_hi')}" if end else "NULL, NULL"
    query = "WITH " + ",\n".join(f"{name(n)} AS ({body})" for n, body in ctes)
    query += f" SELECT party, {name(kind.happens + '_lo')}, {name(kind.happens + '_hi')}, {ends}, sure, accounts FROM notices WHERE {all_of([*asked.values()])}"
    found: dict[int, list[_Notice]] = defaultdict(list)
    for party, lo, hi, end_lo, end_hi, is_sure, accounts in db.execute(query).fetchall():
        until = Between(end_lo or EVER, end_hi or NEVER) if end_lo or end_hi else None
        for account in scene.seating.accounts:
            if accounts & account.mask:
                found[account.bit].append(_Notice(party, Between(lo or EVER, hi or NEVER), until, is_sure))
    return found


def first_acts(db: duckdb.DuckDBPyConnection, scene: Scene, kind: str) -> Callable[[int, str], Between]:
    """By account and party, when its first act of the kind came; what nobody states did not happen."""
    found = _notices(db, scene, kind)
    return lambda bit, party: _first(found.get(bit, []), party)


def life_rows(found: Lives) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """Rows of the relations `bound` and `paused`; NULL is no limit."""
    since, until = _column(EVER), _column(NEVER)
    bound: list[tuple[object, ...]] = [
        (
            party,
            accounts,
            *map(since, s.entry),
            *map(since, s.since),
            *(m for e in (s.until, s.expiry, s.release) for m in map(until, e)),
            s.is_provisional,
        )
        for (party, s), accounts in found.stretches.items()
    ]
    paused: list[tuple[object, ...]] = [
        (party, accounts, *map(since, p.start), *map(until, p.end), p.is_sure, p.rule) for (party, p), accounts in found.pauses.items()
    ]
    return bound, paused


def _column(unlimited: datetime) -> Callable[[datetime], datetime | None]:
    return lambda t: None if t == unlimited else t
