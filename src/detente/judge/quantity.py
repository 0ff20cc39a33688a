"""What a summand of a ceiling comes to, in each account and spell: the latest count and the changes since, or items one by one.

For summand `n` over the relations `tuple` and `spell`: `count<n>`, `change<n>`
and `item<n>` say what each account holds of each bound tuple; `value<n>` is
the interval (`lo`, `hi`; NULL is no bound) at the start of each spell. Source:
semantics, section 4, "Ceiling and floor".
"""

from __future__ import annotations

from detente.agreement.clause import Condition, PartyVar, Summand
from detente.judge.beside import Beside, beside_rows
from detente.judge.closed import Box, contains
from detente.judge.condition import Row, fields_of, truth
from detente.judge.hold import held
from detente.judge.occasion import Cte
from detente.judge.probe import Probe, simple
from detente.judge.scene import Scene
from detente.judge.sql import all_of, name, text
from detente.judge.truth import Truth, both
from detente.model.duration import Duration
from detente.model.kind import Kind

COUNT = "inventory"
CHANGE = "change"
AFTER = "INTERVAL 1 microsecond"
_WEIGHT = "(c.self & a.account) <> 0 AS is_self, list_has_all([t.bearer], c.speaks) AS is_fair, (c.plain & a.account) <> 0 AS is_plain"
_WEIGHTS = "bool_and({0}.is_self) AS is_self, bool_and({0}.is_fair) AS is_fair, bool_and({0}.is_plain) AS is_plain"


def summands(scene: Scene, n: int, summand: Summand, counts_hold: Duration | None) -> list[Cte]:
    """`count<n>`, `change<n>` and `item<n>`."""
    return [*_counts(scene, n, summand, counts_hold), *_changes(scene, n, summand), *_items(scene, n, summand)]


def moments(scene: Scene, n: int, summand: Summand) -> list[str]:
    """SELECTs of (bearer, recipient, instant) at which the summand may change in some account."""
    found = [f"SELECT bearer, recipient, {c} FROM count{n}" for c in ("opens", "instant", "until")]
    found += [f"SELECT bearer, recipient, {c} FROM change{n}" for c in ("at_lo", "at_hi")]
    found += [f"SELECT bearer, recipient, {c} FROM item{n}" for c in ("from_lo", "from_hi", "until_lo", "until_hi")]
    kind = scene.kinds[summand.kind]
    if _closes(scene, kind) and kind.happens in scene.shape(kind.name).closing:
        lo, hi = (name(f"{kind.happens}_{end}") for end in ("lo", "hi"))
        found += [f"SELECT t.bearer, t.recipient, c.{at} FROM tuple t, {name('closed ' + kind.table)} c" for at in (lo, hi)]
    return found


def firsts(scene: Scene, n: int, summand: Summand) -> list[str]:
    """SELECTs of the moments at which some account holds a count or an item, of whatever party."""
    found = [f"SELECT {_opens(scene)} FROM counted c"] if scene.shape(COUNT).is_present else []
    kind = scene.kinds[summand.kind]
    if "party" in kind.fields and "from" in kind.fields:
        found.append(f"SELECT from_lo FROM i{n}")
    return found


# ---- what each account holds of a tuple ----------------------------------------------


def _stock(summand: Summand) -> str:
    """How counts and changes name what is counted."""
    return summand.kind if summand.field is None else f"{summand.kind}.{summand.field}"


def _of_tuple(summand: Summand, kind: Kind) -> Truth:
    """Whether a row `c` of the kind belongs to the tuple `t`; one that leaves it unsaid may."""
    wanted: dict[str, str] = {}
    rest = []
    if summand.of:
        wanted["party"] = f"t.{name('bound ' + summand.of)}"
    place = next((f for f in ("on", "state") if f in kind.fields), None)
    if summand.on and place:
        wanted[place] = f"t.{name('bound ' + summand.on)}"
    elif place and kind.name in (COUNT, CHANGE):
        rest.append(f"c.{name(place)} IS NULL")  # a count of a part is no count of the whole
    if kind.name in (COUNT, CHANGE):
        # A count says nothing of a condition, so where there is one it counts for nothing.
        rest.append("false" if summand.where is not None else "true")
        wanted["of"] = text(_stock(summand))
    certain = [f"coalesce(c.{name(f)} = {word}, false)" for f, word in wanted.items()]
    possible = [f"coalesce(c.{name(f)} = {word}, true)" for f, word in wanted.items()]
    return Truth(all_of([*certain, *rest]), all_of([*possible, *rest]))


