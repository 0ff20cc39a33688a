"""The occasions of a rule: who would be bound, in which accounts, and how surely.

The last CTE is `x`, one row for each version of an occasion, bearer and
recipient: `event, base, bearer, recipient, <other party variables>, accounts,
certain, possible, unbound, future, excused, maybe_excused, since, happens_lo,
happens_hi, cites, self, fair, plain`, the anchor fields asked for, and a pair of sets
for each exception. Sets count only accounts of the row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from detente.agreement.clause import (
    Anyone,
    AnyOther,
    Condition,
    Done,
    EveryOther,
    Head,
    Occasion,
    Parties,
    PartyVar,
    Placed,
    When,
)
from detente.judge.beside import beside_rows
from detente.judge.condition import Row, conditions_in, fields_of, member_of, rests_on_left_open, truth
from detente.judge.hold import grouped, held
from detente.judge.life import NEVER
from detente.judge.scene import Scene
from detente.judge.sql import all_of, any_of, moment, name, text
from detente.judge.truth import FALSE, TRUE, Truth, both
from detente.model.kind import Field, Kind

Cte = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a clause asks of its occasions."""

    head: Head
    occasion: Occasion
    bearers: Parties
    bearer: PartyVar
    excuse: Condition | None
    exceptions: tuple[Condition, ...] = ()
    anchors: tuple[str, ...] = ()
    """Fields of the occasion that a deadline counts from."""
    to_every_other: bool = False
    """Whether the act is owed to every other Party, one instance each."""
    among: str | None = None
    """A condition that limits which uncontested occasions are looked at."""
    due_binds: str | None = None
    """SQL of the due time over `o` (`#` for lo or hi), where the bearer must be bound by then too."""


def occasions(scene: Scene, asked: Asked) -> list[Cte]:
    """The CTEs up to and including `x`."""
    kind = scene.kinds[asked.occasion.kind]
    roles = _party_roles(asked)
    fields = _fields_needed(asked, kind, roles)
    weighing = frozenset(f.name for f in fields) - (set() if scene.has_life or kind.happens in asked.anchors else {kind.happens or ""})
    is_linked = scene.shape(kind.name).is_linked
    ctes = held(scene, kind, fields, prefix="h_each" if is_linked else "h", unheard=True, among=asked.among, weighing=weighing)
    if is_linked:
        ctes.append(grouped(kind, "h"))
    ctes += _role_rows(scene, asked, kind, roles)
    conditions = [asked.occasion.where, asked.excuse, *asked.exceptions]
    beside = beside_rows(scene, kind, conditions, asked.bearer, over="o", prefix="c")
    ctes += beside.ctes
    ctes.append(("x", _x(scene, asked, kind, roles, beside.columns, beside.joins)))
    return ctes


def _party_roles(asked: Asked) -> dict[str, str]:
    """Field → column of `o` for each role that a party variable fills."""
    return {
        f: ("bearer" if who == asked.bearer else name("party " + who.name)) for f, who in asked.occasion.roles if isinstance(who, PartyVar)
    }


def _fields_needed(asked: Asked, kind: Kind, roles: dict[str, str]) -> list[Field]:
    names = {f for f, _ in asked.occasion.roles} | set(asked.anchors) | set(roles)
    if kind.happens:
        names.add(kind.happens)
    for condition in (asked.occasion.where, asked.excuse, *asked.exceptions):
        names |= fields_of(condition, asked.occasion.var)
        for c in conditions_in(condition):
            if isinstance(c, Placed):
                names |= {"on", "range"} if c.relation == "reaches" else {"on"}
    return [f for f in kind.fields.values() if f.name in names]


