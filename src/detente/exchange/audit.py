"""A log's folder against a policy, and a receipt against a log's folder.

Every entry is hashed again, every tile is compared, and the root must be the one that
the log signed: what the folder holds is then what its keeper has put its name to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from detente.exchange.checkpoint import Checkpoint
from detente.exchange.note import MOST_BYTES
from detente.exchange.policy import Policy
from detente.exchange.proof import LogProof
from detente.exchange.refused import RefusedError
from detente.exchange.tiles import read_log
from detente.exchange.tree import inclusion_proof, leaf_hash, root_of, subtrees_of, verify_inclusion
from detente.exchange.vkey import VerifierKey


@dataclass(frozen=True, slots=True)
class Audited:
    """A log that holds: its head, who cosigned it when (POSIX seconds), its entries, and the checkpoint's bytes."""

    checkpoint: Checkpoint
    cosigned: Mapping[VerifierKey, int]
    entries: tuple[bytes, ...]
    note: bytes


def audit(folder: Path, policy: Policy) -> Audited:
    """Verify a log's folder from its first entry to its checkpoint.

    Raises:
        RefusedError: it does not hold; the message names the fault and, where there is one, the entry.
        OSError: the checkpoint cannot be read.
    """
    with (folder / "checkpoint").open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    signed, cosigned = policy.open(data)
    checkpoint = signed.checkpoint
    entries = read_log(folder, checkpoint.size)
    found = root_of([leaf_hash(entry) for entry in entries])
    if found != checkpoint.root:
        raise RefusedError(
            "wrong-root",
            f"expected the root {checkpoint.root.hex()[:16]}… that was signed at size {checkpoint.size}, found {found.hex()[:16]}…",
        )
    return Audited(checkpoint, cosigned, tuple(entries), data)


def prove(log: Audited, index: int) -> LogProof:
    """The proof that entry `index` is in the log, with the entry itself as its extra data.

    Raises:
        RefusedError: there is no such entry.
    """
    leaves = [leaf_hash(entry) for entry in log.entries]
    path = inclusion_proof(subtrees_of(leaves), index, len(leaves))
    return LogProof(index, tuple(path), log.note, log.entries[index])


def check_receipt(log: Audited, receipt: LogProof, policy: Policy) -> Checkpoint:
    """Verify that a log still holds what it once gave a receipt for; gives the receipt's checkpoint.

    Raises:
        RefusedError: `rewritten-log`: the checkpoint that the log signed in the receipt is
            not a beginning of the log as it stands, so its own signatures convict it; or the receipt itself does not hold.
    """
    signed, _ = policy.open(receipt.checkpoint)
    then = signed.checkpoint
    if then.origin != log.checkpoint.origin:
        raise RefusedError("other-log", f"expected a receipt of {log.checkpoint.origin}, found one of {then.origin}")
    leaves = [leaf_hash(entry) for entry in log.entries]
    if receipt.index >= then.size:
        raise RefusedError("no-such-entry", f"expected an index below the receipt's size {then.size}, found {receipt.index}")
    if then.size > len(leaves):
        raise RefusedError("rewritten-log", f"entry {receipt.index}: the log signed size {then.size} and now has {len(leaves)} entries")
    if root_of(leaves[: then.size]) != then.root:
        raise RefusedError("rewritten-log", f"entry {receipt.index}: the log signed another history of its first {then.size} entries")
    verify_inclusion(leaves[receipt.index], receipt.index, then.size, receipt.path, then.root)
    return then
