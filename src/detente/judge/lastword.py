"""The last word of each source on each claim about a contested event.

CTEs up to `<prefix> source`, one row per event and source: `spoken`, `lo`,
`hi` (existence: neither, certain, possible), `own` (NULL where the source's
words do not tell), and for each field `spoken f`, its bounds or word, and the
statements that decide it. Source: semantics, section 1.
"""

from __future__ import annotations

from collections.abc import Sequence

from detente.judge.closed import Box, contains
from detente.judge.columns import any_filled, columns, is_filled, nothing
from detente.judge.scene import Scene
from detente.judge.sql import moment, name
from detente.model.kind import Field, Kind

Cte = tuple[str, str]


def last_words(scene: Scene, kind: Kind, fields: Sequence[Field], prefix: str, *, patterns: bool) -> list[Cte]:
    """The CTEs; with `patterns`, pattern denials are spread over the events they cover (needs `authors <kind>`)."""
    return [
        (f"{prefix} words", _words(scene, kind, fields, patterns=patterns and scene.shape(kind.name).has_patterns)),
        (f"{prefix} stands", _stands(fields, prefix)),
        (f"{prefix} last", _last(fields, prefix)),
        *_sources(fields, prefix, cut=scene.shape(kind.name).cut),
    ]


def authors(scene: Scene, kind: Kind) -> list[Cte]:
    """CTEs up to `authors <kind>`: contested events as each source that asserts them describes them in the end."""
    shape = scene.shape(kind.name)
    fields = [f for f in kind.fields.values() if f.name in shape.closing] if shape.can_close else []
    prefix = f"said {kind.table}"
    cells = "".join(f", {name(c)}" for c in columns(fields))
    described = f"  SELECT event, base, source{cells} FROM {name(prefix + ' source')} WHERE lo OR (spoken AND hi)"
    return [*last_words(scene, kind, fields, prefix, patterns=False), (f"authors {kind.table}", described)]


def _words(scene: Scene, kind: Kind, fields: Sequence[Field], *, patterns: bool) -> str:
    """Every statement on a contested event; withdrawals of a statement, and patterns, spread over the events they touch."""
    table = name(kind.table)
    known = f"published <= {moment(scene.known_on)}"
    cells = [name(c) for c in columns(fields)]
    filled = scene.shape(kind.name).filled
    measured = any_filled([f for f in kind.fields.values() if f.is_ordered and f.name in filled], "s")
    acts = "[" + ", ".join(f"s.{name(a)}" for a in kind.acts if a in kind.fields) + "]"
    acts = f"list_filter({acts}, lambda a: a IS NOT NULL)" if acts != "[]" else "[]::VARCHAR[]"
    taken = (
        f"SELECT t.*, w.seq AS by FROM {table} w JOIN statement k ON k.id = w.target JOIN {table} t ON t.seq = k.seq AND t.source = w.source"
        f" WHERE w.says = 'withdraws' AND w.{known} AND t.{known} AND w.said >= t.said AND t.event IS NOT NULL"
    )
    parts = [
        f"  SELECT s.event, s.base, s.source, s.own, s.seq, s.said, s.says, s.says = 'asserts' OR NOT {measured} AS on_existence,\n"
        f"    s.says = 'withdraws' AND NOT {measured} AS on_all, false AS is_marker, false AS doubts, {acts} AS acts{''.join(f', s.{c}' for c in cells)}\n"
        f"  FROM {table} s WHERE NOT s.lone AND s.event IS NOT NULL AND s.target IS NULL AND s.{known}\n"
        f"    AND s.seq NOT IN (SELECT seq FROM ({taken}))",
        # A statement taken back still supersedes what came before it: the claims it made are gone up to just before its own moment.
        f"  SELECT t.event, t.base, t.source, false AS own, t.by AS seq, t.said - INTERVAL 1 microsecond AS said, 'withdraws' AS says,\n"
        f"    true AS on_existence, false AS on_all, true AS is_marker, false AS doubts, []::VARCHAR[] AS acts{''.join(f', t.{c}' for c in cells)}\n"
        f"  FROM ({taken}) t",
    ]
    if patterns:
        box = Box.of_row(kind, "e")
        described, denials = name("authors " + kind.table), name("patterns " + kind.table)
        parts.append(
            f"  SELECT e.event, any_value(e.base) AS base, p.source, p.own, p.seq, p.said, 'denies' AS says, bool_and({contains(scene, kind, box, 'p')}) AS on_existence,\n"
            f"    false AS on_all, false AS is_marker, NOT bool_and({contains(scene, kind, box, 'p')}) AS doubts, []::VARCHAR[] AS acts{nothing(fields)}\n"
            f"  FROM {described} e JOIN {denials} p ON true\n"
            f"  GROUP BY e.event, p.source, p.own, p.seq, p.said HAVING bool_or({contains(scene, kind, box, 'p', possibly=True)})"
        )
    return "\n  UNION ALL BY NAME\n".join(parts)


