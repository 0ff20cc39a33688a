"""Text and tree are the same thing said twice."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings

from agreement.trees import statements
from detente.agreement import tree as t
from detente.agreement.format import format_document, format_tree
from detente.agreement.load import parse_agreement
from detente.agreement.parse import parser

GOOD = sorted((Path(__file__).parent / "good").glob("*.md"))


@settings(max_examples=600, deadline=None)
@given(statements)
def test_parsing_what_was_formatted_gives_the_tree_again(tree: t.Tree) -> None:
    assert parser().parse(format_tree(tree)) == [tree]


@settings(max_examples=200, deadline=None)
@given(statements)
def test_canonical_text_is_stable(tree: t.Tree) -> None:
    text = format_tree(tree)
    (again,) = parser().parse(text)
    assert format_tree(again) == text


@pytest.mark.parametrize("path", GOOD, ids=lambda p: p.stem)
def test_formatting_an_agreement_changes_no_meaning(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    formatted, problems = format_document(text, path.name)
    assert problems == ()
    assert format_document(formatted, path.name)[0] == formatted
    before, after = (parse_agreement(x, path.name)[0] for x in (text, formatted))
    assert before is not None
    assert after is not None
    assert (before.title, before.parties, before.places.keys(), before.quantities) == (
        after.title,
        after.parties,
        after.places.keys(),
        after.quantities,
    )
    assert [_bare(r) for r in before.rules] == [_bare(r) for r in after.rules]
    assert before.kinds == after.kinds


def _bare(node: object) -> object:
    """A clause without its places in the text and the words it was written in."""
    if is_dataclass(node):
        return (type(node), *(_bare(getattr(node, f.name)) for f in fields(node) if f.name not in ("span", "text", "shown")))
    return tuple(_bare(x) for x in node) if isinstance(node, tuple) else node


def test_comments_and_prose_stay() -> None:
    text = "# T\n\nProse  with   blanks.\n\n```rule\n-- above\nrule 1:   no   Party shall conduct an exercise .\n\n-- between\nrule 2: no Party -- inside\n  shall conduct   an activity.\n```\n"
    formatted, _ = format_document(text, "a.md")
    assert (
        formatted
        == "# T\n\nProse  with   blanks.\n\n```rule\n-- above\nrule 1:\n    no Party shall conduct an exercise.\n\n-- between\nrule 2: no Party -- inside\n  shall conduct   an activity.\n```\n"
    )


def test_a_broken_rule_stays_as_it_is() -> None:
    text = "```rule\nrule 1:   no Party shal conduct.\nrule 2:  no Party shall   conduct an exercise.\n```\n"
    formatted, problems = format_document(text, "a.md")
    assert formatted == "```rule\nrule 1:   no Party shal conduct.\nrule 2:\n    no Party shall conduct an exercise.\n```\n"
    assert [p.code for p in problems] == ["syntax-error"]


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("X.level is above brigade", "X.level is more than brigade"),
        ("X.troops is no less than 9,000", "X.troops is at least 9000"),
        ("X.troops is 9_000 or more", "X.troops is at least 9000"),
        ("X.area lies within 50 km of the national territory of B", "X.area is within 50 km of the territory of B"),
        ("(X.troops is more than 5)", "X.troops is more than 5"),
        ("each other Party has consented to X", "every other Party has consented to X"),
    ],
)
def test_phrases_that_mean_the_same(written: str, canonical: str) -> None:
    (rule,) = parser().parse(f"rule 1: no Party shall conduct an exercise X where {written}.")
    assert f"where {canonical}." in format_tree(rule)


def test_a_deadline_may_end_in_a_line_that_looks_like_a_phase() -> None:
    text = """```rule
agreement: parties Arland, Borland.
phase 2 "Withdrawal" begins on 2027-01-01.
rule 1: each Party shall provide a data-exchange to every other Party within 14 days after
    phase 2 begins
    counts at sent.
-- a comment
phase 3 begins 3 days after
  phase 2.
phase 4 begins soon.
rule 2: no Party shall conduct an exercise.
```
"""
    formatted, problems = format_document(text, "a.md")
    assert [(p.code, p.span.line) for p in problems if p.span] == [("syntax-error", 10)]
    assert "    within 14 days after phase 2\n    counts at sent." in formatted
    assert "phase 3 begins 3 days after phase 2." in formatted
