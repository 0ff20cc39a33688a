"""All that one side owes the other on a channel, as one flat file to be carried by hand.

    detente/bundle@v1
    from <party>
    to <party>
    channel <name>
    cosigned <base64>                  the other side's checkpoint with this side's cosignature
    head <base64>                      a request to cosign this side's head (C2SP tlog-witness)
    receipt <lane> <number> <base64>   the proof that a message of the other side is stored
    message <base64>                   a message, as signed
    end <number of records>

No archive, no names, no paths. Importing it twice changes nothing; what was refused is named by its line, and the rest is taken.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from detente.exchange.entries import read_entry, read_received
from detente.exchange.message import LANES, Place
from detente.exchange.proof import LogProof
from detente.exchange.refused import RefusedError
from detente.exchange.strict import decimal, to_base64, unbase64
from detente.exchange.witness import AddCheckpoint
from detente.node.folder import Channel, Node
from detente.node.heads import confirm, head, last_seen, see
from detente.node.ledger import entry, prove_inclusion
from detente.node.receiving import Waiting, deliver
from detente.node.sending import sent, take_receipt

HEADER = "detente/bundle@v1"
MOST_BYTES = 1 << 28
MOST_MESSAGES = 10_000


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one record: its line in the file, what it was, and why it was refused (None: it was taken)."""

    line: int
    what: str
    refused: RefusedError | None = None


def write_bundle(node: Node, channel: Channel, now: datetime) -> bytes:
    """Everything that the other side is not known to have, at most 10,000 messages of it, the hotline's first.

    Raises:
        RefusedError: the channel is stopped.
    """
    own = head(node, channel)
    records = []
    if seen := last_seen(node, channel):
        again = see(node, channel, [bytes(AddCheckpoint(seen[0].size, (), seen[1]))], now)
        records.append(f"cosigned {to_base64(again)}")
    records += [f"head {to_base64(request)}" for request in own.requests]
    owed = node.db.execute(
        "SELECT lane, number, idx FROM inbox WHERE channel = ? AND owed AND idx < ? ORDER BY lane, number",
        (channel.name, own.checkpoint.size),
    )
    for lane, number, index in owed:
        stored_at, _ = read_received(read_entry(entry(node.db, channel.log, int(index))))
        path = prove_inclusion(node.db, channel.log, int(index), own.checkpoint.size)
        proof = LogProof(int(index), path, own.note, stored_at.encode())
        records.append(f"receipt {lane} {number} {to_base64(str(proof).encode())}")
    unsettled = node.db.execute(
        "SELECT lane, number FROM outbox WHERE channel = ? AND receipt IS NULL ORDER BY lane, number LIMIT ?", (channel.name, MOST_MESSAGES)
    )
    records += [f"message {to_base64(sent(node, channel, Place(lane, int(number))))}" for lane, number in unsettled.fetchall()]
    lines = [HEADER, f"from {node.party}", f"to {channel.peer.party}", f"channel {channel.name}", *records, f"end {len(records)}"]
    return "".join(f"{line}\n" for line in lines).encode()


def bundle_channel(data: bytes) -> str:
    """The channel that a bundle is for.

    Raises:
        RefusedError: it is no whole bundle.
    """
    return _opened(data)[2]


def read_bundle(node: Node, channel: Channel, data: bytes, now: datetime) -> list[Taken]:
    """Take a bundle of the other side, record by record.

    Raises:
        RefusedError: it is no whole bundle, or is not from the other side of this channel to this one; nothing is taken then.
    """
    sender, recipient, name, records = _opened(data)
    if (sender, recipient, name) != (channel.peer.party, node.party, channel.name):
        raise RefusedError(
            "misdirected",
            f"expected a bundle from {channel.peer.party} to {node.party} on {channel.name}, found one from {sender} to {recipient} on {name}",
        )
    heads = [(line, words[1]) for line, words in records if words[0] == "head" and len(words) == 2]
    taken = []
    for line, words in records:
        match words:
            case ["head", _] if line == heads[0][0]:
                taken.append(_tried(line, "head", partial(_see, node, channel, [encoded for _, encoded in heads], now)))
            case ["head", _]:
                continue  # asked together with the first
            case ["cosigned", encoded]:
                taken.append(_tried(line, "cosigned", partial(_confirm, node, channel, encoded)))
            case ["receipt", lane, number, encoded] if lane in LANES:
                taken.append(_tried(line, f"receipt {lane} {number}", partial(_take_receipt, node, channel, lane, number, encoded)))
            case ["message", encoded]:
                taken.append(_tried(line, "message", partial(_deliver, node, channel, encoded, now)))
            case [word, *_]:
                fault = RefusedError("bad-record", f"expected cosigned, head, receipt or message with its words, found {word[:40]!r}")
                taken.append(Taken(line, word[:40], fault))
    return taken


def _see(node: Node, channel: Channel, encoded: list[str], now: datetime) -> None:
    see(node, channel, [unbase64(one, "a head") for one in encoded], now)


def _confirm(node: Node, channel: Channel, encoded: str) -> None:
    confirm(node, channel, unbase64(encoded, "a checkpoint"))


def _take_receipt(node: Node, channel: Channel, lane: str, number: str, encoded: str) -> None:
    take_receipt(node, channel, Place(lane, decimal(number, "a message's number")), unbase64(encoded, "a receipt"))


def _deliver(node: Node, channel: Channel, encoded: str, now: datetime) -> str:
    found = deliver(node, channel, unbase64(encoded, "a message"), now)
    if isinstance(found, Waiting):
        return f"message {found.place}, waiting for {found.next}"
    return f"message {found.place}" + (", here before" if found.again else "")


def _tried(line: int, what: str, take: Callable[[], str | None]) -> Taken:
    try:
        return Taken(line, take() or what)
    except RefusedError as error:
        return Taken(line, what, error)


def _opened(data: bytes) -> tuple[str, str, str, list[tuple[int, list[str]]]]:
    """Sender, recipient, channel, and the records with their line numbers."""
    if len(data) > MOST_BYTES:
        raise RefusedError("bundle-too-long", f"expected at most {MOST_BYTES} bytes, found {len(data)}")
    try:
        lines = data.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise RefusedError("not-a-bundle", f"expected plain ASCII, found the byte 0x{data[error.start]:02x} at {error.start}") from None
    if lines[0] != HEADER:
        raise RefusedError("not-a-bundle", f"expected {HEADER} in the first line, found {lines[0][:60]!r}")
    if len(lines) < 6 or lines[-1] or not lines[-2].startswith("end "):
        raise RefusedError("torn-bundle", "expected a last line that says how many records there are: part of the file is missing")
    words = [line.split(" ") for line in lines[1:-1]]
    named, records = words[:3], words[3:-1]
    if [line[0] for line in named] != ["from", "to", "channel"] or any(len(line) != 2 for line in named):
        raise RefusedError("not-a-bundle", "expected the lines from, to and channel")
    if words[-1] != ["end", str(len(records))]:
        raise RefusedError("torn-bundle", f"expected end {len(records)} after as many records, found {' '.join(words[-1])[:40]!r}")
    return named[0][1], named[1][1], named[2][1], list(enumerate(records, 5))
