"""Sentence shapes that the language will have and does not have yet.

They are recognised where the parser stops, so that the message names the shape
and not a comma.
"""

from __future__ import annotations

import re

_SHAPES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("separation (a least distance between two craft)", r"(?:for\s+)?any\s+two\b|the\s+distance\s+between\b"),
        ("a baseline (the value on an earlier date)", r"its\s+(?:own\s+)?(?:value|level|number|strength)\s+(?:as\s+of|on)\b"),
        ("permission (`may`)", r"\b(?:an?|each|any|every)\s+Party(?:\s+[A-Z]\b)?(?:\s+in\s+\S+)?\s+may\b"),
        ("permission (`may`)", r"\bmay\s+(?:not\s+)?[a-z]"),
        (
            "a recurring duty",
            r"\b(?:each|every)\s+(?:calendar\s+)?(?:year|month|quarter|week|day)\b|\bevery\s+\w+\s+(?:years|months|weeks|days)\b|\bannually\b|\b(?:once|twice)\s+(?:a|per)\s+(?:year|month)\b|\bby\s+\d{1,2}\s+[A-Z][a-z]+\b",
        ),
        ("a phase", r"\bphase\s+\S+"),
        ("reciprocity (release because of a breach)", r"\bif\s+(?:[A-Z]|\w+)\s+(?:breaches|has\s+breached)\b|\bis\s+released\s+from\b"),
        ("perception (a declared view of a threat)", r"\b(?:has|have)\s+declared\s+that\s+\w+(?:\s+perceives?)?\b|\bis\s+perceived\b"),
        ("an imported duty", r"\bas\s+required\s+by\s+\S+(?:\s+article\s+\S+)?"),
        ("provisional application", r"\b(?:is\s+|are\s+)?(?:applied\s+)?provisional(?:ly)?\b"),
        ("a vertical limit", r"\bvertically\b|\bor\s+\d[\d,.]*\s+(?:ft|feet|m)\s+vertically\b"),
        ("survival after expiry", r"\bsurvives?\b"),
        ("a strict `before` as a deadline (write `no later than`)", r"\bbefore\s+(?:[A-Z][0-9]?(?:\.|\b)|\d{4}-)"),
        ("a deadline of its own for a prohibition", r"\bwithin\s+\d+\s+\w+\s+(?:of|after)\b"),
    )
)


def later_shape(text: str, begin: int) -> tuple[str, tuple[int, int]] | None:
    """The later shape that stands where the parser stopped, and its place in `text`.

    `begin` is where the unexpected word begins. A shape counts only if that
    word is part of it.
    """
    window_start = max(0, begin - 60)
    for name, pattern in _SHAPES:
        for match in pattern.finditer(text, window_start, min(len(text), begin + 120)):
            if match.start() <= begin < match.end():
                return (name, match.span())
            if match.start() > begin:
                break
    return None
