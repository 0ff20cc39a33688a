"""When a phase begins, in each account: at the first instant at which its milestones are met.

The answer lies between the first instant at which they may be met and that at
which they certainly are; `NEVER` where they are not. Source: semantics,
section 4, "Phases".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

import duckdb

from detente.agreement.clause import Agreement, Done, Duty, Kept, Parties, Phase, PhasePoint, RecurringDuty, Rule, When
from detente.judge.life import first_acts
from detente.judge.moments import EVER, NEVER, Between, freed, later
from detente.judge.onrecord import OnRecord, of_party
from detente.judge.scene import Scene
from detente.model.duration import Duration

Begun = Mapping[str, Sequence[Between]]
"""By phase, one moment per account."""

Stretches = list[tuple[datetime, datetime]]
"""When a milestone is met, and until before when."""

_NOT: Stretches = []


def begins(
    db: duckdb.DuckDBPyConnection, scene: Scene, agreement: Agreement, phase: Phase, begun: Begun, told: Mapping[str, OnRecord]
) -> list[Between]:
    """When the phase begins, one moment for each account."""
    acts = {m.kind: first_acts(db, scene, m.kind) for m in (phase.begins if isinstance(phase.begins, tuple) else ()) if isinstance(m, Done)}
    found = []
    for account in scene.seating.accounts:
        entry = _entry(db, scene, account.mask)
        match phase.begins:
            case When() as when:
                at = _point(scene, when, entry)
            case PhasePoint(phase=other, after=after):
                at = _shift(scene, begun[other][account.bit] if other in begun else Between(EVER, NEVER), after)
            case milestones:
                met = [
                    _done(scene, m, account.bit, acts[m.kind])
                    if isinstance(m, Done)
                    else _kept(scene, agreement, m, account.bit, entry, begun, told)
                    for m in milestones
                ]
                at = Between(*sorted((_first(m[0] for m in met), _first(m[1] for m in met))))
        if phase.latest is not None:
            latest = _start(scene, phase.latest)
            at = Between(min(at.lo, latest), min(at.hi, latest))
        found.append(at)
    return found


def _first(met: Iterable[Stretches]) -> datetime:
    """The first instant at which all are met."""
    all_met = list(met)
    starts = sorted(start for stretches in all_met for start, _ in stretches)
    return next((t for t in starts if all(any(a <= t < b for a, b in stretches) for stretches in all_met)), NEVER)


def _start(scene: Scene, day: date) -> datetime:
    return scene.clock.start_of(day).replace(tzinfo=None)


def _entry(db: duckdb.DuckDBPyConnection, scene: Scene, mask: int) -> Between:
    """When the agreement entered into force in an account; an agreement that always was, ever."""
    if not scene.has_life:
        return Between(EVER, EVER)
    row = db.execute(
        "SELECT min(entry_lo), max(entry_hi), bool_or(entry_lo IS NULL) FROM bound WHERE (accounts & ?) <> 0", [mask]
    ).fetchone()
    if row is None or row[2]:
        return Between(EVER, EVER)
    return Between(row[0], row[1])


def _point(scene: Scene, when: When, entry: Between) -> Between:
    at = entry if when.of == "entry-into-force" else Between(_start(scene, when.of), _start(scene, when.of))
    return _shift(scene, at, when.after)


def _shift(scene: Scene, at: Between, after: Duration | None) -> Between:
    return at if after is None else Between(*(freed(scene.clock, t, after) for t in at))


def _kept(
    scene: Scene, agreement: Agreement, milestone: Kept, bit: int, entry: Between, begun: Begun, told: Mapping[str, OnRecord]
) -> tuple[Stretches, Stretches]:
    """When rules have been kept, at the earliest and at the latest. What is open does not count against it."""
    rules = [r for r in agreement.rules if r.head.id in milestone.of.rules]
    names = milestone.by.names
    bad = [b for r in rules if r.head.id in told for b in of_party(told[r.head.id].bad, bit, names) if b.is_sure]
    began = [_bound_from(scene, r, entry, begun, bit) for r in rules]
    since = Between(max((b.lo for b in began), default=entry.lo), max((b.hi for b in began), default=entry.hi))
    if milestone.lasting is None:
        return _at_once(scene, rules, [b.cured for b in bad], bit, names, told)
    # The earliest: each bad moment as late as it can begin and as soon over; the latest, the other way round.
    early = _spared(scene, since.lo, ((b.start.hi, b.over.lo) for b in bad), milestone.lasting)
    late = _spared(scene, since.hi, ((b.start.lo, b.over.hi) for b in bad), milestone.lasting)
    return early, late


def _bound_from(scene: Scene, rule: Rule, entry: Between, begun: Begun, bit: int) -> Between:
    """When a rule began to bind."""
    moments = [entry]
    if rule.head.starts is not None:
        moments.append(_point(scene, rule.head.starts, entry))
    if rule.head.phases is not None and (start := rule.head.phases.starts) is not None and start.phase in begun:
        moments.append(_shift(scene, begun[start.phase][bit], start.after))
    return Between(max(m.lo for m in moments), max(m.hi for m in moments))


def _spared(scene: Scene, since: datetime, bad: Iterable[tuple[datetime, datetime]], lasting: Duration) -> Stretches:
    """When so many whole days lie behind without a bad moment, until the next one."""
    found: Stretches = []
    clock = since
    for start, over in sorted(bad):
        met = later(scene.clock, _whole(scene, clock), lasting)
        if met < start:
            found.append((met, start))
        clock = max(clock, over if over == NEVER else over + timedelta(microseconds=1))
    if clock != NEVER:
        found.append((later(scene.clock, _whole(scene, clock), lasting), NEVER))
    return found


def _whole(scene: Scene, at: datetime) -> datetime:
    """The start of the first local day that is wholly after a moment."""
    if at in (EVER, NEVER):
        return at
    day = scene.clock.local(at).date()
    start = _start(scene, day)
    return start if start == at else _start(scene, day + timedelta(days=1))


def _at_once(
    scene: Scene, rules: Sequence[Rule], cures: Sequence[Between], bit: int, names: tuple[str, ...], told: Mapping[str, OnRecord]
) -> tuple[Stretches, Stretches]:
    """When something was due and kept, nothing is still due, and every breach is cured; what holds at all times is kept when it has ended."""
    moments = list(cures)
    for rule in rules:
        record = told.get(rule.head.id)
        if record is None:
            continue
        if any(b == bit and (not names or p in names) for b, p in record.pending):
            return _NOT, _NOT
        kept = [k.due for k in record.kept if k.bit == bit and (not names or k.bearer in names)]
        if isinstance(rule, Duty | RecurringDuty):
            moments += kept
            if not kept:
                return _NOT, _NOT
        elif rule.head.ends is not None and rule.head.ends.of != "entry-into-force":
            moments.append(_point(scene, rule.head.ends, Between(EVER, EVER)))
        else:
            return _NOT, _NOT
    if not moments:
        return _NOT, _NOT
    return [(max(m.lo for m in moments), NEVER)], [(max(m.hi for m in moments), NEVER)]


def _done(scene: Scene, done: Done, bit: int, first: Callable[[int, str], Between]) -> tuple[Stretches, Stretches]:
    """When those who must have done it had; what nobody states did not happen."""
    by = done.by.names if isinstance(done.by, Parties) and done.by.names else scene.parties
    firsts = [first(bit, p) for p in by]
    choose = max if done.every else min
    return [(choose(f.lo for f in firsts), NEVER)], [(choose(f.hi for f in firsts), NEVER)]
