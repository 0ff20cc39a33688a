"""What a witness is asked, and what it answers: only trees that grow are cosigned.

    old <size>
    <consistency proof, a hash a line>

    <checkpoint>

Source: C2SP tlog-witness v1.0, `add-checkpoint`. Who keeps the last checkpoint makes
the step from `examine` to keeping its answer one transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from detente.exchange.checkpoint import Checkpoint, SignedCheckpoint, open_checkpoint
from detente.exchange.refused import RefusedError
from detente.exchange.strict import decimal, decoded_text, hash_line, to_base64
from detente.exchange.tree import EMPTY_ROOT, verify_consistency
from detente.exchange.vkey import VerifierKey

MOST_HASHES = 63

STATUS = {
    "unknown-log": 404,
    "unsigned": 403,
    "bad-signature": 403,
    "old-size-differs": 409,
    "wrong-root": 422,
    "proof-too-long": 422,
    "proof-too-short": 422,
}
"""The HTTP status of a refusal by its code; any other is 400."""


@dataclass(frozen=True, slots=True)
class AddCheckpoint:
    """A request to cosign: the size that the client believes was cosigned last, a proof, and the new checkpoint's note."""

    old_size: int
    proof: tuple[bytes, ...]
    checkpoint: bytes

    def __bytes__(self) -> bytes:
        lines = [f"old {self.old_size}", *map(to_base64, self.proof), ""]
        return ("\n".join(lines) + "\n").encode() + self.checkpoint


def parse_add_checkpoint(data: bytes) -> AddCheckpoint:
    """Read the body of a request.

    Raises:
        RefusedError: it is none.
    """
    head, gap, checkpoint = decoded_text(data, "a request").partition("\n\n")
    first, *lines = head.split("\n")
    if not gap or not first.startswith("old "):
        raise RefusedError("not-a-request", "expected `old` and a size, hashes, an empty line and a checkpoint")
    if len(lines) > MOST_HASHES:
        raise RefusedError("too-many-hashes", f"expected at most {MOST_HASHES} hashes, found {len(lines)}")
    proof = tuple(hash_line(line, "a hash of the proof") for line in lines)
    return AddCheckpoint(decimal(first.removeprefix("old "), "the old size"), proof, checkpoint.encode())


def examine(request: AddCheckpoint, logs: Iterable[VerifierKey], last: Checkpoint | None) -> SignedCheckpoint:
    """Decide whether to cosign, given the checkpoint of this log that was cosigned last (None: never).

    Raises:
        RefusedError: not to be cosigned; `STATUS` gives the answer's status. A
            `wrong-root` at the same size is two histories of one log: keep both as evidence.
    """
    signed = open_checkpoint(request.checkpoint, logs)
    new = signed.checkpoint
    if request.old_size > new.size:
        raise RefusedError("old-size-above-new", f"expected an old size of at most {new.size}, found {request.old_size}")
    held = last.size if last else 0
    if request.old_size != held:
        raise RefusedError("old-size-differs", f"expected the old size {held}, found {request.old_size}")
    if new.size == 0 and new.root != EMPTY_ROOT:
        raise RefusedError("wrong-root", "expected the root of the empty tree at size 0")
    if last is not None and last.size > 0:
        verify_consistency(last.size, new.size, request.proof, last.root, new.root)
    elif request.proof:
        raise RefusedError("proof-too-long", f"expected no hashes from size 0, found {len(request.proof)}")
    return signed
