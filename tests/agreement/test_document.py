"""Headings, prose and blocks: that positions are exact wherever a block stands."""

from __future__ import annotations

import pytest

from detente.agreement.load import parse_agreement
from detente.agreement.markdown import read_document

FAULTY = "rule 1: no Party shall conduct an exercize X."
HEAD = "agreement: parties Arland, Borland."


def place_of(text: str) -> tuple[int, int]:
    _, problems = parse_agreement(text, "a.md")
    spans = [p.span for p in problems if p.code == "unknown-kind"]
    assert len(spans) == 1
    assert spans[0] is not None
    return spans[0].line, spans[0].column


def test_a_block_at_the_margin() -> None:
    assert place_of(f"# T\n\n```rule\n{HEAD}\n{FAULTY}\n```\n") == (5, 35)


def test_a_block_in_a_list() -> None:
    assert place_of(f"# T\n\n1. prose\n\n   ```rule\n   {HEAD}\n   {FAULTY}\n   ```\n") == (7, 38)


def test_a_block_in_a_quotation() -> None:
    assert place_of(f"# T\n\n> ```rule\n> {HEAD}\n> {FAULTY}\n> ```\n") == (5, 37)


def test_windows_line_ends_and_a_byte_order_mark() -> None:
    assert place_of(f"\ufeff# T\r\n\r\n```rule\r\n{HEAD}\r\n{FAULTY}\r\n```\r\n") == (5, 35)


def test_tabs_and_wide_letters_count_as_one_column() -> None:
    assert place_of(f'# Ü\n\n```rule\n{HEAD}\nrule 1 "Übung 演習":\tno Party shall conduct an exercize X.\n```\n') == (5, 46)


def test_the_trail_names_the_headings_above() -> None:
    text = f"# Title\n\n## Article 3\n\n### Paragraph 2\n\n```rule\n{HEAD}\n{FAULTY}\n```\n"
    _, problems = parse_agreement(text, "a.md")
    assert problems[0].span is not None
    assert problems[0].span.trail == ("Article 3", "Paragraph 2")
    assert "in Article 3 › Paragraph 2" in str(problems[0])


def test_articles_and_prose() -> None:
    text = f"# T\n\nBefore.\n\n## Article I (aims)\n\nOnly words.\n\n## Article II\n\nProse.\n\n```rule\n{HEAD}\nrule II.1: no Party shall conduct an exercise.\n```\n\nMore prose.\n\n### Paragraph 2\n\nWords.\n"
    agreement, problems = parse_agreement(text, "a.md")
    assert problems == ()
    assert agreement is not None
    assert agreement.title == "T"
    assert [(a.id, a.rules, a.prose) for a in agreement.articles] == [
        ("I", (), "Only words."),
        ("II", ("II.1",), "Prose.\n\n\nMore prose."),
        ("II.2", (), "Words."),
    ]
    assert agreement.rules[0].head.article == "II"
    assert agreement.rules[0].head.text == "rule II.1: no Party shall conduct an exercise."


def test_other_fences_are_prose() -> None:
    document = read_document("# T\n\n```python\nrule 1\n```\n\n```rule\n```\n", "a.md")
    assert [b.sort for b in document.blocks] == ["rule"]


def test_a_digest_of_the_bytes() -> None:
    import hashlib

    text = f"```rule\n{HEAD}\n```\n"
    agreement, _ = parse_agreement(text, "a.md")
    assert agreement is not None
    assert agreement.digest == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("day", ["0999-12-31", "9999-12-31"])
def test_a_day_from_which_nothing_can_be_counted_is_refused(day: str) -> None:
    text = f"# A\n\n```rule\nagreement: parties Arland, Borland; enters into force on {day}.\n```\n"
    _, problems = parse_agreement(text, "a.md")
    assert [p.code for p in problems] == ["impossible-date"]
