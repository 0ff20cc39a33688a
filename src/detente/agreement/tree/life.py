"""The `agreement:` block: title, parties, and from when until when it binds them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from detente.agreement.tree.at import At, unplaced
from detente.agreement.tree.define import MemberList
from detente.agreement.tree.word import Day, RefTree, Stretch, Word


@dataclass(frozen=True, slots=True)
class TitleItem:
    """`title "..."`."""

    text: str


@dataclass(frozen=True, slots=True)
class PartiesItem:
    """`parties Arland, Borland`."""

    members: MemberList


@dataclass(frozen=True, slots=True)
class EntersOn:
    """`enters into force on 2011-02-05`."""

    day: Day


@dataclass(frozen=True, slots=True)
class EntersWhen:
    """`enters into force when all Parties have ratified`."""

    share: Literal["all", "majority"]
    participle: Word


@dataclass(frozen=True, slots=True)
class NeverEnters:
    """`never enters into force`."""


@dataclass(frozen=True, slots=True)
class Renewed:
    """`renewed for 3 years at a time unless a Party objects at least 6 months before expiry`."""

    period: Stretch
    may_object: bool
    notice: Stretch | None


@dataclass(frozen=True, slots=True)
class Expires:
    """`expires on 2026-02-05 unless extended by all Parties for at most 5 years`."""

    when: Day | Stretch
    extension: Stretch | None
    renewal: Renewed | None = None


@dataclass(frozen=True, slots=True)
class Provisionally:
    """`applies provisionally from 1992-07-17 until 1992-11-09`; no `since`: from signature."""

    since: Day | None
    until: Day | None
    at: At = unplaced()


@dataclass(frozen=True, slots=True)
class Released:
    """`a Party that notifies withdrawal is released 30 days after it`."""

    verb: Word
    kind: Word
    after: Stretch


@dataclass(frozen=True, slots=True)
class SuspensionItem:
    """`suspension of article 3 has effect 30 days after it`."""

    of: tuple[RefTree, ...] = ()
    after: Stretch | None = None
    at: At = unplaced()


LifeItem = TitleItem | PartiesItem | EntersOn | EntersWhen | NeverEnters | Expires | Provisionally | Released | SuspensionItem


@dataclass(frozen=True, slots=True)
class AgreementBlock:
    """`agreement: ...`."""

    items: tuple[LifeItem, ...]
