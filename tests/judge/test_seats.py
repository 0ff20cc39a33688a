"""Who hears whom, and which parties share an account."""

from __future__ import annotations

import pytest

from detente.agreement.clause import AccountRule, Evidence, Quorum
from detente.judge.seats import MOST_ACCOUNTS, TooManyAccountsError, seat
from detente.model.source import Source
from detente.model.span import Span

HERE = Span("a.md", 1, 1, 1, 1)
A = Source("a", "Ministry of Arland", "party", ("Arland",))
B = Source("b", "Ministry of Borland", "party", ("Borland",))
M = Source("m", "The mission", "monitor", ())
P = Source("p", "The Herald", "press", ())
PARTIES = ("Arland", "Borland", "Carland", "Dorland")


def hears(seating, account: str, source: str, *, own: bool) -> int | None:
    bit = next(a.bit for a in seating.accounts if a.name == account)
    return next((s.tier for s in seating.seats if (s.source, s.own, s.bit) == (source, own, bit)), None)


def test_parties_for_which_nobody_speaks_share_one_account() -> None:
    seating = seat(PARTIES, Evidence(), (A, B, M), frozenset({"a", "b", "m"}))
    assert [(a.name, a.parties) for a in seating.accounts] == [
        ("Arland", ("Arland",)),
        ("Borland", ("Borland",)),
        ("other parties", ("Carland", "Dorland")),
        ("neutrals", ()),
    ]


def test_statements_about_others_stay_in_their_own_account() -> None:
    seating = seat(PARTIES, Evidence(), (A, B, M), frozenset({"a", "b", "m"}))
    assert hears(seating, "Arland", "a", own=False) == 0
    assert hears(seating, "Borland", "a", own=False) is None
    assert hears(seating, "Borland", "a", own=True) == 1
    assert hears(seating, "neutrals", "m", own=False) == 0
    assert hears(seating, "neutrals", "a", own=True) == 3


def test_press_has_an_account_that_never_decides() -> None:
    seating = seat(PARTIES, Evidence(), (A, P), frozenset({"a", "p"}))
    press = seating.accounts[-1]
    assert (press.name, press.decides) == ("press", False)
    assert not seating.deciding & press.mask


def test_a_named_monitor_has_an_account_of_its_own_that_establishes() -> None:
    seating = seat(PARTIES, Evidence(establishes=("m", "bearer")), (A, M), frozenset({"a", "m"}))
    assert seating.establishing == next(a.mask for a in seating.accounts if a.name == "m")
    assert seating.bearer_establishes


def test_a_quorum_counts_accounts() -> None:
    seating = seat(PARTIES, Evidence(establishes=(Quorum(2, ("m", "p")),)), (A, M, P), frozenset({"a", "m"}))
    ((count, mask),) = seating.quorums
    assert (count, mask.bit_count()) == (2, 2)
    assert not seating.bearer_establishes


def test_nothing_else_leaves_out_the_own_acts_of_others() -> None:
    plain = Evidence(accounts=(AccountRule("each Party", ("own",), HERE),))
    strict = Evidence(accounts=(AccountRule("each Party", ("own",), HERE, nothing_else=True),))
    speaking = frozenset({"a", "b"})
    assert hears(seat(PARTIES, plain, (A, B), speaking), "Arland", "b", own=True) == 1
    assert hears(seat(PARTIES, strict, (A, B), speaking), "Arland", "b", own=True) is None


def test_an_ungraded_source_passes_no_floor() -> None:
    graded = Source("g", "Graded", "monitor", (), reliability="B", credibility=2)
    floor = Evidence(least_grade=("B", 2))
    seating = seat(PARTIES, floor, (graded, M), frozenset({"g", "m"}))
    assert hears(seating, "neutrals", "g", own=False) == 0
    assert hears(seating, "neutrals", "m", own=False) is None


def test_more_speaking_parties_than_fit_are_refused() -> None:
    parties = tuple(f"P{n}" for n in range(MOST_ACCOUNTS + 1))
    sources = tuple(Source(p, p, "party", (p,)) for p in parties)
    with pytest.raises(TooManyAccountsError, match="at most 62"):
        seat(parties, Evidence(), sources, frozenset(parties))
