"""The plainer rule by which a rule's instances are judged and told, where there is one.

An irrefusable permission is told as the prohibition of its refusal, a separation
as that of an encounter too near.
"""

from __future__ import annotations

from collections.abc import Mapping

from detente.agreement.clause import (
    And,
    Anyone,
    BaselineBound,
    Bound,
    Compare,
    Duty,
    FieldOf,
    ImportedDuty,
    Occasion,
    Parties,
    PartyVar,
    Permission,
    Prohibition,
    RecurringDuty,
    Release,
    Rule,
    Separation,
)
from detente.judge.permission import refusal
from detente.judge.separation import ENCOUNTER
from detente.model.kind import Kind

Form = Prohibition | Duty | RecurringDuty | Bound | BaselineBound | ImportedDuty


def has_instances(kinds: Mapping[str, Kind], rule: Rule) -> bool:
    """Whether there can be verdicts on the rule, and not only a status."""
    return not isinstance(rule, Release) and not (isinstance(rule, Permission) and refusal(kinds, rule) is None)


def form(kinds: Mapping[str, Kind], rule: Rule) -> Form:
    """The rule in the form in which its instances are told; it has instances."""
    match rule:
        case Permission():
            forbidden = refusal(kinds, rule)
            if forbidden is None:
                raise TypeError("a permission that may be refused has no instances")
            return forbidden
        case Release():
            raise TypeError("a release has no instances")
        case Separation():
            return _nearness(kinds, rule)
        case _:
            return rule


def _nearness(kinds: Mapping[str, Kind], rule: Separation) -> Prohibition:
    """That two craft came nearer than they may, as an encounter that is forbidden; what is asked of the craft is left out."""
    limits = (("distance", rule.spacing.horizontal), ("vertical", rule.spacing.vertical))
    near = tuple(Compare(FieldOf("", f), "less than", limit, rule.head.span) for f, limit in limits if limit is not None)
    occasion = Occasion(ENCOUNTER, "", tuple((f, Anyone()) for f in kinds[ENCOUNTER].acts), And(near) if len(near) > 1 else near[0])
    return Prohibition(rule.head, Parties(), PartyVar(""), occasion)
