"""The occasions of a rule: who would be bound, in which accounts, and how surely.

The last CTE is `x`, one row for each version of an occasion, bearer and
recipient: `event, base, bearer, recipient, <other party variables>, accounts,
certain, possible, unbound, future, past, excused, maybe_excused, since, happens_lo,
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
    Deadline,
    Done,
    EveryOther,
    Head,
    Occasion,
    Parties,
    PartyVar,
    Placed,
)
from detente.judge.beside import beside_rows
from detente.judge.condition import Row, conditions_in, fields_of, member_of, rests_on_left_open, truth
from detente.judge.deadline import counted_from, due
from detente.judge.force import Window, binds, entry, paused_spans, towards, window
from detente.judge.hold import grouped, held, of_kind
from detente.judge.probe import Probe, simple
from detente.judge.scene import Scene
from detente.judge.sql import all_of, moment, name, text
from detente.judge.truth import FALSE, TRUE, Truth, both, contrary
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
    of_anyone: bool = False
    """Whether occasions whose bearer nobody names are asked for too, once for each party, marked `nobodys`."""
    deadlines: tuple[Deadline, ...] = ()
    """The rule's deadlines, its exceptions' included."""
    due_before: Deadline | None = None
    """The rule's deadline before the occasion, at which bearer and recipient must be bound too."""


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
        nobodys = ", false AS nobodys" if asked.of_anyone else ""
        return [("o", f"  SELECT {number}h.*, {cells}, true AS named{nobodys}\n  FROM h")]
    bearer = f"h.{name(next(f for f, column in roles.items() if column == 'bearer'))}"
    known = all_of([f"h.{name(f)} IS NOT NULL" for f in roles])
    filled = ", ".join(f"coalesce(h.{name(f)}, n.{column}) AS {column}" for f, column in roles.items())
    distinct = ", ".join(f"h.{name(f)} AS {column}" for f, column in roles.items())
    same, link = "h.event", ""
    if scene.shape(kind.name).is_linked:
        same, link = "coalesce(l.same, h.event)", f" LEFT JOIN linked l ON l.event = h.event AND {of_kind('l', kind)}"
    parts = [
        f"SELECT h.*, {cells}, true AS named FROM h WHERE {known}",
        f"SELECT h.*, {filled}, {bearer} IS NOT NULL AS named FROM h{link} JOIN named n ON n.event = {same} AND coalesce({bearer} = n.bearer, true)"
        f" WHERE NOT {known}",
    ]
    if asked.of_anyone:
        unsaid = ", ".join("p.name AS bearer" if column == "bearer" else f"h.{name(f)} AS {column}" for f, column in roles.items())
        nobodys = f"{bearer} IS NULL AND {same} NOT IN (SELECT event FROM named)"
        parts = [f"SELECT *, false AS nobodys FROM ({p})" for p in parts]
        parts.append(f"SELECT h.*, {unsaid}, false AS named, true AS nobodys FROM h{link} CROSS JOIN party p WHERE {nobodys}")
    either = "\n    UNION ALL\n    "
    return [
        ("named", f"  SELECT DISTINCT {same} AS event, {distinct} FROM h{link} WHERE h.heard AND {bearer} IS NOT NULL"),
        ("o", f"  SELECT {number}* FROM (\n    {either.join(parts)})"),
    ]


def _needs_numbers(asked: Asked) -> bool:
    return any(
        isinstance(c, (Done, Placed)) for whole in (asked.occasion.where, asked.excuse, *asked.exceptions) for c in conditions_in(whole)
    )


# ---- the occasions themselves ------------------------------------------------------


