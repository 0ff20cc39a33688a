"""One statement more, entered by hand: what to ask for, and how it is added.

A row is added only if reading the folder with it would use it: the same code
checks it as checks files.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from detente.agreement.clause import Group
from detente.evidence.database import open_database
from detente.evidence.folder import ENTERED
from detente.evidence.layout import SAYS, of_kind
from detente.evidence.record import Setting, read_folder
from detente.model.kind import Field, Kind
from detente.model.problem import Problem
from detente.model.span import Span
from detente.reading.ask import first_row
from detente.vocabulary.reserved import TEXTS
from detente.vocabulary.units import units_of

try:
    import fcntl
except ImportError:  # no file locks on this system: appending one line is still one write
    fcntl = None  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class Question:
    """One cell to ask for: its column, whether it must be filled, the words it takes, and examples."""

    column: str
    required: bool
    words: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    unit: str | None = None


_TIME_EXAMPLES = ("2026-01-15", "2026-01-15T10:00Z", ">=2026-01-15")


def ask_fields(kind: Kind) -> tuple[Question, ...]:
    """What to ask for a statement about `kind`, in order."""
    return (
        Question("id", required=True, examples=("A-1",)),
        Question("source", required=True),
        Question("says", required=True, words=SAYS),
        Question("event", required=False, examples=("West-26",)),
        Question("target", required=False, examples=("A-1",)),
        Question("said_at", required=True, examples=_TIME_EXAMPLES[:2]),
        Question("published_at", required=False, examples=_TIME_EXAMPLES[:2]),
        *(_question(one) for one in of_kind(kind).fields.values()),
        *(Question(name, required=False) for name in TEXTS),
    )


def _question(one: Field) -> Question:
    match one.type:
        case "time":
            return Question(one.name, required=False, examples=_TIME_EXAMPLES)
        case "count":
            return Question(one.name, required=False, examples=("9400", "8200..10100", ">=9000"))
        case "number":
            units = units_of(one.unit)
            return Question(one.name, required=False, examples=(f"500 {units[0]}",) if units else ("12.5",), unit=one.unit)
        case "flag":
            return Question(one.name, required=False, words=("yes", "no"))
        case _:
            return Question(one.name, required=False, words=one.levels)


def append_statement(
    folder: Path,
    row: Mapping[str, str],
    kinds: Mapping[str, Kind],
    *,
    parties: Sequence[str] = (),
    groups: Mapping[str, Group] | None = None,
    time_zone: str = "UTC",
) -> tuple[bool, tuple[Problem, ...]]:
    """Add `row`, with its `kind`, to the entered statements of `folder`: whether it was added, and its problems.

    The line is on disk when this returns. Two that add at once are added one after the other.
    """
    path = folder / ENTERED
    cells = {name: cell.strip() for name, cell in row.items() if cell.strip()}
    try:
        with _held(path) as handle:
            size = os.fstat(handle).st_size
            lines, ends_open = _lines(path)
            span = Span(str(path), lines + 1, 1, lines + 1, 1)
            problems = _check(folder, cells, span, Setting(kinds, parties, groups, time_zone))
            if any(p.severity == "error" for p in problems):
                if not size:
                    path.unlink()
                return False, problems
            line = ("\n" if ends_open else "") + json.dumps(cells, ensure_ascii=False) + "\n"
            _write(handle, line.encode())
        _sync_folder(folder)
    except OSError as error:
        fault = Problem("unwritable-file", f"the statement cannot be written: {error.strerror}", Span(str(path), 1, 1, 1, 1))
        return False, (fault,)
    return True, problems


def _check(folder: Path, cells: Mapping[str, str], span: Span, setting: Setting) -> tuple[Problem, ...]:
    """What is wrong with the row, were it there: its own problems, and whether it would be used."""
    with open_database() as db:
        record = read_folder(db, folder, setting, more=((cells, span),))
        own = tuple(p for p in record.problems if p.span is not None and (p.span.path, p.span.line) == (span.path, span.line))
        if cells.get("kind") not in record.kinds and not any(p.severity == "error" for p in own) and cells.get("kind") in setting.kinds:
            return (*own, _unused(cells, span))
        used = first_row(db, "SELECT 1 FROM statement WHERE file = ? AND line = ?", [span.path, span.line])
    is_statement = cells.get("kind") in setting.kinds
    if is_statement and used is None and not any(p.severity == "error" for p in own):
        return (*own, _unused(cells, span))
    return own


def _unused(cells: Mapping[str, str], span: Span) -> Problem:
    """The row itself is sound, but another one stands in its way."""
    text = f'the id "{cells.get("id", "")}" is taken by another statement, or the row repeats one word for word'
    return Problem("duplicate-id", text, span, help="give each statement an id of its own")


@contextlib.contextmanager
def _held(path: Path) -> Iterator[int]:
    """The file open for appending and locked; a link, a pipe or a device in its place is refused."""
    handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o644)
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "not a regular file")
        if fcntl is not None:
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)


def _lines(path: Path) -> tuple[int, bool]:
    """How many lines the file has, and whether the last one lacks its line break."""
    number, last = 0, b"\n"
    with path.open("rb") as file:
        for line in file:
            number, last = number + 1, line
    return number, not last.endswith(b"\n")


def _write(handle: int, line: bytes) -> None:
    """The whole line or nothing: a write cut short is taken back."""
    before = os.fstat(handle).st_size
    if os.write(handle, line) != len(line):
        os.ftruncate(handle, before)
        raise OSError(28, "no space left")
    os.fsync(handle)


def _sync_folder(folder: Path) -> None:
    """Make a new file's name last, where the system can."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
