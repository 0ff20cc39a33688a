"""Two parties' logs of one channel side by side: whether each holds what the other says was sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from detente.exchange.checkpoint import parse_checkpoint
from detente.exchange.entries import Entry, read_entry, read_receipt, read_received, receipted
from detente.exchange.message import peek
from detente.exchange.note import parse_note
from detente.exchange.refused import RefusedError
from detente.exchange.tree import leaf_hash, verify_inclusion

Fault = Literal["not stored", "never sent", "dropped"]


@dataclass(frozen=True, slots=True)
class Difference:
    """An entry of one log to which nothing in the other corresponds.

    `not stored`: it was sent, and the other log does not hold it (it may be on its way); `never sent`: the other log
    does not say that it was sent; `dropped`: the other log once gave a proof that it held it, and holds it no more.
    `log` is 0 or 1: where the entry stands, at `index`.
    """

    fault: Fault
    log: int
    index: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many messages both logs hold, and what they do not both hold."""

    shared: int
    differences: tuple[Difference, ...]


def compare_logs(first: Sequence[bytes], second: Sequence[bytes]) -> Comparison:
    """Compare the entries of two logs of one channel, each verified before.

    Raises:
        RefusedError: an entry is of no known kind, or a receipt shows something else.
    """
    logs = [[read_entry(data) for data in entries] for entries in (first, second)]
    shared, differences = 0, []
    for mine, theirs in ((0, 1), (1, 0)):
        sent = {e.data for e in logs[mine] if e.kind == "sent"}
        received = {i: read_received(e)[1] for i, e in enumerate(logs[theirs]) if e.kind == "received"}
        stored = set(received.values())
        shared += len(sent & stored)
        receipted = _receipted(logs[mine])
        missing = [(index, e.data) for index, e in enumerate(logs[mine]) if e.kind == "sent" and e.data not in stored]
        differences += [Difference("dropped" if data in receipted else "not stored", mine, index) for index, data in missing]
        differences += [Difference("never sent", theirs, i) for i, note in received.items() if note not in sent]
    return Comparison(shared, tuple(differences))


def _receipted(entries: Sequence[Entry]) -> set[bytes]:
    """The messages in this log that the other side's receipts in it prove to have been stored.

    That the other side signed those receipts was verified when they were taken, and is again by `detente log verify --receipt`.
    """
    sent = {peek(e.data).place: e.data for e in entries if e.kind == "sent"}
    found = set()
    for place, proof in (read_receipt(e) for e in entries if e.kind == "receipt"):
        if place not in sent:
            raise RefusedError("unknown-entry", f"expected a receipt for a message of this log, found one for {place}")
        head = parse_checkpoint(parse_note(proof.checkpoint).text)
        verify_inclusion(leaf_hash(bytes(receipted(proof, sent[place]))), proof.index, head.size, proof.path, head.root)
        found.add(sent[place])
    return found
