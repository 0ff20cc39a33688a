"""Strong Kleene truth in SQL: a pair of expressions, what is certain and what is possible.

Each is either a boolean of the row or a set of accounts (where the answer
depends on the account, as a territory does). `certain` implies `possible`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Truth:
    """`certain` and `possible`, both booleans or, with `is_set`, both sets of accounts."""

    certain: str
    possible: str
    is_set: bool = False

    def as_set(self, every: str) -> Truth:
        """The same as sets of accounts; `every` is the set of all."""
        if self.is_set:
            return self
        return Truth(_lifted(self.certain, every), _lifted(self.possible, every), is_set=True)


TRUE = Truth("true", "true")
FALSE = Truth("false", "false")
UNKNOWN = Truth("false", "true")


def _lifted(boolean: str, every: str) -> str:
    if boolean == "true":
        return f"{every}::UBIGINT"
    if boolean == "false":
        return "0::UBIGINT"
    return f"CASE WHEN {boolean} THEN {every}::UBIGINT ELSE 0 END"


def both(items: Sequence[Truth], every: str) -> Truth:
    """Conjunction."""
    kept = [i for i in items if i != TRUE]
    if not kept:
        return TRUE
    if FALSE in kept:
        return FALSE
    return _joined(kept, every, " AND ", " & ")


def either(items: Sequence[Truth], every: str) -> Truth:
    """Disjunction."""
    kept = [i for i in items if i != FALSE]
    if not kept:
        return FALSE
    if TRUE in kept:
        return TRUE
    return _joined(kept, every, " OR ", " | ")


def _joined(items: Sequence[Truth], every: str, boolean: str, sets: str) -> Truth:
    if len(items) == 1:
        return items[0]
    if not any(i.is_set for i in items):
        return Truth(_chain(items, lambda t: t.certain, boolean), _chain(items, lambda t: t.possible, boolean))
    lifted = [i.as_set(every) for i in items]
    return Truth(_chain(lifted, lambda t: t.certain, sets), _chain(lifted, lambda t: t.possible, sets), is_set=True)


def _chain(items: Sequence[Truth], part: Callable[[Truth], str], joint: str) -> str:
    return "(" + joint.join(f"({part(i)})" for i in items) + ")"


def contrary(item: Truth, every: str) -> Truth:
    """Negation: certain where it is not possible."""
    if item == TRUE:
        return FALSE
    if item == FALSE:
        return TRUE
    if item.is_set:
        return Truth(f"({every}::UBIGINT & ~({item.possible}))", f"({every}::UBIGINT & ~({item.certain}))", is_set=True)
    return Truth(f"(NOT ({item.possible}))", f"(NOT ({item.certain}))")


def compared(op: str, left: tuple[str, str], right: tuple[str, str], *, unsaid: bool) -> Truth:
    """Two intervals compared. NULL bounds are unknown; `unsaid` is what an unstated value makes possible.

    `op` is one of the comparisons of clause.Comparison. An unstated value
    (no bound on either side) makes nothing possible where the burden rule holds.
    """
    (a, b), (c, d) = left, right
    certain_possible = {
        "at least": (f"{a} >= {d}", f"{b} >= {c}"),
        "at most": (f"{b} <= {c}", f"{a} <= {d}"),
        "more than": (f"{a} > {d}", f"{b} > {c}"),
        "less than": (f"{b} < {c}", f"{a} < {d}"),
        "equal to": (
            f"{a} >= {c} AND {b} <= {d}" if c != d and "TIMESTAMP" in c else f"{a} = {d} AND {b} = {c}",
            f"{b} >= {c} AND {a} <= {d}",
        ),
    }
    if op == "not equal to":
        same = compared("equal to", left, right, unsaid=True)
        return Truth(f"(NOT {same.possible})", _said(f"(NOT {same.certain})", left, unsaid))
    certain, possible = certain_possible[op]
    if op == "equal to":
        possible = f"coalesce({b} >= {c}, true) AND coalesce({a} <= {d}, true)"
        return Truth(f"coalesce({certain}, false)", _said(f"({possible})", left, unsaid))
    return Truth(f"coalesce({certain}, false)", _said(f"coalesce({possible}, true)", left, unsaid))


def _said(possible: str, value: tuple[str, str], unsaid: bool) -> str:
    if unsaid:
        return possible
    return f"(({value[0]} IS NOT NULL OR {value[1]} IS NOT NULL) AND {possible})"
