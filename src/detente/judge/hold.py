"""What each account holds of the events of one kind, as a relation.

`held_<kind>` has one row for each version of an event and the set of accounts
that share that version; an account that holds the event impossible has no row.
Columns: event, base, the fields asked for, `accounts` (the set), `sure`
(existence certain), `heard` (some source of the account speaks of it), `cites`
(positions of the deciding statements), `self` and `plain` (accounts in which
it rests on their own word alone; on sources that speak for no party), and
`speaks` (the parties whose word it rests on).

Events with a single statement that nobody contests, nearly all of a large
record, are read straight from the table. The rest are settled claim by claim:
last word of each source, then the first tier that speaks.
Source: semantics, sections 1 to 3.
"""

from __future__ import annotations

from collections.abc import Sequence

from detente.judge.closed import Box, closing, contains
from detente.judge.columns import columns, nothing, sql_type
from detente.judge.contested import contested, settled, told
from detente.judge.scene import Scene
from detente.judge.sql import moment, name, text
from detente.model.kind import Field, Kind


def held(
    scene: Scene,
    kind: Kind,
    fields: Sequence[Field],
    *,
    prefix: str,
    unheard: bool,
    among: str | None = None,
    weighed: bool = True,
    weighing: frozenset[str] | None = None,
) -> list[tuple[str, str]]:
    """CTEs, the last of them named `<prefix>`.

    `unheard` asks also for events of which an account hears nothing. `among` is
    a condition on the rows `s` of uncontested events. Without
    `weighed` nothing is asked of whose word it is but `plain`. `weighing` names
    the fields that count for whose word it is (all, if not given).
    """
    shape = scene.shape(kind.name)
    ctes = closing(scene, kind)
    if not shape.is_present:
        return [*ctes, (prefix, _nothing(kind, fields))]
    parts = [_uncontested(scene, kind, fields, among, weighed=weighed)]
    if unheard and not shape.everyone_hears:
        parts.append(_uncontested_unheard(scene, kind, fields))
    if shape.is_contested:
        ctes += contested(scene, kind)
        parts.append(settled(scene, kind, fields, weighing))
        if unheard:
            parts.append(_contested_unheard(scene, kind, fields))
    return [*ctes, (prefix, "\n  UNION ALL\n".join(parts))]


def _nothing(kind: Kind, fields: Sequence[Field]) -> str:
    nulls = [f"NULL::{sql_type(f)} AS {name(c)}" for f in fields for c in columns([f])]
    return (
        "  SELECT "
        + ", ".join(
            [
                "NULL::VARCHAR AS event",
                "NULL::VARCHAR AS base",
                *nulls,
                "0::UBIGINT AS accounts",
                "false AS sure",
                "false AS heard",
                "[]::UINTEGER[] AS cites",
                "0::UBIGINT AS self",
                "0::UBIGINT AS plain",
                "[]::VARCHAR[] AS speaks",
            ]
        )
        + f" WHERE false  -- no statement about any {kind.name}"
    )


def _uncontested(scene: Scene, kind: Kind, fields: Sequence[Field], among: str | None, *, weighed: bool) -> str:
    own = [f"s.{name(c)}" for c in columns(fields)]
    shape = scene.shape(kind.name)
    voice = " JOIN voice v ON v.source = s.source AND v.own = s.own"
    heard, weights, condition = "v.hears", "v.self, v.plain, v.speaks", " AND v.hears <> 0"
    # Where every row is heard alike there is nothing to look up.
    if not weighed and shape.everyone_hears and shape.plain is not None:
        voice, heard, condition = "", f"{scene.every}::UBIGINT", ""
        weights = f"0::UBIGINT AS self, {shape.plain}::UBIGINT AS plain, []::VARCHAR[] AS speaks"
    elif shape.voice is not None:
        voice, heard, condition = "", f"{shape.voice.hears}::UBIGINT", "" if shape.voice.hears else " AND false"
        speaks = ", ".join(text(p) for p in shape.voice.speaks)
        weights = f"{shape.voice.self_}::UBIGINT AS self, {shape.voice.plain}::UBIGINT AS plain, [{speaks}]::VARCHAR[] AS speaks"
    limited = f" AND ({among})" if among else ""
    chosen = ", ".join(["s.event", "s.base", *own, f"{heard} AS accounts", "true AS sure", "true AS heard", "[s.seq] AS cites", weights])
    return (
        f"  SELECT {chosen}\n  FROM {name(kind.table)} s{voice}\n"
        f"  WHERE s.lone AND s.published <= {moment(scene.known_on)}{condition}{limited}"
    )


