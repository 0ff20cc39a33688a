"""Agreements built from clauses, without a parser: one of each shape of rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import yaml

from detente.agreement.clause import (
    Act,
    Agreement,
    Anchor,
    And,
    Article,
    Binder,
    Bound,
    Compare,
    Consequence,
    Constant,
    Deadline,
    Done,
    Duty,
    EventVar,
    EveryOther,
    Evidence,
    Exceptional,
    FieldOf,
    Group,
    Head,
    Is,
    IsIn,
    LeftOpen,
    Life,
    Membership,
    Occasion,
    Parties,
    PartyVar,
    Prohibition,
    Rule,
    Summand,
)
from detente.model.duration import Duration
from detente.model.kind import Field, Kind, Verb
from detente.model.span import Span

SPAN = Span("fixed.md", 1, 1, 1, 2)
PARTIES = ("Arland", "Borland", "Carland")
_KINDS = Path(__file__).parents[2] / "src" / "detente" / "vocabulary" / "kinds"


@cache
def kinds() -> dict[str, Kind]:
    """The vocabulary's kinds, read here without the vocabulary's own loader."""
    found = {}
    for path in sorted(_KINDS.glob("*.yaml")):
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        fields = {
            name: Field(name, f["type"], f.get("unit"), tuple(f.get("levels", ())), f.get("of"), f.get("labels", {}))
            for name, f in raw["fields"].items()
        }
        verbs = tuple(Verb(v["base"], v["third"], v["participle"], v["takes"], v.get("prepositions", {})) for v in raw.get("verbs", ()))
        found[raw["name"]] = Kind(
            raw["name"],
            raw["genus"],
            fields,
            verbs,
            raw.get("happens"),
            tuple(raw.get("acts", ("party",))),
            tuple(raw.get("registers", ())),
            raw.get("labels", {}),
            raw.get("plural", ""),
            raw.get("unit"),
            raw.get("source"),
        )
    return found


def head(name: str) -> Head:
    return Head(name, None, name, SPAN, "")


X, Q, D = EventVar("X"), EventVar("Q"), EventVar("D")

_NOTIFY = Act("notification", (("party", PartyVar("")), ("about", X), ("recipient", EveryOther())), "received")

NOTIFICATION = Duty(
    head("40"),
    Parties(),
    PartyVar(""),
    Occasion("exercise", "X", (("party", PartyVar("")),), Compare(FieldOf("X", "troops"), "at least", Constant(9000, "9000"), SPAN)),
    _NOTIFY,
    Deadline("before", Duration(42, "days"), Anchor(FieldOf("X", "start"))),
    exceptions=(
        Exceptional(
            "41",
            "Alert exercises",
            Is(FieldOf("X", "unannounced-to-troops"), None, SPAN),
            _NOTIFY,
            Deadline("by", None, Anchor(FieldOf("X", "start"))),
            SPAN,
        ),
    ),
)

ANSWERS = Duty(
    head("16.1"),
    Parties(),
    PartyVar("B"),
    Occasion("inquiry", "Q", (("party", PartyVar("A")), ("recipient", PartyVar("B")))),
    Act("reply", (("party", PartyVar("B")), ("about", Q), ("recipient", PartyVar("A"))), "received"),
    Deadline("within", Duration(48, "hours"), Anchor(FieldOf("Q", "received"))),
    consequence=Consequence(
        "shall",
        PartyVar("B"),
        Act("consultation", (("party", PartyVar("B")), ("recipient", PartyVar("A"))), "start"),
        Deadline("within", Duration(48, "hours"), Anchor(FieldOf("Q", "received"))),
        SPAN,
    ),
)

BRIGADES = Prohibition(
    head("IV.1"),
    Parties(),
    PartyVar(""),
    Occasion(
        "exercise",
        "X",
        (("party", PartyVar("")),),
        And((Compare(FieldOf("X", "level"), "at least", Constant(3, "brigade"), SPAN), Is(FieldOf("X", "area"), "border", SPAN))),
    ),
    unless=Done(EveryOther(), True, "consent", X, FieldOf("X", "start"), SPAN),
)

DEPLOYMENTS = Prohibition(
    head("V.2"),
    Parties("bloc"),
    PartyVar("P"),
    Occasion(
        "deployment",
        "D",
        (("party", PartyVar("P")),),
        And(
            (
                IsIn(FieldOf("D", "on"), "region", date(2026, 2, 1), SPAN),
                Compare(FieldOf("D", "troops"), "more than", Constant(100, "100"), SPAN),
            )
        ),
    ),
    unless=Is(FieldOf("D", "nuclear"), None, SPAN),
)

ACCESSION_DATA = Duty(
    head("VIII"),
    Parties(),
    PartyVar(""),
    None,
    Act("data-exchange", (("party", PartyVar("")), ("recipient", EveryOther())), "received"),
    Deadline("within", Duration(30, "days"), Anchor("entry-into-force")),
)

AFTER_DAYS = Duty(
    head("X"),
    Parties(names=("Arland", "Borland")),
    PartyVar(""),
    Occasion("deployment", "D", (("party", PartyVar("")),), Compare(FieldOf("D", "troops"), "less than", Constant(5000, "5000"), SPAN)),
    Act("notification", (("party", PartyVar("")), ("about", D), ("recipient", EveryOther())), "sent"),
    Deadline("within", Duration(5, "days"), Anchor(FieldOf("D", "start"))),
    unless=Is(FieldOf("D", "nuclear"), None, SPAN),
)

WARHEADS = Bound(
    head("II.1"),
    (Binder("P", Parties(), "Party"),),
    (Summand("deployed-warhead", None, "", "P", None, None),),
    "at most",
    Constant(1550, "1550"),
)

BOMBERS = Bound(
    head("II.2"),
    (Binder("P", Parties("bloc"), "Party"),),
    (Summand("deployed-heavy-bomber", None, "M", "P", None, None), Summand("deployed-missile", "warheads", "N", "P", None, None)),
    "at most",
    Constant(3, "3"),
)

STRENGTH = Bound(
    head("IX"),
    (Binder("P", Parties(names=("Arland",)), "Party"),),
    (Summand("stationed-troop", None, "", "P", None, None),),
    "at least",
    Constant(100, "100"),
)

DISTANCE = Prohibition(
    head("XI"),
    Parties(),
    PartyVar(""),
    Occasion("exercise", "X", (("party", PartyVar("")),), Compare(FieldOf("X", "aircraft"), "more than", LeftOpen("many"), SPAN)),
)

DATED = Group("bloc", (Membership("Arland", None, date(2026, 2, 1)), Membership("Borland", date(2026, 1, 10), None)))
REGION = Group("region", (Membership("Carland", date(2020, 1, 1), None), Membership("Dorland", None, date(2026, 1, 1))))

ALL_RULES: tuple[Rule, ...] = (
    NOTIFICATION,
    ANSWERS,
    BRIGADES,
    DEPLOYMENTS,
    ACCESSION_DATA,
    AFTER_DAYS,
    WARHEADS,
    BOMBERS,
    STRENGTH,
    DISTANCE,
)


def agreement(*rules: Rule, life: Life | None = None, evidence: Evidence | None = None, parties: tuple[str, ...] = PARTIES) -> Agreement:
    return Agreement(
        title="Fixed",
        path="fixed.md",
        digest="0" * 64,
        parties=parties,
        articles=tuple(Article(r.head.article, r.head.article, "", (r.head.id,), SPAN) for r in rules),
        rules=rules,
        kinds=kinds(),
        groups={"bloc": DATED, "region": REGION},
        places={},
        quantities={},
        life=life or Life(),
        evidence=evidence or Evidence(),
    )


LIVING = Life(
    stated=True, entry="all", expiry=date(2026, 4, 1), extension=Duration(1, "years"), release=Duration(30, "days"), suspension=True
)
DATED_LIFE = Life(stated=True, entry=date(2026, 1, 5), expiry=Duration(3, "months"), release=Duration(30, "days"))


def with_rules(of: Agreement, *rules: Rule) -> Agreement:
    return replace(of, rules=rules, articles=tuple(Article(r.head.article, r.head.article, "", (r.head.id,), SPAN) for r in rules))
