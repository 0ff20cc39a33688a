"""The door of the room: a file or a text in, an agreement and every problem out."""

from __future__ import annotations

import hashlib
import re
import stat
import unicodedata
from pathlib import Path

from detente.agreement.adopt import adopt
from detente.agreement.clause import Agreement
from detente.agreement.markdown import Document, read_document
from detente.agreement.resolve import resolve
from detente.model.problem import Problem
from detente.model.span import Span

LARGEST = 4_000_000
"""Bytes in an agreement's file; more are refused."""

MOST_PROBLEMS = 500
"""Problems listed for one document; the rest are counted."""

Loaded = tuple[Agreement | None, tuple[Problem, ...]]
_SUSPECT = re.compile(r"[^\x20-\x7e\n\t]")
_TURNS_TEXT = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def load_agreement(path: Path, *, name: str | None = None) -> Loaded:
    """Read an agreement's file, and the files beside it whose duties it imports. The agreement is None where a problem is an error.

    `name` is what messages call it, and what it imports is looked for beside, if not the path.
    """
    agreement, problems = _load_one(path, name)
    if agreement is None:
        return None, problems
    whole, more = adopt(agreement, _load_one)
    return (None if more else whole), (*problems, *more)


def _load_one(path: Path, name: str | None = None) -> Loaded:
    named = name or str(path)
    raw, problem = read_bytes(path)
    if raw is None:
        return None, (problem,) if problem else ()
    text, problem = decoded(raw, named)
    if text is None:
        return None, (problem,) if problem else ()
    return _parse(text, named, hashlib.sha256(raw).hexdigest())


def read_bytes(path: Path) -> tuple[bytes | None, Problem | None]:
    """The bytes of a regular file of at most `LARGEST`; of a pipe or device nothing is read, since it may never end."""
    where = Span(str(path), 1, 1, 1, 1)
    try:
        mode = path.stat().st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            return None, Problem(
                "unreadable-file",
                "the file cannot be read: it is a pipe or a device",
                where,
                help="save it as a file, or use - to read stdin",
            )
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        return None, Problem("unreadable-file", f"the file cannot be read: {getattr(error, 'strerror', None) or error}", where)
    if len(raw) > LARGEST:
        return None, Problem("too-large", f"the file has more than {LARGEST:,} bytes", where)
    return raw, None


def decoded(raw: bytes, path: str) -> tuple[str | None, Problem | None]:
    """The bytes as text, without a byte order mark and with line feeds alone; or the first character that no text holds."""
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - (raw.rfind(b"\n", 0, error.start) + 1) + 1
        at = Span(path, line, column, line, column + 1)
        return None, Problem("not-utf-8", f"byte {error.start + 1} is not UTF-8 text", at, help="save the file as UTF-8")
    problem = _refused(text, path)
    return (None, problem) if problem else (text, None)


def _refused(text: str, path: str) -> Problem | None:
    """The problem of the first character that no text holds."""
    bare = _first_control(text)
    return None if bare is None else _control_problem(Document(path, text, _line_starts(text)), bare)


def parse_agreement(text: str, path: str) -> Loaded:
    """Read an agreement's text; `path` is the name that messages give it."""
    raw = text.encode("utf-8", "surrogatepass")
    if len(raw) > LARGEST:
        return None, (Problem("too-large", f"the text has more than {LARGEST:,} bytes", Span(path, 1, 1, 1, 1)),)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if (problem := _refused(text, path)) is not None:
        return None, (problem,)
    return _parse(text, path, hashlib.sha256(raw).hexdigest())


def _parse(text: str, path: str, digest: str) -> Loaded:
    document = read_document(text, path)
    marks = _hidden_marks(document)
    agreement, problems = resolve(document, digest)
    hidden = {_in_order(mark) for mark in marks}
    found = sorted([*document.problems, *marks, *(p for p in problems if _in_order(p) not in hidden)], key=_in_order)
    if len(found) > MOST_PROBLEMS:
        left = len(found) - MOST_PROBLEMS
        found = [*found[:MOST_PROBLEMS], Problem("too-many-problems", f"{left:,} more problems are not listed", found[MOST_PROBLEMS].span)]
    if any(p.severity == "error" for p in found):
        agreement = None
    return agreement, tuple(found)


def _in_order(problem: Problem) -> tuple[int, int]:
    return (problem.span.line, problem.span.column) if problem.span else (0, 0)


def _line_starts(text: str) -> tuple[int, ...]:
    return (0, *(m.end() for m in re.finditer("\n", text)))


def _first_control(text: str) -> int | None:
    """The first character that no text holds: a control character other than tab and line feed, or one that turns the text around."""
    for match in _SUSPECT.finditer(text):
        character = match.group()
        if character < "\xa0" or character in _TURNS_TEXT or unicodedata.category(character) in ("Cs", "Zl", "Zp"):
            return match.start()
    return None


def _hidden_marks(document: Document) -> list[Problem]:
    """Invisible characters inside rule and case blocks and headings, where a name might hide them."""
    stretches = [(b.start, b.end) for b in document.blocks] + [document.line_of(s.start) for s in document.sections if s.level]
    hidden = (m for start, end in stretches for m in _SUSPECT.finditer(document.text, start, end))
    return [_control_problem(document, m.start()) for m in hidden if unicodedata.category(m.group())[0] == "C"]


def _control_problem(document: Document, start: int) -> Problem:
    character = document.text[start]
    name = unicodedata.name(character, "a control character").lower()
    return document.problem(
        "control-character",
        f"U+{ord(character):04X} ({name}) cannot be seen and is refused",
        (start, start + 1),
        advice="delete it",
    )
