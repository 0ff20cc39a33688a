"""The plan of a ceiling or floor that holds at all times: spells in which nothing changes.

Each account's quantity is an interval that changes only at change points:
inventories, changes, items that begin or end, the life of the agreement. A
spell runs from one change point of any account to the next.
Source: semantics, section 4, "Ceiling and floor".
"""

from __future__ import annotations

from detente.agreement.clause import Binder, Bound, LeftOpen, PartyVar, Summand
from detente.judge.across import across
from detente.judge.beside import beside_rows
from detente.judge.condition import Row, fields_of, member_of, truth
from detente.judge.hold import held
from detente.judge.occasion import Cte, window
from detente.judge.scene import Scene
from detente.judge.sql import moment, name, text
from detente.judge.truth import Truth, both
from detente.model.duration import Duration

COUNT = "inventory"
CHANGE = "change"


def bound_plan(scene: Scene, rule: Bound, *, counts_hold: Duration | None = None, changes_open: bool = False) -> tuple[list[Cte], str]:
    """CTEs up to `votes`, one row per bound tuple and spell, and the closing SELECT."""
    ctes: list[Cte] = [("tuple", _tuples(scene, rule))]
    for n, summand in enumerate(rule.summands):
        ctes += _counts(scene, n, summand, counts_hold if not changes_open else Duration(0, "hours"))
        ctes += _changes(scene, n, summand)
        ctes += _items(scene, n, summand)
    ctes += _points(len(rule.summands))
    ctes.append(("spell", _spells()))
    for n in range(len(rule.summands)):
        ctes += _values(n)
    ctes.append(("total", _total(len(rule.summands))))
    ctes.append(("binding", _binding_accounts()))
    ctes.append(("votes", _votes(scene, rule)))
    return ctes, across(scene) + "\nORDER BY bearer, recipient, spell_start"


def _tuples(scene: Scene, rule: Bound) -> str:
    """Every bound tuple with the stretch of time in which the rule binds it, per set of accounts."""
    since, until = window(scene, rule.head)
    end = f"least(coalesce({until}, {moment(scene.as_of)}), {moment(scene.as_of)})" if not until.startswith("NULL") else moment(scene.as_of)
    bearer = next(b for b in rule.binders if b.sort == "Party")
    others = [b for b in rule.binders if b is not bearer]
    joins = " JOIN bound b ON b.party = p.name" if scene.life_varies else ""
    accounts = "b.accounts" if scene.life_varies else f"{scene.every}::UBIGINT"
    conditions = [_among(bearer, "p.name", scene)]
    columns = [f"p.name AS bearer, p.name AS {name('bound ' + bearer.var)}"]
    for n, other in enumerate(others):
        source = "party" if other.sort == "Party" else "(SELECT DISTINCT member AS name FROM membership)"
        joins += f" CROSS JOIN {source} o{n}"
        conditions.append(_among(other, f"o{n}.name", scene))
        columns.append(f"o{n}.name AS {name('bound ' + other.var)}")
    recipient = " || ',' || ".join(f"o{n}.name" for n in range(len(others))) or "NULL::VARCHAR"
    return f"  SELECT {', '.join(columns)}, {recipient} AS recipient, {accounts} AS accounts, {since} AS since, {end} AS until\n  FROM party p{joins}\n  WHERE {' AND '.join(conditions)}"


def _among(binder: Binder, column: str, scene: Scene) -> str:
    conditions = []
    if binder.over.names:
        conditions.append(f"{column} IN ({', '.join(text(n) for n in binder.over.names)})")
    if binder.over.group:
        conditions.append(member_of(binder.over.group, column, (moment(scene.as_of), moment(scene.as_of))).possible)
    return " AND ".join(conditions) or "true"


def _stock(summand: Summand) -> str:
    """How inventories and changes name what is counted."""
    return summand.kind if summand.field is None else f"{summand.kind}.{summand.field}"


