"""What real agreements trip over: small tables of rule, rows and expected votes, for both evaluators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pytest

from detente.agreement.clause import (
    AccountRule,
    Agreement,
    Evidence,
    FieldOf,
    Is,
    Life,
    Occasion,
    Parties,
    PartyVar,
    Prohibition,
    When,
)
from detente.model.duration import Duration
from detente.model.verdict import Outcome, Status, Vote

from . import bridge
from .evaluate import evaluate
from .fixed import (
    ACCESSION_DATA,
    AFTER_DAYS,
    ANSWERS,
    BOMBERS,
    BRIGADES,
    DATED_LIFE,
    DEPLOYMENTS,
    DISTANCE,
    LIVING,
    NOTIFICATION,
    SPAN,
    WARHEADS,
    agreement,
    head,
)
from .strategies import RATIFIED, SOURCES

K, B, O, NT, NB, ND = Vote.KEPT, Vote.BREACHED, Vote.OPEN, Vote.NOT_TRIGGERED, Vote.NOT_BOUND, Vote.NOT_DUE  # noqa: E741
KEPT, BREACHED, DISPUTED, UNVERIFIED = Outcome.KEPT, Outcome.BREACHED, Outcome.DISPUTED, Outcome.UNVERIFIED
EARLY, LATE = "2026-01-03T08:00:00Z", "2026-03-02T08:00:00Z"
_VOICES = {
    "a": "arland-mfa",
    "b": "borland-mfa",
    "c": "carland-mfa",
    "m": "mission",
    "o": "observers",
    "s": "satellite",
    "r": "keeper",
    "p": "herald",
}
_numbers = iter(range(10**6))

Key = tuple[str, str | None, str, str | None]


def row(table: str, source: str, event: str = "", *, says: str = "asserts", at: str = EARLY, **cells: str) -> dict[str, str]:
    """A row; cells' underscores stand for hyphens, and `from_` for `from`."""
    named = {c.rstrip("_").replace("_", "-"): v for c, v in cells.items()}
    return {
        "table": table,
        "id": cells.pop("id", f"t-{next(_numbers)}"),
        "source": _VOICES[source],
        "says": says,
        "event": event,
        "said_at": at,
        "published_at": at,
    } | named


def complete(source: str, kind: str, register: str, **cells: str) -> dict[str, str]:
    made = row("completeness", source, at=LATE, kind=kind, register=register, **cells)
    return {c: v for c, v in made.items() if c not in ("says", "event")}


def link(source: str, kind: str, a: str, b: str, says: str = "asserts") -> dict[str, str]:
    made = row("identity", source, says=says, kind=kind, a=a, b=b)
    return {c: v for c, v in made.items() if c != "event"}


@dataclass(frozen=True)
class Trap:
    """Evidence and, for one instance, every party's and the neutrals' vote and the outcome."""

    name: str
    law: Agreement
    rows: tuple[Mapping[str, str], ...]
    key: Key
    votes: str
    """Arland's, Borland's, Carland's and the neutrals' vote: K kept, B breached, O open, T not triggered, N not bound, D not due yet; "" where the instance is dropped."""
    outcome: Outcome | None
    status: Status | None = None
    question: Mapping[str, Any] = field(default_factory=lambda: {"as_of": "2026-03-31"})


NO_ALERT = replace(NOTIFICATION, exceptions=())
NOTIFY = agreement(NO_ALERT)
NOTIFY_OR_ALERT = agreement(NOTIFICATION)
ANSWER = agreement(ANSWERS)
TO_BORLAND: Key = ("40", "West-26", "Arland", "Borland")


def west(source: str = "a", *, event: str = "West-26", **cells: str) -> dict[str, str]:
    return row("exercise", source, event, **({"party": "Arland", "troops": "9400", "start": "2026-02-20"} | cells))


def notice(source: str = "a", event: str = "N-1", **cells: str) -> dict[str, str]:
    return row(
        "notification", source, event, **({"party": "Arland", "recipient": "Borland", "about": "West-26", "received": "2026-01-07"} | cells)
    )


def none_received(source: str, before: str = "2026-01-15", **cells: str) -> dict[str, str]:
    return row(
        "notification",
        source,
        says="denies",
        at="2026-01-20T08:00:00Z",
        **({"about": "West-26", "recipient": "Borland", "received": f"<{before}"} | cells),
    )


def asked(source: str = "b", at: str = "2026-02-01T10:00:00Z", event: str = "Q-1") -> dict[str, str]:
    return row("inquiry", source, event, party="Borland", recipient="Arland", received=at)


def answered(source: str = "a", at: str = "2026-02-03T09:00:00Z", event: str = "R-1", **cells: str) -> dict[str, str]:
    return row("reply", source, event, **({"party": "Arland", "recipient": "Borland", "about": "Q-1", "received": at} | cells))


