"""`detente` and `python -m detente`: run the command line, and let no error out unexplained."""

from __future__ import annotations

import sys

from detente.cli.app import app
from detente.cli.streams import close_stdout
from detente.model.problem import visible


def main() -> None:
    """Run one command; exit with its code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except BrokenPipeError:
        close_stdout()
    except Exception as error:
        if "--traceback" in sys.argv:
            raise
        _apologise(error)
        sys.exit(2)


def _apologise(error: Exception) -> None:
    said = visible(f"unexpected-error: {type(error).__name__}: {error}"[:500])
    sys.stderr.write(f"""{said}
   This is a fault of detente, not of your documents; no verdict was given.
   help: run `detente --traceback ...` again and report what it prints, with your command line
""")


if __name__ == "__main__":
    main()
