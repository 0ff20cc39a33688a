"""Clauses after the sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from detente.agreement.tree.at import At, unplaced
from detente.agreement.tree.condition import Condition
from detente.agreement.tree.deed import Deed, Nominal
from detente.agreement.tree.due import By
from detente.agreement.tree.word import RefTree, Stretch, Word


@dataclass(frozen=True, slots=True)
class Unless:
    """`unless ...`."""

    condition: Condition
    at: At = unplaced()


@dataclass(frozen=True, slots=True)
class ExceptionTree:
    """`exception 41 "Alert exercises": where ..., shall notify X ...`."""

    id: Word
    title: str | None
    where: Condition
    deed: Deed
    deadline: By | None
    at: At = unplaced()


@dataclass(frozen=True, slots=True)
class Otherwise:
    """`else B shall attend consultations with A within 48 hours`."""

    bearer: Nominal
    modal: Literal["shall", "may"]
    deed: Deed
    deadline: By | None
    at: At = unplaced()


@dataclass(frozen=True, slots=True)
class CountsAt:
    """`counts at sent`."""

    field: Word


@dataclass(frozen=True, slots=True)
class Voluntary:
    """`voluntary`."""


@dataclass(frozen=True, slots=True)
class Notwithstanding:
    """`notwithstanding rule 3.1 and article 4`."""

    refs: tuple[RefTree, ...]
    at: At = unplaced()


@dataclass(frozen=True, slots=True)
class Irrefusable:
    """`which no Party may refuse`."""

    at: At = unplaced()


@dataclass(frozen=True, slots=True)
class Survives:
    """`survives expiry and withdrawal for 2 years`."""

    of: tuple[Literal["expiry", "withdrawal"], ...]
    lasting: Stretch | None
    at: At = unplaced()


Tail = Unless | ExceptionTree | Otherwise | CountsAt | Voluntary | Notwithstanding | Irrefusable | Survives
