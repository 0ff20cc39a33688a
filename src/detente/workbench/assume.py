"""Tries a value for a term that the text leaves open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from detente.agreement.clause import Agreement, Constant, LeftOpen, PlaceNamed
from detente.model.problem import Problem


def assumed(agreement: Agreement, values: Mapping[str, str]) -> tuple[Agreement, tuple[Problem, ...]]:
    """The agreement with each term of `values` fixed; a number stays a number, a word names a place or group."""
    if not values:
        return agreement, ()
    open_terms = {n for n, p in agreement.places.items() if p.is_left_open} | {
        n for n, q in agreement.quantities.items() if isinstance(q, LeftOpen)
    }
    open_terms |= {term for rule in agreement.rules for term in _open_in(rule)}
    problems = tuple(
        Problem("not-left-open", f"the text does not leave {name} open", help="open terms: " + (", ".join(sorted(open_terms)) or "none"))
        for name in values
        if name not in open_terms
    )
    if problems:
        return agreement, problems
    rules = tuple(_fixed(rule, values) for rule in agreement.rules)
    return replace(agreement, rules=rules), ()


def _open_in(node: Any) -> set[str]:
    if isinstance(node, LeftOpen):
        return {node.name}
    if isinstance(node, tuple):
        return {name for item in node for name in _open_in(item)}
    if is_dataclass(node) and not isinstance(node, type):
        return {name for f in fields(node) for name in _open_in(getattr(node, f.name))}
    return set()


def _fixed(node: Any, values: Mapping[str, str]) -> Any:
    """The same clause with the open terms replaced."""
    if isinstance(node, LeftOpen) and node.name in values:
        return _value(values[node.name])
    if isinstance(node, tuple):
        return tuple(_fixed(item, values) for item in node)
    if is_dataclass(node) and not isinstance(node, type):
        changed = {f.name: _fixed(getattr(node, f.name), values) for f in fields(node)}
        return replace(node, **changed)
    return node


def _value(text: str) -> Constant | PlaceNamed:
    try:
        return Constant(float(text), text)
    except ValueError:
        return PlaceNamed(text)
