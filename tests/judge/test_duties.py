"""Duties by a strict deadline, duties that come back, and prohibitions of what others perceive."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from judge.told import MIRRORS, check, document, mirrored

NOTIFY = "rule 1: each Party that conducts an exercise X shall notify X to every other Party before X.start."
BY_DATE = "rule 1: each Party shall provide a data-exchange to every other Party before 2026-03-01."
AS_OF = "as of 2026-12-01\nsource S-1 is a register\nsource S-7 is a monitor\n"
X = "Arland says: exercise X-1 party Arland start 2026-02-20\n"
HOUR = "Arland says: exercise X-1 party Arland start 2026-02-20T10:00Z\n"
SHUT = "S-1 says: completeness register notification-register kind notification until 2026-03-01\n"


def notified(day: str) -> str:
    return f"Arland says: notification n-1 party Arland recipient Borland about X-1 received {day}\n"


STRICT: Mapping[str, tuple[str, str, str]] = {
    "the day before": (NOTIFY, "", AS_OF + X + notified("2026-02-19") + "expect 1#X-1>borland kept; Arland kept; Borland kept; neutrals kept"),
    "the day itself": (NOTIFY, "", AS_OF + X + notified("2026-02-20") + SHUT + "expect 1#X-1>borland unverified; Arland open; Borland open; neutrals open"),
    "the day after": (NOTIFY, "", AS_OF + X + notified("2026-02-21") + SHUT + "expect 1#X-1>borland breached; Arland breached; Borland breached; neutrals breached"),
    "the day after, no register": (NOTIFY, "", AS_OF + X + notified("2026-02-21") + "expect 1#X-1>borland unverified; Arland open; neutrals open"),
    "the very moment": (NOTIFY, "", AS_OF + HOUR + notified("2026-02-20T10:00Z") + SHUT + "expect 1#X-1>borland breached; Arland breached; neutrals breached"),
    "a minute earlier": (NOTIFY, "", AS_OF + HOUR + notified("2026-02-20T09:59Z") + SHUT + "expect 1#X-1>borland kept; Arland kept; neutrals kept"),
    "a register up to just before": (NOTIFY, "", AS_OF + HOUR.replace("T10:00Z", "T00:00Z") + SHUT.replace("03-01", "02-19") + "expect 1#X-1>borland breached; Arland breached; neutrals breached"),
    "a register that ends on the day before": (NOTIFY, "", AS_OF + X + SHUT.replace("03-01", "02-19") + "expect 1#X-1>borland unverified; neutrals open"),
    "never": (NOTIFY, "", AS_OF + X + SHUT + "expect 1#X-1>borland breached; Arland breached; Borland breached; neutrals breached"),
    "denied": (NOTIFY, "", AS_OF + X + notified("2026-02-19") + "Borland denies: notification party Arland recipient Borland about X-1\nexpect 1#X-1>borland disputed; Arland kept; Borland breached; neutrals open"),
    "withdrawn": (NOTIFY, "", AS_OF + X + notified("2026-02-19") + "Arland withdraws: notification n-1\n" + SHUT + "expect 1#X-1>borland breached; Arland breached; neutrals breached"),
    "pending": (NOTIFY, "", AS_OF.replace("12-01", "02-19") + X + "expect 1#X-1>borland not due yet; Arland not due yet; neutrals not due yet"),
    "pending on the day": (NOTIFY, "", AS_OF.replace("12-01", "02-20T12:00Z") + X + SHUT + "expect 1#X-1>borland unverified; Arland open; neutrals open"),
    "before a date: the day before": (BY_DATE, "", AS_OF + "Arland says: data-exchange D-1 party Arland recipient Borland received 2026-02-28\nexpect 1#@arland>borland kept; neutrals kept"),
    "before a date: that day": (BY_DATE, "", AS_OF + "Arland says: data-exchange D-1 party Arland recipient Borland received 2026-03-01\n" + SHUT.replace("register notification-register kind notification", "kind data-exchange") + "expect 1#@arland>borland breached; Arland breached; neutrals breached"),
}  # fmt: skip

PERCEIVED = """
rule 1: no Party shall conduct an exercise X where any other Party has declared that it perceives X as a threat before X.start.
"""
WHENEVER = PERCEIVED.replace(" before X.start", "")
SEEN = AS_OF + "Arland says: exercise X-1 party Arland start 2026-03-01\n"


def perceived(*cells: str, by: str = "Borland", made: str = "2026-02-01") -> str:
    known = {"recipient": "Arland", "about": "X-1", "subject": "threat"} | dict(c.split(" ", 1) for c in cells)
    shown = " ".join(f"{k} {v}" for k, v in known.items() if v != "-")
    return f"{by} says: perception P-1 party {by} {shown} made {made}\n"


VIEWS: Mapping[str, tuple[str, str, str]] = {
    "declared before": (PERCEIVED, "", SEEN + perceived() + "expect 1#X-1 breached; Arland breached; Borland breached; neutrals breached"),
    "declared to nobody in particular": (PERCEIVED, "", SEEN + perceived("recipient -") + "expect 1#X-1 breached; Arland breached; neutrals breached"),
    "declared to another": (PERCEIVED, "", SEEN + perceived("recipient Carland") + "expect 1#X-1 untested"),
    "declared on the day": (PERCEIVED, "", SEEN + perceived(made="2026-03-01") + "expect 1#X-1 unverified; Arland open; Borland open; neutrals open"),
    "declared afterwards": (PERCEIVED, "", SEEN + perceived(made="2026-03-02") + "expect 1#X-1 untested"),
    "declared afterwards, whenever": (WHENEVER, "", SEEN + perceived(made="2026-03-02") + "expect 1#X-1 breached; Arland breached; neutrals breached"),
    "not yet declared": (WHENEVER, "", SEEN + perceived(made="2027-03-02") + "expect 1#X-1 untested"),
    "another view": (PERCEIVED, "", SEEN + perceived("subject affront") + "expect 1#X-1 untested"),
    "a view without a word": (PERCEIVED, "", SEEN + perceived("subject -") + "expect 1#X-1 unverified; Arland open; neutrals open"),
    "about another exercise": (PERCEIVED, "", SEEN + perceived("about X-2") + "expect 1#X-1 untested"),
    "its own view": (PERCEIVED, "", SEEN + perceived(by="Arland") + "expect 1#X-1 untested"),
    "silence": (PERCEIVED, "", SEEN + "expect 1#X-1 untested"),
    "withdrawn": (PERCEIVED, "", SEEN + perceived() + "Borland withdraws: perception P-1\nexpect 1#X-1 untested"),
    "denied by the bearer": (PERCEIVED, "", SEEN + perceived() + "Arland denies: perception P-1\nexpect 1#X-1 disputed; Arland not triggered; Borland breached; neutrals breached"),
    "said by a third party": (PERCEIVED, "", SEEN + "Carland says: perception P-1 party Borland recipient Arland about X-1 subject threat made 2026-02-01\nexpect 1#X-1 disputed; Arland not triggered; Carland breached; neutrals not triggered"),
    "pending": (PERCEIVED, "", "as of 2026-02-15\nArland says: exercise X-1 party Arland start 2026-03-01\n" + perceived() + "expect 1#X-1 not due yet; Arland not due yet"),
}  # fmt: skip

FORCE = ";\n    enters into force on 2026-01-01"
YEARLY = "rule 1: each Party shall send its annual-calendar to every other Party each year by 15 November."
ELSE = YEARLY.rstrip(".") + "\n    else it shall attend consultations with Borland within 30 days."
FULL = "S-1 says: completeness register notification-register kind annual-calendar from 2026-01-01 until 2027-11-15\n"
EXCHANGE = "S-1 says: completeness kind data-exchange\n"
D = "Arland says: data-exchange D-1 party Arland recipient Borland received "


def sent(*days: str) -> str:
    return "".join(f"Arland says: annual-calendar C-{n} party Arland recipient Borland received {day}\n" for n, day in enumerate(days))


RECURRING: Mapping[str, tuple[str, str, str]] = {
    "denied over the period": (YEARLY, FORCE, AS_OF + sent("2026-11-10") + "Borland denies: annual-calendar party Arland recipient Borland received 2026-01-01..2026-11-15\nexpect 1#2026-11-15@arland>borland disputed; Arland kept; Borland breached; neutrals open\nexpect 1#2026-11-15@borland>arland unverified; Arland open; Borland open; neutrals open\nexpect 1#2027-11-15@arland>borland not due yet; Arland not due yet; neutrals not due yet"),
    "denied for a part of it": (YEARLY, FORCE, AS_OF + sent("2026-11-10") + "Borland denies: annual-calendar party Arland recipient Borland received 2026-11-01..2026-11-15\nexpect 1#2026-11-15@arland>borland kept; Arland kept; Borland open; neutrals open"),
    "on the day": (YEARLY, FORCE, AS_OF + sent("2026-11-15") + "expect 1#2026-11-15@arland>borland kept; Arland kept; Borland kept; neutrals kept"),
    "none": (YEARLY, FORCE, AS_OF + FULL + "expect 1#2026-11-15@arland>borland breached; Arland breached; Borland breached; neutrals breached"),
    "register over a part": (YEARLY, FORCE, AS_OF + FULL.replace("from 2026-01-01", "from 2026-06-01") + "expect 1#2026-11-15@arland>borland unverified; Arland open; neutrals open"),
    "register over each period by itself": (YEARLY, FORCE, AS_OF.replace("2026", "2027") + FULL.replace("from 2026-01-01", "from 2026-11-16") + "expect 1#2026-11-15@arland>borland unverified; neutrals open\nexpect 1#2027-11-15@arland>borland breached; neutrals breached"),
    "late": (YEARLY, FORCE, AS_OF + sent("2026-11-16") + FULL + "expect 1#2026-11-15@arland>borland breached; Arland breached; neutrals breached"),
    "late counts for the next": (YEARLY, FORCE, AS_OF.replace("2026", "2027") + sent("2026-11-16") + FULL + "expect 1#2026-11-15@arland>borland breached; Arland breached\nexpect 1#2027-11-15@arland>borland kept; Arland kept; neutrals kept"),
    "to another": (YEARLY, FORCE, AS_OF + sent("2026-11-10").replace("Borland", "Carland") + FULL + "expect 1#2026-11-15@arland>borland breached; neutrals breached\nexpect 1#2026-11-15@arland>carland kept; neutrals kept"),
    "withdrawn": (YEARLY, FORCE, AS_OF + sent("2026-11-10") + "Arland withdraws: annual-calendar C-0\n" + FULL + "expect 1#2026-11-15@arland>borland breached; Arland breached; neutrals breached"),
    "the day before it is due": (YEARLY, FORCE, AS_OF.replace("12-01", "11-14") + FULL + "expect 1#2026-11-15@arland>borland not due yet; Arland not due yet"),
    "the day it is due": (YEARLY, FORCE, AS_OF.replace("12-01", "11-15") + FULL + "expect 1#2026-11-15@arland>borland breached; Arland breached"),
    "sent before the agreement binds": (YEARLY, ";\n    enters into force on 2026-11-10", AS_OF + sent("2026-11-05") + FULL + "expect 1#2026-11-15@arland>borland breached; Arland breached; neutrals breached"),
    "no due day before entry": (YEARLY, ";\n    enters into force on 2026-11-16", AS_OF + FULL + "expect 1#2026-11-15@arland>borland untested\nexpect 1 not due yet"),
    "never in force": (YEARLY, ";\n    enters into force when all Parties have ratified", AS_OF + sent("2026-11-05") + "expect 1 not in force; Arland not bound"),
    "in force since ever": (YEARLY, "", AS_OF + sent("2025-03-01") + "expect 1#2025-11-15@arland>borland kept; neutrals kept\nexpect 1#2026-11-15@arland>borland unverified\nexpect 1#2024-11-15@arland>borland untested"),
    "nothing ever said": (YEARLY, "", AS_OF + "expect 1 untested"),
    "from a date": ("rule 1: from 2026-06-01, " + YEARLY.removeprefix("rule 1: "), "", AS_OF + sent("2026-05-01") + FULL + "expect 1#2026-11-15@arland>borland breached; Arland breached"),
    "until a date": ("rule 1: until 2026-06-01, " + YEARLY.removeprefix("rule 1: "), FORCE, AS_OF + FULL + "expect 1 not in force; Arland not bound"),
    "voluntary": (YEARLY.replace("shall send", "shall voluntarily send"), FORCE, AS_OF + FULL + sent("2026-11-10") + "expect 1#2026-11-15@arland>borland kept\nexpect 1#2026-11-15@borland>arland untested"),
    "excused": ("rule 1: each Party P shall provide a data-exchange to every other Party once every 30 days after 2026-10-01 unless P is Carland.", "", AS_OF + EXCHANGE + "expect 1#2026-10-31@carland>arland kept; neutrals kept\nexpect 1#2026-10-31@arland>carland breached; neutrals breached"),
    "else": (ELSE, FORCE, AS_OF + FULL + "Arland says: consultation K-1 party Arland recipient Borland start 2026-11-30\nexpect 1.else#2026-11-15@arland>borland kept; Arland kept; neutrals kept\nexpect 1.else#2026-11-15@carland>arland not due yet; Carland not due yet"),
    "else not triggered": (ELSE, FORCE, AS_OF + sent("2026-11-10") + "expect 1.else#2026-11-15@arland>borland untested"),
    "quarters with grace": ("rule 1: Arland shall provide a data-exchange to Borland within 30 days after the end of each quarter.", FORCE, AS_OF + EXCHANGE + D + "2026-04-30\nexpect 1#2026-04-30@arland kept; neutrals kept\nexpect 1#2026-07-30@arland breached; neutrals breached\nexpect 1#2027-01-30@arland not due yet"),
    "each month": ("rule 1: Arland shall provide a data-exchange to Borland each month.", FORCE, AS_OF + EXCHANGE + D + "2026-02-28\nexpect 1#2026-02-28@arland kept\nexpect 1#2026-01-31@arland breached\nexpect 1#2026-12-31@arland not due yet"),
    "each week": ("rule 1: Arland shall provide a data-exchange to Borland each week.", FORCE, AS_OF + EXCHANGE + D + "2026-01-11\nexpect 1#2026-01-11@arland kept\nexpect 1#2026-01-04@arland breached"),
    "two days a year": ("rule 1: Arland shall provide a data-exchange to Borland by 1 September and 1 March every calendar year.", FORCE, AS_OF + EXCHANGE + D + "2026-03-02\nexpect 1#2026-03-01@arland breached\nexpect 1#2026-09-01@arland kept\nexpect 1#2027-03-01@arland not due yet"),
    "29 February": ("rule 1: Arland shall provide a data-exchange to Borland each year by 29 February.", FORCE, AS_OF + EXCHANGE + D + "2026-02-28\nexpect 1#2026-02-28@arland kept\nexpect 1#2027-02-28@arland not due yet"),
    "months from the 31st": ("rule 1: Arland shall provide a data-exchange to Borland every 1 month after 2026-01-31.", "", AS_OF + EXCHANGE + D + "2026-02-28\nexpect 1#2026-02-28@arland kept\nexpect 1#2026-03-31@arland breached"),
    "hours": ("rule 1: Arland shall provide a data-exchange to Borland every 48 hours.", ";\n    enters into force on 2026-11-01", AS_OF + EXCHANGE + D + "2026-11-02T23:00Z\nexpect 1#2026-11-03T00:00Z@arland kept\nexpect 1#2026-11-05T00:00Z@arland breached"),
    "from entry, which accounts hold apart": ("rule 1: Arland shall provide a data-exchange to Borland every 30 days.", ";\n    enters into force when all Parties have ratified", AS_OF + EXCHANGE + "Arland says: ratification R-1 party Arland deposited 2026-09-01\nBorland says: ratification R-2 party Borland deposited 2026-09-01\nCarland says: ratification R-3 party Carland deposited 2026-09-01\nBorland says: ratification R-3 party Carland deposited 2026-10-20\n" + D + "2026-09-30\nexpect 1#2026-10-01@arland disputed; Arland kept; Borland breached; neutrals kept"),
}  # fmt: skip


ASKED = "rule 1: when a Party A asks an inquiry Q to a Party B, B shall answer Q to A within 48 hours of Q.received\n    else "
MUST = ASKED + "B shall attend consultations with A within 48 hours."
MAY = ASKED + "A may attend consultations with B."
SILENT = (
    AS_OF
    + "Borland says: inquiry Q-1 party Arland recipient Borland received 2026-03-01T10:00Z\nBorland denies: reply party Borland recipient Arland about Q-1\n"
)
NO_TALKS = "Borland denies: consultation party Borland recipient Arland\n"
ELSE: Mapping[str, tuple[str, str, str]] = {
    "one shall, and does not": (MUST, "", SILENT + NO_TALKS + "expect 1#Q-1 breached; Borland breached\nexpect 1.else#Q-1 breached; Borland breached"),
    "one shall, and does": (MUST, "", SILENT + "Borland says: consultation K-1 party Borland recipient Arland start 2026-03-04T10:00Z\nexpect 1#Q-1 breached\nexpect 1.else#Q-1 kept"),
    "one may, and does not": (MAY, "", SILENT + NO_TALKS.replace("Borland denies: consultation party Borland recipient Arland", "Arland denies: consultation party Arland recipient Borland") + "expect 1#Q-1 breached; Borland breached\nexpect 1.else#Q-1 untested"),
    "one may, and does": (MAY, "", SILENT + "Arland says: consultation K-1 party Arland recipient Borland start 2026-03-04T10:00Z\nexpect 1#Q-1 breached; Borland breached\nexpect 1.else#Q-1 untested"),
}  # fmt: skip
GROUPS = {"strict": STRICT, "view": VIEWS, "recurring": RECURRING, "else": ELSE}


@pytest.mark.parametrize("names", MIRRORS, ids=("told", "mirrored"))
@pytest.mark.parametrize(("group", "story"), [(g, s) for g, some in GROUPS.items() for s in some])
def test_duties(group: str, story: str, names: Mapping[str, str], tmp_path: Path) -> None:
    rules, life, case = GROUPS[group][story]
    check(tmp_path, mirrored(document(rules, case, life), names))
