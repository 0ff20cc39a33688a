"""The words without a measure, and where each is taken from."""

from __future__ import annotations

import re

from detente.vocabulary.vague import vague_words


def test_each_entry_names_a_text_and_says_whether_it_was_compared() -> None:
    entries = vague_words()
    assert all(re.search(r"\((19|20)\d\d\)|of \d+ \w+ \d{4}", e.source) for e in entries)
    assert {e.is_compared for e in entries} == {True, False}


def test_what_was_compared_is_quoted_and_is_one_of_the_phrases_or_near_it() -> None:
    """A quotation without any word of the phrases would be a source of nothing."""
    for entry in vague_words():
        if not entry.is_compared:
            continue
        quoted = re.findall(r"'([^']+)'", entry.source)
        assert quoted, entry.source
        words = {word for phrase in entry.phrases for word in phrase.split()}
        assert all(words & set(quotation.split()) for quotation in quoted), entry.source
