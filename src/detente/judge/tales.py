"""What each account holds of one instance, in words, with the statements it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import duckdb

from detente.agreement.clause import (
    Compare,
    Constant,
    Done,
    Duty,
    EventVar,
    Evidence,
    FieldOf,
    ImportedDuty,
    Is,
    Level,
    Placed,
    Prohibition,
    RecurringDuty,
    Rule,
    StrictDeadline,
)
from detente.judge import tell
from detente.judge.condition import conditions_in, fields_of, rests_on_left_open
from detente.judge.form import Form, form
from detente.judge.imported import imported_tale
from detente.judge.levels import level_tales
from detente.judge.plan import Plan, plans
from detente.judge.recall import Row, grouped
from detente.judge.recall import ids as _ids
from detente.judge.recall import rows as _rows
from detente.judge.recurring import as_duty
from detente.judge.scene import Scene
from detente.judge.sql import Clock, name, text
from detente.judge.standing import with_pauses
from detente.model.account import Account
from detente.model.kind import Kind
from detente.model.verdict import Cited, InstanceVerdict, Tale, Vote


def tales(
    db: duckdb.DuckDBPyConnection, scene: Scene, rule: Rule, plan_id: str, instance: InstanceVerdict, evidence: Evidence
) -> tuple[Tale, ...]:
    """One tale for each group of accounts that tell the same."""
    plan = next(p for p in plans(replace(scene, may_pair=False), rule, evidence) if p.id == plan_id)
    told = _tales(db, scene, form(scene.kinds, rule), plan, instance)
    return with_pauses(db, scene, rule.head.id, instance, told)


def _tales(db: duckdb.DuckDBPyConnection, scene: Scene, rule: Form, plan: Plan, instance: InstanceVerdict) -> tuple[Tale, ...]:
    plan_id = plan.id
    if isinstance(rule, Level):
        return level_tales(db, scene, rule, plan, instance)
    if isinstance(rule, ImportedDuty):
        return imported_tale(rule, instance, tuple(a.name for a in scene.seating.accounts))
    if isinstance(rule, RecurringDuty):
        rule = as_duty(rule)
    kind = scene.kinds[rule.occasion.kind] if rule.occasion else None
    held = _rows(db, plan.asking(f"SELECT * FROM h WHERE event = {text(instance.occasion)}")) if kind and instance.occasion else []
    acts: list[Row] = []
    act_kind: Kind | None = None
    if isinstance(rule, Duty):
        after = rule.consequence if plan_id.endswith(".else") else None
        act = after.act if after else rule.act
        act_kind = scene.kinds[act.kind]
        tag = "n_else" if after else "n0"
        refers = any(isinstance(who, EventVar) for _, who in act.roles)
        about = f"about = {text(instance.occasion)}" if refers and instance.occasion else f"party = {text(instance.bearer)}"
        acts = _rows(db, plan.asking(f"SELECT * FROM {tag} WHERE {about}"))
        acts = [a for a in acts if not instance.recipient or a.get("recipient") in (None, instance.recipient)]
        acts = [a for a in acts if _cited(db, a, instance)]
    done = _done(db, scene, rule, plan, instance)
    ids = _ids(db, [*held, *acts, *(row for _, row in done)])
    filled = _filled(db, kind, held) if kind else {}
    silences = _silences(db, scene, act_kind, instance) if act_kind else ()
    told = _Told(
        kind, act_kind, held, acts, silences, ids, filled, scene.clock, _days_ahead(rule, plan_id), is_strict(rule, instance), tuple(done)
    )
    by_account = [_tale(a, rule, told, instance) for a in scene.seating.accounts]
    return grouped(by_account)


def _done(
    db: duckdb.DuckDBPyConnection, scene: Scene, rule: Duty | Prohibition, plan: Plan, instance: InstanceVerdict
) -> list[tuple[Kind, Row]]:
    """What others have done about the occasion, where the rule asks for it: consents, by the plan's own relations."""
    if rule.occasion is None or instance.occasion is None:
        return []
    parts = dict(plan.ctes)
    asked = [rule.occasion.where, rule.unless, *((e.where for e in rule.exceptions) if isinstance(rule, Duty) else ())]
    beside = dict.fromkeys(c for whole in asked for c in conditions_in(whole) if isinstance(c, Done | Placed) and not rests_on_left_open(c))
    found: list[tuple[Kind, Row]] = []
    for n, condition in enumerate(beside, 1):
        if isinstance(condition, Done) and condition.about is not None:
            acts = f"c{n}_renamed" if f"c{n}_renamed" in parts else f"c{n}_h"
            rows = _rows(db, plan.asking(f"SELECT * FROM {acts} WHERE about = {text(instance.occasion)} ORDER BY party, event"))
            found += [(scene.kinds[condition.kind], row) for row in rows]
    return found


