"""Conditions: from trees to clauses, with every type and unit checked."""

from __future__ import annotations

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
    LeftOpen,
    Membership,
    Moment,
    Not,
    Or,
    Parties,
    PartyVar,
    Placed,
    PlaceNamed,
    TerritoryOf,
    Value,
    Who,
)
from detente.agreement.deeds import Scope, read_deed, who_acts
from detente.agreement.define import calendar_day, number
from detente.model.kind import Field, Kind
from detente.model.span import Span
from detente.vocabulary.units import UNITS, units_of

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
            return _located(condition, scope)
        case t.HasDone():
            return _has_done(condition, scope)


def length(value: t.Value, scope: Scope) -> float | LeftOpen | None:
    """A length in metres, or what is left open; None with a problem otherwise."""
    match value:
        case t.Amount():
            read = number(value, scope.lexicon)
            if read is None:
                return None
            constant, unit = read
            if unit == "m":
                return float(constant.value)
            code, message = (
                ("missing-unit", "a length needs its unit") if unit is None else ("wrong-unit", f"`{value.unit}` does not measure a length")
            )
            scope.report.say(code, message, value.at, expected=units_of("m"))
            return None
        case t.Word(text) if text in scope.lexicon.quantities:
            known = scope.lexicon.quantities[text]
            if isinstance(known, LeftOpen):
                return known
            if scope.lexicon.quantity_units.get(text) == "m":
                return float(known.value)
    scope.report.say("wrong-type", "a length is needed here, such as 50 km", value.at)
    return None


def read_value(value: t.Value, field_: Field, scope: Scope) -> Value | None:
    """What a field is compared with, in the field's canonical unit; None with a problem."""
    match value:
        case t.Path(var, name, at):
            return _other_field(var, name, at, field_, scope)
        case t.Day():
            day = calendar_day(value, scope.report)
            if day is None:
                return None
            if field_.type != "time":
                scope.report.say("wrong-type", f"{field_.name} is {_type(field_)}, not a date", value.at)
                return None
            return Moment(day)
        case t.Amount():
            return _number_for(value, field_, scope)
        case t.Word():
            return _word_for(value, field_, scope)


def _span(scope: Scope, at: t.At) -> Span:
    report = scope.report
    return report.document.span(report.base + at[0], report.base + at[1], report.trail)


def _field_of(path: t.Path, scope: Scope) -> tuple[FieldOf, Field] | None:
    if path.var in scope.parties:
        scope.report.say(
            "wrong-variable",
            f"{path.var} stands for a party, and parties have no fields",
            path.at,
            advice="write `P is in GROUP`, or compare a field of the event",
        )
        return None
    kind = scope.event(path.var, path.at)
    if kind is None:
        return None
    field_ = kind.fields.get(path.field)
    if field_ is None:
        word = t.Word(path.field, (path.at[0] + len(path.var) + 1, path.at[1]))
        known = sorted(kind.fields)
        if (close := scope.report.closest(path.field, known)) is not None:
            scope.report.say(
                "unknown-field", f"{_a(kind.name)} has no field `{path.field}`", word.at, advice=f"did you mean `{path.var}.{close}`?"
            )
        else:
            scope.report.say(
                "unknown-field",
                f"{_a(kind.name)} has no field `{path.field}`",
                word.at,
                expected=known,
                advice=f"define it: `define {kind.name} as {kind.genus} having {path.field}: flag.`",
            )
        return None
    return FieldOf(path.var, path.field), field_


# ---- tests of a field ----------------------------------------------------------


def _test(test: t.Test, scope: Scope) -> Condition | None:
    match test.predicate:
        case t.InGroup(group, on):
            found = _in_group(test, group, on, scope)
        case t.Near(distance, place):
            found = _near(test, distance, place, scope)
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


def _compared(test: t.Test, path: t.Path, predicate: t.Predicate, scope: Scope) -> Condition | None:
    resolved = _field_of(path, scope)
    if resolved is None:
        return None
    term, field_ = resolved
    span = _span(scope, test.at)
    match predicate:
        case t.Equals(value):
            return _equals(term, field_, value, span, scope)
        case t.Compares(op, value, loose):
            if loose is not None:
                scope.report.say("loose-phrase", f"`{loose}` is read as `{op}`", value.at, advice=f"write `is {op} ...`", is_warning=True)
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
            f"{field_.name} is {_type(field_)}, which has no more and no less",
            value.at,
            advice=f"write `{term.var}.{field_.name} is ...`",
        )
        return None
    if op in ("before", "after") and field_.type != "time":
        scope.report.say("wrong-type", f"{field_.name} is {_type(field_)}, not a time", value.at)
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
    span = _span(scope, test.at)
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
        scope.report.say("unknown-flag", f"{_a(kind.name)} has no flag `{value.text}`", value.at, advice=advice)
    else:
        scope.report.unknown("unknown-flag", f"{_a(kind.name)} has no flag `{value.text}`", value, flags, advice=advice)
    return None


