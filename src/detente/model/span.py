"""Where a piece of text stands, so that every message can point at it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text in a file.

    Lines and columns count from 1, in characters; the end is exclusive.
    `trail` holds the headings above the place, outermost first.
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    trail: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"
