"""What people write and the language says otherwise: each phrase is recovered, applied, read, and means what is meant."""

from __future__ import annotations

import pytest

from detente.agreement.fix import fix_document
from detente.agreement.format import format_document
from detente.agreement.load import parse_agreement
from detente.agreement.rewordings import _REWORDINGS, rewordings

NOTIFY = "each Party that conducts an exercise X shall notify X to every other Party {}"
TROOPS = "no Party shall conduct an exercise X where X.troops {}"
COUNT = "at all times, for each Party P, the number of launchers of P {}"
SEND = "each Party shall send its annual-calendar to every other Party {}"
ASK = "when a Party A asks an inquiry Q to a Party B, B shall answer Q to A within 48 hours{} B shall attend consultations with A within 48 hours"

PHRASES: tuple[tuple[str, str, str], ...] = (
    # frame, as written, as the language says it
    (NOTIFY, "at least 42 days prior to X.start", "at least 42 days before X.start"),
    (NOTIFY, "at least 42 days in advance of X.start", "at least 42 days before X.start"),
    (NOTIFY, "at least 42 days ahead of X.start", "at least 42 days before X.start"),
    (NOTIFY, "within 48 hours from X.start", "within 48 hours of X.start"),
    (NOTIFY, "within 48 hours following X.start", "within 48 hours after X.start"),
    (NOTIFY, "within 48 hours subsequent to X.start", "within 48 hours after X.start"),
    (NOTIFY, "at most 48 hours after X.start", "no later than 48 hours after X.start"),
    (NOTIFY, "not more than 5 days after X.start", "no later than 5 days after X.start"),
    (NOTIFY, "by no later than X.start", "no later than X.start"),
    (NOTIFY, "no later then X.start", "no later than X.start"),
    (NOTIFY, "in 5 days after X.start", "within 5 days after X.start"),
    (NOTIFY, "within 30 days of entry into force", "within 30 days of entry-into-force"),
    (NOTIFY, "within 48 hrs of X.start", "within 48 hours of X.start"),
    (NOTIFY, "within 48h of X.start", "within 48 hours of X.start"),
    (NOTIFY, "within 2 yrs of X.start", "within 2 years of X.start"),
    (TROOPS, "is 9000 or more", "is at least 9000"),
    (TROOPS, "is 9000 or above", "is at least 9000"),
    (TROOPS, "is 9000 or fewer", "is at most 9000"),
    (TROOPS, "is 9000 and above", "is at least 9000"),
    (TROOPS, "is 9000 or greater", "is at least 9000"),
    (TROOPS, "is 9000 or upwards", "is at least 9000"),
    (TROOPS, "is 9000 and below", "is at most 9000"),
    (TROOPS, "is 9000 or smaller", "is at most 9000"),
    (TROOPS, "is greater or equal to 9000", "is at least 9000"),
    (TROOPS, "is greater than or equal to 9000", "is at least 9000"),
    (TROOPS, ">= 9000", "is at least 9000"),
    (TROOPS, "is ≥ 9000", "is at least 9000"),
    (TROOPS, "is at or above 9000", "is at least 9000"),
    (TROOPS, "is less than or equal to 9000", "is at most 9000"),
    (TROOPS, "is <= 9000", "is at most 9000"),
    (TROOPS, "is > 9000", "is more than 9000"),
    (TROOPS, "< 9000", "is less than 9000"),
    (TROOPS, "is no fewer than 9000", "is at least 9000"),
    (TROOPS, "is no smaller than 9000", "is at least 9000"),
    (TROOPS, "is not higher than 9000", "is at most 9000"),
    (TROOPS, "is larger than 9000", "is more than 9000"),
    (TROOPS, "is in excess of 9000", "is more than 9000"),
    (TROOPS, "is lower than 9000", "is less than 9000"),
    (TROOPS, "exceeds 9000", "is more than 9000"),
    (TROOPS, "does not exceed 9000", "is at most 9000"),
    (TROOPS, "equals 9000", "is equal to 9000"),
    (TROOPS, "= 9000", "is equal to 9000"),
    (TROOPS, "is 9000 at least", "is at least 9000"),
    (TROOPS, "is 9000 at most", "is at most 9000"),
    (TROOPS, "is between 9000 to 10000", "is between 9000 and 10000"),
    (TROOPS, "is from 9000 to 10000", "is between 9000 and 10000"),
    (TROOPS, "is a minimum of 9000", "is at least 9000"),
    (TROOPS, "is not in excess of 9000", "is at most 9000"),
    (COUNT, "must not exceed 500", "shall not exceed 500"),
    (COUNT, "may not exceed 500", "shall not exceed 500"),
    (COUNT, "shall never exceed 500", "shall not exceed 500"),
    (COUNT, "shall in no case exceed 500", "shall not exceed 500"),
    (COUNT, "shall not surpass 500", "shall not exceed 500"),
    (COUNT, "shall not go above 500", "shall not exceed 500"),
    (COUNT, "shall not drop below 500", "shall not fall below 500"),
    (COUNT, "shall be limited to 500", "shall be at most 500"),
    (COUNT, "shall be a maximum of 500", "shall be at most 500"),
    (COUNT, "shall not exceed its value as of 1997-05-27 by more than 5 %", "shall not exceed its value as of 1997-05-27 by more than 5 percent"),
    (SEND, "each year by 15th November", "each year by 15 November"),
    (SEND, "each year by the 15th of November", "each year by 15 November"),
    (SEND, "each year by November 15", "each year by 15 November"),
    (SEND, "each year by 15 Nov", "each year by 15 November"),
    (SEND, "yearly", "each year"),
    (SEND, "quarterly", "each quarter"),
    (SEND, "once per year", "each year"),
    ("{} shall conduct an exercise X", "neither Party", "no Party"),
    ("{} shall conduct an exercise X", "none of the Parties", "no Party"),
    ("{} conduct an exercise X", "no Party must", "no Party shall"),
    ("{} that conducts an exercise X shall notify X to Arland within 2 days", "every Party", "each Party"),
    ("{} shall send its annual-calendar to Arland each year", "all Parties", "each Party"),
    ("each Party {} send its annual-calendar to every other Party each year", "is required to", "shall"),
    ("Arland {} conduct an exercise X", "must not", "shall not"),
    ("{}, for each Party P, the number of launchers of P shall not exceed 500", "at any time", "at all times"),
    (ASK, ", otherwise", ", else"),
    (ASK, ", failing which", ", else"),
    ("no Party shall conduct an exercise X {} X is unannounced-to-troops", "except where", "unless"),
    ("no Party shall conduct an exercise X {} X.troops is at least 9000", "if", "where"),
)  # fmt: skip


