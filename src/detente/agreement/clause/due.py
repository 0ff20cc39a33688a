"""What happens, and by when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from detente.agreement.clause.condition import Condition, FieldOf, Moment
from detente.agreement.clause.who import Role
from detente.model.duration import Duration


@dataclass(frozen=True, slots=True)
class Occasion:
    """The event a rule looks at: what is forbidden, or what makes a duty due.

    `var` is its variable ("" if the author gave none); `roles` say who fills
    which field, for instance ("party", PartyVar("A")), ("recipient", PartyVar("B")).
    """

    kind: str
    var: str
    roles: tuple[Role, ...]
    where: Condition | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """What the bearer shall do: an event of `kind` with these roles.

    The bearer fills `party`; `("about", EventVar("X"))` ties it to the occasion.
    `counts_at` is the time field at which it counts (`received` unless the
    rule says `counts at sent`).
    """

    kind: str
    roles: tuple[Role, ...]
    counts_at: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """A moment a deadline counts from.

    A field of the occasion (`X.start`), the occasion itself (`field` is its
    `happens`), a date, a point in the agreement's life, or the moment at which
    a phase begins in the account that is judged.
    """

    of: FieldOf | Moment | Literal["entry-into-force"] | PhaseBegins


@dataclass(frozen=True, slots=True)
class PhaseBegins:
    """The moment at which a phase begins, as an anchor: `within 14 days after phase 2`."""

    phase: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """By when. Every boundary includes its end (semantics, section 2.6).

    `before`: at least `duration` before the anchor. `within`: after the anchor
    and not later than `duration` after it. `by`: not later than the anchor.
    """

    relation: Literal["before", "within", "by"]
    duration: Duration | None
    anchor: Anchor


@dataclass(frozen=True, slots=True)
class StrictDeadline(Deadline):
    """`before X.start`: earlier than the anchor, which itself is too late.

    `relation` is "before" and `duration` None. The one deadline whose end is
    not in time: an act at the very instant of the anchor is late, and where
    either is known only by day, an act of that day is open.
    """
