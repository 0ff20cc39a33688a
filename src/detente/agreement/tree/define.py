"""Definitions: kinds, places, groups, numbers, other instruments and what the text leaves open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from detente.agreement.tree.word import Amount, Day, Lasting, Word


@dataclass(frozen=True, slots=True)
class FieldTree:
    """`level: one of battalion < brigade`, `range: number km`."""

    name: Word
    type: Word | None
    unit: Word | None = None
    levels: tuple[Word, ...] = ()
    is_scale: bool = False


@dataclass(frozen=True, slots=True)
class VerbTree:
    """`in which party notifies exercise to recipient`."""

    subject: Word
    third: Word
    forms: tuple[Word, Word] | None
    object: Word | None
    signature: tuple[tuple[str, Word], ...] = ()


@dataclass(frozen=True, slots=True)
class KindTree:
    """`event in which ... having ... happens at ... complete in ...`."""

    genus: Literal["event", "thing", "stock"]
    verb: VerbTree | None
    fields: tuple[FieldTree, ...]
    happens: Word | None
    register: Word | None


@dataclass(frozen=True, slots=True)
class PlaceFile:
    """`place "border-zone.geojson"`."""

    file: str


@dataclass(frozen=True, slots=True)
class PlaceInEvidence:
    """`place in the evidence`."""


@dataclass(frozen=True, slots=True)
class MemberTree:
    """`Arland since 1999-03-12 until 2004-01-01`."""

    name: Word
    since: Day | None = None
    until: Day | None = None


@dataclass(frozen=True, slots=True)
class MembersOn:
    """`members of NATO on 1997-05-27`."""

    group: Word
    on: Day


MemberList = tuple[MemberTree | MembersOn, ...]


@dataclass(frozen=True, slots=True)
class GroupTree:
    """`group Arland, Borland`."""

    members: MemberList


@dataclass(frozen=True, slots=True)
class NumberIs:
    """`number 500 km`."""

    amount: Amount


@dataclass(frozen=True, slots=True)
class DurationIs:
    """`duration 42 days`."""

    lasting: Lasting


@dataclass(frozen=True, slots=True)
class PartyIs:
    """`party "United States"`: another word for a party."""

    name: str


@dataclass(frozen=True, slots=True)
class InstrumentFile:
    """`agreement "incsea-1972.md"`."""

    file: str


@dataclass(frozen=True, slots=True)
class LeftOpenTree:
    """`place left open`."""

    sort: Literal["place", "group", "number", "agreement"]


Meaning = InstrumentFile | KindTree | PlaceFile | PlaceInEvidence | GroupTree | NumberIs | DurationIs | PartyIs | LeftOpenTree


@dataclass(frozen=True, slots=True)
class Define:
    """`define border-zone as place left open`."""

    name: Word
    meaning: Meaning
