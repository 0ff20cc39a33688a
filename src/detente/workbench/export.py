"""Everything a plan reads, as files, with a script that loads it into a bare DuckDB."""

from __future__ import annotations

from pathlib import Path

from detente.evidence import Record
from detente.judge.stage import MACROS


def export(record: Record, folder: Path) -> None:
    """Write all tables as Parquet, and `load.sql`, which makes them again (run it inside `folder`)."""
    paths = record.export(folder)
    lines = [f"CREATE OR REPLACE TABLE \"{p.stem}\" AS SELECT * FROM '{p.name}';" for p in paths]
    (folder / "load.sql").write_text(MACROS.replace(" TEMP MACRO", " MACRO").strip() + "\n" + "\n".join(lines) + "\n", encoding="utf-8")
