"""The life of the agreement: when it binds, and whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from detente.agreement.clause.reference import Ref
from detente.model.duration import Duration
from detente.model.span import Span


@dataclass(frozen=True, slots=True)
class Life:
    """The `agreement:` block. An agreement without one has no limits in time.

    `entry`: a date; "all" or "majority" of Parties having done `entry_by`
    (kind `ratification`); None with `states_entry` false where the block is
    absent. `expiry`: a date or a duration after entry, `extension` at most so
    long, agreed by all Parties (kind `extension`). `release`: how long after a
    notice of withdrawal (kind `withdrawal`) a Party is free. `suspension`: True
    where a notice of suspension (kind `suspension`) has effect on the whole
    agreement at once; `partial_suspension` where it has less.
    """

    stated: bool = False
    entry: date | Literal["all", "majority", "never"] | None = None
    entry_by: str = "ratification"
    expiry: date | Duration | None = None
    extension: Duration | None = None
    release: Duration | None = None
    suspension: bool = False
    span: Span | None = None
    provisional: Provisional | None = None
    renewal: Renewal | None = None
    partial_suspension: PartialSuspension | None = None


@dataclass(frozen=True, slots=True)
class Provisional:
    """`applies provisionally from 1992-07-17 until 1992-11-09`, or `from signature`.

    From then until entry into force, and not beyond `until`, each Party is
    bound as though the agreement were in force; with "signature" each Party
    from its own (kind `signature`). A notice of withdrawal ends it at once for
    the Party that gives it. Durations "after entry-into-force" still count from
    entry itself. Verdicts of that time carry a mark, and are verdicts.
    """

    since: date | Literal["signature"]
    until: date | None
    span: Span


@dataclass(frozen=True, slots=True)
class Renewal:
    """`renewed for 3 years at a time unless a Party objects at least 6 months before expiry`.

    Each expiry moves by `period`, again and again, unless some Party has
    objected (kind `objection`, about the renewal or the agreement, received
    by a Party) since the last one and at least `notice` before it. Without
    `notice` an objection counts until the moment of expiry; without
    `may_object` none does. What nobody states did not happen.
    """

    period: Duration
    may_object: bool
    notice: Duration | None
    span: Span


@dataclass(frozen=True, slots=True)
class PartialSuspension:
    """`suspension of article 3 has effect 30 days after it`.

    A notice of suspension (kind `suspension`) frees the Party that gives it
    from the rules of `of` (empty: from all), `after` its `start`; the last day
    of that time still binds. It ends as a full suspension does.
    """

    of: tuple[Ref, ...]
    after: Duration | None
    span: Span