def _stands(fields: Sequence[Field], prefix: str) -> str:
    """Per source and claim, when it was last withdrawn."""
    over = "OVER (PARTITION BY event, source)"
    marks = [f"max(said) FILTER (says = 'withdraws' AND (on_existence OR on_all)) {over} AS gone"]
    for f in fields:
        own_claim = is_filled(f) if f.is_ordered else f"(is_marker AND {is_filled(f)})"
        marks.append(f"max(said) FILTER (says = 'withdraws' AND (on_all OR {own_claim})) {over} AS {name('gone ' + f.name)}")
    return f"  SELECT *, {', '.join(marks)}\n  FROM {name(prefix + ' words')}"


def _last(fields: Sequence[Field], prefix: str) -> str:
    """Per source and claim, when it last spoke and still stands by it."""
    over = "OVER (PARTITION BY event, source)"
    live = "says <> 'withdraws' AND (gone IS NULL OR said > gone)"
    marks = [
        f"max(said) FILTER ({live} AND on_existence AND NOT doubts) {over} AS last",
        f"max(said) FILTER ({live} AND doubts) {over} AS doubted",
    ]
    for f in fields:
        gone = name("gone " + f.name)
        marks.append(
            f"max(said) FILTER (says = 'asserts' AND {is_filled(f)} AND ({gone} IS NULL OR said > {gone})) {over} AS {name('last ' + f.name)}"
        )
    return f"  SELECT *, {live} AS live, {', '.join(marks)}\n  FROM {name(prefix + ' stands')}"


CUTS = 3
"""How many denied ranges in a chain, each beginning where the last one ends, are cut from one side."""


def _sources(fields: Sequence[Field], prefix: str, *, cut: frozenset[str]) -> list[Cte]:
    """CTEs up to `<prefix> source`; denied ranges are cut in steps, since a cut may bare an end that another one covers."""
    chosen = [f for f in fields if f.name in cut]
    if not chosen:
        return [(f"{prefix} source", _by_source(fields, prefix, cut=cut))]
    steps = [(f"{prefix} cut 0", _by_source(fields, prefix, cut=cut))]
    for n in range(1, CUTS + 1):
        replaced = ", ".join(f"{_cut(f)} AS {name('span ' + f.name)}" for f in chosen)
        steps.append((f"{prefix} cut {n}", f"  SELECT * REPLACE ({replaced})\n  FROM {name(f'{prefix} cut {n - 1}')}"))
    dropped = ", ".join(name(f"{what} {f.name}") for f in chosen for what in ("span", "cuts"))
    ends = ", ".join(f"{name('span ' + f.name)}.{end} AS {name(f.name + '_' + end)}" for f in chosen for end in ("lo", "hi"))
    steps.append((f"{prefix} source", f"  SELECT * EXCLUDE ({dropped}), {ends}\n  FROM {name(f'{prefix} cut {CUTS}')}"))
    return steps


def _cut(f: Field) -> str:
    """The field's bounds, a struct of `lo` and `hi`, with its denied ranges cut off."""
    step = {"time": "INTERVAL 1 microsecond", "number": "0"}.get(f.type, "1")
    return f"cut_range({name('span ' + f.name)}, {name('cuts ' + f.name)}, {step})"


