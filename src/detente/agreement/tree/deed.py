"""Who does what: nouns, verbs and those whom a rule binds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from detente.agreement.tree.at import At, unplaced
from detente.agreement.tree.word import Variable, Word

Determiner = Literal["", "a", "any", "the", "its", "all", "any other", "every other"]


@dataclass(frozen=True, slots=True)
class NounPhrase:
    """`an exercise X`, `every other Party`, `its annual-calendar`, `Arland`."""

    determiner: Determiner
    noun: Word
    var: Variable | None = None
    at: At = unplaced()


@dataclass(frozen=True, slots=True)
class It:
    """The bearer once more: `else it shall`."""

    at: At = unplaced()


Nominal = NounPhrase | Variable | It


@dataclass(frozen=True, slots=True)
class Phrase:
    """A preposition and what follows it: `to every other Party`."""

    preposition: str
    of: Nominal
    at: At = unplaced()


@dataclass(frozen=True, slots=True)
class Deed:
    """A verb with its object and phrases: `notify X to every other Party`."""

    verb: Word
    object: Nominal | None
    phrases: tuple[Phrase, ...]
    at: At = unplaced()


@dataclass(frozen=True, slots=True)
class Bearer:
    """`Party P in NATO`, or named parties (then `names` is not empty)."""

    names: tuple[Word, ...] = ()
    var: Variable | None = None
    group: Word | None = None
    at: At = unplaced()
