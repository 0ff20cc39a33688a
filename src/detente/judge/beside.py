"""What a condition asks beside the row itself: what others have done about it, and where it is.

`beside_rows` gives, for each such condition, a CTE with the sets of accounts
in which it is certain and possible, by the row's number `i`, and how to join it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from detente.agreement.clause import (
    AnyOther,
    Condition,
    Done,
    EveryOther,
    Parties,
    PartyVar,
    Perceived,
    Placed,
    PlaceNamed,
    Refused,
    TerritoryOf,
)
from detente.judge.condition import conditions_in, rests_on_left_open
from detente.judge.hold import held, renamed
from detente.judge.needs import place_cell, range_cells
from detente.judge.scene import Scene
from detente.judge.sql import all_of, moment, name, text
from detente.model.kind import Kind

Cte = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Beside:
    """CTEs to compute first, joins to the rows, and each condition's column prefix."""

    ctes: tuple[Cte, ...]
    joins: tuple[str, ...]
    columns: Mapping[Condition, str]


def asks_beside(condition: Condition | None) -> bool:
    """Whether some part of the condition asks for more than the row."""
    return any(isinstance(c, (Done, Placed)) for c in conditions_in(condition))


def beside_rows(scene: Scene, kind: Kind, conditions: Iterable[Condition | None], bearer: PartyVar, *, over: str, prefix: str) -> Beside:
    """For rows of the relation `over` (alias `o`, numbered `i`, with `event`, `bearer` and `accounts`)."""
    ctes: list[Cte] = []
    joins: list[str] = []
    columns: dict[Condition, str] = {}
    for condition in [c for whole in conditions for c in conditions_in(whole)]:
        if not isinstance(condition, (Done, Placed)) or condition in columns or rests_on_left_open(condition):
            continue
        own = f"{prefix}{len(columns) + 1}"
        if isinstance(condition, Done):
            ctes += _done(scene, kind, condition, own, bearer, over)
        else:
            ctes += _placed(scene, kind, condition, own, bearer, over)
        joins.append(f"LEFT JOIN {own} ON {own}.i = o.i")
        columns[condition] = f"{own}.c"
    return Beside(tuple(ctes), tuple(joins), columns)


def _done(scene: Scene, occasion: Kind, condition: Done, prefix: str, bearer: PartyVar, over: str) -> list[Cte]:
    """Sets of accounts in which those who must have done it have, per row `i`. Unclaimed is false for consent."""
    kind = scene.kinds[condition.kind]
    time_field = kind.happens
    names = {"party", "about"} | ({time_field} if time_field else set()) | ({"refusal"} if isinstance(condition, Refused) else set())
    names |= {"recipient", "subject"} if isinstance(condition, Perceived) else set()
    fields = [f for f in kind.fields.values() if f.name in names]
    acts = f"{prefix}_h"
    ctes = held(scene, kind, fields, prefix=acts, unheard=False)
    if condition.about is not None and scene.shape(occasion.name).is_linked:
        ctes.append((f"{prefix}_renamed", renamed(acts, occasion)))
        acts = f"{prefix}_renamed"
    timely_c, timely_p = "true", "true"
    if condition.before and time_field:
        before_lo, before_hi = (f"o.{name(condition.before.field + s)}" for s in ("_lo", "_hi"))
        n_lo, n_hi = (f"n.{name(time_field + s)}" for s in ("_lo", "_hi"))
        timely_c, timely_p = f"coalesce({n_hi} < {before_lo}, false)", f"coalesce({n_lo} < {before_hi}, true)"
    if isinstance(condition, Perceived):
        declared_c, declared_p = _declared(scene, kind, condition)
        timely_c, timely_p = f"{timely_c} AND {declared_c}", f"{timely_p} AND {declared_p}"
    about_c = about_p = "true"
    if condition.about is not None:
        about_c, about_p = "coalesce(n.about = o.event, false)", "(n.about IS NULL OR n.about = o.event)"
    if isinstance(condition, Refused):
        about_c += " AND coalesce(n.refusal_lo >= 1, false)"
        about_p += " AND coalesce(n.refusal_hi >= 1, true)"
    match condition.by:
        case EveryOther() | AnyOther():
            who, gather = "r.name <> o.bearer", "bit_and" if isinstance(condition.by, EveryOther) else "bit_or"
        case PartyVar() as var:
            column = _party_column(var, bearer)
            who, gather = f"r.name = {column}", "bit_and"
        case Parties(names=named_parties) if named_parties:
            who, gather = f"r.name IN ({', '.join(text(p) for p in named_parties)})", "bit_and" if condition.every else "bit_or"
        case _:
            who, gather = "true", "bit_and" if condition.every else "bit_or"
    shape = scene.shape(kind.name)
    whose = "n.party = r.name" if not shape.is_contested and "party" not in shape.gaps else "coalesce(n.party = r.name, true)"
    each = (
        f"  SELECT o.i, r.name,\n"
        f"    coalesce(bit_or(CASE WHEN n.sure AND n.party = r.name AND {about_c} AND {timely_c} THEN n.accounts END), 0) AS certain,\n"
        f"    coalesce(bit_or(CASE WHEN {timely_p} THEN n.accounts END), 0) AS possible,\n"
        f"    coalesce(flatten(list(n.cites) FILTER ({timely_p})), []) AS cites\n"
        f"  FROM {over} o JOIN party r ON {who}\n"
        f"  LEFT JOIN {acts} n ON {whose} AND {about_p} AND (n.accounts & o.accounts) <> 0\n"
        f"  GROUP BY o.i, r.name"
    )
    return [
        *ctes,
        (f"{prefix}_each", each),
        (
            prefix,
            f"  SELECT i, {gather}(certain) AS c_certain, {gather}(possible) AS c_possible, flatten(list(cites)) AS c_cites FROM {prefix}_each GROUP BY i",
        ),
    ]


