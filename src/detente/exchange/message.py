"""A message: two lines of text, signed as a note.

    detente/message@v1
    {"channel": ..., "from": ..., "to": ..., "lane": ..., "n": ..., "kind": ..., "sent_at": ..., "re": ..., "after": ..., "salt": ..., "body": {...}}

Recipient, channel, lane and number are under the signature, so that a message cannot be moved
elsewhere. `after` names the other side's last checkpoint that the sender had seen: the message was not written
before it. The salt keeps a short coded message from being guessed from its hash. The bytes are signed,
stored and verified as they are; they are decoded only after that, strictly.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from detente.exchange.checkpoint import Checkpoint
from detente.exchange.note import Note, parse_note, sign_note, verify_note
from detente.exchange.refused import RefusedError
from detente.exchange.secret import SecretKey
from detente.exchange.strict import hash_line, read_json, to_base64, unbase64
from detente.exchange.vkey import VerifierKey

HEADER = "detente/message@v1"
MOST_BYTES = 32 * 1024
LANES = ("hotline", "routine")
"""Each lane has its own numbers, so that what is urgent waits for nothing."""
MOST_NUMBER = (1 << 53) - 1
"""The largest whole number that every JSON reader keeps."""
SALT_SIZE = 16
_KIND = re.compile(r"[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*){0,3}")
_MOST_TEXT = 8_000
_MOST_DEPTH = 6
_STAMP = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message stands among those of its sender on a channel: its lane, and its number there from 1."""

    lane: str
    number: int

    def __str__(self) -> str:
        return f"{self.lane} {self.number}"


@dataclass(frozen=True, slots=True)
class Message:
    """A message as its sender meant it. `re` is the message of the other side that it answers; `sent_at` is the sender's own clock, in UTC."""

    channel: str
    sender: str
    recipient: str
    place: Place
    kind: str
    sent_at: datetime
    salt: bytes
    body: Mapping[str, Any]
    re: Place | None = None
    after: Checkpoint | None = None


def sign_message(message: Message, key: SecretKey) -> bytes:
    """The note that carries a message, signed by its sender's node key.

    Raises:
        RefusedError: a field is not what it must be, or the whole is longer than 32 KiB.
    """
    signer = key.signer
    if not isinstance(signer, Ed25519PrivateKey):
        raise RefusedError("wrong-signature-type", f"expected a key that signs notes, found {key.name}")
    text = f"{HEADER}\n{_encoded(message)}\n"
    note = bytes(Note(text, (sign_note(text, key.name, signer),)))
    open_message(note, [key.verifier])
    return note


def _encoded(message: Message) -> str:
    after = None
    if message.after is not None:
        after = {"origin": message.after.origin, "size": message.after.size, "root": to_base64(message.after.root)}
    fields = {
        "channel": message.channel,
        "from": message.sender,
        "to": message.recipient,
        "lane": message.place.lane,
        "n": message.place.number,
        "kind": message.kind,
        "sent_at": stamp(message.sent_at),
        "re": None if message.re is None else {"lane": message.re.lane, "n": message.re.number},
        "after": after,
        "salt": to_base64(message.salt),
        "body": dict(message.body),
    }
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def open_message(data: bytes, keys: Iterable[VerifierKey]) -> Message:
    """Verify a message's note by the sender's node keys, and read it.

    Raises:
        RefusedError: it is no note, nobody trusted signed it, or it is not exactly what a message must be.
    """
    return _decoded(data, keys)


def peek(data: bytes) -> Message:
    """Read a message whose signature somebody else has verified, or that is asked for its place only.

    Raises:
        RefusedError: it is not exactly what a message must be.
    """
    return _decoded(data, None)


def _decoded(data: bytes, keys: Iterable[VerifierKey] | None) -> Message:
    if len(data) > MOST_BYTES:
        raise RefusedError("message-too-long", f"expected at most {MOST_BYTES} bytes, found {len(data)}")
    note = parse_note(data)
    if keys is not None:
        verify_note(note, keys)
    header, _, rest = note.text.partition("\n")
    line, end, more = rest.partition("\n")
    if header != HEADER or not end or more:
        raise RefusedError("not-a-message", f"expected {HEADER} and one line of JSON, found {header[:60]!r}")
    fields = read_json(line.encode(), "a message")
    return _read(_exactly(fields, _FIELDS, "a message"))


_FIELDS = ("channel", "from", "to", "lane", "n", "kind", "sent_at", "re", "after", "salt", "body")


