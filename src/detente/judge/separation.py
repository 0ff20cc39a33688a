"""The plan of a separation: encounters of two craft, and how near they came.

One instance per encounter and bearer. An encounter is told of `first` and
`second`, whose are `party` and `partner`; who comes first there is nobody's
choice but the teller's, so the rule's craft are tried both ways and the worse
way counts. `x` has one row per version of an encounter, way and bearer.
Source: semantics, section 4, "Separation".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from detente.agreement.clause import (
    And,
    AnyOther,
    Compare,
    Condition,
    Constant,
    Craft,
    Done,
    FieldOf,
    Is,
    IsIn,
    LeftOpen,
    Not,
    Or,
    Parties,
    PartyVar,
    Placed,
    Separation,
)
from detente.judge.ballot import ballot
from detente.judge.beside import beside_rows
from detente.judge.condition import Row, conditions_in, fields_of, member_of, rests_on_left_open, truth
from detente.judge.force import binds, paused_spans, window
from detente.judge.hold import grouped, held, of_kind
from detente.judge.occasion import Cte
from detente.judge.probe import Probe, simple
from detente.judge.scene import Scene
from detente.judge.sql import all_of, moment, name, text
from detente.judge.truth import FALSE, TRUE, Truth, both, compared, contrary, either
from detente.model.kind import Kind

ENCOUNTER = "encounter"
_ASKED = ("party", "partner", "first", "second", "distance", "vertical", "start", "end")
_NAMES = ("party", "partner", "first", "second")


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the rule's two craft: the alias of its row, its clause, and the encounter's cells that say which and whose it is."""

    alias: str
    craft: Craft
    which: str
    whose: str


def separation_votes(scene: Scene, rule: Separation) -> list[Cte]:
    """CTEs up to `votes`."""
    kind = scene.kinds[ENCOUNTER]
    is_linked = scene.shape(ENCOUNTER).is_linked
    fields = [f for f in kind.fields.values() if f.name in _ASKED]
    ctes = held(scene, kind, fields, prefix="h_each" if is_linked else "h", unheard=True)
    if is_linked:
        ctes.append(grouped(kind, "h"))
    ctes += [("told_names", _named()), ("o", _rows()), ("gap", _gaps(scene, kind))]
    joined: dict[str, dict[Condition, str]] = {}
    for alias, craft in (("a", rule.first), ("b", rule.second)):
        found, joined[alias] = _craft(scene, rule, alias, craft)
        ctes += found
    ways = [_way(scene, rule, joined, flipped=flipped) for flipped in (False, True)]
    ctes.append(("x", "\n  UNION ALL\n".join(ways)))
    columns = "event, bearer, recipient, accounts, self, fair, plain, happens_lo, cites"
    open_term = isinstance(rule.spacing.horizontal, LeftOpen) or isinstance(rule.spacing.vertical, LeftOpen)
    open_term = open_term or rests_on_left_open(rule.where, rule.unless)
    ctes.append(("apart", ballot("x", columns, done="far", missed="near", pending="waiting", scene=scene, left_open=False)))
    ctes.append(("votes", _together(scene, kind, left_open=open_term)))
    return ctes


# ---- the encounters --------------------------------------------------------------


def _named() -> str:
    known = all_of([f"h.{name(f)} IS NOT NULL" for f in _NAMES])
    return f"  SELECT DISTINCT h.event, {', '.join(f'h.{name(f)}' for f in _NAMES)} FROM h WHERE h.heard AND {known}"


def _rows() -> str:
    """Versions of encounters with both craft and parties; where a version names them not, those whom another version names."""
    known = all_of([f"h.{name(f)} IS NOT NULL" for f in _NAMES])
    filled = ", ".join(f"coalesce(h.{name(f)}, n.{name(f)}) AS {name(f)}" for f in _NAMES)
    agree = all_of([f"coalesce(h.{name(f)} = n.{name(f)}, true)" for f in _NAMES])
    return (
        f"  SELECT h.*, true AS named FROM h WHERE {known}\n"
        f"  UNION ALL\n  SELECT h.* REPLACE ({filled}), false AS named FROM h JOIN told_names n ON n.event = h.event AND {agree} WHERE NOT {known}"
    )


