"""Ceilings whose limit is excluded, and ceilings against an earlier value."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from judge.told import MIRRORS, check, document, mirrored

STRICT = """
define depot as thing having party: party, load: mass, from: time, until: time.
rule 1: at all times, for each Party P, the sum of D.load over depots D of P shall be below 5.5 kt.
"""
FLOOR = STRICT.replace("below", "above")
BASE = """
rule 1: at all times, for each Party P, the number of launchers of P shall not exceed its value as of 1997-05-27 by more than 10.
"""
PERCENT = """
rule 1: at all times, for each Party P, the number of launchers of P shall not fall below its value as of 1997-05-27 by more than 10 percent.
"""
SAME = "rule 1: at all times, for each Party P, the number of launchers of P shall not exceed its value as of 1997-05-27."
ENTRY = "rule 1: at all times, for each Party P, the number of launchers of P shall not fall below its value as of entry-into-force by more than 10 percent."
IN_FORCE = ";\n    enters into force on 2026-01-01"
S7 = "as of 2026-03-01\nsource S-7 is a monitor\n"
FIRST = "Arland says: inventory I-1 party Arland of launcher value 100 as-of 1997-05-27\n"


def later(value: str) -> str:
    return f"S-7 says: inventory I-2 party Arland of launcher value {value} as-of 2026-01-01\n"


STORIES: Mapping[str, tuple[str, str, str]] = {
    "strict: at the limit": (STRICT, "", S7 + "S-7 says: inventory I-1 party Arland of depot.load value 5500 as-of 2026-01-01\nexpect 1#arland breached; Arland breached; Borland breached; neutrals breached"),
    "strict: just below": (STRICT, "", S7 + "S-7 says: inventory I-1 party Arland of depot.load value 5499 as-of 2026-01-01\nexpect 1#arland kept; Arland kept; neutrals kept"),
    "strict: straddling": (STRICT, "", S7 + "S-7 says: inventory I-1 party Arland of depot.load value 5400..5500 as-of 2026-01-01\nexpect 1#arland unverified; Arland open; neutrals open"),
    "strict: from the limit up": (STRICT, "", S7 + "S-7 says: inventory I-1 party Arland of depot.load value 5500..5600 as-of 2026-01-01\nexpect 1#arland breached; neutrals breached"),
    "strict: withdrawn": (STRICT, "", S7 + "S-7 says: inventory I-1 party Arland of depot.load value 5500 as-of 2026-01-01\nS-7 withdraws: inventory I-1\nexpect 1#arland unverified; neutrals open"),
    "strict floor: at the limit": (FLOOR, "", S7 + "S-7 says: inventory I-1 party Arland of depot.load value 5500 as-of 2026-01-01\nexpect 1#arland breached; neutrals breached"),
    "strict floor: above": (FLOOR, "", S7 + "S-7 says: inventory I-1 party Arland of depot.load value 5501 as-of 2026-01-01\nexpect 1#arland kept; neutrals kept"),
    "baseline: straddling": (BASE, "", S7 + FIRST + later("108..115") + "expect 1#arland unverified; Arland open; Borland open; neutrals open"),
    "baseline: wholly beyond": (BASE, "", S7 + FIRST + later("112..115") + "expect 1#arland breached; Arland breached; Borland breached; neutrals breached"),
    "baseline: exactly at the limit": (BASE, "", S7 + FIRST + later("110") + "expect 1#arland kept; Arland kept; neutrals kept"),
    "baseline: one above": (BASE, "", S7 + FIRST + later("111") + "expect 1#arland breached; Arland breached; neutrals breached"),
    "baseline: no count on the day": (BASE, "", S7 + later("500") + "expect 1#arland unverified; Arland open; neutrals open"),
    "baseline: the count came after the day": (BASE, "", S7 + FIRST.replace("05-27", "05-28") + later("500") + "expect 1#arland unverified; Arland open; neutrals open"),
    "baseline: withdrawn": (BASE, "", S7 + FIRST + "Arland withdraws: inventory I-1\n" + later("500") + "expect 1#arland unverified; neutrals open"),
    "baseline: another's count denied": (BASE, "", S7 + FIRST + "Borland says: inventory I-3 party Arland of launcher value 90 as-of 1997-05-27\n" + later("105") + "expect 1#arland disputed; Arland kept; Borland breached; neutrals kept"),
    "baseline: uncertain base": (BASE, "", S7 + FIRST.replace("100", "90..100") + later("105") + "expect 1#arland unverified; Arland open; neutrals open"),
    "baseline: nothing is due before the day": (BASE, "", "as of 1997-05-01\n" + FIRST.replace("05-27", "04-01") + "expect 1#arland not due yet; Arland not due yet; neutrals not due yet"),
    "baseline: a change after it": (BASE, "", S7 + FIRST + "Arland says: change C-1 party Arland of launcher by 11 at 2001-01-01\nexpect 1#arland breached; Arland breached; Borland breached; neutrals breached"),
    "baseline: what was before the day is not judged": (SAME, "", S7 + FIRST + "Arland says: inventory I-0 party Arland of launcher value 300 as-of 1990-01-01\nexpect 1#arland kept; Arland kept; neutrals kept"),
    "percent: exactly at the limit": (PERCENT, "", S7 + FIRST + later("90") + "expect 1#arland kept; Arland kept; neutrals kept"),
    "percent: one below": (PERCENT, "", S7 + FIRST + later("89") + "expect 1#arland breached; Arland breached; neutrals breached"),
    "percent: straddling": (PERCENT, "", S7 + FIRST + later("89..90") + "expect 1#arland unverified; Arland open; neutrals open"),
    "entry into force": (ENTRY, IN_FORCE, S7 + "Arland says: inventory I-1 party Arland of launcher value 100 as-of 2025-12-30\nS-7 says: inventory I-2 party Arland of launcher value 80 as-of 2026-02-01\nexpect 1#arland breached; Arland breached; neutrals breached"),
    "entry into force: kept": (ENTRY, IN_FORCE, S7 + "Arland says: inventory I-1 party Arland of launcher value 100 as-of 2025-12-30\nS-7 says: inventory I-2 party Arland of launcher value 90 as-of 2026-02-01\nexpect 1#arland kept; Arland kept; neutrals kept"),
    "entry into force: counted afterwards": (ENTRY, IN_FORCE, S7 + "Arland says: inventory I-1 party Arland of launcher value 100 as-of 2026-01-05\nexpect 1#arland unverified; Arland open; neutrals open"),
    "entry into force: no life, no base": (ENTRY, "", S7 + "Arland says: inventory I-1 party Arland of launcher value 100 as-of 2026-01-05\nexpect 1#arland unverified; Arland open; neutrals open"),
    "excused": (SAME.rstrip(".") + "\n    unless P is in founders.\ndefine founders as group Arland.", "", S7 + FIRST + later("500") + "expect 1#arland kept; Arland kept; neutrals kept"),
    "not excused": (SAME.rstrip(".") + "\n    unless P is in founders.\ndefine founders as group Borland.", "", S7 + FIRST + later("500") + "expect 1#arland breached; Arland breached; neutrals breached"),
}  # fmt: skip


@pytest.mark.parametrize("names", MIRRORS, ids=("told", "mirrored"))
@pytest.mark.parametrize("story", STORIES)
def test_levels(story: str, names: Mapping[str, str], tmp_path: Path) -> None:
    rules, life, case = STORIES[story]
    check(tmp_path, mirrored(document(rules, case, life), names))
