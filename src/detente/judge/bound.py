"""The plan of a ceiling or floor that holds at all times: spells in which nothing changes.

Each account's quantity is an interval that changes only at change points:
counts, changes, items that begin or end, the life of the agreement, membership.
A spell runs from one change point of any account to the next.
Source: semantics, section 4, "Ceiling and floor".
"""

from __future__ import annotations

from detente.agreement.clause import BaselineBound, Binder, LeftOpen, Level, StrictBound
from detente.judge import baseline
from detente.judge.across import across
from detente.judge.condition import Row, member_of, truth
from detente.judge.force import NO_LIMIT, Window, binds, entry, paused_spans, window
from detente.judge.occasion import Cte
from detente.judge.probe import Probe, simple
from detente.judge.quantity import AFTER, firsts, item_probes, moments, summands, values
from detente.judge.scene import Scene
from detente.judge.sql import all_of, moment, name, text
from detente.judge.truth import FALSE
from detente.model.duration import Duration

_TUPLE = Window(("t.since_lo", "t.since_hi"), ("t.until_lo", "t.until_hi"))


def bound_plan(scene: Scene, rule: Level, *, counts_hold: Duration | None = None, changes_open: bool = False) -> tuple[list[Cte], str]:
    """CTEs up to `votes`, one row per bound tuple and spell, and the closing SELECT."""
    ctes: list[Cte] = [("tuple", _tuples(scene, rule))]
    for n, summand in enumerate(rule.summands):
        ctes += summands(scene, n, summand, Duration(0, "hours") if changes_open else counts_hold)
    if isinstance(rule, BaselineBound):
        ctes.append(baseline.base(scene, rule))
    ctes += [("begun", _begun(scene, rule)), ("point", _points(scene, rule)), ("spell", _spells())]
    for n, summand in enumerate(rule.summands):
        ctes += values(scene, n, summand)
    ctes.append(("total", _total(len(rule.summands))))
    if isinstance(rule, BaselineBound):
        ctes.append(baseline.limits(rule))
    ctes += [("binding", _binding(scene, rule)), ("votes", _votes(scene, rule))]
    return ctes, across(scene, at="spell_start", in_phases=rule.head.phases is not None) + "\nORDER BY bearer, recipient, spell_start"


# ---- who is bound, and the spells -------------------------------------------------------


def _tuples(scene: Scene, rule: Level) -> str:
    """Every bound tuple with the stretch of time in which the rule binds it, per set of accounts."""
    within = window(scene, rule.head)
    bearer = next(b for b in rule.binders if b.sort == "Party")
    others = [b for b in rule.binders if b is not bearer]
    joins = " JOIN bound b ON b.party = p.name" if scene.has_life else ""
    accounts = "b.accounts" if scene.has_life else f"{scene.every}::UBIGINT"
    conditions = [_among(bearer, "p.name", scene)]
    columns = [f"p.name AS bearer, p.name AS {name('bound ' + bearer.var)}"]
    for n, other in enumerate(others):
        source = "party" if other.sort == "Party" else "(SELECT DISTINCT member AS name FROM membership)"
        joins += f" CROSS JOIN {source} o{n}"
        conditions.append(_among(other, f"o{n}.name", scene))
        columns.append(f"o{n}.name AS {name('bound ' + other.var)}")
    recipient = " || ',' || ".join(f"o{n}.name" for n in range(len(others))) or "NULL::VARCHAR"
    ends = (*within.since, *within.until, *entry(scene))
    stamps = zip(("since_lo", "since_hi", "until_lo", "until_hi", "entry_lo", "entry_hi"), ends, strict=True)
    stretch = ", ".join(f"{sql} AS {column}" for column, sql in stamps)
    return f"  SELECT {', '.join(columns)}, {recipient} AS recipient, {accounts} AS accounts, {stretch}\n  FROM party p{joins}\n  WHERE {' AND '.join(conditions)}"


def _among(binder: Binder, column: str, scene: Scene) -> str:
    """Whether it was a member at any time up to as-of."""
    conditions = []
    if binder.over.names:
        conditions.append(f"{column} IN ({', '.join(text(n) for n in binder.over.names)})")
    if binder.over.group:
        conditions.append(member_of(binder.over.group, column, (NO_LIMIT, moment(scene.as_of))).possible)
    return " AND ".join(conditions) or "true"


