"""A channel's log as a folder that anybody can verify: checkpoint, tiles, the policy to verify it by, and a program that does."""

from __future__ import annotations

from pathlib import Path

from detente.exchange.checkpoint import Checkpoint
from detente.exchange.tiles import write_tiles
from detente.exchange.verifier import verifier
from detente.node.folder import Channel, Node
from detente.node.heads import head
from detente.node.ledger import entry, last_signed


def export_log(node: Node, channel: Channel, folder: Path) -> Checkpoint:
    """Write this party's log of a channel into a new folder, as of one checkpoint; gives that.

    The checkpoint is the newest, with the other side's cosignature where it has come back. On a
    stopped channel it is the last one that was signed.

    Raises:
        FileExistsError: the folder exists and is not empty.
        RefusedError: the log is not what was signed, and there is no checkpoint either.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(17, "is not empty", str(folder))
    signed = last_signed(node.db, channel.log) if channel.stopped else None
    if signed is None:
        own = head(node, channel)
        signed = own.checkpoint, own.note
    checkpoint, note = signed
    row = node.db.execute("SELECT cosigned FROM checkpoint WHERE log = ? AND size = ?", (channel.log, checkpoint.size)).fetchone()
    write_tiles(folder, [entry(node.db, channel.log, index) for index in range(checkpoint.size)])
    witness = f"witness {channel.peer.party} {channel.peer.witness}\n"
    quorum = channel.peer.party if row and row[0] else "none"
    log_key = node.secret("log", channel.name).verifier
    (folder / "verify.pyz").write_bytes(verifier())
    (folder / "policy").write_text(f"log {log_key}\n{witness}quorum {quorum}\n", encoding="utf-8")
    (folder / "checkpoint").write_bytes(bytes(row[0]) if row and row[0] else note)
    return checkpoint