def _role_rows(scene: Scene, asked: Asked, kind: Kind, roles: dict[str, str]) -> list[Cte]:
    """`o`: one row per version and set of parties in its roles; where a version names nobody, everyone whom another version names."""
    cells = ", ".join(f"h.{name(f)} AS {column}" for f, column in roles.items())
    gaps = set(roles) & scene.shape(kind.name).gaps or scene.shape(kind.name).is_contested or not scene.shape(kind.name).everyone_hears
    number = "row_number() OVER () AS i, " if _needs_numbers(asked) else ""
    if not gaps:
        return [("o", f"  SELECT {number}h.*, {cells}, true AS named\n  FROM h")]
    known = all_of([f"h.{name(f)} IS NOT NULL" for f in roles])
    filled = ", ".join(f"coalesce(h.{name(f)}, n.{column}) AS {column}" for f, column in roles.items())
    distinct = ", ".join(f"h.{name(f)} AS {column}" for f, column in roles.items())
    return [
        ("named", f"  SELECT DISTINCT h.event, {distinct} FROM h WHERE h.heard AND {known}"),
        (
            "o",
            f"  SELECT {number}* FROM (\n    SELECT h.*, {cells}, true AS named FROM h WHERE {known}\n    UNION ALL\n"
            f"    SELECT h.*, {filled}, false AS named FROM h JOIN named n ON n.event = h.event WHERE NOT {known})",
        ),
    ]


def _needs_numbers(asked: Asked) -> bool:
    return any(
        isinstance(c, (Done, Placed)) for whole in (asked.occasion.where, asked.excuse, *asked.exceptions) for c in conditions_in(whole)
    )


# ---- the occasions themselves ------------------------------------------------------


def window(scene: Scene, head: Head) -> tuple[str, str]:
    """SQL for when the rule begins and ceases to bind, over a row `b` of `bound` where the agreement has a life."""
    since, until = life(scene)
    if head.starts:
        since = _later(since, _when(scene, head.starts))
    if head.ends:
        until = _earlier(until, _when(scene, head.ends))
    return since, until


def life(scene: Scene) -> tuple[str, str]:
    """SQL for the stretch in which the bearer is bound: the same for all, or read from a row `b` of `bound`."""
    if not scene.has_life:
        return "NULL::TIMESTAMP", "NULL::TIMESTAMP"
    if scene.whole_life is not None:
        return moment(scene.whole_life[0]), moment(scene.whole_life[1])
    return "b.since", "b.until"


def _when(scene: Scene, when: When) -> str:
    start = life(scene)[0] if when.of == "entry-into-force" else moment(scene.clock.start_of(when.of))
    if when.after is None:
        return start
    # A term of days, months or years is over at the end of its last day.
    return (
        f"({scene.clock.after(start, when.after)} + INTERVAL 1 microsecond)"
        if when.after.is_calendar
        else scene.clock.after(start, when.after)
    )


def _later(a: str, b: str) -> str:
    return b if a.startswith("NULL") else f"greatest({a}, {b})"


def _earlier(a: str, b: str) -> str:
    return b if a.startswith("NULL") else f"least({a}, {b})"


def owed_once(scene: Scene, head: Head, bearers: Parties, excuse: Condition | None, *, to_every_other: bool) -> list[Cte]:
    """`x` for a duty without an occasion: one row per bearer, and recipient, from the beginning."""
    if excuse is not None:
        raise ValueError("a duty without an occasion has nothing to excuse it by")
    since, until = window(scene, head)
    accounts = f"{scene.every}::UBIGINT"
    joins = ""
    recipient = "NULL::VARCHAR"
    if scene.life_varies:
        joins += " JOIN bound b ON b.party = p.name"
        accounts = "b.accounts"
    if to_every_other:
        joins += " JOIN party r ON r.name <> p.name"
        recipient = "r.name"
        if scene.life_varies:
            joins += " JOIN bound br ON br.party = r.name AND (br.accounts & b.accounts) <> 0"
            accounts = "(b.accounts & br.accounts)"
    over = [f"coalesce({since} >= {moment(NEVER)}, false)", f"coalesce({since} >= {until}, false)"] if scene.has_life else []
    if scene.life_varies and to_every_other:
        over += [f"coalesce(br.since >= {moment(NEVER)}, false)", f"coalesce({since} >= br.until, false)"]
    never = any_of(over)
    eligible = [Truth("true", "true")]
    if bearers.names:
        listed = ", ".join(text(n) for n in bearers.names)
        eligible.append(Truth(f"p.name IN ({listed})", ""))
    if bearers.group:
        now = moment(scene.as_of)
        eligible.append(member_of(bearers.group, "p.name", (now, now)))
    chosen = [
        "'' AS event",
        "'' AS base",
        "p.name AS bearer",
        f"{recipient} AS recipient",
        f"{accounts} AS accounts",
        f"CASE WHEN {never} THEN 0 ELSE {accounts} END AS certain",
        f"CASE WHEN {never} THEN 0 ELSE {accounts} END AS possible",
        f"CASE WHEN {never} THEN {accounts} ELSE 0 END AS unbound",
        "false AS future",
        "0::UBIGINT AS excused",
        "0::UBIGINT AS maybe_excused",
        f"{since} AS since",
        "NULL::TIMESTAMP AS happens_lo",
        "NULL::TIMESTAMP AS happens_hi",
        "[]::UINTEGER[] AS cites",
        f"{accounts} AS self",
        f"{accounts} AS fair",
        "0::UBIGINT AS plain",
        f"{until} AS until",
    ]
    return [("x", "  SELECT " + ",\n    ".join(chosen) + f"\n  FROM party p{joins}\n  WHERE {all_of([e.certain for e in eligible])}")]


