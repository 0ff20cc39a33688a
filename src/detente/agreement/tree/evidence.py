"""The `evidence:` block: whose account rests on what, and what establishes a breach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from detente.agreement.tree.at import At, unplaced
from detente.agreement.tree.word import Stretch, Word

TierWord = Word | Literal["own", "own-acts", "nothing else"]


@dataclass(frozen=True, slots=True)
class AccountItem:
    """`account of each Party: its own statements then monitors`. No `name`: each Party."""

    name: Word | None
    tiers: tuple[TierWord, ...]
    at: At = unplaced()


@dataclass(frozen=True, slots=True)
class QuorumItem:
    """`two of A, B, C`."""

    count: int
    sources: tuple[Word, ...]
    at: At = unplaced()


@dataclass(frozen=True, slots=True)
class EstablishedItem:
    """`a breach is established by its bearer or monitors`."""

    by: tuple[Word | QuorumItem | Literal["bearer"], ...]


@dataclass(frozen=True, slots=True)
class DisputedItem:
    """`otherwise accounts that differ make it disputed`: what holds anyway, said aloud."""


@dataclass(frozen=True, slots=True)
class TimeZoneItem:
    """`time zone Europe/Vienna`."""

    zone: Word


@dataclass(frozen=True, slots=True)
class ChangesItem:
    """`changes open`."""

    how: Literal["open", "closed"]


@dataclass(frozen=True, slots=True)
class CountsHold:
    """`counts hold for 6 months`."""

    stretch: Stretch


@dataclass(frozen=True, slots=True)
class AtResolution:
    """`at the resolution of the record`."""


@dataclass(frozen=True, slots=True)
class LeastGrade:
    """`least grade B2`."""

    grade: Word


WeightItem = AccountItem | EstablishedItem | DisputedItem | TimeZoneItem | ChangesItem | CountsHold | AtResolution | LeastGrade


@dataclass(frozen=True, slots=True)
class EvidenceBlock:
    """`evidence: ...`."""

    items: tuple[WeightItem, ...]