def _binding(summand: Summand, alias: str, scene: Scene, kind: str) -> str:
    """Which tuple a row belongs to."""
    conditions = []
    if summand.of:
        conditions.append(f"{alias}.party = t.{name('bound ' + summand.of)}")
    place = next((f for f in ("on", "state") if f in scene.kinds[kind].fields), None)
    if summand.on and place:
        conditions.append(f"{alias}.{name(place)} = t.{name('bound ' + summand.on)}")
    elif place and kind in (COUNT, CHANGE):
        conditions.append(f"{alias}.{name(place)} IS NULL")  # a count of a part is no count of the whole
    return " AND ".join(conditions) or "true"


def _counts(scene: Scene, n: int, summand: Summand, holds: Duration | None) -> list[Cte]:
    kind = scene.kinds[COUNT]
    fields = [f for f in kind.fields.values() if f.name in ("party", "of", "on", "value", "as-of", "until")]
    ctes = held(scene, kind, fields, prefix="counted", unheard=False)
    # an inventory says nothing of the condition, so it counts for nothing here
    chosen = "false" if summand.where is not None else f"c.of = {text(_stock(summand))}"
    until = 'c."until_hi"'
    if holds is not None:
        counted = name("as-of_hi")
        until = f"least(coalesce({until}, TIMESTAMP 'infinity'), {scene.clock.after(f'c.{counted}', holds)})"
    rank = "(SELECT min(s.tier) FROM unnest(c.cites) u(seq) JOIN statement k ON k.seq = u.seq JOIN seat s ON s.source = k.source AND s.bit = a.bit)"
    body = (
        f'  SELECT t.bearer, t.recipient, a.bit, c."as-of_hi" AS instant, {until} AS until, coalesce(c.value_lo, 0) AS lo, c.value_hi AS hi, c.sure, c.cites,\n'
        f"    {rank} AS tier, (c.self & a.account) <> 0 AS is_self, list_has_all([t.bearer], c.speaks) AS is_fair, (c.plain & a.account) <> 0 AS is_plain\n"
        f"  FROM tuple t JOIN counted c ON {_binding(summand, 'c', scene, COUNT)} AND {chosen}\n"
        f'  JOIN account a ON (a.account & c.accounts & t.accounts) <> 0\n  WHERE c."as-of_hi" IS NOT NULL AND c."as-of_hi" <= {moment(scene.as_of)}'
    )
    # Of counts of one instant the highest-ranked source's is taken; among equals, the hull.
    at_once = "OVER (PARTITION BY bearer, recipient, bit, instant, sure)"
    ranked = (
        f"  SELECT bearer, recipient, bit, instant, min(until) AS until, min(lo) AS lo, CASE WHEN bool_or(hi IS NULL) THEN NULL ELSE max(hi) END AS hi, sure,\n"
        "    flatten(list(cites)) AS cites, min(tier) AS tier, bool_and(is_self) AS is_self, bool_and(is_fair) AS is_fair, bool_and(is_plain) AS is_plain\n"
        f"  FROM (SELECT *, min(tier) {at_once} AS first FROM counts{n}) WHERE tier = first\n  GROUP BY bearer, recipient, bit, instant, sure"
    )
    return [*ctes, (f"counts{n}", body), (f"count{n}", ranked)]


def _changes(scene: Scene, n: int, summand: Summand) -> list[Cte]:
    kind = scene.kinds[CHANGE]
    fields = [f for f in kind.fields.values() if f.name in ("party", "of", "on", "by", "at")]
    ctes = held(scene, kind, fields, prefix="changed", unheard=False)
    chosen = "false" if summand.where is not None else f"c.of = {text(_stock(summand))}"
    body = (
        "  SELECT t.bearer, t.recipient, a.bit, c.at_lo, c.at_hi, c.by_lo, c.by_hi, c.sure, c.cites,\n"
        "    (c.self & a.account) <> 0 AS is_self, list_has_all([t.bearer], c.speaks) AS is_fair, (c.plain & a.account) <> 0 AS is_plain\n"
        f"  FROM tuple t JOIN changed c ON {_binding(summand, 'c', scene, CHANGE)} AND {chosen}\n"
        "  JOIN account a ON (a.account & c.accounts & t.accounts) <> 0"
    )
    return [*ctes, (f"change{n}", body)]


