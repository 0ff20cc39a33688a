"""Drafting faults are found where they are, and not where they are not. A bad and a good agreement for each code stand in tests/docs/test_pages.py."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.agreement.load import parse_agreement
from detente.draft import CODES, lint
from detente.model.problem import Problem

from .drafts import HEAD, article, codes, findings, forbidding

DUTY = "rule 1: each Party that conducts an exercise X where X.troops is at least 9000 shall notify X to every other Party at least 42 days before X.start."


def only(text: str, code: str) -> list[Problem]:
    return [finding for finding in findings(text) if finding.code == code]


# ---- numbers ------------------------------------------------------------------------

SAME = [
    "Exercises of 9,000 troops or more are notified 42 days before.",
    "Exercises of nine thousand troops or more are notified at least forty-two (42) days before.",
    "Exercises of 9 000 troops or more are notified six weeks before.",
    "Under Article 9, paragraph 3, exercises of 9,000 troops or more are notified 42 days before. Text of 3 January 2022; see resolution 1718 (2006).",
    "1. Exercises of at least 9,000 troops are notified.\n2. It is done 42 days before.",
    "Neither of the two Parties holds exercises of 9,000 troops or more without notifying them 42 days before.",
]


@pytest.mark.parametrize("prose", SAME)
def test_prose_that_says_the_same(prose: str) -> None:
    assert codes(article(prose, DUTY)) == []


def test_prose_that_says_something_else() -> None:
    found = findings(article("Exercises of 9,000 troops or more are notified thirty days before.", DUTY))
    assert [(f.code, f.span.line, f.span.column) for f in found if f.span] == [
        ("number-not-in-rule", 9, 48),
        ("number-not-in-prose", 12, 125),
    ]
    assert "thirty days" in found[0].message
    assert "42 days" in found[1].message
    assert found[0].span is not None
    assert found[0].span.trail == ("Article 1",)
    assert str(found[0]).split("\n")[2].rstrip().endswith("^" * len("thirty days"))


def test_hours_are_not_days() -> None:
    rule = "rule 1: when a Party A asks an inquiry Q to a Party B, B shall answer Q to A within 48 hours."
    assert codes(article("Inquiries are answered within two days.", rule)) == ["number-not-in-rule", "number-not-in-prose"]


def test_a_number_that_a_definition_carries() -> None:
    assert (
        codes(
            article(
                "Exercises of more than 13,000 troops.",
                "define many as number 13000.\nrule 1: no Party shall conduct an exercise X where X.troops is more than many.",
            )
        )
        == []
    )


def test_the_life_of_the_agreement_may_be_told_anywhere() -> None:
    life = "# T\n\n```rule\nagreement: parties Arland, Borland; enters into force on 2025-01-01; expires 10 years after entry-into-force.\n```\n\n"
    assert codes(life + "## Article 9\n\nIt enters into force on 1 January 2025, for ten years.\n") == []
    assert codes(life) == ["number-not-in-prose", "number-not-in-prose"]


def test_prose_of_the_article_above_a_paragraph_counts() -> None:
    text = (
        HEAD
        + f"## Article 1\n\nExercises of 9,000 troops or more are notified 42 days before.\n\n### Paragraph 1\n\n```rule\n{DUTY}\n```\n"
    )
    assert codes(text) == []


def test_declaratory_articles_may_hold_any_number() -> None:
    assert codes(HEAD + "## Article 1\n\nThere are 60 days and 18 inspections.\n") == []


# ---- limits -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("prose", "where", "agrees"),
    [
        ("more than 9,000 troops", "X.troops is more than 9000", True),
        ("more than 9,000 troops", "X.troops is at least 9000", False),
        ("9,000 troops or more", "X.troops is at least 9000", True),
        ("9,000 troops or more", "X.troops is more than 9000", False),
        ("not exceeding 9,000 troops", "X.troops is more than 9000", True),
        ("no fewer than 9,000 troops", "X.troops is at least 9000", True),
        ("up to 9,000 troops", "X.troops is less than 9000", False),
        ("below 9,000 troops", "X.troops is less than 9000", True),
        ("above brigade level", "X.level is above brigade", True),
        ("above brigade level", "X.level is at least brigade", False),
        ("brigade level or above", "X.level is at least brigade", True),
    ],
)
def test_limits_in_words(prose: str, where: str, agrees: bool) -> None:
    assert ("boundary-differs" in forbidding(f"Exercises of {prose} are not held.", where)) is not agrees


def test_limits_of_a_ceiling() -> None:
    rule = "rule 1: at all times, for each Party P, the number of launchers of P shall not exceed 800."
    assert codes(article("No Party has more than 800 launchers.", rule)) == []
    assert codes(article("Each Party has fewer than 800 launchers.", rule)) == ["boundary-differs"]


def test_limits_of_different_fields_do_not_meet() -> None:
    rules = "rule 1: no Party shall conduct an exercise X where X.troops is at least 500.\nrule 2: no Party shall conduct an exercise X where X.tanks is at most 500."
    assert codes(article("At least 500 troops, at most 500 tanks.", rules)) == []


# ---- conditions ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("where", "code"),
    [
        ("X.troops is more than 9000 and X.troops is at most 9000", "impossible-condition"),
        ("X.type is land and X.type is naval", "impossible-condition"),
        ("X is live-fire and not X is live-fire", "impossible-condition"),
        ("X.level is above brigade and X.level is below division", None),
        ("X.start is after 2026-03-01 and X.start is before 2026-01-01", "impossible-condition"),
        ("X.troops is at least 9000 and X.troops is at most 9000", None),
        ("X.type is land or X.type is naval", None),
        ("X.troops is more than 9000 and X.tanks is less than 300", None),
    ],
)
def test_conditions_that_nothing_meets(where: str, code: str | None) -> None:
    found = {c for c in forbidding("Some.", where) if c == "impossible-condition"}
    assert found == ({code} if code else set())


def test_exceptions_by_simple_comparison() -> None:
    def of(*wheres: str) -> list[str]:
        exceptions = "".join(
            f"\n    exception 1.{n}: where {where}, shall notify X to every other Party no later than X.start"
            for n, where in enumerate(wheres)
        )
        text = article(SAME[0] + " Some: 5, 12000.", DUTY.removesuffix(".") + exceptions + ".")
        return [code for code in codes(text) if code.endswith(("exception", "exceptions"))]

    assert of("X is unannounced-to-troops") == []
    assert of("X.troops is at most 9000") == []
    assert of("X.troops is less than 9000") == ["unreachable-exception"]
    assert of("X.troops is at least 10000", "X.troops is at least 12000") == ["unreachable-exception"]
    assert of("X.troops is at least 12000", "X.troops is at least 10000") == ["overlapping-exceptions"]
    assert of("X.type is land", "X.type is naval") == []
    assert of("X is live-fire", "not X is live-fire") == []


# ---- words --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "prose",
    [
        '"Promptly" has no limit in the text.',
        "It is done 42 days in advance.",
        "It is done without delay, within 48 hours.",
        "The nearest harbour and the majority of Parties.",
        "`promptly`",
        "<!-- promptly -->Nothing.",
    ],
)
def test_words_that_are_not_vague_here(prose: str) -> None:
    assert "vague-word" not in forbidding(prose)


def test_vague_words_are_counted_and_only_noted_without_a_rule() -> None:
    found = only(article("It is done promptly.\nIt is told\npromptly.", "rule 1: no Party shall conduct an exercise X."), "vague-word")
    assert [(f.severity, f.span.line if f.span else 0) for f in found] == [("warning", 9)]
    assert "2 times" in found[0].message
    assert [f.severity for f in only(HEAD + "## Article 2\n\nAs appropriate.\n", "vague-word")] == ["note"]
    assert only(HEAD + "## Preamble\n\nDesiring to act promptly.\n", "vague-word") == []
    assert only(HEAD + "Promptly said before any article.\n", "vague-word") == []


def test_a_definition_is_used_by_its_verb_its_plural_or_its_field() -> None:
    use = "rule 1: no Party shall {}."
    kind = "define gathering as event in which party assembles (assemble, assembled) gathering having party: party, size: count, start: time.\n"
    assert "unused-definition" in codes(article("Some.", kind + use.format("conduct an exercise X")))
    assert "unused-definition" not in codes(article("Some.", kind + use.format("assemble a gathering G")))
    field = "define exercise as event having night: flag.\n"
    assert "unused-definition" in codes(article("Some.", field + use.format("conduct an exercise X")))
    assert "unused-definition" not in codes(article("Some.", field + use.format("conduct an exercise X where X is night")))


@pytest.mark.parametrize(
    ("prose", "is_unused"),
    [
        ('The lake (the "Zone") is free.', True),
        ('The lake (the "Zone") is free; the Zone is quiet.', False),
        ('The lake, hereinafter referred to as "the Zone", is free.', True),
        ('"Zone" means the lake.', True),
        ('This is called quiet ("twice a year").', False),
    ],
)
def test_terms_that_the_prose_introduces(prose: str, is_unused: bool) -> None:
    assert ("unused-term" in forbidding(prose)) is is_unused


def test_names_that_the_vocabulary_knows_are_defined() -> None:
    assert forbidding("A `deployed-warhead` is entered in the `inventory-register`; see `entry-into-force`.") == []


# ---- all of it ------------------------------------------------------------------------


def test_only_and_ignore() -> None:
    text = article("It is done promptly, with 7 ships.", "rule 1: no Party shall conduct an exercise X.")
    agreement, problems = parse_agreement(text, "a.md")
    assert agreement is not None
    assert [f.code for f in lint(text, agreement, problems)] == ["vague-word", "number-not-in-rule"]
    assert [f.code for f in lint(text, agreement, problems, only=["vague-word"])] == ["vague-word"]
    assert [f.code for f in lint(text, agreement, problems, ignore=["vague-word"])] == ["number-not-in-rule"]


def test_warnings_of_reading_are_findings_too() -> None:
    assert "loose-phrase" in forbidding("Exercises of 9,000 or more.", "X.troops is 9000 or more")


@given(st.text(alphabet='ab1290,.()"`<>-#\n \u201c\u00a7IV%', max_size=200) | st.lists(st.sampled_from(
    ["twenty", "hundred and", "5", "km", "to", "2 May", "2026", "more than", "brigade", "or above", "promptly", '"', "`a-b`", '(the "Zone")', "\n\n", "Article", "1,000"]
), max_size=40).map(" ".join))  # fmt: skip
def test_any_prose_can_be_looked_at(prose: str) -> None:
    text = article(prose, "rule 1: no Party shall conduct an exercise X where X.troops is more than 5 and X.level is above brigade.")
    agreement, problems = parse_agreement(text, "a.md")
    if agreement is None:
        return
    found = lint(text, agreement, problems)
    lines = text.split("\n")
    for finding in found:
        assert finding.code in CODES or finding.severity == "warning"
        assert finding.span is not None
        assert finding.excerpt == lines[finding.span.line - 1]
        assert finding.help
        str(finding)


@pytest.mark.parametrize(
    "piece",
    ["1 ", "twenty ", '"', '(the "Zone") ', "<!-- ", "](", "1, 2, ", "promptly ", "above brigade ", "2 May 2026 ", "a\n\n", "hereinafter "],
)
def test_the_time_grows_in_step_with_the_prose(piece: str) -> None:
    def seconds(times: int) -> float:
        text = article(piece * times, "rule 1: no Party shall conduct an exercise X where X.level is above brigade.")
        agreement, problems = parse_agreement(text, "a.md")
        assert agreement is not None
        begun = time.process_time()
        lint(text, agreement, problems)
        return time.process_time() - begun

    short, long = seconds(1000), seconds(8000)
    assert long < max(0.5, 24 * short)
