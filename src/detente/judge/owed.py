"""What is owed under one plan: the instances that are not performed, account by account, with each account's own due time.

Another SELECT over the parts of the plan that judges the rule. The set of accounts
in which an instance is open, pending or breached comes from `votes`; when it is
due, and how sure its occasion is, from the occasions `x`, of which every account has its own version.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import duckdb

from detente.agreement.clause import (
    Act,
    Agreement,
    Anchor,
    AnyOther,
    Deadline,
    Duty,
    EventVar,
    EveryOther,
    FieldOf,
    Parties,
    PartyVar,
    RecurringDuty,
    StrictDeadline,
)
from detente.judge.deadline import due
from detente.judge.evaluate import instance_id
from detente.judge.hold import of_kind
from detente.judge.occasion import Cte
from detente.judge.plan import Plan, is_shared, plans, share, with_ctes
from detente.judge.scene import Scene
from detente.judge.sql import moment, name, text
from detente.model.owed import OwedState


@dataclass(frozen=True, slots=True)
class OwedRow:
    """One instance as the accounts of the set `accounts` tell it; `performed` is the set in which it was performed."""

    id: str
    plan: Plan
    event: str | None
    bearer: str
    recipient: str | None
    state: OwedState
    due: tuple[datetime | None, datetime | None]
    happens: tuple[datetime | None, datetime | None]
    accounts: int
    performed: int
    is_strict: bool


Ends = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Source:
    """What is owed under a plan: the act, by when, and the relation of its occasions. No deadline: the occasion is the due day itself."""

    over: str
    act: Act
    deadline: Deadline | None
    exceptions: tuple[Deadline, ...] = ()

    def ends(self, scene: Scene) -> list[Ends]:
        """SQL of the due time over an occasion `x`: the rule's own, and its exceptions'."""
        if self.deadline is None:
            return [("x.falls_lo", "x.falls_hi")]
        limits = [due(scene, deadline, "x") for deadline in (self.deadline, *self.exceptions)]
        return [(limit.lo, limit.hi) for limit in limits]

    @property
    def is_strict(self) -> bool:
        """Whether the due time itself is too late."""
        return all(isinstance(d, StrictDeadline) for d in (self.deadline, *self.exceptions))


def owed_rows(
    db: duckdb.DuckDBPyConnection,
    scene: Scene,
    agreement: Agreement,
    shown: int,
    until: datetime | None = None,
    progress: Callable[[str, float], None] | None = None,
) -> list[OwedRow]:
    """What is owed under every rule, in the accounts of the set `shown`; one query for each plan.

    `until` (naive UTC) leaves out what is not overdue and certainly falls due later.
    """
    written = [p for rule in agreement.rules for p in plans(scene, rule, agreement.evidence) if is_owed(p)]
    for table, query in share(written):
        db.execute(f"CREATE OR REPLACE TEMP TABLE {name(table)} AS {query}")
    found: list[OwedRow] = []
    for n, plan in enumerate(written):
        if progress:
            progress(f"judging rule {plan.id}", n / len(written))
        found += _rows(db, plan, owed_query(scene, plan, shown, until))
    return found


def is_owed(plan: Plan) -> bool:
    """Whether the plan is of something that has to be done by a time."""
    return not plan.is_spells and _source(plan) is not None


def owed_query(scene: Scene, plan: Plan, shown: int, until: datetime | None = None) -> str:
    """The query over the plan's parts: one row per instance, state and due time, with the set of accounts that tell it so."""
    source = _source(plan)
    if source is None:
        raise ValueError(f"nothing falls due under {plan.id}")
    parts: list[Cte] = [
        ("standing", _standing(shown)),
        ("several", "  SELECT event FROM votes WHERE event <> '' AND " + _LISTED + " GROUP BY event HAVING min(bearer) <> max(bearer)"),
        ("occasion", _occasion(scene, plan, source)),
        ("telling", _telling(scene, source)),
    ]
    return with_ctes([*(c for c in plan.ctes if not is_shared(c[0])), *parts], _closing(until))


_LISTED = "(kept | breached | open | pending | unbound) <> 0"


def _closing(until: datetime | None) -> str:
    soon = f"\nWHERE t.state = {text(OwedState.OVERDUE)} OR coalesce(t.due_lo <= {moment(until)}, true)" if until else ""
    return _CLOSING.format(soon=soon)


_CLOSING = """SELECT t.event, t.bearer, t.recipient, t.towards, t.event IN (SELECT event FROM several) AS is_one_of_several, t.state,
  t.due_lo, t.due_hi, min(t.happens_lo), max(t.happens_hi),
  bit_or(t.account)::UBIGINT AS accounts, any_value(t.performed)::UBIGINT AS performed
FROM telling t{soon}
GROUP BY t.event, t.bearer, t.recipient, t.towards, t.state, t.due_lo, t.due_hi
ORDER BY t.event, t.bearer, t.recipient, t.due_hi, t.due_lo, t.state, t.towards"""