def _items(scene: Scene, n: int, summand: Summand) -> list[Cte]:
    """Items stated one by one: each counts while its statement holds."""
    kind = scene.kinds[summand.kind]
    names = (
        {"party", "on", "state", "from", "until"} | fields_of(summand.where, summand.var) | ({summand.field} if summand.field else set())
    )
    fields = [f for f in kind.fields.values() if f.name in names]
    have = {f.name for f in fields}
    if "party" not in have:
        return [(f"item{n}", _no_items())]
    ctes = held(scene, kind, fields, prefix=f"i{n}", unheard=False)
    begins = ('c."from_lo"', 'c."from_hi"') if "from" in have else ("NULL::TIMESTAMP", "NULL::TIMESTAMP")
    ends = ('c."until_lo"', 'c."until_hi"') if "until" in have else ("NULL::TIMESTAMP", "NULL::TIMESTAMP")
    beside = beside_rows(scene, kind, [summand.where], PartyVar(summand.of or ""), over=f"numbered{n}", prefix=f"b{n}_")
    if beside.ctes:
        ctes.append((f"numbered{n}", f"  SELECT row_number() OVER () AS i, h.*, h.party AS bearer FROM i{n} h"))
        ctes += beside.ctes
    source = f"i{n}"
    if beside.ctes:
        answers = "".join(f", {c}_certain AS {_flat(c)}_certain, {c}_possible AS {_flat(c)}_possible" for c in beside.columns.values())
        source = f"fitted{n}"
        ctes.append((source, f"  SELECT o.*{answers}\n  FROM numbered{n} o {' '.join(beside.joins)}"))
    row = Row("c", kind, (begins[0], ends[1]), joined={c: f"c.{_flat(column)}" for c, column in beside.columns.items()})
    fits = truth(summand.where, row, scene, burden=False)
    fits = both([Truth("c.sure", "true"), fits], scene.every)
    amount = (f"coalesce(c.{name(summand.field + '_lo')}, 0)", f"c.{name(summand.field + '_hi')}") if summand.field else ("1.0", "1.0")
    certain, possible = (
        (fits.certain, fits.possible) if not fits.is_set else (f"({fits.certain} & a.account) <> 0", f"({fits.possible} & a.account) <> 0")
    )
    body = (
        f"  SELECT t.bearer, t.recipient, a.bit, {begins[0]} AS from_lo, {begins[1]} AS from_hi, {ends[0]} AS until_lo, {ends[1]} AS until_hi,\n"
        f"    {amount[0]} AS lo, {amount[1]} AS hi, {certain} AS sure, c.cites,\n"
        "    (c.self & a.account) <> 0 AS is_self, list_has_all([t.bearer], c.speaks) AS is_fair, (c.plain & a.account) <> 0 AS is_plain\n"
        f"  FROM tuple t JOIN {source} c ON {_binding(summand, 'c', scene, summand.kind)}\n"
        f"  JOIN account a ON (a.account & c.accounts & t.accounts) <> 0\n  WHERE {possible}"
    )
    return [*ctes, (f"item{n}", body)]


def _flat(column: str) -> str:
    """A column of a joined answer under a name of its own."""
    return column.replace(".", "_")


def _no_items() -> str:
    stamps = ", ".join(f"NULL::TIMESTAMP AS {c}" for c in ("from_lo", "from_hi", "until_lo", "until_hi"))
    return (
        f"  SELECT NULL::VARCHAR AS bearer, NULL::VARCHAR AS recipient, 0 AS bit, {stamps}, 0.0 AS lo, 0.0 AS hi, false AS sure, []::UINTEGER[] AS cites,"
        " false AS is_self, false AS is_fair, false AS is_plain WHERE false"
    )


