"""Rules as written: one node for each phrase of the language, names still plain words.

Every node that a message may point at has `at`, the offsets of its first and
last character in its statement; `at` plays no part in equality.
"""

# ruff: noqa: RUF009 - `_at()` makes a new field each time

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

At = tuple[int, int]
"""Start and end (exclusive) of a node, in characters from the start of its statement."""


def _at() -> At:
    return field(default=(0, 0), compare=False, repr=False)


# ---- words and values --------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Word:
    """A name, quoted where it holds a space: `border-zone`, `"United States"`."""

    text: str
    at: At = _at()


@dataclass(frozen=True, slots=True)
class Variable:
    """`X`, `A1`."""

    name: str
    at: At = _at()


@dataclass(frozen=True, slots=True)
class Path:
    """`X.troops`."""

    var: str
    field: str
    at: At = _at()


@dataclass(frozen=True, slots=True)
class Amount:
    """A number and its unit: `9000`, `5.5 nm`. `number` has no separators."""

    number: str
    unit: str | None = None
    at: At = _at()


@dataclass(frozen=True, slots=True)
class Day:
    """`2026-02-28`, as written; whether there is such a day is checked later."""

    text: str
    at: At = _at()


@dataclass(frozen=True, slots=True)
class Lasting:
    """`42 days`; `unit` is always the plural."""

    number: str
    unit: str
    at: At = _at()


@dataclass(frozen=True, slots=True)
class Entry:
    """`entry-into-force`."""

    at: At = _at()


@dataclass(frozen=True, slots=True)
class PhaseName:
    """`phase 2`."""

    id: Word
    at: At = _at()


@dataclass(frozen=True, slots=True)
class YearDay:
    """`15 November`; the month's name in full."""

    day: str
    month: str
    at: At = _at()


@dataclass(frozen=True, slots=True)
class RefTree:
    """`article 3`, `rule 4.1`, `phase 1`, or `4.1` alone."""

    sort: Literal["", "article", "rule", "phase"]
    id: Word
    at: At = _at()


Value = Amount | Day | Path | Word
Point = Path | Variable | Day | Entry | PhaseName
Stretch = Lasting | Word

# ---- who does what -------------------------------------------------------------

Determiner = Literal["", "a", "any", "the", "its", "all", "any other", "every other"]


@dataclass(frozen=True, slots=True)
class NounPhrase:
    """`an exercise X`, `every other Party`, `its annual-calendar`, `Arland`."""

    determiner: Determiner
    noun: Word
    var: Variable | None = None
    at: At = _at()


@dataclass(frozen=True, slots=True)
class It:
    """The bearer once more: `else it shall`."""

    at: At = _at()


Nominal = NounPhrase | Variable | It


@dataclass(frozen=True, slots=True)
class Phrase:
    """A preposition and what follows it: `to every other Party`."""

    preposition: str
    of: Nominal
    at: At = _at()


@dataclass(frozen=True, slots=True)
class Deed:
    """A verb with its object and phrases: `notify X to every other Party`."""

    verb: Word
    object: Nominal | None
    phrases: tuple[Phrase, ...]
    at: At = _at()


# ---- conditions ------------------------------------------------------------------

Operator = Literal["at least", "at most", "more than", "less than", "equal to", "before", "after"]
SpatialWord = Literal["overlaps", "lies in", "touches", "reaches"]


@dataclass(frozen=True, slots=True)
class Compares:
    """`at least 9000`. `loose` is a phrase understood but not canonical ("or more")."""

    op: Operator
    value: Value
    loose: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Between:
    """`between 500 km and 5500 km`, both ends included."""

    low: Value
    high: Value


@dataclass(frozen=True, slots=True)
class InGroup:
    """`in NATO as of 1997-05-27`."""

    group: Word
    on: Day | None


@dataclass(frozen=True, slots=True)
class Near:
    """`within 50 km of the territory of any other Party`."""

    distance: Value
    place: PlaceWord