def document(rule: str) -> str:
    return f"# T\n\n```rule\nagreement: parties Arland, Borland.\nrule 1: {rule}.\n```\n"


@pytest.mark.parametrize(("frame", "written", "meant"), PHRASES, ids=[w for _, w, _ in PHRASES])
def test_a_phrase_is_put_as_the_language_says_it(frame: str, written: str, meant: str) -> None:
    text, changes, _ = fix_document(document(frame.format(written)), "a.md")
    assert changes
    assert text == document(frame.format(meant))
    agreement, problems = parse_agreement(text, "a.md")
    assert agreement is not None
    assert [p.code for p in problems if p.fix] == []


def test_every_rewording_has_a_phrase() -> None:
    seen = {pattern.pattern for pattern, _ in _REWORDINGS for frame, written, _ in PHRASES if pattern.search(frame.format(written))}
    assert seen == {pattern.pattern for pattern, _ in _REWORDINGS}


def test_what_the_language_says_is_left_alone() -> None:
    for frame, _, meant in PHRASES:
        text = document(frame.format(meant))
        assert fix_document(text, "a.md")[:2] == (text, ())


UNFIXED = (
    "no Party shall condct an exercise X",  # a near word is a guess
    "no Party shall conduct an exercise X where X.troop is more than 5",
    "at all times, for each Party P, the number of launchers of P shall surpass 500",  # nobody can mean that
    "each Party shall send its annual-calendar to every other Party twice a year",
    "each Party that conducts an exercise X shall notify X to every other Party as soon as possible",
)


@pytest.mark.parametrize("rule", UNFIXED)
def test_what_has_no_single_way_is_left(rule: str) -> None:
    text = document(rule)
    fixed, changes, problems = fix_document(text, "a.md")
    assert (fixed, changes) == (text, ())
    assert problems


def test_one_fault_hides_no_fix_of_another() -> None:
    text = document("no Party must conduct an exercise X where X.troops is 9000 or more and X.range exceeds 5 km") + document(
        "no Party shall conduct an exercise X where X.troops >= 5"
    ).replace("agreement: parties Arland, Borland.\n", "").replace("rule 1", "rule 2")
    fixed, changes, problems = fix_document(text, "a.md")
    assert [c.after for c in changes] == ["shall", "is at least", "is more than", "at least 9000"]
    assert [p.code for p in problems] == ["unknown-field"]  # an exercise has no range
    assert "X.troops is at least 5" in fixed
    assert str(changes[0]) == 'a.md:5:18: "must" becomes "shall"'


def test_a_fixed_text_formats_and_is_stable() -> None:
    text, _, _ = fix_document(document(TROOPS.format("is 9000\n   or more")), "a.md")
    once, problems = format_document(text, "a.md")
    assert problems == ()
    assert fix_document(once, "a.md")[0] == once
    assert format_document(once, "a.md")[0] == once


def test_hostile_text_is_looked_at_near_the_fault_only() -> None:
    text = "rule 1: no Party shall conduct an exercise X where " + "9 or " * 20_000
    assert list(rewordings(text, 10)) == []
