"""Conditions: from trees to clauses, with every type and unit checked."""

from __future__ import annotations

import re

from detente.agreement import tree as t
from detente.agreement.clause import (
    And,
    AnyOther,
    Compare,
    Comparison,
    Condition,
    Constant,
    Done,
    EventVar,
    EveryOther,
    FieldOf,
    Group,
    Is,
    IsIn,
    Membership,
    Not,
    Or,
    Parties,
    PartyVar,
    Perceived,
    Placed,
    Who,
)
from detente.agreement.deeds import Scope, fill, read_deed, who_acts
from detente.agreement.define import calendar_day
from detente.agreement.placing import read_located, read_near, read_place
from detente.agreement.values import described, field_of, read_value, span_at, with_article
from detente.model.kind import Field
from detente.model.span import Span

_OPPOSITE: dict[Comparison, Comparison] = {"equal to": "not equal to"}
_YES = {"yes": True, "true": True, "no": False, "false": False}
_WORDS = ("party", "text", "category", "ref", "place")


def read_condition(condition: t.Condition, scope: Scope) -> Condition | None:
    """A condition as meant; None, with problems, where some part of it means nothing."""
    match condition:
        case t.AllOf(items) | t.AnyOf(items):
            read = [read_condition(item, scope) for item in items]
            whole = [item for item in read if item is not None]
            if len(whole) < len(read):
                return None
            return And(tuple(whole)) if isinstance(condition, t.AllOf) else Or(tuple(whole))
        case t.Negation(item):
            inner = read_condition(item, scope)
            return None if inner is None else Not(inner)
        case t.Test():
            return _test(condition, scope)
        case t.Located():
            return read_located(condition, scope)
        case t.HasDone():
            return _has_done(condition, scope)
        case t.HasPerceived():
            return _has_perceived(condition, scope)


# ---- tests of a field ----------------------------------------------------------


def _test(test: t.Test, scope: Scope) -> Condition | None:
    match test.predicate:
        case t.InGroup(group, on):
            found = _in_group(test, group, on, scope)
        case t.Near(distance, place):
            found = read_near(test, distance, place, scope)
        case t.Equals(value) if isinstance(test.term, t.Variable):
            found = _bare(test, test.term, value, scope)
        case predicate if isinstance(test.term, t.Variable):
            scope.report.say("missing-field", f"say which field of {test.term.name} is meant, as in {test.term.name}.start", test.term.at)
            return None
        case predicate:
            found = _compared(test, test.term, predicate, scope)
    if found is None or not test.negated:
        return found
    if isinstance(found, Compare) and found.op in _OPPOSITE:
        return Compare(found.term, _OPPOSITE[found.op], found.value, found.span)
    return Not(found)


def _firmly(op: str, value: t.Value, scope: Scope) -> tuple[t.At, str]:
    """`9000 or more` as `at least 9000`."""
    base, text = scope.report.base, scope.report.document.text
    start, end = base + value.at[0], base + value.at[1]
    after = re.compile(r"\s+or\s+\w+").match(text, end)
    return (value.at[0], (after.end() if after else end) - base), f"{op} {text[start:end]}"


def _compared(test: t.Test, path: t.Path, predicate: t.Predicate, scope: Scope) -> Condition | None:
    resolved = field_of(path, scope)
    if resolved is None:
        return None
    term, field_ = resolved
    span = span_at(scope, test.at)
    match predicate:
        case t.Equals(value):
            return _equals(term, field_, value, span, scope)
        case t.Compares(op, value, loose):
            if loose is not None:
                scope.report.say(
                    "loose-phrase",
                    f"`{loose}` is read as `{op}`",
                    value.at,
                    advice=f"write `is {op} ...`",
                    is_warning=True,
                    instead=_firmly(op, value, scope),
                )
            return _ordered(term, field_, op, value, span=span, scope=scope)
        case t.Between(low, high):
            least = _ordered(term, field_, "at least", low, span=span, scope=scope)
            most = _ordered(term, field_, "at most", high, span=span, scope=scope)
            if least is None or most is None:
                return None
            if isinstance(least.value, Constant) and isinstance(most.value, Constant) and least.value.value > most.value.value:  # type: ignore[operator]  # an ordered field's constants are numbers
                scope.report.say(
                    "empty-range",
                    "nothing lies between these: the first is greater than the second",
                    (low.at[0], high.at[1]),
                    advice="write the smaller one first",
                )
                return None
            return And((least, most))
    raise AssertionError(predicate)


