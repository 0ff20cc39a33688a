"""What two parties' signed messages say, as statements: a verified log becomes rows of evidence.

The first word of a message's kind is the kind of the vocabulary that it is an event of, a second word its `type`; its body holds
fields of that kind; what it answers is what it is about. Sender and recipient are `party` and `recipient`. From the log of one
party come its own words, and those of the other side that it can prove: a message that the
other side signed, and a receipt, by which the other side signs that it stored a message, and when.
Whose clock a moment is of, its source says: `sent` is the sender's, `received` the recipient's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from detente.exchange.entries import Entry, read_entry, read_receipt, read_received
from detente.exchange.message import Message, Place, peek, stamp
from detente.exchange.refused import RefusedError
from detente.model.kind import Kind
from detente.vocabulary.messages import ENVELOPE, is_message


@dataclass(frozen=True, slots=True)
class Known:
    """A party of an exchange in the words of the evidence: the Party's name, and the id of the source that speaks for it."""

    party: str
    source: str


@dataclass(frozen=True, slots=True)
class Testimony:
    """Rows of evidence, each with its `kind`; and the messages that are events of no kind, with why."""

    rows: tuple[Mapping[str, Any], ...]
    passed_over: tuple[tuple[str, str], ...]


def statements_of(entries: Sequence[bytes], keeper: str, known: Mapping[str, Known], kinds: Mapping[str, Kind]) -> Testimony:
    """The statements that a verified log of `keeper` makes.

    Raises:
        RefusedError: an entry is not what it must be, or a party of the exchange is not among those `known`.
    """
    rows: list[Mapping[str, Any]] = []
    passed_over: list[tuple[str, str]] = []
    for told in _told(entries):
        event = f"{told.message.sender}/{told.message.place.lane}/{told.message.place.number}"
        kind = kinds.get(told.message.kind.split(".")[0])
        if (why := _no_event(told.message, kind)) is not None:
            passed_over.append((event, why))
        elif kind is not None:
            rows += _rows(told, event, kind, keeper, known)
    return Testimony(tuple(rows), tuple(passed_over))


@dataclass(frozen=True, slots=True)
class _Told:
    """A message in a log, and when the recipient says that it stored it, if it has said so."""

    message: Message
    stored_at: str | None


def _told(entries: Sequence[bytes]) -> Iterator[_Told]:
    read = [read_entry(data) for data in entries]
    receipts = dict(_receipts(read))
    for entry in read:
        if entry.kind == "sent":
            message = peek(entry.data)
            yield _Told(message, receipts.get(message.place))
        elif entry.kind == "received":
            stored_at, note = read_received(entry)
            yield _Told(peek(note), stored_at)


def _receipts(entries: Sequence[Entry]) -> Iterator[tuple[Place, str]]:
    for entry in entries:
        if entry.kind == "receipt":
            place, proof = read_receipt(entry)
            yield place, (proof.extra or b"").decode("ascii", "replace")


def _no_event(message: Message, kind: Kind | None) -> str | None:
    """Why a message is no event that rules can name."""
    if kind is None or not is_message(kind):
        return f"{message.kind} is no kind of message that the vocabulary knows"
    for name, value in message.body.items():
        if name not in kind.fields or name in ENVELOPE:
            return f"{kind.name} has no field {name} for a body"
        if not isinstance(value, (str, int, bool)):
            return f"{name} holds more than one value"
    return None


def _rows(told: _Told, event: str, kind: Kind, keeper: str, known: Mapping[str, Known]) -> Iterator[Mapping[str, Any]]:
    """One statement by the sender, and one by the recipient once it has signed that it stored the message."""
    message = told.message
    for party in (message.sender, message.recipient):
        if party not in known:
            raise RefusedError("unknown-name", f"expected to be told who {party} is in the evidence")
    words = message.kind.split(".")
    answers = f"{message.recipient}/{message.re.lane}/{message.re.number}" if message.re and "about" in kind.fields else None
    common = {
        "kind": kind.name,
        "says": "asserts",
        "event": event,
        "party": known[message.sender].party,
        "recipient": known[message.recipient].party,
        **({"about": answers} if answers else {}),
        **({"type": words[1]} if len(words) > 1 and "type" in kind.fields else {}),
        **{name: ("yes" if value else "no") if isinstance(value, bool) else str(value) for name, value in message.body.items()},
        "sent": stamp(message.sent_at),
        "cite": f"{message.channel}: {message.place} of {message.sender}, in the log of {keeper}",
    }
    sent = stamp(message.sent_at)
    # Who has no receipt knows only that nothing arrives before it is sent.
    arrived = told.stored_at if told.stored_at and keeper == message.sender else f">={sent}"
    yield {"id": f"{event}/sent", "source": known[message.sender].source, "said_at": sent, "received": arrived, **common}
    if told.stored_at:
        stored = {"said_at": told.stored_at, "received": told.stored_at}
        yield {"id": f"{event}/stored", "source": known[message.recipient].source, **stored, **common}
