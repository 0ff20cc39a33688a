"""The door of the room: a file or a text in, an agreement and every problem out."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from pathlib import Path

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


def load_agreement(path: Path) -> Loaded:
    """Read an agreement's file. The agreement is None where a problem is an error."""
    where = Span(str(path), 1, 1, 1, 1)
    try:
        if path.stat().st_size > LARGEST:
            return None, (Problem("too-large", f"the file has more than {LARGEST:,} bytes", where),)
        raw = path.read_bytes()
    except (OSError, ValueError) as error:
        return None, (Problem("unreadable-file", f"the file cannot be read: {getattr(error, 'strerror', None) or error}", where),)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - (raw.rfind(b"\n", 0, error.start) + 1) + 1
        at = Span(str(path), line, column, line, column + 1)
        return None, (Problem("not-utf-8", f"byte {error.start + 1} is not UTF-8 text", at, help="save the file as UTF-8"),)
    return _parse(text, str(path), hashlib.sha256(raw).hexdigest())


def parse_agreement(text: str, path: str) -> Loaded:
    """Read an agreement's text; `path` is the name that messages give it."""
    raw = text.encode("utf-8", "surrogatepass")
    if len(raw) > LARGEST:
        return None, (Problem("too-large", f"the text has more than {LARGEST:,} bytes", Span(path, 1, 1, 1, 1)),)
    return _parse(text.removeprefix("\ufeff"), path, hashlib.sha256(raw).hexdigest())


def _parse(text: str, path: str, digest: str) -> Loaded:
    text = text.replace("\r\n", "\n")
    if (bare := _first_control(text)) is not None:
        document = Document(path, text, _line_starts(text))
        return None, (_control_problem(document, bare),)
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
