"""Numbers and dates in prose: what is read as which, and what is none."""

from __future__ import annotations

import pytest

from detente.draft.figures import figures

READ = [
    ("9,000 troops", [("", 9000.0)]),
    ("12 000 men", [("", 12000.0)]),
    ("1,550 warheads and 700 missiles", [("", 1550.0), ("", 700.0)]),
    ("42 days", [("days", 42.0)]),
    ("42 calendar days", [("days", 42.0)]),
    ("5 working days", [("working days", 5.0)]),
    ("a 42-day period", [("days", 42.0)]),
    ("forty-two days", [("days", 42.0)]),
    ("forty-two (42) days", [("days", 42.0)]),
    ("six weeks", [("days", 42.0)]),
    ("each six-month period", [("months", 6.0)]),
    ("ten years", [("months", 120.0)]),
    ("48 hours", [("hours", 48.0)]),
    ("nine thousand troops", [("", 9000.0)]),
    ("one hundred and twenty tanks", [("", 120.0)]),
    ("5nm", [("m", 9260.0)]),
    ("1,000 ft or 5 nautical miles", [("m", 304.8), ("m", 9260.0)]),
    ("500 to 5,500 kilometres", [("m", 500_000.0), ("m", 5_500_000.0)]),
    ("between two and five days", [("days", 2.0), ("days", 5.0)]),
    ("0.5 km", [("m", 500.0)]),
    ("5 per cent, 20%", [("percent", 5.0), ("percent", 20.0)]),
    ("27 May 1997", [("date", (1997, 5, 27))]),
    ("May 27, 1997", [("date", (1997, 5, 27))]),
    ("1997-05-27", [("date", (1997, 5, 27))]),
    ("15 November", [("month-day", (11, 15))]),
    ("September 2017", [("month", (2017, 9))]),
]
NOT_READ = [
    "Article 40 and paragraphs 1, 2 and 3",
    "resolutions 1718 (2006) and 1874 (2009)",
    "subparagraph 1a; 1(c) of Article II",
    "Part Four, Section II",
    "1. The Parties",
    "in 2023, from 1984 to 2026 (2010)",
    "S-7 and rule 2087.3",
    "at 10:30",
    "on 31 February 2026",
    "spring of 2022",
]
TURNS_OF_PHRASE = ["the two Parties", "one being counted", "two of the series", "at most five"]


@pytest.mark.parametrize(("text", "keys"), READ)
def test_is_read(text: str, keys: list[object]) -> None:
    found = figures(text, 100)
    assert [(f.key[0], pytest.approx(f.key[1]) if isinstance(f.key[1], float) else f.key[1]) for f in found] == keys
    assert all(text[f.start - 100 : f.end - 100].startswith(f.shown.split()[0]) for f in found)


@pytest.mark.parametrize("text", NOT_READ)
def test_is_no_number(text: str) -> None:
    assert figures(text, 0) == []


@pytest.mark.parametrize("text", TURNS_OF_PHRASE)
def test_small_numbers_in_words_are_marked(text: str) -> None:
    assert all(f.is_small for f in figures(text, 0))
