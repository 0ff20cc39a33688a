"""Judges in order where rules wait for phases and releases, which wait for other rules.

The relation `paused` says when a party is not bound by a rule: before the
phase it begins with, after the one it ends with, and while it is released. It
grows as the rules are judged, and plans of later rules read it. `phased` says
in which accounts each phase begins when.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import duckdb

from detente.agreement.clause import Agreement, InPhases, PhasePoint, RecurringDuty, Release, Rule
from detente.agreement.clause.recurring import counted_phases
from detente.judge.form import form, has_instances
from detente.judge.life import lives
from detente.judge.moments import EVER, NEVER, Between, freed
from detente.judge.onrecord import TICK, OnRecord, on_record
from detente.judge.periods import fill_from_phase
from detente.judge.phase import begins
from detente.judge.plan import Plan
from detente.judge.release import PauseRow, releases
from detente.judge.scene import Scene
from detente.judge.sequence import knotted, sequence

Run = Callable[[Plan], str]
"""Judges one plan; the name of the table of its results."""


@dataclass
class _Course:
    """What is known so far."""

    db: duckdb.DuckDBPyConnection
    scene: Scene
    agreement: Agreement
    begun: dict[str, list[Between]] = field(default_factory=dict)
    told: dict[str, OnRecord] = field(default_factory=dict)


def judge_in_order(db: duckdb.DuckDBPyConnection, scene: Scene, agreement: Agreement, written: Mapping[str, list[Plan]], run: Run) -> None:
    """Runs the plans of every rule that does not wait for itself, each after what it waits for."""
    course = _Course(db, scene, agreement)
    rules = {r.head.id: r for r in agreement.rules}
    for knot in knotted(agreement):
        # What waits for itself may begin at any time, as far as others can tell.
        _begin(course, knot, [Between(EVER, NEVER)] * len(scene.seating.accounts))
    for step in sequence(agreement):
        if step.what == "phase":
            _begin(course, step.id, begins(db, scene, agreement, agreement.phases[step.id], course.begun, course.told))
            continue
        rule = rules[step.id]
        if step.what == "rule":
            _pause(db, _before(course, rule))
        else:
            _pause(db, _after(course, rule))
        tables = [run(plan) for plan in written[step.id]]
        if isinstance(rule, Release):
            bad = [b for id_ in rule.of.rules if id_ in course.told for b in course.told[id_].bad]
            _pause(db, releases(scene, agreement, rule, bad))
        elif has_instances(scene.kinds, rule):
            plan, table = written[step.id][0], tables[0]
            course.told[step.id] = on_record(db, scene, form(scene.kinds, rule), plan, table)


def _begin(course: _Course, phase: str, moments: list[Between]) -> None:
    course.begun[phase] = moments
    by_moment: dict[Between, int] = defaultdict(int)
    for account in course.scene.seating.accounts:
        by_moment[moments[account.bit]] |= account.mask
    rows = [(phase, accounts, _known(at.lo, EVER), _known(at.hi, NEVER)) for at, accounts in by_moment.items()]
    for rule in course.agreement.rules:
        if isinstance(rule, RecurringDuty) and phase in counted_phases(rule):
            fill_from_phase(course.db, course.scene, rule, by_moment, lives(course.db, course.scene, course.agreement.life))
    course.db.executemany("INSERT INTO phased VALUES (?, ?, ?, ?)", [list(r) for r in rows])


def _known(at: object, unknown: object) -> object:
    return None if at == unknown else at


def _pause(db: duckdb.DuckDBPyConnection, rows: Iterable[PauseRow]) -> None:
    listed = [list(r) for r in rows]
    if listed:
        db.executemany("INSERT INTO paused VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", listed)


def _before(course: _Course, rule: Rule) -> list[PauseRow]:
    """Until the phase with which the rule begins, nobody is bound by it."""
    limits: InPhases | None = rule.head.phases
    if limits is None or limits.starts is None:
        return []
    return _rows(course, rule, limits.starts, lambda at: (EVER, EVER, *(None if t == NEVER else max(t, EVER + TICK) - TICK for t in at)))


def _after(course: _Course, rule: Rule) -> list[PauseRow]:
    """From the phase with which it ends."""
    limits: InPhases | None = rule.head.phases
    if limits is None or limits.ends is None:
        return []
    return _rows(course, rule, limits.ends, lambda at: (at.lo, at.hi, None, None))


def _rows(course: _Course, rule: Rule, point: PhasePoint, stretch: Callable[[Between], tuple[object, ...]]) -> list[PauseRow]:
    by_moment: dict[Between, int] = defaultdict(int)
    for account in course.scene.seating.accounts:
        at = course.begun[point.phase][account.bit]
        if point.after is not None:
            after = point.after
            at = Between(*(freed(course.scene.clock, t, after) for t in at))
        by_moment[at] |= account.mask
    return [
        (party, accounts, *stretch(at), True, rule.head.id, False) for at, accounts in by_moment.items() for party in course.scene.parties
    ]
