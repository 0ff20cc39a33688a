"""Prohibitions, duties, and bounds at all times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from detente.agreement.clause.condition import Condition, Constant, LeftOpen
from detente.agreement.clause.due import Act, Deadline, Occasion
from detente.agreement.clause.head import Head
from detente.agreement.clause.who import Parties, PartyVar
from detente.model.span import Span


@dataclass(frozen=True, slots=True)
class Exceptional:
    """`exception 41 "Alert exercises": where ..., shall notify X ... no later than X.start.`."""

    id: str
    title: str | None
    where: Condition
    act: Act
    deadline: Deadline
    span: Span


@dataclass(frozen=True, slots=True)
class Consequence:
    """`else B shall attend consultations with A within 48 hours`.

    The duty runs from the moment the first one became overdue. With `may` it
    is a power: its use is never a breach and its absence neither.
    """

    modal: Literal["shall", "may"]
    bearer: PartyVar
    act: Act
    deadline: Deadline | None
    span: Span


@dataclass(frozen=True, slots=True)
class Prohibition:
    """No bearer shall bring about such an occasion, unless excused."""

    head: Head
    bearers: Parties
    bearer: PartyVar
    occasion: Occasion
    unless: Condition | None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """Each bearer shall perform `act` by `deadline`, whenever the occasion arises.

    Without an occasion the duty is owed once. `bearer` is the variable that
    also fills a role of the occasion (its actor in "each Party that conducts",
    its recipient in "when A asks an inquiry to B, B shall").
    """

    head: Head
    bearers: Parties
    bearer: PartyVar
    occasion: Occasion | None
    act: Act
    deadline: Deadline
    unless: Condition | None = None
    exceptions: tuple[Exceptional, ...] = ()
    consequence: Consequence | None = None
    voluntary: bool = False


@dataclass(frozen=True, slots=True)
class Binder:
    """`for each Party P in NATO`, `for each State S in europe`."""

    var: str
    over: Parties
    sort: Literal["Party", "State"]


@dataclass(frozen=True, slots=True)
class Summand:
    """`the sum of M.warheads over deployed-missiles M of P on S where ...`, or `the number of ...`.

    `field` is None for a number. `of` and `on` name binder variables.
    """

    kind: str
    field: str | None
    var: str
    of: str | None
    on: str | None
    where: Condition | None


@dataclass(frozen=True, slots=True)
class Bound:
    """A ceiling ("shall not exceed") or a floor ("shall be at least") on a sum at all times."""

    head: Head
    binders: tuple[Binder, ...]
    summands: tuple[Summand, ...]
    op: Literal["at most", "at least"]
    limit: Constant | LeftOpen
    unless: Condition | None = None
