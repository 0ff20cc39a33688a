"""What a clause says, without how it says it: two clauses of equal sense mean the same.

Left out are places in the text, titles, ids and articles. Variables are numbered in the order in which they
come; the items of `and` and `or` have no order; a word that the agreement defines stands for its definition.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any

from detente.agreement.clause import (
    Agreement,
    And,
    AnyOther,
    AnyRule,
    Binder,
    Constant,
    Duty,
    EventVar,
    EveryOther,
    Exceptional,
    FieldOf,
    Head,
    IsIn,
    Not,
    Occasion,
    Or,
    Parties,
    PartyVar,
    Phase,
    PlaceNamed,
    Summand,
)
from detente.model.kind import Kind
from detente.model.span import Span

Sense = Any
"""Nested tuples; equal where the meaning is equal."""


@dataclass(slots=True)
class _Names:
    agreement: Agreement
    numbers: dict[str, int] = field(default_factory=dict)

    def of(self, variable: str) -> int:
        return self.numbers.setdefault(variable, len(self.numbers))


def sense(agreement: Agreement, rule: AnyRule) -> Sense:
    """The sense of a rule."""
    return part_sense(agreement, rule, rule)


def part_sense(agreement: Agreement, rule: AnyRule, part: Any) -> Sense:
    """The sense of a part of a rule, its variables numbered as in the whole rule."""
    names = _Names(agreement)
    for name in ("bearer", "binders", "first", "second", "occasion", "deed"):
        _sense(getattr(rule, name, None), names)
    return _sense(part, names)


def phase_sense(agreement: Agreement, phase: Phase) -> Sense:
    """When a phase begins."""
    return _sense((phase.begins, phase.latest), _Names(agreement))


def kind_sense(kind: Kind) -> Sense:
    """What a kind's definition says, without labels."""
    parts = tuple(sorted((f.name, f.type, f.unit or "", f.levels, f.of or "") for f in kind.fields.values()))
    return (kind.genus, parts, kind.happens or "", kind.acts, kind.registers)


def group_members(agreement: Agreement, name: str) -> Sense:
    """Who belongs to a group and when; only its name where the group is left open."""
    group = agreement.groups.get(name)
    if group is None:
        return ("group", name)
    return ("members", *sorted((m.member, str(m.since or ""), str(m.until or "")) for m in group.members))


def place_sense(agreement: Agreement, name: str) -> Sense:
    """What a place's name stands for: the content of its file, else its name alone."""
    place = agreement.places.get(name)
    if place is None or place.file is None:
        return ("place", name, place is not None and place.is_left_open)
    path = Path(agreement.path).parent / place.file
    if path.is_file() and path.resolve().is_relative_to(Path(agreement.path).parent.resolve()) and path.stat().st_size < _LARGEST_SHAPES:
        return ("drawn", hashlib.sha256(path.read_bytes()).hexdigest())
    return ("file", place.file)


_LARGEST_SHAPES = 64 * 1024 * 1024


def _sense(node: Any, names: _Names) -> Sense:
    match node:
        case None | bool() | int() | float() | str():
            return node
        case Span():
            return None
        case Constant(value=value):
            return ("value", float(value) if isinstance(value, int | float) and not isinstance(value, bool) else value)
        case And(items) | Or(items):
            return (type(node).__name__, *sorted(_flat(type(node), items, names), key=repr))
        case Not(item=Not(item=item)):
            return _sense(item, names)
        case Head():
            return ("Head", *(_sense(getattr(node, name), names) for name in ("starts", "ends", "phases", "survives")))
        case Parties(group=None, names=()):
            return ("every Party", *sorted(names.agreement.parties))
        case Parties(group=group, names=named):
            return ("Parties", group and group_members(names.agreement, group), *sorted(named))
        case EveryOther() | AnyOther():
            return (type(node).__name__, *sorted(names.agreement.parties))
        case PartyVar(name) | EventVar(name):
            return ("variable", names.of(name))
        case FieldOf(var, name):
            return ("field", names.of(var), name)
        case IsIn(term, str(group), on):
            return ("IsIn", _sense(term, names), group_members(names.agreement, group), str(on or ""))
        case PlaceNamed(name):
            return place_sense(names.agreement, name)
        case Occasion(kind, var, roles, where):
            return ("Occasion", kind, names.of(var), *sorted(_roles(roles, names), key=repr), _sense(where, names))
        case Binder(var, over, sort):
            return ("Binder", names.of(var), _sense(over, names), sort)
        case Summand():
            rest = (names.of(v) if v else None for v in (node.var, node.of, node.on))
            return ("Summand", node.kind, node.field, *rest, _sense(node.where, names))
        case Exceptional():
            return ("Exceptional", *(_sense(part, names) for part in (node.where, node.act, node.deadline)))
        case Duty(exceptions=exceptions):
            parts = (getattr(node, f.name) for f in fields(node) if f.name != "exceptions")
            # Of several exceptions the first in the text is taken, so their order counts.
            return ("Duty", *(_sense(p, names) for p in parts), tuple(_sense(e, names) for e in exceptions))
        case tuple():
            return tuple(_sense(item, names) for item in node)
        case Mapping():
            return tuple(sorted((k, _sense(v, names)) for k, v in node.items()))
        case _ if is_dataclass(node):
            return (type(node).__name__, *(_sense(getattr(node, f.name), names) for f in fields(node)))
        case _:
            return str(node)


def _roles(roles: tuple[Any, ...], names: _Names) -> list[Sense]:
    return [(name, _sense(who, names)) for name, who in roles]


def _flat(sort: type[And | Or], items: tuple[Any, ...], names: _Names) -> set[Sense]:
    """The items of an `and` or `or`, nested ones of the same sort among them, each once."""
    found: set[Sense] = set()
    for item in items:
        found |= _flat(sort, item.items, names) if isinstance(item, sort) else {_sense(item, names)}
    return found
