"""What is owed: one duty, or one date of the agreement, and in whose account it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from detente.model.account import Account
from detente.model.problem import Problem


class OwedState(StrEnum):
    """How it stands with one duty on the day of the question."""

    OVERDUE = "overdue"
    PERHAPS_OVERDUE = "perhaps overdue"
    """The due time has passed, or may have, and the account cannot tell whether the duty was performed in time."""
    OVERDUE_IF = "overdue if it takes place"
    """The due time has passed, and the occasion lies ahead or is only possible."""
    DUE = "due"
    DUE_IF = "owed if it takes place"
    """The due time lies ahead, and the occasion is only possible."""
    OF_AGREEMENT = "date of the agreement"


Owing = Literal[
    "duty",
    "consequence",
    "entry into force",
    "provisional application ends",
    "expiry",
    "extension possible until",
    "objection to renewal possible until",
    "withdrawal takes effect",
    "suspension ends",
]
"""What a row is: a duty, one that follows the breach of another, or a date of the agreement itself."""


@dataclass(frozen=True, slots=True)
class Owed:
    """One row of the list: what is owed, by whom, to whom, when, under which rule, in whose account.

    `id` is that of the instance ("40#west-26>borland"); rows of one instance
    that accounts tell differently share it, and no account stands in two of them.
    """

    id: str
    kind: Owing
    state: OwedState
    article: str | None
    heading: str | None
    rule: str | None
    title: str | None
    bearer: str | None
    """None where it concerns every Party."""
    recipient: str | None
    act: str | None
    """The kind of what shall be done: "notification"."""
    is_about: bool
    """Whether the act refers to the occasion, as a reply to its inquiry."""
    occasion_kind: str | None
    occasion: str | None
    happens: tuple[datetime | None, datetime | None]
    """When the occasion takes place, between the two."""
    due: tuple[datetime | None, datetime | None]
    """Between which moments the last one in time lies; None: there is no telling."""
    is_strict: bool
    """Whether the due time itself is too late: "before X.start"."""
    accounts: tuple[str, ...]
    """The accounts in which it is owed so."""
    in_all: bool
    """Whether these are all accounts that decide."""
    performed_in: tuple[str, ...]
    """The accounts in which the duty was performed, in time or late."""
    no_telling_in: tuple[str, ...]
    """The accounts that know nothing of the occasion but that it is possible."""


@dataclass(frozen=True, slots=True)
class DueList:
    """All that is owed on a day: what is overdue first, then by date."""

    title: str
    agreement_path: str
    agreement_digest: str
    evidence_path: str
    evidence_digest: str | None
    """SHA-256 of what was known; None where it was not asked for."""
    as_of: datetime
    known_on: datetime
    time_zone: str
    version: str
    counterfactual: bool
    assumed: Mapping[str, str]
    until: datetime | None
    """Up to when what falls due is listed; None: without a limit."""
    party: str | None
    """The party, by or to which everything listed is owed; None: all."""
    accounts: tuple[Account, ...]
    owed: tuple[Owed, ...]
    problems: tuple[Problem, ...] = ()
    rows_left_out: int = 0

    @property
    def is_overdue(self) -> bool:
        """Whether something is overdue in an account that decides."""
        deciding = {a.name for a in self.accounts if a.decides}
        return any(o.state is OwedState.OVERDUE and deciding.intersection(o.accounts) for o in self.owed)
