"""What of an agreement's page is prose: headings, blocks, code, comments and addresses are blanked, every character keeps its place."""

from __future__ import annotations

import re
from dataclasses import dataclass

from detente.agreement.markdown import Document, Section

_FENCE = re.compile(r"^[ \t>]*(?:[-*][ \t]+)?(`{3,}|~{3,})(.*)$")
_CODE = re.compile(r"`[^`\n]{1,200}`")
_UNSEEN = re.compile(r"\]\([^()\s]{1,500}\)|https?://\S+")
_QUOTED = re.compile(r'"[^"]*"|“[^”]*”|«[^»]*»')
_MOST_WORDS_MENTIONED = 7


@dataclass(frozen=True, slots=True)
class Passage:
    """The prose of one section: `text` is as long as the whole document from `start` on, with blanks for what is no prose.

    `full` keeps words in backticks, which `text` blanks.
    """

    start: int
    text: str
    full: str
    heading: str

    @property
    def is_empty(self) -> bool:
        """Whether the section has no prose."""
        return not self.full.strip()

    def unquoted(self) -> str:
        """The text without short quotations, in which words are mentioned and not used."""
        return "\n\n".join(
            _QUOTED.sub(lambda m: m[0] if len(m[0].split()) > _MOST_WORDS_MENTIONED else " " * len(m[0]), paragraph)
            for paragraph in self.text.split("\n\n")
        )


def passages(document: Document) -> tuple[Passage, ...]:
    """The prose of each section, in their order."""
    full = _without_fences(document.text)
    full = _without_comments(full)
    full = _UNSEEN.sub(lambda m: _blank(m[0]), full)
    plain = _CODE.sub(lambda m: _blank(m[0]), full)
    return tuple(_passage(document.text, full, plain, section) for section in document.sections)


def _passage(text: str, full: str, plain: str, section: Section) -> Passage:
    start = section.start
    if section.level:
        start = _after_line(text, start)
        if not text[section.start : start].lstrip().startswith("#"):
            start = _after_line(text, start)
    start = min(start, section.end)
    return Passage(start, plain[start : section.end], full[start : section.end], section.heading)


def _after_line(text: str, at: int) -> int:
    found = text.find("\n", at)
    return len(text) if found < 0 else found + 1


def _without_fences(text: str) -> str:
    lines: list[str] = []
    closing = ""
    for line in text.split("\n"):
        fence = _FENCE.match(line)
        if closing:
            lines.append(" " * len(line))
            if fence and fence[1].startswith(closing) and not fence[2].strip():
                closing = ""
        elif fence:
            closing = fence[1]
            lines.append(" " * len(line))
        else:
            lines.append(line)
    return "\n".join(lines)


def _without_comments(text: str) -> str:
    """Without `<!-- ... -->`; one that is never closed is shown as text."""
    pieces, done = [], 0
    while (start := text.find("<!--", done)) >= 0 and (end := text.find("-->", start)) >= 0:
        pieces += [text[done:start], _blank(text[start : end + 3])]
        done = end + 3
    return "".join([*pieces, text[done:]])


def _blank(text: str) -> str:
    return "".join("\n" if c == "\n" else " " for c in text)
