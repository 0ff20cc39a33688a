"""The faults that a row can have, and their numbers in SQL."""

from __future__ import annotations

FAULTS = (
    "",
    "not-a-number",
    "not-a-whole-number",
    "thousands-separator",
    "unknown-unit",
    "wrong-unit-dimension",
    "impossible-date",
    "clock-time-without-zone",
    "unknown-level",
    "unknown-word",
    "bad-range",
    "impossible-coordinates",
    "missing-id",
    "missing-source",
    "unknown-source",
    "missing-cell",
    "missing-event-for-assert",
    "missing-target",
    "misplaced-target",
    "missing-time",
    "not-a-moment",
    "end-before-start",
    "several-words",
    "unknown-field",
    "published-before-said",
    "missing-kind",
    "unknown-kind",
)
"""Codes of faults that a row can have; a row's fault is stored as its index."""

NO_FAULT = "0::UTINYINT"


def fault(code: str) -> str:
    """A fault's number, as an SQL literal."""
    return f"{FAULTS.index(code)}::UTINYINT"


def when(condition: str, code: str) -> str:
    """The fault's number where `condition` holds, as SQL."""
    return f"CASE WHEN {condition} THEN {fault(code)} ELSE {NO_FAULT} END"
