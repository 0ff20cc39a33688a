"""The plan of a permission: its refusal, where it may not be refused, and otherwise nothing.

What a permission excuses is part of the prohibitions that it names
(`agreement.overriding`). A refusal of a permitted deed is judged as a
prohibited act of the party that refuses it. Source: semantics, section 4,
"Permission".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from detente.agreement.clause import (
    And,
    Condition,
    FieldOf,
    Is,
    IsIn,
    Or,
    Parties,
    PartyVar,
    Permission,
    Prohibition,
    Refused,
    Role,
)
from detente.judge.across import VOTES
from detente.judge.occasion import Cte
from detente.model.kind import Kind

REFUSER = "refuser"


def refusal(kinds: Mapping[str, Kind], rule: Permission) -> Prohibition | None:
    """The refusal of the deed as an act that is forbidden to the one it is done to; None where it may be refused."""
    if not rule.irrefusable:
        return None
    kind = kinds[rule.deed.kind]
    field = next(f for f in ("recipient", "on", "party") if f in kind.fields)
    refuser = PartyVar(REFUSER)
    bearers = next((who for f, who in rule.deed.roles if f == field and isinstance(who, Parties)), Parties())
    roles: tuple[Role, ...] = (*((f, who) for f, who in rule.deed.roles if f != field), (field, refuser))
    conditions = (*_permitted(rule), *((rule.deed.where,) if rule.deed.where is not None else ()), _refused(rule, kind, refuser))
    where: Condition = conditions[0] if len(conditions) == 1 else And(conditions)
    return Prohibition(rule.head, bearers, refuser, replace(rule.deed, roles=roles, where=where), rule.unless)


def _permitted(rule: Permission) -> tuple[Condition, ...]:
    """That the one who does the deed is among those who may."""
    actor = next(f for f, who in rule.deed.roles if who == rule.bearer)
    term, among, span = FieldOf(rule.deed.var, actor), rule.bearers, rule.head.span
    found: list[Condition] = [IsIn(term, among.group, None, span)] if among.group else []
    each = tuple(Is(term, n, span) for n in among.names)
    if each:
        found.append(Or(each) if len(each) > 1 else each[0])
    return tuple(found)


def _refused(rule: Permission, kind: Kind, refuser: PartyVar) -> Condition:
    """That it was refused: its own flag, or that of a response about it."""
    if "refused" in kind.fields:
        return Is(FieldOf(rule.deed.var, "refused"), None, rule.head.span)
    return Refused.of(rule.deed.var, refuser, rule.head.span)


def no_votes() -> Cte:
    """`votes` of a rule that has no instances."""
    sets = ", ".join(f"0::UBIGINT AS {s}" for s in (*VOTES, "seen", "left_open", "cured", "self", "fair", "plain"))
    stamps = ", ".join(f"NULL::TIMESTAMP AS {s}" for s in ("due_lo", "due_hi", "happens_lo"))
    return "votes", f"  SELECT '' AS event, '' AS bearer, NULL::VARCHAR AS recipient, {sets}, {stamps}, []::UINTEGER[] AS cites WHERE false"
