"""Contested events as each account holds them: the first tier that speaks, claim by claim.

CTEs up to `<prefix>_told`, one row per event and account. Source: semantics, sections 1 and 2.
"""

from __future__ import annotations

from collections.abc import Sequence

from detente.judge.lastword import Cte, authors, last_words
from detente.judge.scene import Scene
from detente.judge.sql import name, text
from detente.model.kind import Field, Kind


def contested(scene: Scene, kind: Kind, fields: Sequence[Field], prefix: str, weighing: frozenset[str] | None) -> list[Cte]:
    """The CTEs. `weighing` names the fields that count for whose word it is."""
    return [
        *authors(scene, kind),
        *last_words(scene, kind, fields, prefix, patterns=True),
        (f"{prefix}_acts", f"  SELECT event, list_distinct(flatten(list(acts))) AS acts FROM {prefix}_source GROUP BY event"),
        (f"{prefix}_tiers", _tiers(scene, kind, fields, prefix)),
        (f"{prefix}_told", _told(fields, prefix, weighing)),
    ]


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
    firsts = [f"min(s.tier) FILTER (b.spoken) {over} AS first"]
    firsts += [f"min(s.tier) FILTER (b.{name('spoken ' + f.name)}) {over} AS {name('first ' + f.name)}" for f in fields]
    return (
        f"  SELECT b.* REPLACE ({event} AS event), s.bit, s.tier, s.is_own_word, len(v.speaks) = 0 AS is_plain, v.speaks, {', '.join(firsts)}\n"
        f"  FROM {prefix}_source b JOIN {prefix}_acts k ON k.event = b.event JOIN voice v ON v.source = b.source AND NOT v.own\n"
        f"  JOIN seat s ON s.source = b.source AND s.own = coalesce(b.own, list_has_any(v.speaks, k.acts)){join}"
    )


def _told(fields: Sequence[Field], prefix: str, weighing: frozenset[str] | None) -> str:
    """One row per event and account: what the account holds."""
    deciding = "(spoken AND tier = first)"
    claims = {f.name: f"({name('spoken ' + f.name)} AND tier = {name('first ' + f.name)})" for f in fields}
    weighed = "(" + " OR ".join([deciding, *(c for f, c in claims.items() if weighing is None or f in weighing)]) + ")"
    lists = [
        f"coalesce(flatten(list(cites) FILTER {deciding}), [])",
        *(f"coalesce(flatten(list({name('cites ' + f)}) FILTER {c}), [])" for f, c in claims.items()),
    ]
    said = " OR ".join(["spoken", *(name("spoken " + f.name) for f in fields)])
    chosen = [
        "event",
        "bit",
        "any_value(base) AS base",
        f"coalesce(bool_or({said}), false) AS spoken",
        f"coalesce(bool_and(lo) FILTER {deciding}, false) AS lo",
        f"coalesce(bool_or(hi) FILTER {deciding}, true) AS hi",
        f"list_sort(list_distinct(flatten([{', '.join(lists)}]))) AS cites",
        f"coalesce(bool_and(is_own_word) FILTER {weighed}, false) AS is_self",
        f"coalesce(bool_and(is_plain) FILTER {weighed}, false) AS is_plain",
        f"list_distinct(coalesce(flatten(list(speaks) FILTER {weighed}), [])) AS speaks",
    ]
    for f in fields:
        here = claims[f.name]
        if f.is_ordered:
            lo, hi = name(f.name + "_lo"), name(f.name + "_hi")
            chosen.append(f"CASE WHEN NOT coalesce(bool_or({lo} IS NULL) FILTER {here}, true) THEN min({lo}) FILTER {here} END AS {lo}")
            chosen.append(f"CASE WHEN NOT coalesce(bool_or({hi} IS NULL) FILTER {here}, true) THEN max({hi}) FILTER {here} END AS {hi}")
        else:
            col = name(f.name)
            agreed = f"count(DISTINCT {col}) FILTER {here} = 1 AND bool_and({col} IS NOT NULL) FILTER {here}"
            chosen.append(f"CASE WHEN {agreed} THEN any_value({col}) FILTER {here} END AS {col}")
    return f"  SELECT {', '.join(chosen)}\n  FROM {prefix}_tiers GROUP BY event, bit"
