"""What the judge answers: votes inside accounts, verdicts across them, and their reasons.

Nothing here computes from evidence; `across` and `worst` are the two tables
that the semantics fix (docs/explanation/semantics.md, section 5).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from detente.model.account import Account
from detente.model.problem import Problem


class Vote(StrEnum):
    """What one account says of one instance."""

    KEPT = "kept"
    BREACHED = "breached"
    OPEN = "open"
    NOT_TRIGGERED = "not triggered"
    NOT_BOUND = "not bound"
    NOT_DUE = "not due yet"


class Outcome(StrEnum):
    """What all accounts together say; listed from the worst to the best."""

    BREACHED = "breached"
    DISPUTED = "disputed"
    UNVERIFIED = "unverified"
    KEPT = "kept"


class Status(StrEnum):
    """What stands beside an outcome, or in its place. Never a fifth outcome."""

    NOT_IN_FORCE = "not in force"
    NOT_DUE = "not due yet"
    UNTESTED = "untested"
    LEFT_OPEN = "left open by the text"
    COUNTERFACTUAL = "counterfactual"
    CURED = "cured"
    DECLARATORY = "declaratory"
    PROVISIONAL = "provisional"
    """Judged for a time in which the agreement was applied and not yet in force."""
    PERMISSION = "permission"
    RELEASE = "release"
    CYCLE = "cycle"


class Ground(StrEnum):
    """On what an outcome rests."""

    OBSERVED = "observed"
    DECLARED = "declared, uncontested"
    ADMITTED = "admitted by the bearer"
    ESTABLISHED = "established as the agreement says"
    NEUTRAL = "neutral sources say so"
    ACCOUNTS_DIFFER = "accounts differ"
    ALLEGED = "alleged, unanswered"
    OPEN = "open in every account that could tell"


def worst(outcomes: Iterable[Outcome | None]) -> Outcome | None:
    """The gravest outcome, or None where there is none. Source: semantics, section 5, roll-up."""
    order = list(Outcome)
    found = [o for o in outcomes if o is not None]
    return min(found, key=order.index) if found else None


@dataclass(frozen=True, slots=True)
class Spell:
    """A stretch of time in which nothing changes, for rules that hold at all times."""

    start: datetime | None
    end: datetime | None
    outcome: Outcome | None
    votes: Mapping[str, Vote]
    values: Mapping[str, tuple[float | None, float | None]]
    """By account name: the least and the greatest that the quantity can be."""


@dataclass(frozen=True, slots=True)
class InstanceVerdict:
    """One case of one rule: this occasion, this bearer, this recipient.

    `id` is stable: `40#west-26>borland`. `cites` are ids of statements.
    """

    id: str
    rule: str
    bearer: str
    recipient: str | None
    occasion: str | None
    outcome: Outcome | None
    ground: Ground | None
    statuses: tuple[Status, ...]
    votes: Mapping[str, Vote]
    """By account name, every account of `Verdicts.accounts`."""
    due: tuple[datetime | None, datetime | None] = (None, None)
    cites: tuple[str, ...] = ()
    spells: tuple[Spell, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleVerdict:
    """All instances of one rule, rolled up."""

    rule: str
    title: str | None
    article: str
    text: str
    outcome: Outcome | None
    ground: Ground | None
    statuses: tuple[Status, ...]
    counts: Mapping[Outcome, int]
    votes: Mapping[str, Vote]
    instances: tuple[InstanceVerdict, ...]
    instance_count: int
    """May be larger than len(instances): beyond a limit only the gravest are listed."""


@dataclass(frozen=True, slots=True)
class ArticleVerdict:
    """One article: its heading, its rules' verdicts, rolled up. Without rules it is declaratory."""

    article: str
    heading: str
    prose: str
    outcome: Outcome | None
    ground: Ground | None
    statuses: tuple[Status, ...]
    counts: Mapping[Outcome, int]
    votes: Mapping[str, Vote]
    rules: tuple[RuleVerdict, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """One item that would settle something: what is missing, whom to ask, and what it would decide."""

    item: str
    ask: str
    articles: tuple[str, ...]
    instances: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdicts:
    """The whole answer to one question."""

    title: str
    agreement_path: str
    agreement_digest: str
    evidence_path: str
    evidence_digest: str
    as_of: datetime
    known_on: datetime
    time_zone: str
    version: str
    counterfactual: bool
    assumed: Mapping[str, str]
    standard: str
    """Which evidence standard was applied, in one sentence."""
    accounts: tuple[Account, ...]
    articles: tuple[ArticleVerdict, ...]
    settles: tuple[Missing, ...] = ()
    problems: tuple[Problem, ...] = ()
    rows_left_out: int = 0
    statements: int = 0
    sources: Mapping[str, int] = field(default_factory=dict)
    """How many sources of each kind spoke."""
    imports: Mapping[str, str] = field(default_factory=dict)
    """Digests of the other agreements whose duties this one imports, by the name of their file."""


# ---- explanations ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cited:
    """A fact as an account holds it, in words, with the ids of the statements it rests on."""

    text: str
    cites: tuple[str, ...]
    how: str | None = None
    """For instance "Arland's own, not denied", or "pattern"."""


@dataclass(frozen=True, slots=True)
class Tale:
    """Why one account votes as it does."""

    accounts: tuple[str, ...]
    vote: Vote
    facts: tuple[Cited, ...]
    margin: str | None = None
    """In the rule's unit: "44 days before", "36 days: 6 short"."""
    nearest: str | None = None
    """The nearest miss of a search that failed."""
    missing: tuple[str, ...] = ()
    """What this account would need to decide."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A claim whose reversal changes the verdict, and what it would become."""

    claim: str
    for_it: tuple[str, ...]
    against_it: tuple[str, ...]
    becomes: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why one instance has its verdict."""

    verdict: InstanceVerdict
    heading: str
    sentence: str
    """The whole in one sentence."""
    occasion: str
    tales: tuple[Tale, ...]
    turns_on: tuple[Turn, ...]
    turns_on_more_than_three: bool
    settles: tuple[Missing, ...]
    cited: Mapping[str, str]
    """Statement id to its quotation or restatement with source and date."""
