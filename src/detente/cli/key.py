"""`detente key`: keys that sign."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from detente.cli.sealed import sealed
from detente.cli.streams import refusal, write
from detente.model.problem import Problem

Name = Annotated[str, typer.Argument(metavar="NAME", help="The key's name, such as alpha.example/node.")]
Purpose = Annotated[Literal["note", "witness", "witness-ml-dsa-44"], typer.Option("--for", help="What the key signs.")]
New = Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="The new file for the secret key; nothing is overwritten.")]
KeyFile = Annotated[Path, typer.Argument(metavar="FILE", help="A secret key file.")]

key = typer.Typer(help="Keys that sign notes, checkpoints and cosignatures.", no_args_is_help=True)


@key.command("new")
def new(name: Name, output: New, purpose: Purpose = "note") -> None:
    """Make a key: the secret goes to FILE, the verifier key to stdout."""
    with sealed():
        from detente.exchange.secret import new_secret, write_secret
        from detente.exchange.vkey import SignatureType

        types = {
            "note": SignatureType.ED25519,
            "witness": SignatureType.ED25519_COSIGNATURE,
            "witness-ml-dsa-44": SignatureType.ML_DSA_44_COSIGNATURE,
        }
        secret = new_secret(name, types[purpose])
        try:
            write_secret(output, secret)
        except FileExistsError:
            raise refusal(Problem("unwritable-file", f"{output} exists; no key is overwritten", help="name another file")) from None
        write(f"{secret.verifier}\n", None)


@key.command("show")
def show(file: KeyFile) -> None:
    """Print the verifier key of a secret key file."""
    with sealed():
        from detente.exchange.secret import read_secret

        write(f"{read_secret(file).verifier}\n", None)
