"""What a permission overrides: the prohibitions that it names are excused by its deeds.

A permission is one more reason in the `unless` of such a prohibition: the
deed's roles, bearers and `where` are met, the permission holds on that day, and
its own `unless` is not. So it is judged as every excuse is: what no source
claims is false. Source: semantics, section 4, "Permission".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any

from detente.agreement.clause import (
    And,
    AnyOther,
    AnyRule,
    Compare,
    Condition,
    EventVar,
    FieldOf,
    IsIn,
    Moment,
    Not,
    Or,
    Parties,
    PartyVar,
    Permission,
    Prohibition,
    When,
    Who,
)
from detente.agreement.clause.condition import Is
from detente.agreement.clause.due import Occasion
from detente.model.kind import Kind
from detente.model.span import Span


def overridden(rules: Sequence[AnyRule], kinds: dict[str, Kind]) -> list[AnyRule]:
    """The rules, each prohibition with what permissions add to its excuse."""
    by_name: dict[str, list[Permission]] = {}
    for rule in rules:
        if isinstance(rule, Permission):
            for id_ in dict.fromkeys(i for ref in rule.notwithstanding for i in ref.rules):
                by_name.setdefault(id_, []).append(rule)
    return [_excused(r, by_name.get(r.head.id, ()), kinds) if isinstance(r, Prohibition) else r for r in rules]


def _excused(rule: Prohibition, permissions: Iterable[Permission], kinds: dict[str, Kind]) -> Prohibition:
    for n, permission in enumerate(p for p in permissions if p.deed.kind == rule.occasion.kind):
        rule = _with(rule, permission, n, kinds)
    return rule


def _with(rule: Prohibition, permission: Permission, n: int, kinds: dict[str, Kind]) -> Prohibition:
    """The prohibition with one more excuse; variables of the permission that it needs get names of their own."""
    var = rule.occasion.var
    roles = {who.name: f for f, who in permission.deed.roles if isinstance(who, PartyVar)}
    ours = {f: who for f, who in rule.occasion.roles if isinstance(who, PartyVar)}
    names = {v: ours[f].name if f in ours else f"permitted {n} {v}" for v, f in roles.items()}
    met = [*(c for f, who in permission.deed.roles for c in _role(FieldOf(var, f), who, permission)), *_bearers(var, permission, roles)]
    met += _stretch(var, permission, kinds[rule.occasion.kind])
    conditions = [c for c in (permission.deed.where, None if permission.unless is None else Not(permission.unless)) if c is not None]
    # A party variable is the field that it fills, where that says the same.
    met += [_told(c, permission.deed.var, var, names, roles) for c in conditions]
    whole: Condition = met[0] if len(met) == 1 else And(tuple(met))
    asked = _variables(whole)
    added = tuple((f, PartyVar(names[v])) for v, f in roles.items() if f not in ours and names[v] in asked)
    occasion: Occasion = replace(rule.occasion, roles=(*rule.occasion.roles, *added))
    return replace(rule, occasion=occasion, unless=whole if rule.unless is None else Or((rule.unless, whole)))


def _role(field: FieldOf, who: Who | EventVar, permission: Permission) -> list[Condition]:
    span = permission.head.span
    match who:
        case Parties(group=group, names=names):
            return _among(field, group, names, span)
        case AnyOther():
            bearer = next(f for f, w in permission.deed.roles if w == permission.bearer)
            return [Compare(field, "not equal to", FieldOf(field.var, bearer), span)]
        case _:
            return []


def _bearers(var: str, permission: Permission, roles: dict[str, str]) -> list[Condition]:
    return _among(FieldOf(var, roles[permission.bearer.name]), permission.bearers.group, permission.bearers.names, permission.head.span)


def _among(field: FieldOf, group: str | None, names: tuple[str, ...], span: Span) -> list[Condition]:
    found: list[Condition] = [IsIn(field, group, None, span)] if group else []
    each = tuple(Is(field, n, span) for n in names)
    return [*found, *((Or(each) if len(each) > 1 else each[0],) if each else ())]


def _stretch(var: str, permission: Permission, kind: Kind) -> list[Condition]:
    """The dates between which the permission holds."""
    head = permission.head
    if kind.happens is None:
        return []
    happens = FieldOf(var, kind.happens)
    found: list[Condition] = []
    if _day(head.starts) is not None:
        found.append(Compare(happens, "at least", Moment(_day(head.starts)), head.span))
    if _day(head.ends) is not None:
        found.append(Compare(happens, "less than", Moment(_day(head.ends)), head.span))
    return found


def is_limited(permission: Permission) -> bool:
    """Whether it holds for a time that no condition on a deed can say: by phases, or counted from some day."""
    ends = [w for w in (permission.head.starts, permission.head.ends) if w is not None]
    return permission.head.phases is not None or any(_day(w) is None for w in ends)


def _day(when: When | None) -> Any:
    return when.of if when is not None and when.of != "entry-into-force" and when.after is None else None


def _told(node: Any, old: str, new: str, names: dict[str, str], roles: dict[str, str]) -> Any:
    """The condition about the prohibition's own occasion."""
    match node:
        case IsIn(term=PartyVar(name=v)) if v in roles:
            return replace(node, term=FieldOf(new, roles[v]))
        case FieldOf(var=v) if v == old:
            return replace(node, var=new)
        case EventVar(name=v) if v == old:
            return EventVar(new)
        case PartyVar(name=v) if v in names:
            return PartyVar(names[v])
        case tuple():
            return tuple(_told(item, old, new, names, roles) for item in node)
        case _ if is_dataclass(node) and not isinstance(node, type | Span):
            return replace(node, **{f.name: _told(getattr(node, f.name), old, new, names, roles) for f in fields(node)})
        case _:
            return node


def _variables(node: Any) -> set[str]:
    if isinstance(node, PartyVar):
        return {node.name}
    if isinstance(node, tuple):
        return {v for item in node for v in _variables(item)}
    if is_dataclass(node) and not isinstance(node, type):
        return {v for f in fields(node) for v in _variables(getattr(node, f.name))}
    return set()
