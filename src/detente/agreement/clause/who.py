"""Who: parties, variables, and whoever."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parties:
    """A set of parties: every Party of the agreement, or those in a group or named.

    `group` is a group of the agreement or the vocabulary; its membership is
    taken at the time of the occasion unless the group itself is dated.
    """

    group: str | None = None
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PartyVar:
    """A variable that stands for one party: `P`, `A`, `B`, or the bearer ("" for an unnamed one)."""

    name: str


@dataclass(frozen=True, slots=True)
class EveryOther:
    """Every Party bound at the occasion other than the bearer: one instance each."""


@dataclass(frozen=True, slots=True)
class AnyOther:
    """Some party, whichever, other than the bearer."""


@dataclass(frozen=True, slots=True)
class Anyone:
    """Whoever; nothing is asked of this role."""


@dataclass(frozen=True, slots=True)
class EventVar:
    """A variable that stands for an event or thing: `X`, `Q`, `M`."""

    name: str


Who = PartyVar | EveryOther | AnyOther | Anyone | Parties
Role = tuple[str, Who | EventVar]
"""A field of a kind and who or what fills it."""
