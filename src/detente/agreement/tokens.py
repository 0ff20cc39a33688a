"""From one match of the parser to a word, a variable, a number or a day, and where nodes begin and end."""

from __future__ import annotations

import unicodedata
from typing import Any

from lark import Token

from detente.agreement import tree as t


def place_of(token: Token) -> t.At:
    """Where a token begins and ends."""
    start = token.start_pos or 0
    return (start, start + len(token))


def plain(text: str) -> str:
    """A word without its quotes, in the one Unicode form that names are compared in."""
    if text[:1] == '"':
        text = text[1:-1]
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def word_of(token: Token) -> t.Word:
    """A token as a word, its quotes removed."""
    return t.Word(plain(token.value), place_of(token))


def variable_of(token: Token | None) -> t.Variable | None:
    """A token as a variable, if it is there."""
    return None if token is None else t.Variable(token.value, place_of(token))


def path_of(token: Token) -> t.Path:
    """`X.troops` as a path."""
    var, name = token.value.split(".", 1)
    return t.Path(var, name, place_of(token))


def day_of(token: Token) -> t.Day:
    """A token as a day, whether or not there is one."""
    return t.Day(token.value, place_of(token))


def number_of(token: Token) -> str:
    """The digits of a number, without separators."""
    return str(token.value).replace(",", "").replace("_", "")


def amount_of(number: Token, unit: Token | None) -> t.Amount:
    """A number and its unit, if it has one."""
    return t.Amount(number_of(number), text_of(unit), (place_of(number)[0], place_of(unit or number)[1]))


def text_of(token: Token | None) -> str | None:
    """The text of a token, if it is there."""
    return None if token is None else plain(token.value)


def lasting_of(number: Token, unit: Token) -> t.Lasting:
    """A number and a unit of time; the unit in the plural."""
    name = unit.value if unit.value.endswith("s") else unit.value + "s"
    return t.Lasting(number_of(number), name, (place_of(number)[0], place_of(unit)[1]))


def end_of(*nodes: Any) -> int:
    """Where the last node ends, of those that are not None."""
    return max((n.at[1] for n in nodes if n is not None), default=0)


def stretch_of(node: Any) -> t.At:
    """The stretch of a condition or predicate, from the nodes in it that know theirs."""
    match node:
        case t.AllOf(items) | t.AnyOf(items):
            return (stretch_of(items[0])[0], stretch_of(items[-1])[1])
        case t.Negation(item):
            return stretch_of(item)
        case t.Compares(_, value) | t.Equals(value):
            return value.at
        case t.Between(low, high):
            return (low.at[0], high.at[1])
        case t.InGroup(group, on):
            return (group.at[0], end_of(group, on))
        case t.Near(distance, place):
            return (distance.at[0], place.at[1])
    at: t.At = node.at
    return at
