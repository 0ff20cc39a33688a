"""What is happening, on stderr, for anything that takes more than a second."""

from __future__ import annotations

import sys
import time
from typing import Self

from detente.model.problem import visible

_SILENT_S = 1.0
_BETWEEN_LINES_S = 5.0
_BETWEEN_DRAWS_S = 0.1


class Progress:
    """Called with what is being done and how far it is (0 to 1).

    A terminal shows one line that is drawn over and cleared at the end; anything
    else gets a plain line every five seconds.
    """

    def __init__(self) -> None:
        self._start = time.monotonic()
        self._last = self._start
        self._on_terminal = sys.stderr.isatty()
        self._drawn = False

    def __call__(self, doing: str, done: float) -> None:
        """Note that `doing` is `done` so far; without words there is nothing to show."""
        if not doing:
            return
        now = time.monotonic()
        between = _BETWEEN_DRAWS_S if self._on_terminal else _BETWEEN_LINES_S
        if now - self._start < _SILENT_S or now - self._last < between:
            return
        self._last = now
        line = f"{visible(doing)[:60]} {min(max(done, 0.0), 1.0):4.0%}"
        if self._on_terminal:
            sys.stderr.write(f"\r\x1b[K{line}")
            self._drawn = True
        else:
            sys.stderr.write(line + "\n")
        sys.stderr.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._drawn:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
