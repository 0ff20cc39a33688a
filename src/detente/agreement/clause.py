"""Rules as meant: names resolved to kinds, fields, parties, groups and places.

A `Tree` is what was written; a clause is what it means. The judge reads only
clauses. Everything here is frozen and carries the span it came from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from detente.model.duration import Duration
from detente.model.kind import Kind
from detente.model.span import Span

# ---- who -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Parties:
    """A set of parties: every Party of the agreement, or those in a group or named.

    `group` is a group of the agreement or the vocabulary; its membership is
    taken at the time of the occasion unless the group itself is dated.
    """

    group: str | None = None
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PartyVar:
    """A variable that stands for one party: `P`, `A`, `B`, or the bearer ("" for an unnamed one)."""

    name: str


@dataclass(frozen=True, slots=True)
class EveryOther:
    """Every Party bound at the occasion other than the bearer: one instance each."""


@dataclass(frozen=True, slots=True)
class AnyOther:
    """Some party, whichever, other than the bearer."""


@dataclass(frozen=True, slots=True)
class Anyone:
    """Whoever; nothing is asked of this role."""


@dataclass(frozen=True, slots=True)
class EventVar:
    """A variable that stands for an event or thing: `X`, `Q`, `M`."""

    name: str


Who = PartyVar | EveryOther | AnyOther | Anyone | Parties
Role = tuple[str, Who | EventVar]
"""A field of a kind and who or what fills it."""

# ---- terms and conditions --------------------------------------------------


@dataclass(frozen=True, slots=True)
class FieldOf:
    """A field of an event variable: `X.troops`. `var` is "" for the act of a duty."""

    var: str
    field: str


@dataclass(frozen=True, slots=True)
class Constant:
    """A value in canonical units: a number (metres, tonnes, a count), a level's index from 0, or a word.

    `shown` is what the author wrote ("5 nm", "brigade").
    """

    value: float | int | str | bool
    shown: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A date as the text gives it; the interval of that day in the agreement's time zone."""

    day: date


@dataclass(frozen=True, slots=True)
class LeftOpen:
    """A term that the text names but does not fix. No verdict may rest on it."""

    name: str


Value = Constant | Moment | LeftOpen | FieldOf
Comparison = Literal["at least", "at most", "more than", "less than", "equal to", "not equal to"]


@dataclass(frozen=True, slots=True)
class Compare:
    """`X.troops is at least 9000`; for `between`, two of these under an `And`."""

    term: FieldOf
    op: Comparison
    value: Value
    span: Span


@dataclass(frozen=True, slots=True)
class Is:
    """`M.basing is ground`, `X is unannounced-to-troops`, `X.party is Arland`.

    For a flag `value` is None.
    """

    term: FieldOf
    value: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class IsIn:
    """Membership of a group: `X.on is in former-ussr`, `P is in NATO`, at the occasion or on a date."""

    term: FieldOf | PartyVar
    group: str | LeftOpen
    on: date | None
    span: Span


Relation = Literal["overlaps", "lies in", "touches", "reaches", "within"]


@dataclass(frozen=True, slots=True)
class TerritoryOf:
    """The territory of a party (or of any other party), as each account draws it."""

    who: Who


@dataclass(frozen=True, slots=True)
class PlaceNamed:
    """A place the agreement or the evidence names."""

    name: str


@dataclass(frozen=True, slots=True)
class Placed:
    """A spatial test between a field and a place: `X.area overlaps border-zone`.

    `within`: `X.area is within 50 km of the territory of any other Party`;
    `distance_m` is that distance in metres. `reaches`: the field's range covers
    the distance. Answered by Measures, never by the judge.
    """

    term: FieldOf
    relation: Relation
    place: PlaceNamed | TerritoryOf | LeftOpen
    distance_m: float | None
    span: Span


@dataclass(frozen=True, slots=True)
class Done:
    """Some party has done something about an event: `every other Party has consented to X before X.start`.

    `by` says who must have: Parties() with `every` for all Parties, EveryOther,
    AnyOther, or a PartyVar. `before` is strict.
    """

    by: Who
    every: bool
    kind: str
    about: EventVar | None
    before: FieldOf | None
    span: Span


@dataclass(frozen=True, slots=True)
class And:
    """All of them."""

    items: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of them."""

    items: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The contrary."""

    item: Condition


Condition = Compare | Is | IsIn | Placed | Done | And | Or | Not

