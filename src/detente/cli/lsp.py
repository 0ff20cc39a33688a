"""`detente lsp`: the server that an editor starts to ask about the agreement being written."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Annotated

import typer

from detente.cli.streams import refusal
from detente.model.problem import Problem

Stdio = Annotated[bool, typer.Option("--stdio", help="Talk over stdin and stdout. There is no other way; editors often say so.")]


def lsp(stdio: Stdio = True) -> None:  # noqa: ARG001  some editors add it to every server's command
    """Serve an editor over stdin and stdout.

    The Language Server Protocol: problems while typing, completion, hover, definitions, renaming, formatting, an outline and
    verdicts. An editor starts it. Exits with 0 when the editor has said to stop, 1 when it left without.
    """
    if find_spec("pygls") is None:
        raise refusal(Problem("missing-extra", "the language server is not installed", help='install it: pip install "detente[lsp]"'))
    from detente.editor.server import serve

    serve()
