"""The node's database: SQLite in WAL mode, every commit on disk before anything leaves.

A copy without its -wal file opens cleanly and lacks the last commits, and `integrity_check`
does not see a flipped bit in a message: what the log says is checked by `ledger`, never by SQLite.
"""

from __future__ import annotations

import contextlib
import fcntl
import sqlite3
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from detente.exchange.refused import RefusedError
from detente.node.failpoint import reach

_NETWORK = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "fuse.sshfs", "glusterfs", "lustre", "ncpfs"})
"""File systems on which SQLite's locks cannot be relied upon (https://www.sqlite.org/wal.html, section 1)."""


def create_store(path: Path) -> sqlite3.Connection:
    """Make a new database with empty tables.

    Raises:
        FileExistsError: something stands there.
        RefusedError: it would lie on a network file system.
    """
    path.touch(mode=0o600, exist_ok=False)
    db = _connected(path)
    db.executescript(files("detente.node").joinpath("schema.sql").read_text(encoding="utf-8"))
    return db


def open_store(path: Path) -> sqlite3.Connection:
    """Open a database that `create_store` made.

    Raises:
        RefusedError: it is none, or lies on a network file system.
        FileNotFoundError: there is none.
    """
    if not path.is_file():
        raise FileNotFoundError(2, "no such file", str(path))
    db = _connected(path)
    try:
        db.execute("SELECT name FROM party").fetchone()
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError as error:
        raise RefusedError("not-a-store", f"expected a node's database in {path.name}: {error}") from None
    return db


def _connected(path: Path) -> sqlite3.Connection:
    if (kind := _file_system(path)) in _NETWORK:
        raise RefusedError("network-file-system", f"expected a disk of this machine, found {kind} under {path}")
    db = sqlite3.connect(path, isolation_level=None, timeout=30.0)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("PRAGMA trusted_schema = OFF")
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError as error:
        raise RefusedError("not-a-store", f"expected a node's database in {path.name}: {error}") from None
    return db


def _file_system(path: Path) -> str:
    """The type of file system that a path lies on, as /proc/mounts names it; empty where that cannot be told."""
    try:
        mounts = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    found = ""
    deepest = -1
    for line in mounts:
        _, where, kind, *_ = line.split(" ")
        point = Path(where.replace("\\040", " "))
        if path.resolve().is_relative_to(point) and len(point.parts) > deepest:
            found, deepest = kind, len(point.parts)
    return found


@contextlib.contextmanager
def writing(db: sqlite3.Connection, step: str) -> Iterator[None]:
    """One transaction: all of it is on disk when this ends, or none of it. `step` names it for failpoints."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        reach(f"{step}-before-commit")
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    reach(f"{step}-after-commit")


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep every other process off a node's folder.

    Raises:
        RefusedError: another process has it.
    """
    with (folder / "lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise RefusedError("second-node", f"another process works in {folder}; one node at a time may write") from None
        yield
