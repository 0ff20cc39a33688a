"""A log in the database: entries in order, the hashes over them, and the checkpoints that were signed.

A checkpoint is signed only after the new entries were read back and hashed again, and
only if it continues the last one: a bit that flipped between hashing and storing is
never signed. Trees are those of RFC 6962.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from detente.exchange.checkpoint import Checkpoint, parse_checkpoint
from detente.exchange.note import Note, parse_note, sign_note
from detente.exchange.refused import RefusedError
from detente.exchange.secret import SecretKey
from detente.exchange.tiles import MOST_ENTRY
from detente.exchange.tree import EMPTY_ROOT, Subtree, consistency_proof, inclusion_proof, leaf_hash, node_hash, split
from detente.exchange.vkey import SignatureType


def size_of(db: sqlite3.Connection, log: str) -> int:
    """How many entries a log has."""
    (size,) = db.execute("SELECT coalesce(max(idx) + 1, 0) FROM entry WHERE log = ?", (log,)).fetchone()
    return int(size)


def entry(db: sqlite3.Connection, log: str, index: int) -> bytes:
    """The bytes of an entry.

    Raises:
        RefusedError: there is no such entry.
    """
    row = db.execute("SELECT data FROM entry WHERE log = ? AND idx = ?", (log, index)).fetchone()
    if row is None:
        raise RefusedError("no-such-entry", f"expected entry {index} in {log}")
    return bytes(row[0])


def append(db: sqlite3.Connection, log: str, data: bytes) -> int:
    """Add an entry, with the hashes that become whole by it; gives its index. Within a transaction of the caller's.

    Raises:
        RefusedError: it is longer than an entry may be.
    """
    if len(data) > MOST_ENTRY:
        raise RefusedError("entry-too-long", f"expected an entry of at most {MOST_ENTRY} bytes, found {len(data)}")
    index = size_of(db, log)
    db.execute("INSERT INTO entry VALUES (?, ?, ?)", (log, index, data))
    level, at, found = 0, index, leaf_hash(data)
    db.execute("INSERT INTO subtree VALUES (?, ?, ?, ?)", (log, level, at, found))
    while at & 1:
        found = node_hash(_stored(db, log, level, at - 1), found)
        level, at = level + 1, at >> 1
        db.execute("INSERT INTO subtree VALUES (?, ?, ?, ?)", (log, level, at, found))
    return index


def _stored(db: sqlite3.Connection, log: str, level: int, at: int) -> bytes:
    row = db.execute("SELECT hash FROM subtree WHERE log = ? AND level = ? AND idx = ?", (log, level, at)).fetchone()
    if row is None:
        raise RefusedError("altered-log", f"{log}: expected the hash of entries from {at << level} on, found none")
    return bytes(row[0])


def subtrees(db: sqlite3.Connection, log: str) -> Subtree:
    """Roots of parts of a log, from the stored hashes."""

    def root(start: int, end: int) -> bytes:
        width = end - start
        if width & (width - 1) == 0 and start % width == 0:
            return _stored(db, log, width.bit_length() - 1, start // width)
        middle = start + split(width)
        return node_hash(root(start, middle), root(middle, end))

    return root


def root_at(db: sqlite3.Connection, log: str, size: int) -> bytes:
    """The root over the first `size` entries."""
    return subtrees(db, log)(0, size) if size else EMPTY_ROOT


def prove_inclusion(db: sqlite3.Connection, log: str, index: int, size: int) -> tuple[bytes, ...]:
    """The hashes that show entry `index` in the tree of `size`."""
    return tuple(inclusion_proof(subtrees(db, log), index, size))


def prove_consistency(db: sqlite3.Connection, log: str, old: int, size: int) -> tuple[bytes, ...]:
    """The hashes that show the tree of `old` to be the beginning of that of `size`."""
    return tuple(consistency_proof(subtrees(db, log), old, size))


def last_signed(db: sqlite3.Connection, log: str) -> tuple[Checkpoint, bytes] | None:
    """The newest checkpoint that was signed, and its note."""
    row = db.execute("SELECT note FROM checkpoint WHERE log = ? ORDER BY size DESC LIMIT 1", (log,)).fetchone()
    if row is None:
        return None
    return parse_checkpoint(parse_note(bytes(row[0])).text), bytes(row[0])


def sign_checkpoint(db: sqlite3.Connection, key: SecretKey) -> tuple[Checkpoint, bytes]:
    """Sign the log as it stands and keep the note, before it can leave; the same note again where nothing was added.

    `key` is the log's own and bears its name. Within a transaction of the caller's.

    Raises:
        RefusedError: an entry read back is not what was hashed (`altered-log`), or the
            log no longer continues what was signed last.
    """
    signer = key.signer
    if key.type is not SignatureType.ED25519 or not isinstance(signer, Ed25519PrivateKey):
        raise RefusedError("wrong-signature-type", f"expected a key of type 0x01 for the log {key.name}")
    log, size = key.name, size_of(db, key.name)
    last = last_signed(db, log)
    if last is not None and last[0].size == size:
        check_entries(db, log, size, last[0])
        return last
    root = check_entries(db, log, last[0].size if last else 0, last[0] if last else None)
    checkpoint = Checkpoint(log, size, root)
    text = str(checkpoint)
    note = bytes(Note(text, (sign_note(text, log, signer),)))
    db.execute("INSERT INTO checkpoint (log, size, note) VALUES (?, ?, ?)", (log, size, note))
    return checkpoint, note


def check_entries(db: sqlite3.Connection, log: str, start: int, signed: Checkpoint | None) -> bytes:
    """Read back and hash again every entry from `start` on; gives the root over all entries.

    `signed` is a checkpoint that the log must continue, of size `start` or below.

    Raises:
        RefusedError: `altered-log` with the first entry at fault; `shorter-than-signed`.
    """
    size = size_of(db, log)
    if signed is not None:
        if signed.size > size:
            raise RefusedError("shorter-than-signed", f"{log}: size {signed.size} was signed, and {size} entries are left")
        if root_at(db, log, signed.size) != signed.root:
            raise RefusedError("altered-log", f"{log}: the first {signed.size} entries are not those that were signed")
    frontier = _frontier(db, log, start)
    rows = db.execute("SELECT idx, data FROM entry WHERE log = ? AND idx >= ? ORDER BY idx", (log, start))
    expected = start
    for index, data in rows:
        if index != expected:
            raise RefusedError("altered-log", f"{log}: expected entry {expected}, found entry {index}")
        leaf = leaf_hash(bytes(data))
        if leaf != _stored(db, log, 0, index):
            raise RefusedError("altered-log", f"{log}: entry {index} is not what was hashed when it was stored")
        _add(frontier, leaf, index)
        expected += 1
    root = _bagged(frontier)
    if root != root_at(db, log, size):
        raise RefusedError("altered-log", f"{log}: the hashes over {size} entries are not those of the entries")
    return root


def _frontier(db: sqlite3.Connection, log: str, size: int) -> list[bytes]:
    """Roots of the whole subtrees that a tree of `size` is made of, from the largest down."""
    found, start = [], 0
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            found.append(_stored(db, log, level, start >> level))
            start += 1 << level
    return found


def _add(frontier: list[bytes], leaf: bytes, index: int) -> None:
    while index & 1:
        leaf = node_hash(frontier.pop(), leaf)
        index >>= 1
    frontier.append(leaf)


def _bagged(frontier: Sequence[bytes]) -> bytes:
    if not frontier:
        return EMPTY_ROOT
    *rest, root = frontier
    for left in reversed(rest):
        root = node_hash(left, root)
    return root
