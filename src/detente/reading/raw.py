"""What every reader gives: a table of cells as they stand, and where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from detente.model.problem import Problem
from detente.model.span import Span

CellType = Literal["text", "number", "flag", "day", "instant", "local"]
"""How a column's cells arrive: as text, or typed by a columnar file.

`instant` is a TIMESTAMP in UTC, `local` a clock time whose zone the file does not name.
"""


@dataclass(frozen=True, slots=True)
class RawColumn:
    """A column: its name in the file, its position from 0, and its SQL name."""

    name: str
    index: int
    type: CellType = "text"

    @property
    def sql(self) -> str:
        """Its name in the raw table."""
        return f"c{self.index}"


Place = tuple[Span, str | None]
"""Where a cell stands, and the line of text it stands in, if the file has lines."""


class Locator(Protocol):
    """Finds cells again in the file they came from; called for the few cells that are shown."""

    def places(self, cells: Sequence[tuple[int, int | None]]) -> list[Place]:
        """The places of `cells`, each (line, column index); no index: the start of the record."""
        ...


@dataclass(frozen=True, slots=True)
class RawTable:
    """A table of raw cells in DuckDB.

    `relation` has a column `line` (UINTEGER, from 1, distinct per row) and one
    column `c0`, `c1` ... per entry of `columns`. `rows` counts its rows, and
    `lines` is at least the greatest `line`.
    """

    relation: str
    path: str
    columns: tuple[RawColumn, ...]
    rows: int
    lines: int
    header: Place
    locator: Locator
    is_headed: bool = True
    """Whether `header` names the columns; in other files each row names its own."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading a file: its table, if there is one, what was wrong, and rows left out for it."""

    table: RawTable | None
    problems: tuple[Problem, ...] = ()
    left_out: int = 0


def sql_text(text: str) -> str:
    """`text` as an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def sql_name(name: str) -> str:
    """`name` as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
