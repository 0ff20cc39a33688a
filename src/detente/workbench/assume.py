"""Tries a value for a term that the text leaves open.

What a value may be follows from where the term stands: a number in the unit of
the field it is compared with, a level, a date, a place or a group.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date
from typing import Any

from detente.agreement.clause import Agreement, Compare, Constant, LeftOpen, Level, Moment, Occasion, PlaceNamed, Rule, Spacing, Summand
from detente.agreement.load import parse_agreement
from detente.model.kind import Field, Kind
from detente.model.problem import Problem
from detente.vocabulary.units import UNITS, units_of

IsPlace = Callable[[str], bool]
"""Whether a word names or writes a place that somebody has drawn."""

_LONGEST = 200


def assumed(agreement: Agreement, values: Mapping[str, str], is_place: IsPlace | None = None) -> tuple[Agreement, tuple[Problem, ...]]:
    """The agreement with each term of `values` fixed, and what cannot be tried; without `is_place` any word may name a place."""
    if not values:
        return agreement, ()
    places = {n for n, p in agreement.places.items() if p.is_left_open}
    open_terms = places | {n for n, q in agreement.quantities.items() if isinstance(q, LeftOpen)}
    open_terms |= {term for rule in agreement.rules for term in _open_in(rule)}
    problems = [
        Problem("not-left-open", f"the text does not leave {name} open", help="open terms: " + (", ".join(sorted(open_terms)) or "none"))
        for name in values
        if name not in open_terms
    ]
    if problems:
        return agreement, tuple(problems)
    trials = [_Trial(agreement, values, is_place, _kinds_of(rule, agreement.kinds)) for rule in agreement.rules]
    rules = tuple(trial.fixed(rule) for trial, rule in zip(trials, agreement.rules, strict=True))
    found = [problem for trial in trials for problem in trial.problems]
    unused = [name for name in sorted(places) if name in values]
    last = _Trial(agreement, values, is_place, {})
    for name in unused:
        last.place(name)
    distinct = tuple(dict.fromkeys((*found, *last.problems)))
    return (agreement, distinct) if distinct else (replace(agreement, rules=rules), ())


def _open_in(node: Any) -> set[str]:
    if isinstance(node, LeftOpen):
        return {node.name}
    if isinstance(node, tuple):
        return {name for item in node for name in _open_in(item)}
    if is_dataclass(node) and not isinstance(node, type):
        return {name for f in fields(node) for name in _open_in(getattr(node, f.name))}
    return set()


def _kinds_of(node: Any, kinds: Mapping[str, Kind]) -> dict[str, Kind]:
    """The kind that each event variable of a rule stands for."""
    if isinstance(node, tuple):
        return {var: kind for item in node for var, kind in _kinds_of(item, kinds).items()}
    if not is_dataclass(node) or isinstance(node, type):
        return {}
    inner = {var: kind for f in fields(node) for var, kind in _kinds_of(getattr(node, f.name), kinds).items()}
    return inner | ({node.var: kinds[node.kind]} if isinstance(node, Occasion | Summand) and node.kind in kinds else {})


@dataclass
class _Trial:
    """One rule with its open terms replaced, and what was wrong with the values."""

    agreement: Agreement
    values: Mapping[str, str]
    is_place: IsPlace | None
    kinds: Mapping[str, Kind]
    problems: list[Problem] = field(default_factory=list)

    def fixed(self, rule: Rule) -> Rule:
        """The rule with its open terms replaced."""
        found: Rule = self._node(rule)
        return found

    def _node(self, node: Any) -> Any:
        if isinstance(node, tuple):
            return tuple(self._node(item) for item in node)
        if not is_dataclass(node) or isinstance(node, type):
            return node
        return replace(node, **{f.name: self._part(node, f.name, getattr(node, f.name)) for f in fields(node)})

    def _part(self, node: Any, name: str, value: Any) -> Any:
        """One part of a clause; where it is open, what it holds follows from the clause."""
        if not isinstance(value, LeftOpen) or value.name not in self.values:
            return self._node(value)
        if name == "place":
            return self.place(value.name) or value
        if name == "group":
            return self._group(value.name) or value
        return self._quantity(value.name, self._field_beside(node)) or value

    def _field_beside(self, node: Any) -> Field | None:
        """The field that an open value is compared with; None where it stands alone."""
        if isinstance(node, Compare):
            kind = self.kinds.get(node.term.var)
            return kind.fields.get(node.term.field) if kind else None
        if isinstance(node, Spacing):
            return self.agreement.kinds["encounter"].fields["distance"]
        if isinstance(node, Level):
            summed = [(self.agreement.kinds.get(s.kind), s.field) for s in node.summands if s.field]
            return next((kind.fields.get(name or "") for kind, name in summed if kind), None)
        return None

    def place(self, name: str) -> PlaceNamed | None:
        """A place, by its name or written out; a quantity is none."""
        value = self.values[name]
        if _number(value) is not None:
            self._refuse(f"{name} is a place, and {value} is a quantity", _PLACES)
            return None
        if self.is_place is not None and not self.is_place(value):
            self._refuse(f"{name} is a place, and nobody has drawn {value}", _PLACES)
            return None
        return PlaceNamed(value)

    def _group(self, name: str) -> str | None:
        value = self.values[name]
        if value in self.agreement.groups:
            return value
        groups = ", ".join(sorted(self.agreement.groups)[:20])
        self._refuse(f"{name} is a group, and no group is called {value}", f"groups: {groups}")
        return None

    def _quantity(self, name: str, field_: Field | None) -> Constant | Moment | None:
        """A value of the field's own sort and unit; where no field is near, a number."""
        value = self.values[name]
        if field_ is not None and field_.levels:
            if value in field_.levels:
                return Constant(field_.levels.index(value) if field_.type == "scale" else value, value)
            self._refuse(f"{name} stands beside {field_.name}, which does not take {value}", "words: " + ", ".join(field_.levels))
            return None
        if field_ is not None and field_.type == "time":
            try:
                return Moment(date.fromisoformat(value))
            except ValueError:
                self._refuse(f"{name} stands beside {field_.name}, and {value} is no date", "for instance 2026-03-01")
                return None
        number = _number(value)
        if number is None:
            self._refuse(f"{name} is a quantity, and {value} is none", "write a number, with its unit where it has one")
            return None
        return number if self._fits(name, number, field_) else None

    def _fits(self, name: str, number: Constant, field_: Field | None) -> bool:
        if field_ is None or field_.type not in ("count", "number"):
            return True
        unit = number.shown.partition(" ")[2]
        measures = UNITS[unit][0] if unit in UNITS else None
        if field_.unit in ("m", "t"):
            if measures != field_.unit:
                self._refuse(
                    f"{name} stands beside {field_.name}, which {number.shown} does not measure",
                    "units: " + ", ".join(units_of(field_.unit)),
                )
                return False
            return True
        if unit not in ("", "count", field_.name) or (field_.type == "count" and not isinstance(number.value, int)):
            self._refuse(
                f"{name} stands beside {field_.name}, which takes a {'whole ' if field_.type == 'count' else ''}number without a unit", None
            )
            return False
        return True

    def _refuse(self, message: str, advice: str | None) -> None:
        self.problems.append(Problem("bad-assumption", message, help=advice))


_PLACES = 'name a place that is drawn beside the agreement or in the evidence, a state, or write "54.5N 20.1E r 25 km"'


def _number(value: str) -> Constant | None:
    """What an agreement would read after `define ... as number`; None if it would read no number there."""
    if len(value) > _LONGEST or not value.isprintable() or not value[:1].isdigit():
        return None
    read, _ = parse_agreement(f"```rule\ndefine value-tried as number {value}.\n```\n", "--assume")
    if read is None or set(read.quantities) != {"value-tried"}:
        return None
    found = read.quantities["value-tried"]
    return found if isinstance(found, Constant) else None
