"""Cells that a columnar file has typed already: no text to read, bounds in passing."""

from __future__ import annotations

from detente.evidence.amounts import is_no_count, scale, scaled
from detente.evidence.faults import NO_FAULT, fault, when
from detente.evidence.times import midnight
from detente.model.duration import FIRST_YEAR, LAST_YEAR
from detente.model.kind import Field
from detente.reading.raw import CellType


def typed(field: Field, arrives: CellType, cell: str, zone: str | None, unit: str | None) -> tuple[str, str, str] | None:
    """Lower bound, upper bound and fault of a typed cell, as SQL; None where the types do not meet."""
    if field.type in ("count", "number") and arrives == "number":
        factor = scale(field, unit)
        value = cell if factor == 1.0 else scaled(cell, f"{factor!r}::DOUBLE")
        whole = f"WHEN {is_no_count(cell)} THEN {fault('not-a-whole-number')}" if field.type == "count" else ""
        wrong = (
            f"CASE WHEN {cell} IS NULL THEN {NO_FAULT} WHEN NOT isfinite({cell}) THEN {fault('not-a-number')} {whole} ELSE {NO_FAULT} END"
        )
        return value, value, wrong
    if field.type == "flag" and arrives in ("flag", "number"):
        value = f"{cell}::DOUBLE"
        return value, value, when(f"{value} NOT IN (0, 1)", "unknown-word")
    if field.type == "time" and arrives in ("instant", "local", "day"):
        return _time(arrives, cell, zone)
    return None


def _time(arrives: CellType, cell: str, zone: str | None) -> tuple[str, str, str]:
    """A date is its whole local day; a clock time without a zone is taken as UTC."""
    is_sound = f"isfinite({cell}) AND year({cell}) BETWEEN {FIRST_YEAR} AND {LAST_YEAR}"
    wrong = when(f"{cell} IS NOT NULL AND NOT coalesce({is_sound}, false)", "impossible-date")
    if arrives != "day":
        return cell, cell, wrong
    begin = f"CASE WHEN {is_sound} THEN {midnight(f'{cell}::TIMESTAMP', zone)} END"
    last = f"CASE WHEN {is_sound} THEN {midnight(f'{cell} + INTERVAL 1 day', zone)} - INTERVAL 1 microsecond END"
    return begin, last, wrong
