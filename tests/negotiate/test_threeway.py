"""Base, ours and theirs: who changed what, and where both did."""

from __future__ import annotations

from detente.negotiate import three_way
from detente.negotiate.threeway import Who

from .drafts import draft

ONE = "rule 1: no Party shall conduct an exercise X where X.troops is at least {}."
TWO = "rule 2: no Party shall conduct a transit T where T is military{}."


def drafts(*some: tuple[int, str]) -> list[object]:
    return [draft(ONE.format(troops) + "\n" + extra) for troops, extra in some]


def who(*some: tuple[int, str]) -> dict[str, Who]:
    base, ours, theirs = drafts(*some)
    return {e.rule: e.who for e in three_way(base, ours, theirs).entries}  # type: ignore[arg-type]


def test_nobody() -> None:
    assert who((9000, ""), (9000, ""), (9000, "")) == {}


def test_one_side() -> None:
    assert who((9000, ""), (8000, ""), (9000, "")) == {"1": Who.OURS}
    assert who((9000, ""), (9000, ""), (8000, "")) == {"1": Who.THEIRS}


def test_both_alike() -> None:
    assert who((9000, ""), (8000, ""), (8000, "")) == {"1": Who.ALIKE}


def test_conflict_is_named() -> None:
    base, ours, theirs = drafts((9000, ""), (8000, ""), (10000, ""))
    (entry,) = three_way(base, ours, theirs).conflicts  # type: ignore[arg-type]
    assert (entry.rule, entry.reason) == ("1", "both changed: other threshold")


def test_gone_against_changed() -> None:
    base, ours = draft(ONE.format(9000)), draft("define filler as number 1.")
    (entry,) = three_way(base, ours, draft(ONE.format(8000))).conflicts
    assert entry.reason == "gone in ours, changed in theirs"


def test_both_added_the_same_number() -> None:
    extra = "rule 9: no Party shall conduct a flight F where F.altitude is above {} m."
    base, ours, theirs = drafts((9000, ""), (9000, extra.format(100)), (9000, extra.format(200)))
    (entry,) = three_way(base, ours, theirs).entries  # type: ignore[arg-type]
    assert entry.who is Who.CONFLICT
