"""Whether a party is bound at a moment, in SQL: the agreement's life, and the rule's own beginning and end.

Source: semantics, section 4, "Life".
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from detente.agreement.clause import Head, When
from detente.judge.moments import NEVER
from detente.judge.scene import Scene
from detente.judge.sql import all_of, moment, text
from detente.judge.truth import TRUE, Truth, both, contrary
from detente.model.duration import Duration

NO_LIMIT = "NULL::TIMESTAMP"
Ends = tuple[str, str]
BOUND = ("accounts", *(f"{what}_{end}" for what in ("entry", "since", "until", "expiry", "release") for end in ("lo", "hi")), "provisional")
"""The columns of the relation `bound`, besides the party."""


@dataclass(frozen=True, slots=True)
class Window:
    """SQL of the moments, each between two, since when and until before when a rule binds; NULL is no limit."""

    since: Ends
    until: Ends


def entry(scene: Scene, alias: str = "b") -> Ends:
    """SQL of the agreement's entry into force, over a row of `bound`."""
    return (f"{alias}.entry_lo", f"{alias}.entry_hi") if scene.has_life else (NO_LIMIT, NO_LIMIT)


def window(scene: Scene, head: Head | None, alias: str = "b") -> Window:
    """When the agreement, and the rule of `head`, bind the party of a row of `bound`."""
    since, until = (NO_LIMIT, NO_LIMIT), (NO_LIMIT, NO_LIMIT)
    if scene.has_life:
        since, until = _ends(alias, "since"), _freed(scene, head, alias)
    if head and head.starts:
        since = _joined("greatest", since, _when(scene, head.starts, alias))
    if head and head.ends:
        until = _joined("least", until, _when(scene, head.ends, alias))
    return Window(since, until)


def may_begin(scene: Scene, head: Head) -> bool:
    """Whether there is a moment before which the rule binds nobody."""
    return window(scene, head).since[0] != NO_LIMIT


def towards(scene: Scene, head: Head, alias: str) -> Window:
    """When the rule of `head` can be owed to the party of a row of `bound`: the rule's own dates are the bearer's."""
    return window(scene, replace(head, starts=None, ends=None), alias)


def _ends(alias: str, what: str) -> Ends:
    return f"{alias}.{what}_lo", f"{alias}.{what}_hi"


def _freed(scene: Scene, head: Head | None, alias: str) -> Ends:
    """From when the party is free: a rule that survives some end binds on for a time, or for good."""
    survives = head.survives if head else None
    if survives is None:
        return _ends(alias, "until")
    until = (NO_LIMIT, NO_LIMIT)
    for end, column in (("expiry", "expiry"), ("withdrawal", "release")):
        lo, hi = _ends(alias, column)
        if end in survives.of:
            if survives.lasting is None:
                continue
            lo, hi = (scene.clock.later(at, survives.lasting) for at in (lo, hi))
        until = _joined("least", until, (lo, hi))
    if not scene.has_provisional:
        return until
    # What was applied and not in force is not outlived.
    plain = _ends(alias, "until")
    return (
        f"CASE WHEN {alias}.provisional THEN {plain[0]} ELSE {until[0]} END",
        f"CASE WHEN {alias}.provisional THEN {plain[1]} ELSE {until[1]} END",
    )


def _joined(choose: str, a: Ends, b: Ends) -> Ends:
    """The later, or earlier, of two moments; one without limit gives way."""
    if a[0] == NO_LIMIT:
        return b
    return a if b[0] == NO_LIMIT else (f"{choose}({a[0]}, {b[0]})", f"{choose}({a[1]}, {b[1]})")


def _when(scene: Scene, when: When, alias: str) -> Ends:
    start = entry(scene, alias) if when.of == "entry-into-force" else (moment(scene.clock.start_of(when.of)),) * 2
    if when.after is None or start[0] == NO_LIMIT:
        return start
    return later(scene, start[0], when.after), later(scene, start[1], when.after)


def later(scene: Scene, at: str, term: Duration | None) -> str:
    """When a term counted from a moment is over; one of days, months or years at the end of its last day."""
    if term is None:
        return at
    shifted = scene.clock.after(at, term)
    return f"({shifted} + INTERVAL 1 microsecond)" if term.is_calendar else shifted


def binds(scene: Scene, within: Window, spans: str, during: Ends, *, though_released: bool = False) -> Truth:
    """Whether the window and no suspension or release of a party cover all of what happened `during` that time.

    `spans` is the column of `paused_spans` for that party. `though_released`: a
    release does not count, for what fell due at another time.
    """
    lo, hi = during
    (since_lo, since_hi), (until_lo, until_hi) = within.since, within.until
    certain, possible = [], []
    if since_lo != NO_LIMIT:
        certain.append(f"({since_hi} IS NULL OR coalesce({lo} >= {since_hi}, false))")
        possible.append(f"({since_lo} IS NULL OR ({since_lo} < {moment(NEVER)} AND coalesce({hi} >= {since_lo}, true)))")
    if until_lo != NO_LIMIT:
        certain.append(f"({until_lo} IS NULL OR coalesce({hi} < {until_lo}, false))")
        possible.append(f"({until_hi} IS NULL OR coalesce({lo} < {until_hi}, true))")
    stretch = Truth(all_of(certain), all_of(possible)) if certain else TRUE
    if not scene.has_pauses:
        return stretch
    return both([stretch, contrary(_paused(spans, during, though_released=though_released), scene.every)], scene.every)


def paused_spans(scene: Scene, rule: str | None, alias: str, party: str) -> str:
    """A join, beginning with a space, that gives `<alias>.spans`: when `party` (SQL) suspended all, or is free of the rule; empty where nobody may."""
    if not scene.has_pauses:
        return ""
    own = f"(q.rule IS NULL OR q.rule = {text(rule)})" if rule else "q.rule IS NULL"
    return f" LEFT JOIN (SELECT party, list(q) AS spans FROM paused q WHERE {own} GROUP BY party) {alias} ON {alias}.party = {party}"


def _paused(spans: str, during: Ends, *, though_released: bool) -> Truth:
    """The accounts in which a suspension, of the rule or of all, certainly, possibly, covers that time."""
    own = "NOT q.released AND " if though_released else ""
    lo, hi = during
    whole = f"q.sure AND coalesce({lo} >= q.start_hi, false) AND (q.end_lo IS NULL OR coalesce({hi} <= q.end_lo, false))"
    part = f"coalesce({hi} >= q.start_lo, true) AND coalesce({lo} <= q.end_hi, true)"
    certain, possible = (
        f"coalesce(list_aggregate(list_transform(list_filter({spans}, lambda q: {own}{test}), lambda q: q.accounts), 'bit_or'), 0)"
        for test in (whole, part)
    )
    return Truth(certain, possible, is_set=True)
