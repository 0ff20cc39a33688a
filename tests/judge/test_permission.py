"""What a permission excuses, and what its refusal is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from judge.told import MIRRORS, check, document, mirrored

BAN = "rule 1: no Party shall conduct an inspection I.\n"
MAY = (
    BAN + "rule 2: a Party may conduct an inspection I of Arland where I.type is challenge, notwithstanding 1, which no Party may refuse.\n"
)
PLAIN = BAN + "rule 2: a Party may conduct an inspection I of Arland where I.type is challenge, notwithstanding 1.\n"
UNLESS = PLAIN.replace(", notwithstanding", " unless I.on is Carland, notwithstanding")
OTHER_KIND = "rule 1: no Party shall conduct an exercise X.\nrule 2: a Party may conduct an inspection I, notwithstanding 1.\n"
UNNAMED = PLAIN.replace(", notwithstanding 1", "")
GROUP = BAN + "define founders as group Borland.\nrule 2: each Party P in founders may conduct an inspection I, notwithstanding 1.\n"
DATED = BAN + "rule 2: from 2026-03-01, any Party may conduct an inspection I, notwithstanding 1.\n"
CONSENT = BAN + "rule 2: a Party P may conduct an inspection I of a Party Q unless Q is Carland, notwithstanding 1.\n"
REQUEST = "rule 2: any Party may make a request R to Arland for inspection, which no other Party shall refuse.\n"
DAY = "as of 2026-06-01\n"
N1 = "Borland says: inspection N-1 party Borland recipient Arland type challenge start 2026-03-01"
ASKED = DAY + "Borland says: request R-1 party Borland recipient Arland for inspection received 2026-03-01\n"
ANSWER = "Arland says: response A-1 party Arland recipient Borland about R-1 received 2026-03-02"

STORIES: Mapping[str, tuple[str, str]] = {
    "refused, and denied": (MAY, DAY + N1 + " refused yes\nArland says: inspection N-1 refused no\nexpect 1#n-1 kept; Arland kept; Borland kept; neutrals kept\nexpect 2#n-1 disputed; Arland not triggered; Borland breached; neutrals open"),
    "refused, and admitted": (MAY, DAY + "Arland says: inspection N-1 party Borland recipient Arland type challenge start 2026-03-01 refused yes\nexpect 2#n-1 breached; Arland breached; Borland breached; neutrals breached"),
    "refused, and admitted of a deed that another tells": (MAY, DAY + N1 + "\nArland says: inspection N-1 refused yes\nexpect 2#n-1 unverified; Arland breached; Borland breached; neutrals breached"),
    "refused, and the refuser silent": (MAY, DAY + N1 + " refused yes\nexpect 2#n-1 unverified; Arland breached; Borland breached; neutrals breached"),
    "not refused": (MAY, DAY + N1 + " refused no\nexpect 2 permission"),
    "refused, said by nobody": (MAY, DAY + N1 + "\nexpect 2#n-1 unverified; Arland open; Borland open; neutrals open"),
    "refused, of another type": (MAY, DAY + N1.replace("challenge", "visit") + " refused yes\nexpect 2 permission\nexpect 1#n-1 breached; Borland breached; neutrals breached"),
    "refused by one who may": (MAY, DAY + N1.replace("recipient Arland", "recipient Carland") + " refused yes\nexpect 2 permission\nexpect 1#n-1 breached; Borland breached"),
    "refusal withdrawn": (MAY, DAY + N1 + "\nArland says: inspection N-1 refused yes\nArland withdraws: inspection N-1 refused yes\nexpect 2#n-1 unverified; Arland open; neutrals open"),
    "the deed denied": (MAY, DAY + N1 + " refused yes\nArland denies: inspection N-1\nexpect 1#n-1 kept; Arland not triggered; Borland kept; neutrals not triggered\nexpect 2#n-1 disputed; Arland not triggered; Borland breached; neutrals open"),
    "excused": (PLAIN, DAY + N1 + "\nexpect 1#n-1 kept; Arland kept; Borland kept; neutrals kept\nexpect 2 permission"),
    "what nobody claims excuses nothing": (PLAIN, DAY + N1.replace("type challenge ", "") + "\nexpect 1#n-1 breached; Borland breached; neutrals breached"),
    "the type is disputed": (PLAIN, DAY + N1 + "\nArland says: inspection N-1 party Borland type visit\nexpect 1#n-1 disputed; Arland breached; Borland kept"),
    "a permission that is unless": (UNLESS, DAY + N1 + " on Carland\nexpect 1#n-1 breached; Borland breached"),
    "a permission that is, unless unsaid": (UNLESS, DAY + N1 + "\nexpect 1#n-1 kept; Borland kept"),
    "of another kind": (OTHER_KIND, DAY + "Borland says: exercise N-1 party Borland start 2026-03-01\nBorland says: inspection N-1 party Borland start 2026-03-01\nexpect 1#n-1 breached; Borland breached"),
    "unasked, nothing is overridden": (UNNAMED, DAY + N1 + "\nexpect 1#n-1 breached; Borland breached\nexpect 2 permission"),
    "those who may": (GROUP, DAY + N1 + "\nArland says: inspection N-2 party Arland recipient Borland start 2026-03-01\nexpect 1#n-1 kept; Borland kept\nexpect 1#n-2 breached; Arland breached"),
    "on its first day": (DATED, DAY + N1 + "\nexpect 1#n-1 kept; Borland kept; neutrals kept"),
    "on the day before": (DATED, DAY + N1.replace("03-01", "02-28") + "\nexpect 1#n-1 breached; Borland breached"),
    "on a day that straddles it": (DATED, DAY + N1.replace("2026-03-01", "2026-02-27..2026-03-02") + "\nexpect 1#n-1 unverified; Borland open"),
    "a second party of its own": (CONSENT, DAY + N1 + "\nBorland says: inspection N-2 party Borland recipient Carland start 2026-03-01\nexpect 1#n-1 kept; Borland kept\nexpect 1#n-2 breached; Borland breached"),
    "a request refused": (REQUEST, ASKED.replace("Borland says", "Arland says") + ANSWER + " refusal yes\nexpect 2#r-1 breached; Arland breached; Borland breached; neutrals breached"),
    "a request refused, as the one who asked tells": (REQUEST, ASKED + ANSWER + " refusal yes\nexpect 2#r-1 unverified; Arland breached; Borland breached; neutrals breached"),
    "a request granted": (REQUEST, ASKED + ANSWER + " refusal no\nexpect 2 permission"),
    "a request answered somehow": (REQUEST, ASKED + ANSWER + "\nexpect 2#r-1 unverified; Arland open; neutrals open"),
    "a request unanswered": (REQUEST, ASKED + "expect 2 permission"),
    "a request for something else": (REQUEST, ASKED.replace("for inspection", "for meeting") + ANSWER + " refusal yes\nexpect 2 permission"),
    "a response denied": (REQUEST, ASKED + "Borland says: response A-1 party Arland recipient Borland about R-1 refusal yes received 2026-03-02\nArland denies: response A-1\nexpect 2#r-1 disputed; Arland not triggered; Borland breached; neutrals open"),
}  # fmt: skip


@pytest.mark.parametrize("names", MIRRORS, ids=("told", "mirrored"))
@pytest.mark.parametrize("story", STORIES)
def test_permission(story: str, names: Mapping[str, str], tmp_path: Path) -> None:
    rules, case = STORIES[story]
    check(tmp_path, mirrored(document(rules, case), names))
