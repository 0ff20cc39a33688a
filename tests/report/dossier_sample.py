"""A hand-made dossier on the hand-made verdicts: all four outcomes, a zone, a disputed area, a path with a gap, coverage with gaps."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from detente.model.dossier import Dossier, Drawing, Fix, Occurrence, Path, Spot, Tested, Voice, Watch
from detente.model.source import Source
from detente.model.statement import Statement
from report.sample import EXPLANATION, SPELL, VERDICTS


def at(month: int, day: int, hour: int = 0) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


INSTANCES = tuple(i for a in VERDICTS.articles for r in a.rules for i in r.instances)


def _statement(id_: str, source: str, quote: str | None, cite: str | None, **more: str) -> Statement:
    return Statement(
        1, id_, "exercise", source, "asserts", "West-26", at(1, 7), at(1, 7), quote=quote, cite=cite, file="a/exercise.csv", line=2, **more
    )


DOSSIER = Dossier(
    verdicts=VERDICTS,
    parties=("Arland", "Borland"),
    period=(datetime(2025, 12, 1, tzinfo=UTC), VERDICTS.as_of),
    explanations={
        i.id: replace(EXPLANATION, verdict=replace(i, spells=(SPELL,) if i.rule == "8" else ()), occasion=f"exercise of rule {i.rule}")
        for i in INSTANCES
    },
    statements={
        "A-101": _statement("A-101", "arland", "We notify the exercise", "https://example.org/a?b=1&c=2", reported_by="Gazette", language="en"),
        "A-117": _statement("A-117", "arland", "принимает участие", "press release", language="ru", translation="takes part"),
        "B-33": _statement("B-33", "borland", None, "javascript:alert(1)"),
    },
    sources={"arland": Source("arland", "Ministry of Arland", "party", ("Arland",)), "borland": Source("borland", "Borland", "party", ("Borland",))},
    occurrences=(
        Occurrence(
            "West-26", "exercise", ("Arland",), (), False, None, (at(2, 20), at(2, 21)), (at(2, 28), at(2, 28)),
            (Spot("Tarn", 24.0, 57.2),), INSTANCES[1].outcome, (INSTANCES[1].id,), (at(1, 9), at(1, 9)),
        ),
        Occurrence("passage", "transit", ("Borland",), (), False, None, (at(1, 20), at(1, 20)), (None, None), (Spot("Estonia", 25.8, 58.7, True),), INSTANCES[0].outcome, (INSTANCES[0].id,)),
        Occurrence("N-1", "notification", ("Arland",), ("Borland",), True, "West-26", (at(1, 7), at(1, 7)), (None, None), (), None, ()),
        Occurrence("lost", "transit", ("Borland",), (), False, None, (None, None), (None, None), (), INSTANCES[0].outcome, ()),
    ),
    watches=(Watch("mission", "transit", False, at(1, 1), at(1, 15), "Borland"), Watch("keeper", "notification", True, at(2, 1), at(2, 10))),
    observed={"2": 0.999, "3": 0.0, "4": 1.0, "5.1": None},
    unwatched=("exercise",),
    drawings=(
        Drawing("corridor", "agreement", (((22.0, 56.0), (25.0, 56.0), (25.0, 58.0), (22.0, 58.0), (22.0, 56.0)),)),
        Drawing("the isle", "disputed", (((23.0, 58.5), (24.0, 58.5), (24.0, 59.0), (23.0, 58.5)),), owners={"Arland": "Arland", "Borland": None}),
    ),
    paths=(Path("Heron", "Arland", (Fix(at(2, 1), 22.0, 56.5), Fix(at(2, 1, 2), 22.5, 57.0), Fix(at(2, 2), 23.5, 57.5))),),
    tested={"2": (Tested(4, 11, "2"),)},
    voices=(Voice("Arland", 12, at(2, 20)), Voice("Borland", 0, None)),
    labels={"exercise": {"en": "exercise", "ru": "учение"}},
)  # fmt: skip

_KEPT_AS_THEY_ARE = {
    "outcome",
    "vote",
    "votes",
    "kind",
    "says",
    "time_zone",
    "evidence_path",
    "statuses",
    "ground",
    "counts",
    "accounts",
    "sources",
    "language",
}


def poisoned(value: Any, poison: Callable[[str], str], field: str = "") -> Any:
    """The same with every text replaced that a record, an agreement or a name could hold."""
    if isinstance(value, str) and not isinstance(value, Enum):
        return poison(value)
    if isinstance(value, tuple):
        return tuple(poisoned(v, poison, field) for v in value)
    if isinstance(value, Mapping):
        return {k: poisoned(v, poison, field) for k, v in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
        kept = _KEPT_AS_THEY_ARE | (
            {"id", "rule", "article", "instances", "sort", "cites", "name", "source", "cited"} if field != "names" else set()
        )
        return replace(value, **{name: poisoned(v, poison, name) for name, v in fields.items() if name not in kept})
    return value
