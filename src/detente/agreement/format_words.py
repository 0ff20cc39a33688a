"""Words, values, deeds and conditions back to text, in canonical form."""

from __future__ import annotations

import re
from functools import cache

from lark.lexer import PatternStr

from detente.agreement import tree as t
from detente.agreement.parse import parser

_NAME = re.compile(r"[^\W\d_][\w\u0300-\u036f]*(-[\w\u0300-\u036f]+)+|[^\W\d_][\w\u0300-\u036f]+")
_ALWAYS_QUOTED = frozenset(
    [
        "an",
        "is",
        "are",
        "has",
        "have",
        "Party",
        "Parties",
        "State",
        "States",
        "above",
        "over",
        "below",
        "under",
        "exactly",
        "another",
        "annually",
        "article",
        "articles",
        "rule",
        "rules",
        "phase",
        "phases",
        "overlaps",
        "touches",
        "reaches",
        "to",
        "with",
        "against",
        "through",
        "about",
        "near",
        "into",
    ]
)
_VARIABLE = re.compile(r"[A-Z][0-9]?")


@cache
def _keywords() -> frozenset[str]:
    """Words that the grammar uses; a name spelled like one is put in quotes."""
    words = {terminal.name: terminal.pattern.value for terminal in parser().terminals if isinstance(terminal.pattern, PatternStr)}
    table = parser().parser.parser._parse_table  # noqa: SLF001 - the only place that knows what may stand where
    clashes = {words[name] for accepted in table.states.values() if "NAME" in accepted for name in accepted if name in words}
    return frozenset(clashes) | _ALWAYS_QUOTED


def said_name(word: t.Word) -> str:
    """A name, in quotes where it holds a blank or is spelled like a keyword."""
    return (
        word.text
        if _NAME.fullmatch(word.text) and word.text not in _keywords() and not _VARIABLE.fullmatch(word.text)
        else f'"{word.text}"'
    )


def said_value(value: t.Value) -> str:
    """What a field is compared with."""
    match value:
        case t.Amount(number, unit):
            return number if unit is None else f"{number} {unit}"
        case t.Day(text):
            return text
        case t.Path(var, name):
            return f"{var}.{name}"
        case t.Word():
            return said_name(value)


def said_stretch(stretch: t.Stretch) -> str:
    """A length of time."""
    if isinstance(stretch, t.Word):
        return stretch.text
    return f"{stretch.number} {stretch.unit[:-1] if stretch.number == '1' else stretch.unit}"


def said_point(point: t.Point) -> str:
    """A moment, or the term of a test."""
    match point:
        case t.Path(var, name):
            return f"{var}.{name}"
        case t.Variable(name):
            return name
        case t.Day(text):
            return text
        case t.Entry():
            return "entry-into-force"
        case t.PhaseName(id_):
            return f"phase {id_.text}"


def said_nominal(nominal: t.Nominal) -> str:
    """Who or what."""
    match nominal:
        case t.It():
            return "it"
        case t.Variable(name):
            return name
        case t.NounPhrase(determiner, noun, var):
            if determiner == "":
                text = said_name(noun)
            else:
                plural = determiner == "all" and noun.text in ("Party", "State")
                word = {"Party": "Parties", "State": "States"}[noun.text] if plural else noun.text
                article = ("an" if word[:1] in "aeiou" else "a") if determiner == "a" else determiner
                text = f"{article} {word}"
            return text if var is None else f"{text} {var.name}"


def said_deed(deed: t.Deed) -> str:
    """A verb with its object and phrases."""
    parts = [deed.verb.text]
    if deed.object is not None:
        parts.append(said_nominal(deed.object))
    parts += [f"{p.preposition} {said_nominal(p.of)}" for p in deed.phrases]
    return " ".join(parts)


# ---- conditions --------------------------------------------------------------------


def said_condition(condition: t.Condition) -> str:
    """A condition, with parentheses only where they are needed."""
    match condition:
        case t.AnyOf(items):
            return " or ".join(said_inner(i, (t.AnyOf,)) for i in items)
        case t.AllOf(items):
            return " and ".join(said_inner(i, (t.AnyOf, t.AllOf)) for i in items)
        case t.Negation(item):
            return f"not {said_inner(item, (t.AnyOf, t.AllOf))}"
        case t.Test(term, negated, predicate):
            return f"{said_point(term)} is {'not ' if negated else ''}{_predicate(predicate)}"
        case t.Located(term, relation, place):
            return f"{said_point(term)} {relation} {said_place(place)}"
        case t.HasDone(actor, negated, deed, before):
            has = "have" if isinstance(actor, t.NounPhrase) and actor.determiner == "all" else "has"
            text = f"{said_nominal(actor)} {has} {'not ' if negated else ''}{said_deed(deed)}"
            return text if before is None else f"{text} before {said_point(before)}"
        case t.HasPerceived(actor, negated, thing, subject, before):
            has = "have" if isinstance(actor, t.NounPhrase) and actor.determiner == "all" else "has"
            view = "they perceive" if has == "have" else "it perceives"
            article = "an" if subject.text[:1] in "aeiou" else "a"
            text = f"{said_nominal(actor)} {has} {'not ' if negated else ''}declared that {view} {said_nominal(thing)} as {article} {subject.text}"
            return text if before is None else f"{text} before {said_point(before)}"


def said_inner(condition: t.Condition, wrapped: tuple[type, ...]) -> str:
    """A condition inside another: in parentheses if it is one of `wrapped`."""
    text = said_condition(condition)
    return f"({text})" if isinstance(condition, wrapped) else text


def _predicate(predicate: t.Predicate) -> str:
    match predicate:
        case t.Compares(op, value):
            return f"{op} {said_value(value)}"
        case t.Between(low, high):
            return f"between {said_value(low)} and {said_value(high)}"
        case t.InGroup(group, on):
            return f"in {said_name(group)}" + (f" as of {on.text}" if on else "")
        case t.Near(distance, place):
            return f"within {said_value(distance)} of {said_place(place)}"
        case t.Equals(value):
            return said_value(value)


def said_place(place: t.PlaceWord) -> str:
    """A place."""
    match place:
        case t.Territory(of):
            return f"the territory of {said_nominal(of)}"
        case t.OwnTerritory():
            return "its own territory"
        case t.Word():
            return said_name(place)