def _counts(scene: Scene, n: int, summand: Summand, holds: Duration | None) -> list[Cte]:
    kind = scene.kinds[COUNT]
    fields = [f for f in kind.fields.values() if f.name in ("party", "of", "on", "value", "as-of", "until")]
    ctes = held(scene, kind, fields, prefix="counted", unheard=False)
    ours = _of_tuple(summand, kind)
    opens = _opens(scene)
    until = f"CASE WHEN {_is_day(scene, 'c.until_lo', 'c.until_hi')} THEN c.until_hi ELSE c.until_lo END"
    if holds is not None:
        until = f"least({until}, {scene.clock.after(opens, holds)})"
    rank = "(SELECT min(s.tier) FROM unnest(c.cites) u(seq) JOIN statement k ON k.seq = u.seq JOIN seat s ON s.source = k.source AND s.bit = a.bit)"
    body = (
        f"  SELECT t.bearer, t.recipient, a.bit, {opens} AS opens, coalesce(c.{name('as-of_hi')}, 'infinity'::TIMESTAMP) AS instant, {until} AS until,\n"
        f"    coalesce(greatest(c.value_lo, 0), 0) AS lo, c.value_hi AS hi, c.sure AND {ours.certain} AS sure, c.cites, {rank} AS tier, {_WEIGHT}\n"
        f"  FROM tuple t JOIN counted c ON {ours.possible}\n"
        f"  JOIN account a ON (a.account & c.accounts & t.accounts) <> 0"
    )
    # Of counts of one instant the highest-ranked source's is taken; among equals, the hull.
    at_once = "OVER (PARTITION BY bearer, recipient, bit, opens, instant, sure)"
    ranked = (
        f"  SELECT bearer, recipient, bit, opens, instant, min(until) AS until, min(lo) AS lo, CASE WHEN bool_or(hi IS NULL) THEN NULL ELSE max(hi) END AS hi, sure,\n"
        f"    flatten(list(cites)) AS cites, min(tier) AS tier, {_WEIGHTS.format('k')}\n"
        f"  FROM (SELECT *, min(tier) {at_once} AS first FROM counts{n}) k WHERE tier = first\n  GROUP BY bearer, recipient, bit, opens, instant, sure"
    )
    return [*ctes, (f"counts{n}", body), (f"count{n}", ranked)]


def _opens(scene: Scene) -> str:
    """From when a count may count; one dated by day counts as of that day's end."""
    lo, hi = 'c."as-of_lo"', 'c."as-of_hi"'
    return f"(CASE WHEN {_is_day(scene, lo, hi)} THEN {hi} ELSE {lo} END)"


def _is_day(scene: Scene, lo: str, hi: str) -> str:
    """Whether two moments are the first and the last of one local day."""
    return f"coalesce({scene.clock.day(lo)} = {scene.clock.day(hi)} AND {hi} - {lo} > INTERVAL 22 hours, false)"


