"""A page for every code of a problem or finding, from `pages/`: what was written, what went wrong, how to mend it.

`detente help` shows them, and two pages of the reference are written from them; see `reference.py`.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal, cast

from detente.model.problem import Severity
from detente.vocabulary.kinds import BrokenVocabularyError, parse_yaml

Room = Literal["language", "drafting", "proving", "evidence", "tracks", "exchange", "question"]
ROOMS: Mapping[Room, str] = MappingProxyType(
    {
        "language": "Reading an agreement",
        "drafting": "Findings of detente lint",
        "proving": "Findings of detente prove",
        "evidence": "Reading evidence",
        "tracks": "Reading tracks",
        "exchange": "Notes, logs and proofs",
        "question": "The question on the command line",
    }
)
"""Where a code comes from, in the order in which they are listed."""

_KEYS = {"code", "part", "severity", "wrong", "fix", "wrote", "better"}
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Page:
    """One code in one room. `wrote` are files that show the fault, `better` the same without it; both may be empty."""

    code: str
    room: Room
    part: str
    severity: Severity
    wrong: str
    fix: str
    wrote: Mapping[str, str]
    better: Mapping[str, str]


@cache
def load_pages() -> tuple[Page, ...]:
    """Every page, room by room, in the order of the files. A code stands once in a room.

    Raises:
        BrokenVocabularyError: a file is not as it should be.
    """
    pages: list[Page] = []
    for room in ROOMS:
        name = f"{room}.yaml"
        raw = parse_yaml((files("detente.vocabulary") / "pages" / name).read_text(encoding="utf-8"), name)
        pages += [_page(room, entry, name) for entry in raw.get("pages") or ()]
    seen: set[tuple[str, str]] = set()
    for page in pages:
        if (page.room, page.code) in seen:
            raise BrokenVocabularyError(f"{page.room}.yaml: {page.code} stands twice")
        seen.add((page.room, page.code))
    return tuple(pages)


def _page(room: Room, raw: Any, name: str) -> Page:
    if not isinstance(raw, dict) or not {"code", "part", "wrong", "fix"} <= set(raw) <= _KEYS:
        raise BrokenVocabularyError(f"{name}: a page has code, part, wrong and fix, and may have severity, wrote and better, not {raw!r}")
    severity = raw.get("severity", "error")
    if severity not in ("error", "warning", "note"):
        raise BrokenVocabularyError(f"{name}: {raw['code']}: no severity is called {severity!r}")
    return Page(
        code=raw["code"],
        room=room,
        part=raw["part"],
        severity=cast("Severity", severity),
        wrong=raw["wrong"],
        fix=raw["fix"],
        wrote=MappingProxyType(dict(raw.get("wrote") or {})),
        better=MappingProxyType(dict(raw.get("better") or {})),
    )


def closest_code(word: str) -> str | None:
    """The code most like `word`, if one is like it at all."""
    if len(word) > _LONGEST:
        return None
    close = get_close_matches(word.casefold().replace("_", "-"), sorted({page.code for page in load_pages()}), n=1, cutoff=0.6)
    return close[0] if close else None


def pages_list(width: int) -> str:
    """All codes, by room and by part."""
    lines: list[str] = []
    for room, title in ROOMS.items():
        lines += [title, "─" * len(title)]
        parts: dict[str, list[str]] = {}
        for page in load_pages():
            if page.room == room:
                parts.setdefault(page.part, []).append(page.code)
        for part, codes in parts.items():
            listed = textwrap.fill(", ".join(codes), max(40, width), initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)
            lines += [part, listed]
        lines.append("")
    lines.append("detente help CODE explains one of them.")
    return "\n".join(lines) + "\n"


def page_text(page: Page) -> str:
    """One page for a terminal."""
    kind = "" if page.severity == "error" else f", a {page.severity}"
    lines = [f"{page.code} ({ROOMS[page.room]}: {page.part}{kind})", ""]
    if page.wrote:
        lines += ["You wrote, for example:", *_shown(page.wrote), ""]
    lines += ["What went wrong:", *_wrapped(page.wrong), "", "What to do:", *_wrapped(page.fix)]
    if page.better:
        lines += ["", "Better:", *_shown(page.better)]
    return "\n".join(lines) + "\n"


def _shown(written: Mapping[str, str]) -> list[str]:
    lines = []
    for name, text in written.items():
        if len(written) > 1 or name != "agreement.md":
            lines.append(f"  {name}")
        lines += [f"    {line}".rstrip() for line in text.rstrip("\n").split("\n")]
    return lines


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, 96, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False, break_long_words=False)
