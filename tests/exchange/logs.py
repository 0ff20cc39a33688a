"""Keys and small logs for tests; the keys are made from fixed seeds and sign nothing else."""

from __future__ import annotations

from pathlib import Path

from detente.exchange.checkpoint import Checkpoint, SignedCheckpoint, open_checkpoint
from detente.exchange.cosignature import cosign
from detente.exchange.note import Note, sign_note
from detente.exchange.secret import SecretKey
from detente.exchange.tiles import write_tiles
from detente.exchange.tree import leaf_hash, root_of
from detente.exchange.vkey import SignatureType

LOG = SecretKey("arland.example/exchange/a-b", SignatureType.ED25519, bytes([1]) * 32)
OTHER = SecretKey("borland.example/exchange/a-b", SignatureType.ED25519, bytes([2]) * 32)
WITNESS = SecretKey("borland.example/witness", SignatureType.ED25519_COSIGNATURE, bytes([3]) * 32)
QUANTUM = SecretKey("neutral.example/witness", SignatureType.ML_DSA_44_COSIGNATURE, bytes([4]) * 32)
POLICY = f"log {LOG.verifier}\nwitness b {WITNESS.verifier}\nwitness n {QUANTUM.verifier}\ngroup two all b n\nquorum two\n"
TIME = 1_790_000_000


def entries(size: int) -> list[bytes]:
    return [f"entry {n}".encode() for n in range(size)]


def checkpoint(some: list[bytes], key: SecretKey = LOG) -> Note:
    text = str(Checkpoint(key.name, len(some), root_of([leaf_hash(e) for e in some])))
    return Note(text, (sign_note(text, key.name, key.signer),))  # type: ignore[arg-type]


def opened(note: Note, key: SecretKey = LOG) -> SignedCheckpoint:
    return open_checkpoint(bytes(note), [key.verifier])


def cosigned(note: Note, *witnesses: SecretKey) -> Note:
    lines = [cosign(opened(note), w.name, w.signer, TIME) for w in witnesses]
    return Note(note.text, (*note.signatures, *lines))


def written(folder: Path, size: int, *witnesses: SecretKey) -> Path:
    """A log's folder with its policy beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    write_tiles(folder, entries(size))
    (folder / "checkpoint").write_bytes(bytes(cosigned(checkpoint(entries(size)), *(witnesses or (WITNESS, QUANTUM)))))
    (folder / "policy").write_text(POLICY)
    return folder
