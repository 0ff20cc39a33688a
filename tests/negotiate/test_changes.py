"""Pairs of drafts with the change that is expected, both ways round: what tightens one way loosens the other."""

from __future__ import annotations

import pytest

from detente.negotiate import compare
from detente.negotiate.comparison import Direction, Sort

from .drafts import draft, only

TIGHTENED, LOOSENED, UNPROVED = Direction.TIGHTENED, Direction.LOOSENED, Direction.UNPROVED
NOTIFY = "rule 4: each Party that conducts an exercise X where X.troops is at least 9000 shall notify X to every other Party at least {} days before X.start"
BAN = "rule 3: no Party shall conduct an exercise X where {}."
ASK = "rule 5: when a Party A asks an inquiry Q to a Party B, B shall answer Q to A within {} hours of Q.received."

PAIRS = {
    "threshold": (BAN.format("X.troops is at least 9000"), BAN.format("X.troops is at least 5000"), Sort.THRESHOLD, TIGHTENED),
    "boundary": (BAN.format("X.troops is more than 9000"), BAN.format("X.troops is at least 9000"), Sort.THRESHOLD, TIGHTENED),
    "level": (BAN.format("X.level is at least division"), BAN.format("X.level is at least brigade"), Sort.THRESHOLD, TIGHTENED),
    "distance": (BAN.format("X.area is within 50 km of zone"), BAN.format("X.area is within 60 km of zone"), Sort.THRESHOLD, TIGHTENED),
    "condition": (
        BAN.format("X.troops is at least 9000 and X is live-fire"),
        BAN.format("X.troops is at least 9000"),
        Sort.CONDITION,
        TIGHTENED,
    ),
    "bearer": ("rule 3: Arland shall not conduct an exercise X.", "rule 3: no Party shall conduct an exercise X.", Sort.BEARER, TIGHTENED),
    "period": (
        "rule 3: from 2027-01-01, no Party shall conduct an exercise X.",
        "rule 3: no Party shall conduct an exercise X.",
        Sort.PERIOD,
        TIGHTENED,
    ),
    "deadline": (NOTIFY.format(30) + ".", NOTIFY.format(42) + ".", Sort.DEADLINE, TIGHTENED),
    "answer": (ASK.format(72), ASK.format(48), Sort.DEADLINE, TIGHTENED),
    "excuse": (
        BAN.format("X.troops is at least 9000 unless every other Party has consented to X"),
        BAN.format("X.troops is at least 9000"),
        Sort.EXCEPTION_REMOVED,
        TIGHTENED,
    ),
    "exception": (
        NOTIFY.format(42) + " exception 4.2: where X is unannounced-to-troops, shall notify X to every other Party no later than X.start.",
        NOTIFY.format(42) + ".",
        Sort.EXCEPTION_REMOVED,
        TIGHTENED,
    ),
    "voluntary": (NOTIFY.format(42) + ", voluntary.", NOTIFY.format(42) + ".", Sort.VOLUNTARY, TIGHTENED),
    "ceiling": (
        "rule 6: at all times, for each Party P, the number of launchers of P shall not exceed 60.",
        "rule 6: at all times, for each Party P, the number of launchers of P shall not exceed 50.",
        Sort.LIMIT,
        TIGHTENED,
    ),
    "each year": (
        "rule 7: each Party shall send its annual-calendar to every other Party each year by 1 December.",
        "rule 7: each Party shall send its annual-calendar to every other Party each year by 15 November.",
        Sort.DEADLINE,
        TIGHTENED,
    ),
    "separation": (
        "rule 6: at all times, for any two warships A and B of different Parties, the distance between A and B shall be at least 3 nm.",
        "rule 6: at all times, for any two warships A and B of different Parties, the distance between A and B shall be at least 5 nm.",
        Sort.LIMIT,
        UNPROVED,
    ),
}
OPPOSITE = {TIGHTENED: LOOSENED, LOOSENED: TIGHTENED}
SWAPPED = {Sort.EXCEPTION_ADDED: Sort.EXCEPTION_REMOVED, Sort.EXCEPTION_REMOVED: Sort.EXCEPTION_ADDED}


