"""What a report shows beside the verdicts: reasons, statements, times, places, and what nobody could see.

The workbench gathers it, the report arranges it; neither judges anything here.
Angles are WGS 84 degrees, longitude first. Times are UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from detente.model.source import Source
from detente.model.statement import Statement
from detente.model.verdict import Explanation, Outcome, Verdicts

Span = tuple[datetime | None, datetime | None]
"""Between which two moments something lies; None where it is open."""
Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """One point to mark. `is_whole_state`: nothing nearer is known than the state whose land it lies in."""

    name: str
    lon: float
    lat: float
    is_whole_state: bool = False


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One event or thing as all who assert it tell it together; what they differ on is wider, not chosen.

    `is_notice`: it is a message, and `about` what it is about. `outcome` is the gravest of the `instances` that it gave rise to.
    """

    event: str
    kind: str
    parties: tuple[str, ...]
    recipients: tuple[str, ...]
    is_notice: bool
    about: str | None
    happens: Span
    ends: Span
    spots: tuple[Spot, ...]
    outcome: Outcome | None
    instances: tuple[str, ...]
    due: Span = (None, None)


@dataclass(frozen=True, slots=True)
class Watch:
    """Where silence means something: a register stated complete, or what a source could see.

    It holds for one party or place only where one is named; `fraction` is the share that was seen.
    """

    source: str
    kind: str
    is_register: bool
    start: datetime | None
    end: datetime | None
    party: str | None = None
    is_narrower: bool = False
    """Limited to a recipient, a place or one event besides."""
    fraction: float = 1.0


@dataclass(frozen=True, slots=True)
class Drawing:
    """A shape that the agreement or the evidence draws, or a disputed area and whose land each account says it is."""

    name: str
    sort: Literal["agreement", "evidence", "disputed"]
    rings: tuple[Ring, ...]
    points: Ring = ()
    owners: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fix:
    """Where a craft was said to be."""

    at: datetime
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Path:
    """A craft's fixes in the order of time. Between two that lie more than `gap_s` seconds apart nothing is known."""

    craft: str
    party: str | None
    fixes: tuple[Fix, ...]
    gap_s: float = 6 * 3600.0


@dataclass(frozen=True, slots=True)
class Tested:
    """Characters of an article's prose that a rule under it names."""

    start: int
    end: int
    rule: str


@dataclass(frozen=True, slots=True)
class Voice:
    """How often a party itself has spoken in the record, and when last."""

    party: str
    statements: int
    last: datetime | None


@dataclass(frozen=True, slots=True)
class Dossier:
    """One agreement's verdicts with all that a report shows of them.

    `explanations` are by instance, `statements` by id, `tested` by article.
    `observed` is by rule: the share of `period` for which somebody stated that
    nothing it asks about could happen unseen; None where nothing is asked of time.
    `unwatched` are the kinds for which nobody stated it of any time.
    """

    verdicts: Verdicts
    parties: tuple[str, ...]
    period: Span
    explanations: Mapping[str, Explanation] = field(default_factory=dict)
    statements: Mapping[str, Statement] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    occurrences: tuple[Occurrence, ...] = ()
    watches: tuple[Watch, ...] = ()
    observed: Mapping[str, float | None] = field(default_factory=dict)
    unwatched: tuple[str, ...] = ()
    drawings: tuple[Drawing, ...] = ()
    paths: tuple[Path, ...] = ()
    tested: Mapping[str, tuple[Tested, ...]] = field(default_factory=dict)
    voices: tuple[Voice, ...] = ()
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """What each kind is called, by kind and language."""