def _changes(scene: Scene, n: int, summand: Summand) -> list[Cte]:
    kind = scene.kinds[CHANGE]
    fields = [f for f in kind.fields.values() if f.name in ("party", "of", "on", "by", "at")]
    ctes = held(scene, kind, fields, prefix="changed", unheard=False)
    ours = _of_tuple(summand, kind)
    body = (
        f"  SELECT t.bearer, t.recipient, a.bit, c.at_lo, c.at_hi, c.by_lo, c.by_hi, c.sure AND {ours.certain} AS sure, c.cites, {_WEIGHT}\n"
        f"  FROM tuple t JOIN changed c ON {ours.possible}\n"
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
    begins, ends = _stretch(kind, "from"), _stretch(kind, "until")
    beside = _beside(scene, n, summand)
    source = f"i{n}"
    if beside.ctes:
        ctes.append((f"numbered{n}", f"  SELECT row_number() OVER () AS i, h.*, h.party AS bearer FROM i{n} h"))
        ctes += beside.ctes
        answers = "".join(f", {c}_certain AS {_flat(c)}_certain, {c}_possible AS {_flat(c)}_possible" for c in beside.columns.values())
        source = f"fitted{n}"
        ctes.append((source, f"  SELECT o.*{answers}\n  FROM numbered{n} o {' '.join(beside.joins)}"))
    row = Row("c", kind, (begins[0], ends[1]), joined=_joined(beside))
    fits = both([Truth("c.sure", "true"), _of_tuple(summand, kind), truth(summand.where, row, scene, burden=False)], scene.every)
    amount = (
        (f"greatest(coalesce(c.{name(summand.field + '_lo')}, 0), 0)", f"c.{name(summand.field + '_hi')}")
        if summand.field
        else ("1.0", "1.0")
    )
    certain, possible = (
        (fits.certain, fits.possible) if not fits.is_set else (f"({fits.certain} & a.account) <> 0", f"({fits.possible} & a.account) <> 0")
    )
    body = (
        f"  SELECT t.bearer, t.recipient, a.bit, {begins[0]} AS from_lo, {begins[1]} AS from_hi, {ends[0]} AS until_lo, {ends[1]} AS until_hi,\n"
        f"    {amount[0]} AS lo, {amount[1]} AS hi, {certain} AS sure, c.cites, {_WEIGHT}\n"
        f"  FROM tuple t JOIN {source} c ON true\n"
        f"  JOIN account a ON (a.account & c.accounts & t.accounts) <> 0\n  WHERE {possible}"
    )
    return [*ctes, (f"item{n}", body)]


def _stretch(kind: Kind, end: str) -> tuple[str, str]:
    return (f'c."{end}_lo"', f'c."{end}_hi"') if end in kind.fields else ("NULL::TIMESTAMP", "NULL::TIMESTAMP")


def _beside(scene: Scene, n: int, summand: Summand) -> Beside:
    return beside_rows(scene, scene.kinds[summand.kind], [summand.where], PartyVar(summand.of or ""), over=f"numbered{n}", prefix=f"b{n}_")


def _joined(beside: Beside) -> dict[Condition, str]:
    return {c: f"c.{_flat(column)}" for c, column in beside.columns.items()}


def item_probes(scene: Scene, n: int, summand: Summand) -> list[Probe]:
    """Where the simple conditions on the items of summand `n` are asked."""
    kind = scene.kinds[summand.kind]
    if "party" not in kind.fields:
        return []
    beside = _beside(scene, n, summand)
    row = Row("c", kind, (_stretch(kind, "from")[0], _stretch(kind, "until")[1]), joined=_joined(beside))
    source = f"fitted{n} c" if beside.ctes else f"i{n} c"
    return [Probe(c, truth(c, row, scene, burden=False), "c.accounts", source) for c in simple(summand.where)]


def _flat(column: str) -> str:
    """A column of a joined answer under a name of its own."""
    return column.replace(".", "_")


def _no_items() -> str:
    stamps = ", ".join(f"NULL::TIMESTAMP AS {c}" for c in ("from_lo", "from_hi", "until_lo", "until_hi"))
    return (
        f"  SELECT NULL::VARCHAR AS bearer, NULL::VARCHAR AS recipient, 0 AS bit, {stamps}, 0.0 AS lo, 0.0 AS hi, false AS sure, []::UINTEGER[] AS cites,"
        " false AS is_self, false AS is_fair, false AS is_plain WHERE false"
    )


# ---- in each spell ------------------------------------------------------------------


def _closes(scene: Scene, kind: Kind) -> bool:
    """Whether silence about an item can mean that there is none."""
    return kind.genus == "thing" and "party" in kind.fields and scene.shape(kind.name).can_close


def values(scene: Scene, n: int, summand: Summand) -> list[Cte]:
    """The summand's interval in each spell and account, and what it rests on."""
    of_spell = "{0}.bearer = s.bearer AND {0}.recipient IS NOT DISTINCT FROM s.recipient"
    key = "s.bearer, s.recipient, s.spell_start, s.bit"
    latest = (
        "  SELECT s.bearer, s.recipient, s.spell_start, s.spell_end, a.bit,\n"
        "    arg_max(c, (c.instant, c.opens, -c.tier)) FILTER (c.sure) AS latest\n"
        f"  FROM spell s CROSS JOIN account a LEFT JOIN count{n} c ON {of_spell.format('c')} AND c.bit = a.bit AND c.instant <= s.spell_start\n"
        "  GROUP BY s.bearer, s.recipient, s.spell_start, s.spell_end, a.bit"
    )
    # A count that only may be there, or only may be the latest, makes the hull of with and without.
    doubt = (
        f"  SELECT {key}, min(CASE WHEN c.until <= s.spell_start THEN 0 ELSE c.lo END) AS lo,\n"
        "    CASE WHEN bool_or(c.hi IS NULL OR coalesce(c.until <= s.spell_start, false)) THEN NULL ELSE max(c.hi) END AS hi, count(*) AS n,\n"
        f"    flatten(list(c.cites)) AS cites, {_WEIGHTS.format('c')}\n"
        f"  FROM latest{n} s JOIN count{n} c ON {of_spell.format('c')} AND c.bit = s.bit AND coalesce(c.opens <= s.spell_start, true)\n"
        "    AND (s.latest IS NULL OR (c.instant >= s.latest.opens AND NOT (c.sure AND c.instant = s.latest.instant AND c.opens = s.latest.opens)))\n"
        f"  GROUP BY {key}"
    )
    after = "date_trunc('minute', {0}) > date_trunc('minute', s.latest.{1})"
    certain = f"c.sure AND c.at_hi <= s.spell_start AND (s.latest IS NULL OR coalesce({after.format('c.at_lo', 'instant')}, false))"
    moved = (
        f"  SELECT {key},\n"
        f"    sum(CASE WHEN {certain} THEN coalesce(c.by_lo, '-infinity'::DOUBLE) ELSE least(0, coalesce(c.by_lo, '-infinity'::DOUBLE)) END) AS lo,\n"
        f"    sum(CASE WHEN {certain} THEN coalesce(c.by_hi, 'infinity'::DOUBLE) ELSE greatest(0, coalesce(c.by_hi, 'infinity'::DOUBLE)) END) AS hi,\n"
        f"    flatten(list(c.cites)) AS cites, {_WEIGHTS.format('c')}\n"
        f"  FROM latest{n} s JOIN change{n} c ON {of_spell.format('c')} AND c.bit = s.bit AND coalesce(c.at_lo <= s.spell_start, true)\n"
        f"    AND (s.latest IS NULL OR coalesce({after.format('c.at_hi', 'opens')}, true))\n"
        f"  GROUP BY {key}"
    )
    there = (
        "i.sure AND coalesce(i.from_hi <= s.spell_start, i.from_lo IS NULL) AND coalesce(i.until_lo > s.spell_start, i.until_hi IS NULL)"
    )
    listed = (
        f"  SELECT {key}, sum(CASE WHEN {there} THEN i.lo ELSE 0 END) AS lo, CASE WHEN bool_or(i.hi IS NULL) THEN NULL ELSE sum(i.hi) END AS hi,\n"
        f"    flatten(list(i.cites)) AS cites, {_WEIGHTS.format('i')}\n"
        f"  FROM latest{n} s JOIN item{n} i ON {of_spell.format('i')} AND i.bit = s.bit AND coalesce(i.from_lo <= s.spell_start, true) AND coalesce(i.until_hi > s.spell_start, true)\n"
        f"  GROUP BY {key}"
    )
    ctes = [(f"latest{n}", latest), (f"doubt{n}", doubt), (f"moved{n}", moved), (f"listed{n}", listed)]
    kind = scene.kinds[summand.kind]
    shut, shut_cites, also = "false", "[]", ""
    if _closes(scene, kind):
        ctes.append((f"full{n}", _full(scene, kind, summand)))
        also = f"\n  LEFT JOIN full{n} f ON f.bearer = l.bearer AND f.recipient IS NOT DISTINCT FROM l.recipient AND f.spell_start = l.spell_start"
        shut, shut_cites = "coalesce((f.accounts >> l.bit) & 1 = 1, false)", f"CASE WHEN {shut} THEN f.cites ELSE [] END"
        shut_cites = "CASE WHEN coalesce((f.accounts >> l.bit) & 1 = 1, false) THEN f.cites ELSE [] END"
    has = "(l.latest IS NOT NULL)"
    lasts = "coalesce(l.latest.until > l.spell_start, true)"
    joins = "".join(
        f"\n  LEFT JOIN {rel}{n} {alias} ON {alias}.bearer = l.bearer AND {alias}.recipient IS NOT DISTINCT FROM l.recipient"
        f" AND {alias}.spell_start = l.spell_start AND {alias}.bit = l.bit"
        for rel, alias in (("doubt", "d"), ("moved", "m"), ("listed", "i"))
    )
    counted = (
        f"  SELECT l.bearer, l.recipient, l.spell_start, l.bit, {has} OR d.n IS NOT NULL AS is_counted, d.n IS NOT NULL AS is_doubted, d.lo AS d_lo, d.hi AS d_hi,\n"
        f"    CASE WHEN {has} THEN CASE WHEN {lasts} THEN l.latest.lo ELSE 0 END ELSE coalesce(i.lo, 0) END AS b_lo,\n"
        f"    CASE WHEN {has} THEN CASE WHEN {lasts} THEN l.latest.hi END WHEN {shut} THEN CASE WHEN i.lo IS NULL THEN 0 ELSE i.hi END END AS b_hi,\n"
        "    coalesce(m.lo, 0) AS m_lo, coalesce(m.hi, 0) AS m_hi,\n"
        f"    list_concat(CASE WHEN {has} THEN list_concat(l.latest.cites, coalesce(m.cites, [])) ELSE list_concat(coalesce(i.cites, []), {shut_cites}) END, coalesce(d.cites, [])) AS cites,\n"
        + ",\n".join(
            f"    CASE WHEN {has} THEN l.latest.{w} AND coalesce(m.{w}, true) ELSE coalesce(i.{w}, true) END AND coalesce(d.{w}, true) AS {w}"
            for w in ("is_self", "is_fair", "is_plain")
        )
        + f"\n  FROM latest{n} l{joins}{also}"
    )
    value = (
        "  SELECT bearer, recipient, spell_start, bit, cites, is_self, is_fair, is_plain,\n"
        "    CASE WHEN is_counted THEN greatest(0, least(b_lo, CASE WHEN is_doubted THEN d_lo ELSE b_lo END) + m_lo) ELSE b_lo END AS lo,\n"
        "    CASE WHEN NOT is_counted THEN b_hi WHEN b_hi IS NULL OR (is_doubted AND d_hi IS NULL) THEN NULL\n"
        "      ELSE greatest(0, greatest(b_hi, CASE WHEN is_doubted THEN d_hi ELSE b_hi END) + m_hi) END AS hi\n"
        f"  FROM counted{n}"
    )
    return [*ctes, (f"counted{n}", counted), (f"value{n}", value)]


def _full(scene: Scene, kind: Kind, summand: Summand) -> str:
    """For each spell, the accounts that hold the tuple's items closed throughout it."""
    words = {}
    if summand.of:
        words["party"] = f"t.{name('bound ' + summand.of)}"
    if summand.on and "on" in kind.fields:
        words["on"] = f"t.{name('bound ' + summand.on)}"
    ranges = {kind.happens: ("s.spell_start", f"s.spell_end - {AFTER}")} if kind.happens else {}
    times = [f.name for f in kind.fields.values() if f.type == "time" and f.name in scene.shape(kind.name).closing]
    # A pattern that names times says nothing of items that were there before.
    timeless = all_of([f"c.{name(f + end)} IS NULL" for f in times for end in ("_lo", "_hi")])
    return (
        "  SELECT s.bearer, s.recipient, s.spell_start, bit_or(t.accounts & c.accounts) AS accounts, list(DISTINCT c.seq) AS cites\n"
        "  FROM spell s JOIN tuple t ON t.bearer = s.bearer AND t.recipient IS NOT DISTINCT FROM s.recipient\n"
        f"  JOIN {name('closed ' + kind.table)} c ON {contains(scene, kind, Box(words, ranges), 'c')} AND (c.is_register OR {timeless})\n"
        "  GROUP BY s.bearer, s.recipient, s.spell_start"
    )