@dataclass(frozen=True, slots=True)
class Equals:
    """`ground`, `Arland`, `9000`, `X.party`, or the name of a flag."""

    value: Value


Predicate = Compares | Between | InGroup | Near | Equals


@dataclass(frozen=True, slots=True)
class Territory:
    """`the territory of any other Party`."""

    of: Nominal
    at: At = _at()


@dataclass(frozen=True, slots=True)
class OwnTerritory:
    """`its own territory`: the bearer's."""

    at: At = _at()


PlaceWord = Territory | OwnTerritory | Word


@dataclass(frozen=True, slots=True)
class Test:
    """`X.troops is at least 9000`, `X is not unannounced-to-troops`."""

    term: Path | Variable
    negated: bool
    predicate: Predicate
    at: At = _at()


@dataclass(frozen=True, slots=True)
class Located:
    """`X.area overlaps border-zone`."""

    term: Path | Variable
    relation: SpatialWord
    place: PlaceWord
    at: At = _at()


@dataclass(frozen=True, slots=True)
class HasDone:
    """`every other Party has consented to X before X.start`."""

    actor: Nominal
    negated: bool
    deed: Deed
    before: Path | None
    at: At = _at()


@dataclass(frozen=True, slots=True)
class AllOf:
    """`... and ...`, two or more."""

    items: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """`... or ...`, two or more."""

    items: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Negation:
    """`not ...`."""

    item: Condition


@dataclass(frozen=True, slots=True)
class HasPerceived:
    """`any other Party has declared that it perceives X as a threat before X.start`."""

    actor: Nominal
    negated: bool
    object: Nominal
    subject: Word
    before: Path | None
    at: At = _at()


Condition = Test | Located | HasDone | HasPerceived | AllOf | AnyOf | Negation

# ---- rules -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class By:
    """By when: `at least 42 days before X.start`, `within 48 hours`, `no later than X.start`; `before X.start` has no duration."""

    relation: Literal["before", "within", "by"]
    duration: Stretch | None
    point: Point | None
    at: At = _at()


@dataclass(frozen=True, slots=True)
class EachTree:
    """`each year by 1 March and 1 September`, `each month`, `within 30 days after the end of each quarter`."""

    period: Literal["year", "quarter", "month", "week"]
    days: tuple[YearDay, ...] = ()
    grace: Stretch | None = None
    at: At = _at()


@dataclass(frozen=True, slots=True)
class EveryTree:
    """`every 30 days after 2027-01-01`."""

    every: Stretch
    start: Day | Entry | PhaseName | None
    at: At = _at()


@dataclass(frozen=True, slots=True)
class AsRequired:
    """`as required by INCSEA-1972 article III`."""

    instrument: Word
    article: Word | None
    at: At = _at()


Due = By | EachTree | EveryTree | AsRequired


@dataclass(frozen=True, slots=True)
class WhenWord:
    """`2018-02-05`, `entry-into-force`, `7 years after entry-into-force`, `phase 2`."""

    of: Day | Entry | PhaseName
    after: Stretch | None = None


@dataclass(frozen=True, slots=True)
class Bearer:
    """`Party P in NATO`, or named parties (then `names` is not empty)."""

    names: tuple[Word, ...] = ()
    var: Variable | None = None
    group: Word | None = None
    at: At = _at()


@dataclass(frozen=True, slots=True)
class Forbid:
    """`no Party shall conduct an exercise X where ...`, `Arland shall not ...`; `reach`: `from which it can reach ...`."""

    bearer: Bearer
    deed: Deed
    reach: PlaceWord | None
    where: Condition | None


@dataclass(frozen=True, slots=True)
class Allow:
    """`a Party may conduct an inspection I where ...`; with `only`, `a Party may ... only where ...`."""

    bearer: Bearer
    deed: Deed
    only: bool
    where: Condition | None


@dataclass(frozen=True, slots=True)
class Oblige:
    """`each Party that conducts an exercise X where ... shall notify X ...`."""

    bearer: Bearer
    occasion: Deed | None
    where: Condition | None
    deed: Deed
    deadline: Due | None
    voluntarily: bool = False