def _begun(scene: Scene, rule: Level) -> str:
    """Each tuple's first moment and the end of its last spell. Without a beginning it starts with the first count or item on record."""
    as_of = moment(scene.as_of)
    end = f"coalesce(least(until_hi, {as_of} + {AFTER}), {as_of} + {AFTER})"
    on_record = [s for n, summand in enumerate(rule.summands) for s in firsts(scene, n, summand)]
    first = f"(SELECT min(first) FROM ({' UNION ALL '.join(on_record)}) f(first) WHERE first <= {as_of})" if on_record else NO_LIMIT
    start = f"coalesce(since_lo, {first}, least({as_of}, {end} - {AFTER}))"
    if isinstance(rule, BaselineBound) and (due := baseline.starts(scene, rule)):
        start = f"greatest({start}, {due})"
    return f"  SELECT bearer, recipient, since_lo, {end} AS until, {start} AS start\n  FROM tuple"


def _points(scene: Scene, rule: Level) -> str:
    """Every moment at which some account's quantity, or whether the rule binds, may change, inside that time."""
    found = [m for n, summand in enumerate(rule.summands) for m in moments(scene, n, summand)]
    found += [f"SELECT bearer, recipient, {c} FROM tuple" for c in ("since_lo", "since_hi", "until_lo", "until_hi")]
    if scene.has_pauses:
        ends = ("q.start_lo", "q.start_hi", f"q.end_lo + {AFTER}", f"q.end_hi + {AFTER}")
        found += [f"SELECT t.bearer, t.recipient, {c} FROM tuple t JOIN paused q ON q.party = t.bearer" for c in ends]
    for binder in rule.binders:
        if binder.over.group:
            on = f'g."group" = {text(binder.over.group)} AND g.member = t.{name("bound " + binder.var)}'
            found += [f"SELECT t.bearer, t.recipient, g.{c} FROM tuple t JOIN membership g ON {on}" for c in ("since", "until")]
    either = "\n    UNION ALL "
    earlier = "\n  UNION SELECT bearer, recipient, instant FROM base" if isinstance(rule, BaselineBound) else ""
    return (
        f"  SELECT DISTINCT t.bearer, t.recipient, m.instant\n  FROM begun t JOIN (\n    {either.join(found)}) m(bearer, recipient, instant)\n"
        "  ON m.bearer = t.bearer AND m.recipient IS NOT DISTINCT FROM t.recipient\n"
        "  WHERE m.instant IS NOT NULL AND m.instant > t.start AND m.instant < t.until\n"
        f"  UNION SELECT bearer, recipient, start FROM begun WHERE start < until{earlier}"
    )


def _spells() -> str:
    return (
        "  SELECT p.bearer, p.recipient, p.instant AS spell_start,\n"
        "    coalesce(lead(p.instant) OVER (PARTITION BY p.bearer, p.recipient ORDER BY p.instant), e.until) AS spell_end\n"
        "  FROM point p JOIN (SELECT bearer, recipient, max(until) AS until FROM begun GROUP BY bearer, recipient) e\n"
        "    ON e.bearer = p.bearer AND e.recipient IS NOT DISTINCT FROM p.recipient"
    )


def _total(count: int) -> str:
    parts = "\n    UNION ALL ".join(f"SELECT * FROM value{n}" for n in range(count))
    return (
        "  SELECT bearer, recipient, spell_start, bit, sum(lo) AS lo, CASE WHEN bool_or(hi IS NULL) THEN NULL ELSE sum(hi) END AS hi,\n"
        "    flatten(list(cites)) AS cites, bool_and(is_self) AS is_self, bool_and(is_fair) AS is_fair, bool_and(is_plain) AS is_plain\n"
        f"  FROM ({parts})\n  GROUP BY bearer, recipient, spell_start, bit"
    )


_NOW = ("s.spell_start", "s.spell_start")


def _excuse_row(scene: Scene, rule: Level) -> Row:
    """Where the excuse finds its values: a bound tuple `t` in a spell `s`."""
    return Row("t", scene.kinds[rule.summands[0].kind], _NOW, {b.var: f"t.{name('bound ' + b.var)}" for b in rule.binders})


