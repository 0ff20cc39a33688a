"""The names that may stand after a word: kinds, fields, units, groups, parties, verbs and what the agreement defines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from detente.agreement import tree as t
from detente.editor.reading import Reading, Token
from detente.editor.said import field_said, kind_said, type_said
from detente.model.kind import Field, Kind
from detente.vocabulary.groups import known_states, load_groups
from detente.vocabulary.units import UNITS, units_of

Sort = Literal["keyword", "kind", "field", "verb", "level", "unit", "group", "party", "place", "value", "variable", "reference"]


@dataclass(frozen=True, slots=True)
class Name:
    """A word that may stand somewhere: what it is, in a few words, and at length in Markdown."""

    text: str
    sort: Sort
    detail: str = ""
    about: str = ""


_VALUES = {"IS", "AT_LEAST", "AT_MOST", "MORE_THAN", "LESS_THAN", "EQUAL_TO", "BETWEEN", "EXCEED", "FALL_BELOW", "LIES_WITHIN", "WITHIN"}
_PLURAL = {"ANY_TWO", "THE_NUMBER_OF", "OVER", "PLUS", "ALL"}
_SINGULAR = {"A", "ANY", "THE", "ITS", "ANY_OTHER", "EVERY_OTHER", "EACH"}
_TYPES = ("party", "ref", "place", "text", "flag", "count", "number", "length", "mass", "time")
_TIERS = ("monitors", "sensors", "registers", "press", "analysts")
_TIMES_FOLLOW = {"BEFORE", "AFTER", "NO_LATER_THAN", "OF"}


def names(before: Sequence[Token], variables: dict[str, Kind | None], reading: Reading) -> Iterator[Name]:
    """The names that may stand after these tokens of a statement, the likeliest first."""
    last = before[-1].sort if before else ""
    earlier = before[-2].sort if len(before) > 1 else ""
    head = before[0].sort if before else ""
    if last in ("SHALL", "MAY", "VOLUNTARILY") or (last in ("NOT", "ONLY") and earlier in ("SHALL", "MAY")):
        yield from verbs(reading, "base")
    elif last == "THAT":
        yield from verbs(reading, "third")
    elif last == "HAS" or (last == "NOT" and earlier == "HAS"):
        yield from verbs(reading, "participle")
    elif last in _PLURAL:
        yield from kinds(reading, plural=True)
    elif last in _SINGULAR:
        yield from kinds(reading)
        yield from parties(reading) if last == "THE" else ()
    elif head == "DEFINE":
        yield from _in_definition(before, reading)
    elif head in ("EVIDENCE", "AGREEMENT"):
        yield from _in_block(head, last, earlier, reading)
    elif last in _VALUES or (last == "NOT" and earlier == "IS") or (last == "AND" and _is_between(before)):
        yield from _values(before, variables, reading)
    elif last == "NUMBER":
        yield from _units(_field(before, variables))
    elif last == "IN":
        yield from groups(reading)
        yield from parties(reading)
    elif last in ("RELATION", "FROM_WHICH"):
        yield from places(reading)
    elif last == "AS_REQUIRED_BY":
        yield from defined(reading, t.InstrumentFile, t.LeftOpenTree)
    elif last == "AT":
        yield from _times(variables)
    else:
        if last == "OF":
            yield from places(reading)
        yield from parties(reading)
        if last in ("NAME", "PREPOSITION", "AS", "WHEN"):
            yield from kinds(reading, plural=True)


def paths(before: Sequence[Token], variables: dict[str, Kind | None]) -> Iterator[Name]:
    """The fields of the statement's variables that may stand here."""
    last = before[-1].sort if before else ""
    for variable, kind in variables.items():
        for field in kind.fields.values() if kind else ():
            if last in _TIMES_FOLLOW and field.type != "time":
                continue
            if last == "THE_SUM_OF" and field.type not in ("count", "number"):
                continue
            yield Name(f"{variable}.{field.name}", "field", type_said(field), field_said(field))


def references(before: Sequence[Token], reading: Reading) -> Iterator[Name]:
    """The rules, articles and phases that a reference here may name."""
    if len(before) < 2 or before[-1].sort in ("EXCEPTION", "COLON"):
        return
    sort = {"ARTICLE": "article", "RULE": "rule", "PHASE": "phase"}.get(before[-1].sort, "")
    if sort in ("", "rule"):
        for statement in reading.statements:
            if isinstance(statement.tree, t.RuleTree):
                yield Name(statement.tree.id.text, "reference", f"rule {statement.tree.title or ''}".strip())
    if sort in ("", "article") and reading.agreement is not None:
        for article in reading.agreement.articles:
            if " " not in article.id:
                yield Name(article.id, "reference", article.heading)
    if sort == "phase":
        for statement in reading.statements:
            if isinstance(statement.tree, t.PhaseTree):
                yield Name(statement.tree.id.text, "reference", f"phase {statement.tree.title or ''}".strip())


# ---- sorts of names -----------------------------------------------------------------


def kinds(reading: Reading, *, plural: bool = False) -> Iterator[Name]:
    """Every kind."""
    for kind in reading.kinds.values():
        yield Name(kind.plural if plural else kind.name, "kind", kind.labels.get("ru", kind.genus), kind_said(kind))


