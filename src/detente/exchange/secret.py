"""Secret keys in files: one line, readable by their owner alone.

    PRIVATE+KEY+<key name>+hex(32-bit key ID)+base64(signature type || seed)

Source: the form of `golang.org/x/mod/sumdb/note`, carried over to cosignature keys.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from detente.exchange.refused import RefusedError
from detente.exchange.strict import to_base64, unbase64
from detente.exchange.vkey import SignatureType, VerifierKey, check_name

_HEAD = "PRIVATE+KEY+"
_MOST_BYTES = 4096
SEED_SIZE = 32


@dataclass(frozen=True, slots=True)
class SecretKey:
    """A key that signs under a name. The seed is 32 bytes for every type and is never shown."""

    name: str
    type: SignatureType
    seed: bytes = field(repr=False)

    @property
    def signer(self) -> Ed25519PrivateKey | MLDSA44PrivateKey:
        """The key that signs."""
        if self.type is SignatureType.ML_DSA_44_COSIGNATURE:
            return MLDSA44PrivateKey.from_seed_bytes(self.seed)
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    @property
    def verifier(self) -> VerifierKey:
        """The key that others verify with."""
        return VerifierKey(self.name, self.type, self.signer.public_key().public_bytes_raw())


def new_secret(name: str, signature_type: SignatureType) -> SecretKey:
    """A fresh key from the system's random numbers."""
    check_name(name)
    return SecretKey(name, signature_type, os.urandom(SEED_SIZE))


def write_secret(path: Path, secret: SecretKey) -> None:
    """Write a key to a new file that only its owner may read.

    Raises:
        FileExistsError: something stands there; no key is ever overwritten.
    """
    line = f"{_HEAD}{secret.name}+{secret.verifier.id.hex()}+{to_base64(bytes([secret.type]) + secret.seed)}\n"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(line.encode())
        file.flush()
        os.fsync(file.fileno())


def read_secret(path: Path) -> SecretKey:
    """Read a key file.

    Raises:
        RefusedError: others may read it; it is no key; its id is not that of its key.
        OSError: it cannot be opened.
    """
    with path.open("rb") as file:
        mode = os.fstat(file.fileno()).st_mode
        if not stat.S_ISREG(mode):
            raise RefusedError("not-a-key", "expected a regular file")
        if mode & 0o077:
            raise RefusedError(
                "open-key-file", f"expected a file that only its owner may read, found mode {mode & 0o777:03o}; run chmod 600"
            )
        data = file.read(_MOST_BYTES)
    try:
        name, key_id, encoded = data.decode().removesuffix("\n").removeprefix(_HEAD).split("+", 2)
    except ValueError:
        raise RefusedError("not-a-key", f"expected one line that begins with {_HEAD}") from None
    material = unbase64(encoded, "the secret key")
    if not data.startswith(_HEAD.encode()) or len(material) != 1 + SEED_SIZE or material[0] not in set(SignatureType):
        raise RefusedError("not-a-key", f"expected one line that begins with {_HEAD} and holds a seed of {SEED_SIZE} bytes")
    secret = SecretKey(name, SignatureType(material[0]), material[1:])
    if secret.verifier.id.hex() != key_id:
        raise RefusedError("wrong-key-id", f"expected the id {secret.verifier.id.hex()} for {name}")
    return secret
