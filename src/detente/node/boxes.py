"""What a person sees of a channel: messages in and out, in the three words of the exchange."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from detente.exchange.entries import read_entry, read_received
from detente.exchange.message import Message, Place, open_message, read_stamp
from detente.node.folder import Channel, Node
from detente.node.heads import last_seen
from detente.node.ledger import entry, size_of
from detente.node.sending import ACK

State = Literal["queued", "stored by them", "acknowledged by a person"]


@dataclass(frozen=True, slots=True)
class Received:
    """A message of the other side: when it was stored here (this node's clock), and the place of this side's acknowledgement, if any."""

    message: Message
    stored_at: datetime
    acknowledged: Place | None


@dataclass(frozen=True, slots=True)
class Sent:
    """A message of this side, and how far it is known to have come."""

    message: Message
    state: State


@dataclass(frozen=True, slots=True)
class Standing:
    """How a channel stands: sizes of both logs, what is open, and what convicts somebody."""

    channel: Channel
    size: int
    peer_size: int
    queued: int
    waiting: int
    evidence: tuple[str, ...]


def inbox(node: Node, channel: Channel) -> list[Received]:
    """The other side's messages, in the order in which they were stored."""
    rows = node.db.execute("SELECT idx, stored_at FROM inbox WHERE channel = ? ORDER BY idx", (channel.name,)).fetchall()
    answered = {m.re: m.place for m in _sent(node, channel) if m.kind == ACK and m.re is not None}
    found = []
    for index, stored_at in rows:
        _, note = read_received(read_entry(entry(node.db, channel.log, int(index))))
        message = open_message(note, [channel.peer.node])
        found.append(Received(message, read_stamp(stored_at), answered.get(message.place)))
    return found


def outbox(node: Node, channel: Channel) -> list[Sent]:
    """The messages of this side, in the order in which they were queued."""
    read = {m.message.re for m in inbox(node, channel) if m.message.kind == ACK}
    rows = node.db.execute("SELECT lane, number FROM outbox WHERE channel = ? AND receipt IS NOT NULL", (channel.name,)).fetchall()
    stored = {Place(lane, int(number)) for lane, number in rows}
    found = []
    for message in _sent(node, channel):
        state: State = "acknowledged by a person" if message.place in read else "stored by them" if message.place in stored else "queued"
        found.append(Sent(message, state))
    return found


def _sent(node: Node, channel: Channel) -> list[Message]:
    key = node.secret("node").verifier
    rows = node.db.execute("SELECT idx FROM outbox WHERE channel = ? ORDER BY idx", (channel.name,)).fetchall()
    return [open_message(read_entry(entry(node.db, channel.log, int(index))).data, [key]) for (index,) in rows]


def standing(node: Node, channel: Channel) -> Standing:
    """How a channel stands."""
    seen = last_seen(node, channel)
    (queued,) = node.db.execute("SELECT count(*) FROM outbox WHERE channel = ? AND receipt IS NULL", (channel.name,)).fetchone()
    (waiting,) = node.db.execute("SELECT count(*) FROM waiting WHERE channel = ?", (channel.name,)).fetchone()
    codes = node.db.execute("SELECT code FROM evidence WHERE channel = ? ORDER BY rowid", (channel.name,)).fetchall()
    return Standing(
        channel, size_of(node.db, channel.log), seen[0].size if seen else 0, int(queued), int(waiting), tuple(str(c) for (c,) in codes)
    )
