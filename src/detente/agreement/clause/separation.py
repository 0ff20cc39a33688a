"""Separation: the least distance that craft keep from one another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from detente.agreement.clause.condition import Condition, Constant, LeftOpen
from detente.agreement.clause.head import Head
from detente.agreement.clause.who import Who


@dataclass(frozen=True, slots=True)
class Craft:
    """`any warship B of any other Party`: a kind of thing, its variable, and whose it is (Parties(): of any)."""

    kind: str
    var: str
    of: Who


@dataclass(frozen=True, slots=True)
class Spacing:
    """`5 nm`, `1 nm or 1000 ft vertically`, `1000 ft vertically`, in metres.

    With both, either is enough: two craft are apart if they are `horizontal`
    apart along the ellipsoid or `vertical` apart in altitude. `horizontal`
    alone asks for the distance itself, which a difference in altitude can only
    make greater; where an altitude is unknown the distance along the ellipsoid is its least. Never both None.
    """

    horizontal: Constant | LeftOpen | None
    vertical: Constant | LeftOpen | None


@dataclass(frozen=True, slots=True)
class Separation:
    """Two craft shall stay at least so far apart, at all times.

    Measured: the distance between a craft of `first` and one of `second` at
    their closest approach, as stated in an `encounter` (a party's word or a
    finding), with its error and with what gaps in coverage allow. `different`:
    only craft of different Parties. Who bears it: both ("any two warships A
    and B ..."), or the Party of `first` alone ("each warship A ... shall keep
    ... from any warship B"). One instance per encounter and bearer; a breach
    is a distance certainly below the limit (the limit itself is far enough),
    `where` certain and `unless` impossible. A pair never heard near each other
    makes no instance; a limit left open makes no verdict.
    """

    head: Head
    first: Craft
    second: Craft
    bearer: Literal["both", "first"]
    different: bool
    spacing: Spacing
    where: Condition | None = None
    unless: Condition | None = None
