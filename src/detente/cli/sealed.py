"""Refusals of the exchange on the command line: one line on stderr, and exit code 1."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from importlib.util import find_spec

import typer

from detente.cli.streams import BREACHED, refusal, say
from detente.model.problem import Problem


@contextlib.contextmanager
def sealed() -> Iterator[None]:
    """Turn a refusal into its line and exit code 1, and what cannot be read into a problem and exit code 2."""
    if find_spec("cryptography") is None:
        raise refusal(Problem("missing-extra", "the exchange is not installed", help='install it: pip install "detente[exchange]"'))
    from detente.exchange.refused import RefusedError

    try:
        yield
    except RefusedError as error:
        say(f"refused: {error}")
        raise typer.Exit(BREACHED) from None
    except FileNotFoundError as error:
        raise refusal(Problem("missing-file", f"{error.filename} does not exist")) from None
    except OSError as error:
        raise refusal(Problem("unreadable-file", f"{error.filename or 'a file'}: {error.strerror or error}")) from None
    except sqlite3.OperationalError as error:
        message = f"the node's database could not be written, and nothing was done: {error}"
        raise refusal(
            Problem("unwritable-file", message, help="make room on its disk, or give its folder back the right to be written")
        ) from None
