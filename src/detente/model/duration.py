"""Lengths of time as an agreement writes them.

Hours are elapsed time, days are calendar days: the two never compare, and
nothing converts one into the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Unit = Literal["minutes", "hours", "days", "months", "years"]

FIRST_YEAR, LAST_YEAR = 1000, 9998
"""The years that agreements and evidence may name: a day more or less can still be written."""


@dataclass(frozen=True, slots=True)
class Duration:
    """`amount` of one `unit`; never mixed."""

    amount: int
    unit: Unit

    @property
    def is_calendar(self) -> bool:
        """Whether it counts local dates (days, months, years) and not elapsed time."""
        return self.unit in ("days", "months", "years")

    def __str__(self) -> str:
        return f"{self.amount} {self.unit if self.amount != 1 else self.unit[:-1]}"