def _in_group(test: t.Test, group: t.Word, on: t.Day | None, scope: Scope) -> Condition | None:
    span = _span(scope, test.at)
    day = calendar_day(on, scope.report)
    if on is not None and day is None:
        return None
    if isinstance(test.term, t.Variable):
        who = scope.party(test.term)
        named = scope.lexicon.group_named(group)
        return None if who is None or named is None else IsIn(who, named, day, span)
    resolved = _field_of(test.term, scope)
    if resolved is None:
        return None
    term, field_ = resolved
    if field_.type == "place":
        place = _place(group, scope)
        return None if place is None else Placed(term, "lies in", place, None, span)
    if field_.type not in ("party", "text"):
        scope.report.say("wrong-type", f"{field_.name} is {_type(field_)}; only parties and states are in groups", test.term.at)
        return None
    named = scope.lexicon.group_named(group)
    return None if named is None else IsIn(term, named, day, span)


# ---- values --------------------------------------------------------------------


def _other_field(var: str, name: str, at: t.At, field_: Field, scope: Scope) -> Value | None:
    resolved = _field_of(t.Path(var, name, at), scope)
    if resolved is None:
        return None
    other, its = resolved
    if its.type != field_.type or its.unit != field_.unit or (its.type == "scale" and its.levels != field_.levels):
        scope.report.say("wrong-type", f"{field_.name} is {_type(field_)} and {its.name} is {_type(its)}: they do not compare", at)
        return None
    return other


def _number_for(amount: t.Amount, field_: Field, scope: Scope) -> Value | None:
    read = number(amount, scope.lexicon)
    if read is None:
        return None
    constant, unit = read
    if field_.type not in ("count", "number"):
        scope.report.say(
            "wrong-type",
            f"{field_.name} is {_type(field_)}, not a number",
            amount.at,
            expected=field_.levels if len(field_.levels) <= 12 else (),
        )
        return None
    return constant if _unit_fits(unit, constant, amount, field_, scope) else None


def _unit_fits(unit: str | None, constant: Constant, amount: t.Amount, field_: Field, scope: Scope) -> bool:
    report = scope.report
    if field_.unit in ("m", "t"):
        if unit == field_.unit:
            return True
        if unit is None:
            report.say("missing-unit", f"{field_.name} needs a unit", amount.at, expected=units_of(field_.unit))
        elif unit in UNITS:
            report.say(
                "wrong-unit",
                f"{field_.name} is {_type(field_)}, and {amount.unit} measures something else",
                amount.at,
                expected=units_of(field_.unit),
            )
        else:
            word = t.Word(amount.unit or "", (amount.at[1] - len(amount.unit or ""), amount.at[1]))
            report.unknown("unknown-unit", f"`{amount.unit}` is no unit of {field_.name}", word, units_of(field_.unit))
        return False
    if unit is not None and unit not in (field_.name, "count"):
        report.say(
            "wrong-unit",
            f"{field_.name} is {_type(field_)} and takes no unit `{amount.unit}`",
            amount.at,
            advice=f"write {amount.number}, or {amount.number} {field_.name}",
        )
        return False
    if field_.type == "count" and not isinstance(constant.value, int):
        report.say("wrong-type", f"{field_.name} counts things: a whole number is needed", amount.at)
        return False
    return True


def _word_for(word: t.Word, field_: Field, scope: Scope) -> Value | None:
    if field_.type == "scale" and word.text in field_.levels:
        return Constant(field_.levels.index(word.text), word.text)
    known = scope.lexicon.quantities.get(word.text)
    if isinstance(known, LeftOpen):
        return known
    if known is not None:
        unit = scope.lexicon.quantity_units.get(word.text)
        amount = t.Amount(str(known.value), unit, word.at)
        if field_.type not in ("count", "number"):
            scope.report.say("wrong-type", f"{field_.name} is {_type(field_)}, and {word.text} is a number", word.at)
            return None
        return known if _unit_fits(unit, known, amount, field_, scope) else None
    if field_.type == "scale":
        scope.report.unknown("unknown-level", f"`{word.text}` is not a {field_.name}", word, field_.levels)
    else:
        scope.report.unknown(
            "unknown-name",
            f"nothing is called `{word.text}` that {field_.name} compares with",
            word,
            scope.lexicon.quantities,
            advice=f"define it: `define {word.text} as number ...`",
        )
    return None


