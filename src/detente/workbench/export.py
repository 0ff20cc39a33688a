"""Everything a plan reads, as files, with a script that loads it into a bare DuckDB."""

from __future__ import annotations

from pathlib import Path

from detente.evidence import Record
from detente.judge.stage import MACRO
from detente.reading.raw import sql_name, sql_text

LOAD = "load.sql"


def export(record: Record, folder: Path) -> None:
    """Write all tables as Parquet, and `load.sql`, which makes them again (run it inside `folder`).

    Beside the evidence these are the relations that the judge laid out for the
    question last asked: accounts, seats, memberships, lives, places.
    """
    paths = [*record.export(folder)]
    for relation in _relations(record, {path.stem for path in paths}):
        path = folder / f"{relation}.parquet"
        record.database.execute(f"COPY {sql_name(relation)} TO {sql_text(str(path))} (FORMAT parquet, COMPRESSION zstd)")
        paths.append(path)
    lines = [f"CREATE OR REPLACE TABLE {sql_name(p.stem)} AS SELECT * FROM {sql_text(p.name)};" for p in paths]
    script = ["SET TimeZone = 'UTC';", MACRO.replace(" TEMP MACRO", " MACRO").strip() + ";", *lines]
    (folder / LOAD).write_text("\n".join(script) + "\n", encoding="utf-8")


def _relations(record: Record, written: set[str]) -> list[str]:
    """The judge's own relations; a kind's stored columns are part of its table, which is written already."""
    stored = {f"{name}_filled" for name in written}
    found = record.database.execute(
        "SELECT table_name FROM duckdb_tables() WHERE NOT temporary AND NOT internal ORDER BY table_name"
    ).fetchall()
    return [name for (name,) in found if name not in written and name not in stored]
