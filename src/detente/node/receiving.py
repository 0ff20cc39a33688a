"""Storing a message of the other side: delivered, logged and receipted in one transaction, or not at all.

The same bytes again get the same receipt. Other bytes under a number that is taken are
refused, and both are kept as evidence. What comes before its turn waits; numbers order, clocks never do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from detente.exchange.entries import received_entry
from detente.exchange.message import Message, Place, open_message, stamp
from detente.exchange.proof import LogProof
from detente.exchange.refused import RefusedError
from detente.node.folder import Channel, Node, stop
from detente.node.heads import keep_evidence
from detente.node.ledger import append, last_signed, prove_inclusion, root_at, sign_checkpoint, size_of
from detente.node.sending import received
from detente.node.store import writing

MOST_AHEAD = 1_000
"""How far ahead of its turn a message may come and still be kept."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A message stands in this party's log; `receipt` proves it (C2SP tlog-proof). `again`: it stood there before."""

    place: Place
    receipt: bytes
    again: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message came before its turn and is kept until those before it are here; `next` is the first that is missing."""

    place: Place
    next: int


def deliver(node: Node, channel: Channel, data: bytes, now: datetime) -> Stored | Waiting:
    """Store a message of the other side, and those that waited for it.

    Raises:
        RefusedError: it is not the other side's, not for this channel, or not what a message must be;
            `other-content`: its number is taken by other bytes, and both are kept as evidence;
            `recovery`: the other side has seen more of this party's log than there is.
    """
    channel.must_run()
    message = open_message(data, [channel.peer.node])
    asked = (message.channel, message.sender, message.recipient)
    if asked != (channel.name, channel.peer.party, node.party):
        raise RefusedError(
            "misdirected",
            f"expected a message of {channel.peer.party} to {node.party} on {channel.name}, found one of {message.sender} to {message.recipient} on {message.channel}",
        )
    _check_after(node, channel, message, data, now)
    place = message.place
    before = _stored(node, channel, place)
    if before is not None:
        return _again(node, channel, place, data, before, now)
    turn = _turn(node, channel, place.lane)
    if place.number > turn:
        return _wait(node, channel, place, data, turn, now)
    key = node.secret("log", channel.name)
    stored_at = stamp(now)
    with writing(node.db, "deliver"):
        arrived = [(place, append(node.db, channel.log, bytes(received_entry(stored_at, data))))]
        for number, note in _that_waited(node, channel, place):
            arrived.append((Place(place.lane, number), append(node.db, channel.log, bytes(received_entry(stored_at, note)))))
        checkpoint, head = sign_checkpoint(node.db, key)
        for at, index in arrived:
            proof = LogProof(index, prove_inclusion(node.db, channel.log, index, checkpoint.size), head, stored_at.encode())
            node.db.execute(
                "INSERT INTO inbox (channel, lane, number, idx, stored_at, receipt) VALUES (?, ?, ?, ?, ?, ?)",
                (channel.name, at.lane, at.number, index, stored_at, str(proof).encode()),
            )
        last = arrived[-1][0].number
        node.db.execute("DELETE FROM waiting WHERE channel = ? AND lane = ? AND number <= ?", (channel.name, place.lane, last))
    return Stored(place, _receipt(node, channel, place))


def _check_after(node: Node, channel: Channel, message: Message, data: bytes, now: datetime) -> None:
    """What the sender had seen of this party's log must be a beginning of it."""
    after = message.after
    if after is None:
        return
    if after.origin != channel.log:
        raise RefusedError("other-log", f"expected a checkpoint of {channel.log} in after, found one of {after.origin[:80]}")
    size = size_of(node.db, channel.log)
    if after.size > size:
        why = f"{channel.peer.party} has seen {after.size} entries of {channel.log}, and {size} are here: was a backup restored?"
        stop(node.db, channel.name, why)
        raise RefusedError("recovery", why)
    if root_at(node.db, channel.log, after.size) != after.root:
        signed = last_signed(node.db, channel.log)
        keep_evidence(node, channel, "other-history", signed[1] if signed else b"", data, now)
        raise RefusedError(
            "other-history",
            f"{channel.peer.party} states a history of {channel.log} that is not the one here; its message is kept as evidence",
        )


def _turn(node: Node, channel: Channel, lane: str) -> int:
    """The number that comes next in a lane."""
    (last,) = node.db.execute("SELECT coalesce(max(number), 0) FROM inbox WHERE channel = ? AND lane = ?", (channel.name, lane)).fetchone()
    return int(last) + 1


def _stored(node: Node, channel: Channel, place: Place) -> bytes | None:
    row = node.db.execute(
        "SELECT 1 FROM inbox WHERE channel = ? AND lane = ? AND number = ?", (channel.name, place.lane, place.number)
    ).fetchone()
    return received(node, channel, place) if row else None


def _receipt(node: Node, channel: Channel, place: Place) -> bytes:
    (receipt,) = node.db.execute(
        "SELECT receipt FROM inbox WHERE channel = ? AND lane = ? AND number = ?", (channel.name, place.lane, place.number)
    ).fetchone()
    return bytes(receipt)


def _again(node: Node, channel: Channel, place: Place, data: bytes, before: bytes, now: datetime) -> Stored:
    if before != data:
        keep_evidence(node, channel, "other-content", before, data, now)
        raise RefusedError("other-content", f"{channel.peer.party} signed two messages as {place}; both are kept as evidence")
    with writing(node.db, "again"):
        node.db.execute(
            "UPDATE inbox SET copies = copies + 1, owed = 1 WHERE channel = ? AND lane = ? AND number = ?",
            (channel.name, place.lane, place.number),
        )
    return Stored(place, _receipt(node, channel, place), again=True)


def _wait(node: Node, channel: Channel, place: Place, data: bytes, turn: int, now: datetime) -> Waiting:
    if place.number - turn > MOST_AHEAD:
        raise RefusedError("number-too-far", f"expected {place.lane} {turn}, or up to {MOST_AHEAD} later, found {place.number}")
    asked = (channel.name, place.lane, place.number)
    row = node.db.execute("SELECT note FROM waiting WHERE channel = ? AND lane = ? AND number = ?", asked).fetchone()
    if row is not None and bytes(row[0]) != data:
        keep_evidence(node, channel, "other-content", bytes(row[0]), data, now)
        raise RefusedError("other-content", f"{channel.peer.party} signed two messages as {place}; both are kept as evidence")
    with writing(node.db, "wait"):
        node.db.execute("INSERT OR IGNORE INTO waiting VALUES (?, ?, ?, ?)", (*asked, data))
    return Waiting(place, turn)


def _that_waited(node: Node, channel: Channel, place: Place) -> list[tuple[int, bytes]]:
    """The messages that follow a place without a gap."""
    rows = node.db.execute(
        "SELECT number, note FROM waiting WHERE channel = ? AND lane = ? AND number > ? ORDER BY number",
        (channel.name, place.lane, place.number),
    ).fetchall()
    found: list[tuple[int, bytes]] = []
    for number, note in rows:
        if number != place.number + 1 + len(found):
            break
        found.append((int(number), bytes(note)))
    return found
