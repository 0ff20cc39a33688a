"""The in-process database that holds a record: bounded, and cut off from everything else."""

from __future__ import annotations

from pathlib import Path

import duckdb

_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "preserve_insertion_order": "true",
}


def open_database(database: str = ":memory:", scratch: Path | None = None) -> duckdb.DuckDBPyConnection:
    """A connection that loads no extension and writes nowhere but to `database` and under `scratch`.

    What does not fit in memory spills to `scratch`; without one, to a folder
    beside the database file, and for a database in memory nowhere.
    """
    spill = str(scratch) if scratch else "" if database == ":memory:" else database + ".spill"
    db = duckdb.connect(database, config={**_CONFIG, "temp_directory": spill})
    db.execute("SET TimeZone = 'UTC'")
    return db


def plan_plainly(db: duckdb.DuckDBPyConnection) -> None:
    """Run queries as they are written, in one thread: for a few rows, planning takes most of the time."""
    db.execute("SET threads = 1")
    db.execute("PRAGMA disable_optimizer")
