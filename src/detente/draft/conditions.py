"""Conditions as sets of what they allow, for simple comparison: one stretch or word for each field, joined by `and`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from detente.agreement.clause import And, Compare, Condition, Constant, FieldOf, Is, Moment, Not

_FLAG = "yes"


@dataclass(frozen=True, slots=True)
class Allowed:
    """What one field may be: between two values (each in or out), or one word, or none of some words."""

    low: float = float("-inf")
    low_in: bool = True
    high: float = float("inf")
    high_in: bool = True
    word: str | None = None
    not_words: frozenset[str] = frozenset()

    def both(self, other: Allowed) -> Allowed | None:
        """What fits both; None if nothing does."""
        if self.word is not None and other.word is not None and self.word != other.word:
            return None
        word = self.word if self.word is not None else other.word
        excluded = self.not_words | other.not_words
        if word in excluded:
            return None
        low, low_in = max((self.low, not self.low_in), (other.low, not other.low_in))
        high, high_out = min((self.high, self.high_in), (other.high, other.high_in))
        low_in, high_in = not low_in, high_out
        if low > high or (low == high and not (low_in and high_in)):
            return None
        return Allowed(low, low_in, high, high_in, word, excluded)

    def holds(self, other: Allowed) -> bool:
        """Whether everything that fits `other` fits this."""
        if self.word is not None and other.word != self.word:
            return False
        if not self.not_words <= other.not_words and not (other.word is not None and other.word not in self.not_words):
            return False
        above = self.low < other.low or (self.low == other.low and (self.low_in or not other.low_in))
        below = self.high > other.high or (self.high == other.high and (self.high_in or not other.high_in))
        return above and below


Fields = Mapping[tuple[str, str], Allowed]
"""What a condition allows of each field, by variable and field."""


def comparisons(condition: Condition | None) -> Iterator[Compare | Is]:
    """The tests that must all hold, as far as `and` joins them; what stands under `or` and `not` is left out."""
    for part in conjuncts(condition):
        if isinstance(part, Compare | Is):
            yield part


def conjuncts(condition: Condition | None) -> Iterator[Condition]:
    """The parts that must all hold."""
    waiting: list[Condition] = [] if condition is None else [condition]
    while waiting:
        part = waiting.pop(0)
        if isinstance(part, And):
            waiting[:0] = part.items
        else:
            yield part


def allowed(part: Condition) -> tuple[tuple[str, str], Allowed] | None:
    """What one test allows of one field; None where it is no simple test."""
    match part:
        case Compare(term, op, value):
            amount = _amount(value)
            if amount is None:
                return None
            fits = {
                "at least": Allowed(low=amount),
                "at most": Allowed(high=amount),
                "more than": Allowed(low=amount, low_in=False),
                "less than": Allowed(high=amount, high_in=False),
                "equal to": Allowed(low=amount, high=amount),
            }.get(op)
            return ((term.var, term.field), fits) if fits is not None else None
        case Is(term, value):
            return (term.var, term.field), Allowed(word=_FLAG if value is None else f"={value}")
        case Not(Is(term, value)):
            if value is None:
                return (term.var, term.field), Allowed(word="no")
            return (term.var, term.field), Allowed(not_words=frozenset({f"={value}"}))
        case _:
            return None


def together(*conditions: Condition | None) -> tuple[dict[tuple[str, str], Allowed], Condition | None, bool]:
    """What all the simple tests of several conditions allow; the first test that nothing fits any more; and whether every test was simple."""
    found: dict[tuple[str, str], Allowed] = {}
    is_simple = True
    for condition in conditions:
        for part in conjuncts(condition):
            one = allowed(part)
            if one is None:
                is_simple = False
                continue
            field, fits = one
            both = found[field].both(fits) if field in found else fits
            if both is None:
                return found, part, is_simple
            found[field] = both
    return found, None, is_simple


def implies(narrow: Fields, wide: Fields) -> bool:
    """Whether whatever fits `narrow` fits `wide`."""
    return all(field in narrow and fits.holds(narrow[field]) for field, fits in wide.items())


def _amount(value: object) -> float | None:
    match value:
        case Constant(number) if isinstance(number, int | float) and not isinstance(number, bool):
            return float(number)
        case Moment(day) if isinstance(day, date):
            return float(day.toordinal())
        case _:
            return None


def shown(term: FieldOf) -> str:
    """`X.troops`."""
    return f"{term.var}.{term.field}" if term.var else term.field