def _gaps(scene: Scene, kind: Kind) -> str:
    """Statements on an encounter that was not wholly in its source's sight, where the source says what it could see."""
    if not scene.shape(ENCOUNTER).is_present:
        return "  SELECT NULL::UINTEGER AS seq WHERE false"
    known = f"published <= {moment(scene.known_on)}"
    said = f"c.source = s.source AND c.kind = {text(kind.name)} AND c.{known}"
    whole = "(c.from_ IS NULL OR coalesce(c.from_ <= s.start_lo, false)) AND (c.until_ IS NULL OR coalesce(c.until_ >= coalesce(s.end_hi, s.start_hi), false))"
    return (
        f"  SELECT s.seq FROM {name(kind.table)} s\n"
        f"  WHERE EXISTS (SELECT 1 FROM coverage c WHERE {said}) AND NOT EXISTS (SELECT 1 FROM coverage c WHERE {said} AND c.fraction >= 1 AND {whole})"
    )


# ---- the craft ----------------------------------------------------------------------


def _craft(scene: Scene, rule: Separation, alias: str, craft: Craft) -> tuple[list[Cte], dict[Condition, str]]:
    """`<alias>`: what each account holds of the craft of this kind; one that nobody describes may be of it."""
    kind = scene.kinds[craft.kind]
    asked = [c for whole in (rule.where, rule.unless) for c in conditions_in(whole) if _var_of(c) == craft.var]
    names = {"party", "from", "until", *(f for c in asked for f in fields_of(c, craft.var))} | {
        "on" for c in asked if isinstance(c, Placed)
    }
    fields = [f for f in kind.fields.values() if f.name in names]
    ctes = held(scene, kind, fields, prefix=f"{alias}_held", unheard=True)
    others = [k for k in scene.kinds.values() if k.genus == "thing" and k.name != kind.name and scene.shape(k.name).is_present]
    known = f"published <= {moment(scene.known_on)}"
    described = [f"SELECT event FROM {name(k.table)} WHERE says = 'asserts' AND {known}" for k in others]
    if scene.shape(kind.name).is_present:
        described.append(f"SELECT event FROM {name(kind.table)} WHERE event IS NOT NULL AND {known}")
    unknown = f"i.id NOT IN ({' UNION ALL '.join(described)})" if described else "true"
    cells = "".join(f", NULL AS {name(c)}" for f in fields for c in ((f"{f.name}_lo", f"{f.name}_hi") if f.is_ordered else (f.name,)))
    ctes.append(
        (
            f"{alias}_rows",
            f"  SELECT row_number() OVER () AS i, *, party AS bearer FROM (\n    SELECT * FROM {alias}_held\n    UNION ALL BY NAME\n"
            f"    SELECT i.id AS event, i.id AS base{cells}, {scene.every}::UBIGINT AS accounts, false AS sure, false AS heard, []::UINTEGER[] AS cites,"
            f" 0::UBIGINT AS self, 0::UBIGINT AS plain, []::VARCHAR[] AS speaks\n"
            f"    FROM (SELECT DISTINCT first AS id FROM told_names UNION SELECT DISTINCT second FROM told_names) i WHERE {unknown})",
        )
    )
    wanted = [c for c in asked if isinstance(c, Placed | Done)]
    beside = beside_rows(scene, kind, wanted, PartyVar(""), over=f"{alias}_rows", prefix=f"{alias}_c")
    ctes += beside.ctes
    answers = "".join(f", {c}_certain AS {_flat(c)}_certain, {c}_possible AS {_flat(c)}_possible" for c in beside.columns.values())
    ctes.append((alias, f"  SELECT o.*{answers}\n  FROM {alias}_rows o {' '.join(beside.joins)}"))
    return ctes, {c: f"{alias}.{_flat(column)}" for c, column in beside.columns.items()}


def _flat(column: str) -> str:
    return column.replace(".", "_")


