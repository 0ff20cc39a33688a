"""The grammar of cells: from text to bounds, in SQL, so that millions are read at once.

A cell is a value (`9400`, `brigade`, `2026-01-15`), a range with both ends
(`8200..10100`), or an open range (`>=9000`, `<2026-01-15`). Each ordered cell
becomes a lower bound, an upper bound and the number of a fault. Values are read
in `amounts.py` and `times.py`; the words for a fault are in `wording.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

from detente.evidence.faults import NO_FAULT, fault
from detente.reading.raw import sql_text

_BLANKS = " \t\n\r\u00a0\ufeff"
BLANK = sql_text(_BLANKS)
"""What is trimmed from both ends of a cell, as SQL."""

_ENDS = " OR ".join(f"suffix({{cell}}, {sql_text(one)})" for one in _BLANKS)


def trimmed(cell: str, *, often: bool) -> str:
    """A text cell without blanks around it, NULL if nothing is left, as SQL.

    Nearly all cells begin with a letter of ASCII and end in no blank; where there
    are many, they are let pass by comparing bytes, which takes a third of the time
    of trimming. Where there are few, the shorter text is planned sooner.
    """
    plainly = f"nullif(trim({cell}, {BLANK}), '')"
    if not often:
        return plainly
    is_trim = f"{cell} BETWEEN '!' AND '~' AND NOT ({_ENDS.replace('{cell}', cell)})"
    return f"CASE WHEN {is_trim} THEN {cell} ELSE {plainly} END"


@dataclass(frozen=True, slots=True)
class Reading:
    """How a column's cells are read.

    `query` turns the relation `cells_to_read` (key, x) into (key, lo, hi, fault).
    `plain`, `lo` and `hi` are a test and the bounds, over `{x}`, for cells that need
    no grammar and are read in passing; where a bound is NULL, the cell goes through
    the grammar after all.
    """

    query: str
    plain: str
    lo: str
    hi: str

    def bounds_of(self, cell: str) -> tuple[str, str]:
        """The lower and upper bound of a plain cell, as SQL."""
        return self.lo.replace("{x}", cell), self.hi.replace("{x}", cell)

    def is_plain(self, cell: str) -> str:
        """Whether a cell needs no grammar, as SQL; never NULL."""
        return f"coalesce({self.plain.replace('{x}', cell)} AND {self.bounds_of(cell)[0]} IS NOT NULL, false)"


SPLIT = """
    SELECT key, op, is_range, trim(CASE WHEN is_range THEN split_part(y, '..', 1) WHEN op = '' THEN y ELSE substr(y, length(op) + 1) END) AS a,
        CASE WHEN is_range THEN trim(substr(y, position('..' IN y) + 2)) END AS b
    FROM (SELECT key, y, contains(y, '..') AS is_range, CASE WHEN y[1] NOT IN ('<', '>') THEN '' WHEN y[2] = '=' THEN y[1:2] ELSE y[1] END AS op
        FROM (SELECT key, CASE WHEN x[1] = '≥' THEN '>=' || x[2:] WHEN x[1] = '≤' THEN '<=' || x[2:] ELSE x END AS y FROM cells_to_read))"""
"""A cell as an operator and a value `a`, or as the two ends `a` and `b` of a range."""


def bounds(values: str, above: str, below: str) -> str:
    """From the values at both ends to bounds.

    `values` gives key, op, is_range, fault and `a_lo`, `b_hi`, the ends; one
    value stands for both. `above` and `below` are the first value above it and
    the last below, as SQL.
    """
    return f"""
    SELECT key, CASE WHEN fault <> 0 OR op IN ('<', '<=') THEN NULL WHEN op = '>' THEN {above} ELSE a_lo END AS lo,
        CASE WHEN fault <> 0 OR op IN ('>', '>=') THEN NULL WHEN op = '<' THEN {below} ELSE b_hi END AS hi, fault
    FROM (SELECT * REPLACE (CASE WHEN fault = 0 AND is_range AND a_lo > b_hi THEN {fault("bad-range")} ELSE fault END AS fault) FROM ({values}))"""


def words(ordered: tuple[str, ...], others: dict[str, str], code: str) -> Reading:
    """How a scale or a flag is read: its words from the lowest up, other spellings, and the fault of an unknown one."""
    index = {word: ordered.index(others.get(word, word)) for word in (*ordered, *others)}
    known = ", ".join(f"{sql_text(word)}: {i}::DOUBLE" for word, i in index.items())
    values = f"""SELECT key, op, is_range, a_lo, CASE WHEN is_range THEN b_hi ELSE a_lo END AS b_hi,
        CASE WHEN a_lo IS NULL OR (is_range AND b_hi IS NULL) THEN {fault(code)}
            WHEN (op = '>' AND a_lo = {len(ordered) - 1}) OR (op = '<' AND a_lo = 0) THEN {fault("bad-range")} ELSE {NO_FAULT} END AS fault
        FROM (SELECT *, MAP {{{known}}}[a] AS a_lo, MAP {{{known}}}[b] AS b_hi FROM ({SPLIT}))"""
    return Reading(bounds(values, "a_lo + 1", "b_hi - 1"), "false", "NULL::DOUBLE", "NULL::DOUBLE")
