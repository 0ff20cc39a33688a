"""Proofs on paper: that an entry is in a log whose checkpoint the verifier's policy accepts.

Source: C2SP tlog-proof v1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from detente.exchange.checkpoint import Checkpoint
from detente.exchange.note import MOST_BYTES
from detente.exchange.policy import Policy
from detente.exchange.refused import RefusedError
from detente.exchange.strict import decimal, decoded_text, hash_line, to_base64, unbase64
from detente.exchange.tree import verify_inclusion
from detente.exchange.vkey import VerifierKey

HEADER = "c2sp.org/tlog-proof@v1"
MOST_HASHES = 63


@dataclass(frozen=True, slots=True)
class LogProof:
    """A proof as read: `checkpoint` is the log's note, verbatim. `extra` is not authenticated by anything."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None

    def __str__(self) -> str:
        lines = [HEADER]
        lines += [f"extra {to_base64(self.extra)}"] if self.extra is not None else []
        lines += [f"index {self.index}", *map(to_base64, self.path), ""]
        return "\n".join(lines) + "\n" + self.checkpoint.decode()


@dataclass(frozen=True, slots=True)
class Proven:
    """What a proof shows: the tree, the entry's place in it, and which witnesses cosigned it when (POSIX seconds)."""

    checkpoint: Checkpoint
    index: int
    cosigned: Mapping[VerifierKey, int]


def parse_log_proof(data: bytes) -> LogProof:
    """Read a proof.

    Raises:
        RefusedError: the bytes are no proof.
    """
    if len(data) > MOST_BYTES:
        raise RefusedError("proof-too-long", f"expected at most {MOST_BYTES} bytes, found {len(data)}")
    head, gap, checkpoint = decoded_text(data, "a proof").partition("\n\n")
    lines = head.split("\n")
    if not gap or lines.pop(0) != HEADER:
        raise RefusedError("not-a-proof", f"expected {HEADER}, and an empty line before the checkpoint")
    extra = _after(lines, "extra ")
    index = _after(lines, "index ")
    if index is None:
        raise RefusedError("not-a-proof", "expected a line with the index")
    if len(lines) > MOST_HASHES:
        raise RefusedError("proof-too-long", f"expected at most {MOST_HASHES} hashes, found {len(lines)}")
    path = tuple(hash_line(line, "a hash of the proof") for line in lines)
    return LogProof(decimal(index, "the index"), path, checkpoint.encode(), None if extra is None else unbase64(extra, "the extra data"))


def _after(lines: list[str], word: str) -> str | None:
    """The rest of the first line if it begins with `word`; takes that line."""
    return lines.pop(0).removeprefix(word) if lines and lines[0].startswith(word) else None


def verify_log_proof(proof: LogProof, leaf: bytes, policy: Policy) -> Proven:
    """Verify that the entry whose leaf hash is `leaf` is in a log that the policy accepts, with its quorum.

    Raises:
        RefusedError: it does not follow.
    """
    signed, cosigned = policy.open(proof.checkpoint)
    checkpoint = signed.checkpoint
    verify_inclusion(leaf, proof.index, checkpoint.size, proof.path, checkpoint.root)
    return Proven(checkpoint, proof.index, cosigned)