def bound_probes(scene: Scene, rule: Level) -> list[Probe]:
    """Where the simple conditions on items, and of the excuse, are asked."""
    source = "spell s JOIN tuple t ON t.bearer = s.bearer AND t.recipient IS NOT DISTINCT FROM s.recipient"
    found = [p for n, summand in enumerate(rule.summands) for p in item_probes(scene, n, summand)]
    row = _excuse_row(scene, rule)
    return [*found, *(Probe(c, truth(c, row, scene, burden=True), "t.accounts", source) for c in simple(rule.unless))]


def _binding(scene: Scene, rule: Level) -> str:
    """For each spell, the accounts in which the rule certainly, possibly, binds the bearer in it, and whether it is a member then."""
    now = _NOW
    bound = binds(scene, _TUPLE, "qb.spans", now).as_set(scene.every)
    members = all_of(
        [member_of(b.over.group, f"t.{name('bound ' + b.var)}", now).possible for b in rule.binders if b.over.group] or ["true"]
    )
    excuse = truth(rule.unless, _excuse_row(scene, rule), scene, burden=True) if rule.unless is not None else FALSE
    excused = excuse.as_set(scene.every)
    return (
        f"  SELECT s.bearer, s.recipient, s.spell_start, coalesce(bit_or(t.accounts & {bound.certain}), 0) AS sure, coalesce(bit_or(t.accounts & {bound.possible}), 0) AS maybe,\n"
        f"    bit_or({excused.certain}) AS excused, bit_or({excused.possible}) AS maybe_excused,\n"
        f"    bool_or({members}) AS is_member\n"
        "  FROM spell s JOIN tuple t ON t.bearer = s.bearer AND t.recipient IS NOT DISTINCT FROM s.recipient"
        f"{paused_spans(scene, rule.head.id, 'qb', 't.bearer')}\n"
        "  GROUP BY s.bearer, s.recipient, s.spell_start"
    )


_BEGUN = "EXISTS (SELECT 1 FROM begun e WHERE e.bearer = s.bearer AND e.recipient IS NOT DISTINCT FROM s.recipient AND s.spell_start >= e.start AND s.spell_start < e.until)"
"""Whether a spell is judged; the one at which a baseline is taken may lie before."""

# ---- votes --------------------------------------------------------------------------------


def _tested(rule: Level) -> tuple[str, str]:
    """When a value `v` is within the limit for certain, and when it is beyond it."""
    if isinstance(rule, BaselineBound):
        least, most = "m.lo", "m.hi"
    elif isinstance(rule.limit, LeftOpen):
        return "false", "false"
    else:
        least = most = repr(float(rule.limit.value))
    kept, breached = ("<", ">=") if isinstance(rule, StrictBound) else ("<=", ">")
    if rule.op == "at least":
        kept, breached = kept.replace("<", ">"), breached.replace(">", "<")
        return f"coalesce(v.lo {kept} {most}, false)", f"coalesce(v.hi {breached} {least}, false)"
    return f"coalesce(v.hi {kept} {least}, false)", f"coalesce(v.lo {breached} {most}, false)"


