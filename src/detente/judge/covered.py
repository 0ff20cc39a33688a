"""Which ways through its rules one judgement took: every condition, excuse, exception and consequence, both ways.

Nothing is worked out anew: each simple condition is asked over the parts of the
plan that judged it, and the rest is read from the votes. A way counts when some
deciding account took it for certain.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import duckdb

from detente.agreement.clause import (
    Agreement,
    BaselineBound,
    Bound,
    Compare,
    Condition,
    Duty,
    Permission,
    Phase,
    Prohibition,
    RecurringDuty,
    Release,
    Rule,
    Separation,
)
from detente.judge.bound import bound_probes
from detente.judge.duty import asked_of
from detente.judge.evaluate import Judged
from detente.judge.form import has_instances
from detente.judge.judge import Judgement
from detente.judge.occasion import occasion_probes
from detente.judge.permission import refusal
from detente.judge.plan import Plan, plans, with_ctes
from detente.judge.probe import Probe, simple
from detente.judge.prohibition import asked_of as asked_by_prohibition
from detente.judge.recurring import recurring_probes
from detente.judge.release import named
from detente.judge.scene import Scene
from detente.judge.separation import separation_probes
from detente.judge.sql import moment, name, text
from detente.model.coverage import Fork
from detente.model.span import Span

Ways = tuple[bool, bool]
"""Whether some deciding account certainly went the one way, and the other."""

_Leaf = tuple[Span, str, str]
"""What tells a simple condition of the text from all others: where it stands, and which half of `between` it is."""


def forks(agreement: Agreement) -> tuple[Fork, ...]:
    """Every fork of every rule and phase, in the order of the text."""
    permitted = {leaf for rule in agreement.rules if isinstance(rule, Permission) for leaf, _ in _leaves(rule)}
    found = [f for rule in agreement.rules for f in _forks(rule, permitted, agreement)]
    found += [Fork(phase.id, "phase", phase.span) for phase in agreement.phases.values()]
    return tuple(found)


def covered(db: duckdb.DuckDBPyConnection, agreement: Agreement, judgement: Judgement) -> Mapping[Fork, Ways]:
    """The ways that one judgement took; of a fork that is not in it, neither."""
    scene = replace(judgement.scene, may_pair=False)
    permitted = {leaf for rule in agreement.rules if isinstance(rule, Permission) for leaf, _ in _leaves(rule)}
    found: dict[Fork, Ways] = {}

    def add(fork: Fork, ways: Ways) -> None:
        before = found.get(fork, (False, False))
        found[fork] = (before[0] or ways[0], before[1] or ways[1])

    by_leaf = {leaf: fork for rule in agreement.rules for leaf, fork in _by_leaf(rule, permitted, agreement).items()}
    tables = {j.plan.id: j for j in judgement.judged if not j.is_cycle}
    for rule in agreement.rules:
        if rule.head.id not in tables:
            continue
        whole = plans(scene, rule, agreement.evidence)[0]
        for leaf, ways in _asked(db, scene, whole, _probes(scene, rule)):
            if (fork := by_leaf.get(leaf)) is not None:
                add(fork, ways)
        for fork in _forks(rule, permitted, agreement):
            if fork.sort != "condition":
                add(fork, _went(db, scene, agreement, rule, whole, tables, fork))
    for phase in agreement.phases.values():
        add(Fork(phase.id, "phase", phase.span), _begun(db, scene, phase))
    return found


def was_judged(db: duckdb.DuckDBPyConnection, scene: Scene, judged: Judged) -> bool:
    """Whether some deciding account has a vote on an instance; that nothing forbidden is known and nothing shows it, is none."""
    said = "kept | breached" if isinstance(judged.plan.rule, Prohibition | Permission) else "kept | breached | open | pending"
    deciding = scene.seating.deciding
    votes = f"CASE WHEN event <> '' THEN kept | breached | open | pending ELSE {said} END"
    return bool(_one(db, f"SELECT coalesce(bool_or((({votes}) & {deciding}) <> 0), false) FROM {name(judged.table)}"))


# ---- the forks of a rule ----------------------------------------------------------------


def _forks(rule: Rule, permitted: set[_Leaf], agreement: Agreement) -> Iterator[Fork]:
    id_, span = rule.head.id, rule.head.span
    yield from dict.fromkeys(_by_leaf(rule, permitted, agreement).values())
    unless = getattr(rule, "unless", None)
    if unless is not None and not isinstance(rule, Permission):
        yield Fork(id_, "excuse", span)
    if isinstance(rule, Duty):
        yield from (Fork(id_, "exception", e.span, e.id) for e in rule.exceptions)
    if isinstance(rule, Duty | RecurringDuty) and rule.consequence is not None:
        yield Fork(id_, "consequence", rule.consequence.span)
    if isinstance(rule, Release):
        yield Fork(id_, "release", span)
    if has_instances(agreement.kinds, rule):
        yield Fork(id_, "accounts", span)


def _by_leaf(rule: Rule, permitted: set[_Leaf], agreement: Agreement) -> dict[_Leaf, Fork]:
    """The rule's simple conditions; those that permissions add to its excuse are theirs, and one that is a whole excuse or exception is told as that."""
    given = {r.head.span for r in agreement.rules if isinstance(r, Permission)}
    own = [(leaf, c) for leaf, c in _leaves(rule) if isinstance(rule, Permission) or (leaf not in permitted and leaf[0] not in given)]
    wholes = _wholes(rule)
    own = [(leaf, c) for leaf, c in own if c not in wholes]
    shared = [leaf[0] for leaf, _ in own]
    return {leaf: Fork(rule.head.id, "condition", leaf[0], leaf[2] if shared.count(leaf[0]) > 1 else "") for leaf, _ in own}


