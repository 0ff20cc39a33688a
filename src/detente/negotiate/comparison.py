"""What a comparison of two drafts answers: changes rule by rule, changes around the rules, and the parity report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Direction(StrEnum):
    """What a change does to those who are bound, as far as witnesses show it."""

    NONE = "unchanged"
    TIGHTENED = "tightened"
    LOOSENED = "loosened"
    BOTH = "tightened and loosened"
    OTHER = "other verdict"
    """The verdicts differ, and neither draft finds a breach where the other does not: a term left open was fixed, or the reverse."""
    UNPROVED = "wording differs; no witness found"

    @property
    def is_change(self) -> bool:
        """Whether it may be a change of meaning; what no witness was found for may be one."""
        return self is not Direction.NONE


class Sort(StrEnum):
    """How the rules of the two drafts answer to one another, and what differs in them."""

    REWORDED = "reworded"
    RENUMBERED = "renumbered"
    MOVED = "moved"
    SPLIT = "split"
    MERGED = "merged"
    NEW = "new"
    GONE = "gone"
    FORM = "other form"
    BEARER = "other bearer"
    OCCASION = "other occasion"
    ACT = "other act"
    RECIPIENT = "other recipient"
    THRESHOLD = "other threshold"
    CONDITION = "other condition"
    DEADLINE = "other deadline"
    EXCEPTION_ADDED = "exception added"
    EXCEPTION_REMOVED = "exception removed"
    EXCEPTION = "other exception"
    CONSEQUENCE = "other consequence"
    PERIOD = "other period"
    LIMIT = "other limit"
    VOLUNTARY = "voluntary or not"
    LINK = "other link"


BY_FORM = frozenset({Sort.REWORDED, Sort.RENUMBERED, Sort.MOVED, Sort.SPLIT, Sort.MERGED})
"""What may happen to a rule without a change of its meaning."""


@dataclass(frozen=True, slots=True)
class Provision:
    """One rule of one draft, as it is shown."""

    rule: str
    article: str
    title: str | None
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Aspect:
    """One thing in which two rules differ, in the words of each draft ("" where it says nothing)."""

    sort: Sort
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Witness:
    """A small event table on which the two drafts' verdicts differ; judged again by itself before it is shown.

    `events` are the rows, field by field, in the agreement's words; `before` and `after` what each draft says of them.
    """

    sentence: str
    events: tuple[Mapping[str, str], ...]
    bearer: str
    before: str
    after: str
    direction: Direction


@dataclass(frozen=True, slots=True)
class Change:
    """Rules of the first draft and the rules of the second that answer to them; either may be none."""

    before: tuple[Provision, ...]
    after: tuple[Provision, ...]
    sorts: tuple[Sort, ...]
    direction: Direction
    aspects: tuple[Aspect, ...] = ()
    witnesses: tuple[Witness, ...] = ()


@dataclass(frozen=True, slots=True)
class Prose:
    """An article whose words outside the rules differ. `binding`: it has rules, and they say whether the meaning changed."""

    article: str
    heading: str
    sort: str
    binding: bool


@dataclass(frozen=True, slots=True)
class Around:
    """A change outside the rules: the parties, the life of the agreement, whose word counts, a definition."""

    subject: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Share:
    """What one party owes and may do in one draft: the ids of rules, in the order of the text.

    `obligations`: rules that it bears. `permissions`: what it may do. `exceptions`: what excuses it, or releases it.
    `burdens`: rules that another Party bears and in which it has a part of its own: it answers, consents, or may not refuse.
    """

    party: str
    obligations: tuple[str, ...]
    permissions: tuple[str, ...]
    exceptions: tuple[str, ...]
    burdens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Parity:
    """The shares of every party in both drafts; one that is no party of a draft has no share there."""

    before: tuple[Share, ...]
    after: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """A verdict that differs between the drafts on the evidence given: of an article, or of one instance of a rule."""

    target: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class OnEvidence:
    """What would change on given evidence: articles by their numbers, then instances."""

    evidence: str
    as_of: str
    articles: tuple[Moved, ...]
    instances: tuple[Moved, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that differs between two drafts."""

    before_title: str
    after_title: str
    before_path: str
    after_path: str
    before_digest: str
    after_digest: str
    changes: tuple[Change, ...]
    """Every rule of either draft, in the order of the second; unchanged ones too."""
    prose: tuple[Prose, ...]
    around: tuple[Around, ...]
    parity: Parity
    on_evidence: OnEvidence | None = None

    @property
    def changes_meaning(self) -> bool:
        """Whether something may mean another thing: a rule, a party, the life, the weight of evidence, a definition."""
        return bool(self.around) or any(change.direction.is_change for change in self.changes)