def verbs(reading: Reading, form: Literal["base", "third", "participle"]) -> Iterator[Name]:
    """Every verb in one form, with the kinds that have it."""
    found: dict[str, list[str]] = {}
    for kind in reading.kinds.values():
        for verb in kind.verbs:
            found.setdefault(getattr(verb, form), []).append(kind.name)
    for text, having in sorted(found.items()):
        yield Name(text, "verb", ", ".join(having[:4]) + (" …" if len(having) > 4 else ""))


def groups(reading: Reading) -> Iterator[Name]:
    """Groups: the agreement's own, and those that come with the package."""
    shipped = load_groups()
    for name in reading.groups:
        own = name in reading.definitions
        yield Name(name, "group", "defined here" if own else shipped[name].labels["en"])


def parties(reading: Reading) -> Iterator[Name]:
    """The parties, quoted where they hold a blank."""
    for name in reading.parties:
        yield Name(f'"{name}"' if " " in name else name, "party", "party")


def places(reading: Reading) -> Iterator[Name]:
    """The places that the agreement names."""
    for name, place in (reading.agreement.places if reading.agreement else {}).items():
        yield Name(name, "place", "left open" if place.is_left_open else place.file or "in the evidence")


def defined(reading: Reading, *meanings: type) -> Iterator[Name]:
    """What the agreement defines of these sorts."""
    for name, statement in reading.definitions.items():
        if isinstance(statement.tree, t.Define) and isinstance(statement.tree.meaning, meanings):
            yield Name(name, "value", "defined here")


# ---- places in a statement ------------------------------------------------------------


def _values(before: Sequence[Token], variables: dict[str, Kind | None], reading: Reading) -> Iterator[Name]:
    """What a field can be compared with, or a variable can be."""
    field = _field(before, variables)
    term = next((x for x in reversed(before) if x.sort in ("PATH", "VAR")), None)
    if field is not None:
        yield from (Name(level, "level", field.name) for level in field.levels)
        if field.type in ("party", "text"):
            yield from parties(reading)
    elif term is not None and term.sort == "VAR":
        kind = variables.get(term.text)
        flags = (f for f in (kind.fields.values() if kind else ()) if f.type == "flag")
        yield from (Name(f.name, "field", "flag", field_said(f)) for f in flags)
        if kind is None:
            yield from parties(reading)
    yield from defined(reading, t.NumberIs, t.DurationIs, t.LeftOpenTree)


def _field(before: Sequence[Token], variables: dict[str, Kind | None]) -> Field | None:
    """The field that stands last before this place."""
    term = next((x for x in reversed(before) if x.sort in ("PATH", "VAR")), None)
    if term is None or term.sort != "PATH":
        return None
    variable, _, field = term.text.partition(".")
    kind = variables.get(variable)
    return kind.fields.get(field) if kind else None


def _units(field: Field | None) -> Iterator[Name]:
    fitting = units_of(field.unit) if field is not None and field.unit in ("m", "t") else tuple(UNITS)
    for unit in fitting:
        canonical, factor = UNITS[unit]
        yield Name(unit, "unit", f"{factor:g} {canonical}")


def _times(variables: dict[str, Kind | None]) -> Iterator[Name]:
    """Names of times, for `counts at`."""
    found = {f.name: f for kind in variables.values() if kind for f in kind.fields.values() if f.type == "time"}
    for name in dict.fromkeys(["sent", "received", *found]):
        yield Name(name, "field", "time")


def _is_between(before: Sequence[Token]) -> bool:
    return any(token.sort == "BETWEEN" for token in before[-5:])


def _in_definition(before: Sequence[Token], reading: Reading) -> Iterator[Name]:
    last = before[-1].sort
    sorts = [token.sort for token in before]
    if last == "COLON":
        yield from (Name(word, "value", "type of field") for word in _TYPES)
        yield from kinds(reading)
    elif last == "NUMBER":
        yield from _units(None)
    elif "GROUP" in sorts:
        yield from groups(reading)
        yield from parties(reading)
        yield from _states()
    elif last == "IN" and sorts[-2:-1] == ["COMPLETE"]:
        registers = {register for kind in reading.kinds.values() for register in kind.registers}
        yield from (Name(register, "value", "register") for register in sorted(registers))
    elif last == "AT":
        own = [a.text for a, b in pairwise(before) if b.sort == "COLON"]
        yield from (Name(name, "field", "field") for name in own)


def _in_block(head: str, last: str, earlier: str, reading: Reading) -> Iterator[Name]:
    if head == "AGREEMENT" and last in ("PARTIES", "COMMA", "OF"):
        yield from groups(reading) if last == "OF" else _states()
    elif head == "EVIDENCE" and last == "OF" and earlier == "ACCOUNT":
        yield Name("neutrals", "value", "sources that speak for no party")
        yield from parties(reading)
    elif head == "EVIDENCE":
        yield from (Name(tier, "value", "sources of that kind") for tier in _TIERS)


def _states() -> Iterator[Name]:
    yield from (Name(f'"{name}"' if " " in name else name, "party", "state") for name in sorted(known_states()))


def unique(found: Iterable[Name]) -> Iterator[Name]:
    """Each text once, as it came first."""
    seen: set[str] = set()
    for name in found:
        if name.text not in seen:
            seen.add(name.text)
            yield name