@pytest.mark.parametrize("name", PAIRS)
def test_both_ways(name: str) -> None:
    before, after, sort, direction = PAIRS[name]
    there, back = only(compare(draft(before), draft(after))), only(compare(draft(after), draft(before)))
    assert (there.direction, back.direction) == (direction, OPPOSITE.get(direction, direction))
    assert sort in there.sorts
    assert SWAPPED.get(sort, sort) in back.sorts
    assert all(w.before != w.after for change in (there, back) for w in change.witnesses)
    assert {w.direction for w in there.witnesses} == ({direction} - {UNPROVED})


def test_the_witness_is_in_the_words_of_the_agreement() -> None:
    before, after, *_ = PAIRS["distance"]
    (witness,) = only(compare(draft(before), draft(after))).witnesses
    assert witness.sentence == "an exercise of Arland, area 51 km from zone: allowed in A, forbidden in B"
    assert [row["kind"] for row in witness.events] == ["exercise"]


def test_new_and_gone() -> None:
    rule = BAN.format("X.troops is at least 9000")
    empty = draft("define filler as number 1.")
    new, gone = only(compare(empty, draft(rule))), only(compare(draft(rule), empty))
    assert (new.sorts, new.direction) == ((Sort.NEW,), TIGHTENED)
    assert (gone.sorts, gone.direction) == ((Sort.GONE,), LOOSENED)


def test_moved_and_renumbered_means_the_same() -> None:
    rule = BAN.format("X.troops is at least 9000")
    found = compare(draft(rule), draft(rule.replace("rule 3", "rule 8"), article="2"))
    assert not found.changes_meaning
    assert only(found).sorts == (Sort.MOVED, Sort.RENUMBERED)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (
            "X.troops is at least 9000 and X.area is within 50 km of zone",
            "X.area is within 50,000 m of zone and X.troops is at least 9,000",
        ),
        ("(X.troops is at least 9000)", "X.troops is at least 9000 -- as was"),
        ("X is live-fire", "not (not X is live-fire)"),
    ],
)
def test_reworded_means_the_same(one: str, two: str) -> None:
    close = two.replace(" -- as was", "")
    found = compare(draft(BAN.format(one)), draft(BAN.format(close)))
    assert not found.changes_meaning
    assert only(found).direction is Direction.NONE


def test_other_variables_mean_the_same() -> None:
    one, two = BAN.format("X.troops is at least 9000"), BAN.format("E.troops is at least 9000").replace(" X ", " E ")
    assert not compare(draft(one), draft(two)).changes_meaning


def test_prose_alone_is_no_change() -> None:
    rule = BAN.format("X.troops is at least 9000")
    found = compare(draft(rule), draft(rule, prose="Other words."))
    assert not found.changes_meaning
    assert [(p.sort, p.binding) for p in found.prose] == [("reworded", True)]


def test_split_and_merged() -> None:
    whole = BAN.format("X.troops is at least 9000 or X.tanks is at least 100")
    parts = BAN.format("X.troops is at least 9000") + "\nrule 3b: no Party shall conduct an exercise X where X.tanks is at least 100."
    split, merged = only(compare(draft(whole), draft(parts))), only(compare(draft(parts), draft(whole)))
    assert Sort.SPLIT in split.sorts
    assert [p.rule for p in split.after] == ["3", "3b"]
    assert Sort.MERGED in merged.sorts
    assert not split.witnesses
    assert not merged.witnesses


def test_permission_shows_in_what_it_overrides() -> None:
    ban = BAN.format("X.troops is at least 9000")
    allowed = ban + "\nrule 8: a Party may conduct an exercise X where X.type is naval, notwithstanding rule 3."
    found = compare(draft(ban), draft(allowed))
    assert {c.direction for c in found.changes} == {LOOSENED}


def test_a_term_left_open_and_then_fixed() -> None:
    one = draft("define much as number left open.\n" + BAN.format("X.troops is at least much"))
    two = draft("define much as number 9000.\n" + BAN.format("X.troops is at least much"))
    found = compare(one, two)
    assert found.changes_meaning
    assert only(found).direction is Direction.OTHER
    assert [a.subject for a in found.around] == ["number much"]


def test_another_party_is_another_bearer() -> None:
    rule = BAN.format("X.troops is at least 9000")
    found = compare(draft(rule), draft(rule, parties="Arland, Borland, Carland"))
    assert only(found).sorts == (Sort.BEARER,)
    assert only(found).direction is TIGHTENED
    assert [w.bearer for w in only(found).witnesses] == ["Carland"]
    assert [a.subject for a in found.around] == ["parties"]