def _var_of(condition: Condition) -> str | None:
    """The craft that a simple condition speaks of."""
    match condition:
        case Compare(term=FieldOf(var=var)) | Is(term=FieldOf(var=var)) | Placed(term=FieldOf(var=var)) | IsIn(term=FieldOf(var=var)):
            return var
        case Done(about=about) if about is not None:
            return about.name
        case _:
            return None


# ---- each way ----------------------------------------------------------------------


_HAPPENS = ("o.start_lo", "o.start_hi")


def _sides(
    rule: Separation, scene: Scene, joined: dict[str, dict[Condition, str]], *, flipped: bool
) -> tuple[_Side, _Side, dict[str, Row], dict[str, Truth]]:
    """The two craft, and by variable where conditions find their values and whether the description is of that time."""
    cells = (("first", "party"), ("second", "partner"))
    a, b = (
        _Side(alias, craft, *cell)
        for alias, craft, cell in zip("ab", (rule.first, rule.second), cells[::-1] if flipped else cells, strict=True)
    )
    parties = {side.craft.of.name: f"o.{side.whose}" for side in (a, b) if isinstance(side.craft.of, PartyVar)}
    rows = {s.craft.var: Row(s.alias, scene.kinds[s.craft.kind], _HAPPENS, parties, joined[s.alias]) for s in (a, b)}
    return a, b, rows, {s.craft.var: _covers(s.alias, scene.kinds[s.craft.kind]) for s in (a, b)}


def _met(a: _Side, b: _Side) -> str:
    """An encounter `o` joined with its two craft."""
    return (
        f"o JOIN a ON a.event = o.{a.which} AND (a.accounts & o.accounts) <> 0\n"
        f"    JOIN b ON b.event = o.{b.which} AND (b.accounts & a.accounts & o.accounts) <> 0"
    )


def _way(scene: Scene, rule: Separation, joined: dict[str, dict[Condition, str]], *, flipped: bool) -> str:
    """Rows of `x` with the rule's first craft as the encounter's first, or its second."""
    a, b, rows, covers = _sides(rule, scene, joined, flipped=flipped)
    happens = _HAPPENS
    trigger = [*_owners(rule, a, b, happens), _truth(rule.where, rows, covers, scene, burden=False)]
    excuse = _truth(rule.unless, rows, covers, scene, burden=True) if rule.unless is not None else FALSE
    sure = Truth("o.sure AND o.named AND a.sure AND b.sure", "true")
    in_force = binds(scene, window(scene, rule.head, "k"), "qb.spans", happens)
    met = both([*trigger], scene.every)
    t = both([sure, met, in_force], scene.every).as_set(scene.every)
    gone = contrary(in_force, scene.every)
    unmet = both([met, Truth(gone.certain, gone.certain, is_set=gone.is_set)], scene.every).as_set(scene.every)
    u = excuse.as_set(scene.every)
    accounts = "(o.accounts & a.accounts & b.accounts" + (" & k.accounts)" if scene.has_life else ")")
    life = paused_spans(scene, rule.head.id, "qb", "p.name")
    if scene.has_life:
        life += "\n    JOIN bound k ON k.party = p.name AND (k.accounts & o.accounts) <> 0"
    bearers = f"p.name = o.{a.whose}" if rule.bearer == "first" else f"p.name IN (o.{a.whose}, o.{b.whose})"
    far, near = _apart(scene, rule)
    after, before = (
        f"coalesce(o.start_lo > {moment(scene.as_of)}, false)",
        f"coalesce(coalesce(o.end_hi, o.start_hi) <= {moment(scene.as_of)}, false)",
    )
    both_words = "list_concat(o.speaks, list_concat(a.speaks, b.speaks))"
    inner = (
        f"  SELECT o.event, p.name AS bearer, NULL::VARCHAR AS recipient, {accounts} AS accounts,\n"
        f"    {accounts} & {t.certain} AS certain, {accounts} & {t.possible} AS possible, "
        + (f"{accounts} & {unmet.possible} AS unbound,\n" if in_force != TRUE else "0::UBIGINT AS unbound,\n")
        + f"    {accounts} & {u.certain} AS excused, {accounts} & {u.possible} AS maybe_excused,\n"
        f"    CASE WHEN {far} AND NOT list_has_any(o.cites, coalesce((SELECT list(seq) FROM gap), [])) THEN {accounts} ELSE 0 END AS far,\n"
        f"    CASE WHEN {near} AND {before} THEN {accounts} ELSE 0 END AS near, CASE WHEN {after} THEN {accounts} ELSE 0 END AS waiting,\n"
        f"    o.self & a.self & b.self & {accounts} AS self, o.plain & a.plain & b.plain & {accounts} AS plain,\n"
        f"    CASE WHEN list_has_all([p.name], {both_words}) THEN {accounts} ELSE o.plain & a.plain & b.plain & {accounts} END AS fair,\n"
        f"    o.start_lo AS happens_lo, list_concat(o.cites, list_concat(a.cites, b.cites)) AS cites\n"
        f"  FROM {_met(a, b)}\n"
        f"    JOIN party p ON {bearers}{life}"
    )
    return f"  SELECT * FROM (\n{inner})\n  WHERE (possible | unbound) <> 0"


