"""`detente node`: a party's node, its channels and how they stand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from detente.cli.sealed import sealed
from detente.cli.streams import BREACHED, refusal, write
from detente.model.problem import Problem

if TYPE_CHECKING:
    from detente.node.boxes import Standing

NodeFolder = Annotated[Path, typer.Argument(metavar="NODE", help="The node's folder.")]
Party = Annotated[str, typer.Option("--party", metavar="NAME", help="The party's name, such as arland.example.")]
ChannelName = Annotated[str, typer.Argument(metavar="CHANNEL", help="The channel's name, the same on both sides.")]
Card = Annotated[Path, typer.Argument(metavar="CARD", help="The other side's card.")]
Output = Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write the result there and not to stdout.")]

node = typer.Typer(help="A party's node: its keys, channels and logs.", no_args_is_help=True)


@node.command("init")
def init(folder: NodeFolder, party: Party) -> None:
    """Make a node: a folder with keys and an empty database."""
    with sealed():
        from detente.node.folder import make_node

        try:
            make_node(folder, party)
        except FileExistsError:
            raise refusal(Problem("unwritable-file", f"{folder} exists and is not empty", help="name another folder")) from None
        write(f"made the node of {party}; next: detente node channel {folder} CHANNEL\n", None)


@node.command("channel")
def channel(folder: NodeFolder, name: ChannelName, output: Output = None) -> None:
    """Open a channel, and write this party's card for the other side."""
    with sealed():
        from detente.node.folder import open_channel, opened

        with opened(folder) as own:
            card = open_channel(own, name)
        write(card, output)


@node.command("pair")
def pair(folder: NodeFolder, card: Card) -> None:
    """Take the other side's card. Compare its fingerprint with them by voice or in person."""
    with sealed():
        from detente.node.folder import opened
        from detente.node.folder import pair as take

        with opened(folder) as own:
            found = take(own, card.read_bytes())
        write(f"paired with {found.party} on {found.channel}\nfingerprint: {found.fingerprint}\n", None)


@node.command("status")
def status(folder: NodeFolder) -> None:
    """How every channel stands. Exits with 1 where one is stopped or holds evidence against somebody."""
    with sealed():
        from detente.node.boxes import standing
        from detente.node.folder import opened

        lines, is_bad = [], False
        with opened(folder) as own:
            paired = {str(name) for (name,) in own.db.execute("SELECT name FROM channel WHERE card IS NOT NULL")}
            for name in own.channels():
                if name not in paired:
                    lines.append(f"{name}: not paired")
                    continue
                found = standing(own, own.channel(name))
                lines += _lines(found)
                is_bad = is_bad or found.channel.stopped is not None or bool(found.evidence)
        write("".join(f"{line}\n" for line in lines or ["no channels"]), None)
        if is_bad:
            raise typer.Exit(BREACHED)


def _lines(found: Standing) -> list[str]:
    own = found.channel
    lines = [
        f"{own.name}: with {own.peer.party}",
        f"  own log      {found.size} entries, {own.confirmed} of them cosigned by {own.peer.party}",
        f"  their log    {found.peer_size} entries seen",
        f"  queued       {found.queued}",
    ]
    lines += [f"  waiting      {found.waiting} that came before their turn"] if found.waiting else []
    lines += [f"  evidence     {code}" for code in found.evidence]
    lines += [f"  stopped      {own.stopped}"] if own.stopped else []
    return lines
