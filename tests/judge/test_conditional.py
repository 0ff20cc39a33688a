"""Phases, releases, and what waits for itself."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from detente.agreement.load import parse_agreement
from detente.evidence import record_from_rows
from detente.judge import Question, judge
from detente.judge.explain import explain
from judge.told import MIRRORS, check, document, mirrored

BANS = "rule 3: no Party shall deploy a missile M.\nrule 4: no Party shall conduct an exercise X.\n"
CURED = BANS + "rule 5: if A breaches 3, B is released from 4 until it is cured.\n"
GOOD = BANS + "rule 5: if A breaches 3, B is released from 4.\n"
DAYS = BANS + "rule 5: if Arland breaches rule 3, every other Party is released from 4 for 10 days.\n"
ONE = BANS + "rule 5: if a Party A breaches rule 3, Borland is released from 4.\n"
DUTY = """
rule 3: each Party that conducts an exercise X shall notify X to Carland within 5 days after X.start.
rule 4: no Party shall deploy a missile M.
rule 5: if A breaches 3, B is released from 4 until it is cured.
"""
CHAIN = (
    BANS
    + "rule 5: if A breaches 3, B is released from 4.\nrule 6: no Party shall conduct a flight F.\nrule 7: if A breaches 4, B is released from 6.\n"
)
CYCLE = BANS + "rule 5: if A breaches 3, B is released from 3.\n"

DAY = "as of 2026-06-01\n"
M1 = "Borland says: missile M-1 party Arland from 2026-02-01 until 2026-03-01\nArland denies: missile M-1\n"
SURE = "Arland says: missile M-1 party Arland from 2026-02-01 until 2026-03-01\n"
X = "Borland says: exercise {0} party Borland start {1}\n"

PHASES = """
phase 2 begins when rule 1 has been kept for 90 days.
rule 1: no Party shall deploy a missile M.
rule 2: from phase 2, no Party shall conduct an exercise X.
"""
UNTIL = """
phase 2 begins when rule 1 has been kept for 90 days.
rule 1: until phase 2, no Party shall deploy a missile M.
rule 2: from phase 2, no Party shall conduct an exercise X.
"""
LATEST = PHASES.replace("90 days", "90 days, and no later than 2026-05-01")
BY = PHASES.replace("kept for", "kept by Carland for")
SIGNED = PHASES.replace("kept for 90 days", "kept for 30 days and all Parties have signed")
AFTER = PHASES.replace("rule 2: from phase 2", "rule 2: from 10 days after phase 2")
THIRD = PHASES.replace("rule 2: from phase 2", "phase 3 begins 10 days after phase 2.\nrule 2: from phase 3")
ENTRY = "phase 2 begins at entry-into-force.\nrule 2: from phase 2, no Party shall conduct an exercise X.\n"
ATONCE = """
phase 2 begins when rule 1 has been kept.
rule 1: Arland shall send a notification to Borland no later than 2026-02-01.
rule 2: from phase 2, no Party shall conduct an exercise X.
"""
BEFORE = """
rule 3: no Party shall deploy a missile M.
rule 4: each Party that conducts an exercise X shall notify X to Carland at least 10 days before X.start.
rule 5: if A breaches 3, B is released from 4 until it is cured.
"""
WITHIN = """
phase 2 begins when all Parties have signed.
rule 1: each Party shall provide a data-exchange to every other Party within 14 days after phase 2.
"""
EVERY = WITHIN.replace("within 14 days after phase 2", "every 30 days after phase 2")
PLAN = """
phase 2 begins when all Parties have signed.
rule 1: each Party that conducts an exercise X shall notify X to Carland at least 5 days before phase 2.
"""
WAITS = """
phase 2 begins when rule 1 has been kept.
rule 1: each Party shall provide a data-exchange to every other Party within 14 days after phase 2.
"""
IN_FORCE = ";\n    enters into force on 2026-01-01"
HELD = "Borland says: missile M-1 party Arland from 2026-02-01\nArland denies: missile M-1\n"
OWN = "Arland says: exercise X-1 party Arland start {0}\n"


SIGNED_TWO = "Arland says: signature S-1 party Arland signed 2026-01-05\nBorland says: signature S-2 party Borland signed 2026-01-05\n"
SIGNED_ALL = SIGNED_TWO + "Carland says: signature S-3 party Carland signed 2026-03-10\n"
CLOSED = "source R-1 is a register\nR-1 says: completeness register data-register kind data-exchange until 2026-06-01\n"
GAVE = "".join(f"{p} says: data-exchange D-1 party Arland recipient Borland received {{0}}\n" for p in ("Arland", "Borland"))
NOTES = "source R-1 is a register\nR-1 says: completeness register notification-register kind notification until 2026-06-01\n"
NOTED = "".join(
    f"{p} says: notification N-{{0}} party Arland recipient Carland about {{0}} received {{1}}\n" for p in ("Arland", "Carland")
)


def told(start: str) -> str:
    return OWN.format(start)


STORIES: Mapping[str, tuple[str, str, str]] = {
    # the worked example: whom the denial binds, and after the thing is gone
    "release: disputed": (CURED, "", DAY + M1 + X.format("X-1", "2026-02-10") + X.format("X-2", "2026-03-05") + "expect 3#m-1 disputed; Arland not triggered; Borland breached; neutrals not triggered\nexpect 4#x-1 disputed; Arland breached; Borland not bound; neutrals breached\nexpect 4#x-2 breached; Arland breached; Borland breached; neutrals breached\nexpect 5 release"),
    "release: in all accounts": (CURED, "", DAY + SURE + X.format("X-1", "2026-02-10") + "expect 4#x-1 not in force; Arland not bound; Borland not bound; neutrals not bound"),
    "release: the breacher itself is not released": (CURED, "", DAY + SURE + "Arland says: exercise X-1 party Arland start 2026-02-10\nexpect 4#x-1 breached; Arland breached; Borland breached"),
    "release: before it": (CURED, "", DAY + SURE + X.format("X-1", "2026-01-31") + "expect 4#x-1 breached; Borland breached; neutrals breached"),
    "release: on the very day": (CURED, "", DAY + SURE + X.format("X-1", "2026-02-01") + "expect 4#x-1 unverified; Borland open; neutrals open"),
    "release: the day after": (CURED, "", DAY + SURE + X.format("X-1", "2026-02-02") + "expect 4#x-1 not in force; Borland not bound; neutrals not bound"),
    "release: on the day of the cure": (CURED, "", DAY + SURE + X.format("X-1", "2026-03-01") + "expect 4#x-1 unverified; Borland open; neutrals open"),
    "release: after the cure": (CURED, "", DAY + SURE + X.format("X-1", "2026-03-02") + "expect 4#x-1 breached; Borland breached; neutrals breached"),
    "release: for good": (GOOD, "", DAY + SURE + X.format("X-1", "2026-05-02") + "expect 4#x-1 not in force; Borland not bound; neutrals not bound"),
    "release: for ten days, the last": (DAYS, "", DAY + SURE + X.format("X-1", "2026-02-10") + "expect 4#x-1 not in force; Borland not bound"),
    "release: for ten days, over": (DAYS, "", DAY + SURE + X.format("X-1", "2026-02-13") + "expect 4#x-1 breached; Borland breached; neutrals breached"),
    "release: by another's breach": (DAYS, "", DAY + "Borland says: missile M-1 party Borland from 2026-02-01\nCarland says: exercise X-1 party Carland start 2026-02-03\nexpect 4#x-1 breached; Carland breached"),
    "release: of one Party only": (ONE, "", DAY + SURE + X.format("X-1", "2026-02-10") + "Carland says: exercise X-2 party Carland start 2026-02-10\nexpect 4#x-1 not in force; Borland not bound\nexpect 4#x-2 breached; Carland breached"),
    "release: withdrawn": (CURED, "", DAY + SURE + "Arland withdraws: missile M-1\n" + X.format("X-1", "2026-02-10") + "expect 4#x-1 breached; Borland breached; neutrals breached"),
    "release: an open breach makes a breach open": (CURED, "", DAY + "source S-7 is a monitor\nsource S-8 is a monitor\nS-7 says: missile M-1 party Arland from 2026-02-01\nS-8 denies: missile M-1\n" + X.format("X-1", "2026-02-10") + "expect 3#m-1 unverified; neutrals open\nexpect 4#x-1 unverified; Borland open; neutrals open"),
    "release: what nobody states did not happen": (CURED, "", DAY + X.format("X-1", "2026-02-10") + "expect 4#x-1 breached; Borland breached; neutrals breached"),
    "release: from a duty's breach to its cure": (DUTY, "", DAY + "source R-1 is a register\nR-1 says: completeness register notification-register kind notification until 2026-06-01\nArland says: exercise X-1 party Arland start 2026-02-01\nArland says: notification N-1 party Arland recipient Carland about X-1 received 2026-02-20\nCarland says: notification N-1 party Arland recipient Carland about X-1 received 2026-02-20\nBorland says: missile M-1 party Borland from 2026-02-06 until 2026-02-06\nBorland says: missile M-2 party Borland from 2026-02-07 until 2026-02-07\nBorland says: missile M-3 party Borland from 2026-02-21 until 2026-02-21\nexpect 3#x-1 breached; Arland breached\nexpect 4#m-1 breached; Borland breached\nexpect 4#m-2 not in force; Borland not bound\nexpect 4#m-3 breached; Borland breached"),
    "release: after release": (CHAIN, "", DAY + SURE + X.format("X-1", "2026-02-10") + "Carland says: flight F-1 party Carland start 2026-03-01\nexpect 4#x-1 not in force\nexpect 6#f-1 breached; Carland breached"),
    "release: a cycle": (CYCLE, "", DAY + SURE + X.format("X-1", "2026-02-10") + "expect 3 cycle\nexpect 5 cycle\nexpect 4#x-1 breached; Borland breached"),
    # phases
    "phase: disputed": (PHASES, IN_FORCE, DAY + HELD + told("2026-04-15") + "expect 1#m-1 disputed; Arland not triggered; Borland breached; neutrals not triggered\nexpect 2#x-1 disputed; Arland breached; Borland not bound; neutrals breached"),
    "phase: begun": (PHASES, IN_FORCE, DAY + told("2026-04-01") + "expect 2#x-1 breached; Arland breached; Borland breached; neutrals breached"),
    "phase: the day before": (PHASES, IN_FORCE, DAY + told("2026-03-31") + "expect 2#x-1 not in force; Arland not bound; Borland not bound; neutrals not bound"),
    "phase: straddling": (PHASES, IN_FORCE, DAY + told("2026-03-31..2026-04-01") + "expect 2#x-1 unverified; Arland open; neutrals open"),
    "phase: after a bad moment": (PHASES, IN_FORCE, DAY + "Arland says: missile M-1 party Arland from 2026-02-01 until 2026-02-01\n" + told("2026-05-03") + "expect 2#x-1 breached; Arland breached; neutrals breached"),
    "phase: after a bad moment, the day before": (PHASES, IN_FORCE, DAY + "Arland says: missile M-1 party Arland from 2026-02-01 until 2026-02-01\n" + told("2026-05-02") + "expect 2#x-1 not in force; Arland not bound; neutrals not bound"),
    "phase: once begun it stays": (PHASES, IN_FORCE, DAY + "Arland says: missile M-1 party Arland from 2026-04-05\n" + told("2026-04-10") + "expect 2#x-1 breached; Arland breached; neutrals breached"),
    "phase: open breaches do not stop it": (PHASES, IN_FORCE, DAY + "source S-7 is a monitor\nsource S-8 is a monitor\nS-7 says: missile M-1 party Arland from 2026-02-01\nS-8 denies: missile M-1\n" + told("2026-04-01") + "expect 1#m-1 unverified; neutrals open\nexpect 2#x-1 breached; Arland breached"),
    "phase: never": (PHASES, IN_FORCE, DAY + "Arland says: missile M-1 party Arland from 2026-02-01\n" + told("2026-05-15") + "expect 2#x-1 not in force; Arland not bound; neutrals not bound\nexpect 2#@arland not in force; Arland not bound"),
    "phase: no later than": (LATEST, IN_FORCE, DAY + "Arland says: missile M-1 party Arland from 2026-02-01\n" + told("2026-05-01") + "expect 2#x-1 breached; Arland breached; neutrals breached"),
    "phase: before the latest": (LATEST, IN_FORCE, DAY + "Arland says: missile M-1 party Arland from 2026-02-01\n" + told("2026-04-30") + "expect 2#x-1 not in force; Arland not bound; neutrals not bound"),
    "phase: kept by another": (BY, IN_FORCE, DAY + "Arland says: missile M-1 party Arland from 2026-02-01\n" + told("2026-04-01") + "expect 2#x-1 breached; Arland breached; neutrals breached"),
    "phase: not all have signed": (SIGNED, IN_FORCE, DAY + "Arland says: signature S-1 party Arland signed 2026-01-05\n" + told("2026-04-01") + "expect 2#x-1 not in force; Arland not bound; neutrals not bound"),
    "phase: all have signed": (SIGNED, IN_FORCE, DAY + "Arland says: signature S-1 party Arland signed 2026-01-05\nBorland says: signature S-2 party Borland signed 2026-01-05\nCarland says: signature S-3 party Carland signed 2026-03-05\n" + told("2026-03-06") + "expect 2#x-1 breached; Arland breached; neutrals breached"),
    "phase: both at once": (SIGNED, IN_FORCE, DAY + "Arland says: missile M-1 party Arland from 2026-03-01 until 2026-03-01\nArland says: signature S-1 party Arland signed 2026-01-05\nBorland says: signature S-2 party Borland signed 2026-01-05\nCarland says: signature S-3 party Carland signed 2026-03-05\n" + told("2026-03-20") + "expect 2#x-1 not in force; Arland not bound; neutrals not bound"),
    "phase: days after it": (AFTER, IN_FORCE, DAY + told("2026-04-11") + "Arland says: exercise X-2 party Arland start 2026-04-12\nexpect 2#x-1 not in force; Arland not bound\nexpect 2#x-2 breached; Arland breached"),
    "phase: a phase after a phase": (THIRD, IN_FORCE, DAY + told("2026-04-11") + "Arland says: exercise X-2 party Arland start 2026-04-12\nexpect 2#x-1 not in force; Arland not bound\nexpect 2#x-2 breached; Arland breached"),
    "phase: at entry into force": (ENTRY, IN_FORCE, DAY + told("2026-01-01") + "expect 2#x-1 breached; Arland breached"),
    "phase: a rule that ends with it": (UNTIL, IN_FORCE, DAY + "Arland says: missile M-1 party Arland from 2026-04-05\n" + told("2026-04-10") + "expect 1#m-1 not in force; Arland not bound; neutrals not bound\nexpect 2#x-1 breached; Arland breached"),
    "phase: a rule that has not ended": (UNTIL, IN_FORCE, DAY + "Arland says: missile M-1 party Arland from 2026-03-05\n" + told("2026-04-10") + "expect 1#m-1 breached; Arland breached; neutrals breached\nexpect 2#x-1 not in force; Arland not bound"),
    "phase: kept at once": (ATONCE, IN_FORCE, DAY + "Arland says: notification N-1 party Arland recipient Borland received 2026-01-20\n" + told("2026-02-02") + "expect 1#@arland kept\nexpect 2#x-1 breached; Arland breached"),
    "phase: nothing kept": (ATONCE, IN_FORCE, DAY + told("2026-02-02") + "expect 2#x-1 not in force; Arland not bound"),
    # deadlines counted from a phase
    "from a phase: kept on the last day": (WITHIN, IN_FORCE, DAY + SIGNED_ALL + GAVE.format("2026-03-24") + "expect 1#@arland>borland kept; Arland kept; Borland kept; neutrals kept"),
    "from a phase: a day late": (WITHIN, IN_FORCE, DAY + SIGNED_ALL + CLOSED + GAVE.format("2026-03-25") + "expect 1#@arland>borland breached; Arland breached; Borland breached; neutrals breached"),
    "from a phase: before it is too soon": (WITHIN, IN_FORCE, DAY + SIGNED_ALL + CLOSED + GAVE.format("2026-03-09") + "expect 1#@arland>borland breached; Arland breached; Borland breached; neutrals breached"),
    "from a phase: not due yet": (WITHIN, IN_FORCE, "as of 2026-03-20\n" + SIGNED_ALL + "expect 1#@arland>borland not due yet; Arland not due yet; neutrals not due yet"),
    "from a phase: it has not begun": (WITHIN, IN_FORCE, DAY + CLOSED + SIGNED_TWO + "expect 1#@arland>borland not due yet; Arland not due yet; neutrals not due yet"),
    "from a phase: begun in one account only": (WITHIN, IN_FORCE, DAY + CLOSED + SIGNED_TWO + "Borland says: signature S-3 party Carland signed 2026-03-10\nCarland denies: signature S-3\nexpect 1#@arland>borland disputed; Borland breached; Carland not due yet; neutrals not due yet"),
    "from a phase: begun on a day between two": (WITHIN, IN_FORCE, DAY + CLOSED + SIGNED_TWO + "Carland says: signature S-3 party Carland signed 2026-03-10..2026-03-12\n" + GAVE.format("2026-03-25") + "expect 1#@arland>borland unverified; Arland open; Borland open; neutrals open"),
    "from a phase: every so many days": (EVERY, IN_FORCE, DAY + SIGNED_ALL + CLOSED + GAVE.format("2026-04-09") + "expect 1#2026-04-09@arland>borland kept\nexpect 1#2026-05-09@arland>borland breached; Arland breached\nexpect 1#2026-06-08@arland>borland not due yet"),
    "from a phase: before it begins": (PLAN, IN_FORCE, DAY + SIGNED_ALL + NOTES + "Arland says: exercise X-1 party Arland start 2026-03-20\nArland says: exercise X-2 party Arland start 2026-03-20\n" + NOTED.format("X-1", "2026-03-05") + NOTED.format("X-2", "2026-03-06") + "expect 1#x-1 kept\nexpect 1#x-2 breached; Arland breached"),
    "from a phase: a cycle": (WAITS, IN_FORCE, DAY + CLOSED + "expect 1 cycle"),
    # what was due before a release
    "release: due before it": (BEFORE, "", DAY + NOTES + SURE + "Borland says: exercise X-1 party Borland start 2026-02-05\nexpect 4#x-1 breached; Borland breached; neutrals breached"),
    "release: due before it, and done": (BEFORE, "", DAY + NOTES + SURE + "Borland says: exercise X-1 party Borland start 2026-02-05\nBorland says: notification N-X-1 party Borland recipient Carland about X-1 received 2026-01-20\nCarland says: notification N-X-1 party Borland recipient Carland about X-1 received 2026-01-20\nexpect 4#x-1 kept; Borland kept; neutrals kept"),
    "release: due in it": (BEFORE, "", DAY + NOTES + SURE + "Borland says: exercise X-1 party Borland start 2026-02-20\nexpect 4#x-1 not in force; Borland not bound; neutrals not bound"),
    "release: due in it, for an occasion after it": (BEFORE, "", DAY + NOTES + SURE + "Borland says: exercise X-1 party Borland start 2026-03-05\nexpect 4#x-1 not in force; Borland not bound; neutrals not bound"),
    "phase: the standing instance begins with it": (PHASES, IN_FORCE, DAY + "source R-1 is a register\nR-1 says: completeness register exercise-register kind exercise from 2026-04-01 until 2026-06-01\nexpect 2#@arland kept; neutrals kept"),
    "phase: a register from too late": (PHASES, IN_FORCE, DAY + "source R-1 is a register\nR-1 says: completeness register exercise-register kind exercise from 2026-04-02 until 2026-06-01\nexpect 2#@arland unverified; neutrals open"),
}  # fmt: skip


@pytest.mark.parametrize("names", MIRRORS, ids=("told", "mirrored"))
@pytest.mark.parametrize("story", STORIES)
def test_conditional(story: str, names: Mapping[str, str], tmp_path: Path) -> None:
    rules, life, case = STORIES[story]
    check(tmp_path, mirrored(document(rules, case, life), names))


def test_explain_says_from_when_to_when_nobody_is_bound() -> None:
    rows = [
        {
            "kind": "missile",
            "id": "1",
            "source": "Arland",
            "says": "asserts",
            "event": "M-1",
            "party": "Arland",
            "from": "2026-02-01",
            "until": "2026-03-01",
        },
        {"kind": "exercise", "id": "2", "source": "Borland", "says": "asserts", "event": "X-1", "party": "Borland", "start": "2026-02-10"},
    ]
    agreement, _ = parse_agreement(document(CURED, DAY + "expect 5 release"), "a.md")
    assert agreement is not None
    sources = [{"table": "sources", "id": p, "name": p, "kind": "party", "speaks_for": p} for p in agreement.parties]
    record = record_from_rows([*sources, *({**r, "said_at": "2026-04-01"} for r in rows)], agreement.kinds, parties=agreement.parties)
    judgement = judge(agreement, record, Question())
    (told,) = explain(agreement, record, judgement, "4#x-1", None)
    assert "not bound from 2026-02-01..2026-02-02 to 2026-02-28..2026-03-01" in [f.text for t in told.tales for f in t.facts]