def _x(scene: Scene, asked: Asked, kind: Kind, roles: dict[str, str], joined: Mapping[Condition, str], joins: Sequence[str]) -> str:
    happens = (
        (f"o.{name(kind.happens + '_lo')}", f"o.{name(kind.happens + '_hi')}") if kind.happens else ("NULL::TIMESTAMP", "NULL::TIMESTAMP")
    )
    variables = {asked.bearer.name: "o.bearer", "": "o.bearer"} | {
        who.name: f"o.{roles[f]}" for f, who in asked.occasion.roles if isinstance(who, PartyVar) and who != asked.bearer
    }
    row = Row("o", kind, happens, variables, joined)
    since, until = window(scene, asked.head)
    trigger = [truth(asked.occasion.where, row, scene, burden=False), *role_truths(asked, happens)]
    binds = in_force(since, until, happens, asked.due_binds)
    whole = both([*trigger, binds], scene.every)
    excuse = truth(asked.excuse, row, scene, burden=True) if asked.excuse else FALSE
    accounts = "(o.accounts & b.accounts)" if scene.life_varies else "o.accounts"
    extra = list(joins)
    if scene.life_varies:
        extra.append("JOIN bound b ON b.party = o.bearer AND (b.accounts & o.accounts) <> 0")
    elif roles:
        extra.append("JOIN party p ON p.name = o.bearer")
    recipient = "NULL::VARCHAR AS recipient"
    if asked.to_every_other:
        extra.append("JOIN party r ON r.name <> o.bearer")
        if scene.life_varies:
            extra.append("JOIN bound br ON br.party = r.name AND (br.accounts & o.accounts & b.accounts) <> 0")
            extra.append(f"  AND coalesce(br.since <= {happens[1]}, true) AND coalesce(br.until > {happens[0]}, true)")
            accounts = "(o.accounts & b.accounts & br.accounts)"
        recipient = "r.name AS recipient"
    begun = f"NOT coalesce({happens[1]} > {moment(scene.as_of)} AND {happens[0]} <= {moment(scene.as_of)}, false)"
    sure = Truth(f"o.sure AND o.named AND {begun}", "true")
    t = both([sure, whole], scene.every)
    unmet = both([*trigger, Truth("false", f"NOT ({binds.possible})")], scene.every).as_set(scene.every).possible
    future = f"coalesce({happens[0]} > {moment(scene.as_of)}, false)"
    chosen = [
        "o.event",
        "o.base",
        "o.bearer",
        recipient,
        *(f"o.{c}" for c in roles.values() if c != "bearer"),
        f"{accounts} AS accounts",
        f"{accounts} & {t.as_set(scene.every).certain} AS certain",
        f"{accounts} & {t.as_set(scene.every).possible} AS possible",
        (f"{accounts} & {unmet} AS unbound" if binds != TRUE else "0::UBIGINT AS unbound"),
        f"{future} AS future",
        f"{accounts} & {excuse.as_set(scene.every).certain} AS excused",
        f"{accounts} & {excuse.as_set(scene.every).possible} AS maybe_excused",
        f"{since} AS since",
        f"{happens[0]} AS happens_lo",
        f"{happens[1]} AS happens_hi",
        "o.cites",
        f"o.self & {accounts} AS self",
        f"CASE WHEN {_FAIR} THEN {accounts} ELSE o.plain & {accounts} END AS fair",
        f"o.plain & {accounts} AS plain",
    ]
    chosen += [f"o.{name(f + s)} AS {name('anchor ' + f + s)}" for f in asked.anchors for s in ("_lo", "_hi")]
    for n, exception in enumerate(asked.exceptions):
        e = truth(exception, row, scene, burden=True).as_set(scene.every)
        chosen += [f"{accounts} & {e.certain} AS e{n}_certain", f"{accounts} & {e.possible} AS e{n}_possible"]
    if rests_on_left_open(asked.occasion.where, asked.excuse):
        for as_ in ("true", "false"):
            where = truth(asked.occasion.where, row, scene, burden=False, left_open=as_)
            rest = role_truths(asked, happens)
            assumed = both([sure, where, *rest, binds], scene.every).as_set(scene.every)
            excused = (truth(asked.excuse, row, scene, burden=True, left_open=as_) if asked.excuse else FALSE).as_set(scene.every)
            chosen += [
                f"{accounts} & {assumed.certain} AS certain_if_{as_}",
                f"{accounts} & {assumed.possible} AS possible_if_{as_}",
                f"{accounts} & {excused.certain} AS excused_if_{as_}",
                f"{accounts} & {excused.possible} AS maybe_excused_if_{as_}",
            ]
    inner = "  SELECT " + ",\n    ".join(chosen) + "\n  FROM o" + "".join(f"\n    {j}" for j in extra)
    return f"  SELECT * FROM (\n{inner})\n  WHERE (possible | unbound) <> 0"


