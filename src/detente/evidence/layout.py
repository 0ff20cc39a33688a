"""What columns each table of evidence has, and which of them must be filled in.

One layout per file of the folder: a kind's statements, sources, completeness,
identity, coverage and places are all staged by the same code, from these.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from detente.model.kind import Field, Kind
from detente.model.source import SOURCE_KINDS
from detente.vocabulary.reserved import TEXTS, is_reserved

Need = Literal["required", "optional", "absent"]

SAYS = ("asserts", "denies", "withdraws")
ALIASES = {"said": "said_at", "published": "published_at", "latitude": "lat", "longitude": "lon"}


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of one table.

    `says` lists the words that the column of that name may hold; empty where
    there is none. `required` are fields whose cell must not be empty; `codes`
    give a fault of its own to a field's unknown words.
    """

    name: str
    fields: Mapping[str, Field]
    id: Need = "required"
    source: Need = "required"
    says: tuple[str, ...] = SAYS
    event: Need = "required"
    time: Need = "required"
    texts: tuple[str, ...] = TEXTS
    required: tuple[str, ...] = ()
    codes: Mapping[str, str] = field(default_factory=dict)

    def columns(self) -> tuple[str, ...]:
        """Every column that the table may have, as written in a file."""
        own = [name for name, need in (("id", self.id), ("source", self.source)) if need != "absent"]
        own += ["says"] if self.says else []
        own += ["event", "target"] if self.event != "absent" else []
        own += ["said_at", "published_at"] if self.time != "absent" else []
        return (*own, *self.fields, *self.texts)


def of_kind(kind: Kind) -> Layout:
    """The table of a kind's statements. A field with a reserved name has no column."""
    return Layout(kind.name, {name: f for name, f in kind.fields.items() if not is_reserved(name)})


def _fields(*fields: Field) -> dict[str, Field]:
    return {f.name: f for f in fields}


SOURCES = Layout(
    "sources",
    _fields(
        Field("name", "text"),
        Field("kind", "category", levels=SOURCE_KINDS),
        Field("speaks_for", "text"),
        Field("reliability", "category", levels=("A", "B", "C", "D", "E", "F")),
        Field("credibility", "category", levels=("1", "2", "3", "4", "5", "6")),
        Field("graded_by", "text"),
    ),
    source="absent",
    says=(),
    event="absent",
    time="absent",
    texts=(),
    required=("kind",),
)

FARTHEST_M = 5_000_000
"""The largest radius or accuracy of a place."""

PLACES = Layout(
    "places",
    _fields(
        Field("name", "text"),
        Field("lat", "number"),
        Field("lon", "number"),
        Field("radius", "number", unit="m"),
        Field("accuracy", "number", unit="m"),
    ),
    id="absent",
    source="absent",
    says=(),
    event="absent",
    time="absent",
    texts=(),
    required=("name", "lat", "lon"),
)

TRACKS = Layout(
    "tracks",
    _fields(
        Field("file", "text"),
        Field("mapping", "text"),
        Field("accuracy", "number", unit="m"),
        Field("clock", "number"),
    ),
    id="absent",
    says=(),
    event="absent",
    time="optional",
    texts=(),
    required=("file",),
)


def completeness(kinds: Iterable[str]) -> Layout:
    """Registers stated complete."""
    fields = _fields(
        Field("register", "text"),
        Field("kind", "category", levels=tuple(kinds)),
        Field("from", "time"),
        Field("until", "time"),
        Field("lag", "text"),
        Field("party", "party"),
        Field("recipient", "party"),
        Field("about", "ref"),
        Field("place", "place"),
    )
    return Layout("completeness", fields, id="optional", says=(), event="absent", codes={"kind": "unknown-kind"})


def identity(kinds: Iterable[str]) -> Layout:
    """Links that say that two ids mean one event or thing."""
    fields = _fields(Field("kind", "category", levels=tuple(kinds)), Field("a", "ref"), Field("b", "ref"))
    return Layout("identity", fields, id="optional", event="absent", required=("kind", "a", "b"), codes={"kind": "unknown-kind"})


def coverage(kinds: Iterable[str]) -> Layout:
    """What a source was able to see, where and when."""
    fields = _fields(
        Field("kind", "category", levels=tuple(kinds)),
        Field("from", "time"),
        Field("until", "time"),
        Field("place", "place"),
        Field("fraction", "text"),
    )
    return Layout(
        "coverage", fields, id="optional", says=(), event="absent", time="optional", required=("kind",), codes={"kind": "unknown-kind"}
    )
