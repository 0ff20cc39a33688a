"""A spatial question that a rule asks: one place, one relation, one other place or territory.

The judge collects measures, the detector answers each with a `Finding`;
neither knows the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Relation = Literal["overlaps", "lies in", "touches", "within", "reaches"]


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A place the agreement or the evidence names."""

    name: str


@dataclass(frozen=True, slots=True)
class Undisputed:
    """The part of a state's territory that no polygon of the disputed layer touches."""

    state: str


@dataclass(frozen=True, slots=True)
class Disputed:
    """One polygon of the disputed layer, by its id."""

    polygon: str


@dataclass(frozen=True, slots=True)
class Territory:
    """One version of a party's territory, as one or more accounts draw it.

    It certainly holds the undisputed part and the polygons in `owned`, and
    possibly those in `open`. Ids are sorted, so equal versions are equal.
    """

    party: str
    owned: tuple[str, ...] = ()
    open: tuple[str, ...] = ()


Other = NamedPlace | Undisputed | Disputed | Territory


@dataclass(frozen=True, slots=True)
class Measure:
    """The question whether `place` stands in `relation` to `other`.

    `within` asks for a distance of at most `distance_m`. `reaches` asks whether
    a range from `place` covers the distance to `other`: the range is known to
    lie between `distance_m` and `most_m` (None: exactly `distance_m`).
    Metres along the WGS 84 ellipsoid.
    """

    place: str
    relation: Relation
    other: Other
    distance_m: float | None = None
    most_m: float | None = None