def _read(fields: Mapping[str, Any]) -> Message:
    kind = _text(fields["kind"], "kind")
    if not _KIND.fullmatch(kind):
        raise RefusedError("bad-kind", f"expected a kind such as notification.exercise, found {kind[:60]!r}")
    salt = unbase64(_text(fields["salt"], "salt"), "the salt")
    if len(salt) != SALT_SIZE:
        raise RefusedError("bad-salt", f"expected a salt of {SALT_SIZE} bytes, found {len(salt)}")
    body = fields["body"]
    if not isinstance(body, dict):
        raise RefusedError("bad-field", f"expected an object in body, found {body!r:.40}")
    check_body(body)
    return Message(
        channel=_text(fields["channel"], "channel"),
        sender=_text(fields["from"], "from"),
        recipient=_text(fields["to"], "to"),
        place=_place(fields),
        kind=kind,
        sent_at=read_stamp(_text(fields["sent_at"], "sent_at")),
        salt=salt,
        body=body,
        re=None if fields["re"] is None else _place(_exactly(fields["re"], ("lane", "n"), "re")),
        after=None if fields["after"] is None else _checkpoint(_exactly(fields["after"], ("origin", "size", "root"), "after")),
    )


def _exactly(value: object, names: tuple[str, ...], what: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise RefusedError("bad-field", f"expected an object in {what}, found {value!r:.40}")
    for name in (*names, *value):
        if name not in value or name not in names:
            fault = "lacks" if name not in value else "has the unknown field"
            raise RefusedError("bad-field", f"expected the fields {', '.join(names)}; {what} {fault} {name[:40]!r}")
    return value


def _place(fields: Mapping[str, Any]) -> Place:
    lane, number = fields["lane"], fields["n"]
    if lane not in LANES:
        raise RefusedError("bad-field", f"expected one of {', '.join(LANES)} in lane, found {lane!r:.40}")
    if not _is_whole(number) or not 1 <= number <= MOST_NUMBER:
        raise RefusedError("bad-number", f"expected a number from 1 in n, found {number!r:.40}")
    return Place(lane, number)


def _checkpoint(fields: Mapping[str, Any]) -> Checkpoint:
    size = fields["size"]
    if not _is_whole(size) or not 0 <= size <= MOST_NUMBER:
        raise RefusedError("bad-number", f"expected a tree's size in after, found {size!r:.40}")
    return Checkpoint(_text(fields["origin"], "after.origin"), size, hash_line(_text(fields["root"], "after.root"), "the root in after"))


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _text(value: object, what: str) -> str:
    if not isinstance(value, str) or not value:
        raise RefusedError("bad-field", f"expected text in {what}, found {value!r:.40}")
    return value


def stamp(moment: datetime) -> str:
    """A moment in UTC, to the second."""
    return moment.astimezone(UTC).strftime(_STAMP)


def read_stamp(text: str) -> datetime:
    """A moment as `stamp` writes it.

    Raises:
        RefusedError: it is written in any other way.
    """
    try:
        found = datetime.strptime(text, _STAMP).replace(tzinfo=UTC)
    except ValueError:
        raise RefusedError("bad-time", f"expected a moment such as 2026-11-21T20:22:25Z, found {text[:40]!r}") from None
    if found.strftime(_STAMP) != text:
        raise RefusedError("bad-time", f"expected a moment in its one form, found {text[:40]!r}")
    return found


def check_body(body: object, depth: int = 0, at: str = "body") -> None:
    """Refuse what two programs could read differently, or a page show differently: fractions, large numbers, deep nesting, control characters.

    Raises:
        RefusedError: with the field at fault.
    """
    if depth > _MOST_DEPTH:
        raise RefusedError("too-deep", f"expected at most {_MOST_DEPTH} levels in {at}")
    match body:
        case dict():
            for name, value in body.items():
                check_body(name, depth + 1, at)
                check_body(value, depth + 1, f"{at}.{name[:40]}")
        case list():
            for n, value in enumerate(body):
                check_body(value, depth + 1, f"{at}[{n}]")
        case str():
            if len(body) > _MOST_TEXT:
                raise RefusedError("text-too-long", f"expected at most {_MOST_TEXT} characters in {at}, found {len(body)}")
            for letter in body:
                if (letter < " " and letter != "\n") or "\x7f" <= letter <= "\x9f":
                    raise RefusedError("control-character", f"expected no control character in {at}, found U+{ord(letter):04X}")
        case bool() | None:
            pass
        case int() if abs(body) <= MOST_NUMBER:
            pass
        case _:
            raise RefusedError("bad-number", f"expected whole numbers up to 2^53, and others as text, in {at}, found {body!r:.40}")
