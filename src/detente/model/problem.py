"""One fault in a document or in data, and how it is shown.

Documents and data give things *and* problems; a problem never stops what is
good beside it. The sentence is built where the fault is found; how it looks on
a terminal is decided here, once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from detente.model.span import Span

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Fix:
    """What to put in place of the characters from `start` up to `end` of the text as it is read, and mean the same."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault with its place and the way out.

    `code` names the fault in kebab-case (`unknown-zone`); `message` is one
    sentence; `excerpt` is the line of text that `span` points into; `expected`
    lists what may stand there; `help` says what to do next; `fix` does it, where
    there is but one way to say it and no doubt what is meant.
    """

    code: str
    message: str
    span: Span | None = None
    excerpt: str | None = None
    expected: tuple[str, ...] = ()
    help: str | None = None
    severity: Severity = "error"
    fix: Fix | None = None

    def __str__(self) -> str:
        place = f"{self.span}: " if self.span else ""
        kind = "" if self.severity == "error" else f"{self.severity}: "
        lines = [f"{place}{kind}{self.code}: {self.message}"]
        if self.span and self.excerpt is not None:
            lines += _caret(self.span, self.excerpt)
        if self.span and self.span.trail:
            lines.append("   in " + " › ".join(self.span.trail))
        if self.expected:
            lines.append("   expected: " + ", ".join(self.expected))
        if self.help:
            lines.append("   help: " + self.help)
        return "\n".join(visible(line) for line in lines)


_WIDEST_EXCERPT = 160


def _caret(span: Span, excerpt: str) -> list[str]:
    """The line of text and a row of carets under the span; long lines are cut around it."""
    margin = f"   {span.line} | "
    width = span.end_column - span.column if span.end_line == span.line else 1
    start = span.column - 1
    text = excerpt.replace("\t", " ")
    if len(text) > _WIDEST_EXCERPT:
        cut = max(0, start - _WIDEST_EXCERPT // 2)
        text = ("…" if cut else "") + text[cut : cut + _WIDEST_EXCERPT] + "…"
        start = start - cut + (1 if cut else 0)
    carets = "^" * max(1, min(width, len(text) - start))
    return [margin + text, " " * (len(margin) - 2) + "| " + " " * start + carets]


def visible(text: str) -> str:
    """`text` with control and bidirectional marks written out, safe to print.

    Keeps line breaks. Source: Unicode Technical Report 36, section 2.5 (bidirectional text spoofing).
    """
    return "".join(_written_out(c) if c != "\n" and _is_unsafe(c) else c for c in text)


def _is_unsafe(c: str) -> bool:
    return (
        c < " "
        or "\x7f" <= c < "\xa0"
        or c in "\u061c\u200e\u200f\u2028\u2029\ufeff"
        or "\u202a" <= c <= "\u202e"
        or "\u2066" <= c <= "\u2069"
    )


def _written_out(c: str) -> str:
    return f"<U+{ord(c):04X}>"