def _points(summands: int) -> list[Cte]:
    """Every moment at which some account's quantity may change, inside the stretch the rule binds.

    Without a beginning of its own the stretch begins with the first count or item on record.
    """
    moments, firsts = [], []
    for n in range(summands):
        moments += [f"SELECT bearer, recipient, instant FROM count{n}", f"SELECT bearer, recipient, until FROM count{n}"]
        moments += [f"SELECT bearer, recipient, {c} FROM change{n}" for c in ("at_lo", "at_hi")]
        moments += [f"SELECT bearer, recipient, {c} FROM item{n}" for c in ("from_lo", "from_hi", "until_lo", "until_hi")]
        firsts += [f"SELECT bearer, recipient, instant FROM count{n}", f"SELECT bearer, recipient, from_lo FROM item{n}"]
    either = "\n    UNION ALL "
    same = "m.bearer = t.bearer AND m.recipient IS NOT DISTINCT FROM t.recipient"
    begun = (
        f"  SELECT t.* REPLACE (coalesce(t.since, f.first) AS since)\n  FROM tuple t LEFT JOIN (\n"
        f"    SELECT bearer, recipient, min(instant) AS first FROM ({either.join(firsts)}) f(bearer, recipient, instant) GROUP BY bearer, recipient) f\n"
        f"  ON f.bearer = t.bearer AND f.recipient IS NOT DISTINCT FROM t.recipient"
    )
    points = (
        f"  SELECT DISTINCT t.bearer, t.recipient, m.instant\n  FROM begun t JOIN (\n    {either.join(moments)}) m(bearer, recipient, instant) ON {same}\n"
        "  WHERE m.instant IS NOT NULL AND (t.since IS NULL OR m.instant > t.since) AND m.instant < t.until\n"
        "  UNION SELECT bearer, recipient, since FROM begun WHERE since IS NOT NULL AND since < until\n"
        "  UNION SELECT bearer, recipient, until FROM begun WHERE since IS NULL OR since < until"
    )
    return [("begun", begun), ("point", points)]


def _spells() -> str:
    return (
        "  SELECT * FROM (SELECT bearer, recipient, instant AS spell_start, lead(instant) OVER (PARTITION BY bearer, recipient ORDER BY instant) AS spell_end,\n"
        "      row_number() OVER (PARTITION BY bearer, recipient ORDER BY instant) AS nth FROM point)\n"
        "  WHERE spell_end IS NOT NULL OR nth = 1"
    )


