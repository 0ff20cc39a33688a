"""What stands in a log: a word for its kind, a newline, and the bytes that it is about.

sent      a message of this party, as signed
received  a message of the other party, as signed
receipt   lane and number of a message of this party, a newline, and the other party's proof that it stored it (C2SP tlog-proof)
seen      the other party's checkpoint, as signed
"""

from __future__ import annotations

from dataclasses import dataclass

from detente.exchange.message import LANES, Place, read_stamp, stamp
from detente.exchange.proof import LogProof, parse_log_proof
from detente.exchange.refused import RefusedError
from detente.exchange.strict import decimal

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


def received_entry(stored_at: str, note: bytes) -> Entry:
    """The entry that records a message of the other party; `stored_at` as `message.stamp` writes it."""
    return Entry("received", stored_at.encode() + b"\n" + note)


def read_received(entry: Entry) -> tuple[str, bytes]:
    """When a message was stored, by the clock of the log's keeper, and the message.

    Raises:
        RefusedError: it is no received message.
    """
    stored_at, gap, note = entry.data.partition(b"\n")
    text = stored_at.decode("ascii", "replace")
    if entry.kind != "received" or not gap:
        raise RefusedError("unknown-entry", f"expected a received message with its moment, found {text[:40]!r}")
    return stamp(read_stamp(text)), note


def receipted(proof: LogProof, note: bytes) -> Entry:
    """The entry of the other party's log that a receipt is about: its extra data say when the message was stored.

    Raises:
        RefusedError: the receipt does not say when.
    """
    if proof.extra is None:
        raise RefusedError("not-a-proof", "expected a receipt that says when the message was stored")
    return received_entry(stamp(read_stamp(proof.extra.decode("ascii", "replace"))), note)


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
