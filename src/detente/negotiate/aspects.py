"""In what two rules that answer to one another differ, in the words of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from detente.agreement.clause import (
    Act,
    Agreement,
    And,
    AnyRule,
    BaselineBound,
    Bound,
    Compare,
    Condition,
    Consequence,
    Duty,
    EachPeriod,
    FieldOf,
    LeftOpen,
    Occasion,
    Parties,
    Permission,
    Placed,
    RecurringDuty,
    StrictBound,
    Summand,
    When,
)
from detente.agreement.sense import part_sense
from detente.agreement.wording import anchor_words, deadline_words, plain, written
from detente.negotiate.comparison import Aspect, Sort


@dataclass(frozen=True, slots=True)
class Told:
    """A rule in its draft."""

    agreement: Agreement
    rule: AnyRule

    def sense(self, part: Any) -> Any:
        """The sense of a part of the rule."""
        return part_sense(self.agreement, self.rule, part)

    def part(self, name: str) -> Any:
        """A part of the rule; None where its shape has no such part."""
        return getattr(self.rule, name, None)


def aspects(before: Told, after: Told) -> tuple[Aspect, ...]:
    """Every difference of sense, in the order in which a rule is read; `OTHER` parts last."""
    found = list(_aspects(before, after))
    if not found and before.sense(before.rule) != after.sense(after.rule):
        found = [Aspect(Sort.LINK, _text(before.rule), _text(after.rule))]
    return tuple(dict.fromkeys(found))


def _aspects(before: Told, after: Told) -> Iterator[Aspect]:
    if _form(before.rule) != _form(after.rule):
        yield Aspect(Sort.FORM, _form(before.rule), _form(after.rule))
    yield from _period(before, after)
    for name in ("bearers", "binders"):
        one, two = before.part(name), after.part(name)
        if before.sense(one) != after.sense(two):
            yield Aspect(Sort.BEARER, _bearer(one, before), _bearer(two, after))
    yield from _occasion(before, after)
    yield from _level(before, after)
    yield from _act(before, after)
    yield from _deadlines(before, after)
    yield from _excuses(before, after)
    one, two = before.part("consequence"), after.part("consequence")
    if before.sense(one) != after.sense(two):
        yield Aspect(Sort.CONSEQUENCE, _consequence(one), _consequence(two))
    one, two = before.part("voluntary"), after.part("voluntary")
    if bool(one) != bool(two):
        yield Aspect(Sort.VOLUNTARY, "voluntary" if one else "", "voluntary" if two else "")
    for name in ("notwithstanding", "irrefusable"):
        one, two = before.part(name), after.part(name)
        if before.sense(one) != after.sense(two):
            yield Aspect(Sort.LINK, _link(one), _link(two))


def _form(rule: AnyRule) -> str:
    match rule:
        case Duty():
            return "duty" if rule.occasion is not None else "duty owed once"
        case RecurringDuty():
            return "recurring duty"
        case BaselineBound():
            return "limit against an earlier value"
        case Bound():
            return "ceiling" if rule.op == "at most" else "floor"
        case _:
            return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(rule).__name__).lower()


def _link(part: Any) -> str:
    if isinstance(part, bool):
        return "may not be refused" if part else "may be refused"
    return "notwithstanding " + ", ".join(ref.id for ref in part) if part else ""


# ---- time and bearers ---------------------------------------------------------------


def _period(before: Told, after: Told) -> Iterator[Aspect]:
    if before.sense(before.rule.head) != after.sense(after.rule.head):
        yield Aspect(Sort.PERIOD, _stretch(before.rule), _stretch(after.rule))


def _stretch(rule: AnyRule) -> str:
    head = rule.head
    parts = [f"{word} {_when(w)}" for word, w in (("from", head.starts), ("until", head.ends)) if w is not None]
    if head.phases is not None:
        parts += [f"{word} phase {p.phase}" for word, p in (("from", head.phases.starts), ("until", head.phases.ends)) if p is not None]
    if head.survives is not None:
        lasting = f" for {head.survives.lasting}" if head.survives.lasting else ""
        parts.append(f"survives {' and '.join(head.survives.of)}{lasting}")
    return " ".join(parts)


def _when(when: When) -> str:
    return f"{when.after} after {when.of}" if when.after else str(when.of)


def _bearer(part: Any, told: Told) -> str:
    if isinstance(part, Parties):
        return parties_words(part, told.agreement)
    if isinstance(part, tuple):
        return ", ".join(f"each {b.sort} {parties_words(b.over, told.agreement)}" for b in part)
    return ""


def parties_words(who: Parties, agreement: Agreement) -> str:
    """Like "every Party (Arland, Borland)", "Arland and Borland", "those in NATO"; very many are counted: they are listed with the drafts."""
    if who.group:
        return f"those in {who.group}"
    if who.names:
        return " and ".join(who.names)
    many = len(agreement.parties)
    return f"every Party ({', '.join(agreement.parties) if many <= _MOST_NAMED else f'{many} of them'})"


_MOST_NAMED = 6
"""Parties that are named one by one."""


# ---- occasion -----------------------------------------------------------------------


def _occasion_part(rule: AnyRule) -> Occasion | None:
    found = rule.deed if isinstance(rule, Permission) else getattr(rule, "occasion", None)
    return found if isinstance(found, Occasion) else None


def _occasion(before: Told, after: Told) -> Iterator[Aspect]:
    one, two = _occasion_part(before.rule), _occasion_part(after.rule)
    if one is None and two is None:
        return
    bare = [None if o is None else t.sense(replace(o, where=None)) for o, t in ((one, before), (two, after))]
    if bare[0] != bare[1]:
        yield Aspect(Sort.OCCASION, _occasion_words(one), _occasion_words(two))
    yield from _conditions((before, one.where if one else None), (after, two.where if two else None))


def _occasion_words(occasion: Occasion | None) -> str:
    if occasion is None:
        return ""
    roles = ", ".join(f"{name} {_who(who)}" for name, who in occasion.roles)
    return f"{occasion.kind} ({roles})" if roles else occasion.kind


def _who(who: Any) -> str:
    names = {"EveryOther": "every other Party", "AnyOther": "any other Party", "Anyone": "anyone"}
    if isinstance(who, Parties):
        return who.group or " and ".join(who.names) or "a Party"
    return names.get(type(who).__name__) or getattr(who, "name", "") or "the bearer"


def _conditions(before: tuple[Told, Condition | None], after: tuple[Told, Condition | None]) -> Iterator[Aspect]:
    """What one asks and the other does not; limits of one field are set side by side."""
    theirs = {repr(after[0].sense(c)) for c in conjuncts(after[1])}
    ours = {repr(before[0].sense(c)) for c in conjuncts(before[1])}
    gone = [c for c in conjuncts(before[1]) if repr(before[0].sense(c)) not in theirs]
    new = [c for c in conjuncts(after[1]) if repr(after[0].sense(c)) not in ours]
    for one in list(gone):
        two = next((c for c in new if _limits(one) is not None and _limits(one) == _limits(c)), None)
        if two is not None:
            gone.remove(one)
            new.remove(two)
            yield Aspect(Sort.THRESHOLD, written(before[0].rule, one), written(after[0].rule, two))
    if gone or new:
        said = " and ".join(written(before[0].rule, c) for c in gone), " and ".join(written(after[0].rule, c) for c in new)
        yield Aspect(Sort.CONDITION, *said)


def conjuncts(condition: Condition | None) -> list[Condition]:
    """The parts of a condition that must all hold."""
    if condition is None:
        return []
    return [part for item in condition.items for part in conjuncts(item)] if isinstance(condition, And) else [condition]


def _limits(condition: Condition) -> tuple[str, str] | None:
    """The field that a comparison limits and from which side; None for another condition."""
    match condition:
        case Compare(FieldOf(field=field), op, value) if not isinstance(value, FieldOf | LeftOpen):
            return field, {"at least": "above", "more than": "above", "at most": "below", "less than": "below"}.get(op, op)
        case Placed(FieldOf(field=field), "within"):
            return field, "within"
        case _:
            return None


# ---- levels ---------------------------------------------------------------------------


def _level(before: Told, after: Told) -> Iterator[Aspect]:
    for name, words in (("limit", _limit), ("spacing", _plain), ("recurrence", _recurrence)):
        one, two = before.part(name), after.part(name)
        if (name != "recurrence") and (before.sense(one), before.part("op"), _strict(before)) != (
            after.sense(two),
            after.part("op"),
            _strict(after),
        ):
            yield Aspect(Sort.LIMIT, words(one, before), words(two, after))
        if name == "recurrence" and before.sense(one) != after.sense(two):
            yield Aspect(Sort.DEADLINE, words(one, before), words(two, after))
            return
    if isinstance(before.rule, BaselineBound) and isinstance(after.rule, BaselineBound):
        parts = [tuple(t.sense(t.part(n)) for n in ("on", "margin", "in_percent", "side", "op")) for t in (before, after)]
        if parts[0] != parts[1]:
            yield Aspect(Sort.LIMIT, _text(before.rule), _text(after.rule))
    one, two = before.part("summands") or (), after.part("summands") or ()
    if before.sense(one) != after.sense(two):
        yield from _summands(before, after, one, two)
    for name in ("first", "second", "where"):
        if before.sense(before.part(name)) != after.sense(after.part(name)):
            yield Aspect(Sort.CONDITION, _plain(before.part(name), before), _plain(after.part(name), after))


def _strict(told: Told) -> bool:
    return isinstance(told.rule, StrictBound)


def _summands(before: Told, after: Told, one: tuple[Summand, ...], two: tuple[Summand, ...]) -> Iterator[Aspect]:
    said = [" + ".join(f"{s.field or 'number'} of {s.kind}" for s in some) for some in (one, two)]
    if said[0] != said[1] or len(one) != len(two):
        yield Aspect(Sort.OCCASION, said[0], said[1])
        return
    for a, b in zip(one, two, strict=True):
        yield from _conditions((before, a.where), (after, b.where))


def _limit(part: Any, told: Told) -> str:
    if part is None:
        return ""
    op = told.part("op") or ""
    if _strict(told):
        op = {"at most": "less than", "at least": "more than"}[op]
    return f"{op} {_value(part)}".strip()


def _value(part: Any) -> str:
    return f"{part.name} (left open)" if isinstance(part, LeftOpen) else str(getattr(part, "shown", part))


def _plain(part: Any, told: Told) -> str:
    if part is None:
        return ""
    return written(told.rule, part) or " or ".join(
        _value(v) for v in (getattr(part, "horizontal", None), getattr(part, "vertical", None)) if v is not None
    )


def _recurrence(part: Any, _: Told) -> str:
    if part is None:
        return ""
    if isinstance(part, EachPeriod):
        by = " and ".join(f"{d.day} {_MONTHS[d.month - 1]}" for d in part.by)
        tail = f" by {by}" if by else f" within {part.grace} after its end" if part.grace else ""
        return f"each {part.period}{tail}"
    return f"every {part.every} after {anchor_words(part.anchor.of)}"


_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")


# ---- acts and deadlines ---------------------------------------------------------------


def _act(before: Told, after: Told) -> Iterator[Aspect]:
    one, two = before.part("act"), after.part("act")
    if before.sense(one) == after.sense(two):
        return
    if isinstance(one, Act) and isinstance(two, Act) and one.kind == two.kind:
        if before.sense(one.roles) != after.sense(two.roles):
            yield Aspect(Sort.RECIPIENT, _act_words(one), _act_words(two))
        if one.counts_at != two.counts_at:
            yield Aspect(Sort.DEADLINE, f"counts at {one.counts_at}", f"counts at {two.counts_at}")
    else:
        yield Aspect(Sort.ACT, _act_words(one), _act_words(two))


def _act_words(act: Act | None) -> str:
    if act is None:
        return ""
    roles = ", ".join(f"{name} {_who(who)}" for name, who in act.roles if name != "about")
    return f"{act.kind} ({roles})" if roles else act.kind


def _deadlines(before: Told, after: Told) -> Iterator[Aspect]:
    one, two = before.part("deadline"), after.part("deadline")
    if before.sense(one) != after.sense(two):
        yield Aspect(Sort.DEADLINE, deadline_words(one), deadline_words(two))


# ---- excuses ----------------------------------------------------------------------------


def _excuses(before: Told, after: Told) -> Iterator[Aspect]:
    one, two = before.part("unless"), after.part("unless")
    if before.sense(one) != after.sense(two):
        yield Aspect(_sort_of_excuse(one, two), _unless(before.rule, one), _unless(after.rule, two))
    ours, theirs = before.part("exceptions") or (), after.part("exceptions") or ()
    if before.sense(ours) == after.sense(theirs):
        return
    known = {e.id: e for e in theirs}
    for e in ours:
        other = known.pop(e.id, None)
        if other is None:
            same = next((k for k in known.values() if after.sense(k) == before.sense(e)), None)
            if same is None:
                yield Aspect(Sort.EXCEPTION_REMOVED, _exception(before.rule, e), "")
            else:
                known.pop(same.id)
        elif before.sense(e) != after.sense(other):
            yield Aspect(Sort.EXCEPTION, _exception(before.rule, e), _exception(after.rule, other))
    for e in known.values():
        yield Aspect(Sort.EXCEPTION_ADDED, "", _exception(after.rule, e))


def _sort_of_excuse(one: Any, two: Any) -> Sort:
    return Sort.EXCEPTION_ADDED if one is None else Sort.EXCEPTION_REMOVED if two is None else Sort.EXCEPTION


def _unless(rule: AnyRule, condition: Condition | None) -> str:
    return "" if condition is None else f"unless {written(rule, condition) or 'a permission says so'}"


def _exception(rule: AnyRule, exception: Any) -> str:
    return f"exception {exception.id}: where {written(rule, exception.where)}, {_act_words(exception.act)} {deadline_words(exception.deadline)}"


def _consequence(part: Consequence | None) -> str:
    if part is None:
        return ""
    return f"else {part.bearer.name or 'it'} {part.modal} {_act_words(part.act)} {deadline_words(part.deadline)}".rstrip()


# ---- words ------------------------------------------------------------------------------


def _text(rule: AnyRule) -> str:
    return plain(rule.head.text)
