"""Steps that depend on steps: phases that begin, and Parties that a breach releases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from detente.agreement.clause.condition import Done
from detente.agreement.clause.head import Head, PhasePoint, When
from detente.agreement.clause.reference import Ref
from detente.agreement.clause.who import Parties, Who
from detente.model.duration import Duration
from detente.model.span import Span


@dataclass(frozen=True, slots=True)
class Kept:
    """`article 1 has been kept by Arland for 90 days`.

    Measured, in the account that is judged: no breach of any of the rules, by
    any of `by` (Parties(): every Party bound), is on record in so many whole days since the
    rules began to bind or the last bad moment. Without `lasting`: no breach is
    on record, nothing is still due, and something was. Open instances do not stop it.
    """

    of: Ref
    by: Parties
    lasting: Duration | None
    span: Span


Milestone = Kept | Done


@dataclass(frozen=True, slots=True)
class Phase:
    """`phase 2 begins when article 1 has been kept for 90 days and all Parties have notified ..., and no later than 2027-06-30`.

    It begins, in each account by itself, at the first instant at which all
    milestones are met, or on the day `latest` if they are not met by then. Once begun it
    stays begun: a later breach does not undo it, though a denial later known
    may move it. A phase binds nobody; rules "from phase 2" do.
    """

    id: str
    title: str | None
    begins: When | PhasePoint | tuple[Milestone, ...]
    latest: date | None
    article: str
    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Release:
    """`if A breaches 3, B is released from 4 until it is cured`.

    From the moment at which a breach by `breacher` of any rule of `of` is on
    record in the account that is judged, `released` (of the Parties bound; a
    variable not named before is any other Party) are not bound by the rules of
    `scope`: until the breach is cured, for so long, or for good (None). What
    they owed before stays owed. Never breached: its verdict is a status. Where
    whether 3 was breached is open, the release is unknown, and so a breach of 4 is open.
    """

    head: Head
    breacher: Who
    of: Ref
    released: Who
    scope: tuple[Ref, ...]
    ends: Literal["cured"] | Duration | None


@dataclass(frozen=True, slots=True)
class Cycle:
    """Rules and phases that wait for one another: no verdict on any rule of `rules`, and no phase of `path` begins.

    `path` names each step, the first one again at the end.
    """

    path: tuple[str, ...]
    rules: tuple[str, ...]
