"""What the matrix must show whatever the verdicts: nothing too wide, nothing unsafe, nothing lost."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from detente.model.verdict import Ground, Missing, Outcome, Status, Verdicts, Vote
from detente.report.columns import columns, layout_for
from detente.report.matrix import matrix, short_heading
from report.sample import ACCOUNTS, ARTICLES, VERDICTS, article, many_parties, rule

ANSI = re.compile(r"\x1b\[[0-9;]*m")


def _widest(page: str) -> int:
    return max(cell_len(line) for line in page.splitlines())


@pytest.mark.parametrize("width", [40, 60, 79, 80, 99, 100, 129, 130, 200])
@pytest.mark.parametrize("verdicts", [VERDICTS, many_parties()], ids=["three", "thirty"])
def test_no_line_is_wider_than_the_page(verdicts: Verdicts, width: int) -> None:
    assert _widest(matrix(verdicts, width=width)) <= min(width, 130)


@given(heading=st.text(max_size=300), name=st.text(min_size=1, max_size=60), width=st.integers(40, 200))
def test_any_words_fit(heading: str, name: str, width: int) -> None:
    odd = article("99", heading, rule("99.1", name, Outcome.KEPT, Ground.OBSERVED, "kkk"))
    page = matrix(replace(VERDICTS, title=name, articles=(*ARTICLES, odd), standard=heading), width=width)
    assert _widest(page) <= width


@pytest.mark.parametrize("number", ["40", "IV.1b", "16.1.else", "XXXVIII.12"])
@pytest.mark.parametrize("width", [60, 80, 100, 130])
def test_article_numbers_are_never_cut(number: str, width: int) -> None:
    page = matrix(replace(VERDICTS, articles=(article(number, "", rule(number, "Title", Outcome.KEPT, None, "kkk")),)), width=width)
    assert page.partition("─\n")[2].startswith(f"{number} ")


def test_a_long_number_takes_no_more_than_twelve_columns() -> None:
    assert layout_for(100, 400).number == 12
    assert layout_for(100, 3) == layout_for(100)


def test_outcomes_read_without_colour() -> None:
    page = matrix(VERDICTS, width=80)
    assert "\x1b" not in page
    for mark, outcome in zip("✗◐○✓", Outcome, strict=True):
        assert f"{mark} {outcome}" in page


def test_colour_changes_no_word() -> None:
    coloured = matrix(VERDICTS, width=100, colour=True)
    assert "\x1b[" in coloured
    stripped = [ANSI.sub("", line).rstrip() for line in coloured.splitlines()]
    assert stripped == matrix(VERDICTS, width=100).splitlines()


@pytest.mark.parametrize("bad", ["\x1b]0;owned\x07", "\x1b[2J", "\u202eevil", "\x9b31m", "a\rb", "\u2066x"])
def test_hostile_text_is_written_out(bad: str) -> None:
    hostile = replace(
        VERDICTS,
        title=bad,
        standard=bad,
        assumed={bad: bad},
        sources={bad: 1},
        accounts=tuple(replace(a, name=bad + a.name) for a in ACCOUNTS),
        articles=(article(bad, bad, rule(bad, bad, Outcome.KEPT, Ground.OBSERVED, "kkk")), article("2", bad)),
        settles=(Missing(bad, bad, (bad,), ()),),
    )
    page = matrix(hostile, width=100)
    for control in "\x1b\x07\x9b\r\u202e\u2066":
        assert control not in page


def test_markup_is_text() -> None:
    assert "[bold]x[/bold] :smile:" in matrix(replace(VERDICTS, title="[bold]x[/bold] :smile:"), width=100)


def test_agreement_without_rules() -> None:
    page = matrix(replace(VERDICTS, articles=(article("1", "Friendship"), article("2", "Peace")), settles=()), width=80)
    assert "states no obligation that can be tested" in page
    assert "articles 1 and 2" in page


# ---- columns ------------------------------------------------------------------


def test_parties_that_vote_alike_share_a_column() -> None:
    shown = columns(many_parties(), most=4)
    assert [c.title for c in shown.shown] == ["Arland", "Borland", "28 other parties", "neutrals"]
    assert [c.title for c in shown.folded] == ["press", "analysts"]


def test_every_account_keeps_its_column_where_there_is_room() -> None:
    assert [c.title for c in columns(VERDICTS, most=3).shown] == ["Arland", "Borland", "neutrals"]


def test_one_differing_vote_keeps_a_party_apart() -> None:
    verdicts = many_parties()
    first, *rest = verdicts.articles[1].rules[0].instances
    odd = replace(first, votes={**first.votes, "Party 3": Vote.KEPT})
    changed = replace(verdicts.articles[1], rules=(replace(verdicts.articles[1].rules[0], instances=(odd, *rest)),))
    verdicts = replace(verdicts, articles=(verdicts.articles[0], changed, *verdicts.articles[2:]))
    assert [c.title for c in columns(verdicts, most=5).shown] == ["Arland", "Borland", "27 other parties", "Party 3", "neutrals"]


def test_parties_behind_one_account_are_counted() -> None:
    shared = replace(ACCOUNTS[1], name="others", parties=("Borland", "Carland", "Darland"))
    alike = replace(VERDICTS, accounts=(replace(ACCOUNTS[0], name="A"), shared, replace(ACCOUNTS[0], name="B")), articles=ARTICLES[:1])
    assert [c.title for c in columns(alike, most=1).shown] == ["all 5 parties"]


def test_parties_asked_for_are_not_called_all() -> None:
    verdicts = many_parties()
    asked = replace(verdicts, accounts=verdicts.accounts[5:9])
    assert [c.title for c in columns(asked, most=1).shown] == ["4 other parties"]


@given(st.integers(1, 400))
def test_layout_leaves_room_for_headings(width: int) -> None:
    layout = layout_for(width)
    assert layout.heading(layout.most) >= 16
    assert layout.width <= max(width, 42)


# ---- headings -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "heading", "short"),
    [
        ("40", "Article 40 (notification)", "Notification"),
        ("40", "Article 40 - Prior notification", "Prior notification"),
        ("40", "40. Prior notification", "Prior notification"),
        ("4", "40 days", "40 days"),
        ("IV", "Article IV: No exercises", "No exercises"),
        ("3", "Separation", "Separation"),
        ("3", "Article 3", "Title"),
    ],
)
def test_heading_without_its_number(number: str, heading: str, short: str) -> None:
    assert short_heading(article(number, heading, rule(number, "Title", None, None, "nnn", Status.UNTESTED))) == short


def test_a_breach_stands_out_by_weight_too() -> None:
    page = matrix(VERDICTS, width=80, colour=True)
    assert "\x1b[1;31m✗ breached" in page
    assert "\x1b[31m✗ " in page
