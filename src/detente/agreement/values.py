"""Values and fields: what a field is compared with, in the field's own unit."""

from __future__ import annotations

from detente.agreement import tree as t
from detente.agreement.clause import Constant, FieldOf, LeftOpen, Moment, Value
from detente.agreement.deeds import Scope
from detente.agreement.define import calendar_day, number
from detente.model.kind import Field
from detente.model.span import Span
from detente.vocabulary.units import UNITS, units_of


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
                scope.report.say("wrong-type", f"{field_.name} is {described(field_)}, not a date", value.at)
                return None
            return Moment(day)
        case t.Amount():
            return _number_for(value, field_, scope)
        case t.Word():
            return _word_for(value, field_, scope)


def field_of(path: t.Path, scope: Scope) -> tuple[FieldOf, Field] | None:
    """The field that a path names; None with a problem."""
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
                "unknown-field",
                f"{with_article(kind.name)} has no field `{path.field}`",
                word.at,
                advice=f"did you mean `{path.var}.{close}`?",
            )
        else:
            scope.report.say(
                "unknown-field",
                f"{with_article(kind.name)} has no field `{path.field}`",
                word.at,
                expected=known,
                advice=f"define it: `define {kind.name} as {kind.genus} having {path.field}: flag.`",
            )
        return None
    return FieldOf(path.var, path.field), field_


def _other_field(var: str, name: str, at: t.At, field_: Field, scope: Scope) -> Value | None:
    resolved = field_of(t.Path(var, name, at), scope)
    if resolved is None:
        return None
    other, its = resolved
    if its.type != field_.type or its.unit != field_.unit or (its.type == "scale" and its.levels != field_.levels):
        scope.report.say("wrong-type", f"{field_.name} is {described(field_)} and {its.name} is {described(its)}: they do not compare", at)
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
            f"{field_.name} is {described(field_)}, not a number",
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
                f"{field_.name} is {described(field_)}, and {amount.unit} measures something else",
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
            f"{field_.name} is {described(field_)} and takes no unit `{amount.unit}`",
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
            scope.report.say("wrong-type", f"{field_.name} is {described(field_)}, and {word.text} is a number", word.at)
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


def span_at(scope: Scope, at: t.At) -> Span:
    """The span of a node of the present statement."""
    report = scope.report
    return report.document.span(report.base + at[0], report.base + at[1], report.trail)


def described(field_: Field) -> str:
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


def with_article(name: str) -> str:
    """A kind's name with `a` or `an`."""
    return f"{'an' if name[:1] in 'aeiou' else 'a'} {name}"
