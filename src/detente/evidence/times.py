"""Cells that hold a date or a moment.

A date is its whole local day, a month the whole month, a year the year; a clock
time names its zone. Source: ISO 8601-1, sections 5.2 and 5.4, extended format.
"""

from __future__ import annotations

from detente.evidence.cells import SPLIT, Reading, bounds
from detente.evidence.faults import NO_FAULT, fault
from detente.model.duration import FIRST_YEAR, LAST_YEAR
from detente.reading.raw import sql_text

_PARTS = (
    r"'^([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})(?:[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)\s?(Z|[+-][0-9]{2}:?[0-9]{2})?)?)?)?$', "
    "['y', 'm', 'd', 'h', 'z']"
)
_MAY_BE_TIME = "'[0-9]{4}[-0-9T:.Z+ ]{0,36}'"
_PLAIN = "'[12][0-9]{3}-[01][0-9]-[0-3][0-9](T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?Z)?'"


def time(zone: str | None) -> Reading:
    """How dates and moments are read; `zone` is the agreement's, None for UTC."""
    values = f"""WITH parts AS (SELECT *, {_parts("a")} AS ap, CASE WHEN is_range THEN {_parts("b")} END AS bp FROM ({SPLIT})),
    timed AS (SELECT *, {_day("ap")} AS a_day, {_day("bp")} AS b_day, {_local("ap")} AS a_local, {_local("bp")} AS b_local,
        {_minutes("ap")} AS a_minutes, {_minutes("bp")} AS b_minutes FROM parts),
    judged AS (SELECT *, {_fault("a")} AS fa, CASE WHEN is_range THEN {_fault("b")} ELSE {NO_FAULT} END AS fb FROM timed),
    known AS (SELECT *, CASE WHEN fa <> 0 THEN fa ELSE fb END AS fault FROM judged),
    ends AS (SELECT key, op, is_range, fault, {_first("a", zone)} AS a_lo, {_last("a", zone)} AS a_hi, {_last("b", zone)} AS range_hi FROM known)
    SELECT key, op, is_range, fault, a_lo, a_hi, CASE WHEN is_range THEN range_hi ELSE a_hi END AS b_hi FROM ends"""
    query = bounds(values, "a_hi + INTERVAL 1 microsecond", "a_lo - INTERVAL 1 microsecond")
    is_day, day, moment = "length({x}) = 10", "try_cast({x} AS DATE)", "try_cast(left({x}, length({x}) - 1) AS TIMESTAMP)"
    first, next_ = midnight(f"{day}::TIMESTAMP", zone), midnight(f"({day} + INTERVAL 1 day)", zone)
    lo = f"CASE WHEN {is_day} THEN {first} ELSE {moment} END"
    hi = f"CASE WHEN {is_day} THEN {next_} - INTERVAL 1 microsecond ELSE {moment} END"
    return Reading(query, f"regexp_full_match({{x}}, {_PLAIN})", lo, hi)


def _parts(v: str) -> str:
    return f"CASE WHEN regexp_full_match({v}, {_MAY_BE_TIME}) THEN regexp_extract({v}, {_PARTS}) ELSE {{'y': '', 'm': '', 'd': '', 'h': '', 'z': ''}} END"


def _day(p: str) -> str:
    """The first day that the parts name."""
    text = f"{p}.y || '-' || CASE WHEN {p}.m = '' THEN '01' ELSE {p}.m END || '-' || CASE WHEN {p}.d = '' THEN '01' ELSE {p}.d END"
    return f"CASE WHEN {p}.y <> '' AND {p}.h = '' THEN try_cast({text} AS DATE) END"


def _local(p: str) -> str:
    """The clock time that the parts name; no hour 24."""
    text = f"{p}.y || '-' || {p}.m || '-' || {p}.d || ' ' || {p}.h"
    return f"CASE WHEN {p}.h <> '' AND {p}.h[1:2] <> '24' THEN try_cast({text} AS TIMESTAMP) END"


def _minutes(p: str) -> str:
    """Minutes by which the clock is ahead of UTC."""
    digits = f"replace({p}.z, ':', '')"
    hours, minutes = f"try_cast({digits}[2:3] AS INTEGER)", f"try_cast({digits}[4:5] AS INTEGER)"
    sign = f"CASE WHEN {p}.z[1] = '-' THEN -1 ELSE 1 END"
    return (
        f"CASE WHEN {p}.z = 'Z' THEN 0 WHEN {p}.z <> '' AND {hours} <= 14 AND {minutes} < 60 THEN {sign} * ({hours} * 60 + {minutes}) END"
    )


def _fault(v: str) -> str:
    years = f"BETWEEN {FIRST_YEAR} AND {LAST_YEAR}"
    return f"""CASE WHEN year({v}_day) {years} THEN {NO_FAULT}
        WHEN {v}_local IS NULL OR year({v}_local) NOT {years} THEN {fault("impossible-date")}
        WHEN {v}p.z = '' THEN {fault("clock-time-without-zone")}
        WHEN {v}_minutes IS NULL THEN {fault("impossible-date")} ELSE {NO_FAULT} END"""


def _first(v: str, zone: str | None) -> str:
    return f"CASE WHEN fault <> 0 THEN NULL WHEN {v}_day IS NOT NULL THEN {midnight(f'{v}_day::TIMESTAMP', zone)} ELSE {v}_local - to_minutes({v}_minutes) END"


def _last(v: str, zone: str | None) -> str:
    next_day = f"{v}_day + CASE WHEN {v}p.m = '' THEN INTERVAL 1 year WHEN {v}p.d = '' THEN INTERVAL 1 month ELSE INTERVAL 1 day END"
    end = f"{midnight(next_day, zone)} - INTERVAL 1 microsecond"
    return f"CASE WHEN fault <> 0 THEN NULL WHEN {v}_day IS NOT NULL THEN {end} ELSE {v}_local - to_minutes({v}_minutes) END"


def midnight(local: str, zone: str | None) -> str:
    """The UTC moment of a local midnight; where the clock jumps over it, the first moment of the day."""
    if zone is None:
        return f"({local})"
    return f"timezone('UTC', timezone({sql_text(zone)}, {local}))"