def owed_once(
    scene: Scene, head: Head, bearers: Parties, excuse: Condition | None, deadline: Deadline, *, to_every_other: bool
) -> list[Cte]:
    """`x` for a duty without an occasion: one row per bearer, and recipient; both must be bound when it is due."""
    if excuse is not None:
        raise ValueError("a duty without an occasion has nothing to excuse it by")
    limit = due(scene, deadline, "b")
    own = window(scene, head)
    bound = [binds(scene, own, "qb.spans", (limit.lo, limit.hi))]
    accounts = f"{scene.every}::UBIGINT"
    joins = paused_spans(scene, head.id, "qb", "p.name")
    recipient = "NULL::VARCHAR"
    if scene.has_life:
        joins += " JOIN bound b ON b.party = p.name"
        accounts = "b.accounts"
    if to_every_other:
        joins += " JOIN party r ON r.name <> p.name"
        recipient = "r.name"
        if scene.has_life:
            joins += " JOIN bound br ON br.party = r.name AND (br.accounts & b.accounts) <> 0"
            accounts = "(b.accounts & br.accounts)"
            joins += paused_spans(scene, head.id, "qr", "r.name")
            bound.append(binds(scene, towards(scene, head, "br"), "qr.spans", (limit.lo, limit.hi)))
    phases, accounts, begins, ahead = counted_from(scene, [deadline], accounts)
    joins += "".join(f" {join}" for join in phases)
    owed = both(bound, scene.every).as_set(scene.every)
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
        f"{accounts} & {owed.certain} AS certain",
        f"{accounts} & {owed.possible} AS possible",
        f"{accounts} & ~({owed.possible}) AS unbound",
        f"{ahead} AS future",
        "true AS past",
        *begins,
        "0::UBIGINT AS excused",
        "0::UBIGINT AS maybe_excused",
        *_since(scene, own),
        "NULL::TIMESTAMP AS happens_lo",
        "NULL::TIMESTAMP AS happens_hi",
        "[]::UINTEGER[] AS cites",
        f"{accounts} AS self",
        f"{accounts} AS fair",
        f"{accounts} AS plain",
    ]
    return [("x", "  SELECT " + ",\n    ".join(chosen) + f"\n  FROM party p{joins}\n  WHERE {all_of([e.certain for e in eligible])}")]


def _since(scene: Scene, within: Window) -> list[str]:
    """Columns since when the bearer is bound, and when the agreement entered into force."""
    moments = {"since": within.since, "entry": entry(scene)}
    return [f"{sql} AS {what}_{end}" for what, ends in moments.items() for sql, end in zip(ends, ("lo", "hi"), strict=True)]


def _row(asked: Asked, kind: Kind, roles: dict[str, str], joined: Mapping[Condition, str]) -> Row:
    """Where a condition on the occasion finds its values: a row of `o`, and what is joined to it."""
    happens = (
        (f"o.{name(kind.happens + '_lo')}", f"o.{name(kind.happens + '_hi')}") if kind.happens else ("NULL::TIMESTAMP", "NULL::TIMESTAMP")
    )
    variables = {asked.bearer.name: "o.bearer", "": "o.bearer"} | {
        who.name: f"o.{roles[f]}" for f, who in asked.occasion.roles if isinstance(who, PartyVar) and who != asked.bearer
    }
    return Row("o", kind, happens, variables, joined)


def occasion_probes(scene: Scene, asked: Asked) -> list[Probe]:
    """Where the simple conditions on the occasion are asked."""
    kind = scene.kinds[asked.occasion.kind]
    conditions = [asked.occasion.where, asked.excuse, *asked.exceptions]
    beside = beside_rows(scene, kind, conditions, asked.bearer, over="o", prefix="c")
    row = _row(asked, kind, _party_roles(asked), beside.columns)
    source = " ".join(["o", *beside.joins])
    burdens = (False, True, *(True for _ in asked.exceptions))
    return [
        Probe(c, truth(c, row, scene, burden=burden), "CASE WHEN o.heard THEN o.accounts ELSE 0 END", source)
        for whole, burden in zip(conditions, burdens, strict=True)
        for c in simple(whole)
    ]


