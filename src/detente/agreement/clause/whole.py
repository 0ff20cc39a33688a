"""The agreement as a whole: its words, articles, rules and cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from detente.agreement.clause.condition import Constant, LeftOpen
from detente.agreement.clause.evidence import Evidence
from detente.agreement.clause.imported import ImportedDuty, Instrument
from detente.agreement.clause.level import BaselineBound
from detente.agreement.clause.life import Life
from detente.agreement.clause.permission import Permission
from detente.agreement.clause.reciprocity import Cycle, Phase, Release
from detente.agreement.clause.recurring import RecurringDuty
from detente.agreement.clause.rule import Bound, Duty, Prohibition
from detente.agreement.clause.separation import Separation
from detente.model.kind import Kind
from detente.model.problem import Problem
from detente.model.span import Span


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


Rule = Prohibition | Duty | RecurringDuty | Bound | BaselineBound | Permission | Separation | ImportedDuty | Release
"""Rules that the judge has a plan for."""

AnyRule = Rule


@dataclass(frozen=True, slots=True)
class Agreement:
    """A whole agreement as meant. `digest` is the SHA-256 of the document's bytes, in hex.

    `pending` says of each place that is read and has no plan yet that it
    cannot be judged: who judges must refuse an agreement in which it is not empty.
    `imports` are the digests of other agreements whose rules it takes over, by
    the name of their file.
    """

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
    phases: Mapping[str, Phase] = field(default_factory=dict)
    instruments: Mapping[str, Instrument] = field(default_factory=dict)
    cycles: tuple[Cycle, ...] = ()
    pending: tuple[Problem, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    imports: Mapping[str, str] = field(default_factory=dict)
