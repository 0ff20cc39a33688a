"""Numbers, lengths of time and dates as rules write them, in the terms of `figures.py`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from detente.agreement import tree as t
from detente.draft.draft import Written, nodes
from detente.draft.figures import Figure, Key
from detente.vocabulary.units import UNITS

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
_TIMES = {
    "minutes": ("minutes", 1),
    "hours": ("hours", 1),
    "days": ("days", 1),
    "weeks": ("days", 7),
    "months": ("months", 1),
    "years": ("months", 12),
}


def figures_of(statement: Written) -> list[Figure]:
    """The numbers and dates of one statement; days on which single members joined a group are facts, not terms."""
    return list(_figures(statement.tree, statement.start))


def _figures(tree: Any, base: int) -> Iterator[Figure]:
    found = list(nodes(tree))
    facts = {id(day) for node in found if isinstance(node, t.MemberTree) for day in (node.since, node.until)}
    for node in found:
        if id(node) in facts:
            continue
        key: Key | None = None
        shown = ""
        match node:
            case t.Amount(number, unit):
                shown = f"{number} {unit}" if unit else number
                key = _amount(number, unit)
            case t.Lasting(number, unit):
                what, factor = _TIMES.get(unit, (unit, 1))
                key, shown = (what, float(number) * factor), f"{number} {unit}"
            case t.Day(text):
                key, shown = ("date", tuple(int(part) for part in text.split("-"))), text
            case t.YearDay(day, month) if month in _MONTHS:
                key, shown = ("month-day", (1 + _MONTHS.index(month), int(day))), f"{day} {month}"
        if key is not None:
            yield Figure(key, base + node.at[0], base + node.at[1], shown)


def _amount(number: str, unit: str | None) -> Key:
    if unit is not None and unit in UNITS:
        what, factor = UNITS[unit]
        return what, float(number) * factor
    return ("percent" if unit == "percent" else "", float(number))


def ways(rule: Figure) -> Iterator[Key]:
    """The figures of a prose that say the same as a rule's: the year of a date may be left out, and so may a unit."""
    what, amount = rule.key
    yield exact(rule.key)
    if isinstance(amount, tuple):
        if what == "date":
            yield "month-day", amount[1:]
    elif what:
        yield exact(("", amount))
        yield exact(("", amount / 12))


def exact(key: Key) -> Key:
    """The key with a number that can be compared: ten digits."""
    what, amount = key
    return (what, amount) if isinstance(amount, tuple) else (what, float(f"{amount:.10g}"))