# ---- what happens, and by when ----------------------------------------------


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
    `happens`), a date, or a point in the agreement's life.
    """

    of: FieldOf | Moment | Literal["entry-into-force"]


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


# ---- the rules ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Head:
    """What every rule has: its id ("IV.1"), title, place, and the stretch of time it is limited to."""

    id: str
    title: str | None
    article: str
    span: Span
    text: str
    starts: When | None = None
    ends: When | None = None


@dataclass(frozen=True, slots=True)
class When:
    """`2018-02-05`, `entry-into-force`, or `7 years after entry-into-force`."""

    of: date | Literal["entry-into-force"]
    after: Duration | None = None


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


Rule = Prohibition | Duty | Bound

# ---- whose word counts ---------------------------------------------------------

Tier = str
"""`own`, `own-acts`, `monitors`, `sensors`, `registers`, `press`, `analysts`, or the id of one source."""


@dataclass(frozen=True, slots=True)
class AccountRule:
    """`account of each Party: its own statements then monitors then sensors;`.

    `name` is "each Party", "neutrals", or a joint account's own name. With
    `nothing_else` the own acts of others are left out too.
    """

    name: str
    tiers: tuple[Tier, ...]
    span: Span
    nothing_else: bool = False


@dataclass(frozen=True, slots=True)
class Quorum:
    """`two of A, B, C`: so many of these sources' accounts agree."""

    count: int
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The `evidence:` block. Where it says nothing the defaults of the semantics hold.

    `establishes` lists `bearer`, ids of sources, or a quorum. `least_grade` is
    the lowest Admiralty reliability (A-F) and credibility (1-6) that still counts.
    """

    accounts: tuple[AccountRule, ...] = ()
    establishes: tuple[str | Quorum, ...] = ()
    time_zone: str = "UTC"
    changes: Literal["closed", "open"] = "closed"
    counts_hold: Duration | None = None
    at_resolution_of_record: bool = False
    least_grade: tuple[str, int] | None = None


# ---- the life of the agreement ----------------------------------------------------


@dataclass(frozen=True, slots=True)
class Life:
    """The `agreement:` block. An agreement without one has no limits in time.

    `entry`: a date; "all" or "majority" of Parties having done `entry_by`
    (kind `ratification`); None with `states_entry` false where the block is
    absent. `expiry`: a date or a duration after entry, `extension` at most so
    long, agreed by all Parties (kind `extension`). `release`: how long after a
    notice of withdrawal (kind `withdrawal`) a Party is free. `suspension`: True
    where a notice of suspension (kind `suspension`) has effect.
    """

    stated: bool = False
    entry: date | Literal["all", "majority", "never"] | None = None
    entry_by: str = "ratification"
    expiry: date | Duration | None = None
    extension: Duration | None = None
    release: Duration | None = None
    suspension: bool = False
    span: Span | None = None


# ---- the whole ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Group:
    """A set of states or parties with dated membership.

    Each member holds from `since` until before `until` (None: no limit).
    `by` names the account or view that holds it, where views differ.
    """

    name: str
    members: tuple[Membership, ...]
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Membership:
    """One member's stretch of membership; ISO dates, the end excluded."""

    member: str
    since: date | None = None
    until: date | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A place the agreement defines: a file of shapes beside it, or left open."""

    name: str
    file: str | None
    is_left_open: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Article:
    """One article or paragraph of the text: its heading, prose and the ids of its rules.

    `standing` is `rules` where it has some, else `declaratory`.
    """

    id: str
    heading: str
    prose: str
    rules: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of a case: a row of an evidence table, written in place."""

    kind: str
    cells: Mapping[str, str]
    span: Span


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a case expects of one instance, rule or article: overall, and per account."""

    target: str
    overall: str
    accounts: Mapping[str, str]
    span: Span


@dataclass(frozen=True, slots=True)
class Case:
    """A ```case block: facts by source and the expected verdicts."""

    name: str
    settings: Mapping[str, str]
    facts: tuple[Fact, ...]
    expects: tuple[Expectation, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Agreement:
    """A whole agreement as meant. `digest` is the SHA-256 of the document's bytes, in hex."""

    title: str
    path: str
    digest: str
    parties: tuple[str, ...]
    articles: tuple[Article, ...]
    rules: tuple[Rule, ...]
    kinds: Mapping[str, Kind]
    groups: Mapping[str, Group]
    places: Mapping[str, Place]
    quantities: Mapping[str, Constant | LeftOpen]
    life: Life
    evidence: Evidence
    cases: tuple[Case, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
