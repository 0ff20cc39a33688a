"""What a folder of evidence may hold, and which file means what.

Only regular files directly in the folder are read. A link that leads out of the
folder is refused; text and Markdown files and shapes are left alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from detente.evidence.wording import did_you_mean
from detente.model.kind import Kind
from detente.model.problem import Problem, visible
from detente.model.span import Span

FORMATS = (".csv", ".parquet", ".jsonl", ".xlsx")
SPECIAL = ("sources", "completeness", "identity", "coverage", "places", "tracks")
"""Tables that are about no kind; as files, and as sheets of a workbook."""

ENTERED = "entered.jsonl"
"""Statements entered one by one, each row with its `kind`."""
EXCHANGED = "exchange.jsonl"
"""Statements that a log of an exchange makes (`detente log testimony`), each row with its `kind`."""

_LEFT_ALONE = (".md", ".txt", ".geojson")


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """One file: where it is, its name in messages, its format, and the table it fills.

    `table` is the name of a kind or of a special table; "" for a workbook with
    several, and for `entered.jsonl` and `exchange.jsonl`.
    """

    path: Path
    shown: str
    format: str
    table: str


def look_into(folder: Path, kinds: Mapping[str, Kind]) -> tuple[list[EvidenceFile], list[Problem]]:
    """The files to read, in the order of their names, and what was wrong with the others."""
    shown = str(folder)
    if not folder.is_dir():
        return [], [Problem("missing-folder", f"there is no folder {visible(shown)}", Span(shown, 1, 1, 1, 1))]
    names = table_names(kinds)
    files: list[EvidenceFile] = []
    problems: list[Problem] = []
    root = folder.resolve()
    for path in sorted(folder.iterdir(), key=lambda p: p.name):
        if path.name.startswith(".") or (path.suffix.lower() in _LEFT_ALONE and path.name != "places.geojson"):
            continue
        place = str(folder / path.name)
        if path.is_symlink() and not _stays_inside(path, root):
            problems.append(Problem("outside-folder", "the link leads out of the folder; it is not followed", Span(place, 1, 1, 1, 1)))
        elif path.is_dir():
            continue
        elif not path.is_file():
            problems.append(Problem("not-a-file", "not a regular file; it is not read", Span(place, 1, 1, 1, 1)))
        elif (found := _file(path, place, names)) is not None:
            files.append(found)
        else:
            aid = (
                did_you_mean(path.name, [ENTERED, EXCHANGED, *(name + path.suffix for name in names)])
                or "files are named after kinds: exercise.csv"
            )
            problems.append(
                Problem(
                    "unknown-file",
                    "the name says no kind and no table; the file is not read",
                    Span(place, 1, 1, 1, 1),
                    help=aid,
                    severity="warning",
                )
            )
    return files, problems


def table_names(kinds: Mapping[str, Kind]) -> dict[str, str]:
    """What files and sheets may be called, and the table that each name means."""
    return {name: name for name in SPECIAL} | {kind.table: kind.name for kind in kinds.values()} | {name: name for name in kinds}


def _stays_inside(path: Path, root: Path) -> bool:
    try:
        return path.resolve(strict=True).is_relative_to(root)
    except (OSError, RuntimeError):
        return False


def _file(path: Path, shown: str, names: Mapping[str, str]) -> EvidenceFile | None:
    if path.name in (ENTERED, EXCHANGED):
        return EvidenceFile(path, shown, "jsonl", "")
    if path.name == "places.geojson":
        return EvidenceFile(path, shown, "geojson", "places")
    if path.suffix == ".xlsx":
        return EvidenceFile(path, shown, "xlsx", names.get(path.stem, ""))
    if path.suffix in FORMATS and path.stem in names:
        return EvidenceFile(path, shown, path.suffix[1:], names[path.stem])
    return None