def _by_source(fields: Sequence[Field], prefix: str, *, cut: frozenset[str]) -> str:
    """One row per event and source: what the source says in the end, and the ranges it denies."""
    now = "live AND on_existence AND NOT doubts AND said = last"
    says_yes, says_no = f"coalesce(bool_or({now} AND says = 'asserts'), false)", f"coalesce(bool_or({now} AND says = 'denies'), false)"
    doubts = "coalesce(bool_or(doubted IS NOT NULL), false)"
    tells = "says <> 'withdraws' AND (len(acts) > 0 OR own)"
    chosen = [
        "event",
        "any_value(base) AS base",
        "source",
        f"bool_or(own) FILTER ({tells}) AS own",
        "list_distinct(coalesce(flatten(list(acts) FILTER (says = 'asserts')), [])) AS acts",
        f"{says_yes} OR {says_no} OR {doubts} AS spoken",
        f"{says_yes} AND NOT {says_no} AS lo",
        f"{says_yes} OR (NOT {says_no} AND {doubts}) AS hi",
        f"list(seq ORDER BY seq) FILTER (({now}) OR (doubts AND last IS NULL)) AS cites",
    ]
    for f in fields:
        chosen += _field_of_source(f, is_cut=f.name in cut)
    return f"  SELECT {', '.join(chosen)}\n  FROM {name(prefix + ' last')} GROUP BY event, source"


def _field_of_source(f: Field, *, is_cut: bool) -> list[str]:
    last, gone = name("last " + f.name), name("gone " + f.name)
    at = f"says = 'asserts' AND {is_filled(f)} AND said = {last}"
    spoken, cites = name("spoken " + f.name), name("cites " + f.name)
    if not f.is_ordered:
        col = name(f.name)
        return [
            f"coalesce(bool_or({at}), false) AS {spoken}",
            f"CASE WHEN count(DISTINCT {col}) FILTER ({at}) = 1 THEN any_value({col}) FILTER ({at}) END AS {col}",
            f"list(seq ORDER BY seq) FILTER ({at}) AS {cites}",
        ]
    lo, hi = name(f.name + "_lo"), name(f.name + "_hi")
    denied = (
        f"says = 'denies' AND NOT doubts AND {is_filled(f)} AND ({last} IS NULL OR said >= {last}) AND ({gone} IS NULL OR said > {gone})"
    )
    stated_lo = f"CASE WHEN NOT coalesce(bool_or({lo} IS NULL) FILTER ({at}), true) THEN min({lo}) FILTER ({at}) END"
    stated_hi = f"CASE WHEN NOT coalesce(bool_or({hi} IS NULL) FILTER ({at}), true) THEN max({hi}) FILTER ({at}) END"
    if not is_cut:
        return [
            f"coalesce(bool_or({at}), false) AS {spoken}",
            f"{stated_lo} AS {lo}",
            f"{stated_hi} AS {hi}",
            f"list(seq ORDER BY seq) FILTER ({at}) AS {cites}",
        ]
    least, most = _domain(f)
    only_denied = f"bool_and({last} IS NULL) AND bool_or({denied})"
    return [
        f"coalesce(bool_or(({at}) OR ({denied})), false) AS {spoken}",
        f"{{'lo': CASE WHEN {only_denied} THEN {least} ELSE {stated_lo} END, 'hi': CASE WHEN {only_denied} THEN {most} ELSE {stated_hi} END}}"
        f" AS {name('span ' + f.name)}",
        f"list({{'lo': {lo}, 'hi': {hi}}}) FILTER ({denied}) AS {name('cuts ' + f.name)}",
        f"list(seq ORDER BY seq) FILTER (({at}) OR ({denied})) AS {cites}",
    ]


def _domain(f: Field) -> tuple[str, str]:
    """The least and greatest value there is, from which a denial cuts where nothing was asserted."""
    match f.type:
        case "flag":
            return "0.0", "1.0"
        case "scale":
            return "0.0", repr(float(len(f.levels) - 1))
        case "count":
            return "0.0", "NULL::DOUBLE"
        case "time":
            return "NULL::TIMESTAMP", "NULL::TIMESTAMP"
        case _:
            return "NULL::DOUBLE", "NULL::DOUBLE"
