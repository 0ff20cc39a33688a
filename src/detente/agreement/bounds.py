"""At all times: ceilings and floors on sums and numbers."""

from __future__ import annotations

import math
from datetime import date
from typing import Literal

from detente.agreement import tree as t
from detente.agreement.clause import BaselineBound, Binder, Bound, Condition, Constant, Head, LeftOpen, Parties, StrictBound, Summand
from detente.agreement.conditions import read_condition
from detente.agreement.deeds import Scope
from detente.agreement.define import calendar_day, number
from detente.agreement.values import with_article
from detente.model.kind import Field, Kind


def read_bound(norm: t.Always, head: Head, unless: t.Unless | None, scope: Scope) -> Bound | BaselineBound | None:
    """A ceiling or floor as meant; None, with problems, where some part of it means nothing."""
    lexicon = scope.lexicon
    binders: list[Binder] = []
    for binder in norm.binders:
        group = None if binder.group is None else lexicon.group_named(binder.group)
        if isinstance(group, LeftOpen):
            scope.report.say("not-yet-supported", "a group left open is not supported here yet", binder.var.at)
            group = None
        scope.bind_party(binder.var)
        binders.append(Binder(binder.var.name, Parties(group=group), binder.sort))
    summands = [s for count in norm.counts if (s := _summand(count, scope)) is not None]
    excuse: Condition | None = None if unless is None else read_condition(unless.condition, scope)
    if isinstance(norm.limit, t.Level):
        return _beside(norm, norm.limit, head, tuple(binders), tuple(summands), unless=excuse, scope=scope)
    limit = _limit(norm.limit, norm, scope)
    if limit is None or len(summands) < len(norm.counts):
        return None
    if norm.op in ("at most", "at least"):
        return Bound(head, tuple(binders), tuple(summands), norm.op, limit, excuse)
    op: Literal["at most", "at least"] = "at most" if norm.op == "less than" else "at least"
    if isinstance(limit, Constant) and all(_is_whole(s, scope) for s in summands):
        last = math.ceil(float(limit.value)) - 1 if op == "at most" else math.floor(float(limit.value)) + 1
        return Bound(head, tuple(binders), tuple(summands), op, Constant(last, str(last)), excuse)
    return StrictBound(head, tuple(binders), tuple(summands), op, limit, excuse)


def _is_whole(summand: Summand, scope: Scope) -> bool:
    """Whether it can only be a whole number: a number of things, or a sum of counts."""
    return summand.field is None or scope.lexicon.kinds[summand.kind].fields[summand.field].type == "count"


def _beside(
    norm: t.Always,
    level: t.Level,
    head: Head,
    binders: tuple[Binder, ...],
    summands: tuple[Summand, ...],
    *,
    unless: Condition | None,
    scope: Scope,
) -> BaselineBound | None:
    on: date | Literal["entry-into-force"] | None = (
        "entry-into-force" if isinstance(level.on, t.Entry) else calendar_day(level.on, scope.report)
    )
    margin: Constant | LeftOpen | None = None
    in_percent = isinstance(level.margin, t.Amount) and level.margin.unit == "percent"
    if in_percent and isinstance(level.margin, t.Amount):
        read = number(level.margin, scope.lexicon)
        margin = None if read is None else read[0]
    elif level.margin is not None:
        margin = _limit(level.margin, norm, scope)
    if on is None or (level.margin is not None and margin is None) or len(summands) < len(norm.counts):
        return None
    op: Literal["at most", "at least"] = "at most" if norm.op == "at most" else "at least"
    return BaselineBound(head, binders, summands, op, on, margin, in_percent, level.side, unless)


def _summand(count: t.Count, scope: Scope) -> Summand | None:
    kind = scope.lexicon.kind_of(count.noun)
    if kind is None:
        return None
    if kind.genus == "event":
        scope.report.say(
            "wrong-type", f"{with_article(kind.name)} happens; only things and stocks can be counted at all times", count.noun.at
        )
        return None
    inner = _inner_scope(scope)
    var = inner.bind_event(count.var, kind)
    field_name = None
    if count.path is not None:
        field_name = _summed_field(count.path, var, kind, scope)
        if field_name is None:
            return None
    of = on = None
    for entry in count.scopes:
        who = inner.party(entry.var)
        if who is None:
            return None
        field_of_scope = "party" if entry.preposition == "of" else "on"
        if field_of_scope not in kind.fields:
            scope.report.say(
                "unknown-field", f"{with_article(kind.name)} has no field `{field_of_scope}`", entry.var.at, expected=sorted(kind.fields)
            )
            return None
        if entry.preposition == "of":
            of = who.name
        else:
            on = who.name
    where = None
    if count.where is not None:
        where = read_condition(count.where, inner)
        if where is None:
            return None
    return Summand(kind.name, field_name, var, of, on, where)


def _summed_field(path: t.Path, var: str, kind: Kind, scope: Scope) -> str | None:
    if path.var != var:
        scope.report.say("unknown-variable", f"nothing here is called {path.var}", path.at, expected=(var,))
        return None
    field = kind.fields.get(path.field)
    if field is None or field.type not in ("count", "number"):
        known = [f.name for f in kind.fields.values() if f.type in ("count", "number")]
        word = t.Word(path.field, (path.at[0] + len(path.var) + 1, path.at[1]))
        scope.report.unknown("unknown-field", f"{with_article(kind.name)} has no number called `{path.field}`", word, known)
        return None
    return field.name


def _inner_scope(scope: Scope) -> Scope:
    """A scope for one summand: its own event variables, the rule's parties."""
    return Scope(scope.lexicon, {}, set(scope.parties), scope.bearer, scope.used)


def _limit(limit: t.Value, norm: t.Always, scope: Scope) -> Constant | LeftOpen | None:
    unit = _unit_of_sum(norm, scope)
    match limit:
        case t.Amount():
            read = number(limit, scope.lexicon)
            if read is None:
                return None
            if read[1] != unit and not (unit is None and read[1] in _names_counted(norm)):
                scope.report.say(
                    "wrong-unit",
                    f"the sum is {'a bare number' if unit is None else 'in ' + unit}; the limit is {read[0].shown}",
                    limit.at,
                )
                return None
            return read[0]
        case t.Word(text) if text in scope.lexicon.quantities:
            return scope.lexicon.quantities[text]
        case t.Word():
            scope.report.unknown(
                "unknown-name",
                f"no number is called `{limit.text}`",
                limit,
                scope.lexicon.quantities,
                advice="write a number, or define it: `define NAME as number ...`",
            )
            return None
    scope.report.say("wrong-type", "the limit is a number", limit.at)
    return None


def _names_counted(norm: t.Always) -> set[str]:
    return {c.noun.text for c in norm.counts} | {c.path.field for c in norm.counts if c.path}


def _unit_of_sum(norm: t.Always, scope: Scope) -> str | None:
    units: set[str | None] = set()
    for count in norm.counts:
        kind = scope.lexicon.kind_named(count.noun.text)
        field: Field | None = kind.fields.get(count.path.field) if kind and count.path else None
        units.add(field.unit if field else None)
    if len(units) > 1:
        scope.report.say("wrong-unit", "things measured in different units are added", norm.counts[0].at)
    return next(iter(units), None)