def _source(plan: Plan) -> _Source | None:
    rule = plan.rule
    if not isinstance(rule, Duty | RecurringDuty):
        return None
    if plan.id != rule.head.id:
        after = rule.consequence
        if after is None or after.deadline is None:
            return None
        return _Source("overdue", after.act, replace(after.deadline, anchor=Anchor(FieldOf("", "overdue"))))
    if isinstance(rule, RecurringDuty):
        return _Source("x", rule.act, None)
    return _Source("x", rule.act, rule.deadline, tuple(e.deadline for e in rule.exceptions))


def _standing(shown: int) -> str:
    """Instances that some account shown does not hold performed, not even late."""
    undone = f"~cured & {shown}"
    return (
        f"  SELECT event, bearer, recipient, breached & {undone} AS overdue, (breached | open | pending) & {undone} AS owed, (kept | cured) & {shown} AS performed\n"
        f"  FROM votes WHERE ((breached | open | pending) & {undone}) <> 0"
    )


def _occasion(scene: Scene, plan: Plan, source: _Source) -> str:
    """Each version of the occasion of such an instance, with its due times: the rule's own and its exceptions'."""
    event, link = "x.event", ""
    rule = plan.rule
    if isinstance(rule, Duty) and rule.occasion is not None and scene.shape(rule.occasion.kind).is_linked:
        event = "coalesce(l.same, x.event)"
        link = f" LEFT JOIN linked l ON l.event = x.event AND {of_kind('l', scene.kinds[rule.occasion.kind])}"
    columns = [
        "x.possible AS accounts",
        "x.certain & ~x.maybe_excused AS sure",
        "x.future",
        "x.happens_lo",
        "x.happens_hi",
        f"{_towards(plan, source)} AS towards",
    ]
    for n, (lo, hi) in enumerate(source.ends(scene)):
        columns += [f"{lo} AS due{n}_lo", f"{hi} AS due{n}_hi"]
    columns += [f"x.e{n}_{part}" for n in range(len(source.exceptions)) for part in ("certain", "possible")]
    return (
        f"  SELECT s.event, s.bearer, s.recipient, s.overdue, s.owed, s.performed, {', '.join(columns)},\n"
        "    count(*) OVER (PARTITION BY s.event, s.bearer, s.recipient) AS versions\n"
        f"  FROM {source.over} x{link} JOIN standing s ON s.event = {event} AND s.bearer = x.bearer AND s.recipient IS NOT DISTINCT FROM x.recipient"
    )


def _towards(plan: Plan, source: _Source) -> str:
    """SQL of the party to which the act is owed, where the instance itself does not name it."""
    who = dict(source.act.roles).get("recipient")
    rule = plan.rule
    bearer = PartyVar("")
    if isinstance(rule, Duty | RecurringDuty):
        bearer = rule.consequence.bearer if rule.consequence is not None and plan.id != rule.head.id else rule.bearer
    match who:
        case EveryOther():
            return "x.recipient"
        case PartyVar(name=var) if var and who != bearer:
            return f"x.{name('party ' + var)}"
        case AnyOther():
            return text("any other Party")
        case Parties(names=names) if names:
            return text(" or ".join(names))
        case Parties(group=str(group)):
            return text(f"a member of {group}")
        case _:
            return "x.recipient"


def _telling(scene: Scene, source: _Source) -> str:
    """How it stands and when it is due, with the set of accounts that tell it so.

    Nearly every instance has one version of its occasion, which settles all
    accounts at once; where there are several, or exceptions, each account is asked for its own.
    """
    as_of = moment(scene.as_of)
    each = f"  SELECT {_TOLD}, performed, account, due_lo, due_hi, {_state(as_of)} AS state FROM (\n{_each_account(source)})"
    if source.exceptions:
        return each
    split = ", ".join(
        f"{{'state': {text(state)}, 'account': {accounts}}}"
        for state, accounts in (
            (OwedState.OVERDUE, "o.overdue"),
            (
                OwedState.PERHAPS_OVERDUE,
                f"CASE WHEN {_passed(as_of)} AND NOT o.future OR NOT {_passed(as_of)} AND {_begun(as_of)} THEN rest & sure ELSE 0 END",
            ),
            (OwedState.OVERDUE_IF, f"CASE WHEN {_passed(as_of)} THEN rest & CASE WHEN o.future THEN rest ELSE ~sure END ELSE 0 END"),
            (OwedState.DUE, f"CASE WHEN NOT {_passed(as_of)} AND NOT {_begun(as_of)} THEN rest & sure ELSE 0 END"),
            (OwedState.DUE_IF, f"CASE WHEN NOT {_passed(as_of)} THEN rest & ~sure ELSE 0 END"),
        )
    )
    whole = (
        f"  SELECT {_TOLD}, performed, told.account, due_lo, due_hi, told.state FROM (\n"
        f"    SELECT *, unnest([{split}]) AS told\n"
        "    FROM (SELECT *, accounts & owed & ~overdue AS rest, due0_lo AS due_lo, due0_hi AS due_hi FROM occasion WHERE versions = 1) o)\n"
        "  WHERE told.account <> 0"
    )
    return f"{whole}\n  UNION ALL\n{each}"


