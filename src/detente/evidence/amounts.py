"""Cells that hold a count or a measured number, with or without a unit."""

from __future__ import annotations

from detente.evidence.cells import SPLIT, Reading, bounds
from detente.evidence.faults import NO_FAULT, fault
from detente.model.kind import Field
from detente.reading.raw import sql_text
from detente.vocabulary.units import UNITS, units_of

_PARTS = r"'^([+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?)\s*([^0-9\s.,+][^0-9]*)?$', ['n', 'u']"
_GROUPED = r"'[+-]?[0-9]{1,3}([,''’_\x{a0}\x{202f} ][0-9]{3})+(\.[0-9]+)?\s*[^0-9]*'"
_COUNTED = {"count": 1.0}
"""What a bare number may carry as its unit."""

_LARGEST_COUNT = 9007199254740992
"""2 to the 53rd: beyond it a double leaves whole numbers out."""


def scale(field: Field, unit: str | None) -> float:
    """What one of `unit` is in the field's own unit; a bare number is in the field's own."""
    return UNITS[unit][1] / _own(field) if unit else 1.0


def _own(field: Field) -> float:
    """What one of the field's own unit is in metres or tonnes; 1 for a bare number."""
    return UNITS[field.unit][1] if field.unit is not None and field.unit in UNITS else 1.0


def scaled(number: str, factor: str) -> str:
    """A number in canonical units, as SQL: to the micrometre and the gram, so that 4.35 km is 4350 m."""
    return f"round({number} * {factor}, 6)"


def is_no_count(number: str) -> str:
    """Whether a number counts nothing, as SQL."""
    return f"({number} <> trunc({number}) OR {number} < 0 OR {number} > {_LARGEST_COUNT})"


def amount(field: Field, bare_unit: str | None) -> Reading:
    """How the cells of a count or number are read; `bare_unit` is that of a number without one."""
    is_count = field.type == "count"
    factors = {name: factor for name, (_, factor) in UNITS.items()} | _COUNTED
    known = "MAP {" + ", ".join(f"{sql_text(name)}: {factor!r}::DOUBLE" for name, factor in factors.items()) + "}"
    fitting = ", ".join(sql_text(name) for name in units_of(field.unit) or _COUNTED)
    own = _own(field)
    bare = scale(field, bare_unit)

    def value(number: str, unit: str) -> str:
        in_bare = number if bare == 1.0 else scaled(number, f"{bare!r}::DOUBLE")
        if is_count:
            return number
        return f"CASE WHEN {unit} = '' THEN {in_bare} WHEN {known}[{unit}] = {own!r}::DOUBLE THEN {number} ELSE {scaled(number, f'{known}[{unit}] / {own!r}::DOUBLE')} END"

    def fault_of(v: str) -> str:
        whole = f"WHEN contains({v}p.n, '.') OR {is_no_count(f'{v}v')} THEN {fault('not-a-whole-number')}" if is_count else ""
        return f"""CASE WHEN {v}p.n = '' AND regexp_full_match({v}, {_GROUPED}) THEN {fault("thousands-separator")}
            WHEN {v}v IS NULL OR NOT isfinite({v}v) THEN {fault("not-a-number")}
            WHEN {v}u <> '' AND {known}[{v}u] IS NULL THEN {fault("unknown-unit")}
            WHEN {v}u <> '' AND {v}u NOT IN ({fitting}) THEN {fault("wrong-unit-dimension")}
            {whole} ELSE {NO_FAULT} END"""

    values = f"""WITH parts AS (SELECT key, op, is_range, a, b, regexp_extract(a, {_PARTS}) AS ap, CASE WHEN is_range THEN regexp_extract(b, {_PARTS}) END AS bp FROM ({SPLIT})),
    units AS (SELECT *, trim(ap.u) AS au0, coalesce(trim(bp.u), '') AS bu0, try_cast(ap.n AS DOUBLE) AS av, try_cast(bp.n AS DOUBLE) AS bv FROM parts),
    read AS (SELECT *, CASE WHEN au0 = '' THEN bu0 ELSE au0 END AS au, CASE WHEN bu0 = '' THEN au0 ELSE bu0 END AS bu FROM units),
    judged AS (SELECT *, {fault_of("a")} AS fa, CASE WHEN is_range THEN {fault_of("b")} ELSE {NO_FAULT} END AS fb FROM read)
    SELECT key, op, is_range, CASE WHEN fa <> 0 THEN fa ELSE fb END AS fault,
        CASE WHEN fa = 0 THEN {value("av", "au")} END AS a_lo, CASE WHEN fa + fb = 0 THEN CASE WHEN is_range THEN {value("bv", "bu")} ELSE {value("av", "au")} END END AS b_hi FROM judged"""
    above, below = ("a_lo + 1", "b_hi - 1") if is_count else ("nextafter(a_lo, 'infinity'::DOUBLE)", "nextafter(b_hi, '-infinity'::DOUBLE)")
    plain_value = "try_cast({x} AS DOUBLE)" if bare == 1.0 else scaled("try_cast({x} AS DOUBLE)", f"{bare!r}::DOUBLE")
    return Reading(bounds(values, above, below), "regexp_full_match({x}, '[0-9]{1,15}')", plain_value, plain_value)
