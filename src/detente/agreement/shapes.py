"""Phrases that are no sentence of the language, recognised where the parser stops.

So the message names the shape that is missing, or the phrase to write instead,
and not a comma. (What is read and not yet judged is in `pending.py`.)
"""

from __future__ import annotations

import re

_SHAPES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        (
            "a duty that is due several times in one period",
            r"\b(?:at\s+least\s+)?(?:twice|thrice|(?:two|three|four|five|\d+)\s+times)\s+(?:an?|per|each|every|in\s+each)\s+(?:year|quarter|month|week)\b",
        ),
        ("a deadline of its own for a prohibition", r"\bwithin\s+\d+\s+\w+\s+(?:of|after)\b"),
    )
)


def later_shape(text: str, begin: int) -> tuple[str, tuple[int, int]] | None:
    """The later shape that stands where the parser stopped, and its place in `text`.

    `begin` is where the unexpected word begins. A shape counts only if that
    word is part of it.
    """
    return next(((name, at) for name, pattern in _SHAPES if (at := _around(pattern, text, begin))), None)


_PASSIVE = re.compile(
    r"\b(?:that\s+|which\s+)?(?:could\s+|can\s+|may\s+|might\s+|would\s+)?(?:is|are|be|was|were)\s+perceived\b(?:\s+as\b)?"
)
_MONTHS = "January February March April May June July August September October November December"
_PHRASES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), advice)
    for pattern, advice in (
        (r"\bin\s+phase\s+\S+", "write `from phase 2,` or `from phase 2 until phase 3,`"),
        (r"\b\d{1,2}(?:st|nd|rd|th)?(?:\s+of)?\s+[A-Z][a-z]{2,8}\b", "write the day and the month's full name, as in `15 November`"),
        (
            rf"\b(?:{_MONTHS.replace(' ', '|')})\s+\d{{1,2}}\b|\bby\s+[A-Z][a-z]{{2,8}}\.?\s+\d{{1,2}}\b",
            "write the day before the month, as in `15 November`",
        ),
        (r"\bnotwithstanding\s+(?!rule|article)[a-z]", "name what it overrides, as in `notwithstanding rule 3.1`"),
        (r"\b\d[\d.,]*\s*%", "write `percent`"),
    )
)


def unnamed_perception(text: str, begin: int) -> tuple[int, int] | None:
    """Where a perception stands that is nobody's ("could be perceived as"), if the parser stopped in it."""
    return _around(_PASSIVE, text, begin)


def other_phrase(text: str, begin: int) -> str | None:
    """What to write instead of the phrase in which the parser stopped."""
    return next((advice for pattern, advice in _PHRASES if _around(pattern, text, begin)), None)


def _around(pattern: re.Pattern[str], text: str, begin: int) -> tuple[int, int] | None:
    """The match that holds the character at `begin`."""
    found = pattern.finditer(text, max(0, begin - 60), min(len(text), begin + 120))
    return next((m.span() for m in found if m.start() <= begin < m.end()), None)
