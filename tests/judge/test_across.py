"""The table from votes to outcome, line by line (semantics, section 5)."""

from __future__ import annotations

from datetime import datetime

import duckdb
import pytest

from detente.agreement.clause import Evidence
from detente.judge.across import across
from detente.judge.scene import Scene
from detente.judge.seats import seat
from detente.judge.sql import Clock
from detente.model.source import Source

SOURCES = (
    Source("a", "Ministry of Arland", "party", ("Arland",)),
    Source("b", "Ministry of Borland", "party", ("Borland",)),
    Source("m", "The mission", "monitor", ()),
    Source("p", "The Herald", "press", ()),
)
SETS = {"K": "kept", "B": "breached", "O": "open", "T": "untriggered", "U": "unbound", "D": "pending"}


def outcome(
    votes: str, *, evidence: Evidence | None = None, own: str = "", fair: str = "", plain: str = "", left_open: str = "", cured: str = ""
):
    """Judge one instance of Arland; letters are the votes of Arland, Borland, neutrals, and then of any further account."""
    seating = seat(("Arland", "Borland"), evidence or Evidence(), SOURCES, frozenset({"a", "b", "m"}))
    scene = Scene(seating, {}, {}, Clock("UTC"), datetime(2026, 1, 1), datetime(2026, 1, 1), ("Arland", "Borland"), has_life=False)
    masks = {s: sum(1 << n for n, v in enumerate(votes) if SETS[v] == s) for s in SETS.values()}
    masks |= {
        s: sum(1 << int(n) for n in bits)
        for s, bits in (("self", own), ("fair", fair), ("plain", plain), ("left_open", left_open), ("cured", cured))
    }
    db = duckdb.connect()
    db.execute("CREATE TABLE party (name VARCHAR, account UBIGINT)")
    db.execute("INSERT INTO party VALUES ('Arland', ?), ('Borland', ?)", [seating.of_party("Arland"), seating.of_party("Borland")])
    cells = ", ".join(f"{mask}::UBIGINT AS {s}" for s, mask in masks.items())
    return db.execute(
        f"WITH votes AS (SELECT 'x' AS event, 'Arland' AS bearer, {cells}) SELECT outcome, ground, statuses FROM ({across(scene)})"
    ).fetchone()


@pytest.mark.parametrize(
    ("votes", "extra", "expected"),
    [
        ("KKK", {}, ("kept", "declared, uncontested", [])),
        ("KKK", {"plain": "2"}, ("kept", "observed", [])),
        ("KBO", {}, ("disputed", "accounts differ", [])),
        ("TBO", {}, ("disputed", "accounts differ", [])),
        ("DBO", {}, ("disputed", "accounts differ", ["not due yet"])),
        ("BBB", {"own": "0"}, ("breached", "admitted by the bearer", [])),
        ("OBB", {"fair": "12"}, ("breached", "neutral sources say so", [])),
        ("OBB", {"fair": "1"}, ("unverified", "alleged, unanswered", [])),
        ("OBO", {}, ("unverified", "alleged, unanswered", [])),
        ("OOO", {}, ("unverified", "open in every account that could tell", [])),
        ("TOO", {}, ("unverified", "open in every account that could tell", [])),
        ("KOO", {}, ("kept", "declared, uncontested", [])),
        ("OOO", {"left_open": "012"}, (None, None, ["left open by the text"])),
        ("DTD", {}, (None, None, ["not due yet"])),
        ("UUU", {}, (None, None, ["not in force"])),
        ("BBB", {"own": "0", "cured": "012"}, ("breached", "admitted by the bearer", ["cured"])),
    ],
)
def test_the_first_line_that_fits(votes: str, extra: dict[str, str], expected: tuple[str | None, str | None, list[str]]) -> None:
    assert outcome(votes, **extra) == expected


def test_an_instance_not_triggered_anywhere_is_dropped() -> None:
    assert outcome("TTT") is None


def test_a_named_monitor_establishes_either_way_and_against_the_others() -> None:
    named = Evidence(establishes=("m",))
    assert outcome("KKKB", evidence=named)[:2] == ("breached", "established as the agreement says")
    assert outcome("BBBK", evidence=named, own="0")[:2] == ("kept", "established as the agreement says")


def test_a_named_monitor_and_an_admission_that_differ_are_disputed() -> None:
    assert outcome("BBBK", evidence=Evidence(establishes=("m", "bearer")), own="0")[0] == "disputed"