def _uncontested_unheard(scene: Scene, kind: Kind, fields: Sequence[Field]) -> str:
    """Events that some accounts hear nothing of: possible there, unless closed over the event as described."""
    silent = f"{scene.every}::UBIGINT & ~v.hears"
    shut = "0::UBIGINT"
    join = ""
    if scene.shape(kind.name).can_close:
        box = Box.of_row(kind, "s")
        join = f"\n  LEFT JOIN {name('closed ' + kind.table)} c ON {contains(scene, kind, box, 'c')}"
        shut = "coalesce(bit_or(c.accounts), 0)"
    nulls = ", ".join(f"NULL::{sql_type(f)} AS {name(c)}" for f in fields for c in columns([f]))
    nulls = nulls + ", " if nulls else ""
    possible = f"({silent}) & ~{shut}"
    grouped = "\n  GROUP BY s.seq, s.event, s.base, v.hears\n  HAVING " if join else " AND "
    return (
        f"  SELECT s.event, s.base, {nulls}{possible} AS accounts, false AS sure, false AS heard, []::UINTEGER[] AS cites,"
        " 0::UBIGINT AS self, 0::UBIGINT AS plain, []::VARCHAR[] AS speaks\n"
        f"  FROM {name(kind.table)} s JOIN voice v ON v.source = s.source AND v.own = s.own{join}\n"
        f"  WHERE s.lone AND s.published <= {moment(scene.known_on)}{grouped}({possible}) <> 0"
    )


def _contested_unheard(scene: Scene, kind: Kind, fields: Sequence[Field]) -> str:
    """Contested events that somebody asserts, in the accounts of which no source speaks of them."""
    shut = "0::UBIGINT"
    join = ""
    if scene.shape(kind.name).can_close:
        box = Box.of_row(kind, "a")
        join = (
            f"\n  LEFT JOIN (SELECT event, bit_and(shut) AS shut FROM (\n"
            f"    SELECT a.event, a.source, coalesce(bit_or(c.accounts), 0) AS shut\n"
            f"    FROM {name('authors ' + kind.table)} a LEFT JOIN {name('closed ' + kind.table)} c ON {contains(scene, kind, box, 'c')}\n"
            f"    GROUP BY a.event, a.source) GROUP BY event) k ON k.event = u.event"
        )
        shut = "coalesce(k.shut, 0)"
    possible = f"({scene.every}::UBIGINT & ~u.heard & ~{shut})"
    return (
        f"  SELECT u.event, u.base{nothing(fields)}, {possible} AS accounts, false AS sure, false AS heard, []::UINTEGER[] AS cites,"
        f" 0::UBIGINT AS self, 0::UBIGINT AS plain, []::VARCHAR[] AS speaks\n"
        f"  FROM (SELECT a.event, any_value(a.base) AS base, coalesce(bit_or(1::UBIGINT << t.bit) FILTER (t.heard), 0) AS heard\n"
        f"    FROM (SELECT DISTINCT event, base FROM {name('authors ' + kind.table)}) a LEFT JOIN {name(told(kind))} t ON t.event = a.event GROUP BY a.event) u{join}\n"
        f"  WHERE {possible} <> 0"
    )


def grouped(kind: Kind, prefix: str) -> tuple[str, str]:
    """A CTE over `<prefix>_each`: of events that anyone links, an account leaves out those it does not speak of if it speaks of another."""
    heard = "coalesce(bit_or(accounts) FILTER (heard) OVER (PARTITION BY together), 0)"
    return (
        prefix,
        f"  SELECT * EXCLUDE (together) FROM (SELECT * REPLACE (CASE WHEN heard THEN accounts ELSE accounts & ~{heard} END AS accounts)\n"
        f"    FROM (SELECT e.*, coalesce(l.same, e.event) AS together FROM {prefix}_each e LEFT JOIN linked l ON l.event = e.event AND {of_kind('l', kind)}))\n"
        "  WHERE accounts <> 0",
    )


def of_kind(alias: str, kind: Kind) -> str:
    """Whether a link is about events of the kind; a link that names no kind is about any."""
    return f"({alias}.kind = {text(kind.name)} OR {alias}.kind IS NULL)"


def renamed(prefix: str, kind: Kind) -> str:
    """A SELECT of acts in which `about` carries the name that each account gives the event (of `kind`) it refers to."""
    return (
        f"  SELECT n.* REPLACE (coalesce(i.same, n.about) AS about, n.accounts & a.account AS accounts)\n"
        f"  FROM {prefix} n JOIN account a ON (n.accounts & a.account) <> 0\n"
        f"  LEFT JOIN identical i ON {of_kind('i', kind)} AND i.bit = a.bit AND i.event = n.about"
    )
