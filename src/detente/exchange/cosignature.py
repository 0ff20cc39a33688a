"""Cosignatures: a witness states that, at this time, this was the largest consistent tree it had seen.

Source: C2SP tlog-cosignature v1.1. Ed25519 (0x04) signs the note's text under a
header; ML-DSA-44 (0x06) signs the tree's own numbers and both names.
"""

from __future__ import annotations

from collections.abc import Iterable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from detente.exchange.checkpoint import Checkpoint, SignedCheckpoint
from detente.exchange.note import NoteSignature, verify_ed25519
from detente.exchange.refused import RefusedError
from detente.exchange.strict import MOST_DECIMAL
from detente.exchange.vkey import SignatureType, VerifierKey

_LABEL = b"subtree/v1\n\x00"


def ed25519_message(checkpoint_text: str, time: int) -> bytes:
    """The bytes that an Ed25519 cosignature signs; `time` in POSIX seconds."""
    return f"cosignature/v1\ntime {time}\n{checkpoint_text}".encode()


def ml_dsa_message(checkpoint: Checkpoint, cosigner: str, time: int) -> bytes:
    """The `cosigned_message` that an ML-DSA-44 cosignature signs. It covers no extension lines."""
    name, origin = cosigner.encode(), checkpoint.origin.encode()
    if not (0 < len(name) < 256 and 0 < len(origin) < 256):
        raise RefusedError("bad-key-name", "expected names of 1 to 255 bytes for an ML-DSA-44 cosignature")
    numbers = [value.to_bytes(8, "big") for value in (time, 0, checkpoint.size)]
    return b"".join([_LABEL, bytes([len(name)]), name, numbers[0], bytes([len(origin)]), origin, numbers[1], numbers[2], checkpoint.root])


def cosign(signed: SignedCheckpoint, name: str, secret: Ed25519PrivateKey | MLDSA44PrivateKey, time: int) -> NoteSignature:
    """A line by which the witness `name` cosigns at `time` (POSIX seconds, above 0)."""
    if not 0 < time <= MOST_DECIMAL:
        raise RefusedError("bad-time", f"expected a time above 0, found {time}")
    public = secret.public_key().public_bytes_raw()
    if isinstance(secret, Ed25519PrivateKey):
        key = VerifierKey(name, SignatureType.ED25519_COSIGNATURE, public)
        signature = secret.sign(ed25519_message(signed.note.text, time))
    else:
        key = VerifierKey(name, SignatureType.ML_DSA_44_COSIGNATURE, public)
        signature = secret.sign(ml_dsa_message(signed.checkpoint, name, time))
    return NoteSignature(name, key.id, time.to_bytes(8, "big") + signature)


def verify_cosignatures(signed: SignedCheckpoint, witnesses: Iterable[VerifierKey]) -> dict[VerifierKey, int]:
    """The witnesses, of those trusted, that cosigned, each with the latest time it states (POSIX seconds).

    Witnesses that are not trusted are passed over.

    Raises:
        RefusedError: a cosignature that claims a trusted witness does not verify.
    """
    found: dict[VerifierKey, int] = {}
    for key in witnesses:
        for claim in signed.note.by(key):
            time = int.from_bytes(claim.signature[:8], "big")
            if not 0 < time <= MOST_DECIMAL or len(claim.signature) <= 8:
                raise RefusedError("bad-time", f"expected the time of the cosignature that claims {key.name}, found {time}")
            _verify(signed, key, time, claim.signature[8:])
            found[key] = max(time, found.get(key, 0))
    return found


def _verify(signed: SignedCheckpoint, key: VerifierKey, time: int, signature: bytes) -> None:
    match key.type:
        case SignatureType.ED25519_COSIGNATURE:
            verify_ed25519(key, ed25519_message(signed.note.text, time), signature)
        case SignatureType.ML_DSA_44_COSIGNATURE:
            try:
                MLDSA44PublicKey.from_public_bytes(key.key).verify(signature, ml_dsa_message(signed.checkpoint, key.name, time))
            except (InvalidSignature, ValueError):
                raise RefusedError("bad-signature", f"the cosignature that claims {key.name}+{key.id.hex()} does not verify") from None
        case _:
            raise RefusedError(
                "wrong-signature-type", f"expected a witness key (type 0x04 or 0x06), found {key.name} of type 0x{key.type:02x}"
            )
