"""How near two craft came, and whose breach that is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from judge.told import MIRRORS, check, document, mirrored

SEA = """
rule 1: at all times, for any two warships A and B of different Parties,
    the distance between A and B shall be at least 5 nm unless A is in-distress or B is in-distress.
"""
AIR = "rule 1: at all times, for any warship A and any aircraft B of different Parties, the distance between A and B shall not be less than 1 nm or 1,000 ft vertically.\n"
SLANT = "rule 1: at all times, for any warship A and any aircraft B of different Parties, the distance between A and B shall be at least 1 km.\n"
ONE = "rule 1: each warship A of Arland shall keep at least 500 m from any warship B of any other Party.\n"
ABOVE = "rule 1: at all times, each aircraft A of a Party P shall keep at least 300 m vertically from any aircraft B of Carland unless P is Borland.\n"
OPEN = "define safe-distance as number left open.\nrule 1: each warship A shall keep at least safe-distance from any warship B of any other Party.\n"

HEAD = "as of 2026-06-01\nsource S-9 is a sensor\n"
SHIPS = HEAD + "S-9 says: warship W-1 party Arland\nS-9 says: warship W-2 party Borland\n"
MIXED = HEAD + "S-9 says: warship W-1 party Arland\nS-9 says: aircraft F-2 party Borland\n"
PLANES = HEAD + "S-9 says: aircraft F-1 party Arland\nS-9 says: aircraft F-2 party Borland\nS-9 says: aircraft F-3 party Carland\n"
WHO = "encounter E-1 party Arland partner Borland first W-1 second W-2"
WHEN = "start 2026-05-01T12:03Z end 2026-05-01T12:06Z"
ALL = "Arland {0}; Borland {0}; neutrals {0}"


def sensor(distance: str, more: str = "") -> str:
    return SHIPS + f"S-9 says: {WHO} distance {distance} {WHEN}{more}\n"


def seen(distance: str, more: str = "") -> str:
    return MIXED + f"S-9 says: encounter E-1 party Arland partner Borland first W-1 second F-2 distance {distance} {WHEN}{more}\n"


def both(outcome: str, votes: str) -> str:
    return f"expect 1#e-1@arland {outcome}; {votes}\nexpect 1#e-1@borland {outcome}; {votes}"


STORIES: Mapping[str, tuple[str, str]] = {
    "two tellings": (SEA, sensor("380..420") + "Arland says: encounter E-1 distance >=9500\n" + both("disputed", "Arland kept; Borland kept; neutrals breached")),
    "a sensor alone": (SEA, sensor("380..420") + both("breached", ALL.format("breached"))),
    "far enough": (SEA, sensor("9260..9300") + both("kept", ALL.format("kept"))),
    "exactly at the limit": (SEA, sensor("9260") + both("kept", ALL.format("kept"))),
    "one metre short": (SEA, sensor("9259") + both("breached", ALL.format("breached"))),
    "straddling": (SEA, sensor("9200..9300") + both("unverified", ALL.format("open"))),
    "up to the limit": (SEA, sensor("9200..9260") + both("unverified", ALL.format("open"))),
    "nothing said of the distance": (SEA, SHIPS + f"S-9 says: {WHO} {WHEN}\n" + both("unverified", ALL.format("open"))),
    "withdrawn": (SEA, sensor("380") + "S-9 withdraws: encounter E-1\nexpect 1 untested"),
    "denied by one": (SEA, sensor("380") + "Arland denies: encounter E-1\n" + both("disputed", "Arland not triggered; Borland not triggered; neutrals breached")),
    "told by the other party alone": (SEA, SHIPS + f"Borland says: {WHO} distance 400 {WHEN}\nexpect 1#e-1@arland unverified; {ALL.format('breached')}\nexpect 1#e-1@borland breached; {ALL.format('breached')}"),
    "admitted by one, falls on the other too by the sensor": (SEA, sensor("380") + "Arland says: encounter E-1 distance 390\n" + f"expect 1#e-1@arland breached; {ALL.format('breached')}"),
    "in distress": (SEA, sensor("380").replace("warship W-1 party Arland", "warship W-1 party Arland in-distress yes") + both("kept", ALL.format("kept"))),
    "in distress later": (SEA, sensor("380").replace("warship W-1 party Arland", "warship W-1 party Arland in-distress yes from 2026-05-02") + both("breached", ALL.format("breached"))),
    "told the other way round": (SEA, SHIPS + f"S-9 says: encounter E-1 party Borland partner Arland first W-2 second W-1 distance 380 {WHEN}\n" + both("breached", ALL.format("breached"))),
    "craft that nobody describes": (SEA, HEAD + f"S-9 says: {WHO} distance 380 {WHEN}\n" + both("unverified", ALL.format("open"))),
    "craft of another kind": (SEA, sensor("380").replace("warship W-1", "aircraft W-1") + "expect 1 untested"),
    "of one Party": (SEA, SHIPS.replace("W-2 party Borland", "W-2 party Arland") + f"S-9 says: {WHO.replace('Borland', 'Arland')} distance 380 {WHEN}\nexpect 1 untested"),
    "nothing heard is untested, never kept": (SEA, SHIPS + "S-9 says: completeness register incident-register kind encounter until 2026-06-01\nexpect 1 untested"),
    "yet to come": (SEA, sensor("380").replace("05-01", "07-01") + both("not due yet", ALL.format("not due yet"))),
    "gaps in coverage leave far open": (SEA, sensor("9500") + "S-9 says: coverage kind encounter from 2026-05-01 until 2026-05-02 fraction 0.5\n" + both("unverified", ALL.format("open"))),
    "gaps in coverage leave near near": (SEA, sensor("380") + "S-9 says: coverage kind encounter from 2026-05-01 until 2026-05-02 fraction 0.5\n" + both("breached", ALL.format("breached"))),
    "whole coverage": (SEA, sensor("9500") + "S-9 says: coverage kind encounter from 2026-05-01 until 2026-05-02 fraction 1\n" + both("kept", ALL.format("kept"))),
    "coverage of another time": (SEA, sensor("9500") + "S-9 says: coverage kind encounter from 2026-04-01 until 2026-04-02 fraction 1\n" + both("unverified", ALL.format("open"))),
    "high enough": (AIR, seen("100", " vertical 305") + both("kept", ALL.format("kept"))),
    "neither far nor high": (AIR, seen("100", " vertical 304") + both("breached", ALL.format("breached"))),
    "height unknown": (AIR, seen("100") + both("unverified", ALL.format("open"))),
    "height unknown, and far": (AIR, seen("1852") + both("kept", ALL.format("kept"))),
    "slant: the height counts": (SLANT, seen("600", " vertical 800") + both("kept", ALL.format("kept"))),
    "slant: height unknown": (SLANT, seen("600") + both("unverified", ALL.format("open"))),
    "slant: low": (SLANT, seen("600", " vertical 799") + both("breached", ALL.format("breached"))),
    "one bearer": (ONE, sensor("499") + f"expect 1#e-1 breached; {ALL.format('breached')}"),
    "one bearer, second in the telling": (ONE, SHIPS + f"S-9 says: encounter E-1 party Borland partner Arland first W-2 second W-1 distance 499 {WHEN}\nexpect 1#e-1 breached; {ALL.format('breached')}"),
    "one bearer, at the limit": (ONE, sensor("500") + f"expect 1#e-1 kept; {ALL.format('kept')}"),
    "vertical alone": (ABOVE, PLANES + f"S-9 says: encounter E-1 party Arland partner Carland first F-1 second F-3 vertical 299 distance 9000 {WHEN}\nexpect 1#e-1 breached; Arland breached; neutrals breached"),
    "vertical alone, excused": (ABOVE, PLANES + f"S-9 says: encounter E-1 party Borland partner Carland first F-2 second F-3 vertical 299 {WHEN}\nexpect 1#e-1 kept; Borland kept; neutrals kept"),
    "left open": (OPEN, sensor("380") + "expect 1#e-1@arland left open; Arland left open"),
    "left open, tried": (OPEN, sensor("380").replace("source", 'assume safe-distance as "400 m"\nsource', 1) + "expect 1#e-1@arland breached; neutrals breached\nexpect 1#e-1@borland breached; neutrals breached"),
}  # fmt: skip


@pytest.mark.parametrize("names", MIRRORS, ids=("told", "mirrored"))
@pytest.mark.parametrize("story", STORIES)
def test_separation(story: str, names: Mapping[str, str], tmp_path: Path) -> None:
    rules, case = STORIES[story]
    check(tmp_path, mirrored(document(rules, case), names))


IN_FORCE = ";\n    enters into force on 2026-05-01"


@pytest.mark.parametrize(("day", "outcome"), [("2026-04-30", "not in force"), ("2026-05-01", "breached")])
def test_before_it_is_in_force_nobody_is_bound(day: str, outcome: str, tmp_path: Path) -> None:
    vote = "not bound" if outcome == "not in force" else "breached"
    check(tmp_path, document(SEA, sensor("380").replace("2026-05-01", day) + both(outcome, ALL.format(vote)), IN_FORCE))
