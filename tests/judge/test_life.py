"""When a rule binds: survival, provisional application, renewal, suspension in part."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from judge.told import MIRRORS, check, document, mirrored

BAN = "rule 1: no Party shall conduct an exercise X.\n"
OTHER = "rule 2: no Party shall conduct a flight F.\n"
LEVEL = "rule 3: at all times, for each Party P, the number of launchers of P shall not exceed 10.\n"
S7 = "as of 2028-12-01\nsource S-7 is a monitor\n"


def held(*days: str) -> str:
    return "".join(f"S-7 says: exercise X-{n} party Arland start {day}\n" for n, day in enumerate(days, 1))


ENDS = ";\n    enters into force on 2026-01-01;\n    expires on 2026-06-01"
LEAVES = ";\n    enters into force on 2026-01-01;\n    a Party that notifies withdrawal is released 30 days after it"
LEFT = "Arland says: withdrawal W-1 party Arland notified 2026-03-01\n"
BREACHED = "Arland breached; Borland breached; neutrals breached"
FREE = "Arland not bound; Borland not bound; neutrals not bound"


def survives(what: str) -> str:
    return f"rule 1: no Party shall conduct an exercise X survives {what}.\n"


SURVIVAL: Mapping[str, tuple[str, str, str]] = {
    "without it": (BAN, ENDS, S7 + held("2026-05-31", "2026-06-01") + f"expect 1#X-1 breached; {BREACHED}\nexpect 1#X-2 not in force; {FREE}"),
    "for a year": (survives("expiry for 1 year"), ENDS, S7 + held("2026-06-01", "2027-05-31", "2027-06-01") + f"expect 1#X-1 breached; {BREACHED}\nexpect 1#X-2 breached\nexpect 1#X-3 not in force; {FREE}"),
    "for good": (survives("expiry"), ENDS, S7 + held("2028-06-01") + f"expect 1#X-1 breached; {BREACHED}"),
    "before entry": (survives("expiry"), ENDS, S7 + held("2025-12-31") + f"expect 1#X-1 not in force; {FREE}"),
    "another end": (survives("withdrawal"), ENDS, S7 + held("2026-06-01") + "expect 1#X-1 not in force"),
    "withdrawal": (survives("withdrawal for 10 days"), LEAVES, S7 + LEFT + held("2026-03-31", "2026-04-10", "2026-04-11") + f"expect 1#X-1 breached; {BREACHED}\nexpect 1#X-2 breached; {BREACHED}\nexpect 1#X-3 not in force; {FREE}"),
    "withdrawal, without it": (BAN, LEAVES, S7 + LEFT + held("2026-03-31", "2026-04-01") + "expect 1#X-1 breached\nexpect 1#X-2 not in force"),
    "withdrawal withdrawn": (BAN, LEAVES, S7 + LEFT + "Arland withdraws: withdrawal W-1\n" + held("2026-04-01") + "expect 1#X-1 breached"),
    "withdrawal, surviving expiry": (survives("expiry"), LEAVES, S7 + LEFT + held("2026-04-01") + "expect 1#X-1 not in force"),
    "a rule's own end": ("rule 1: until 2026-07-01, " + survives("expiry").removeprefix("rule 1: "), ENDS, S7 + held("2026-06-30", "2026-07-01") + "expect 1#X-1 breached\nexpect 1#X-2 not in force"),
    "a ceiling": (LEVEL.replace("10.", "10 survives expiry."), ENDS, S7 + "S-7 says: inventory I-1 party Arland of launcher value 11 as-of 2027-01-01\nexpect 3#arland breached; neutrals breached"),
    "a ceiling, without it": (LEVEL, ENDS, S7 + "S-7 says: inventory I-1 party Arland of launcher value 11 as-of 2027-01-01\nexpect 3#arland unverified; neutrals open"),
    "a duty to every other": ("rule 1: each Party that conducts an exercise X shall notify X to every other Party before X.start survives expiry.\n", ENDS, S7 + "source S-1 is a register\n" + held("2027-06-01") + "S-1 says: completeness kind notification until 2027-07-01 from 2026-01-01\nexpect 1#X-1>borland breached; neutrals breached"),
}  # fmt: skip

APPLIED = ";\n    enters into force when all Parties have ratified;\n    applies provisionally from 2026-01-01"
RATIFIED = "".join(f"{p} says: ratification R-{p} party {p} deposited 2026-03-01\n" for p in ("Arland", "Borland", "Carland"))
SIGNED = "Arland says: signature G-1 party Arland signed 2026-02-01\n"

PROVISIONAL: Mapping[str, tuple[str, str, str]] = {
    "nobody has ratified": (BAN, APPLIED, S7 + held("2025-12-31", "2026-02-01") + f"expect 1#X-1 not in force; {FREE}\nexpect 1#X-2 breached; {BREACHED}"),
    "without it": (BAN, APPLIED.partition(";\n    applies")[0], S7 + held("2026-02-01") + f"expect 1#X-1 not in force; {FREE}"),
    "until a day": (BAN, APPLIED + " until 2026-02-01", S7 + held("2026-01-31", "2026-02-01") + f"expect 1#X-1 breached; {BREACHED}\nexpect 1#X-2 not in force; {FREE}"),
    "until a day, and in force later": (BAN, APPLIED + " until 2026-02-01", S7 + RATIFIED + held("2026-01-31", "2026-02-15", "2026-03-02") + "expect 1#X-1 breached\nexpect 1#X-2 not in force\nexpect 1#X-3 breached"),
    "what was only applied is not outlived": (survives("withdrawal for 1 year"), APPLIED + " until 2026-02-01", S7 + held("2026-01-31", "2026-02-15") + "expect 1#X-1 breached\nexpect 1#X-2 not in force"),
    "the day of entry is no gap": (BAN, APPLIED, S7 + RATIFIED + held("2026-03-01") + f"expect 1#X-1 breached; {BREACHED}"),
    "withdrawal ends it at once": (BAN, APPLIED + ";\n    a Party that notifies withdrawal is released 6 months after it", S7 + "Arland says: withdrawal W-1 party Arland notified 2026-02-01T10:00Z\n" + held("2026-01-31", "2026-02-02") + f"expect 1#X-1 breached\nexpect 1#X-2 not in force; {FREE}"),
    "only for the Party that withdraws": (BAN, APPLIED, S7 + "Borland says: withdrawal W-1 party Borland notified 2026-02-01\n" + held("2026-02-02") + f"expect 1#X-1 breached; {BREACHED}"),
    "from signature": (BAN, APPLIED.replace("2026-01-01", "signature"), S7 + SIGNED + held("2026-01-31", "2026-02-02") + f"expect 1#X-1 not in force; {FREE}\nexpect 1#X-2 breached; {BREACHED}"),
    "from signature, on that day": (BAN, APPLIED.replace("2026-01-01", "signature"), S7 + SIGNED + held("2026-02-01") + "expect 1#X-1 unverified; Arland open; neutrals open"),
    "from signature, of another": (BAN, APPLIED.replace("2026-01-01", "signature"), S7 + SIGNED.replace("Arland", "Borland") + held("2026-02-02") + f"expect 1#X-1 not in force; {FREE}"),
    "signature withdrawn": (BAN, APPLIED.replace("2026-01-01", "signature"), S7 + SIGNED + "Arland withdraws: signature G-1\n" + held("2026-02-02") + "expect 1#X-1 not in force"),
    "signature denied": (BAN, APPLIED.replace("2026-01-01", "signature"), S7 + "Borland says: signature G-1 party Arland signed 2026-02-01\n" + held("2026-02-02") + "expect 1#X-1 disputed; Arland not bound; Borland breached; neutrals not bound"),
    "nothing forbidden in either time": (BAN, APPLIED + " until 2026-02-01", S7 + RATIFIED + "source S-1 is a register\nS-1 says: completeness kind exercise from 2026-01-01\nexpect 1#@arland kept; neutrals kept"),
    "nothing forbidden in one of them": (BAN, APPLIED + " until 2026-02-01", S7 + RATIFIED + "source S-1 is a register\nS-1 says: completeness kind exercise from 2026-03-01\nexpect 1#@arland unverified; neutrals open"),
}  # fmt: skip

RENEWS = ";\n    enters into force on 2025-06-01;\n    expires on 2026-06-01, renewed for 1 year at a time unless a Party objects at least 3 months before expiry"


def objected(day: str, cells: str = "") -> str:
    return f"Borland says: objection O-1 party Borland recipient Arland received {day}{cells}\n"


RENEWAL: Mapping[str, tuple[str, str, str]] = {
    "nobody objects": (BAN, RENEWS, S7 + held("2026-07-01", "2028-07-01") + f"expect 1#X-1 breached; {BREACHED}\nexpect 1#X-2 breached; {BREACHED}"),
    "objected in time": (BAN, RENEWS, S7 + objected("2026-02-01") + held("2026-05-31", "2026-07-01") + f"expect 1#X-1 breached\nexpect 1#X-2 not in force; {FREE}"),
    "on the last day": (BAN, RENEWS, S7 + objected("2026-03-01") + held("2026-07-01") + f"expect 1#X-1 not in force; {FREE}"),
    "a day late, and not for the next": (BAN, RENEWS, S7 + objected("2026-03-02") + held("2026-07-01", "2027-07-01") + f"expect 1#X-1 breached; {BREACHED}\nexpect 1#X-2 breached; {BREACHED}"),
    "for the second": (BAN, RENEWS, S7 + objected("2026-06-02") + held("2026-07-01", "2027-07-01") + "expect 1#X-1 breached\nexpect 1#X-2 not in force"),
    "about the renewal": (BAN, RENEWS, S7 + objected("2026-02-01", " subject renewal") + held("2026-07-01") + "expect 1#X-1 not in force"),
    "about something else": (BAN, RENEWS, S7 + objected("2026-02-01", " about X-9") + held("2026-07-01") + "expect 1#X-1 breached"),
    "without a date": (BAN, RENEWS, S7 + "Borland says: objection O-1 party Borland recipient Arland\n" + held("2026-05-31", "2026-07-01") + "expect 1#X-1 breached\nexpect 1#X-2 unverified; Arland open; neutrals open"),
    "withdrawn": (BAN, RENEWS, S7 + objected("2026-02-01") + "Borland withdraws: objection O-1\n" + held("2026-07-01") + "expect 1#X-1 breached"),
    "denied by the recipient": (BAN, RENEWS, S7 + objected("2026-02-01") + "Arland denies: objection party Borland recipient Arland\n" + held("2026-07-01") + "expect 1#X-1 disputed; Arland breached; Borland not bound; neutrals open"),
    "without notice, until the moment of expiry": (BAN, RENEWS.replace(" at least 3 months before expiry", ""), S7 + objected("2026-05-31") + held("2026-07-01") + "expect 1#X-1 not in force"),
    "no objection is possible": (BAN, RENEWS.partition(" unless")[0], S7 + objected("2026-02-01") + held("2026-07-01") + "expect 1#X-1 breached"),
}  # fmt: skip

PAUSES = ";\n    enters into force on 2026-01-01;\n    suspension of rule 2 has effect 30 days after it"
NOTICE = "Arland says: suspension U-1 party Arland start 2026-03-01\n"


def flown(*days: str) -> str:
    return "".join(f"S-7 says: flight F-{n} party Arland start {day}\n" for n, day in enumerate(days, 1))


PARTIAL: Mapping[str, tuple[str, str, str]] = {
    "the last day of the time still binds": (BAN + OTHER, PAUSES, S7 + NOTICE + flown("2026-03-31", "2026-04-01") + f"expect 2#F-1 breached; {BREACHED}\nexpect 2#F-2 not in force; {FREE}"),
    "other rules bind on": (BAN + OTHER, PAUSES, S7 + NOTICE + held("2026-04-01") + f"expect 1#X-1 breached; {BREACHED}"),
    "another Party's notice": (BAN + OTHER, PAUSES, S7 + NOTICE.replace("Arland", "Borland") + flown("2026-04-01") + "expect 2#F-1 breached"),
    "it ends": (BAN + OTHER, PAUSES, S7 + NOTICE.replace("03-01\n", "03-01 end 2026-05-01\n") + flown("2026-04-30", "2026-05-02") + "expect 2#F-1 not in force\nexpect 2#F-2 breached"),
    "it ends before it has effect": (BAN + OTHER, PAUSES, S7 + NOTICE.replace("03-01\n", "03-01 end 2026-03-15\n") + flown("2026-03-16", "2026-04-02") + "expect 2#F-1 breached\nexpect 2#F-2 breached"),
    "withdrawn": (BAN + OTHER, PAUSES, S7 + NOTICE + "Arland withdraws: suspension U-1\n" + flown("2026-04-01") + "expect 2#F-1 breached"),
    "said by another only": (BAN + OTHER, PAUSES, S7 + "Borland says: suspension U-1 party Arland start 2026-03-01\n" + flown("2026-04-01") + "expect 2#F-1 disputed; Arland breached; Borland not bound; neutrals breached"),
    "of all rules, later": (BAN + OTHER, PAUSES.replace("suspension of rule 2", "suspension"), S7 + NOTICE + held("2026-03-31", "2026-04-01") + "expect 1#X-1 breached\nexpect 1#X-2 not in force"),
    "of a ceiling": (BAN + LEVEL, PAUSES.replace("rule 2", "rule 3"), S7 + NOTICE + "S-7 says: inventory I-1 party Arland of launcher value 9 as-of 2025-12-31\nS-7 says: inventory I-2 party Arland of launcher value 11 as-of 2026-05-01\nexpect 3#arland kept; neutrals kept"),
}  # fmt: skip

GROUPS = {"survival": SURVIVAL, "provisional": PROVISIONAL, "renewal": RENEWAL, "suspension": PARTIAL}


@pytest.mark.parametrize("names", MIRRORS, ids=("told", "mirrored"))
@pytest.mark.parametrize(("group", "story"), [(g, s) for g, some in GROUPS.items() for s in some])
def test_life(group: str, story: str, names: Mapping[str, str], tmp_path: Path) -> None:
    rules, life, case = GROUPS[group][story]
    check(tmp_path, mirrored(document(rules, case, life), names))
