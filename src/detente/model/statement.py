"""One statement, as it is shown: who said what, when, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Says = Literal["asserts", "denies", "withdraws"]


@dataclass(frozen=True, slots=True)
class Statement:
    """A row of evidence without its fields. Times are UTC.

    `event` is None for a pattern, and for a withdrawal that names its target only.
    `file` and `line` say where it was read.
    """

    seq: int
    id: str
    kind: str
    source: str
    says: Says
    event: str | None
    said: datetime
    published: datetime
    reported_by: str | None = None
    quote: str | None = None
    language: str | None = None
    translation: str | None = None
    cite: str | None = None
    level: str | None = None
    file: str | None = None
    line: int | None = None
