"""A node on disk: a folder with the database, the secret keys, and nothing that is needed to read the log.

node.db  keys/node  keys/witness  keys/<channel>.log  lock
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from detente.exchange.card import Card, check_party_or_channel, key_name, open_card, sign_card
from detente.exchange.refused import RefusedError
from detente.exchange.secret import SecretKey, new_secret, read_secret, write_secret
from detente.exchange.vkey import SignatureType
from detente.node.ledger import check_entries, last_signed, size_of
from detente.node.store import create_store, locked, open_store, writing


@dataclass(frozen=True, slots=True)
class Node:
    """An open node: its party, its database, and where its secret keys lie."""

    party: str
    db: sqlite3.Connection
    keys: Path

    def secret(self, role: str, channel: str = "") -> SecretKey:
        """The secret key of a role: node, witness, or log (of a channel).

        Raises:
            RefusedError: the file is readable by others, or holds another key.
        """
        found = read_secret(self.keys / (f"{channel}.log" if role == "log" else role))
        if found.name != key_name(self.party, channel, role):
            raise RefusedError("wrong-key", f"expected the key {key_name(self.party, channel, role)}, found {found.name}")
        return found

    def channel(self, name: str) -> Channel:
        """A channel whose other side is known.

        Raises:
            RefusedError: there is none of that name, nobody is paired on it, or it was stopped.
        """
        row = self.db.execute("SELECT name, log, card, confirmed, stopped FROM channel WHERE name = ?", (name,)).fetchone()
        if row is None:
            raise RefusedError(
                "unknown-channel", f"expected one of the channels {', '.join(self.channels()) or '(none)'}, found {name[:60]!r}"
            )
        if row[2] is None:
            raise RefusedError("not-paired", f"the other side of {name} is not known yet; run detente node pair")
        return Channel(str(row[0]), str(row[1]), open_card(bytes(row[2])), int(row[3]), row[4])

    def channels(self) -> list[str]:
        """The names of all channels, paired or not."""
        return [str(name) for (name,) in self.db.execute("SELECT name FROM channel ORDER BY name")]


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel: `log` is the origin of this party's log of it, `peer` the other side, `confirmed` the size of `log` that it has cosigned.

    `stopped` says why nothing is signed any more on this channel, None where nothing is wrong.
    """

    name: str
    log: str
    peer: Card
    confirmed: int
    stopped: str | None

    def must_run(self) -> None:
        """Refuse to sign on a channel whose log does not continue what was signed before.

        Raises:
            RefusedError: it was stopped.
        """
        if self.stopped is not None:
            raise RefusedError("recovery", f"nothing is signed on {self.name}: {self.stopped}")


def make_node(folder: Path, party: str) -> None:
    """A new node for a party: keys and an empty database.

    Raises:
        RefusedError: the name cannot be a party's.
        FileExistsError: the folder exists and is not empty.
    """
    check_party_or_channel(party, "a party's name")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(17, "is not empty", str(folder))
    (folder / "keys").mkdir(mode=0o700)
    write_secret(folder / "keys" / "node", new_secret(key_name(party, "", "node"), SignatureType.ED25519))
    write_secret(folder / "keys" / "witness", new_secret(key_name(party, "", "witness"), SignatureType.ED25519_COSIGNATURE))
    db = create_store(folder / "node.db")
    db.execute("INSERT INTO party VALUES (?)", (party,))
    db.close()


@contextlib.contextmanager
def opened(folder: Path) -> Iterator[Node]:
    """A node, with every log verified from its first entry; no other process works on it meanwhile.

    A channel whose log is not what was signed stays open for reading and is stopped for signing.

    Raises:
        RefusedError: there is no node here, or another process has it.
    """
    if not (folder / "node.db").is_file():
        raise RefusedError("not-a-node", f"expected a node's folder, found {folder}; make one with detente node init")
    with locked(folder):
        db = open_store(folder / "node.db")
        try:
            (party,) = db.execute("SELECT name FROM party").fetchone()
            for name, log in db.execute("SELECT name, log FROM channel WHERE stopped IS NULL").fetchall():
                _check(db, str(name), str(log))
            yield Node(str(party), db, folder / "keys")
        finally:
            db.close()


def _check(db: sqlite3.Connection, channel: str, log: str) -> None:
    signed = last_signed(db, log)
    try:
        check_entries(db, log, 0, signed[0] if signed else None)
    except RefusedError as error:
        stop(db, channel, str(error))


def stop(db: sqlite3.Connection, channel: str, why: str) -> None:
    """Sign nothing more on a channel. What it holds can still be read, and offered for evidence."""
    with contextlib.ExitStack() as stack:
        if not db.in_transaction:
            stack.enter_context(writing(db, "stop"))
        db.execute("UPDATE channel SET stopped = coalesce(stopped, ?) WHERE name = ?", (why, channel))


def open_channel(node: Node, name: str) -> bytes:
    """A new channel; gives this party's card for the other side. Given again for a channel that is there.

    Raises:
        RefusedError: the name cannot be a channel's.
    """
    check_party_or_channel(name, "a channel's name")
    path = node.keys / f"{name}.log"
    if not path.exists():
        write_secret(path, new_secret(key_name(node.party, name, "log"), SignatureType.ED25519))
    secrets = {role: node.secret(role, name) for role in ("node", "log", "witness")}
    with writing(node.db, "channel"):
        node.db.execute("INSERT OR IGNORE INTO channel (name, log) VALUES (?, ?)", (name, secrets["log"].name))
    card = Card(node.party, name, **{role: secret.verifier for role, secret in secrets.items()})
    return sign_card(card, secrets["node"])


def pair(node: Node, data: bytes) -> Card:
    """Take the other side's card for a channel.

    Raises:
        RefusedError: it is no card, is this party's own, is of no channel here, or differs from the card taken before.
    """
    card = open_card(data)
    if card.party == node.party:
        raise RefusedError("own-card", f"expected the other side's card, found that of {node.party} itself")
    row = node.db.execute("SELECT card FROM channel WHERE name = ?", (card.channel,)).fetchone()
    if row is None:
        raise RefusedError(
            "unknown-channel", f"expected one of the channels {', '.join(node.channels()) or '(none)'}, found {card.channel}"
        )
    if row[0] is not None and str(open_card(bytes(row[0]))) != str(card):
        raise RefusedError(
            "other-card",
            f"{card.channel} is paired with another card of {open_card(bytes(row[0])).party}; keys are never replaced silently",
        )
    with writing(node.db, "pair"):
        node.db.execute("UPDATE channel SET peer = ?, card = ? WHERE name = ?", (card.party, data, card.channel))
    return card


def length(node: Node, channel: Channel) -> int:
    """How many entries this party's log of a channel has."""
    return size_of(node.db, channel.log)
