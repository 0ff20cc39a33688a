"""Values in words: numbers, spans of time, levels, as a field's kind would write them."""

from __future__ import annotations

from datetime import datetime, time

from detente.judge.sql import Clock
from detente.model.kind import Field


def number(value: float) -> str:
    """9,400; 0.5; no digits that say nothing."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.3f}".rstrip("0").rstrip(".")


def moment(value: datetime, clock: Clock) -> str:
    """A local day where it is a day's first or last moment, else date and time in UTC."""
    local = clock.local(value)
    if local.time() in (time.min, time.max):
        return local.date().isoformat()
    return value.strftime("%Y-%m-%d %H:%M") + " UTC"


def span(lo: datetime | None, hi: datetime | None, clock: Clock) -> str:
    """`2026-01-07`, `2026-01-07 to 2026-01-09`, `before 2026-01-15`, `unknown`."""
    if lo is None and hi is None:
        return "at an unknown time"
    if lo is None and hi is not None:
        return f"not after {moment(hi, clock)}"
    if hi is None and lo is not None:
        return f"not before {moment(lo, clock)}"
    first, last = moment(lo, clock), moment(hi, clock)  # type: ignore[arg-type]
    return first if first == last else f"{first} to {last}"


def value(field: Field, lo: object, hi: object, clock: Clock) -> str:
    """A field's bounds as its author would write them."""
    if field.type == "time":
        return span(lo, hi, clock)  # type: ignore[arg-type]
    if lo is None and hi is None:
        return "unknown"
    if field.type == "flag":
        return {(1.0, 1.0): "yes", (0.0, 0.0): "no"}.get((lo, hi), "unknown")  # type: ignore[arg-type]
    shown = [None if v is None else (field.levels[int(v)] if field.type == "scale" else number(v)) for v in (lo, hi)]  # type: ignore[call-overload,arg-type]
    unit = f" {field.unit}" if field.unit and field.type == "number" else ""
    if shown[0] == shown[1]:
        return f"{shown[0]}{unit}"
    if shown[1] is None:
        return f"at least {shown[0]}{unit}"
    if shown[0] is None:
        return f"at most {shown[1]}{unit}"
    return f"{shown[0]} - {shown[1]}{unit}"


def label(field: Field) -> str:
    """What the field is called in English."""
    return field.labels.get("en", field.name)


def possessive(name: str) -> str:
    """Whose: `Arland's`, `the United States'`."""
    return f"{name}'" if name.endswith(("s", "S")) else f"{name}'s"


def listed(words: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1] if words else ""