NO_REPLY = row("reply", "b", says="denies", at=LATE, recipient="Borland", about="Q-1")
ANSWERED: Key = ("16.1", "Q-1", "Arland", None)
REFUSALS = Prohibition(
    head("16.2"), Parties(), PartyVar(""), Occasion("reply", "R", (("party", PartyVar("")),), Is(FieldOf("R", "refusal"), None, SPAN))
)
MANDATED = agreement(NO_ALERT, evidence=Evidence(establishes=("bearer", "mission")))
MISSION_SAW_NONE = row("notification", "m", says="denies", at=LATE, about="West-26")
VOLUNTARY = agreement(replace(NO_ALERT, voluntary=True))
RELEASED = Life(stated=True, release=Duration(30, "days"))


def stock(source: str, value: str, event: str = "I-1", at: str = "2026-01-10", **cells: str) -> dict[str, str]:
    return row("inventory", source, event, **({"party": "Arland", "of": "deployed-warhead", "value": value, "as-of": at} | cells))


def changed(source: str, by: str, at: str, event: str = "G-1") -> dict[str, str]:
    return row("change", source, event, party="Arland", of="deployed-warhead", by=by, at_=at)


CEILING: Key = ("II.1", None, "Arland", None)
BRIGADE: Key = ("IV.1", "West-26", "Arland", None)
STANDING: Key = ("IV.1", None, "Arland", None)
BIG = {"level": "brigade", "area": "border"}
CONSENT = agreement(BRIGADES)
PUT_ON: Key = ("V.2", "D-1", "Borland", None)


def put(source: str, on: str, **cells: str) -> dict[str, str]:
    return row("deployment", source, "D-1", **({"party": "Borland", "on": on, "troops": "500", "start": "2026-02-10"} | cells))


def consented(source: str, party: str, event: str, given: str = "2026-02-10") -> dict[str, str]:
    return row("consent", source, event, party=party, about="West-26", given=given)