def _declared(scene: Scene, kind: Kind, condition: Perceived) -> tuple[str, str]:
    """Whether the declaration `n` certainly, possibly, is one of that view, to the bearer or to nobody in particular, by as-of."""
    subject = text(condition.subject)
    towards = "(n.recipient IS NULL OR n.recipient = o.bearer)"
    certain, possible = f"coalesce(n.subject = {subject}, false) AND {towards}", f"coalesce(n.subject = {subject}, true) AND {towards}"
    if kind.happens:
        lo, hi = (f"n.{name(kind.happens + end)}" for end in ("_lo", "_hi"))
        as_of = moment(scene.as_of)
        certain += f" AND coalesce({hi} <= {as_of}, {lo} IS NULL)"
        possible += f" AND coalesce({lo} <= {as_of}, true)"
    return certain, possible


def _party_column(var: PartyVar, bearer: PartyVar) -> str:
    return "o.bearer" if var in (bearer, PartyVar("")) else f"o.{name('party ' + var.name)}"


def _placed(scene: Scene, kind: Kind, condition: Placed, prefix: str, bearer: PartyVar, over: str) -> list[Cte]:
    """Sets of accounts in which the place stands so, from the answers of Measures; a place not located is unknown."""
    least, most = range_cells(condition, "o")
    same = [f"l.place = {place_cell(kind, condition, 'o')}", f"l.relation = {text(condition.relation)}"]
    if condition.relation == "reaches":
        same += [f"l.range_lo IS NOT DISTINCT FROM {least}", f"l.range_hi IS NOT DISTINCT FROM {most}"]
    if condition.distance_m is not None:
        same.append(f"l.distance_m = {condition.distance_m!r}")
    join = ""
    match condition.place:
        case PlaceNamed(name=place):
            same.append(f"l.other = {text(place)}")
        case TerritoryOf(who=who):
            match who:
                case PartyVar() as var:
                    same.append(f"l.other = 'territory of ' || {_party_column(var, bearer)}")
                case Parties(names=parties) if parties:
                    same.append("l.other IN (" + ", ".join(text("territory of " + p) for p in parties) + ")")
                case _:
                    join = " JOIN party r ON r.name <> o.bearer"
                    same.append("l.other = 'territory of ' || r.name")
        case _:
            raise TypeError("a place left open is not measured")
    every = f"{scene.every}::UBIGINT"
    return [
        (
            prefix,
            f"  SELECT o.i, coalesce(bit_or(l.certain), 0) AS c_certain, bit_or(coalesce(l.possible, {every})) AS c_possible\n"
            f"  FROM {over} o{join} LEFT JOIN located l ON {all_of(same)}\n  GROUP BY o.i",
        )
    ]