def _values(n: int) -> list[Cte]:
    """The summand's interval in each spell and account, and what it rests on."""
    same = "{0}.bearer = s.bearer AND {0}.recipient IS NOT DISTINCT FROM s.recipient"
    base = (
        "  SELECT s.bearer, s.recipient, s.spell_start, a.bit,\n"
        "    arg_max(c, (c.instant, -c.tier)) FILTER (c.sure) AS latest\n"
        f"  FROM spell s CROSS JOIN account a LEFT JOIN count{n} c ON {same.format('c')} AND c.bit = a.bit AND c.instant <= s.spell_start\n"
        "  GROUP BY s.bearer, s.recipient, s.spell_start, a.bit"
    )
    doubt = (
        "  SELECT s.bearer, s.recipient, s.spell_start, s.bit, min(c.lo) AS lo, CASE WHEN bool_or(c.hi IS NULL) THEN NULL ELSE max(c.hi) END AS hi, count(*) AS n\n"
        f"  FROM latest{n} s JOIN count{n} c ON {same.format('c')} AND c.bit = s.bit AND NOT c.sure AND c.instant <= s.spell_start AND (s.latest IS NULL OR c.instant >= s.latest.instant)\n"
        "  GROUP BY s.bearer, s.recipient, s.spell_start, s.bit"
    )
    moved = (
        "  SELECT s.bearer, s.recipient, s.spell_start, s.bit,\n"
        "    sum(CASE WHEN c.sure AND c.at_hi <= s.spell_start THEN coalesce(c.by_lo, '-infinity'::DOUBLE) ELSE least(0, coalesce(c.by_lo, '-infinity'::DOUBLE)) END) AS lo,\n"
        "    sum(CASE WHEN c.sure AND c.at_hi <= s.spell_start THEN coalesce(c.by_hi, 'infinity'::DOUBLE) ELSE greatest(0, coalesce(c.by_hi, 'infinity'::DOUBLE)) END) AS hi,\n"
        "    flatten(list(c.cites)) AS cites, bool_and(c.is_self) AS is_self, bool_and(c.is_fair) AS is_fair, bool_and(c.is_plain) AS is_plain\n"
        f"  FROM latest{n} s JOIN change{n} c ON {same.format('c')} AND c.bit = s.bit AND coalesce(c.at_lo <= s.spell_start, true)\n"
        "    AND (s.latest IS NULL OR coalesce(date_trunc('minute', c.at_hi) > date_trunc('minute', s.latest.instant), true))\n"
        "  GROUP BY s.bearer, s.recipient, s.spell_start, s.bit"
    )
    listed = (
        "  SELECT s.bearer, s.recipient, s.spell_start, s.bit,\n"
        "    sum(CASE WHEN i.sure AND coalesce(i.from_hi <= s.spell_start, i.from_lo IS NULL) AND coalesce(i.until_lo > s.spell_start, i.until_hi IS NULL) THEN i.lo ELSE 0 END) AS lo,\n"
        "    flatten(list(i.cites)) AS cites, bool_and(i.is_self) AS is_self, bool_and(i.is_fair) AS is_fair, bool_and(i.is_plain) AS is_plain\n"
        f"  FROM latest{n} s JOIN item{n} i ON {same.format('i')} AND i.bit = s.bit AND coalesce(i.from_lo <= s.spell_start, true) AND coalesce(i.until_hi > s.spell_start, true)\n"
        "  GROUP BY s.bearer, s.recipient, s.spell_start, s.bit"
    )
    counted = "(l.latest IS NOT NULL AND coalesce(l.latest.until > l.spell_start, true))"
    value = (
        "  SELECT l.bearer, l.recipient, l.spell_start, l.bit,\n"
        f"    CASE WHEN {counted} THEN greatest(0, least(l.latest.lo, coalesce(d.lo, l.latest.lo)) + coalesce(m.lo, 0)) ELSE coalesce(i.lo, 0) END AS lo,\n"
        f"    CASE WHEN {counted} AND l.latest.hi IS NOT NULL AND (d.n IS NULL OR d.hi IS NOT NULL) THEN greatest(l.latest.hi, coalesce(d.hi, l.latest.hi)) + coalesce(m.hi, 0) END AS hi,\n"
        f"    CASE WHEN {counted} THEN list_concat(l.latest.cites, coalesce(m.cites, [])) ELSE coalesce(i.cites, []) END AS cites,\n"
        f"    CASE WHEN {counted} THEN l.latest.is_self AND coalesce(m.is_self, true) ELSE coalesce(i.is_self, true) END AS is_self,\n"
        f"    CASE WHEN {counted} THEN l.latest.is_fair AND coalesce(m.is_fair, true) ELSE coalesce(i.is_fair, true) END AS is_fair,\n"
        f"    CASE WHEN {counted} THEN l.latest.is_plain AND coalesce(m.is_plain, true) ELSE coalesce(i.is_plain, true) END AS is_plain\n"
        f"  FROM latest{n} l"
        + "".join(
            f"\n  LEFT JOIN {rel}{n} {alias} ON {alias}.bearer = l.bearer AND {alias}.recipient IS NOT DISTINCT FROM l.recipient"
            f" AND {alias}.spell_start = l.spell_start AND {alias}.bit = l.bit"
            for rel, alias in (("doubt", "d"), ("moved", "m"), ("listed", "i"))
        )
    )
    return [(f"latest{n}", base), (f"doubt{n}", doubt), (f"moved{n}", moved), (f"listed{n}", listed), (f"value{n}", value)]


def _total(summands: int) -> str:
    parts = "\n    UNION ALL ".join(f"SELECT * FROM value{n}" for n in range(summands))
    return (
        "  SELECT bearer, recipient, spell_start, bit, sum(lo) AS lo, CASE WHEN bool_or(hi IS NULL) THEN NULL ELSE sum(hi) END AS hi,\n"
        "    flatten(list(cites)) AS cites, bool_and(is_self) AS is_self, bool_and(is_fair) AS is_fair, bool_and(is_plain) AS is_plain\n"
        f"  FROM ({parts})\n  GROUP BY bearer, recipient, spell_start, bit"
    )


