"""Explanations: whatever is missing in them, the page still stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from detente.model.verdict import Cited, Missing, Status, Tale, Turn, Vote
from detente.report.explanation import explanation_text, sentences
from report.sample import EXPLANATION, WITH_SPELLS, instance


def test_every_part_is_told() -> None:
    page = explanation_text(EXPLANATION, width=100)
    for part in (
        "DISPUTED",
        "accounts differ",
        "by Arland's account",
        "44 days before",
        "36 days: 6 short",
        "nearest: a notification",
        "[A-101]",
    ):
        assert part in page
    assert "missing: the register is not complete" in page
    assert "A-101 against B-33" in page
    assert "would settle it" in page


def test_little_to_tell() -> None:
    bare = replace(EXPLANATION, tales=(), turns_on=(), settles=(), cited={}, verdict=instance("1", "x", None, None, "nnn", Status.UNTESTED))
    page = explanation_text(bare, width=80)
    assert "UNTESTED" in page
    assert "turns on" not in page
    assert "would settle it" not in page


def test_a_verdict_that_no_single_claim_turns() -> None:
    assert "no single claim" in explanation_text(replace(EXPLANATION, turns_on=()))


def test_a_day_by_itself() -> None:
    first = WITH_SPELLS.spells[0]
    day = replace(first, start=datetime(2031, 5, 5, tzinfo=UTC), end=datetime(2031, 5, 5, 23, 59, 59, 999999, tzinfo=UTC))
    page = explanation_text(replace(EXPLANATION, verdict=replace(WITH_SPELLS, spells=(day,))))
    assert "on 2031-05-05" in page
    assert page.count("2031-05-05") == 1


def test_whose_account() -> None:
    page = explanation_text(replace(EXPLANATION, tales=(Tale(("United States",), Vote.KEPT, ()), Tale(("Arland",), Vote.KEPT, ()))))
    assert "by United States' account" in page
    assert "by Arland's account" in page


def test_a_long_id_stays_whole() -> None:
    long = "ARLAND-MOD-NOTIFICATION-2026-01-07/3"
    assert f"[{long}]" in explanation_text(replace(EXPLANATION, cited={long: "said so"}), width=80)


def test_more_than_three() -> None:
    page = explanation_text(replace(EXPLANATION, turns_on_more_than_three=True))
    assert "more than three claims together" in page


def test_values_are_bounds() -> None:
    page = explanation_text(replace(EXPLANATION, verdict=WITH_SPELLS))
    assert "Arland 1,500; neutrals at least 1,400" in page


def test_accounts_that_agree_share_a_tale() -> None:
    page = explanation_text(replace(EXPLANATION, tales=(Tale(("Carland", "neutrals"), Vote.NOT_TRIGGERED, ()),)))
    assert "by Carland and neutrals" in page
    assert "– NOT TRIGGERED" in page


def test_hostile_text_is_written_out() -> None:
    bad = "\x1b[31m\u202ex"
    hostile = replace(
        EXPLANATION,
        heading=bad,
        sentence=bad,
        occasion=bad,
        tales=(Tale((bad,), Vote.KEPT, (Cited(bad, (bad,), bad),), bad, bad, (bad,)),),
        turns_on=(Turn(bad, (bad,), (bad,), bad),),
        settles=(Missing(bad, bad, (), ()),),
        cited={bad: bad},
        verdict=replace(EXPLANATION.verdict, id=bad),
    )
    for page in (explanation_text(hostile), sentences([hostile])):
        assert "\x1b" not in page
        assert "\u202e" not in page


@given(text=st.text(max_size=200), width=st.integers(20, 200))
def test_any_words_fit(text: str, width: int) -> None:
    odd = replace(EXPLANATION, heading=text, occasion=text, tales=(Tale((text,), Vote.KEPT, (Cited(text, (text,)),)),), cited={text: text})
    page = explanation_text(odd, width=width)
    assert max(cell_len(line) for line in page.splitlines()) <= max(width, 40)
