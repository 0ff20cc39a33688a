"""Verifier keys: who signs, by which algorithm, with which public key.

    <key name>+hex(32-bit key ID)+base64(signature type || public key)

Source: C2SP signed-note, "Verifier keys" and "Signature types"; C2SP tlog-cosignature, "Format".
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import IntEnum

from detente.exchange.refused import RefusedError
from detente.exchange.strict import to_base64, unbase64


class SignatureType(IntEnum):
    """The signature types that are read here."""

    ED25519 = 0x01
    ED25519_COSIGNATURE = 0x04
    ML_DSA_44_COSIGNATURE = 0x06


KEY_SIZES = {SignatureType.ED25519: 32, SignatureType.ED25519_COSIGNATURE: 32, SignatureType.ML_DSA_44_COSIGNATURE: 1312}

_P = 2**255 - 19
_SMALL_ORDER_Y = frozenset(
    {
        0,
        1,
        _P - 1,
        2707385501144840649318225287225658788936804267575313519463743609750303402022,
        55188659117513257062467267217118295137698188065244968500265048394206261417927,
    }
)
"""The y coordinates of the eight points whose order divides 8: signatures under them can fit many texts (RFC 8032, section 8.3)."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A key that is trusted to sign under a name. `key` is the public key's bytes: 32 for Ed25519, 1312 for ML-DSA-44."""

    name: str
    type: SignatureType
    key: bytes

    def __post_init__(self) -> None:
        check_name(self.name)
        if len(self.key) != KEY_SIZES[self.type]:
            raise RefusedError("bad-key", f"expected a public key of {KEY_SIZES[self.type]} bytes, found {len(self.key)}")
        if self.type is not SignatureType.ML_DSA_44_COSIGNATURE:
            _check_point(self.key)

    @property
    def id(self) -> bytes:
        """The first four bytes of SHA-256(name || newline || type || key)."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.type]) + self.key).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{to_base64(bytes([self.type]) + self.key)}"


def parse_vkey(text: str) -> VerifierKey:
    """Read a verifier key.

    Raises:
        RefusedError: it is none; its id is not that of its key; its type is not
            read here; its public key is of small order or has a second spelling.
    """
    # The name holds no plus, and base64 may: split from the left.
    parts = text.split("+", 2)
    if len(parts) != 3:
        raise RefusedError("bad-vkey", f"expected name+id+key, found {text[:60]!r}")
    name, key_id, encoded = parts
    material = unbase64(encoded, "the key of a vkey")
    try:
        signature_type = SignatureType(material[0])
    except (ValueError, IndexError):
        known = ", ".join(f"0x{t:02x}" for t in SignatureType)
        raise RefusedError("unknown-signature-type", f"expected one of {known}, found {material[:1].hex() or 'nothing'}") from None
    key = VerifierKey(name, signature_type, material[1:])
    if key_id != key.id.hex():
        raise RefusedError("wrong-key-id", f"expected the id {key.id.hex()} for {name}, found {key_id[:20]!r}")
    return key


def check_name(name: str) -> None:
    """Refuse what cannot be a key's name: empty, with a space of any script, a plus or a control character.

    Source: C2SP signed-note, "Format".
    """
    if not name or any(c.isspace() or c == "+" or c < " " for c in name):
        raise RefusedError("bad-key-name", f"expected a name without spaces and plus signs, found {name[:60]!r}")


def _check_point(key: bytes) -> None:
    y = int.from_bytes(key, "little") & ((1 << 255) - 1)
    if y >= _P:
        raise RefusedError("bad-key", "expected a public key in its one form, found a coordinate beyond the field")
    if y in _SMALL_ORDER_Y:
        raise RefusedError("small-order-key", "expected a public key of full order, found one whose signatures fit many texts")
