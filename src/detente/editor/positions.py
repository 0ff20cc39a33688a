"""Places in a text as editors count them: lines from 0, columns in UTF-16 code units.

Source: Language Server Protocol 3.17, "Position" and "Text Documents": a line
ends with a line feed, a carriage return or both, and a column beyond the end of
a line means its end. The rest of the program counts characters of the text
without its byte order mark and with line feeds alone, as `agreement/load.py` reads it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from detente.model.span import Span

_LINE_END = re.compile(r"[\r\n]")
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Position:
    """A place between two characters. `character` counts UTF-16 code units."""

    line: int
    character: int


@dataclass(frozen=True, slots=True)
class Range:
    """From `start` up to `end`, which is outside."""

    start: Position
    end: Position


@dataclass(frozen=True, slots=True)
class Text:
    """A text as the program reads it, and what is needed to find places in it in logarithmic time."""

    text: str
    has_mark: bool
    """Whether a byte order mark stood before it: one more unit in the first line."""
    lines: tuple[int, ...]
    """Where each line begins, as an editor breaks lines."""
    feeds: tuple[int, ...]
    """Where each line begins, as the program breaks lines: at line feeds alone."""
    wide: tuple[int, ...]
    """Where characters stand that take two code units."""

    def position(self, offset: int) -> Position:
        """The place before the character `offset`; an offset outside the text is moved to its edge."""
        offset = min(max(offset, 0), len(self.text))
        line = bisect_right(self.lines, offset) - 1
        character = self._units(offset) - self._units(self.lines[line])
        return Position(line, character + (1 if self.has_mark and line == 0 else 0))

    def offset(self, position: Position) -> int:
        """The character at a place; a place outside the text is moved to the nearest inside, and out of the middle of a character."""
        if position.line < 0:
            return 0
        if position.line >= len(self.lines):
            return len(self.text)
        start = self.lines[position.line]
        end = self.lines[position.line + 1] - 1 if position.line + 1 < len(self.lines) else len(self.text)
        character = max(0, position.character - (1 if self.has_mark and position.line == 0 else 0))
        return min(self._at_unit(self._units(start) + character), end)

    def range(self, start: int, end: int) -> Range:
        """The range of the characters from `start` up to `end`."""
        return Range(self.position(start), self.position(max(start, end)))

    def range_of(self, span: Span) -> Range:
        """The range of a span that the program gave."""
        return self.range(self._counted(span.line, span.column), self._counted(span.end_line, span.end_column))

    def _counted(self, line: int, column: int) -> int:
        if line > len(self.feeds):
            return len(self.text)
        return min(self.feeds[max(line, 1) - 1] + max(column, 1) - 1, len(self.text))

    def _units(self, offset: int) -> int:
        """Code units before a character."""
        return offset + bisect_left(self.wide, offset)

    def _at_unit(self, unit: int) -> int:
        """The character that a code unit, counted from the beginning of the text, belongs to."""
        before = bisect_left(range(len(self.wide)), unit, key=lambda i: self.wide[i] + i)
        if before and self.wide[before - 1] + before == unit:
            return self.wide[before - 1]
        return unit - before


def read_text(raw: str) -> Text:
    """A text from an editor, made ready."""
    text = raw.removeprefix("\ufeff").replace("\r\n", "\n")
    return Text(
        text,
        raw.startswith("\ufeff"),
        (0, *(m.end() for m in _LINE_END.finditer(text))),
        (0, *(m.end() for m in re.finditer("\n", text))),
        tuple(m.start() for m in _ASTRAL.finditer(text)),
    )