def _binding_accounts() -> str:
    """For each spell, the accounts in which the rule binds the bearer throughout it."""
    return (
        "  SELECT s.bearer, s.recipient, s.spell_start, coalesce(bit_or(t.accounts), 0) AS b\n"
        "  FROM spell s JOIN tuple t ON t.bearer = s.bearer AND t.recipient IS NOT DISTINCT FROM s.recipient\n"
        "    AND (t.since IS NULL OR t.since <= s.spell_start) AND (t.until > s.spell_start OR (s.spell_end IS NULL AND t.until = s.spell_start))\n"
        "  GROUP BY s.bearer, s.recipient, s.spell_start"
    )


def _votes(scene: Scene, rule: Bound) -> str:
    if isinstance(rule.limit, LeftOpen):
        kept = breached = "false"
    else:
        limit = repr(float(rule.limit.value))
        kept, breached = (f"v.hi <= {limit}", f"v.lo > {limit}") if rule.op == "at most" else (f"v.lo >= {limit}", f"v.hi < {limit}")
    kept, breached = f"coalesce({kept}, false)", f"coalesce({breached}, false)"
    bit = "(1::UBIGINT << v.bit)"

    def gathered(condition: str) -> str:
        return f"coalesce(bit_or({bit}) FILTER ({condition}), 0)"

    every = f"{scene.every}::UBIGINT"
    body = (
        "  SELECT s.bearer, s.recipient, s.spell_start, s.spell_end,\n"
        f"    {gathered(kept)} & any_value(b) AS kept, {gathered(breached)} & any_value(b) AS breached, {gathered(f'NOT {kept} AND NOT {breached}')} & any_value(b) AS open,\n"
        f"    {every} & ~any_value(b) AS unbound, {gathered('v.is_self')} AS self, {gathered('v.is_fair')} AS fair, {gathered('v.is_plain')} AS plain,\n"
        "    list({'bit': v.bit, 'lo': v.lo, 'hi': v.hi} ORDER BY v.bit) AS values, list_sort(list_distinct(flatten(list(v.cites)))) AS cites, any_value(b) AS b\n"
        "  FROM spell s JOIN total v ON v.bearer = s.bearer AND v.recipient IS NOT DISTINCT FROM s.recipient AND v.spell_start = s.spell_start\n"
        "  JOIN binding k ON k.bearer = s.bearer AND k.recipient IS NOT DISTINCT FROM s.recipient AND k.spell_start = s.spell_start\n"
        "  GROUP BY s.bearer, s.recipient, s.spell_start, s.spell_end"
    )
    opened = "open AS left_open" if isinstance(rule.limit, LeftOpen) else "0::UBIGINT AS left_open"
    never = (
        f"  SELECT '' AS event, t.bearer, t.recipient, NULL::TIMESTAMP AS spell_start, NULL::TIMESTAMP AS spell_end, 0::UBIGINT AS kept, 0::UBIGINT AS breached, 0::UBIGINT AS open,\n"
        f"    {every} AS unbound, 0::UBIGINT AS untriggered, 0::UBIGINT AS pending, 0::UBIGINT AS left_open, 0::UBIGINT AS cured, 0::UBIGINT AS self, 0::UBIGINT AS fair, 0::UBIGINT AS plain,\n"
        "    []::STRUCT(bit INTEGER, lo DOUBLE, hi DOUBLE)[] AS values, []::UINTEGER[] AS cites, NULL::TIMESTAMP AS due_lo, NULL::TIMESTAMP AS due_hi, NULL::TIMESTAMP AS happens_lo\n"
        "  FROM tuple t WHERE NOT EXISTS (SELECT 1 FROM spell s WHERE s.bearer = t.bearer AND s.recipient IS NOT DISTINCT FROM t.recipient)\n"
        "  GROUP BY t.bearer, t.recipient"
    )
    return (
        "  SELECT '' AS event, bearer, recipient, spell_start, spell_end, kept, breached, open, unbound, 0::UBIGINT AS untriggered, 0::UBIGINT AS pending,\n"
        f"    {opened}, 0::UBIGINT AS cured, self, fair, plain, values, cites, NULL::TIMESTAMP AS due_lo, NULL::TIMESTAMP AS due_hi, NULL::TIMESTAMP AS happens_lo\n"
        f"  FROM (\n{body})\n  UNION ALL BY NAME\n{never}"
    )
