"""Who says something, on whose behalf, and how good its word is held to be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

SourceKind = Literal["party", "monitor", "sensor", "register", "press", "analyst"]
SOURCE_KINDS: tuple[SourceKind, ...] = get_args(SourceKind)


@dataclass(frozen=True, slots=True)
class Source:
    """A source of statements.

    `speaks_for` names the parties whose own word its statements are; empty for
    a source that speaks for nobody. `reliability` (A to F) and `credibility`
    (1 to 6) are Admiralty grades, and `graded_by` names who gave them; they are
    shown, and filter only where the agreement says so.
    """

    id: str
    name: str
    kind: SourceKind
    speaks_for: tuple[str, ...] = ()
    reliability: str | None = None
    credibility: int | None = None
    graded_by: str | None = None
