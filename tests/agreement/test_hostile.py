"""Texts that mean harm: a message each, no traceback, no hang."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agreement.trees import statements
from detente.agreement import tree as t
from detente.agreement.format import format_document, format_tree
from detente.agreement.load import parse_agreement

HEAD = "agreement: parties Arland, Borland.\n"
LIMIT = 15.0
"""Seconds; ten times what these take on a slow machine, and far below what quadratic work would."""


def block(rules: str) -> str:
    return f"# T\n\n## Article 1\n\n```rule\n{HEAD}{rules}\n```\n"


@pytest.mark.parametrize(
    "text",
    [
        block("rule 1: no Party shall conduct an exercise X where " + "(" * 200 + "X.troops is more than 5" + ")" * 200 + "."),
        block("rule 1: no Party shall conduct an exercise X where " + "not " * 5000 + "X is live-fire."),
        block("rule 1: no Party shall conduct an exercise X where " + "(" * 20_000),
        block("rule 1: no Party shall conduct an exercise X where " + " or ".join(["X.troops is more than 5"] * 3000) + "."),
        block("rule 1: " + "a" * 90_000),
        block('rule 1 "' + "x" * 90_000 + '": no Party shall conduct an exercise X.'),
        block("\n".join(f"rule {n}: no Party shall conduct an exercise X where X.troops is at least {n}." for n in range(9990))),
        block("\n".join(f"rule {n}: no Party shall condact an excercise X{n}." for n in range(9990))),
        block("\n".join(f"define zone-{n} as place left open." for n in range(9990))),
        block("define g as group " + ", ".join(f"member-{n}" for n in range(5000)) + "."),
        "\n".join(f"## Article\n\nText {n}.\n" for n in range(20_000)),
        ">" * 100_000,
        "- " * 50_000,
        "`" * 100_000,
        "[" * 100_000,
        "#" * 100_000,
        "```rule\n" * 20_000,
        "> " * 5_000 + "```rule\n" + "> " * 5_000 + "rule",
        "*_" * 100_000,
        "\n" * 200_000,
        "```case x\n" + "Arland says: exercise E troops 5\n" * 9990 + "```\n",
        "```case x\n" + "expect 1 kept; " * 20_000 + "\n```\n",
        '```case x\n"' + "a" * 100_000 + "\n```\n",
    ],
    ids=range(23),
)
def test_it_ends_soon_and_quietly(text: str) -> None:
    began = time.process_time()
    parse_agreement(text, "hostile.md")
    assert time.process_time() - began < LIMIT


def test_two_hundred_parentheses_are_refused() -> None:
    _, problems = parse_agreement(
        block("rule 1: no Party shall conduct an exercise X where " + "(" * 200 + "X.troops is more than 5" + ")" * 200 + "."), "a.md"
    )
    assert [p.code for p in problems] == ["nested-too-deep"]


def test_fifty_parentheses_are_not() -> None:
    agreement, problems = parse_agreement(
        block("rule 1: no Party shall conduct an exercise X where " + "(" * 50 + "X.troops is more than 5" + ")" * 50 + "."), "a.md"
    )
    assert problems == ()
    assert agreement is not None


@pytest.mark.parametrize("character", ["\u202e", "\u2066", "\x1b", "\x00", "\u2028", "\x85", "\r"])
def test_characters_that_turn_or_hide_text_are_refused_anywhere(character: str) -> None:
    for text in (block(f"rule 1: no Party{character} shall conduct an exercise."), f"# T\n\nProse {character} prose.\n"):
        agreement, problems = parse_agreement(text, "a.md")
        assert agreement is None
        assert [p.code for p in problems] == ["control-character"]
        assert character not in str(problems[0]) or character == "\r"


@pytest.mark.parametrize("character", ["\u200b", "\u200f", "\u00ad", "\ufeff", "\ue000"])
def test_unseen_characters_are_refused_in_rules_and_headings(character: str) -> None:
    for text in (block(f'rule 1 "a{character}b": no Party shall conduct an exercise.'), block("") + f"\n## Article{character} 2\n"):
        agreement, problems = parse_agreement(text, "a.md")
        assert agreement is None
        assert "control-character" in {p.code for p in problems}


def test_one_name_in_two_unicode_forms_is_one_name() -> None:
    text = "```rule\nagreement: parties T\u00fcrkiye, Borland.\nrule 1: Tu\u0308rkiye shall not conduct an exercise.\n```\n"
    agreement, problems = parse_agreement(text, "a.md")
    assert problems == ()
    assert agreement is not None


WORDS = [
    "rule",
    "1",
    ":",
    "no",
    "Party",
    "shall",
    "conduct",
    "an",
    "exercise",
    "X",
    "where",
    "X.troops",
    "is",
    "at",
    "least",
    "9000",
    "and",
    "or",
    "not",
    "(",
    ")",
    "unless",
    "every",
    "other",
    "has",
    "consented",
    "to",
    "before",
    "X.start",
    ".",
    "each",
    "that",
    "notify",
    "within",
    "48",
    "hours",
    "of",
    "2020-01-01",
    "define",
    "as",
    "event",
    "group",
    "place",
    "number",
    "left",
    "open",
    "agreement",
    "evidence",
    "account",
    "A",
    "B",
    "in",
    "NATO",
    "reaches",
    "the",
    "territory",
    "exception",
    "else",
    "may",
    "counts",
    "at",
    "all",
    "times,",
    "for",
    "sum",
    "over",
    "P",
    "+",
    "exceed",
    '"a',
    'b"',
    "--",
    "\n",
    ";",
    ",",
    "```rule",
    "```",
    "```case",
    "expect",
    "says:",
    "Arland",
    "#",
    "##",
    "Article",
    "phase",
    "2",
    "begins",
    "when",
    "article",
    "kept",
    "been",
    "if",
    "breaches",
    "released",
    "from",
    "may",
    "only",
    "notwithstanding",
    "each year",
    "by 15 November",
    "every 0 days",
    "after",
    "any two",
    "warships",
    "B",
    "keep",
    "vertically",
    "5 nm",
    "its value as of",
    "below",
    "percent",
    "as required by",
    "survives",
    "expiry",
    "declared that it perceives",
    "from which it can reach",
]


@settings(max_examples=120, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=60))
def test_words_in_any_order_leave_no_traceback(words: list[str]) -> None:
    text = f"```rule\n{HEAD}{' '.join(words)}\n```\n\n```case c\n{' '.join(words)}\n```\n"
    _, problems = parse_agreement(text, "a.md")
    for problem in problems:
        assert str(problem)
    format_document(text, "a.md")


@settings(max_examples=120, deadline=None)
@given(st.lists(statements, min_size=1, max_size=4))
def test_sentences_without_sense_leave_no_traceback(trees: list[t.Tree]) -> None:
    """Whatever is well formed, however senseless, is read to its end."""
    text = block("\n".join(format_tree(tree) for tree in trees))
    _, problems = parse_agreement(text, "a.md")
    assert "syntax-error" not in {p.code for p in problems}
    for problem in problems:
        assert str(problem)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_any_text_leaves_no_traceback(text: str) -> None:
    for whole in (text, f"```rule\n{text}\n```", f"```case\n{text}\n```"):
        _, problems = parse_agreement(whole, "a.md")
        for problem in problems:
            assert str(problem)