def _ordered(term: FieldOf, field_: Field, op: t.Operator, value: t.Value, *, span: Span, scope: Scope) -> Compare | None:
    if not field_.is_ordered or field_.type == "flag":
        scope.report.say(
            "wrong-type",
            f"{field_.name} is {described(field_)}, which has no more and no less",
            value.at,
            advice=f"write `{term.var}.{field_.name} is ...`",
        )
        return None
    if op in ("before", "after") and field_.type != "time":
        scope.report.say("wrong-type", f"{field_.name} is {described(field_)}, not a time", value.at)
        return None
    read = read_value(value, field_, scope)
    if read is None:
        return None
    meant: Comparison = {"before": "less than", "after": "more than"}.get(op, op)  # type: ignore[assignment]  # op without before and after is a Comparison
    return Compare(term, meant, read, span)


def _equals(term: FieldOf, field_: Field, value: t.Value, span: Span, scope: Scope) -> Condition | None:
    if field_.type == "flag":
        if isinstance(value, t.Word) and value.text in _YES:
            return Is(term, None, span) if _YES[value.text] else Not(Is(term, None, span))
        scope.report.say(
            "wrong-type", f"{field_.name} is yes or no", value.at, expected=("yes", "no"), advice=f"or write `{term.var} is {field_.name}`"
        )
        return None
    if field_.type in _WORDS and isinstance(value, t.Word):
        word = _member_of_field(value, field_, scope)
        return None if word is None else Is(term, word, span)
    read = read_value(value, field_, scope)
    return None if read is None else Compare(term, "equal to", read, span)


def _member_of_field(word: t.Word, field_: Field, scope: Scope) -> str | None:
    if field_.type == "category" and word.text not in field_.levels:
        scope.report.unknown("unknown-level", f"`{word.text}` is not a {field_.name}", word, field_.levels)
        return None
    if field_.type == "party":
        if word.text in scope.lexicon.groups and not scope.lexicon.is_state(word.text):
            scope.report.say("wrong-type", f"{word.text} is a group, not one party", word.at, advice=f"write `is in {word.text}`")
            return None
        return scope.lexicon.state_named(word)
    if field_.type == "place" and word.text not in scope.lexicon.places:
        scope.report.unknown(
            "unknown-place",
            f"no place is called `{word.text}`",
            word,
            scope.lexicon.places,
            advice='define it: `define NAME as place "FILE.geojson".`',
        )
        return None
    return word.text


def _bare(test: t.Test, var: t.Variable, value: t.Value, scope: Scope) -> Condition | None:
    """`X is unannounced-to-troops` (a flag), or `P is Arland` (a party variable)."""
    if not isinstance(value, t.Word):
        scope.report.say("missing-field", f"say which field of {var.name} is meant, as in {var.name}.start", var.at)
        return None
    span = span_at(scope, test.at)
    if var.name in scope.parties:
        scope.used.add(var.name)
        name = scope.lexicon.state_named(value)
        if name is None:
            return None
        # One party is a group of one: conditions on a party variable are memberships.
        scope.lexicon.groups.setdefault(name, Group(name, (Membership(name),)))
        scope.lexicon.used_groups.add(name)
        return IsIn(PartyVar(var.name), name, None, span)
    kind = scope.event(var.name, var.at)
    if kind is None:
        return None
    field_ = kind.fields.get(value.text)
    if field_ is not None and field_.type == "flag":
        return Is(FieldOf(var.name, value.text), None, span)
    flags = [f.name for f in kind.fields.values() if f.type == "flag"]
    owner = next((f.name for f in kind.fields.values() if value.text in f.levels), None)
    advice = (
        f"did you mean `{var.name}.{owner} is {value.text}`?"
        if owner
        else f"define it: `define {kind.name} as {kind.genus} having {value.text}: flag.`"
    )
    if owner:
        scope.report.say("unknown-flag", f"{with_article(kind.name)} has no flag `{value.text}`", value.at, advice=advice)
    else:
        scope.report.unknown("unknown-flag", f"{with_article(kind.name)} has no flag `{value.text}`", value, flags, advice=advice)
    return None


