"""Signed notes: a text, an empty line, and lines of signatures.

    — <key name> base64(32-bit key ID || signature)

Source: C2SP signed-note v1.0.0.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from detente.exchange.refused import RefusedError
from detente.exchange.strict import decoded_text, to_base64, unbase64
from detente.exchange.vkey import SignatureType, VerifierKey, check_name

MOST_SIGNATURES = 64
"""Readers must take 16; more than this is a flood. A post-quantum signature is about 3.3 kB of text."""
MOST_BYTES = 1 << 20

_DASH = "— "


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One line: the key's name, its id, and the signature's bytes, which mean what the key's type says."""

    name: str
    key_id: bytes
    signature: bytes

    def __str__(self) -> str:
        return f"{_DASH}{self.name} {to_base64(self.key_id + self.signature)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A note as read: nothing in it is trusted yet. `text` ends in a newline."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def __str__(self) -> str:
        return f"{self.text}\n{''.join(map(str, self.signatures))}"

    def __bytes__(self) -> bytes:
        return str(self).encode()

    def by(self, key: VerifierKey) -> tuple[NoteSignature, ...]:
        """Its signatures that claim this key's name and id."""
        return tuple(s for s in self.signatures if s.name == key.name and s.key_id == key.id)


def parse_note(data: bytes) -> Note:
    """Read a note; at least one signature line, all of them whole.

    Raises:
        RefusedError: the bytes are no signed note.
    """
    if len(data) > MOST_BYTES:
        raise RefusedError("note-too-long", f"expected at most {MOST_BYTES} bytes, found {len(data)}")
    whole = decoded_text(data, "a note")
    body, gap, lines = whole.rpartition("\n\n")
    if not gap or not lines.endswith("\n"):
        raise RefusedError("not-a-note", "expected a text, an empty line, and lines of signatures")
    return Note(body + "\n", parse_signatures(lines))


def parse_signatures(lines: str) -> tuple[NoteSignature, ...]:
    """Read lines of signatures, each ending in a newline."""
    given = lines.split("\n")[:-1]
    if not given or len(given) > MOST_SIGNATURES:
        raise RefusedError("not-a-note", f"expected 1 to {MOST_SIGNATURES} lines of signatures, found {len(given)}")
    return tuple(map(_signature, given))


def _signature(line: str) -> NoteSignature:
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not space:
        raise RefusedError("bad-signature-line", f"expected an em dash, a name and a signature, found {line[:60]!r}")
    check_name(name)
    data = unbase64(encoded, f"the signature of {name}")
    if len(data) <= 4:
        raise RefusedError("bad-signature-line", f"expected a key id and a signature of {name}, found {len(data)} bytes")
    return NoteSignature(name, data[:4], data[4:])


def verify_note(note: Note, keys: Iterable[VerifierKey]) -> tuple[VerifierKey, ...]:
    """The keys, of those trusted, that signed the note's text with plain Ed25519 (type 0x01).

    Signatures of keys that are not trusted are passed over.

    Raises:
        RefusedError: none of the keys signed, or a signature that claims one of
            them does not verify: then the whole note is refused.
    """
    signed = []
    for key in keys:
        if key.type is not SignatureType.ED25519:
            raise RefusedError(
                "wrong-signature-type", f"expected a key that signs notes (type 0x01), found {key.name} of type 0x{key.type:02x}"
            )
        claims = note.by(key)
        for claim in claims:
            verify_ed25519(key, note.text.encode(), claim.signature)
        if claims:
            signed.append(key)
    if not signed:
        raise RefusedError("unsigned", f"expected a signature by a trusted key, found {_named(note.signatures)}")
    return tuple(signed)


def _named(signatures: Sequence[NoteSignature]) -> str:
    return "only " + ", ".join(f"{s.name}+{s.key_id.hex()}" for s in signatures[:5]) + (" and others" if len(signatures) > 5 else "")


def verify_ed25519(key: VerifierKey, message: bytes, signature: bytes) -> None:
    """Verify one Ed25519 signature (RFC 8032, section 5.1.7).

    Raises:
        RefusedError: it does not verify.
    """
    try:
        Ed25519PublicKey.from_public_bytes(key.key).verify(signature, message)
    except (InvalidSignature, ValueError):
        raise RefusedError("bad-signature", f"the signature that claims {key.name}+{key.id.hex()} does not verify") from None


def sign_note(text: str, name: str, secret: Ed25519PrivateKey) -> NoteSignature:
    """A line that signs `text` (type 0x01).

    Raises:
        RefusedError: the text cannot stand in a note.
    """
    if not text.endswith("\n") or decoded_text(text.encode(), "a note") != text:
        raise RefusedError("not-a-note", "expected a text that ends in a newline")
    key = VerifierKey(name, SignatureType.ED25519, secret.public_key().public_bytes_raw())
    return NoteSignature(name, key.id, secret.sign(text.encode()))
