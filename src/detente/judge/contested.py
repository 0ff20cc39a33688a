"""Contested events as each account holds them: the first tier that speaks, claim by claim.

The relation `told <kind>` has one row per event and account, with all fields of
which anything is said, and for each claim whose word it rests on. It depends
on no rule, so one question computes it once for all of them.
Source: semantics, sections 1 and 2.
"""

from __future__ import annotations

from collections.abc import Sequence

from detente.judge.columns import columns, sql_type
from detente.judge.lastword import Cte, authors, last_words
from detente.judge.scene import Scene
from detente.judge.sql import name, text
from detente.model.kind import Field, Kind

FIRST = "first tier"
"""The column of the first tier that speaks on existence; no field has a name of two words."""


def contested(scene: Scene, kind: Kind) -> list[Cte]:
    """The CTEs up to `told <kind>`."""
    fields = told_fields(scene, kind)
    prefix = f"last {kind.table}"
    return [
        *authors(scene, kind),
        *last_words(scene, kind, fields, prefix, patterns=True),
        (f"{prefix} acts", f"  SELECT event, list_distinct(flatten(list(acts))) AS acts FROM {name(prefix + ' source')} GROUP BY event"),
        (f"{prefix} tiers", _tiers(scene, kind, fields, prefix)),
        (told(kind), _told(fields, prefix)),
    ]


def told(kind: Kind) -> str:
    """The name of the relation."""
    return f"told {kind.table}"


def told_fields(scene: Scene, kind: Kind) -> list[Field]:
    """The fields of the relation."""
    filled = scene.shape(kind.name).filled
    return [f for f in kind.fields.values() if f.name in filled]


def settled(scene: Scene, kind: Kind, fields: Sequence[Field], weighing: frozenset[str] | None) -> str:
    """The relation in the shape of `hold.held`, with the fields asked for."""
    said = {f.name for f in told_fields(scene, kind)}
    cells = "".join(f", {name(c)}" if f.name in said else f", NULL::{sql_type(f)} AS {name(c)}" for f in fields for c in columns([f]))
    asked = [f.name for f in fields if f.name in said]
    weighed = [f for f in asked if weighing is None or f in weighing]
    bit = "1::UBIGINT << bit"

    def every(part: str) -> str:
        return " AND ".join([f"is_{part}", *(f"(NOT {name('spoken ' + f)} OR {name(part + ' ' + f)})" for f in weighed)])

    cites = ", ".join(["cites", *(name("cites " + f) for f in asked)])
    speaks = ", ".join(["speaks", *(name("speaks " + f) for f in weighed)])
    return (
        f"  SELECT event, base{cells}, {bit} AS accounts, lo AS sure, true AS heard, list_sort(list_distinct(flatten([{cites}])))::UINTEGER[] AS cites,\n"
        f"    CASE WHEN {every('self')} THEN {bit} ELSE 0 END AS self, CASE WHEN {every('plain')} THEN {bit} ELSE 0 END AS plain,\n"
        f"    list_distinct(flatten([{speaks}])) AS speaks\n"
        f"  FROM {name(told(kind))} WHERE heard AND hi"
    )


def _tiers(scene: Scene, kind: Kind, fields: Sequence[Field], prefix: str) -> str:
    """Every source's last word in every account that hears it, with the first tier that speaks on each claim.

    A source whose words on the event name no actor speaks of its own act where
    those who assert the event name a party it speaks for.
    """
    event = "b.event"
    join = ""
    if scene.shape(kind.name).is_linked:
        event = "coalesce(i.same, b.event)"
        join = f"\n  LEFT JOIN identical i ON (i.kind = {text(kind.name)} OR i.kind IS NULL) AND i.bit = s.bit AND i.event = b.event"
    over = f"OVER (PARTITION BY s.bit, {event})"
    firsts = [f"min(s.tier) FILTER (b.spoken) {over} AS {name(FIRST)}"]
    firsts += [f"min(s.tier) FILTER (b.{name('spoken ' + f.name)}) {over} AS {name('first ' + f.name)}" for f in fields]
    return (
        f"  SELECT b.* REPLACE ({event} AS event), s.bit, s.tier, s.is_own_word, len(v.speaks) = 0 AS is_plain, v.speaks, {', '.join(firsts)}\n"
        f"  FROM {name(prefix + ' source')} b JOIN {name(prefix + ' acts')} k ON k.event = b.event JOIN voice v ON v.source = b.source AND NOT v.own\n"
        f"  JOIN seat s ON s.source = b.source AND s.own = coalesce(b.own, list_has_any(v.speaks, k.acts)){join}"
    )


def _told(fields: Sequence[Field], prefix: str) -> str:
    """One row per event and account: what the account holds, and on whose word."""
    deciding = f"(spoken AND tier = {name(FIRST)})"
    said = " OR ".join(["spoken", *(name("spoken " + f.name) for f in fields)])
    chosen = [
        "event",
        "bit",
        "any_value(base) AS base",
        f"coalesce(bool_or({said}), false) AS heard",
        "coalesce(bool_or(spoken), false) AS spoken",
        f"coalesce(bool_and(lo) FILTER {deciding}, false) AS lo",
        f"coalesce(bool_or(hi) FILTER {deciding}, true) AS hi",
        *_weights("", "cites", deciding),
    ]
    for f in fields:
        here = f"({name('spoken ' + f.name)} AND tier = {name('first ' + f.name)})"
        if f.is_ordered:
            lo, hi = name(f.name + "_lo"), name(f.name + "_hi")
            chosen.append(f"CASE WHEN NOT coalesce(bool_or({lo} IS NULL) FILTER {here}, true) THEN min({lo}) FILTER {here} END AS {lo}")
            chosen.append(f"CASE WHEN NOT coalesce(bool_or({hi} IS NULL) FILTER {here}, true) THEN max({hi}) FILTER {here} END AS {hi}")
        else:
            col = name(f.name)
            agreed = f"count(DISTINCT {col}) FILTER {here} = 1 AND bool_and({col} IS NOT NULL) FILTER {here}"
            chosen.append(f"CASE WHEN {agreed} THEN any_value({col}) FILTER {here} END AS {col}")
        chosen.append(f"coalesce(bool_or({name('spoken ' + f.name)}), false) AS {name('spoken ' + f.name)}")
        chosen += _weights(f.name, name("cites " + f.name), here)
    return f"  SELECT {', '.join(chosen)}\n  FROM {name(prefix + ' tiers')} GROUP BY event, bit"


def _weights(field: str, cites: str, deciding: str) -> list[str]:
    """The deciding statements of one claim, and whose word they are."""
    own, plain, who, listed = (
        (name(f"self {field}"), name(f"plain {field}"), name(f"speaks {field}"), name(f"cites {field}"))
        if field
        else ("is_self", "is_plain", "speaks", "cites")
    )
    return [
        f"coalesce(flatten(list({cites}) FILTER {deciding}), []) AS {listed}",
        f"coalesce(bool_and(is_own_word) FILTER {deciding}, {'false' if not field else 'true'}) AS {own}",
        f"coalesce(bool_and(is_plain) FILTER {deciding}, {'false' if not field else 'true'}) AS {plain}",
        f"list_distinct(coalesce(flatten(list(speaks) FILTER {deciding}), [])) AS {who}",
    ]
