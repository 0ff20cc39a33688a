"""What each side has seen of the other's log: heads are offered, examined, cosigned and confirmed.

Each party is the witness of the other. A head is taken only with a proof that it continues the
last one taken; two heads that cannot both be honest are kept, and nothing of them is believed.
Source: C2SP tlog-witness v1.0, tlog-cosignature v1.1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from detente.exchange.checkpoint import Checkpoint, parse_checkpoint
from detente.exchange.cosignature import cosign
from detente.exchange.entries import Entry
from detente.exchange.note import Note, parse_note
from detente.exchange.policy import Policy
from detente.exchange.refused import RefusedError
from detente.exchange.witness import AddCheckpoint, examine, parse_add_checkpoint
from detente.node.folder import Channel, Node, stop
from detente.node.ledger import append, prove_consistency, root_at, sign_checkpoint, size_of
from detente.node.store import writing

_MOST_OFFERS = 32


@dataclass(frozen=True, slots=True)
class Head:
    """The log of this party as it stands: its checkpoint, the note, and requests to cosign it, one for each size that the other side may have seen last."""

    checkpoint: Checkpoint
    note: bytes
    requests: tuple[bytes, ...]


def head(node: Node, channel: Channel) -> Head:
    """Sign the log as it stands, and prove that it continues what the other side may have seen.

    Raises:
        RefusedError: the channel is stopped, or the log is not what was signed before.
    """
    channel.must_run()
    key = node.secret("log", channel.name)
    with writing(node.db, "head"):
        checkpoint, note = sign_checkpoint(node.db, key)
    rows = node.db.execute(
        "SELECT size FROM checkpoint WHERE log = ? AND size > ? ORDER BY size DESC LIMIT ?", (channel.log, channel.confirmed, _MOST_OFFERS)
    )
    olds = dict.fromkeys([channel.confirmed, *(int(size) for (size,) in rows), 0])
    proofs = ((old, prove_consistency(node.db, channel.log, old, checkpoint.size)) for old in olds)
    return Head(checkpoint, note, tuple(bytes(AddCheckpoint(old, proof, note)) for old, proof in proofs))


def last_seen(node: Node, channel: Channel) -> tuple[Checkpoint, bytes] | None:
    """The other side's newest checkpoint that was taken here, and its note."""
    row = node.db.execute("SELECT note FROM seen WHERE log = ? ORDER BY size DESC LIMIT 1", (channel.peer.log.name,)).fetchone()
    return None if row is None else (parse_checkpoint(parse_note(bytes(row[0])).text), bytes(row[0]))


def see(node: Node, channel: Channel, offered: Sequence[bytes], now: datetime) -> bytes:
    """Take a head of the other side's log; gives its note with this party's cosignature.

    `offered` are requests for one head (see `Head`), of which the one that fits what was seen last is examined.
    A head that was taken before is cosigned again.

    Raises:
        RefusedError: it does not continue what was seen; where two heads convict the other side, both are kept as evidence.
    """
    asked = [parse_add_checkpoint(one) for one in offered]
    if not asked or len({one.checkpoint for one in asked}) != 1:
        raise RefusedError("not-a-request", "expected requests to cosign one checkpoint")
    last = last_seen(node, channel)
    given = parse_checkpoint(parse_note(asked[0].checkpoint).text)
    before = node.db.execute("SELECT note FROM seen WHERE log = ? AND size = ?", (channel.peer.log.name, given.size)).fetchone()
    held = last[0].size if last else 0
    fitting = [one for one in asked if one.old_size == held]
    if before is not None:
        fitting = [AddCheckpoint(given.size, (), asked[0].checkpoint)]
        last = (parse_checkpoint(parse_note(bytes(before[0])).text), bytes(before[0]))
    elif not fitting:
        raise RefusedError(
            "old-size-differs",
            f"expected a proof from size {held}, which was seen last, found {', '.join(str(one.old_size) for one in asked)}",
        )
    try:
        signed = examine(fitting[0], [channel.peer.log], last[0] if last else None)
    except RefusedError as error:
        if error.code == "wrong-root" and last is not None:
            keep_evidence(node, channel, "two-histories", last[1], asked[0].checkpoint, now)
            raise RefusedError(
                "two-histories", f"{channel.peer.party} signed two histories of {given.origin}; both checkpoints are kept as evidence"
            ) from None
        raise
    if before is None and signed.checkpoint.size > 0:
        with writing(node.db, "see"):
            node.db.execute("INSERT INTO seen VALUES (?, ?, ?)", (given.origin, given.size, asked[0].checkpoint))
            append(node.db, channel.log, bytes(Entry("seen", asked[0].checkpoint)))
    secret = node.secret("witness")
    line = cosign(signed, secret.name, secret.signer, int(now.timestamp()))
    return bytes(Note(signed.note.text, (*signed.note.signatures, line)))


def confirm(node: Node, channel: Channel, cosigned: bytes) -> None:
    """Take the other side's cosignature on a checkpoint of this party's log: so much of it cannot be denied any more.

    Raises:
        RefusedError: it is none; or it is of a history that this log does not hold (`recovery`): the channel is stopped.
    """
    key = node.secret("log", channel.name).verifier
    policy = Policy((key,), {"peer": channel.peer.witness}, {}, "peer")
    signed, _ = policy.open(cosigned)
    checkpoint, size = signed.checkpoint, size_of(node.db, channel.log)
    if checkpoint.size > size or root_at(node.db, channel.log, checkpoint.size) != checkpoint.root:
        why = f"{channel.peer.party} cosigned {checkpoint.size} entries of {channel.log}, and the {size} here are not their continuation: was a backup restored?"
        stop(node.db, channel.name, why)
        raise RefusedError("recovery", why)
    with writing(node.db, "confirm"):
        node.db.execute(
            "UPDATE checkpoint SET cosigned = ? WHERE log = ? AND size = ? AND cosigned IS NULL", (cosigned, channel.log, checkpoint.size)
        )
        node.db.execute("UPDATE channel SET confirmed = max(confirmed, ?) WHERE name = ?", (checkpoint.size, channel.name))
        node.db.execute("UPDATE inbox SET owed = 0 WHERE channel = ? AND idx < ?", (channel.name, checkpoint.size))


def keep_evidence(node: Node, channel: Channel, code: str, first: bytes, second: bytes, now: datetime) -> None:
    """Keep two signed things that cannot both be honest; the same pair once."""
    with writing(node.db, "evidence"):
        node.db.execute("INSERT OR IGNORE INTO evidence VALUES (?, ?, ?, ?, ?)", (channel.name, code, first, second, now.isoformat()))
