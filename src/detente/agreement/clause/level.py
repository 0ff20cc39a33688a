"""Bounds on a sum beside the plain ones: against an earlier value, or with the boundary left out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from detente.agreement.clause.condition import Condition, Constant, LeftOpen
from detente.agreement.clause.head import Head
from detente.agreement.clause.rule import Binder, Bound, Summand


@dataclass(frozen=True, slots=True)
class StrictBound(Bound):
    """`shall be below 5 t`: as the bound, and the limit itself breaches it.

    Only of sums that need not be whole; of whole ones "below 500" is a bound
    of at most 499, and of any sum "not above" is at most.
    """


@dataclass(frozen=True, slots=True)
class BaselineBound:
    """`shall not exceed its value as of 1997-05-27 by more than 500`: a sum held against what it was.

    Measured: the same sum for the same tuple of variables, now and at the end
    of the day `on` (or at the moment of entry into force), in the same
    account. The limit is that value, plus or less `margin` as `side` says;
    `in_percent`: of that value. `op` bounds the sum as in `Bound`, its boundary
    included. Both are intervals: breached where the whole interval now lies
    beyond every value that the limit may have, kept where it lies within the
    least that it may, else open. Nothing is due before `on`.
    """

    head: Head
    binders: tuple[Binder, ...]
    summands: tuple[Summand, ...]
    op: Literal["at most", "at least"]
    on: date | Literal["entry-into-force"]
    margin: Constant | LeftOpen | None = None
    in_percent: bool = False
    side: Literal["above", "below"] = "above"
    unless: Condition | None = None


Level = Bound | BaselineBound
"""Every bound that holds at all times."""
