"""A recording of positions that a source puts beside its statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Recording:
    """One file of tracks: who recorded it, where it is, and how exact it is.

    `file` is its name as the evidence writes it. `mapping` says how its columns
    are to be read; None where they tell. `accuracy_m` is how far a
    position may lie from the true one, in metres; `clock_s` how far its clock may be off,
    in seconds. `published` is UTC; None for a recording of which each position
    was published when it was made.
    """

    source: str
    file: str
    path: Path
    mapping: Path | None = None
    accuracy_m: float = 0.0
    clock_s: float = 0.0
    published: datetime | None = None
