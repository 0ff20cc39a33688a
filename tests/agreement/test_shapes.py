"""What the rules of the rarer shapes mean: exchanges, distances, levels, permissions, phases, perception, imports, life."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pytest

from detente.agreement.clause import (
    Act,
    Agreement,
    Anchor,
    And,
    AnyOther,
    AnyRule,
    BaselineBound,
    Bound,
    Constant,
    Craft,
    Done,
    Duty,
    EachPeriod,
    EventVar,
    EveryInterval,
    EveryOther,
    FieldOf,
    ImportedDuty,
    InPhases,
    Kept,
    LeftOpen,
    Moment,
    MonthDay,
    Not,
    Occasion,
    Parties,
    PartyVar,
    Perceived,
    Permission,
    PhaseBegins,
    PhasePoint,
    Placed,
    Prohibition,
    Provisional,
    RecurringDuty,
    Release,
    Renewal,
    Separation,
    Spacing,
    StrictBound,
    StrictDeadline,
    Survival,
    TerritoryOf,
    When,
)
from detente.agreement.load import parse_agreement
from detente.model.duration import Duration
from detente.model.span import Span

GOOD = Path(__file__).parent / "good" / "shapes.md"
NOWHERE = Span("", 1, 1, 1, 1)


@cache
def shapes() -> Agreement:
    """As written: what it imports is not followed."""
    agreement, problems = parse_agreement(GOOD.read_text(encoding="utf-8"), str(GOOD))
    assert problems == ()
    assert agreement is not None
    return agreement


def rule(id_: str) -> AnyRule:
    return next(r for r in shapes().rules if r.head.id == id_)


def one(text: str) -> AnyRule:
    """The meaning of a single rule."""
    agreement, problems = parse_agreement(f"```rule\nagreement: parties Arland, Borland, Carland.\n{text}\n```\n", "a.md")
    assert [str(p) for p in problems] == []
    assert agreement is not None
    (found,) = agreement.rules
    return found


# ---- exchanges -----------------------------------------------------------------


def test_each_year_by_a_day() -> None:
    calendar = rule("2.1")
    assert isinstance(calendar, RecurringDuty)
    assert calendar.bearers == Parties()
    assert calendar.act == Act("annual-calendar", (("recipient", EveryOther()),), "received")
    assert calendar.recurrence == EachPeriod("year", (MonthDay(11, 15),))
    assert calendar.consequence is not None
    assert calendar.consequence.deadline is not None
    assert calendar.consequence.deadline.anchor == Anchor(FieldOf("", "overdue"))
    assert not calendar.voluntary
    exchange = rule("2.2")
    assert isinstance(exchange, RecurringDuty)
    assert exchange.recurrence == EachPeriod("year", (MonthDay(3, 1), MonthDay(9, 1)))
    assert exchange.act.counts_at == "sent"


def test_each_period_and_every_interval() -> None:
    assert [r.recurrence for r in shapes().rules if isinstance(r, RecurringDuty)][2:] == [
        EachPeriod("year"),
        EachPeriod("quarter", (), Duration(30, "days")),
        EveryInterval(Duration(30, "days"), Anchor("entry-into-force")),
        EveryInterval(Duration(6, "months"), Anchor(Moment(date(2027, 1, 1)))),
    ]
    voluntary = rule("2.3")
    assert isinstance(voluntary, RecurringDuty)
    assert voluntary.voluntary
    assert voluntary.bearers == Parties("founders")
    named = rule("2.4")
    assert isinstance(named, RecurringDuty)
    assert named.bearers == Parties(names=("Arland",))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("every year", EachPeriod("year")),
        ("annually", EachPeriod("year")),
        ("once each month", EachPeriod("month")),
        ("once a week", EachPeriod("week")),
        ("each year by 29 February", EachPeriod("year", (MonthDay(2, 29),))),
        ("by 1 March and by 1 March each year", EachPeriod("year", (MonthDay(3, 1),))),
        ("within 5 days after the end of every calendar month", EachPeriod("month", (), Duration(5, "days"))),
        ("at least once every 48 hours", EveryInterval(Duration(48, "hours"), Anchor("entry-into-force"))),
        ("once in every 30 days from 2027-01-01", EveryInterval(Duration(30, "days"), Anchor(Moment(date(2027, 1, 1))))),
    ],
)
def test_phrases_of_recurrence(written: str, meant: object) -> None:
    found = one(f"rule 1: each Party shall provide a data-exchange to every other Party {written}.")
    assert isinstance(found, RecurringDuty)
    assert found.recurrence == meant


# ---- distances -------------------------------------------------------------------


def test_separation_of_two_craft() -> None:
    sea = rule("3.1")
    assert isinstance(sea, Separation)
    assert (sea.first, sea.second) == (Craft("warship", "A", Parties()), Craft("warship", "B", Parties()))
    assert (sea.bearer, sea.different) == ("both", True)
    assert sea.spacing == Spacing(Constant(9260.0, "5 nm"), None)
    assert sea.unless is not None
    air = rule("3.2")
    assert isinstance(air, Separation)
    assert (air.first.kind, air.second.kind) == ("warship", "aircraft")
    assert air.spacing == Spacing(Constant(1852.0, "1 nm"), Constant(pytest.approx(304.8), "1000 ft"))
    assert isinstance(air.where, Placed)


def test_one_keeps_away_from_another() -> None:
    near = rule("3.3")
    assert isinstance(near, Separation)
    assert near.first == Craft("warship", "A", Parties(names=("Arland",)))
    assert near.second == Craft("warship", "B", AnyOther())
    assert (near.bearer, near.different) == ("first", True)
    assert near.spacing == Spacing(Constant(500.0, "500 m"), None)
    upward = rule("3.4")
    assert isinstance(upward, Separation)
    assert upward.first.of == PartyVar("P")
    assert upward.second.of == Parties(names=("Carland",))
    assert not upward.different
    assert upward.spacing == Spacing(None, Constant(300.0, "300 m"))


def test_a_distance_that_the_text_leaves_open() -> None:
    found = rule("3.5")
    assert isinstance(found, Separation)
    assert found.spacing == Spacing(LeftOpen("safe-distance"), None)


def test_reach_names_the_event_where_the_author_did_not() -> None:
    found = rule("4.1")
    assert isinstance(found, Prohibition)
    assert found.occasion.var == "X0"
    assert isinstance(found.occasion.where, Placed)
    assert (found.occasion.where.term, found.occasion.where.relation, found.occasion.where.place) == (
        FieldOf("X0", "area"),
        "reaches",
        TerritoryOf(AnyOther()),
    )
    flight = rule("4.2")
    assert isinstance(flight, Prohibition)
    assert isinstance(flight.occasion.where, And)
    assert len(flight.occasion.where.items) == 3


# ---- levels ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("id_", "op", "on", "margin", "in_percent", "side"),
    [
        ("5.1", "at most", date(1997, 5, 27), None, False, "above"),
        ("5.2", "at most", date(1997, 5, 27), 500, False, "above"),
        ("5.3", "at least", "entry-into-force", 10, True, "below"),
        ("5.4", "at most", date(1997, 5, 27), 20, True, "below"),
    ],
)
def test_baselines(id_: str, op: str, on: object, margin: object, in_percent: bool, side: str) -> None:
    found = rule(id_)
    assert isinstance(found, BaselineBound)
    value = found.margin.value if isinstance(found.margin, Constant) else found.margin
    assert (found.op, found.on, value, found.in_percent, found.side) == (op, on, margin, in_percent, side)


@pytest.mark.parametrize(
    ("written", "op", "margin", "side"),
    [
        ("not exceed its level on 1997-05-27 by more than 5", "at most", 5, "above"),
        ("not be more than 5 above its value as of 1997-05-27", "at most", 5, "above"),
        ("be at most 5 above its value as of 1997-05-27", "at most", 5, "above"),
        ("be at most its value as of 1997-05-27", "at most", None, "above"),
        ("not be more than 5 below its value as of 1997-05-27", "at least", 5, "below"),
        ("be at most 5 below its value as of 1997-05-27", "at least", 5, "below"),
        ("not fall below its value as of 1997-05-27 by more than 5", "at least", 5, "below"),
        ("be at least 5 above its value as of 1997-05-27", "at least", 5, "above"),
        ("be at least 5 below its value as of 1997-05-27", "at most", 5, "below"),
        ("be at least its value as of 1997-05-27", "at least", None, "above"),
    ],
)
def test_above_and_below_a_level(written: str, op: str, margin: int | None, side: str) -> None:
    found = one(f"rule 1: at all times, for each Party P, the number of launchers of P shall {written}.")
    assert isinstance(found, BaselineBound)
    assert (found.op, found.margin and found.margin.value, found.side) == (op, margin, side)  # type: ignore[union-attr]  # a number here
    if margin is None:
        assert found.margin is None


def test_above_and_below_exclude_the_boundary() -> None:
    bounds = {i: rule(i) for i in ("5.5", "5.6", "5.7", "5.8")}
    whole = [(type(b), b.op, b.limit) for b in bounds.values() if isinstance(b, Bound)]
    assert whole == [
        (Bound, "at most", Constant(499, "499")),
        (Bound, "at most", Constant(500, "500")),
        (StrictBound, "at most", Constant(5500.0, "5.5 kt")),
        (Bound, "at least", Constant(3, "3")),
    ]


# ---- permissions, phases, reciprocity ---------------------------------------------------


def test_permissions() -> None:
    inspect = rule("6.1")
    assert isinstance(inspect, Permission)
    assert inspect.deed.kind == "inspection"
    assert inspect.deed.where is not None
    assert [(r.sort, r.id, r.rules) for r in inspect.notwithstanding] == [
        ("rule", "8.3", ("8.3",)),
        ("article", "4", ("4.1", "4.2", "4.3")),
    ]
    assert inspect.irrefusable
    request, deploy = rule("6.2"), rule("6.3")
    assert isinstance(request, Permission)
    assert request.irrefusable
    assert isinstance(deploy, Permission)
    assert (deploy.bearers, deploy.irrefusable, deploy.notwithstanding) == (Parties(names=("Arland",)), False, ())
    assert isinstance(deploy.unless, Done)


def test_may_only_forbids_the_rest() -> None:
    found = rule("6.4")
    assert isinstance(found, Prohibition)
    assert isinstance(found.occasion.where, Not)
    assert isinstance(found.occasion.where.item, Placed)
    same = one("rule 1: a Party may only conduct an exercise X where X.area lies in its own territory.")
    assert isinstance(same, Prohibition)
    assert isinstance(same.occasion.where, Not)


@pytest.mark.parametrize("written", ["no Party may conduct an exercise X", "no Party shall conduct an exercise X"])
def test_no_party_may_is_no_party_shall(written: str) -> None:
    found = one(f"rule 1: {written}.")
    assert isinstance(found, Prohibition)
    assert found.occasion == Occasion("exercise", "X", (("party", PartyVar("")),), None)


def test_phases() -> None:
    phases = shapes().phases
    assert phases["1"].begins == When("entry-into-force")
    withdrawal = phases["2"]
    assert (withdrawal.title, withdrawal.latest, withdrawal.article) == ("Withdrawal", date(2028, 6, 30), "7")
    assert isinstance(withdrawal.begins, tuple)
    kept, signed = withdrawal.begins
    assert isinstance(kept, Kept)
    assert (kept.of.rules, kept.by, kept.lasting) == (("4.1", "4.2", "4.3"), Parties(names=("Arland",)), Duration(90, "days"))
    assert isinstance(signed, Done)
    assert (signed.by, signed.every, signed.kind) == (Parties(), True, "signature")
    assert phases["3"].begins == PhasePoint("2", Duration(30, "days"))
    assert isinstance(phases["4"].begins, tuple)
    (all_of_it,) = phases["4"].begins
    assert isinstance(all_of_it, Kept)
    assert (all_of_it.of.sort, all_of_it.of.rules, all_of_it.by, all_of_it.lasting) == ("phase", ("7.1",), Parties(), None)


def test_rules_of_a_phase() -> None:
    duty = rule("7.1")
    assert isinstance(duty, Duty)
    assert isinstance(duty.head.phases, InPhases)
    assert (duty.head.phases.starts, duty.head.phases.ends) == (PhasePoint("2"), PhasePoint("3"))
    assert duty.deadline.anchor == Anchor(PhaseBegins("2"))
    later = rule("7.2").head
    assert later.phases is not None
    assert (later.starts, later.phases.starts) == (None, PhasePoint("3", Duration(30, "days")))
    mixed = rule("7.3").head
    assert mixed.phases is not None
    assert (mixed.starts, mixed.phases.starts, mixed.phases.ends) == (When(date(2027, 1, 1)), None, PhasePoint("4"))


def test_release_by_a_breach() -> None:
    cured, timed, lasting = rule("7.4"), rule("7.5"), rule("7.6")
    assert isinstance(cured, Release)
    assert (cured.breacher, cured.of.rules, cured.released, cured.scope[0].rules, cured.ends) == (
        PartyVar("A"),
        ("2.1",),
        PartyVar("B"),
        ("2.2",),
        "cured",
    )
    assert cured.head.article == "7.2"
    assert isinstance(timed, Release)
    assert (timed.breacher, timed.released, timed.ends) == (Parties(names=("Arland",)), EveryOther(), Duration(90, "days"))
    assert [r.id for r in timed.scope] == ["2.3", "2.4"]
    assert isinstance(lasting, Release)
    assert lasting.ends is None


# ---- perception, imports, life --------------------------------------------------------------


def test_perception_is_somebodys() -> None:
    found = rule("8.1")
    assert isinstance(found, Prohibition)
    view = found.occasion.where
    assert isinstance(view, Perceived)
    assert (view.by, view.every, view.kind, view.about, view.subject, view.before) == (
        AnyOther(),
        False,
        "perception",
        EventVar("X"),
        "threat",
        FieldOf("X", "start"),
    )


def test_a_strict_deadline() -> None:
    found = rule("8.2")
    assert isinstance(found, Duty)
    assert found.deadline == StrictDeadline("before", None, Anchor(FieldOf("X", "start")))
    assert found.head.survives is not None
    assert found.head.survives.of == ("withdrawal",)


def test_imported_duties() -> None:
    incsea, dangerous = rule("8.4"), rule("8.5")
    assert isinstance(incsea, ImportedDuty)
    assert (incsea.act, incsea.instrument, incsea.article) == (None, "INCSEA-1972", "III")
    assert isinstance(dangerous, ImportedDuty)
    assert dangerous.act is not None
    assert (dangerous.act.kind, dangerous.article) == ("consultation", None)
    instruments = shapes().instruments
    assert (instruments["INCSEA-1972"].file, instruments["INCSEA-1972"].is_left_open) == ("incsea-1972.md", False)
    assert (instruments["dangerous-activities"].file, instruments["dangerous-activities"].is_left_open) == (None, True)


def test_life() -> None:
    life = shapes().life
    assert isinstance(life.provisional, Provisional)
    assert (life.provisional.since, life.provisional.until) == (date(2026, 7, 1), date(2027, 7, 1))
    assert isinstance(life.renewal, Renewal)
    assert (life.renewal.period, life.renewal.may_object, life.renewal.notice) == (Duration(3, "years"), True, Duration(6, "months"))
    assert not life.suspension
    assert life.partial_suspension is not None
    assert [r.rules for r in life.partial_suspension.of] == [("3.1", "3.2", "3.3", "3.4", "3.5"), ("5.2",)]
    assert life.partial_suspension.after == Duration(30, "days")
    bound = rule("5.8").head
    assert isinstance(bound.survives, Survival)
    assert (bound.survives.of, bound.survives.lasting) == (("expiry", "withdrawal"), Duration(2, "years"))


def test_a_bare_number_is_a_rule_before_it_is_an_article() -> None:
    text = "## Article 3\n\n```rule\nagreement: parties Arland, Borland.\nrule 3: no Party shall conduct an exercise.\nrule 3.1: no Party shall conduct a flight.\nrule 4: a Party may conduct an exercise, notwithstanding 3 and article 3.\n```\n"
    agreement, problems = parse_agreement(text, "a.md")
    assert problems == ()
    assert agreement is not None
    (found,) = (r for r in agreement.rules if isinstance(r, Permission))
    assert [(r.sort, r.rules) for r in found.notwithstanding] == [("rule", ("3",)), ("article", ("3", "3.1"))]
