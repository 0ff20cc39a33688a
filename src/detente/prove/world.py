"""The event that a rule looks at, as variables of a solver: one for each field, with the bounds that its type has.

Words are numbered; a word without a number is any other word. Moments are days since 1 January of the year 1, as
real numbers. Nothing is assumed that an event table could not break: what is impossible here is so in every table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import z3

from detente.agreement.clause import Agreement
from detente.model.kind import Field

Expr = Any
"""A term or formula of the solver, which has no types of its own."""

Slot = tuple[str, str]
"""A kind and which one of its events: ("exercise", ""); a separation has a `first` and a `second`."""


@dataclass(slots=True)
class World:
    """Every variable made so far; `limits` holds what each may be at all, `facts` what holds between them in every world."""

    agreement: Agreement
    words: dict[str, int] = field(default_factory=dict)
    spelled: list[str] = field(default_factory=list)
    variables: dict[tuple[str, str, str], Expr] = field(default_factory=dict)
    limits: dict[tuple[str, str, str], Expr] = field(default_factory=dict)
    free: dict[str, Expr] = field(default_factory=dict)
    facts: dict[str, Expr] = field(default_factory=dict)

    def code(self, word: str) -> int:
        """The number of a word; upper and lower case are one."""
        key = word.casefold()
        if key not in self.words:
            self.words[key] = len(self.words)
            self.spelled.append(word)
        return self.words[key]

    def word(self, code: int) -> str | None:
        """The word with this number."""
        return self.spelled[code] if 0 <= code < len(self.spelled) else None

    def fielded(self, slot: Slot, name: str) -> Expr:
        """The variable of a field."""
        key = (*slot, name)
        if key not in self.variables:
            meant = self.agreement.kinds[slot[0]].fields[name]
            self.variables[key] = self._variable(".".join(part for part in key if part), meant)
            self.limits[key] = self._limit(self.variables[key], meant)
        return self.variables[key]

    def happens(self, slot: Slot) -> Expr | None:
        """When the event happens; None of what has no such time."""
        name = self.agreement.kinds[slot[0]].happens
        return self.fielded(slot, name) if name is not None else None

    def party(self, name: str) -> Expr:
        """A variable for a party that fills no field."""
        return self.opaque(f"party {name}", z3.IntSort())

    def opaque(self, name: str, sort: Expr = None) -> Expr:
        """A value or truth that nothing is known of, the same wherever it is named so."""
        if name not in self.free:
            self.free[name] = z3.Const(name, sort if sort is not None else z3.BoolSort())
        return self.free[name]

    def relation(self, name: str, result: Expr) -> Expr:
        """A function of one word, of which nothing is known."""
        if name not in self.free:
            self.free[name] = z3.Function(name, z3.IntSort(), result)
        return self.free[name]

    def bounds(self, kinds: set[str]) -> Iterator[Expr]:
        """What the fields of these kinds may be at all, and what holds in every world."""
        yield from (limit for key, limit in self.limits.items() if key[0] in kinds)
        yield from self.facts.values()

    @staticmethod
    def _variable(name: str, meant: Field) -> Expr:
        match meant.type:
            case "flag":
                return z3.Bool(name)
            case "number" | "time":
                return z3.Real(name)
            case _:
                return z3.Int(name)

    def _limit(self, variable: Expr, meant: Field) -> Expr:
        match meant.type:
            case "flag" | "number" | "time":
                return z3.BoolVal(val=True)
            case "scale":
                return z3.And(variable >= 0, variable < len(meant.levels))
            case "category":
                return z3.Or([variable == self.code(level) for level in meant.levels])
            case _:
                return variable >= 0