_TOLD = "event, bearer, recipient, towards, happens_lo, happens_hi"


def _each_account(source: _Source) -> str:
    """One row per instance and account. What one of an account's versions does not know, the account does not know: a missing bound stays missing."""
    bounds = {end: _due(end, choose, len(source.exceptions)) for end, choose in (("lo", "least"), ("hi", "greatest"))}
    ends = ", ".join(
        f"CASE WHEN count({sql}) = count(*) THEN {fold}({sql}) END AS due_{end}"
        for (end, sql), fold in zip(bounds.items(), ("min", "max"), strict=True)
    )
    several = "" if source.exceptions else " AND o.versions > 1"
    return (
        f"    SELECT o.event, o.bearer, o.recipient, a.account, min(o.towards) AS towards, any_value(o.performed) AS performed,\n"
        f"      bool_or((o.overdue & a.account) <> 0) AS is_overdue, bool_or((o.sure & a.account) <> 0 AND NOT o.future) AS is_there,\n"
        f"      bool_or((o.sure & a.account) <> 0) AS is_sure, min(o.happens_lo) AS happens_lo, max(o.happens_hi) AS happens_hi, {ends}\n"
        f"    FROM occasion o JOIN account a ON (o.accounts & o.owed & a.account) <> 0{several}\n"
        "    GROUP BY o.event, o.bearer, o.recipient, a.account"
    )


def _passed(as_of: str) -> str:
    return f"coalesce(due_hi <= {as_of}, false)"


def _begun(as_of: str) -> str:
    """Whether the due time, so far as it is known, may have passed."""
    return f"((due_lo IS NOT NULL OR due_hi IS NOT NULL) AND coalesce(due_lo <= {as_of}, true))"


def _state(as_of: str) -> str:
    """How it stands in one account."""
    states = (
        ("is_overdue", OwedState.OVERDUE),
        (f"{_passed(as_of)} AND is_there", OwedState.PERHAPS_OVERDUE),
        (_passed(as_of), OwedState.OVERDUE_IF),
        (f"is_sure AND {_begun(as_of)}", OwedState.PERHAPS_OVERDUE),
        ("is_sure", OwedState.DUE),
    )
    return "CASE " + " ".join(f"WHEN {when} THEN {text(then)}" for when, then in states) + f" ELSE {text(OwedState.DUE_IF)} END"


def _due(end: str, choose: str, exceptions: int) -> str:
    """An account's bound of the due time: an exception's where it holds there, either where it may."""
    whole = f"o.due0_{end}"
    for n in range(exceptions, 0, -1):
        own = f"o.due{n}_{end}"
        either = f"CASE WHEN {own} IS NOT NULL AND {whole} IS NOT NULL THEN {choose}({own}, {whole}) END"
        whole = (
            f"CASE WHEN (o.e{n - 1}_certain & a.account) <> 0 THEN {own}"
            f" WHEN (o.e{n - 1}_possible & a.account) <> 0 THEN {either} ELSE {whole} END"
        )
    return whole


def _rows(db: duckdb.DuckDBPyConnection, plan: Plan, query: str) -> Sequence[OwedRow]:
    source = _source(plan)
    if source is None:
        return ()
    is_due_day = isinstance(plan.rule, RecurringDuty)
    return [
        OwedRow(
            id=instance_id(plan.id, event, bearer if not event or is_one_of_several or is_due_day else None, recipient),
            plan=plan,
            event=None if is_due_day else event or None,
            bearer=bearer,
            recipient=towards or recipient,
            state=OwedState(state),
            due=(due_lo, due_hi),
            happens=(happens_lo, happens_hi),
            accounts=int(accounts),
            performed=int(performed),
            is_strict=source.is_strict,
        )
        for event, bearer, recipient, towards, is_one_of_several, state, due_lo, due_hi, happens_lo, happens_hi, accounts, performed in db.execute(
            query
        ).fetchall()
    ]


def is_consequence(plan: Plan) -> bool:
    """Whether it is owed because another duty is overdue."""
    return plan.id != plan.rule.head.id


def act_of(plan: Plan) -> Act | None:
    """What is owed under the plan."""
    source = _source(plan)
    return source.act if source else None


def is_about(act: Act) -> bool:
    """Whether the act refers to its occasion."""
    return any(isinstance(who, EventVar) for _, who in act.roles)