def _wholes(rule: Rule) -> tuple[Condition, ...]:
    excepted = tuple(e.where for e in rule.exceptions) if isinstance(rule, Duty) else ()
    unless = getattr(rule, "unless", None)
    return (*excepted, *(() if unless is None or isinstance(rule, Permission) else (unless,)))


def _leaves(rule: Rule) -> Iterator[tuple[_Leaf, Condition]]:
    for whole in _conditions(rule):
        for c in simple(whole):
            yield _leaf(c), c


def _leaf(c: Condition) -> _Leaf:
    span: Span = c.span  # type: ignore[union-attr]  # a simple condition has its place
    return span, type(c).__name__, c.op if isinstance(c, Compare) else ""


def _conditions(rule: Rule) -> Iterator[Condition | None]:
    match rule:
        case Duty():
            yield from (rule.occasion.where if rule.occasion else None, rule.unless, *(e.where for e in rule.exceptions))
        case Prohibition():
            yield from (rule.occasion.where, rule.unless)
        case Permission():
            yield from (rule.deed.where, rule.unless)
        case Bound() | BaselineBound():
            yield from (*(s.where for s in rule.summands), rule.unless)
        case Separation():
            yield from (rule.where, rule.unless)
        case RecurringDuty():
            yield rule.unless
        case _:
            pass


# ---- which ways were taken ------------------------------------------------------------


def _probes(scene: Scene, rule: Rule) -> list[Probe]:
    match rule:
        case Duty():
            return occasion_probes(scene, asked_of(rule, rule.occasion)) if rule.occasion else []
        case Prohibition():
            return occasion_probes(scene, asked_by_prohibition(rule))
        case Permission():
            forbidden = refusal(scene.kinds, rule)
            return [] if forbidden is None else occasion_probes(scene, asked_by_prohibition(forbidden))
        case Bound() | BaselineBound():
            return bound_probes(scene, rule)
        case Separation():
            return separation_probes(scene, rule)
        case RecurringDuty():
            return recurring_probes(scene, rule)
        case _:
            return []


