"""English."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from detente.model.verdict import Outcome, Status
from detente.report.words import counted, joined, moment, number, plural, summary
from report.sample import ARTICLES, VERDICTS, article, rule


@pytest.mark.parametrize(("n", "word"), [(0, "no"), (1, "one"), (11, "eleven"), (20, "twenty"), (21, "21"), (1204, "1,204")])
def test_numbers(n: int, word: str) -> None:
    assert number(n) == word


@pytest.mark.parametrize(
    ("n", "one", "said"),
    [(1, "party", "one party"), (2, "party", "two parties"), (2, "day", "two days"), (0, "row", "no rows"), (30, "case", "30 cases")],
)
def test_plurals(n: int, one: str, said: str) -> None:
    assert counted(n, one) == said
    assert plural(2, "child", "children") == "children"


def test_lists() -> None:
    assert [joined("abc"[:n]) for n in range(4)] == ["", "a", "a and b", "a, b and c"]


@pytest.mark.parametrize(
    ("at", "zone", "said"),
    [
        (datetime(2026, 3, 1, 23, 59, 59, 999999, tzinfo=UTC), "UTC", "2026-03-01"),
        (datetime(2026, 3, 1, 22, 59, 59, 999999, tzinfo=UTC), "Europe/Vienna", "2026-03-01"),
        (datetime(2026, 3, 1, 14, 0, tzinfo=UTC), "UTC", "2026-03-01 14:00 UTC"),
        (datetime(2026, 3, 1, 14, 0, 5, tzinfo=UTC), "Europe/Vienna", "2026-03-01 15:00:05 Europe/Vienna"),
        (datetime(2026, 3, 1, 0, 0, tzinfo=UTC), "UTC", "2026-03-01 00:00 UTC"),
    ],
)
def test_moments(at: datetime, zone: str, said: str) -> None:
    assert moment(at, zone) == said


def test_summary_counts_every_obligation_once() -> None:
    assert summary(VERDICTS) == (
        "Of eleven obligations, two are breached, one is disputed, two are unverified, three are kept, "
        "one is left open by the text, one is not due yet and one is untested. Two articles are declaratory."
    )


def test_summary_of_few() -> None:
    kept = rule("1", "A", Outcome.KEPT, None, "kkk")
    late = rule("2", "B", None, None, "ddd", Status.NOT_DUE)
    one = replace(VERDICTS, articles=(article("1", "", kept),))
    assert summary(one) == "The one obligation is kept."
    assert summary(replace(one, counterfactual=True)) == "Judged as if in force: the one obligation is kept."
    assert summary(replace(one, articles=(article("1", "", kept, kept),))) == "Both obligations are kept."
    assert summary(replace(one, articles=(article("1", "", kept, kept, kept),))) == "All three obligations are kept."
    assert summary(replace(one, articles=(article("1", "", kept, late),))) == "Of two obligations, one is kept and one is not due yet."
    assert (
        summary(replace(one, articles=(*ARTICLES[:1], article("1", "", late))))
        == "The one obligation is not due yet. One article is declaratory."
    )
    assert summary(replace(one, articles=())) == "This agreement states no obligation that can be tested."


def test_article_kept_with_a_case_pending_is_kept() -> None:
    pending = rule("1", "A", Outcome.KEPT, None, "kkk", Status.NOT_DUE)
    assert summary(replace(VERDICTS, articles=(article("1", "", pending),))) == "The one obligation is kept."
