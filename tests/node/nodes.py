"""Two nodes that know each other, and what passes between them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from detente.node.bundle import Taken, read_bundle, write_bundle
from detente.node.folder import Channel, Node, make_node, open_channel, opened, pair
from detente.node.sending import Draft

CHANNEL = "arland-borland"
START = datetime(2026, 3, 1, 12, tzinfo=UTC)
NOTICE = Draft("notification.exercise", {"about": "West-26", "form": "9400 troops"})
TEST = Draft("hotline-message", {"test": True}, "hotline")


def now(minutes: int = 0) -> datetime:
    return START + timedelta(minutes=minutes)


def two(folder: Path) -> tuple[Path, Path]:
    """The folders of Arland's and Borland's nodes, paired on one channel."""
    a, b = folder / "arland", folder / "borland"
    cards = {}
    for path, party in ((a, "arland.example"), (b, "borland.example")):
        make_node(path, party)
        with opened(path) as node:
            cards[party] = open_channel(node, CHANNEL)
    with opened(a) as node:
        pair(node, cards["borland.example"])
    with opened(b) as node:
        pair(node, cards["arland.example"])
    return a, b


@contextlib.contextmanager
def on(path: Path) -> Iterator[tuple[Node, Channel]]:
    with opened(path) as node:
        yield node, node.channel(CHANNEL)


def out(path: Path, minutes: int = 0) -> bytes:
    with on(path) as (node, channel):
        return write_bundle(node, channel, now(minutes))


def take(path: Path, data: bytes, minutes: int = 0) -> list[Taken]:
    with on(path) as (node, channel):
        return read_bundle(node, channel, data, now(minutes))


def refusals(taken: list[Taken]) -> list[str]:
    return [r.refused.code for r in taken if r.refused is not None]


def carry(sender: Path, receiver: Path, minutes: int = 0) -> None:
    """One bundle, all of which must be taken."""
    taken = take(receiver, out(sender, minutes), minutes)
    assert not refusals(taken), taken