def _owners(rule: Separation, a: _Side, b: _Side, happens: tuple[str, str]) -> list[Truth]:
    """What is asked of the two parties."""
    asked = []
    for side, other in ((a, b), (b, a)):
        cell = f"o.{side.whose}"
        match side.craft.of:
            case Parties(group=group, names=names):
                if group:
                    asked.append(member_of(group, cell, happens))
                if names:
                    test = f"{cell} IN ({', '.join(text(n) for n in names)})"
                    asked.append(Truth(test, test))
            case AnyOther():
                asked.append(Truth(f"{cell} <> o.{other.whose}", f"{cell} <> o.{other.whose}"))
            case _:
                pass
    if rule.different:
        test = f"o.{a.whose} <> o.{b.whose} AND o.{a.whose} IN (SELECT name FROM party) AND o.{b.whose} IN (SELECT name FROM party)"
        asked.append(Truth(f"({test})", f"({test})"))
    return asked


def _covers(alias: str, kind: Kind) -> Truth:
    """Whether the craft's description is of the time of the encounter; one without a beginning has always held."""
    certain, possible = [], []
    if "from" in kind.fields:
        certain.append(f'({alias}."from_lo" IS NULL OR coalesce({alias}."from_hi" <= o.start_lo, false))')
        possible.append(f'coalesce({alias}."from_lo" <= o.start_hi, true)')
    if "until" in kind.fields:
        certain.append(f'({alias}."until_hi" IS NULL OR coalesce({alias}."until_lo" >= o.start_hi, false))')
        possible.append(f'coalesce({alias}."until_hi" >= o.start_lo, true)')
    return Truth(all_of(certain), all_of(possible))


def _truth(condition: Condition | None, rows: dict[str, Row], covers: dict[str, Truth], scene: Scene, *, burden: bool) -> Truth:
    """The condition over both craft, each simple part over the one that it speaks of."""
    every = scene.every

    def parts(items: Sequence[Condition]) -> list[Truth]:
        return [_truth(i, rows, covers, scene, burden=burden) for i in items]

    match condition:
        case None:
            return TRUE
        case And(items):
            return both(parts(items), every)
        case Or(items):
            return either(parts(items), every)
        case Not(item):
            return contrary(parts([item])[0], every)
        case Compare(term=FieldOf(var=var, field=f), op=op, value=FieldOf(var=other, field=g)) if other != var:
            left, right = rows[var], rows[other]
            if left.kind.fields[f].is_ordered:
                found = compared(op, left.bounds(f), right.bounds(g), unsaid=not burden)
            else:
                unsaid, sign = "false" if burden else "true", "<>" if op == "not equal to" else "="
                test = f"{left.word(f)} {sign} {right.word(g)}"
                found = Truth(f"coalesce({test}, false)", f"coalesce({test}, {unsaid})")
            return both([found, covers[var], covers[other]], every)
        case _:
            subject = _var_of(condition)
            row = rows.get(subject or "", next(iter(rows.values())))
            found = truth(condition, row, scene, burden=burden)
            return both([found, covers[subject]], every) if subject in covers else found


