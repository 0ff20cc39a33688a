"""Queueing a message: signed, logged and numbered in one transaction, before anything leaves.

A message is *queued* here, *stored by them* once the other side's receipt is here, and
*acknowledged by a person* once the other side's message of kind `acknowledgement` refers to it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from detente.exchange.entries import Entry, read_entry, read_received, receipt_entry, receipted
from detente.exchange.message import SALT_SIZE, Message, Place, sign_message
from detente.exchange.policy import Policy
from detente.exchange.proof import parse_log_proof, verify_log_proof
from detente.exchange.refused import RefusedError
from detente.exchange.tree import leaf_hash
from detente.node.folder import Channel, Node
from detente.node.heads import last_seen
from detente.node.ledger import append, entry
from detente.node.store import writing

ACK = "acknowledgement"
"""The kind of a message by which a person says that a message of the other side was read."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person wants to send. `re` is the message of the other side that it answers."""

    kind: str
    body: Mapping[str, Any]
    lane: str = "routine"
    re: Place | None = None


def queue(node: Node, channel: Channel, draft: Draft, now: datetime) -> Place:
    """Queue a message; gives its lane and number.

    Raises:
        RefusedError: a field is not what it must be, or what it answers is not here; nothing is queued then.
    """
    channel.must_run()
    if draft.re is not None:
        received(node, channel, draft.re)
    seen = last_seen(node, channel)
    with writing(node.db, "queue"):
        (number,) = node.db.execute(
            "SELECT coalesce(max(number), 0) + 1 FROM outbox WHERE channel = ? AND lane = ?", (channel.name, draft.lane)
        ).fetchone()
        place = Place(draft.lane, int(number))
        message = Message(
            channel=channel.name,
            sender=node.party,
            recipient=channel.peer.party,
            place=place,
            kind=draft.kind,
            sent_at=now,
            salt=os.urandom(SALT_SIZE),
            body=draft.body,
            re=draft.re,
            after=seen[0] if seen else None,
        )
        note = sign_message(message, node.secret("node"))
        index = append(node.db, channel.log, bytes(Entry("sent", note)))
        node.db.execute(
            "INSERT INTO outbox (channel, lane, number, idx) VALUES (?, ?, ?, ?)", (channel.name, place.lane, place.number, index)
        )
    return place


def sent(node: Node, channel: Channel, place: Place) -> bytes:
    """The note of a message that was queued.

    Raises:
        RefusedError: there is none.
    """
    return _note(node, channel, place, "outbox")


def received(node: Node, channel: Channel, place: Place) -> bytes:
    """The note of a message that was stored.

    Raises:
        RefusedError: there is none.
    """
    return _note(node, channel, place, "inbox")


def _note(node: Node, channel: Channel, place: Place, box: str) -> bytes:
    row = node.db.execute(
        f"SELECT idx FROM {box} WHERE channel = ? AND lane = ? AND number = ?", (channel.name, place.lane, place.number)
    ).fetchone()
    if row is None:
        raise RefusedError("no-such-message", f"expected a message {place} in the {box} of {channel.name}")
    found = read_entry(entry(node.db, channel.log, int(row[0])))
    return read_received(found)[1] if box == "inbox" else found.data


def take_receipt(node: Node, channel: Channel, place: Place, data: bytes) -> None:
    """Take the other side's proof that a message stands in its log; a second one changes nothing.

    Raises:
        RefusedError: it shows something else, or is under a checkpoint that was not seen here.
    """
    proof = parse_log_proof(data)
    note = sent(node, channel, place)
    proven = verify_log_proof(proof, leaf_hash(bytes(receipted(proof, note))), Policy((channel.peer.log,), {}, {}, None))
    size = proven.checkpoint.size
    known = node.db.execute("SELECT note FROM seen WHERE log = ? AND size = ?", (channel.peer.log.name, size)).fetchone()
    if known is None or bytes(known[0]) != proof.checkpoint:
        raise RefusedError("unseen-checkpoint", f"expected a receipt under a checkpoint that was seen here, found one at size {size}")
    with writing(node.db, "receipt"):
        asked = (channel.name, place.lane, place.number)
        (before,) = node.db.execute("SELECT receipt FROM outbox WHERE channel = ? AND lane = ? AND number = ?", asked).fetchone()
        if before is None:
            append(node.db, channel.log, bytes(receipt_entry(place, data)))
            node.db.execute("UPDATE outbox SET receipt = ? WHERE channel = ? AND lane = ? AND number = ?", (data, *asked))