_FAIR = "list_has_all([o.bearer], o.speaks)"
"""Whether the row rests on no party's word but the bearer's."""


def role_truths(asked: Asked, happens: tuple[str, str], bearer: str = "o.bearer") -> list[Truth]:
    """What is asked of the parties in the occasion's roles."""
    truths: list[Truth] = []
    if asked.bearers.group:
        truths.append(member_of(asked.bearers.group, bearer, happens))
    if asked.bearers.names:
        listed = ", ".join(text(n) for n in asked.bearers.names)
        truths.append(Truth(f"{bearer} IN ({listed})", f"{bearer} IN ({listed})"))
    for f, who in asked.occasion.roles:
        cell = f"o.{name(f)}"
        match who:
            case PartyVar() | Anyone() | EveryOther():
                pass
            case AnyOther():
                truths.append(Truth(f"coalesce({cell} <> {bearer}, false)", f"coalesce({cell} <> {bearer}, true)"))
            case Parties(group=group, names=names):
                if group:
                    truths.append(member_of(group, cell, happens))
                if names:
                    listed = ", ".join(text(n) for n in names)
                    truths.append(Truth(f"coalesce({cell} IN ({listed}), false)", f"coalesce({cell} IN ({listed}), true)"))
            case _:
                truths.append(TRUE)
    return truths


def in_force(since: str, until: str, happens: tuple[str, str], due: str | None = None) -> Truth:
    """Whether the occasion falls into the stretch in which the rule binds."""
    lo, hi = happens
    certain, possible = [], []
    if not since.startswith("NULL"):
        certain.append(f"({since} IS NULL OR coalesce({lo} >= {since}, false))")
        possible.append(f"coalesce({hi} >= {since}, coalesce({since} < {moment(NEVER)}, true))")
        if due:
            certain.append(f"({since} IS NULL OR coalesce({due.replace('#', 'lo')} >= {since}, false))")
            possible.append(f"coalesce({due.replace('#', 'hi')} >= {since}, true)")
    if not until.startswith("NULL"):
        certain.append(f"({until} IS NULL OR coalesce({hi} < {until}, false))")
        possible.append(f"coalesce({lo} < {until}, true)")
    if not certain:
        return TRUE
    return Truth(all_of(certain), all_of(possible))
