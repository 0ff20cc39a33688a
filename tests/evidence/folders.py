"""Small folders of evidence for tests."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from detente.evidence import Record, read_record
from detente.model.kind import Field, Kind


def fields(*some: Field) -> dict[str, Field]:
    return {f.name: f for f in some}


EXERCISE = Kind(
    "exercise",
    "event",
    fields(
        Field("party", "party"),
        Field("on", "party"),
        Field("area", "place"),
        Field("level", "scale", levels=("battalion", "brigade", "division")),
        Field("type", "category", levels=("land", "naval")),
        Field("troops", "count"),
        Field("range", "number", unit="m"),
        Field("unannounced", "flag"),
        Field("start", "time"),
        Field("end", "time"),
    ),
    happens="start",
    registers=("exercise-register",),
)
NOTIFICATION = Kind(
    "notification",
    "event",
    fields(Field("party", "party"), Field("recipient", "party"), Field("about", "ref"), Field("sent", "time"), Field("received", "time")),
    happens="received",
    acts=("party", "recipient"),
    registers=("notification-register",),
)
CALENDAR = Kind("annual-calendar", "event", fields(Field("party", "party"), Field("as-of", "time")), happens="as-of")
KINDS = {kind.name: kind for kind in (EXERCISE, NOTIFICATION, CALENDAR)}
PARTIES = ("Arland", "Borland", "Carland")
SOURCES = "id,name,kind,speaks_for\narland,Ministry,party,Arland\nborland,Office,party,Borland\nmission,Mission,monitor,\n"


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in {"sources.csv": SOURCES, **files}.items():
        (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def read(folder: Path, files: Mapping[str, str | bytes] | None = None, **options: Any) -> Record:
    if files is not None:
        write(folder, files)
    return read_record(folder, KINDS, **{"parties": PARTIES, **options})


def told(record: Record, folder: Path) -> list[tuple[str, str, int, int]]:
    """Each problem as (code, file, line, column)."""
    return [
        (
            p.code,
            p.span.path.removeprefix(str(folder) + "/") if p.span else "",
            p.span.line if p.span else 0,
            p.span.column if p.span else 0,
        )
        for p in record.problems
    ]


def rows(record: Record, query: str) -> list[tuple[Any, ...]]:
    return record.database.execute(query).fetchall()
