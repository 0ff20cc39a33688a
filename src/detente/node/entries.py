"""What stands in a log: a word for its kind, a newline, and the bytes that it is about.

sent      a message of this party, as signed
received  a message of the other party, as signed
receipt   lane and number of a message of this party, a newline, and the other party's proof that it stored it (C2SP tlog-proof)
seen      the other party's checkpoint, as signed
"""

from __future__ import annotations

from dataclasses import dataclass

from detente.exchange.proof import LogProof, parse_log_proof
from detente.exchange.refused import RefusedError
from detente.exchange.strict import decimal
from detente.node.message import LANES, Place

KINDS = ("sent", "received", "receipt", "seen")


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a node's log: its kind, and the bytes that it records."""

    kind: str
    data: bytes

    def __bytes__(self) -> bytes:
        return self.kind.encode() + b"\n" + self.data


def read_entry(data: bytes) -> Entry:
    """Read an entry.

    Raises:
        RefusedError: its kind is not known.
    """
    word, gap, rest = data.partition(b"\n")
    kind = word.decode("ascii", "replace")
    if not gap or kind not in KINDS:
        raise RefusedError("unknown-entry", f"expected one of {', '.join(KINDS)}, found {kind[:40]!r}")
    return Entry(kind, rest)


def receipt_entry(place: Place, proof: bytes) -> Entry:
    """The entry that records the other party's receipt for a message."""
    return Entry("receipt", f"{place}\n".encode() + proof)


def read_receipt(entry: Entry) -> tuple[Place, LogProof]:
    """Which message a receipt's entry is about, and the proof.

    Raises:
        RefusedError: it is no receipt.
    """
    head, gap, proof = entry.data.partition(b"\n")
    lane, space, number = head.decode("ascii", "replace").partition(" ")
    if entry.kind != "receipt" or not gap or not space or lane not in LANES:
        raise RefusedError("unknown-entry", f"expected a receipt with a lane and a number, found {head[:40]!r}")
    return Place(lane, decimal(number, "a message's number")), parse_log_proof(proof)