def _x(scene: Scene, asked: Asked, kind: Kind, roles: dict[str, str], joined: Mapping[Condition, str], joins: Sequence[str]) -> str:
    row = _row(asked, kind, roles, joined)
    happens = row.happens
    within = window(scene, asked.head)
    trigger = [truth(asked.occasion.where, row, scene, burden=False), *role_truths(asked, happens)]
    moments = [happens]
    if asked.due_before:
        limit = due(scene, asked.due_before, "o", field_column="")
        moments.append((limit.lo, limit.hi))
    # What was due before the occasion, and before a release began, was owed then: the release asks when it was due.
    owed_earlier = asked.due_before is not None
    bound = [binds(scene, within, "qb.spans", m, though_released=owed_earlier and not n) for n, m in enumerate(moments)]
    if asked.to_every_other and scene.has_life:
        towards_r = towards(scene, asked.head, "br")
        bound += [binds(scene, towards_r, "qr.spans", m, though_released=owed_earlier and not n) for n, m in enumerate(moments)]
    in_force = both(bound, scene.every)
    whole = both([*trigger, in_force], scene.every)
    excuse = truth(asked.excuse, row, scene, burden=True) if asked.excuse else FALSE
    accounts = "(o.accounts & b.accounts)" if scene.has_life else "o.accounts"
    extra = list(joins)
    if scene.has_life:
        extra.append("JOIN bound b ON b.party = o.bearer AND (b.accounts & o.accounts) <> 0")
    elif roles:
        extra.append("JOIN party p ON p.name = o.bearer")
    if paused := paused_spans(scene, asked.head.id, "qb", "o.bearer"):
        extra.append(paused)
    recipient = "NULL::VARCHAR AS recipient"
    if asked.to_every_other:
        extra.append("JOIN party r ON r.name <> o.bearer")
        if scene.has_life:
            extra.append("JOIN bound br ON br.party = r.name AND (br.accounts & o.accounts & b.accounts) <> 0")
            if paused := paused_spans(scene, asked.head.id, "qr", "r.name"):
                extra.append(paused)
            accounts = "(o.accounts & b.accounts & br.accounts)"
        recipient = "r.name AS recipient"
    begun = f"NOT coalesce({happens[1]} > {moment(scene.as_of)} AND {happens[0]} <= {moment(scene.as_of)}, false)"
    sure = Truth(f"o.sure AND o.named AND {begun}", "true")
    phases, accounts, begins, ahead = counted_from(scene, asked.deadlines, accounts)
    extra += phases
    t = both([sure, whole], scene.every)
    gone = contrary(in_force, scene.every)
    unmet = both([*trigger, Truth(gone.certain, gone.certain, is_set=gone.is_set)], scene.every).as_set(scene.every)
    future = f"coalesce({happens[0]} > {moment(scene.as_of)}, false)" + (f" OR {ahead}" if phases else "")
    # A thing without a beginning has always been there; an event without a date may be yet to come.
    past = f"coalesce({happens[1]} <= {moment(scene.as_of)}, {'false' if kind.genus == 'event' else f'{happens[0]} IS NULL'})"
    chosen = [
        "o.event",
        "o.base",
        "o.bearer",
        recipient,
        *(f"o.{c}" for c in roles.values() if c != "bearer"),
        f"{accounts} AS accounts",
        f"{accounts} & {t.as_set(scene.every).certain} AS certain",
        f"{accounts} & {t.as_set(scene.every).possible} AS possible",
        (f"{accounts} & {unmet.possible} AS unbound" if in_force != TRUE else "0::UBIGINT AS unbound"),
        f"{future} AS future",
        *begins,
        f"{past} AS past",
        f"{accounts} & {excuse.as_set(scene.every).certain} AS excused",
        f"{accounts} & {excuse.as_set(scene.every).possible} AS maybe_excused",
        *_since(scene, within),
        f"{happens[0]} AS happens_lo",
        f"{happens[1]} AS happens_hi",
        _cites(joined),
        f"o.self & {accounts} AS self",
        f"CASE WHEN {_FAIR} THEN {accounts} ELSE o.plain & {accounts} END AS fair",
        f"o.plain & {accounts} AS plain",
    ]
    if asked.of_anyone:
        chosen.append("o.nobodys")
    chosen += [f"o.{name(f + s)} AS {name('anchor ' + f + s)}" for f in asked.anchors for s in ("_lo", "_hi")]
    for n, exception in enumerate(asked.exceptions):
        e = truth(exception, row, scene, burden=True).as_set(scene.every)
        chosen += [f"{accounts} & {e.certain} AS e{n}_certain", f"{accounts} & {e.possible} AS e{n}_possible"]
    if rests_on_left_open(asked.occasion.where, asked.excuse):
        for as_ in ("true", "false"):
            where = truth(asked.occasion.where, row, scene, burden=False, left_open=as_)
            rest = role_truths(asked, happens)
            assumed = both([sure, where, *rest, in_force], scene.every).as_set(scene.every)
            excused = (truth(asked.excuse, row, scene, burden=True, left_open=as_) if asked.excuse else FALSE).as_set(scene.every)
            chosen += [
                f"{accounts} & {assumed.certain} AS certain_if_{as_}",
                f"{accounts} & {assumed.possible} AS possible_if_{as_}",
                f"{accounts} & {excused.certain} AS excused_if_{as_}",
                f"{accounts} & {excused.possible} AS maybe_excused_if_{as_}",
            ]
    inner = "  SELECT " + ",\n    ".join(chosen) + "\n  FROM o" + "".join(f"\n    {j}" for j in extra)
    return f"  SELECT * FROM (\n{inner})\n  WHERE (possible | unbound) <> 0"


def _cites(joined: Mapping[Condition, str]) -> str:
    """The occasion's statements, and those of what others did about it (consents)."""
    done = [f"coalesce({prefix}_cites, [])" for condition, prefix in joined.items() if isinstance(condition, Done)]
    return f"flatten([{', '.join(['o.cites', *done])}]) AS cites" if done else "o.cites"


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
