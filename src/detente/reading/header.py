"""The names of columns: trimmed, distinct, and none empty."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from detente.model.problem import Problem
from detente.reading.raw import CellType, Place, RawColumn

MOST_COLUMNS = 500


def columns_of(
    names: Sequence[str], place: Callable[[int], Place], types: Sequence[CellType] = ()
) -> tuple[tuple[RawColumn, ...], list[Problem]]:
    """The columns that can be used, and what is wrong with the names of the others.

    The second of two columns of one name is not used, nor is one without a name.
    """
    columns: list[RawColumn] = []
    problems: list[Problem] = []
    first: dict[str, int] = {}
    for index, written in enumerate(names):
        name = written.strip()
        if index >= MOST_COLUMNS:
            problems.append(_problem("too-many-columns", f"only the first {MOST_COLUMNS} columns are read", place(index)))
            break
        if not name:
            problems.append(_problem("nameless-column", f"column {index + 1} has no name and is not read", place(index), "warning"))
        elif name in first:
            problems.append(
                _problem("duplicate-column", f'"{name}" already names column {first[name] + 1}; this one is not read', place(index))
            )
        else:
            first[name] = index
            columns.append(RawColumn(name, index, types[index] if types else "text"))
    return tuple(columns), problems


def _problem(code: str, message: str, place: Place, severity: str = "error") -> Problem:
    span, excerpt = place
    return Problem(code, message, span, excerpt, severity="warning" if severity == "warning" else "error")
