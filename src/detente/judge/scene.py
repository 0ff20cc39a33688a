"""What a plan is written for: the accounts, the clock, the question, and what the evidence holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from detente.judge.seats import Seating, Voice
from detente.judge.sql import Clock
from detente.model.kind import Kind


@dataclass(frozen=True, slots=True)
class Shape:
    """What the evidence holds of one kind; a plan leaves out the steps that would find nothing."""

    is_present: bool = False
    is_contested: bool = False
    """Some event has more than one statement, a pattern over it, or an identity link."""
    has_patterns: bool = False
    is_registered: bool = False
    """Someone states a register complete for it."""
    filled: frozenset[str] = frozenset()
    """Fields of which some contested row or pattern says something."""
    closing: frozenset[str] = frozenset()
    """Fields that some pattern or completeness row fills."""
    said: frozenset[str] = frozenset()
    """Fields of which any row says something."""
    cut: frozenset[str] = frozenset()
    """Ordered fields of which some row denies a value or a range of a named event."""
    is_linked: bool = False
    gaps: frozenset[str] = frozenset()
    """Word fields that some row leaves empty."""
    everyone_hears: bool = False
    """Every uncontested row is heard in every account."""
    plain: int | None = None
    """The set of accounts in which every uncontested row rests on sources that speak for no party; None where rows differ."""
    voice: Voice | None = None
    """How every uncontested row is heard; None where rows differ."""
    takes_back: bool = False
    """Some row withdraws a statement by its id."""
    has_loose: bool = False
    """Some uncontested row leaves out what it is about, or shares it with another."""

    @property
    def can_close(self) -> bool:
        """Whether silence may mean no."""
        return self.has_patterns or self.is_registered

    @property
    def whole(self) -> Shape:
        """The shape of the same evidence, or a part of it, in which no row is taken for uncontested."""
        return replace(self, is_contested=self.is_present, filled=self.said, everyone_hears=False, plain=None, voice=None)


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything a plan depends on besides its rule."""

    seating: Seating
    kinds: Mapping[str, Kind]
    shapes: Mapping[str, Shape]
    clock: Clock
    as_of: datetime
    known_on: datetime
    parties: tuple[str, ...]
    has_life: bool
    """Whether parties are bound only for a time; then the relation `bound` says when."""
    has_pauses: bool = False
    """Whether some party may have suspended the agreement; then the relation `paused` says when."""
    has_provisional: bool = False
    """Whether some party may be bound provisionally, before entry into force."""
    may_pair: bool = True
    """Whether the plain majority may be found by one join (see `prompt`); the answer is the same without."""

    @property
    def every(self) -> str:
        """The set of all accounts, as SQL."""
        return str(self.seating.every)

    def shape(self, kind: str) -> Shape:
        """What the evidence holds of the kind; an empty shape where it holds nothing."""
        return self.shapes.get(kind, Shape())
