"""Staged tables of one table of evidence, laid end to end, and faults that only show across rows."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import duckdb

from detente.evidence.places import first_lines
from detente.evidence.staging import Staged
from detente.model.kind import Field
from detente.model.problem import Problem
from detente.reading.ask import count
from detente.reading.raw import Place
from detente.reading.tally import SHOWN, Tally


@dataclass(frozen=True, slots=True)
class Part:
    """One staged table and where its rows stand in the whole: row `line` has the number `offset` + line."""

    staged: Staged
    offset: int
    name: str

    def rows(self, columns: str) -> str:
        """Its good rows as a query, with `seq` first."""
        where = f"{self.staged.relation} WHERE is_good"
        return f"SELECT (line + {self.offset})::UINTEGER AS seq, {columns} FROM {where}"


def all_rows(parts: Sequence[Part], columns: Callable[[Part], str]) -> str:
    """The good rows of several parts, one after the other."""
    return " UNION ALL ".join(part.rows(columns(part)) for part in parts)


def columns_of(field: Field) -> tuple[str, ...]:
    """The columns of a field: one for a word, two for bounds."""
    return (field.name + "_lo", field.name + "_hi") if field.is_ordered else (field.name,)


Word = Callable[[str, Place, Place | None], Problem]
"""Makes the problem of a row from a text, the row's place, and the place of another row that it is about."""


def report_rows(db: duckdb.DuckDBPyConnection, parts: Sequence[Part], code: str, column: str, word: Word) -> list[Problem]:
    """Name the rows of the table `faulty` (seq, text, other), pointing at their cells in `column`."""
    problems: list[Problem] = []
    offsets = [part.offset for part in parts]
    for part, end in zip(parts, [*offsets[1:], 1 << 62], strict=True):
        here = f"faulty WHERE seq > {part.offset} AND seq <= {end}"
        rows = db.execute(f"SELECT seq, text, other FROM {here} ORDER BY seq LIMIT {SHOWN}").fetchall()
        if not rows:
            continue
        tally = Tally(part.staged.raw.path)
        places = first_lines(part.staged.raw, column, [seq - part.offset for seq, _, _ in rows])
        others = _other_places(parts, offsets, column, [other for _, _, other in rows])
        for (_, text, _), place, other in zip(rows, places, others, strict=True):
            tally.add(word(str(text), place, other))
        tally.add_unseen(code, count(db, here) - len(rows))
        problems += tally.problems()
    return problems


def _other_places(parts: Sequence[Part], offsets: list[int], column: str, seqs: Sequence[int | None]) -> list[Place | None]:
    """The places of rows of any part, or None where there is no other row; one pass per file."""
    found: list[Place | None] = [None] * len(seqs)
    by_part: dict[int, list[tuple[int, int]]] = {}
    for i, seq in enumerate(seqs):
        if seq is not None:
            by_part.setdefault(bisect_right(offsets, seq - 1) - 1, []).append((i, seq))
    for number, wanted in by_part.items():
        part = parts[number]
        for (i, _), place in zip(wanted, first_lines(part.staged.raw, column, [seq - part.offset for _, seq in wanted]), strict=True):
            found[i] = place
    return found