def _filled(db: duckdb.DuckDBPyConnection, kind: Kind, rows: Sequence[Row]) -> dict[str, set[int]]:
    """For each field, the cited statements that fill it."""
    seqs = sorted({s for r in rows for s in r["cites"]})  # type: ignore[attr-defined]
    if not seqs:
        return {}
    tests = [
        f"{name(f.name + '_lo')} IS NOT NULL OR {name(f.name + '_hi')} IS NOT NULL" if f.is_ordered else f"{name(f.name)} IS NOT NULL"
        for f in kind.fields.values()
    ]
    cells = ", ".join(f"({t})" for t in tests)
    found = db.execute(f"SELECT seq, {cells} FROM {name(kind.table)} WHERE seq IN (SELECT unnest(?::UINTEGER[]))", [seqs]).fetchall()
    return {f: {row[0] for row in found if row[n + 1]} for n, f in enumerate(kind.fields)}


@dataclass(frozen=True, slots=True)
class Silence:
    """What closes the search for an act in the set `accounts`: a pattern denial by its id, or a complete register."""

    id: str | None
    accounts: int


def _silences(db: duckdb.DuckDBPyConnection, scene: Scene, kind: Kind, instance: InstanceVerdict) -> tuple[Silence, ...]:
    """The patterns that the verdict cites, and the registers that are complete where an account misses the act."""
    if not scene.shape(kind.name).can_close:
        return ()
    found = db.execute(
        f"SELECT k.id, c.accounts FROM {name('closed ' + kind.table)} c LEFT JOIN statement k ON k.seq = c.seq"
        " WHERE k.id IS NULL OR k.id IN (SELECT unnest(?::VARCHAR[]))",
        [list(instance.cites)],
    ).fetchall()
    missed = sum(a.mask for a in scene.seating.accounts if instance.votes[a.name] is Vote.BREACHED)
    return tuple(Silence(i, accounts if i else accounts & missed) for i, accounts in found)


@dataclass(frozen=True, slots=True)
class _Told:
    """What all accounts hold of one occasion and of the acts about it."""

    kind: Kind | None
    act_kind: Kind | None
    held: Sequence[Row]
    acts: Sequence[Row]
    silences: Sequence[Silence]
    ids: Mapping[int, str]
    filled: Mapping[str, set[int]]
    clock: Clock
    ahead: int | None
    """How many days ahead the act is due, where the rule counts days before its anchor and has no exceptions."""
    is_strict: bool = False
    """Whether the due time itself is too late."""
    done: Sequence[tuple[Kind, Row]] = ()
    """What others have done about the occasion, such as consent."""


def _tale(account: Account, rule: Duty | Prohibition, told: _Told, instance: InstanceVerdict) -> Tale:
    kind, act_kind = told.kind, told.act_kind
    vote = instance.votes[account.name]
    facts: list[Cited] = []
    missing: list[str] = []
    margin = nearest = None
    mine = next((r for r in told.held if int(r["accounts"]) & account.mask), None)  # type: ignore[call-overload]
    if kind and rule.occasion and instance.occasion:
        facts, missing = _occasion_facts(rule, kind, mine, told)
        facts += [_done_fact(act, row, told) for act, row in told.done if int(row["accounts"]) & account.mask]  # type: ignore[call-overload]
        margin = _threshold(rule, kind, mine)
    if act_kind is not None and isinstance(rule, Duty):
        heard = [a for a in told.acts if int(a["accounts"]) & account.mask]  # type: ignore[call-overload]
        act = rule.consequence.act if rule.consequence and instance.rule.endswith(".else") else rule.act
        cites, said, nearest, lacking = _act_facts(account, act_kind, act.counts_at, heard, told, instance)
        facts += cites
        margin = said or (margin if vote is Vote.NOT_TRIGGERED else None)
        missing += lacking if vote == Vote.OPEN else []
    if vote == Vote.OPEN and instance.occasion is None and kind is not None:
        missing.append(f"a register of {kind.plural} complete over the period, or a denial by {instance.bearer}")
    return Tale((account.name,), vote, tuple(facts), margin, nearest, tuple(missing) if vote == Vote.OPEN else ())


