"""Sentences about deeds: what shall, shall not and may be done, and whom a breach releases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from detente.agreement.tree.condition import Condition
from detente.agreement.tree.deed import Bearer, Deed, Nominal
from detente.agreement.tree.due import Due
from detente.agreement.tree.place import PlaceWord
from detente.agreement.tree.word import RefTree, Stretch


@dataclass(frozen=True, slots=True)
class Forbid:
    """`no Party shall conduct an exercise X where ...`, `Arland shall not ...`; `reach`: `from which it can reach ...`."""

    bearer: Bearer
    deed: Deed
    reach: PlaceWord | None
    where: Condition | None


@dataclass(frozen=True, slots=True)
class Allow:
    """`a Party may conduct an inspection I where ...`; with `only`, `a Party may ... only where ...`."""

    bearer: Bearer
    deed: Deed
    only: bool
    where: Condition | None


@dataclass(frozen=True, slots=True)
class Oblige:
    """`each Party that conducts an exercise X where ... shall notify X ...`."""

    bearer: Bearer
    occasion: Deed | None
    where: Condition | None
    deed: Deed
    deadline: Due | None
    voluntarily: bool = False


@dataclass(frozen=True, slots=True)
class Respond:
    """`when a Party A asks an inquiry Q to a Party B, B shall answer Q to A within 48 hours`."""

    actor: Nominal
    occasion: Deed
    where: Condition | None
    bearer: Nominal
    deed: Deed
    deadline: Due | None
    voluntarily: bool = False


@dataclass(frozen=True, slots=True)
class ReleaseTree:
    """`if A breaches 3, B is released from 4 until it is cured`."""

    breacher: Nominal
    of: RefTree
    released: Nominal
    scope: tuple[RefTree, ...]
    ends: Literal["cured"] | Stretch | None