def _asked(db: duckdb.DuckDBPyConnection, scene: Scene, plan: Plan, probes: list[Probe]) -> Iterator[tuple[_Leaf, Ways]]:
    """Each condition once more, over the plan's own parts; one query for all that share a source."""
    for source in dict.fromkeys(p.source for p in probes):
        these = [p for p in probes if p.source == source]
        cells = []
        for p in these:
            met = p.truth.as_set(scene.every)
            of = f"({p.accounts}) & {scene.seating.deciding}"
            cells += [f"coalesce(bit_or({of} & {met.certain}), 0) <> 0", f"coalesce(bit_or({of} & ~({met.possible})), 0) <> 0"]
        row = db.execute(with_ctes(plan.ctes, f"SELECT {', '.join(cells)} FROM {source}")).fetchone() or ()
        for n, p in enumerate(these):
            yield _leaf(p.condition), (bool(row[2 * n]), bool(row[2 * n + 1]))


def _went(
    db: duckdb.DuckDBPyConnection,
    scene: Scene,
    agreement: Agreement,
    rule: Rule,
    plan: Plan,
    tables: Mapping[str, Judged],
    fork: Fork,
) -> Ways:
    """Which ways a fork other than a simple condition went."""
    deciding = scene.seating.deciding
    match fork.sort:
        case "excuse":
            source, applied = ("binding", "sure") if plan.is_spells else ("x", "certain")
            sides = f"{applied} & excused", f"{applied} & ~maybe_excused"
        case "exception" if isinstance(rule, Duty):
            n = next(n for n, e in enumerate(rule.exceptions) if e.id == fork.name)
            source, sides = "x", (f"certain & e{n}_certain", f"certain & ~e{n}_possible")
        case "consequence":
            return _voted(db, tables[rule.head.id], f"breached & {deciding}", f"kept & {deciding}")
        case "accounts":
            against = f"((kept | untriggered | unbound | pending) & {deciding})"
            differ = f"CASE WHEN (breached & {deciding}) <> 0 THEN {against} ELSE 0 END"
            agree = f"CASE WHEN {differ} <> 0 THEN 0 ELSE (breached | kept) & {deciding} END"
            return _voted(db, tables[rule.head.id], differ, agree)
        case "release" if isinstance(rule, Release):
            breachers = named(rule.breacher, agreement)
            whose = "" if breachers is None else f" WHERE bearer IN ({', '.join(text(b) for b in breachers)})"
            of = [tables[i] for i in rule.of.rules if i in tables]
            released = any(_voted(db, j, f"breached & {deciding}", "0::UBIGINT", whose)[0] for j in of)
            return released, not released
        case _:
            return False, False
    cells = ", ".join(f"coalesce(bit_or(({side}) & {deciding}), 0) <> 0" for side in sides)
    row = db.execute(with_ctes(plan.ctes, f"SELECT {cells} FROM {source}")).fetchone() or (False, False)
    return bool(row[0]), bool(row[1])


def _voted(db: duckdb.DuckDBPyConnection, judged: Judged, met: str, unmet: str, where: str = "") -> Ways:
    row = db.execute(
        f"SELECT coalesce(bit_or({met}), 0) <> 0, coalesce(bit_or({unmet}), 0) <> 0 FROM {name(judged.table)}{where}"
    ).fetchone() or (False, False)
    return bool(row[0]), bool(row[1])


def _begun(db: duckdb.DuckDBPyConnection, scene: Scene, phase: Phase) -> Ways:
    """Whether the phase has certainly begun by as-of in a deciding account, and whether it certainly has not."""
    as_of = moment(scene.as_of)
    row = db.execute(
        f"SELECT coalesce(bool_or(begins_hi <= {as_of}), false), coalesce(bool_or(begins_lo > {as_of}), false)"
        f" FROM phased WHERE phase = {text(phase.id)} AND (accounts & {scene.seating.deciding}) <> 0"
    ).fetchone() or (False, False)
    return bool(row[0]), bool(row[1])


def _one(db: duckdb.DuckDBPyConnection, query: str) -> object:
    row = db.execute(query).fetchone()
    return row[0] if row else None
