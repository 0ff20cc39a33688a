"""Rows already in memory, such as the facts of a case, as a raw table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb
import pyarrow as pa

from detente.model.span import Span
from detente.reading.raw import Place, RawColumn, RawTable, sql_name


def read_rows(
    db: duckdb.DuckDBPyConnection, rows: Mapping[int, Mapping[str, str]], shown: str, table: str, spans: Mapping[int, Span] | None = None
) -> RawTable:
    """Put `rows` into the new table `table`; each row's key, from 0, is also its place."""
    names = sorted({name for row in rows.values() for name in row})
    lines = pa.array([i + 1 for i in rows], type=pa.uint32())
    cells = {f"c{i}": pa.array([row.get(name) for row in rows.values()], type=pa.string()) for i, name in enumerate(names)}
    db.register("rows_in_memory", pa.table({"line": lines, **cells}))
    db.execute(f"CREATE TEMP TABLE {sql_name(table)} AS SELECT * FROM rows_in_memory")
    db.unregister("rows_in_memory")
    locator = Locator(shown, spans or {})
    columns = tuple(RawColumn(name, i) for i, name in enumerate(names))
    last = max(rows, default=-1) + 1
    return RawTable(sql_name(table), shown, columns, len(rows), last, (Span(shown, 1, 1, 1, 1), None), locator, is_headed=False)


class Locator:
    """Gives a row's own span, or its number where it has none."""

    def __init__(self, shown: str, spans: Mapping[int, Span]) -> None:
        self.shown = shown
        self.spans = spans

    def places(self, cells: Sequence[tuple[int, int | None]]) -> list[Place]:
        """The places of `cells`: a whole row each."""
        return [(self.spans.get(line - 1, Span(self.shown, line, 1, line, 1)), None) for line, _ in cells]