def _occasion_facts(rule: Duty | Prohibition, kind: Kind, row: Row | None, told: _Told) -> tuple[list[Cited], list[str]]:
    ids, filled = told.ids, told.filled
    if row is None:
        return [Cited(f"no such {kind.name}", (), "denied, or the account holds there is none")], []
    if not row["heard"]:
        return [Cited(f"says nothing of this {kind.name}", ())], [f"a statement on whether the {kind.name} took place"]
    assert rule.occasion is not None  # noqa: S101  an occasion's facts are asked for only where there is one
    asked = (
        [rule.occasion.where, rule.unless, *(e.where for e in rule.exceptions)]
        if isinstance(rule, Duty)
        else [rule.occasion.where, rule.unless]
    )
    names = sorted({f for c in asked for f in fields_of(c, rule.occasion.var)} | ({kind.happens} if kind.happens else set()))
    facts, missing = [], []
    cited = [int(s) for s in row["cites"]]  # type: ignore[attr-defined]
    if not row["sure"]:
        facts.append(Cited(f"the {kind.name} is contested", tuple(ids[s] for s in cited if s in ids)))
        missing.append(f"whether the {kind.name} took place")
    for f in (kind.fields[n] for n in names if n in kind.fields):
        by = tuple(ids[s] for s in cited if s in filled.get(f.name, set()) and s in ids)
        if f.is_ordered:
            lo, hi = row.get(f"{f.name}_lo"), row.get(f"{f.name}_hi")
            if lo is None and hi is None:
                missing.append(f'"{tell.label(f)}": yes or no' if f.type == "flag" else f"the {tell.label(f)}")
                continue
            shown = tell.value(f, lo, hi, told.clock)
        elif row.get(f.name) is None:
            missing.append(f"the {tell.label(f)}")
            continue
        else:
            shown = str(row[f.name])
        facts.append(Cited(f"{tell.label(f)} {shown}", by, "not denied" if len(by) == 1 else None))
    return facts, missing


def _done_fact(kind: Kind, row: Row, told: _Told) -> Cited:
    """For instance: consent of Borland, given 2026-02-10."""
    at = (row.get(f"{kind.happens}_lo"), row.get(f"{kind.happens}_hi")) if kind.happens else (None, None)
    when = f", {tell.label(kind.fields[kind.happens])} {tell.span(*at, told.clock)}" if kind.happens and any(at) else ""  # type: ignore[arg-type]
    cites = tuple(told.ids[int(s)] for s in row["cites"] if int(s) in told.ids)  # type: ignore[attr-defined]
    view = f" as {row['subject']}" if row.get("subject") else ""
    return Cited(f"{kind.name}{view} of {row['party'] or 'a party not named'}{when}", cites, None if row["sure"] else "contested")


def _threshold(rule: Duty | Prohibition, kind: Kind, row: Row | None) -> str | None:
    """How far the first numeric condition is met or missed, in its own unit."""
    if row is None or rule.occasion is None:
        return None
    for c in conditions_in(rule.occasion.where):
        if isinstance(c, Compare) and isinstance(c.value, Constant) and kind.fields[c.term.field].type in ("count", "number"):
            lo, hi = row.get(f"{c.term.field}_lo"), row.get(f"{c.term.field}_hi")
            limit = float(c.value.value)
            if lo is not None and lo == hi:
                known = float(str(lo))
                by = abs(known - limit)
                side = "at" if by == 0 else ("over" if known > limit else "under")
                return f"{tell.number(known)}: " + (f"{tell.number(by)} {side} {c.value.shown}" if by else f"exactly {c.value.shown}")
        if isinstance(c, Is) and isinstance(c.term, FieldOf):
            continue
    return None