TRAPS = (
    # ---- nothing was notified ---------------------------------------------------------------
    Trap("nothing notified, nobody can tell", NOTIFY, (west(),), TO_BORLAND, "OOOO", UNVERIFIED),
    Trap(
        "nothing notified, the register is complete",
        NOTIFY,
        (west(), complete("r", "notification", "notification-register")),
        TO_BORLAND,
        "BBBB",
        BREACHED,
    ),
    Trap(
        "nothing notified, the register is complete only from January",
        NOTIFY,
        (west(), complete("r", "notification", "notification-register", from_="2026-01-01")),
        TO_BORLAND,
        "OOOO",
        UNVERIFIED,
    ),
    Trap(
        "another register is complete", NOTIFY, (west(), complete("r", "notification", "exercise-register")), TO_BORLAND, "OOOO", UNVERIFIED
    ),
    Trap(
        "the bearer admits it, others hear an own act",
        NOTIFY,
        (west(), row("notification", "a", says="denies", at=LATE, party="Arland", about="West-26")),
        TO_BORLAND,
        "BBBB",
        BREACHED,
    ),
    Trap("accounts differ: sent against not received", NOTIFY, (west(), notice(), none_received("b")), TO_BORLAND, "KBOO", DISPUTED),
    Trap("a pattern of another's acts is not heard by the others", NOTIFY, (west(), none_received("c")), TO_BORLAND, "OOBO", UNVERIFIED),
    Trap("a pattern too short for the due day", NOTIFY, (west(), none_received("b", "2026-01-09")), TO_BORLAND, "OOOO", UNVERIFIED),
    Trap("a pattern to the end of the due day", NOTIFY, (west(), none_received("b", "2026-01-10")), TO_BORLAND, "BBBB", UNVERIFIED),
    # ---- boundaries ---------------------------------------------------------------------------
    Trap(
        "42 calendar days: any moment of the due date", NOTIFY, (west(), notice(received="2026-01-09T23:59:00Z")), TO_BORLAND, "KKKK", KEPT
    ),
    Trap(
        "one minute into the next day",
        NOTIFY,
        (west(), notice(received="2026-01-10T00:00:00Z"), complete("r", "notification", "notification-register")),
        TO_BORLAND,
        "BBBB",
        BREACHED,
        Status.CURED,
    ),
    Trap(
        "the day is the agreement's own",
        agreement(NO_ALERT, evidence=Evidence(time_zone="Europe/Moscow")),
        (west(), notice(received="2026-01-09T21:30:00Z"), complete("r", "notification", "notification-register")),
        TO_BORLAND,
        "BBBB",
        BREACHED,
        Status.CURED,
    ),
    Trap("48 hours, to the second", ANSWER, (asked(), answered(at="2026-02-03T10:00:00Z")), ANSWERED, "KKKK", KEPT),
    Trap(
        "one second more",
        ANSWER,
        (asked("m"), answered(at="2026-02-03T10:00:01Z"), complete("r", "reply", "request-register")),
        ANSWERED,
        "BBBB",
        BREACHED,
    ),
    Trap(
        "an answer before the question",
        ANSWER,
        (asked("m"), answered(at="2026-02-01T09:00:00Z"), complete("r", "reply", "request-register")),
        ANSWERED,
        "BBBB",
        BREACHED,
    ),
    Trap("a date alone cannot tell hours", ANSWER, (asked(at="2026-02-01"), answered(at="2026-02-03")), ANSWERED, "OOOO", UNVERIFIED),
    Trap(
        "consent at the start is too late",
        CONSENT,
        (west(**BIG), consented("b", "Borland", "C-1", "2026-02-20"), consented("c", "Carland", "C-2")),
        BRIGADE,
        "OOOO",
        UNVERIFIED,
    ),
    Trap(
        "consent of all before the start",
        CONSENT,
        (west(**BIG), consented("b", "Borland", "C-1"), consented("c", "Carland", "C-2")),
        BRIGADE,
        "KKKK",
        KEPT,
    ),
    Trap("consent nobody mentions was not given", CONSENT, (west(**BIG), consented("c", "Carland", "C-2")), BRIGADE, "BBBB", BREACHED),
    Trap(
        "consent that only the bearer claims",
        CONSENT,
        (west(**BIG), consented("a", "Borland", "C-1"), consented("c", "Carland", "C-2")),
        BRIGADE,
        "KBBB",
        DISPUTED,
    ),
    Trap("a level below", CONSENT, (west(**BIG | {"level": "battalion"}),), BRIGADE, "", None),
    Trap("a level that may be", CONSENT, (west(**BIG | {"level": "battalion..division"}),), BRIGADE, "OOOO", UNVERIFIED),
    # ---- identity and size -----------------------------------------------------------------------
    Trap(
        "two sizes: the larger only in Borland's account",
        agreement(NO_ALERT),
        (
            west(troops="8900"),
            row("exercise", "b", "West-26", party="Arland", troops="9100"),
            complete("r", "notification", "notification-register"),
        ),
        TO_BORLAND,
        "TBTT",
        DISPUTED,
    ),
    Trap(
        "equal sources with two sizes give the hull",
        NOTIFY,
        (west("m", troops="8900"), west("o", troops="9100"), complete("r", "notification", "notification-register")),
        TO_BORLAND,
        "OOOO",
        UNVERIFIED,
    ),
    Trap("notified under another name, not linked", NOTIFY, (west(), notice(about="Westward")), TO_BORLAND, "OOOO", UNVERIFIED),
    Trap(
        "notified under another name, linked by a monitor",
        NOTIFY,
        (west(), notice(about="Westward"), link("m", "exercise", "West-26", "Westward")),
        TO_BORLAND,
        "KKKK",
        KEPT,
    ),
    Trap(
        "linked only by the bearer, denied by the recipient",
        NOTIFY,
        (west(), notice(about="Westward"), link("a", "exercise", "West-26", "Westward"), none_received("b")),
        TO_BORLAND,
        "KBBB",
        DISPUTED,
    ),
    Trap("split into two below the threshold", NOTIFY, (west(troops="5000"), west(event="West-27", troops="5000")), TO_BORLAND, "", None),
    Trap(
        "one notification to several, denied by one",
        NOTIFY,
        (
            west(),
            notice(recipient="Borland; Carland"),
            row("notification", "b", "N-1", says="denies", recipient="Borland"),
            none_received("b"),
        ),
        TO_BORLAND,
        "KBOO",
        DISPUTED,
    ),
    Trap("one notification to all", NOTIFY, (west(), notice(recipient="all")), ("40", "West-26", "Arland", "Carland"), "KKKK", KEPT),
    # ---- accusations and silence ----------------------------------------------------------------
    Trap("an accusation that nobody answers", ANSWER, (asked(), NO_REPLY), ANSWERED, "BBBB", UNVERIFIED),
    Trap("an accusation that is answered", ANSWER, (asked(), NO_REPLY, answered()), ANSWERED, "KBOO", DISPUTED),
    Trap(
        "the asking party breached in words of its own",
        ANSWER,
        (asked("m"), row("reply", "m", says="denies", at=LATE, about="Q-1")),
        ANSWERED,
        "BBBB",
        BREACHED,
    ),
    Trap(
        "the consequence follows the breach in the same account",
        ANSWER,
        (
            asked("m"),
            row("reply", "m", says="denies", at=LATE, about="Q-1"),
            row("consultation", "m", "K-1", party="Arland", recipient="Borland", start="2026-02-04"),
        ),
        ("16.1.else", "Q-1", "Arland", None),
        "KKKK",
        KEPT,
    ),
    Trap(
        "an open duty breaches no consequence",
        ANSWER,
        (asked("m"), complete("r", "consultation", "meeting-register")),
        ("16.1.else", "Q-1", "Arland", None),
        "OOOO",
        UNVERIFIED,
    ),
    Trap(
        "press objects: shown, never deciding",
        NOTIFY,
        (west(), complete("r", "notification", "notification-register"), notice("p")),
        TO_BORLAND,
        "BBBB",
        BREACHED,
    ),
    Trap(
        "in time, but refused: two rules, two verdicts (1)",
        agreement(ANSWERS, REFUSALS),
        (asked(), answered(refusal="no"), row("reply", "b", "R-1", refusal="yes")),
        ANSWERED,
        "KKKK",
        KEPT,
    ),
    Trap(
        "in time, but refused: two rules, two verdicts (2)",
        agreement(ANSWERS, REFUSALS),
        (asked(), answered(refusal="no"), row("reply", "b", "R-1", refusal="yes")),
        ("16.2", "R-1", "Arland", None),
        "TBOO",
        DISPUTED,
    ),
    # ---- whose word is enough ---------------------------------------------------------------------
    Trap("a monitor against the sender", NOTIFY, (west("m"), notice(), MISSION_SAW_NONE), TO_BORLAND, "KKKB", DISPUTED),
    Trap("a monitor the agreement mandates", MANDATED, (west("m"), notice(), MISSION_SAW_NONE), TO_BORLAND, "KKKB", BREACHED),
    Trap(
        "a mandated monitor against the bearer's admission",
        MANDATED,
        (west(), west("m"), notice("m"), row("notification", "a", says="denies", at=LATE, party="Arland")),
        TO_BORLAND,
        "BBBK",
        DISPUTED,
    ),
    Trap(
        "neutrals that hear no party",
        agreement(NO_ALERT, evidence=Evidence(accounts=(AccountRule("neutrals", ("monitors", "sensors"), SPAN),))),
        (west("m"), notice()),
        TO_BORLAND,
        "KKKO",
        KEPT,
    ),
    Trap(
        "own statements and nothing else",
        agreement(NO_ALERT, evidence=Evidence(accounts=(AccountRule("each Party", ("own",), SPAN, nothing_else=True),))),
        (west("m"), west(), west("b"), notice()),
        TO_BORLAND,
        "KOOK",
        KEPT,
    ),
    # ---- what the text leaves open, what belongs to whom --------------------------------------------
    Trap(
        "the text names no number",
        agreement(DISTANCE),
        (west(aircraft="40"),),
        ("XI", "West-26", "Arland", None),
        "OOOO",
        None,
        Status.LEFT_OPEN,
    ),
    Trap(
        "a place in dispute is resolved per account",
        agreement(DEPLOYMENTS),
        (put("b", "Dorland"), put("c", "Carland")),
        PUT_ON,
        "TTBT",
        DISPUTED,
    ),
    Trap("membership on the date the rule names", agreement(DEPLOYMENTS), (put("b", "Carland"),), PUT_ON, "BBBB", BREACHED),
    Trap("not yet a member", agreement(DEPLOYMENTS), (put("b", "Carland", start="2026-01-09"),), PUT_ON, "", None),
    Trap("perhaps a member", agreement(DEPLOYMENTS), (put("b", "Carland", start="2026-01-09..2026-01-12"),), PUT_ON, "OOOO", UNVERIFIED),
    # ---- the life of the agreement -------------------------------------------------------------------
    Trap(
        "before entry into force",
        agreement(BRIGADES, life=DATED_LIFE),
        (west(**BIG | {"start": "2026-01-04"}),),
        BRIGADE,
        "NNNN",
        None,
        Status.NOT_IN_FORCE,
    ),
    Trap(
        "on the day it expires",
        agreement(BRIGADES, life=DATED_LIFE),
        (west(**BIG | {"start": "2026-04-05"}),),
        BRIGADE,
        "NNNN",
        None,
        Status.NOT_IN_FORCE,
        {"as_of": "2026-05-01"},
    ),
    Trap(
        "on the last day",
        agreement(BRIGADES, life=DATED_LIFE),
        (west(**BIG | {"start": "2026-04-04"}),),
        BRIGADE,
        "BBBB",
        BREACHED,
        None,
        {"as_of": "2026-05-01"},
    ),
    Trap(
        "the thirtieth day after notice still binds",
        agreement(BRIGADES, life=RELEASED),
        (west(**BIG), row("withdrawal", "a", "W-1", party="Arland", notified="2026-01-21")),
        BRIGADE,
        "BBBB",
        BREACHED,
    ),
    Trap(
        "the thirty-first does not",
        agreement(BRIGADES, life=RELEASED),
        (west(**BIG), row("withdrawal", "a", "W-1", party="Arland", notified="2026-01-20")),
        BRIGADE,
        "NNNN",
        None,
        Status.NOT_IN_FORCE,
    ),
    Trap(
        "one of many withdraws: the others stay bound",
        agreement(BRIGADES, life=RELEASED),
        (west(**BIG), row("withdrawal", "b", "W-1", party="Borland", notified="2026-01-10")),
        BRIGADE,
        "BBBB",
        BREACHED,
    ),
    Trap(
        "counterfactual",
        agreement(BRIGADES, life=DATED_LIFE),
        (west(**BIG | {"start": "2026-01-04"}),),
        BRIGADE,
        "BBBB",
        BREACHED,
        Status.COUNTERFACTUAL,
        {"as_of": "2026-03-31", "as_if_in_force": True},
    ),
    Trap(
        "not everybody ratified",
        agreement(ACCESSION_DATA, life=LIVING),
        RATIFIED[:2],
        ("VIII", None, "Arland", "Borland"),
        "NNNN",
        None,
        Status.NOT_IN_FORCE,
    ),
    Trap(
        "everybody ratified: due 30 days after",
        agreement(ACCESSION_DATA, life=LIVING),
        (*RATIFIED, row("data-exchange", "m", "X-1", party="Arland", recipient="Borland", received="2026-02-01T23:00:00Z")),
        ("VIII", None, "Arland", "Borland"),
        "KKKK",
        KEPT,
    ),
    # ---- the end of the record ------------------------------------------------------------------------
    Trap(
        "due after as-of",
        ANSWER,
        (asked(), complete("r", "reply", "request-register")),
        ANSWERED,
        "DDDD",
        None,
        Status.NOT_DUE,
        {"as_of": "2026-02-02"},
    ),
    Trap(
        "due as of now is judged",
        ANSWER,
        (asked("m"), complete("r", "reply", "request-register")),
        ANSWERED,
        "BBBB",
        BREACHED,
        None,
        {"as_of": "2026-02-03T10:00:00Z", "known_on": "2026-03-31"},
    ),
    Trap(
        "due, but the occasion may yet not take place",
        NOTIFY,
        (west(), complete("r", "notification", "notification-register")),
        TO_BORLAND,
        "DDDD",
        None,
        Status.NOT_DUE,
        {"as_of": "2026-02-01"},
    ),
    Trap(
        "a late denial does not rewrite what was known",
        NOTIFY,
        (west(), notice(), none_received("b")),
        TO_BORLAND,
        "KKKK",
        KEPT,
        None,
        {"as_of": "2026-03-31", "known_on": "2026-01-19"},
    ),
    # ---- not triggered ----------------------------------------------------------------------------------
    Trap("below the threshold in every account", NOTIFY, (west(troops="8999"),), TO_BORLAND, "", None),
    Trap(
        "voluntary: absence is no breach", VOLUNTARY, (west(), complete("r", "notification", "notification-register")), TO_BORLAND, "", None
    ),
    Trap(
        "below the threshold here, unknown there",
        NOTIFY,
        (west("a", party="Carland", troops="8999"), west("m", troops=">=8000", party="Arland")),
        TO_BORLAND,
        "TOOO",
        UNVERIFIED,
    ),
    # ---- last words -----------------------------------------------------------------------------------------
    Trap("corrected", NOTIFY, (west(), west(troops="8000", at="2026-01-10T08:00:00Z")), TO_BORLAND, "", None),
    Trap(
        "a denied number is removed, and lower sources are not asked",
        NOTIFY,
        (west(), west("m", troops="8000"), row("exercise", "a", "West-26", says="denies", at=LATE, party="Arland", troops="9400")),
        TO_BORLAND,
        "OOOT",
        UNVERIFIED,
    ),
    Trap(
        "a denied range cuts",
        NOTIFY,
        (west(troops="8000..10000"), row("exercise", "a", "West-26", says="denies", at=LATE, party="Arland", troops=">=9000")),
        TO_BORLAND,
        "",
        None,
    ),
    Trap(
        "withdrawn: lower sources are asked again",
        NOTIFY,
        (west(id="w-1"), west("m", troops="8000"), row("exercise", "a", "", says="withdraws", at=LATE, target="w-1")),
        TO_BORLAND,
        "",
        None,
    ),
    Trap(
        "contradictory at one moment",
        NOTIFY,
        (west(), row("exercise", "a", "West-26", says="denies", party="Arland"), complete("r", "notification", "notification-register")),
        TO_BORLAND,
        "OOOO",
        UNVERIFIED,
    ),
    Trap(
        "an exception that may hold is kept only both ways",
        NOTIFY_OR_ALERT,
        (west(**{"unannounced-to-troops": "yes..yes"}), notice(received="2026-02-01")),
        TO_BORLAND,
        "KKKK",
        KEPT,
    ),
    Trap(
        "an exception nobody claims does not hold",
        NOTIFY_OR_ALERT,
        (west(), notice(received="2026-02-01"), complete("r", "notification", "notification-register")),
        TO_BORLAND,
        "BBBB",
        BREACHED,
        Status.CURED,
    ),
    Trap(
        "equals contradict each other on the exception",
        NOTIFY_OR_ALERT,
        (west("m", **{"unannounced-to-troops": "yes"}), west("o", **{"unannounced-to-troops": "no"}), notice("m", received="2026-02-01")),
        TO_BORLAND,
        "OOOO",
        UNVERIFIED,
    ),
    # ---- standing -------------------------------------------------------------------------------------------------
    Trap("nothing heard is not kept", CONSENT, (), STANDING, "OOOO", UNVERIFIED),
    Trap(
        "a complete register keeps", CONSENT, (complete("r", "exercise", "exercise-register", until="2026-03-31"),), STANDING, "KKKK", KEPT
    ),
    Trap(
        "a register without an end is complete until it was published",
        CONSENT,
        (complete("r", "exercise", "exercise-register"),),
        STANDING,
        "OOOO",
        UNVERIFIED,
    ),
    Trap(
        "a standing register whose entries may lag",
        ANSWER,
        (asked("m"), complete("r", "reply", "request-register", lag="2 days")),
        ANSWERED,
        "BBBB",
        BREACHED,
        None,
        {"as_of": "2026-02-05", "known_on": "2026-03-31"},
    ),
    Trap(
        "and may still be missing the answer",
        ANSWER,
        (asked("m"), complete("r", "reply", "request-register", lag="2 days")),
        ANSWERED,
        "OOOO",
        UNVERIFIED,
        None,
        {"as_of": "2026-02-05T09:00:00Z", "known_on": "2026-03-31"},
    ),
    Trap(
        "the bearer's denial keeps, uncontested",
        CONSENT,
        (row("exercise", "a", says="denies", at=LATE, party="Arland", area="border"),),
        STANDING,
        "KKKK",
        KEPT,
    ),
    Trap(
        "another's denial speaks for its own account only",
        CONSENT,
        (row("exercise", "b", says="denies", at=LATE, party="Arland"),),
        STANDING,
        "OKOO",
        KEPT,
    ),
    # ---- ceilings -----------------------------------------------------------------------------------------------------
    Trap("a counted stock stays as counted", agreement(WARHEADS), (stock("a", "1550"),), CEILING, "KKKK", KEPT),
    Trap("one more", agreement(WARHEADS), (stock("a", "1550"), changed("a", "1", "2026-02-01")), CEILING, "BBBB", BREACHED),
    Trap(
        "a change of the same day is counted already",
        agreement(WARHEADS),
        (stock("a", "1550"), changed("a", "1", "2026-01-10")),
        CEILING,
        "KKKK",
        KEPT,
    ),
    Trap(
        "a disputed change, then an inventory that is denied",
        agreement(WARHEADS),
        (
            stock("a", "1500"),
            changed("a", "100", "2026-02-01"),
            row("change", "a", "G-1", says="denies", at=LATE, party="Arland"),
            changed("b", "100", "2026-02-01"),
        ),
        CEILING,
        "KBKK",
        DISPUTED,
    ),
    Trap(
        "a dispute is not laundered by a declaration",
        agreement(WARHEADS),
        (
            stock("a", "1500"),
            changed("b", "100", "2026-02-01"),
            stock("a", "1500", "I-2", "2026-02-10"),
            row("inventory", "b", "I-2", says="denies", at=LATE),
        ),
        CEILING,
        "KBKK",
        DISPUTED,
    ),
    Trap("changes left open", agreement(WARHEADS, evidence=Evidence(changes="open")), (stock("a", "1500"),), CEILING, "OOOO", UNVERIFIED),
    Trap(
        "certain items prove a breach",
        agreement(replace(BOMBERS, binders=WARHEADS.binders)),
        tuple(row("deployed-heavy-bomber", "m", f"H-{n}", party="Arland", from_="2026-01-01") for n in range(4)),
        ("II.2", None, "Arland", None),
        "BBBB",
        BREACHED,
    ),
    Trap(
        "but never observance",
        agreement(replace(BOMBERS, binders=WARHEADS.binders)),
        (row("deployed-heavy-bomber", "m", "H-1", party="Arland", from_="2026-01-01"),),
        ("II.2", None, "Arland", None),
        "OOOO",
        UNVERIFIED,
    ),
    # ---- in days --------------------------------------------------------------------------------------------------------
    Trap(
        "the whole fifth day is in time",
        agreement(AFTER_DAYS),
        (
            row("deployment", "m", "D-1", party="Arland", troops="500", start="2026-01-05"),
            row("notification", "m", "N-1", party="Arland", recipient="Borland", about="D-1", sent="2026-01-10"),
        ),
        ("X", "D-1", "Arland", "Borland"),
        "KKKK",
        KEPT,
    ),
)

