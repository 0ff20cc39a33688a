"""`detente bundle`: a channel carried by hand, where there is no line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from detente.cli.sealed import sealed
from detente.cli.streams import BREACHED, say, spooled, write

NodeFolder = Annotated[Path, typer.Argument(metavar="NODE", help="The node's folder.")]
ChannelName = Annotated[str, typer.Argument(metavar="CHANNEL", help="The channel's name.")]
BundleFile = Annotated[str, typer.Argument(metavar="FILE", help="The other side's bundle; - reads stdin.")]
Output = Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write the bundle there and not to stdout.")]
Answer = Annotated[
    Path | None, typer.Option("-o", "--output", metavar="FILE", help="Also write the answer: receipts, and what waits here.")
]

bundle = typer.Typer(help="A channel carried by hand: one flat file each way.", no_args_is_help=True)


@bundle.command("out")
def out(folder: NodeFolder, name: ChannelName, output: Output = None) -> None:
    """Write all that the other side is not known to have: messages, receipts, and the head of this party's log."""
    with sealed():
        from datetime import UTC, datetime

        from detente.node.bundle import write_bundle
        from detente.node.folder import opened

        with opened(folder) as own:
            data = write_bundle(own, own.channel(name), datetime.now(UTC))
        write(data, output)


@bundle.command("in")
def take(folder: NodeFolder, file: BundleFile, output: Answer = None) -> None:
    """Take a bundle of the other side. Exits with 1 where a record was refused; the others are taken."""
    with spooled(file, ".bundle") as path, sealed():
        from datetime import UTC, datetime

        from detente.node.bundle import bundle_channel, read_bundle, write_bundle
        from detente.node.folder import opened

        data = path.read_bytes()
        with opened(folder) as own:
            name = bundle_channel(data)
            now = datetime.now(UTC)
            taken = read_bundle(own, own.channel(name), data, now)
            answer = write_bundle(own, own.channel(name), now) if output is not None else None
        for record in taken:
            if record.refused is not None:
                say(f"{file}:{record.line}: {record.what} refused: {record.refused}")
        write("".join(f"{r.what}: taken\n" for r in taken if r.refused is None), None)
        if answer is not None:
            write(answer, output)
        if any(record.refused is not None for record in taken):
            raise typer.Exit(BREACHED)