# ---- how near ------------------------------------------------------------------------


def _apart(scene: Scene, rule: Separation) -> tuple[str, str]:
    """Whether an encounter `o` is far enough for certain, and whether it is too near for certain."""
    h, v = rule.spacing.horizontal, rule.spacing.vertical
    if h is not None and v is None:
        if isinstance(h, LeftOpen):
            return "false", "false"
        limit = repr(float(h.value))
        # Ships are at sea level; where one of them may fly and no height is known, there is no greatest distance.
        flies = any("altitude" in scene.kinds[c.kind].fields for c in (rule.first, rule.second))
        rise = ("coalesce(o.vertical_lo, 0)", "o.vertical_hi" if flies else "coalesce(o.vertical_hi, 0)")
        least, most = (f"sqrt(o.distance_{end} * o.distance_{end} + {r} * {r})" for end, r in zip(("lo", "hi"), rise, strict=True))
        return f"coalesce(coalesce({least}, {rise[0]}) >= {limit}, false)", f"coalesce({most} < {limit}, false)"
    far, near = [], []
    for field, limit_of in (("distance", h), ("vertical", v)):
        if limit_of is None:
            continue
        known = isinstance(limit_of, Constant)
        number = repr(float(cast("Constant", limit_of).value)) if known else "NULL"
        far.append(f"coalesce(o.{field}_lo >= {number}, false)")
        near.append(f"coalesce(o.{field}_hi < {number}, false)")
    return f"({' OR '.join(far)})", f"({' AND '.join(near)})"


def separation_probes(scene: Scene, rule: Separation) -> list[Probe]:
    """Where the simple conditions on the two craft are asked: of every encounter, both ways."""
    joined = {alias: _craft(scene, rule, alias, craft)[1] for alias, craft in (("a", rule.first), ("b", rule.second))}
    ways = [_sides(rule, scene, joined, flipped=flipped) for flipped in (False, True)]
    return [
        Probe(c, _truth(c, rows, covers, scene, burden=burden), "o.accounts & a.accounts & b.accounts", _met(a, b))
        for a, b, rows, covers in ways
        for whole, burden in ((rule.where, False), (rule.unless, True))
        for c in simple(whole)
    ]


def _together(scene: Scene, kind: Kind, *, left_open: bool) -> str:
    """Both ways, and all names of one encounter, as one instance: an account's vote is its worst."""
    worse, gathered = "", []
    for vote in ("breached", "open", "kept", "pending", "unbound"):
        gathered.append(f"bit_or({vote}){worse} AS {vote}")
        worse += f" & ~bit_or({vote})"
    told = " | ".join(f"bit_or({vote})" for vote in ("breached", "open", "kept", "pending", "unbound"))
    event, join = "v.event", ""
    if scene.shape(kind.name).is_linked:
        event, join = "coalesce(l.same, v.event)", f" LEFT JOIN linked l ON l.event = v.event AND {of_kind('l', kind)}"
    whole = (
        f"  SELECT {event} AS event, bearer, recipient, {', '.join(gathered)}, {scene.every}::UBIGINT & ~({told}) AS untriggered,\n"
        "    bit_or(accounts) AS seen, 0::UBIGINT AS cured, bit_or(self) AS self, bit_or(fair) AS fair, bit_or(plain) AS plain,\n"
        "    NULL::TIMESTAMP AS due_lo, NULL::TIMESTAMP AS due_hi, min(happens_lo) AS happens_lo, list_sort(list_distinct(flatten(list(cites)))) AS cites\n"
        f"  FROM apart v{join}\n  GROUP BY {event}, bearer, recipient"
    )
    return f"  SELECT *, {'open' if left_open else '0::UBIGINT'} AS left_open FROM (\n{whole})"
