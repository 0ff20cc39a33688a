"""Checkpoints: a log's name, its size and its root, signed as a note.

Source: C2SP tlog-checkpoint v1.0.0.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from detente.exchange.note import Note, parse_note, verify_note
from detente.exchange.refused import RefusedError
from detente.exchange.strict import decimal, hash_line, to_base64
from detente.exchange.vkey import VerifierKey


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log: `origin` names it, `root` is the RFC 6962 root over `size` entries. `extension` lines are opaque."""

    origin: str
    size: int
    root: bytes
    extension: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "".join(f"{line}\n" for line in (self.origin, str(self.size), to_base64(self.root), *self.extension))


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint with the note that carries it."""

    checkpoint: Checkpoint
    note: Note


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the text of a checkpoint's note.

    Raises:
        RefusedError: it is no checkpoint.
    """
    lines = text.split("\n")
    if lines[-1] or len(lines) < 4 or not all(lines[:-1]):
        raise RefusedError("not-a-checkpoint", "expected a name, a size and a root, each on a line, and no empty line")
    origin, size, root, *extension = lines[:-1]
    return Checkpoint(origin, decimal(size, "the tree size"), hash_line(root, "the root hash"), tuple(extension))


def open_checkpoint(data: bytes, logs: Iterable[VerifierKey]) -> SignedCheckpoint:
    """Read a checkpoint and verify that a trusted key of the log it names signed it.

    A log's key bears the name of its origin.

    Raises:
        RefusedError: it is no checkpoint, is of no known log, or is not signed by it.
    """
    note = parse_note(data)
    checkpoint = parse_checkpoint(note.text)
    keys = [key for key in logs if key.name == checkpoint.origin]
    if not keys:
        raise RefusedError("unknown-log", f"expected a log that is trusted, found {checkpoint.origin[:80]!r}")
    verify_note(note, keys)
    return SignedCheckpoint(checkpoint, note)