def _act_facts(
    account: Account, kind: Kind, counts_at: str, heard: Sequence[Row], told: _Told, instance: InstanceVerdict
) -> tuple[list[Cited], str | None, str | None, list[str]]:
    ids = told.ids
    silence = [s for s in told.silences if s.accounts & account.mask]
    if not heard and silence:
        named = tuple(s.id for s in silence if s.id)
        how = "pattern" if named else "a complete register without an entry"
        return [Cited(f"no {kind.name} was made", named, how)], None, None, []
    if not heard:
        absent = f"no {kind.name} on record"
        lacking = [f"a register of {kind.plural} complete up to the due time, or {tell.possessive(instance.bearer)} own word"]
        return [Cited(absent, ())], None, None, lacking

    def distance(row: Row) -> tuple[bool, datetime]:
        at = row[f"{counts_at}_lo"]
        return (at is None, at if isinstance(at, datetime) else datetime.max)  # noqa: DTZ901

    best = min(heard, key=distance)
    at_lo, at_hi = best.get(f"{counts_at}_lo"), best.get(f"{counts_at}_hi")
    cites = tuple(ids[int(s)] for s in best["cites"] if int(s) in ids)  # type: ignore[attr-defined]
    fact = Cited(f"{kind.name} {counts_at} {tell.span(at_lo, at_hi, told.clock)}", cites, None if best["sure"] else "contested")  # type: ignore[arg-type]
    margin = _before(at_hi, instance, told.clock) if told.is_strict else _lateness(at_hi, instance, told.ahead)
    nearest = fact.text if margin and margin.endswith(("late", "short")) else None
    return [fact], margin, nearest, [] if best["sure"] else [f"whether the {kind.name} was made"]


def is_strict(rule: Rule | Form, instance: InstanceVerdict) -> bool:
    """Whether the instance's due time itself is too late."""
    if not isinstance(rule, Duty):
        return False
    after = rule.consequence if instance.rule.endswith(".else") else None
    return not rule.exceptions and isinstance(after.deadline if after else rule.deadline, StrictDeadline)


def _before(at: object, instance: InstanceVerdict, clock: Clock) -> str | None:
    """How long before the anchor the act was: in hours where both are known so, else in days."""
    due, latest = instance.due
    if not isinstance(at, datetime) or due is None:
        return None
    if due == latest and clock.local(at).time().microsecond != 999999:
        hours = (due.replace(tzinfo=None) - at).total_seconds() / 3600
        return f"{tell.number(round(abs(hours), 1))} hours " + ("before" if hours > 0 else "late")
    days = (clock.local(due).date() - clock.local(at).date()).days
    return f"{days} days before" if days > 0 else ("on the day itself" if days == 0 else f"{-days} days late")


def _lateness(at: object, instance: InstanceVerdict, ahead: int | None) -> str | None:
    """How early or late the act was, in days or hours."""
    due = instance.due[0]
    if not isinstance(at, datetime) or due is None:
        return None
    due = due.replace(tzinfo=None)
    early = due - at
    whole_days = due.time().microsecond == 999999
    if whole_days:
        days = (due.date() - at.date()).days
        if ahead is not None:
            return f"{ahead + days} days before: " + (f"{days} to spare" if days >= 0 else f"{-days} short")
        return f"{days} days to spare" if days > 0 else ("on the last day" if days == 0 else f"{-days} days late")
    hours = early.total_seconds() / 3600
    return f"{tell.number(round(abs(hours), 1))} hours " + ("to spare" if hours >= 0 else "late")


def _days_ahead(rule: Rule, plan_id: str) -> int | None:
    if not isinstance(rule, Duty) or rule.exceptions or plan_id.endswith(".else") or rule.deadline.relation != "before":
        return None
    duration = rule.deadline.duration
    return duration.amount if duration and duration.unit == "days" else None


def _cited(db: duckdb.DuckDBPyConnection, row: Row, instance: InstanceVerdict) -> bool:
    """Whether the verdict rests on the act: it may be in time, or it came late."""
    return bool(set(_ids(db, [row]).values()) & set(instance.cites))
