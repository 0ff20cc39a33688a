"""Whether a party is bound at a moment, in SQL: the agreement's life, and the rule's own beginning and end.

Source: semantics, section 4, "Life".
"""

from __future__ import annotations

from dataclasses import dataclass

from detente.agreement.clause import Head, When
from detente.judge.life import NEVER
from detente.judge.scene import Scene
from detente.judge.sql import all_of, moment
from detente.judge.truth import TRUE, Truth, both, contrary

NO_LIMIT = "NULL::TIMESTAMP"
Ends = tuple[str, str]
BOUND = ("accounts", "entry_lo", "entry_hi", "since_lo", "since_hi", "until_lo", "until_hi")
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
        since, until = (f"{alias}.since_lo", f"{alias}.since_hi"), (f"{alias}.until_lo", f"{alias}.until_hi")
    if head and head.starts:
        since = _joined("greatest", since, _when(scene, head.starts, alias))
    if head and head.ends:
        until = _joined("least", until, _when(scene, head.ends, alias))
    return Window(since, until)


def _joined(choose: str, a: Ends, b: Ends) -> Ends:
    """The later, or earlier, of two moments; one without limit gives way."""
    if a[0] == NO_LIMIT:
        return b
    return a if b[0] == NO_LIMIT else (f"{choose}({a[0]}, {b[0]})", f"{choose}({a[1]}, {b[1]})")


def _when(scene: Scene, when: When, alias: str) -> Ends:
    start = entry(scene, alias) if when.of == "entry-into-force" else (moment(scene.clock.start_of(when.of)),) * 2
    if when.after is None or start[0] == NO_LIMIT:
        return start
    lo, hi = (scene.clock.after(at, when.after) for at in start)
    if not when.after.is_calendar:
        return lo, hi
    # A term of days, months or years is over at the end of its last day.
    return f"({lo} + INTERVAL 1 microsecond)", f"({hi} + INTERVAL 1 microsecond)"


def binds(scene: Scene, within: Window, party: str, during: Ends) -> Truth:
    """Whether the window and no suspension of `party` (SQL) cover all of what happened `during` that time."""
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
    return both([stretch, contrary(_paused(party, during), scene.every)], scene.every)


def _paused(party: str, during: Ends) -> Truth:
    """The accounts in which a suspension certainly, possibly, covers that time."""
    lo, hi = during
    whole = f"q.sure AND coalesce({lo} >= q.start_hi, false) AND (q.end_lo IS NULL OR coalesce({hi} <= q.end_lo, false))"
    part = f"coalesce({hi} >= q.start_lo, true) AND coalesce({lo} <= q.end_hi, true)"
    certain, possible = (
        f"coalesce((SELECT bit_or(q.accounts) FROM paused q WHERE q.party = {party} AND {test}), 0)" for test in (whole, part)
    )
    return Truth(certain, possible, is_set=True)