def _votes(scene: Scene, rule: Level) -> str:
    kept, breached = _tested(rule)
    bit = "(1::UBIGINT << v.bit)"

    def gathered(condition: str) -> str:
        return f"coalesce(bit_or({bit}) FILTER ({condition}), 0)"

    every = f"{scene.every}::UBIGINT"
    also, cites, weight, judged_only = "", "v.cites", "v.{0}", ""
    if isinstance(rule, BaselineBound):
        also, cites, weight = (
            f"  {baseline.columns('v')}\n",
            "list_concat(v.cites, coalesce(m.cites, []))",
            "v.{0} AND coalesce(m.{0}, true)",
        )
        judged_only = f"  WHERE {_BEGUN}\n"
    self_, fair, plain = (gathered(weight.format(f"is_{w}")) for w in ("self", "fair", "plain"))
    body = (
        f"  SELECT s.bearer, s.recipient, s.spell_start, least(s.spell_end, {moment(scene.as_of)}) AS spell_end,\n"
        f"    {gathered(kept)} AS within, {gathered(breached)} AS beyond, any_value(k.maybe) AS maybe, any_value(k.sure) AS sure,\n"
        f"    CASE WHEN any_value(k.is_member) THEN {every} ELSE 0 END AS member, {self_} AS self, {fair} AS fair, {plain} AS plain,\n"
        "    any_value(k.excused) AS excused, any_value(k.maybe_excused) AS maybe_excused,\n"
        f"    list({{'bit': v.bit, 'lo': v.lo, 'hi': v.hi}} ORDER BY v.bit) AS values, list_sort(list_distinct(flatten(list({cites})))) AS cites\n"
        "  FROM spell s JOIN total v ON v.bearer = s.bearer AND v.recipient IS NOT DISTINCT FROM s.recipient AND v.spell_start = s.spell_start\n"
        "  JOIN binding k ON k.bearer = s.bearer AND k.recipient IS NOT DISTINCT FROM s.recipient AND k.spell_start = s.spell_start\n"
        f"{also}{judged_only}"
        "  GROUP BY s.bearer, s.recipient, s.spell_start, s.spell_end"
    )
    judged = (
        "  SELECT bearer, recipient, spell_start, spell_end, member & maybe & (within | (excused & sure)) AS kept, member & sure & beyond & ~maybe_excused AS breached,\n"
        "    member & maybe & ~within & ~excused & ~(sure & beyond & ~maybe_excused) AS open, member & ~maybe AS unbound,\n"
        f"    ({every} & ~member) | (member & maybe & ~sure & excused & ~within) AS untriggered, self, fair, plain, values, cites\n"
        # Stretches in which nobody is bound are told only where there is nothing else to tell.
        f"  FROM (\n{body})\n  QUALIFY (member & maybe) <> 0 OR NOT bool_or((member & maybe) <> 0) OVER (PARTITION BY bearer, recipient)"
    )
    term = rule.margin if isinstance(rule, BaselineBound) else rule.limit
    opened = "open AS left_open" if isinstance(term, LeftOpen) else "0::UBIGINT AS left_open"
    later = "false"
    if isinstance(rule, BaselineBound) and (due := baseline.starts(scene, rule)):
        later = f"{due} > {moment(scene.as_of)}"
    never = (
        f"  SELECT '' AS event, t.bearer, t.recipient, NULL::TIMESTAMP AS spell_start, NULL::TIMESTAMP AS spell_end, 0::UBIGINT AS kept, 0::UBIGINT AS breached, 0::UBIGINT AS open,\n"
        f"    CASE WHEN {later} THEN 0 ELSE {every} END AS unbound, 0::UBIGINT AS untriggered, CASE WHEN {later} THEN {every} ELSE 0 END AS pending, 0::UBIGINT AS left_open, 0::UBIGINT AS cured, 0::UBIGINT AS self, 0::UBIGINT AS fair, 0::UBIGINT AS plain,\n"
        "    []::STRUCT(bit INTEGER, lo DOUBLE, hi DOUBLE)[] AS values, []::UINTEGER[] AS cites, NULL::TIMESTAMP AS due_lo, NULL::TIMESTAMP AS due_hi, NULL::TIMESTAMP AS happens_lo\n"
        "  FROM tuple t WHERE NOT EXISTS (SELECT 1 FROM spell s WHERE s.bearer = t.bearer AND s.recipient IS NOT DISTINCT FROM t.recipient"
        f"{f' AND {_BEGUN}' if isinstance(rule, BaselineBound) else ''})\n"
        "  GROUP BY t.bearer, t.recipient"
    )
    return (
        "  SELECT '' AS event, bearer, recipient, spell_start, spell_end, kept, breached, open, unbound, untriggered, 0::UBIGINT AS pending,\n"
        f"    {opened}, 0::UBIGINT AS cured, self, fair, plain, values, cites, NULL::TIMESTAMP AS due_lo, NULL::TIMESTAMP AS due_hi, NULL::TIMESTAMP AS happens_lo\n"
        f"  FROM (\n{judged})\n  UNION ALL BY NAME\n{never}"
    )
