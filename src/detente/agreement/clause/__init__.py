"""Rules as meant: names resolved to kinds, fields, parties, groups and places.

A `Tree` is what was written; a clause is what it means. The judge reads only
clauses. Everything here is frozen and carries the span it came from; what is
measured, from when, who bears it and what is a breach stands with each clause.
Read in this order: `who.py`, `condition.py`, `due.py`, `head.py`, `reference.py`, `rule.py`, `recurring.py`, `separation.py`, `level.py`,
`permission.py`, `reciprocity.py`, `imported.py`, `evidence.py`, `life.py`, `whole.py`.
"""

from __future__ import annotations

from detente.agreement.clause.condition import (
    And,
    Compare,
    Comparison,
    Condition,
    Constant,
    Done,
    FieldOf,
    Is,
    IsIn,
    LeftOpen,
    Moment,
    Not,
    Or,
    Perceived,
    Placed,
    PlaceNamed,
    Relation,
    TerritoryOf,
    Value,
)
from detente.agreement.clause.due import Act, Anchor, Deadline, Occasion, PhaseBegins, StrictDeadline
from detente.agreement.clause.evidence import AccountRule, Evidence, Quorum, Tier
from detente.agreement.clause.head import Head, InPhases, PhasePoint, Survival, When
from detente.agreement.clause.imported import ImportedDuty, Instrument
from detente.agreement.clause.level import BaselineBound, Level, StrictBound
from detente.agreement.clause.life import Life, PartialSuspension, Provisional, Renewal
from detente.agreement.clause.permission import Permission, Refused
from detente.agreement.clause.reciprocity import Cycle, Kept, Milestone, Phase, Release
from detente.agreement.clause.recurring import EachPeriod, EveryInterval, MonthDay, RecurringDuty
from detente.agreement.clause.reference import Ref
from detente.agreement.clause.rule import Binder, Bound, Consequence, Duty, Exceptional, Prohibition, Summand
from detente.agreement.clause.separation import Craft, Separation, Spacing
from detente.agreement.clause.who import Anyone, AnyOther, EventVar, EveryOther, Parties, PartyVar, Role, Who
from detente.agreement.clause.whole import Agreement, AnyRule, Article, Case, Expectation, Fact, Group, Membership, Place, Rule

__all__ = [
    "AccountRule",
    "Act",
    "Agreement",
    "Anchor",
    "And",
    "AnyOther",
    "AnyRule",
    "Anyone",
    "Article",
    "BaselineBound",
    "Binder",
    "Bound",
    "Case",
    "Compare",
    "Comparison",
    "Condition",
    "Consequence",
    "Constant",
    "Craft",
    "Cycle",
    "Deadline",
    "Done",
    "Duty",
    "EachPeriod",
    "EventVar",
    "EveryInterval",
    "EveryOther",
    "Evidence",
    "Exceptional",
    "Expectation",
    "Fact",
    "FieldOf",
    "Group",
    "Head",
    "ImportedDuty",
    "InPhases",
    "Instrument",
    "Is",
    "IsIn",
    "Kept",
    "LeftOpen",
    "Level",
    "Life",
    "Membership",
    "Milestone",
    "Moment",
    "MonthDay",
    "Not",
    "Occasion",
    "Or",
    "PartialSuspension",
    "Parties",
    "PartyVar",
    "Perceived",
    "Permission",
    "Phase",
    "PhaseBegins",
    "PhasePoint",
    "Place",
    "PlaceNamed",
    "Placed",
    "Prohibition",
    "Provisional",
    "Quorum",
    "RecurringDuty",
    "Ref",
    "Refused",
    "Relation",
    "Release",
    "Renewal",
    "Role",
    "Rule",
    "Separation",
    "Spacing",
    "StrictBound",
    "StrictDeadline",
    "Summand",
    "Survival",
    "TerritoryOf",
    "Tier",
    "Value",
    "When",
    "Who",
]