TRAPS += (
    # ---- own acts, told in several rows ---------------------------------------------------------------------------------
    Trap(
        "a correction that leaves the actor out is heard",
        NOTIFY,
        (west(), row("exercise", "a", "West-26", at="2026-01-10T08:00:00Z", troops="8000")),
        TO_BORLAND,
        "",
        None,
    ),
    Trap(
        "the recipient denies a message by its name alone",
        NOTIFY,
        (west(), notice(), row("notification", "b", "N-1", says="denies")),
        TO_BORLAND,
        "KOOO",
        KEPT,
    ),
    Trap(
        "a pattern without the actor speaks of an act that others say is the denier's",
        CONSENT,
        (west("m", **BIG), row("exercise", "a", says="denies", at=LATE, area="border")),
        BRIGADE,
        "TTTB",
        DISPUTED,
    ),
    Trap(
        "named for another actor, an act is not the speaker's own",
        NOTIFY,
        (west("m"), row("exercise", "b", "West-26", party="Arland", troops="100")),
        TO_BORLAND,
        "OTOO",
        UNVERIFIED,
    ),
    # ---- what nobody asserts -------------------------------------------------------------------------------------------
    Trap(
        "denying an unknown act opens nothing",
        NOTIFY,
        (west(), complete("r", "notification", "notification-register"), row("notification", "b", "N-9", says="denies")),
        TO_BORLAND,
        "BBBB",
        BREACHED,
    ),
    Trap(
        "an act that an account knows nothing of cannot lie where silence means no",
        ANSWER,
        (
            asked("m"),
            complete("r", "reply", "request-register", until="2026-02-20"),
            row("reply", "p", "R-2", party="Arland", recipient="Borland", about="Q-1"),
        ),
        ANSWERED,
        "BBBB",
        BREACHED,
    ),
    Trap(
        "an act asserted and denied at one moment may have happened",
        NOTIFY,
        (
            west(),
            complete("r", "notification", "notification-register"),
            notice("m"),
            row("notification", "m", "N-1", says="denies"),
        ),
        TO_BORLAND,
        "OOOO",
        UNVERIFIED,
    ),
    Trap(
        "an asserted act is taken back: nothing is left of it",
        NOTIFY,
        (
            west(),
            complete("r", "notification", "notification-register"),
            notice("p"),
            row("notification", "p", "N-1", says="withdraws", at=LATE),
        ),
        TO_BORLAND,
        "BBBB",
        BREACHED,
    ),
    Trap(
        "denying that it was unannounced says that it was announced",
        NOTIFY_OR_ALERT,
        (
            west(),
            row("exercise", "a", "West-26", says="denies", **{"unannounced-to-troops": "yes"}),
            notice(received="2026-02-01"),
            complete("r", "notification", "notification-register"),
        ),
        TO_BORLAND,
        "BBBB",
        BREACHED,
        Status.CURED,
    ),
    Trap(
        "denying the top level leaves the level below at most",
        CONSENT,
        (west(area="border"), row("exercise", "a", "West-26", says="denies", level=">=brigade")),
        BRIGADE,
        "",
        None,
    ),
    # ---- taking back -----------------------------------------------------------------------------------------------------
    Trap(
        "words in a withdrawal only say which event is meant",
        NOTIFY,
        (west(), row("exercise", "a", "West-26", says="withdraws", at=LATE, party="Arland")),
        TO_BORLAND,
        "",
        None,
    ),
    Trap(
        "a withdrawn number leaves the event",
        NOTIFY,
        (west(), west("m", troops="9100"), row("exercise", "a", "West-26", says="withdraws", at=LATE, troops="9400"), notice()),
        TO_BORLAND,
        "KKKK",
        KEPT,
    ),
    # ---- standing and excuse -------------------------------------------------------------------------------------------------
    Trap(
        "beside an occasion that may be, the standing instance says nothing",
        CONSENT,
        (west(**BIG | {"level": "battalion..division"}), complete("r", "exercise", "exercise-register", until="2026-03-31")),
        STANDING,
        "",
        None,
    ),
    Trap(
        "excused, if it was forbidden at all",
        CONSENT,
        (west(**BIG | {"level": "battalion..division"}), consented("b", "Borland", "C-1"), consented("c", "Carland", "C-2")),
        BRIGADE,
        "",
        None,
    ),
    # ---- identity ----------------------------------------------------------------------------------------------------------------
    Trap(
        "another name, of which an account knows nothing, opens nothing in it",
        NOTIFY,
        (west(), notice(), west("c", event="West-27"), link("c", "exercise", "West-26", "West-27")),
        TO_BORLAND,
        "KKKK",
        KEPT,
    ),
    Trap(
        "a link on which equals contradict is no link",
        NOTIFY,
        (
            west(),
            notice(about="Westward"),
            link("m", "exercise", "West-26", "Westward"),
            link("o", "exercise", "West-26", "Westward", says="denies"),
            complete("r", "notification", "notification-register"),
        ),
        TO_BORLAND,
        "BBBB",
        BREACHED,
    ),
    # ---- the rule's own time -------------------------------------------------------------------------------------------------------
    Trap(
        "as if in force: the rule's own dates stay",
        agreement(replace(BRIGADES, head=replace(BRIGADES.head, starts=When(date(2026, 2, 25)))), life=DATED_LIFE),
        (west(**BIG),),
        BRIGADE,
        "NNNN",
        None,
        Status.NOT_IN_FORCE,
        {"as_of": "2026-03-31", "as_if_in_force": True},
    ),
    Trap(
        "as if in force: counted from entry into force there is no beginning",
        agreement(replace(BRIGADES, head=replace(BRIGADES.head, starts=When("entry-into-force", Duration(90, "days")))), life=DATED_LIFE),
        (west(**BIG),),
        BRIGADE,
        "BBBB",
        BREACHED,
        Status.COUNTERFACTUAL,
        {"as_of": "2026-03-31", "as_if_in_force": True},
    ),
    *(
        Trap(
            f"an extension to a date: {start}",
            agreement(BRIGADES, life=LIVING),
            (
                *RATIFIED,
                west(**BIG | {"start": start}),
                *(
                    row("extension", v, f"T-{v}", party=p, agreed="2026-03-01", until="2026-06-01")
                    for v, p in (("a", "Arland"), ("b", "Borland"), ("c", "Carland"))
                ),
            ),
            BRIGADE,
            votes,
            outcome,
            status,
            {"as_of": "2026-12-31", "known_on": "2026-12-31"},
        )
        for start, votes, outcome, status in (
            ("2026-05-31", "BBBB", BREACHED, None),
            ("2026-06-02", "NNNN", None, Status.NOT_IN_FORCE),
        )
    ),
    # ---- pending ---------------------------------------------------------------------------------------------------------------------
    Trap(
        "pending in one account, open in another",
        NOTIFY,
        (west(), west("b", start="2026-01-20..2026-04-30")),
        TO_BORLAND,
        "DODD",
        UNVERIFIED,
        Status.NOT_DUE,
        {"as_of": "2026-02-01"},
    ),
    Trap(
        "pending in one account, kept in another",
        NOTIFY,
        (west(), notice(), none_received("b")),
        TO_BORLAND,
        "KDDD",
        KEPT,
        Status.NOT_DUE,
        {"as_of": "2026-02-01"},
    ),
    # ---- whose account establishes ----------------------------------------------------------------------------------------------------
    Trap(
        "any monitor may establish",
        agreement(NO_ALERT, evidence=Evidence(establishes=("monitors",))),
        (west("m"), notice(), MISSION_SAW_NONE),
        TO_BORLAND,
        "KKKB",
        BREACHED,
    ),
    Trap(
        "where only monitors establish, an admission does not",
        agreement(NO_ALERT, evidence=Evidence(establishes=("mission",))),
        (west("a"), row("notification", "a", says="denies", at=LATE, party="Arland"), notice("m")),
        TO_BORLAND,
        "BBBK",
        KEPT,
    ),
)

