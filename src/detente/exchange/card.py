"""A party's card for one channel: the keys by which the other side knows it, signed by its node key.

    detente/card@v1
    party <name>
    channel <name>
    node <vkey>       signs messages
    log <vkey>        signs the party's log of the channel; bears the log's name
    witness <vkey>    cosigns the other party's log

A card proves that its maker holds the node key, and nothing else: whose it is, people compare by voice or in person.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from detente.exchange.note import Note, parse_note, sign_note, verify_note
from detente.exchange.refused import RefusedError
from detente.exchange.secret import SecretKey
from detente.exchange.vkey import SignatureType, VerifierKey, parse_vkey

HEADER = "detente/card@v1"
NAME = re.compile(r"[a-z0-9]([a-z0-9.-]{0,98}[a-z0-9])?")
"""Names of parties and channels: they become parts of keys' names and of files' names."""

_TYPES = {
    "node": SignatureType.ED25519,
    "log": SignatureType.ED25519,
    "witness": SignatureType.ED25519_COSIGNATURE,
}


@dataclass(frozen=True, slots=True)
class Card:
    """The keys of a party for a channel."""

    party: str
    channel: str
    node: VerifierKey
    log: VerifierKey
    witness: VerifierKey

    def __str__(self) -> str:
        lines = [HEADER, f"party {self.party}", f"channel {self.channel}", *(f"{role} {getattr(self, role)}" for role in _TYPES)]
        return "".join(f"{line}\n" for line in lines)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the card's text, its first 16 bytes in groups of four digits: what people compare."""
        digits = hashlib.sha256(str(self).encode()).hexdigest()[:32]
        return " ".join(digits[i : i + 4] for i in range(0, 32, 4))


def check_party_or_channel(name: str, what: str) -> str:
    """A name that may be a party's or a channel's.

    Raises:
        RefusedError: it is none.
    """
    if not NAME.fullmatch(name) or ".." in name:
        raise RefusedError("bad-name", f"expected {what} of small letters, digits, dots and hyphens, found {name[:60]!r}")
    return name


def sign_card(card: Card, node: SecretKey) -> bytes:
    """The card as a note, signed by its own node key."""
    signer = node.signer
    if not isinstance(signer, Ed25519PrivateKey):
        raise RefusedError("wrong-signature-type", f"expected a key that signs notes, found {node.name}")
    return bytes(Note(str(card), (sign_note(str(card), node.name, signer),)))


def open_card(data: bytes) -> Card:
    """Read a card and verify that its own node key signed it.

    Raises:
        RefusedError: it is none, or its keys are not of that party and channel.
    """
    note = parse_note(data)
    lines = note.text.split("\n")
    words = [line.partition(" ") for line in lines[1:-1]]
    if lines[0] != HEADER or [word for word, _, _ in words] != ["party", "channel", *_TYPES]:
        raise RefusedError("not-a-card", f"expected {HEADER} and the lines party, channel, {', '.join(_TYPES)}")
    party, channel, *keys = (value for _, _, value in words)
    check_party_or_channel(party, "a party's name")
    check_party_or_channel(channel, "a channel's name")
    found = {}
    for (role, kind), text in zip(_TYPES.items(), keys, strict=True):
        key = parse_vkey(text)
        if key.type is not kind or key.name != key_name(party, channel, role):
            raise RefusedError(
                "wrong-key", f"expected the {role} key {key_name(party, channel, role)} of type 0x{kind:02x}, found {key.name}"
            )
        found[role] = key
    card = Card(party, channel, **found)
    if len({card.node.key, card.log.key, card.witness.key}) != len(_TYPES):
        raise RefusedError("duplicate-key", "expected three keys, each of its own")
    verify_note(note, [card.node])
    if str(card) != note.text:
        raise RefusedError("not-a-card", "expected a card in its one form")
    return card


def key_name(party: str, channel: str, role: str) -> str:
    """The name that a key bears: the log's is the log's own."""
    return f"{party}/exchange/{channel}" if role == "log" else f"{party}/{role}"
