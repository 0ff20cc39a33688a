"""`detente note`: signed notes."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.cli.sealed import sealed
from detente.cli.streams import spooled, write

NoteFile = Annotated[str, typer.Argument(metavar="NOTE", help="A file that holds a signed note; - reads stdin.")]
Keys = Annotated[list[str], typer.Option("--key", metavar="VKEY", help="A verifier key that is trusted: name+id+key; repeatable.")]

note = typer.Typer(help="Signed notes (C2SP signed-note).", no_args_is_help=True)


@note.callback()
def _notes() -> None:
    """Signed notes (C2SP signed-note)."""


@note.command("verify")
def verify(file: NoteFile, key: Keys) -> None:
    """Verify a signed note, and print its text.

    Exits with 0 when a trusted key signed it and no signature that claims a trusted key is false, 1 when it is refused,
    2 when it cannot be read.
    """
    with spooled(file, ".note") as path, sealed():
        from detente.exchange.note import parse_note, verify_note
        from detente.exchange.vkey import parse_vkey

        keys = [parse_vkey(text) for text in key]
        found = parse_note(path.read_bytes())
        signed = verify_note(found, keys)
        from detente.model.problem import visible

        write(visible(found.text), None)
        typer.echo(f"signed by {', '.join(visible(k.name) for k in signed)}", err=True)