@dataclass(frozen=True, slots=True)
class Respond:
    """`when a Party A asks an inquiry Q to a Party B, B shall answer Q to A within 48 hours`."""

    actor: Nominal
    occasion: Deed
    where: Condition | None
    bearer: Nominal
    deed: Deed
    deadline: Due | None
    voluntarily: bool = False


@dataclass(frozen=True, slots=True)
class ForEach:
    """`for each Party P in NATO`."""

    sort: Literal["Party", "State"]
    var: Variable
    group: Word | None


@dataclass(frozen=True, slots=True)
class Scope:
    """`of P`, `on S`."""

    preposition: Literal["of", "on", "in"]
    var: Variable


@dataclass(frozen=True, slots=True)
class Count:
    """`the sum of M.warheads over missiles M of P where ...`; without `path`, the number of them."""

    path: Path | None
    noun: Word
    var: Variable | None
    scopes: tuple[Scope, ...]
    where: Condition | None
    at: At = _at()


@dataclass(frozen=True, slots=True)
class Always:
    """`at all times, for each Party P, ... shall not exceed 1550`."""

    binders: tuple[ForEach, ...]
    counts: tuple[Count, ...]
    op: Literal["at most", "at least", "less than", "more than"]
    limit: Value | Level


@dataclass(frozen=True, slots=True)
class Level:
    """`its value as of 1997-05-27`, and by how much above or below it the limit lies. Never under a strict `op`."""

    on: Day | Entry
    margin: Value | None = None
    side: Literal["above", "below"] = "above"
    at: At = _at()


@dataclass(frozen=True, slots=True)
class CraftTree:
    """`warship A of a Party`."""

    noun: Word
    var: Variable
    of: Nominal | None = None
    at: At = _at()


@dataclass(frozen=True, slots=True)
class Gap:
    """`1 nm or 1000 ft vertically`, `1000 ft vertically`; never both None."""

    horizontal: Value | None
    vertical: Value | None
    at: At = _at()


@dataclass(frozen=True, slots=True)
class Apart:
    """`at all times, for any two warships A and B of different Parties, the distance between A and B shall be at least 5 nm`.

    With two nouns: `for any warship A and any aircraft B`. `between` are the variables as the distance names them.
    """

    nouns: tuple[Word, ...]
    pair: tuple[Variable, Variable]
    different: bool
    where: Condition | None
    between: tuple[Variable, Variable]
    gap: Gap


@dataclass(frozen=True, slots=True)
class KeepAway:
    """`each warship A of a Party shall keep at least 500 m from any warship B of any other Party`."""

    first: CraftTree
    gap: Gap
    second: CraftTree
    where: Condition | None


@dataclass(frozen=True, slots=True)
class ReleaseTree:
    """`if A breaches 3, B is released from 4 until it is cured`."""

    breacher: Nominal
    of: RefTree
    released: Nominal
    scope: tuple[RefTree, ...]
    ends: Literal["cured"] | Stretch | None


@dataclass(frozen=True, slots=True)
class Unless:
    """`unless ...`."""

    condition: Condition
    at: At = _at()


@dataclass(frozen=True, slots=True)
class ExceptionTree:
    """`exception 41 "Alert exercises": where ..., shall notify X ...`."""

    id: Word
    title: str | None
    where: Condition
    deed: Deed
    deadline: By | None
    at: At = _at()


@dataclass(frozen=True, slots=True)
class Otherwise:
    """`else B shall attend consultations with A within 48 hours`."""

    bearer: Nominal
    modal: Literal["shall", "may"]
    deed: Deed
    deadline: By | None
    at: At = _at()


@dataclass(frozen=True, slots=True)
class CountsAt:
    """`counts at sent`."""

    field: Word


@dataclass(frozen=True, slots=True)
class Voluntary:
    """`voluntary`."""


@dataclass(frozen=True, slots=True)
class Notwithstanding:
    """`notwithstanding rule 3.1 and article 4`."""

    refs: tuple[RefTree, ...]
    at: At = _at()


