"""The plan of a duty that comes back: one instance for each bearer, recipient and due day.

Source: semantics, section 4, "Recurring duty".
"""

from __future__ import annotations

from detente.agreement.clause import Anchor, Deadline, Duty, EveryOther, RecurringDuty
from detente.judge.ballot import occasion_sets
from detente.judge.beside import Beside, beside_rows
from detente.judge.condition import Row, member_of, truth
from detente.judge.deadline import Due
from detente.judge.duty import instance_votes
from detente.judge.force import binds, entry, paused_spans, towards, window
from detente.judge.occasion import Cte
from detente.judge.probe import Probe, simple
from detente.judge.scene import Scene
from detente.judge.search import Leading, searches
from detente.judge.sql import all_of, text
from detente.judge.truth import FALSE, Truth, both

_FALLS = ("o.falls_lo", "o.falls_hi")


def recurring_votes(scene: Scene, rule: RecurringDuty) -> list[Cte]:
    """CTEs up to `votes`; the event of each row is its due day."""
    beside, row = _beside(scene, rule)
    excuse = truth(rule.unless, row, scene, burden=True) if rule.unless else FALSE
    limit = Due("x.window_lo", "x.window_hi", "x.falls_lo", "x.falls_hi", cured_until="x.next")
    return [
        ("o", _owed(scene, rule)),
        *beside.ctes,
        ("x", _x(excuse.as_set(scene.every), beside.joins)),
        *searches(scene, "0", rule.act, limit, Leading(occasion_sets(left_open=False, exceptions=0)), bearer=rule.bearer),
        ("votes", instance_votes(scene, ("0",), left_open=False, carried=(), voluntary=rule.voluntary)),
    ]


def _beside(scene: Scene, rule: RecurringDuty) -> tuple[Beside, Row]:
    beside = beside_rows(scene, scene.kinds[rule.act.kind], [rule.unless], rule.bearer, over="o", prefix="c")
    return beside, Row("o", scene.kinds[rule.act.kind], _FALLS, {rule.bearer.name: "o.bearer", "": "o.bearer"}, beside.columns)


def recurring_probes(scene: Scene, rule: RecurringDuty) -> list[Probe]:
    """Where the simple conditions of the excuse are asked: once for each due day."""
    beside, row = _beside(scene, rule)
    source = " ".join(["o", *beside.joins])
    return [Probe(c, truth(c, row, scene, burden=True), "o.accounts", source) for c in simple(rule.unless)]


def as_duty(rule: RecurringDuty) -> Duty:
    """The duty of one due day, for what can be told of its act: no occasion, and a deadline that the instance names."""
    by = Deadline("by", None, Anchor("entry-into-force"))
    return Duty(rule.head, rule.bearers, rule.bearer, None, rule.act, by, rule.unless, (), rule.consequence, rule.voluntary)


def _owed(scene: Scene, rule: RecurringDuty) -> str:
    """Every due day of each bearer, towards each recipient, with the accounts in which both are certainly, possibly, bound then."""
    within = window(scene, rule.head)
    falls = ("d.due_lo", "d.due_hi")
    bound = [binds(scene, within, "qb.spans", falls)]
    joins = " CROSS JOIN party p" + paused_spans(scene, rule.head.id, "qb", "p.name")
    accounts, recipient = "d.accounts", "NULL::VARCHAR"
    if scene.has_life:
        joins += " JOIN bound b ON b.party = p.name AND (b.accounts & d.accounts) <> 0"
        accounts = "(d.accounts & b.accounts)"
    if any(isinstance(who, EveryOther) for _, who in rule.act.roles):
        joins += " JOIN party r ON r.name <> p.name"
        recipient = "r.name"
        if scene.has_life:
            joins += " JOIN bound br ON br.party = r.name AND (br.accounts & b.accounts & d.accounts) <> 0"
            accounts = "(d.accounts & b.accounts & br.accounts)"
            joins += paused_spans(scene, rule.head.id, "qr", "r.name")
            bound.append(binds(scene, towards(scene, rule.head, "br"), "qr.spans", falls))
    in_force = both(bound, scene.every).as_set(scene.every)
    asked = [member_of(rule.bearers.group, "p.name", falls)] if rule.bearers.group else []
    if rule.bearers.names:
        listed = f"p.name IN ({', '.join(text(n) for n in rule.bearers.names)})"
        asked.append(Truth(listed, listed))
    owed = both([*asked, *bound], scene.every).as_set(scene.every)
    (since_lo, since_hi), (entry_lo, entry_hi) = within.since, entry(scene)
    return (
        f"  SELECT row_number() OVER () AS i, d.event, p.name AS bearer, {recipient} AS recipient, {accounts} AS accounts,\n"
        f"    {accounts} & {owed.certain} AS certain, {accounts} & {owed.possible} AS possible, {accounts} & ~({in_force.possible}) AS unbound,\n"
        f"    {since_lo} AS since_lo, {since_hi} AS since_hi, {entry_lo} AS entry_lo, {entry_hi} AS entry_hi,\n"
        "    d.opens_lo AS window_lo, d.opens_hi AS window_hi, d.due_lo AS falls_lo, d.due_hi AS falls_hi, d.next\n"
        f"  FROM period d{joins}\n  WHERE {all_of([f'd.rule = {text(rule.head.id)}', *(a.possible for a in asked)])}"
    )


def _x(excuse: Truth, joins: tuple[str, ...]) -> str:
    """The due days that bind somebody; of a bearer who is never bound, the last one."""
    accounts = "o.accounts"
    return (
        f"  SELECT o.* EXCLUDE (i), o.event AS base, false AS future, true AS past, {accounts} & {excuse.certain} AS excused, {accounts} & {excuse.possible} AS maybe_excused,\n"
        f"    o.falls_lo AS happens_lo, o.falls_hi AS happens_hi, []::UINTEGER[] AS cites, {accounts} AS self, {accounts} AS fair, {accounts} AS plain\n"
        f"  FROM o{''.join(f' {j}' for j in joins)}\n"
        "  QUALIFY bit_or(o.possible) OVER (PARTITION BY o.event, o.bearer, o.recipient) <> 0\n"
        "    OR (bit_or(o.possible) OVER (PARTITION BY o.bearer, o.recipient) = 0 AND o.event = max(o.event) OVER (PARTITION BY o.bearer, o.recipient))"
    )
