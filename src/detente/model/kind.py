"""What a statement can be about: kinds of events, things and stocks, and their fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

FieldType = Literal["party", "ref", "place", "text", "category", "scale", "flag", "count", "number", "time"]
"""How a field's cell is read and stored.

`party`, `ref` (the id of another event or thing), `place`, `text`, `category`
are single words; `scale`, `flag`, `count`, `number`, `time` are ordered and
stored as two bounds, `<name>_lo` and `<name>_hi`.
"""

ORDERED: frozenset[FieldType] = frozenset({"scale", "flag", "count", "number", "time"})


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a kind.

    `levels` are a scale's steps from the lowest up, or a category's members.
    `unit` is the canonical unit of a number (metres for lengths, tonnes for mass).
    `of` is the kind that a `ref` points to, if only one.
    """

    name: str
    type: FieldType
    unit: str | None = None
    levels: tuple[str, ...] = ()
    of: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_ordered(self) -> bool:
        """Whether it is stored as two bounds."""
        return self.type in ORDERED


@dataclass(frozen=True, slots=True)
class Verb:
    """How a rule says that someone does this.

    `takes` is `itself` where the verb's object is the event itself ("conduct
    an exercise X") or `about` where it is what the event refers to ("notify X").
    `prepositions` map "to", "on", "with" ... to the field they fill.
    """

    base: str
    third: str
    participle: str
    takes: Literal["itself", "about"]
    prepositions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of event, thing or stock.

    `genus`: an `event` happens at its `happens` field; a `thing` holds from
    `from` until `until`; a `stock` is counted, never listed.
    `acts` are the fields whose party may speak of it as its own act: the
    actor, and for a message also its recipient.
    `registers` are the ids of registers that can be complete for it.
    """

    name: str
    genus: Literal["event", "thing", "stock"]
    fields: Mapping[str, Field]
    verbs: tuple[Verb, ...] = ()
    happens: str | None = None
    acts: tuple[str, ...] = ("party",)
    registers: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    plural: str = ""
    unit: str | None = None
    source: str | None = None

    @property
    def table(self) -> str:
        """Its table's name in the evidence database."""
        return self.name.replace("-", "_")