@dataclass(frozen=True, slots=True)
class Irrefusable:
    """`which no Party may refuse`."""

    at: At = _at()


@dataclass(frozen=True, slots=True)
class Survives:
    """`survives expiry and withdrawal for 2 years`."""

    of: tuple[Literal["expiry", "withdrawal"], ...]
    lasting: Stretch | None
    at: At = _at()


Norm = Forbid | Allow | Oblige | Respond | Always | Apart | KeepAway | ReleaseTree
Tail = Unless | ExceptionTree | Otherwise | CountsAt | Voluntary | Notwithstanding | Irrefusable | Survives


@dataclass(frozen=True, slots=True)
class RuleTree:
    """`rule 40 "Prior notification": ...`."""

    id: Word
    title: str | None
    starts: WhenWord | None
    ends: WhenWord | None
    norm: Norm
    tails: tuple[Tail, ...] = ()


# ---- phases ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HasBeenKept:
    """`article 1 has been kept by Arland for 90 days`."""

    of: RefTree
    by: Word | None
    lasting: Stretch | None
    at: At = _at()


@dataclass(frozen=True, slots=True)
class PhaseTree:
    """`phase 2 "Withdrawal" begins when article 1 has been kept for 90 days, and no later than 2027-06-30`."""

    id: Word
    title: str | None
    begins: WhenWord | tuple[HasBeenKept | HasDone, ...]
    latest: Day | None


# ---- definitions -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FieldTree:
    """`level: one of battalion < brigade`, `range: number km`."""

    name: Word
    type: Word | None
    unit: Word | None = None
    levels: tuple[Word, ...] = ()
    is_scale: bool = False


@dataclass(frozen=True, slots=True)
class VerbTree:
    """`in which party notifies exercise to recipient`."""

    subject: Word
    third: Word
    forms: tuple[Word, Word] | None
    object: Word | None
    signature: tuple[tuple[str, Word], ...] = ()


@dataclass(frozen=True, slots=True)
class KindTree:
    """`event in which ... having ... happens at ... complete in ...`."""

    genus: Literal["event", "thing", "stock"]
    verb: VerbTree | None
    fields: tuple[FieldTree, ...]
    happens: Word | None
    register: Word | None


@dataclass(frozen=True, slots=True)
class PlaceFile:
    """`place "border-zone.geojson"`."""

    file: str


@dataclass(frozen=True, slots=True)
class PlaceInEvidence:
    """`place in the evidence`."""


@dataclass(frozen=True, slots=True)
class MemberTree:
    """`Arland since 1999-03-12 until 2004-01-01`."""

    name: Word
    since: Day | None = None
    until: Day | None = None


@dataclass(frozen=True, slots=True)
class MembersOn:
    """`members of NATO on 1997-05-27`."""

    group: Word
    on: Day


MemberList = tuple[MemberTree | MembersOn, ...]


@dataclass(frozen=True, slots=True)
class GroupTree:
    """`group Arland, Borland`."""

    members: MemberList


@dataclass(frozen=True, slots=True)
class NumberIs:
    """`number 500 km`."""

    amount: Amount


@dataclass(frozen=True, slots=True)
class DurationIs:
    """`duration 42 days`."""

    lasting: Lasting


@dataclass(frozen=True, slots=True)
class PartyIs:
    """`party "United States"`: another word for a party."""

    name: str


@dataclass(frozen=True, slots=True)
class InstrumentFile:
    """`agreement "incsea-1972.md"`."""

    file: str


@dataclass(frozen=True, slots=True)
class LeftOpenTree:
    """`place left open`."""

    sort: Literal["place", "group", "number", "agreement"]


Meaning = InstrumentFile | KindTree | PlaceFile | PlaceInEvidence | GroupTree | NumberIs | DurationIs | PartyIs | LeftOpenTree


@dataclass(frozen=True, slots=True)
class Define:
    """`define border-zone as place left open`."""

    name: Word
    meaning: Meaning


