"""Deadlines as SQL: from when an act counts, and the last moment in time.

Source: semantics, sections 4 and 6.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from detente.agreement.clause import Anchor, Deadline, FieldOf, Moment, PhaseBegins, StrictDeadline
from detente.judge.force import entry
from detente.judge.moments import NEVER
from detente.judge.scene import Scene
from detente.judge.sql import moment, name, text


@dataclass(frozen=True, slots=True)
class Due:
    """SQL over one row: the span from which the act counts, and the span of the last moment in time.

    With `is_strict` that moment itself is too late. `cured_until` is the last
    moment at which a late act still makes up for this one; None is no limit.
    """

    from_lo: str | None
    from_hi: str | None
    lo: str
    hi: str
    is_strict: bool = False
    cured_until: str | None = None

    @property
    def last(self) -> str:
        """The latest that an act may happen and be in time."""
        return f"({self.hi} - INTERVAL 1 microsecond)" if self.is_strict else self.hi

    def of_columns(self, prefix: str) -> Due:
        """The same where its moments are columns that a query has named (see `as_columns`)."""
        opens = (f"{prefix}opens_lo", f"{prefix}opens_hi") if self.from_lo else (None, None)
        return replace(self, from_lo=opens[0], from_hi=opens[1], lo=f"{prefix}due_lo", hi=f"{prefix}due_hi")

    def as_columns(self) -> str:
        """Its moments as columns `due_lo`, `due_hi` and, where it has a beginning, `opens_lo`, `opens_hi`."""
        opens = f", {self.from_lo} AS opens_lo, {self.from_hi} AS opens_hi" if self.from_lo else ""
        return f"{self.lo} AS due_lo, {self.hi} AS due_hi{opens}"


def due(scene: Scene, deadline: Deadline, alias: str, field_column: str = "anchor ") -> Due:
    """The deadline over row `alias`; anchor fields are its columns `<field_column><field>_lo|_hi`."""
    lo, hi = _anchor(scene, deadline.anchor, alias, field_column)
    clock, duration = scene.clock, deadline.duration
    if isinstance(deadline, StrictDeadline):
        # Before a day of the text is before it begins; what is known only by day lies anywhere in that day.
        return Due(None, None, lo, lo if isinstance(deadline.anchor.of, Moment) else hi, is_strict=True)
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
        case PhaseBegins(phase=phase):
            return phase_ends(phase)
        case _:
            return entry(scene, alias)


def phase_ends(phase: str) -> tuple[str, str]:
    """Columns of an occasion, and of what `counted_from` joins, in which the beginning of a phase stands; no other relation has them."""
    return name(f"phase {phase}_lo"), name(f"phase {phase}_hi")


def counted_from(scene: Scene, deadlines: Iterable[Deadline], accounts: str) -> tuple[list[str], str, list[str], str]:
    """Joins that tell rows apart by when accounts hold that phases begin.

    Beside them the set of accounts of each row, the columns that say when, and SQL of whether some phase
    certainly begins after as-of. A moment that never comes is NULL, as one that is unknown.
    """
    joins, columns, ahead = [], [], []
    for n, phase in enumerate(dict.fromkeys(d.anchor.of.phase for d in deadlines if isinstance(d.anchor.of, PhaseBegins))):
        lo, hi = phase_ends(phase)
        own = f"ph{n}"
        known = ", ".join(
            f"CASE WHEN begins_{end} < {moment(NEVER)} THEN begins_{end} END AS {as_}" for end, as_ in (("lo", lo), ("hi", hi))
        )
        later = f"coalesce(begins_lo > {moment(scene.as_of)}, false) AS later"
        joins.append(
            f"JOIN (SELECT accounts, {known}, {later} FROM phased WHERE phase = {text(phase)}) {own} ON ({accounts} & {own}.accounts) <> 0"
        )
        accounts = f"({accounts} & {own}.accounts)"
        columns += [lo, hi]
        ahead.append(f"{own}.later")
    return joins, accounts, columns, " OR ".join(ahead) or "false"
