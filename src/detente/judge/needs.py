"""What the rules ask of places: the judge asks, the detector answers, and they never meet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import duckdb

from detente.agreement.clause import BaselineBound, Bound, Condition, Duty, LeftOpen, Permission, Placed, Prohibition, Rule, Separation
from detente.judge.condition import conditions_in
from detente.judge.hold import of_kind
from detente.judge.scene import Scene
from detente.judge.sql import name
from detente.model.kind import Kind


@dataclass(frozen=True, slots=True)
class Need:
    """A spatial condition with every place (and range, for `reaches`) that the evidence puts into it.

    `asked` lists (place, least range, greatest range); ranges in metres, None for other relations.
    """

    kind: str
    condition: Placed
    asked: tuple[tuple[str, float | None, float | None], ...]


def needs(db: duckdb.DuckDBPyConnection, scene: Scene, rules: Sequence[Rule]) -> tuple[Need, ...]:
    """Everything the rules ask of places, with the values found in the evidence."""
    found: dict[Placed, Need] = {}
    for rule in rules:
        for kind_name, condition in placed_in(rule):
            kind = scene.kinds[kind_name]
            if condition not in found and scene.shape(kind_name).is_present:
                found[condition] = Need(kind_name, condition, _values(db, scene, kind, condition))
    return tuple(found.values())


def placed_in(rule: Rule) -> Iterator[tuple[str, Placed]]:
    """The rule's spatial conditions on places that its text fixes, each with the kind that it is a condition of."""
    conditions: list[tuple[str, Condition | None]] = []
    match rule:
        case Prohibition(occasion=occasion, unless=unless):
            conditions = [(occasion.kind, occasion.where), (occasion.kind, unless)]
        case Duty(occasion=occasion, unless=unless, exceptions=exceptions) if occasion is not None:
            conditions = [(occasion.kind, c) for c in (occasion.where, unless, *(e.where for e in exceptions))]
        case Separation(first=first, second=second, where=where, unless=unless):
            kinds = {first.var: first.kind, second.var: second.kind}
            for condition in (*conditions_in(where), *conditions_in(unless)):
                if isinstance(condition, Placed) and not isinstance(condition.place, LeftOpen):
                    yield kinds[condition.term.var], condition
        case Permission(deed=deed, unless=unless):
            conditions = [(deed.kind, deed.where), (deed.kind, unless)]
        case Bound(summands=summands) | BaselineBound(summands=summands):
            conditions = [(s.kind, s.where) for s in summands]
        case _:
            pass
    for kind, whole in conditions:
        for condition in conditions_in(whole):
            if isinstance(condition, Placed) and not isinstance(condition.place, LeftOpen):
                yield kind, condition


def place_cell(kind: Kind, condition: Placed, alias: str) -> str:
    """SQL for where the row is: the field the rule names, or the state it is on where that is all that is said."""
    cell = f"{alias}.{name(condition.term.field)}"
    if condition.term.field != "on" and "on" in kind.fields:
        return f"coalesce({cell}, {alias}.{name('on')})"
    return cell


def range_cells(condition: Placed, alias: str) -> tuple[str, str]:
    """SQL for the row's range, least and greatest, where the relation asks for it."""
    if condition.relation != "reaches":
        return "NULL::DOUBLE", "NULL::DOUBLE"
    return f"{alias}.range_lo", f"{alias}.range_hi"


def _values(
    db: duckdb.DuckDBPyConnection, scene: Scene, kind: Kind, condition: Placed
) -> tuple[tuple[str, float | None, float | None], ...]:
    lo, hi = range_cells(condition, "s")
    cell = place_cell(kind, condition, "s")
    rows = db.execute(f"SELECT DISTINCT {cell}, {lo}, {hi} FROM {name(kind.table)} s WHERE {cell} IS NOT NULL ORDER BY ALL").fetchall()
    if condition.relation == "reaches" and scene.shape(kind.name).is_contested:
        rows = sorted({*rows, *_composed(db, scene, kind, (cell, lo, hi))}, key=str)
    return tuple((place, least, most) for place, least, most in rows)


def _composed(
    db: duckdb.DuckDBPyConnection, scene: Scene, kind: Kind, cells: tuple[str, str, str]
) -> list[tuple[str, float | None, float | None]]:
    """What an account may put together where one source tells the place of a thing and another, in part, its range.

    The bounds that an account holds are among those that were stated, or none.
    """
    cell, lo, hi = cells
    event, join = "s.event", ""
    if scene.shape(kind.name).is_linked:
        event, join = "coalesce(l.same, s.event)", f" LEFT JOIN linked l ON l.event = s.event AND {of_kind('l', kind)}"
    return db.execute(
        f"WITH told AS (SELECT {event} AS event, {cell} AS place, {lo} AS lo, {hi} AS hi FROM {name(kind.table)} s{join} WHERE s.event IS NOT NULL),\n"
        "bound AS (SELECT event, unnest([lo, hi, NULL]) AS at FROM told)\n"
        "SELECT DISTINCT t.place, a.at, b.at FROM told t JOIN bound a USING (event) JOIN bound b USING (event)\n"
        "WHERE t.place IS NOT NULL AND coalesce(a.at <= b.at, true)"
    ).fetchall()