# ---- agreement: and evidence: ----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TitleItem:
    """`title "..."`."""

    text: str


@dataclass(frozen=True, slots=True)
class PartiesItem:
    """`parties Arland, Borland`."""

    members: MemberList


@dataclass(frozen=True, slots=True)
class EntersOn:
    """`enters into force on 2011-02-05`."""

    day: Day


@dataclass(frozen=True, slots=True)
class EntersWhen:
    """`enters into force when all Parties have ratified`."""

    share: Literal["all", "majority"]
    participle: Word


@dataclass(frozen=True, slots=True)
class NeverEnters:
    """`never enters into force`."""


@dataclass(frozen=True, slots=True)
class Expires:
    """`expires on 2026-02-05 unless extended by all Parties for at most 5 years`."""

    when: Day | Stretch
    extension: Stretch | None
    renewal: Renewed | None = None


@dataclass(frozen=True, slots=True)
class Renewed:
    """`renewed for 3 years at a time unless a Party objects at least 6 months before expiry`."""

    period: Stretch
    may_object: bool
    notice: Stretch | None


@dataclass(frozen=True, slots=True)
class Provisionally:
    """`applies provisionally from 1992-07-17 until 1992-11-09`; no `since`: from signature."""

    since: Day | None
    until: Day | None
    at: At = _at()


@dataclass(frozen=True, slots=True)
class Released:
    """`a Party that notifies withdrawal is released 30 days after it`."""

    verb: Word
    kind: Word
    after: Stretch


@dataclass(frozen=True, slots=True)
class SuspensionItem:
    """`suspension of article 3 has effect 30 days after it`."""

    of: tuple[RefTree, ...] = ()
    after: Stretch | None = None
    at: At = _at()


LifeItem = TitleItem | PartiesItem | EntersOn | EntersWhen | NeverEnters | Expires | Provisionally | Released | SuspensionItem


@dataclass(frozen=True, slots=True)
class AgreementBlock:
    """`agreement: ...`."""

    items: tuple[LifeItem, ...]


TierWord = Word | Literal["own", "own-acts", "nothing else"]


@dataclass(frozen=True, slots=True)
class AccountItem:
    """`account of each Party: its own statements then monitors`. No `name`: each Party."""

    name: Word | None
    tiers: tuple[TierWord, ...]
    at: At = _at()


@dataclass(frozen=True, slots=True)
class QuorumItem:
    """`two of A, B, C`."""

    count: int
    sources: tuple[Word, ...]
    at: At = _at()


@dataclass(frozen=True, slots=True)
class EstablishedItem:
    """`a breach is established by its bearer or monitors`."""

    by: tuple[Word | QuorumItem | Literal["bearer"], ...]


@dataclass(frozen=True, slots=True)
class DisputedItem:
    """`otherwise accounts that differ make it disputed`: what holds anyway, said aloud."""


@dataclass(frozen=True, slots=True)
class TimeZoneItem:
    """`time zone Europe/Vienna`."""

    zone: Word


@dataclass(frozen=True, slots=True)
class ChangesItem:
    """`changes open`."""

    how: Literal["open", "closed"]


@dataclass(frozen=True, slots=True)
class CountsHold:
    """`counts hold for 6 months`."""

    stretch: Stretch


@dataclass(frozen=True, slots=True)
class AtResolution:
    """`at the resolution of the record`."""


@dataclass(frozen=True, slots=True)
class LeastGrade:
    """`least grade B2`."""

    grade: Word


WeightItem = AccountItem | EstablishedItem | DisputedItem | TimeZoneItem | ChangesItem | CountsHold | AtResolution | LeastGrade


@dataclass(frozen=True, slots=True)
class EvidenceBlock:
    """`evidence: ...`."""

    items: tuple[WeightItem, ...]


Tree = RuleTree | PhaseTree | Define | AgreementBlock | EvidenceBlock


@dataclass(frozen=True, slots=True)
class Statement:
    """One tree and the offset in the document from which its `at`s count."""

    tree: Tree
    at: At = _at()