def _in_group(test: t.Test, group: t.Word, on: t.Day | None, scope: Scope) -> Condition | None:
    span = span_at(scope, test.at)
    day = calendar_day(on, scope.report)
    if on is not None and day is None:
        return None
    if isinstance(test.term, t.Variable):
        who = scope.party(test.term)
        named = scope.lexicon.group_named(group)
        return None if who is None or named is None else IsIn(who, named, day, span)
    resolved = field_of(test.term, scope)
    if resolved is None:
        return None
    term, field_ = resolved
    if field_.type == "place":
        place = read_place(group, scope)
        return None if place is None else Placed(term, "lies in", place, None, span)
    if field_.type not in ("party", "text"):
        scope.report.say("wrong-type", f"{field_.name} is {described(field_)}; only parties and states are in groups", test.term.at)
        return None
    named = scope.lexicon.group_named(group)
    return None if named is None else IsIn(term, named, day, span)


# ---- what someone has done -------------------------------------------------------


def _has_done(test: t.HasDone, scope: Scope) -> Condition | None:
    who = who_acts(test.actor, scope, binds=False)
    deed = read_deed(test.deed, "participle", scope, binds=False)
    before = None
    if test.before is not None:
        before = _time_of(test.before, scope)
        if before is None:
            return None
    if who is None or deed is None:
        return None
    about = next((w for name, w in deed.roles if name == "about" and isinstance(w, EventVar)), None)
    if any(name != "about" for name, _ in deed.roles):
        scope.report.say(
            "not-yet-supported",
            "a condition that says to or with whom something was done is not supported yet",
            test.at,
            advice="say only who has done it and about what",
        )
        return None
    found = Done(who, _is_every(test.actor, who), deed.kind.name, about, before, span_at(scope, test.at))
    return Not(found) if test.negated else found


def _has_perceived(test: t.HasPerceived, scope: Scope) -> Condition | None:
    who = who_acts(test.actor, scope, binds=False)
    about = fill(test.object, scope.lexicon.kinds["perception"].fields["about"], scope, binds=False)
    before = None
    if test.before is not None:
        before = _time_of(test.before, scope)
        if before is None:
            return None
    if who is None or not isinstance(about, EventVar):
        return None
    scope.lexicon.used_kinds.add("perception")
    found = Perceived(who, _is_every(test.actor, who), "perception", about, before, span_at(scope, test.at), test.subject.text)
    return Not(found) if test.negated else found


def _time_of(path: t.Path, scope: Scope) -> FieldOf | None:
    resolved = field_of(path, scope)
    if resolved is None:
        return None
    term, field_ = resolved
    if field_.type != "time":
        scope.report.say("wrong-type", f"{field_.name} is {described(field_)}, not a time", path.at)
        return None
    return term


def _is_every(actor: t.Nominal, who: Who) -> bool:
    match who:
        case EveryOther() | PartyVar():
            return True
        case Parties(names=names) if names:
            return True
        case AnyOther():
            return False
    return isinstance(actor, t.NounPhrase) and actor.determiner == "all"
