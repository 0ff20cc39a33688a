"""A simple condition where a plan asks it, so that what it came to can be asked once more.

Each family of plans says where it asks its conditions; `covered` reads them back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from detente.agreement.clause import And, Condition, Not, Or
from detente.judge.condition import conditions_in
from detente.judge.truth import Truth


@dataclass(frozen=True, slots=True)
class Probe:
    """`condition`, its truth over the rows of `source` (a FROM clause over the plan's parts), and the set of accounts that hold such a row."""

    condition: Condition
    truth: Truth
    accounts: str
    source: str


def simple(condition: Condition | None) -> Iterator[Condition]:
    """The conditions that have no conditions inside them."""
    return (c for c in conditions_in(condition) if not isinstance(c, And | Or | Not))
