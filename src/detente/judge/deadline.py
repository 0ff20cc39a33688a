"""Deadlines as SQL: from when an act counts, and the last moment in time.

Source: semantics, sections 4 and 6.
"""

from __future__ import annotations

from dataclasses import dataclass

from detente.agreement.clause import Anchor, Deadline, FieldOf, Moment
from detente.judge.force import entry
from detente.judge.scene import Scene
from detente.judge.sql import name


@dataclass(frozen=True, slots=True)
class Due:
    """SQL over one row: the span from which the act counts, and the span of the last moment in time."""

    from_lo: str | None
    from_hi: str | None
    lo: str
    hi: str


def due(scene: Scene, deadline: Deadline, alias: str, field_column: str = "anchor ") -> Due:
    """The deadline over row `alias`; anchor fields are its columns `<field_column><field>_lo|_hi`."""
    lo, hi = _anchor(scene, deadline.anchor, alias, field_column)
    clock, duration = scene.clock, deadline.duration
    if deadline.relation == "before" and duration:
        return Due(None, None, clock.before(lo, duration), clock.before(hi, duration))
    if deadline.relation == "within" and duration:
        begins = (clock.day(lo), clock.day(hi)) if duration.is_calendar else (lo, hi)
        return Due(begins[0], begins[1], clock.after(lo, duration), clock.after(hi, duration))
    if isinstance(deadline.anchor.of, Moment):
        return Due(None, None, hi, hi)
    return Due(None, None, lo, hi)


def _anchor(scene: Scene, anchor: Anchor, alias: str, field_column: str) -> tuple[str, str]:
    match anchor.of:
        case FieldOf(field=f):
            return f"{alias}.{name(field_column + f + '_lo')}", f"{alias}.{name(field_column + f + '_hi')}"
        case Moment(day=day):
            return scene.clock.span_of(day)
        case _:
            return entry(scene, alias)