# ---- places --------------------------------------------------------------------


def _place_field(term: t.Path | t.Variable, scope: Scope) -> tuple[FieldOf, Kind] | None:
    """The field that says where: the one written, or the kind's own place."""
    if isinstance(term, t.Path):
        resolved = _field_of(term, scope)
        if resolved is None:
            return None
        if resolved[1].type != "place":
            places = [f"{term.var}.{f.name}" for f in scope.events[term.var].fields.values() if f.type == "place"]
            scope.report.say("wrong-type", f"{term.field} is {_type(resolved[1])}, not a place", term.at, expected=places)
            return None
        return resolved[0], scope.events[term.var]
    kind = scope.event(term.name, term.at)
    if kind is None:
        return None
    places = [f.name for f in kind.fields.values() if f.type == "place"]
    if "area" in places or len(places) == 1:
        return FieldOf(term.name, "area" if "area" in places else places[0]), kind
    scope.report.say(
        "missing-field",
        f"{_a(kind.name)} has {'no place' if not places else 'several places'}: say which is meant",
        term.at,
        expected=[f"{term.name}.{p}" for p in places],
    )
    return None


def _located(located: t.Located, scope: Scope) -> Condition | None:
    found = _place_field(located.term, scope)
    place = _place(located.place, scope)
    if found is None or place is None:
        return None
    term, kind = found
    if located.relation == "reaches" and (kind.fields.get("range") is None or kind.fields["range"].unit != "m"):
        scope.report.say(
            "wrong-type",
            f"{_a(kind.name)} has no range, so it reaches nothing",
            located.at,
            advice=f"define it: `define {kind.name} as {kind.genus} having range: length.`",
        )
        return None
    return Placed(term, located.relation, place, None, _span(scope, located.at))


def _near(test: t.Test, distance: t.Value, place: t.PlaceWord, scope: Scope) -> Condition | None:
    found = _place_field(test.term, scope)
    metres = length(distance, scope)
    where = _place(place, scope)
    if found is None or metres is None or where is None:
        return None
    if isinstance(metres, LeftOpen):
        return Placed(found[0], "within", metres, None, _span(scope, test.at))
    return Placed(found[0], "within", where, metres, _span(scope, test.at))


def _place(place: t.PlaceWord, scope: Scope) -> PlaceNamed | TerritoryOf | LeftOpen | None:
    match place:
        case t.OwnTerritory():
            return TerritoryOf(scope.bearer)
        case t.Territory(of):
            who = who_acts(of, scope, binds=False)
            return None if who is None else TerritoryOf(who)
        case t.Word(text):
            known = scope.lexicon.places.get(text)
            if known is not None:
                return LeftOpen(text) if known.is_left_open else PlaceNamed(text)
            advice = (
                f"write `the territory of {text}`" if scope.lexicon.is_state(text) else 'define it: `define NAME as place "FILE.geojson".`'
            )
            scope.report.unknown("unknown-place", f"no place is called `{text}`", place, scope.lexicon.places, advice=advice)
            return None


# ---- what someone has done -------------------------------------------------------


def _has_done(test: t.HasDone, scope: Scope) -> Condition | None:
    who = who_acts(test.actor, scope, binds=False)
    deed = read_deed(test.deed, "participle", scope, binds=False)
    before = None
    if test.before is not None:
        resolved = _field_of(test.before, scope)
        if resolved is None:
            return None
        before, field_ = resolved
        if field_.type != "time":
            scope.report.say("wrong-type", f"{field_.name} is {_type(field_)}, not a time", test.before.at)
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
    found = Done(who, _is_every(test.actor, who), deed.kind.name, about, before, _span(scope, test.at))
    return Not(found) if test.negated else found


def _is_every(actor: t.Nominal, who: Who) -> bool:
    match who:
        case EveryOther() | PartyVar():
            return True
        case Parties(names=names) if names:
            return True
        case AnyOther():
            return False
    return isinstance(actor, t.NounPhrase) and actor.determiner == "all"


def _type(field_: Field) -> str:
    """What sort of value a field has, in words."""
    words = {
        "party": "a party or state",
        "ref": "another event",
        "place": "a place",
        "text": "a word",
        "category": "one of several words",
        "scale": "a level",
        "flag": "yes or no",
        "count": "a count",
        "time": "a time",
        "number": {"m": "a length", "t": "a mass"}.get(field_.unit or "", "a number"),
    }
    return words[field_.type]


def _a(name: str) -> str:
    return f"{'an' if name[:1] in 'aeiou' else 'a'} {name}"
