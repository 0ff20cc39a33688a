"""The `evidence:` block: whose word counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from detente.model.duration import Duration
from detente.model.span import Span

Tier = str
"""`own`, `own-acts`, `monitors`, `sensors`, `registers`, `press`, `analysts`, or the id of one source."""


@dataclass(frozen=True, slots=True)
class AccountRule:
    """`account of each Party: its own statements then monitors then sensors;`.

    `name` is "each Party", "neutrals", or a joint account's own name. With
    `nothing_else` the own acts of others are left out too.
    """

    name: str
    tiers: tuple[Tier, ...]
    span: Span
    nothing_else: bool = False


@dataclass(frozen=True, slots=True)
class Quorum:
    """`two of A, B, C`: so many of these sources' accounts agree."""

    count: int
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The `evidence:` block. Where it says nothing the defaults of the semantics hold.

    `establishes` lists `bearer`, ids of sources, or a quorum. `least_grade` is
    the lowest Admiralty reliability (A-F) and credibility (1-6) that still counts.
    """

    accounts: tuple[AccountRule, ...] = ()
    establishes: tuple[str | Quorum, ...] = ()
    time_zone: str = "UTC"
    changes: Literal["closed", "open"] = "closed"
    counts_hold: Duration | None = None
    at_resolution_of_record: bool = False
    least_grade: tuple[str, int] | None = None