LETTERS = {"K": K, "B": B, "O": O, "T": NT, "N": NB, "D": ND}
SWAP = {"Arland": "Borland", "Borland": "Arland", "arland-mfa": "borland-mfa", "borland-mfa": "arland-mfa", "arland-radar": "borland-radar"}


def by_oracle(law: Agreement, rows: list[dict[str, str]], question: Mapping[str, Any]) -> dict[Key, Any]:
    return {v.key: v for v in evaluate(law, rows, **question).values()}


def by_judge(law: Agreement, rows: list[dict[str, str]], question: Mapping[str, Any]) -> dict[Key, Any]:
    return dict(bridge.instances(bridge.judge_rows(law, rows, **question)))


@pytest.mark.parametrize("mirrored", [False, True], ids=["", "mirrored"])
@pytest.mark.parametrize("evaluator", [by_oracle, by_judge], ids=["by_oracle", "by_judge"])
@pytest.mark.parametrize("trap", TRAPS, ids=lambda t: t.name)
def test_trap(trap: Trap, evaluator: Any, mirrored: bool) -> None:
    law, rows, key, names = trap.law, [dict(r) for r in (*SOURCES, *trap.rows)], trap.key, ("Arland", "Borland", "Carland", "neutrals")
    if mirrored:
        law, rows, key, names = mirror(law), [mirror(r) for r in rows], mirror(key), mirror(names)
    found = evaluator(law, rows, trap.question).get(key)
    if not trap.votes:
        assert found is None or found.outcome is None
        return
    assert {n: found.votes[n] for n in names} == dict(zip(names, (LETTERS[v] for v in trap.votes), strict=True))
    assert found.outcome == trap.outcome
    if trap.status is not None:
        assert trap.status in found.statuses


def mirror(thing: Any) -> Any:
    """The same with Arland and Borland, and their sources, in each other's place."""
    if isinstance(thing, str):
        return "; ".join(SWAP.get(part, part) for part in thing.split("; "))
    if isinstance(thing, tuple):
        return tuple(mirror(t) for t in thing)
    if isinstance(thing, dict):
        return {mirror(k): mirror(v) for k, v in thing.items()}
    if isinstance(thing, Agreement):
        return replace(thing, rules=mirror(thing.rules), groups=mirror(thing.groups))
    if hasattr(thing, "__dataclass_fields__"):
        return replace(thing, **{name: mirror(getattr(thing, name)) for name in thing.__dataclass_fields__})
    return thing
