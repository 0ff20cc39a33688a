"""Values for the fields of an event: the boundary values of both drafts' conditions, and those that meet one conjunction."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice, pairwise, product

from detente.model.kind import Kind
from detente.negotiate.region import Atom, Deed, Number, Spot, Way, WordIn

MOST_CHOICES = 12
"""Choices of values for one conjunction."""

OUTSIDER = "Xland"
"""A State that is in no group and no party."""


@dataclass(frozen=True, slots=True)
class Where:
    """A place that stands so far from another (0: inside it); "" is far from every place named."""

    other: str
    distance_m: float

    def __str__(self) -> str:
        if not self.other:
            return "far from there"
        return f"inside {self.other}" if self.distance_m == 0 else f"{_km(self.distance_m)} from {self.other}"


def _km(metres: float) -> str:
    return f"{metres / 1000:,.10g} km" if metres >= 1000 else f"{metres:,.10g} m"


Cell = float | date | str | Where
Choice = Mapping[str, Cell]
"""Values by field; of a deed (`Deed`) under its own key `deed KIND BY`: "yes" or "no"."""


@dataclass(frozen=True, slots=True)
class Boundaries:
    """The values to try for each field, from all conditions that are compared."""

    values: Mapping[str, tuple[Cell, ...]]
    usual: date
    """The day on which something happens where nothing asks for another."""


def boundaries(all_atoms: Iterable[Atom], kind: Kind, parties: Sequence[str], usual: date) -> Boundaries:
    """What to try for each field: each limit, the next value on both sides, and one between every two limits."""
    limits: dict[str, set[float]] = defaultdict(set)
    days: dict[str, set[date]] = defaultdict(set)
    words: dict[str, set[str]] = defaultdict(set)
    spots: dict[str, set[Where]] = defaultdict(set)
    for atom in all_atoms:
        match atom:
            case Number(field, _, date() as day):
                days[field].add(day)
            case Number(field, _, value) if isinstance(value, float):
                limits[field].add(value)
            case WordIn(field, some):
                words[field] |= set(sorted(some)[:_MOST_WORDS]) | (some & set(parties))
            case Spot(field, _, other, distance):
                spots[field] |= {Where(other, d) for d in ((0.0,) if distance is None else _around_distance(distance))}
            case _:
                pass
    values: dict[str, tuple[Cell, ...]] = {}
    for field, found in limits.items():
        values[field] = tuple(_numbers(kind, field, found))
    for field, some_days in days.items():
        values[field] = tuple(sorted({usual, *(d + timedelta(n) for d in some_days for n in (-1, 0, 1) if date.min < d < date.max)}))
    for field, some_words in words.items():
        meant = kind.fields.get(field)
        others = [*parties, OUTSIDER] if meant is not None and meant.type == "party" else list(meant.levels if meant else ())
        values[field] = tuple(dict.fromkeys([*sorted(some_words), *others, *([] if others else ["another"])]))
    for field, some_spots in spots.items():
        values[field] = (*sorted(some_spots, key=lambda w: (w.other, w.distance_m)), Where("", math.inf))
    return Boundaries(values, usual)


_MOST_WORDS = 40


def _around_distance(distance: float) -> tuple[float, ...]:
    step = 1000.0 if distance >= 2000 else 1.0
    return (max(distance - step, 1.0), distance, distance + step)


def _numbers(kind: Kind, name: str, limits: set[float]) -> list[float]:
    field = kind.fields.get(name)
    if field is not None and field.type == "flag":
        return [0.0, 1.0]
    if field is not None and field.type == "scale":
        return [float(i) for i in range(len(field.levels))]
    step = 1.0 if field is None or field.type == "count" else max(min(1.0, min((abs(v) for v in limits if v), default=1.0) / 100), 1e-6)
    ordered = sorted(limits)
    between = [(a + b) / 2 for a, b in pairwise(ordered)]
    if field is None or field.type == "count":
        between = [float(int(v)) for v in between]
    found = {v + d for v in limits for d in (-step, 0.0, step)} | set(between)
    return sorted(v for v in found if v >= 0)


def choices(way: Way, bounds: Boundaries) -> Iterator[Choice]:
    """Values for every field that both drafts ask about, such that the conjunction holds; at most `MOST_CHOICES`."""
    asked: dict[str, list[tuple[Atom, bool]]] = defaultdict(list)
    deeds: dict[str, Cell] = {}
    for atom, want in way:
        match atom:
            case Number(field=field) | WordIn(field=field) | Spot(field=field):
                asked[field].append((atom, want))
            case Deed(kind, by):
                deeds[f"deed {kind} {by}"] = "yes" if want else "no"
            case _:
                pass
    options: dict[str, list[Cell]] = {}
    for field, literals in asked.items():
        fitting = [v for v in bounds.values.get(field, ()) if all(holds(a, v) == want for a, want in literals)]
        if not fitting:
            return
        options[field] = [bounds.usual] if bounds.usual in fitting else _chosen(fitting)
    for combination in islice(product(*options.values()), MOST_CHOICES):
        yield {**deeds, **dict(zip(options, combination, strict=True))}


def _chosen(fitting: list[Cell]) -> list[Cell]:
    """The first and the last of the values that fit."""
    return fitting if len(fitting) < 3 else [fitting[0], fitting[-1]]


def holds(atom: Atom, value: Cell) -> bool:
    """Whether one value meets one atom."""
    match atom, value:
        case Number(_, op, date() as day), date():
            return _compares(op, value.toordinal(), day.toordinal())
        case Number(_, op, limit), float() if isinstance(limit, float):
            return _compares(op, value, limit)
        case WordIn(_, words), str():
            return value in words
        case Spot(_, relation, other, distance), Where():
            return value.other == other and stands(value.distance_m, relation, distance)
        case _:
            return False


def stands(far: float, relation: str, distance: float | None) -> bool:
    """Whether a place so far from another stands in the relation to it."""
    return far <= (distance or 0.0) if relation in ("within", "reaches") else far == 0


def _compares(op: str, value: float, limit: float) -> bool:
    return {
        "at least": value >= limit,
        "at most": value <= limit,
        "more than": value > limit,
        "less than": value < limit,
        "equal to": value == limit,
        "not equal to": value != limit,
    }[op]
