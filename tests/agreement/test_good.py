"""Agreements without a fault, and what their rules mean."""

from __future__ import annotations

import logging
import re
from datetime import date
from pathlib import Path

import lark
import pytest

from detente.agreement import tables
from detente.agreement.builder import TreeBuilder
from detente.agreement.clause import (
    Act,
    Agreement,
    Anchor,
    And,
    AnyOther,
    Binder,
    Bound,
    Compare,
    Constant,
    Deadline,
    Done,
    Duty,
    EventVar,
    EveryOther,
    FieldOf,
    Is,
    IsIn,
    LeftOpen,
    Moment,
    Not,
    Or,
    Parties,
    PartyVar,
    Placed,
    PlaceNamed,
    Prohibition,
    Quorum,
    Rule,
    TerritoryOf,
    When,
)
from detente.agreement.load import load_agreement, parse_agreement
from detente.agreement.parse import parser, statements_in
from detente.model.duration import Duration
from detente.vocabulary.groups import load_groups
from detente.vocabulary.kinds import load_kinds

HERE = Path(__file__).parent
GOOD = sorted((HERE / "good").glob("*.md"))
PAGE = HERE.parents[1] / "docs" / "reference" / "language.md"


def loaded(name: str) -> tuple[Agreement, dict[str, Rule]]:
    agreement, problems = load_agreement(HERE / "good" / f"{name}.md")
    assert problems == ()
    assert agreement is not None
    return agreement, {r.head.id: r for r in agreement.rules}


@pytest.mark.parametrize("path", GOOD, ids=lambda p: p.stem)
def test_a_good_agreement_has_no_problems(path: Path) -> None:
    agreement, problems = load_agreement(path)
    assert [str(p) for p in problems] == []
    assert agreement is not None


def test_prohibition() -> None:
    _, rules = loaded("eight_rules")
    rule = rules["IV.1"]
    assert isinstance(rule, Prohibition)
    assert rule.head.title == "No brigade exercise in the border zone"
    assert rule.head.article == "IV"
    assert rule.bearers == Parties()
    assert rule.occasion.kind == "exercise"
    assert rule.occasion.roles == (("party", PartyVar("")),)
    assert isinstance(rule.occasion.where, And)
    level, area = rule.occasion.where.items
    assert isinstance(level, Compare)
    assert (level.term, level.op, level.value) == (FieldOf("X", "level"), "at least", Constant(1, "brigade"))
    assert isinstance(area, Placed)
    assert (area.term, area.relation, area.place) == (FieldOf("X", "area"), "overlaps", PlaceNamed("border-zone"))
    assert isinstance(rule.unless, Done)
    assert (rule.unless.by, rule.unless.every, rule.unless.kind, rule.unless.about, rule.unless.before) == (
        EveryOther(),
        True,
        "consent",
        EventVar("X"),
        FieldOf("X", "start"),
    )


def test_duty_before_with_an_exception() -> None:
    _, rules = loaded("eight_rules")
    rule = rules["40"]
    assert isinstance(rule, Duty)
    assert rule.act == Act("notification", (("about", EventVar("X")), ("recipient", EveryOther())), "received")
    assert rule.deadline == Deadline("before", Duration(42, "days"), Anchor(FieldOf("X", "start")))
    (exception,) = rule.exceptions
    assert (exception.id, exception.title) == ("41", "Alert exercises")
    assert isinstance(exception.where, Is)
    assert (exception.where.term, exception.where.value) == (FieldOf("X", "unannounced-to-troops"), None)
    assert exception.deadline == Deadline("by", None, Anchor(FieldOf("X", "start")))


def test_duty_after_with_a_consequence() -> None:
    _, rules = loaded("eight_rules")
    rule = rules["16.1"]
    assert isinstance(rule, Duty)
    assert rule.bearer == PartyVar("B")
    assert rule.occasion is not None
    assert rule.occasion.roles == (("party", PartyVar("A")), ("recipient", PartyVar("B")))
    assert rule.deadline == Deadline("within", Duration(48, "hours"), Anchor(FieldOf("Q", "received")))
    assert rule.consequence is not None
    assert rule.consequence.bearer == PartyVar("B")
    assert rule.consequence.act == Act("consultation", (("recipient", PartyVar("A")),), "start")
    assert rule.consequence.deadline == Deadline("within", Duration(48, "hours"), Anchor(FieldOf("", "overdue")))


def test_ceilings() -> None:
    _, rules = loaded("eight_rules")
    rule = rules["II.1b"]
    assert isinstance(rule, Bound)
    assert rule.head.starts == When("entry-into-force", Duration(7, "years"))
    assert [(s.kind, s.field, s.of) for s in rule.summands] == [("deployed-missile", "warheads", "P"), ("deployed-heavy-bomber", None, "P")]
    assert (rule.op, rule.limit) == ("at most", Constant(1550, "1550"))
    forces = rules["4"]
    assert isinstance(forces, Bound)
    assert forces.binders == (Binder("P", Parties("founding-members"), "Party"), Binder("S", Parties("europe"), "State"))
    assert (forces.summands[0].of, forces.summands[0].on) == ("P", "S")
    assert isinstance(forces.summands[0].where, Not)


def test_reach_and_an_inclusive_range() -> None:
    _, rules = loaded("eight_rules")
    rule = rules["VI.1"]
    assert isinstance(rule, Prohibition)
    assert isinstance(rule.occasion.where, And)
    basing, span, reach = rule.occasion.where.items
    assert isinstance(basing, Is)
    assert isinstance(span, And)
    assert [(c.op, c.value.value) for c in span.items if isinstance(c, Compare) and isinstance(c.value, Constant)] == [
        ("at least", 500_000.0),
        ("at most", 5_500_000.0),
    ]
    assert isinstance(reach, Placed)
    assert (reach.term, reach.relation, reach.place) == (FieldOf("M", "area"), "reaches", TerritoryOf(AnyOther()))


def test_life_and_evidence() -> None:
    agreement, _ = loaded("eight_rules")
    life = agreement.life
    assert (life.entry, life.expiry, life.extension, life.release) == (
        date(2011, 2, 5),
        date(2026, 2, 5),
        Duration(5, "years"),
        Duration(30, "days"),
    )
    each, neutrals = agreement.evidence.accounts
    assert (each.name, each.tiers, each.nothing_else) == ("each Party", ("own", "own-acts", "monitors", "sensors"), False)
    assert neutrals.tiers == ("monitors", "sensors")
    assert agreement.evidence.establishes == ("bearer", "monitors")
    agreement, _ = loaded("security")
    assert (agreement.life.entry, agreement.life.entry_by, agreement.life.suspension) == ("majority", "ratification", True)
    evidence = agreement.evidence
    assert (evidence.accounts[0].tiers, evidence.accounts[0].nothing_else) == (("own",), True)
    assert evidence.establishes == (Quorum(2, ("S-7", "S-8", "S-9")),)
    assert (evidence.time_zone, evidence.changes, evidence.counts_hold, evidence.at_resolution_of_record, evidence.least_grade) == (
        "Europe/Vienna",
        "open",
        Duration(6, "months"),
        True,
        ("B", 2),
    )


def test_parties_by_a_date() -> None:
    agreement, _ = loaded("security")
    assert len(agreement.parties) == 17
    assert agreement.parties[-1] == "Russia"
    assert set(agreement.parties) - {"Russia"} == set(load_groups()["NATO"].on(date(1997, 5, 27)))


def test_named_bearers_and_other_fields() -> None:
    agreement, rules = loaded("security")
    rule = rules["4.1"]
    assert isinstance(rule, Prohibition)
    assert rule.bearers == Parties(names=("United States", "Russia"))
    assert isinstance(rule.occasion.where, And)
    first, second, third = rule.occasion.where.items
    assert isinstance(first, Compare)
    assert (first.op, first.value) == ("not equal to", FieldOf("F", "party"))
    assert isinstance(second, Compare)
    assert second.value == agreement.quantities["small-force"]
    assert isinstance(third, Compare)
    assert third.value == LeftOpen("crowd")
    assert isinstance(rule.unless, Or)
    done, member = rule.unless.items
    assert isinstance(done, Done)
    assert (done.by, done.every) == (Parties(), True)
    assert isinstance(member, IsIn)
    assert "founding" in agreement.groups
    admit = rules["4.2"]
    assert isinstance(admit, Prohibition)
    assert admit.bearer == PartyVar("P")
    assert admit.occasion.roles == (("party", PartyVar("P")), ("state", PartyVar("S")), ("to", Parties(names=("NATO",))))


def test_words_of_ones_own() -> None:
    agreement, rules = loaded("security")
    kind = agreement.kinds["gathering"]
    assert kind.happens == "start"
    assert kind.registers == ("gathering-register",)
    assert kind.fields["distance"].unit == "m"
    assert kind.fields["size"].levels == ("small", "large")
    rule = rules["4.3"]
    assert isinstance(rule, Prohibition)
    assert isinstance(rule.occasion.where, And)
    size, colour, either, on = rule.occasion.where.items
    assert isinstance(size, Compare)
    assert (size.op, size.value) == ("more than", Constant(0, "small"))
    assert isinstance(colour, Not)
    assert isinstance(either, Or)
    assert isinstance(either.items[0], Compare)
    assert either.items[0].value == Constant(9260.0, "5 nm")
    assert isinstance(on, Is)
    assert on.value == "Dorland"


def test_what_is_left_open_stays_so() -> None:
    _, rules = loaded("security")
    rule = rules["5.1"]
    assert isinstance(rule, Prohibition)
    assert isinstance(rule.occasion.where, And)
    near, own, reach, since = rule.occasion.where.items
    assert isinstance(near, Placed)
    assert (near.relation, near.distance_m, near.place) == ("within", 50_000.0, TerritoryOf(AnyOther()))
    assert isinstance(own, Not)
    assert isinstance(own.item, Placed)
    assert own.item.place == TerritoryOf(PartyVar(""))
    assert isinstance(reach, Compare)
    assert reach.value == Constant(500_000.0, "500 km")
    assert isinstance(since, Compare)
    assert (since.op, since.value) == ("more than", Moment(date(2019, 8, 2)))
    zone = rules["5.2"]
    assert isinstance(zone, Prohibition)
    assert (zone.head.starts, zone.head.ends) == (When("entry-into-force"), When("entry-into-force", Duration(5, "years")))
    assert zone.occasion.roles == (("party", PartyVar("")), ("on", Parties(group="former-ussr")))


def test_duties_without_an_occasion_and_voluntary_ones() -> None:
    _, rules = loaded("security")
    calendar, assessment, exercise, answer = (rules[i] for i in ("6.1", "6.2", "6.3", "6.4"))
    assert isinstance(calendar, Duty)
    assert calendar.occasion is None
    assert calendar.act.counts_at == "sent"
    assert calendar.deadline == Deadline("within", Duration(45, "days"), Anchor("entry-into-force"))
    assert isinstance(assessment, Duty)
    assert assessment.voluntary
    assert assessment.deadline == Deadline("by", None, Anchor(Moment(date(2023, 12, 31))))
    assert isinstance(exercise, Duty)
    assert exercise.voluntary
    assert exercise.bearers == Parties("NATO")
    assert exercise.deadline == Deadline("before", Duration(42, "days"), Anchor(FieldOf("X", "start")))
    assert exercise.consequence is not None
    assert exercise.consequence.bearer == PartyVar("P")
    assert isinstance(answer, Duty)
    assert answer.occasion is not None
    assert answer.occasion.roles == (("party", Parties(names=("Russia",))), ("recipient", PartyVar("B")))
    assert answer.consequence is not None
    assert (answer.consequence.modal, answer.consequence.deadline) == ("may", None)


def test_a_case_becomes_rows() -> None:
    agreement, _ = loaded("eight_rules")
    (case,) = agreement.cases
    assert case.name == "late by six days"
    assert case.settings == {"as-of": "2026-03-01"}
    source, exercise, sent, denied = case.facts
    assert (source.kind, source.cells) == ("source", {"id": "S-7", "kind": "monitor", "reliability": "B", "credibility": "2"})
    assert exercise.cells == {
        "source": "Arland",
        "says": "asserts",
        "event": "west-26",
        "party": "Arland",
        "troops": "9400",
        "start": "2026-02-20",
        "said_at": "2026-03-01",
        "published_at": "2026-03-01",
    }
    assert sent.kind == "notification"
    assert denied.cells["says"] == "denies"
    assert "event" not in denied.cells
    assert denied.cells["received"] == "<2026-01-15"
    (expected,) = case.expects
    assert (expected.target, expected.overall) == ("40#west-26>Borland", "disputed")
    assert expected.accounts == {"Arland": "kept", "Borland": "breached", "neutrals": "open"}


def test_the_order_of_the_document_does_not_matter() -> None:
    rule = "rule 1: no Party in allies shall conduct an exercise X where X.area overlaps zone.\n"
    words = 'define zone as place "zone.geojson".\ndefine allies as group Arland.\nagreement: parties Arland, Borland.\n'
    for text in (rule + words, words + rule):
        agreement, problems = parse_agreement(f"```rule\n{text}```\n", "a.md")
        assert problems == ()
        assert agreement is not None


def test_the_grammar_has_no_conflict(caplog: pytest.LogCaptureFixture) -> None:
    lark.logger.setLevel(logging.DEBUG)
    try:
        with caplog.at_level(logging.DEBUG, logger="lark"):
            lark.logger.addHandler(caplog.handler)
            lark.Lark(tables.grammar(), parser="lalr", maybe_placeholders=True, debug=True)
    finally:
        lark.logger.removeHandler(caplog.handler)
        lark.logger.setLevel(logging.CRITICAL)
    assert not [r.getMessage() for r in caplog.records if "conflict" in r.getMessage().lower()]


def test_the_stored_tables_are_of_this_grammar() -> None:
    import json

    stored = json.loads((Path(tables.__file__).parent / tables.FILE).read_text(encoding="utf-8"))
    assert stored["made_from"] == tables._origin(), "run: python -m detente.agreement.tables"
    loaded, built = tables.load(TreeBuilder()), tables.build(TreeBuilder())
    for path in GOOD:
        for block in re.findall(r"```rule\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL):
            assert loaded.parse(block) == built.parse(block)


def test_no_statement_can_be_read_in_two_ways() -> None:
    """A parser that finds every reading finds one, where no name is spelled like a keyword."""
    names = {"NAME", "RULE_ID", "STRING", "WS", "ZONE", "GRADE", "VAR", "PATH", "DATE", "NUMBER", "COUNT"}
    patterns = [re.sub(r"\\[a-zA-Z]|\(\?[=!][^)]*\)", " ", x.pattern.value) for x in parser().terminals if x.name not in names]
    words = {w for pattern in patterns for w in re.findall(r"[A-Za-z-]{2,}", pattern)} | {
        "Party",
        "State",
        "Parties",
        "States",
        "hours",
        "days",
        "months",
        "years",
    }
    reserved = "|".join(
        sorted(
            words - {"party", "hold", "place", "number", "time", "level", "distance", "withdrawal", "end", "make"}, key=len, reverse=True
        )
    )
    word = r"[^\W\d_]\w*(-\w+)+|[^\W\d_]\w+"
    name = rf"NAME: /(?<![\w-])(?!(?:{reserved})(?![\w-]))(?:{word})(?![\w-])/"
    grammar = re.sub(r"^NAME: .*$", lambda _: name, tables.grammar(), flags=re.MULTILINE)
    every_reading = lark.Lark(grammar, parser="earley", lexer="dynamic", ambiguity="explicit", maybe_placeholders=True)
    read = 0
    for path in (*GOOD, PAGE):
        for block in re.findall(r"```rule\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL):
            for start, end in statements_in(block, 0, len(block)):
                tree = every_reading.parse(block[start:end])
                assert not list(tree.find_data("_ambig")), block[start:end]
                read += 1
    assert read > 50


def test_every_rule_in_the_reference_is_read() -> None:
    agreement, problems = parse_agreement(PAGE.read_text(encoding="utf-8"), str(PAGE))
    assert [str(p) for p in problems] == []
    assert agreement is not None
    assert len(agreement.rules) == 36
    assert len(agreement.cases) == 1
    floor = next(r for r in agreement.rules if r.head.id == "5.3")
    assert isinstance(floor, Bound)
    assert floor.op == "at least"
    assert isinstance(floor.unless, IsIn)


@pytest.mark.parametrize("name", sorted(load_kinds()))
def test_every_kind_can_be_used_in_a_rule(name: str) -> None:
    """Each verb in its three forms, each preposition, each field compared with something it takes."""
    kind = load_kinds()[name]
    rules: list[str] = []
    about = kind.fields.get("about")
    occasion, deed = (
        ("causes an incident X", "cause an incident X")
        if about and about.of == "incident"
        else ("conducts an exercise X", "conduct an exercise X")
    )
    for verb in kind.verbs:
        if "" in verb.prepositions:
            thing = "a State S"
        elif verb.takes == "itself":
            thing = f"{'an' if name[0] in 'aeiou' else 'a'} {name} X"
        elif verb.prepositions.get("to") == "about":
            thing = ""
        else:
            thing = "X"
        if verb.takes == "about":
            rules += [
                f"each Party that {occasion} shall {verb.base} {thing or 'to X'} within 2 days",
                f"no Party shall {deed} unless any other Party has {verb.participle} {thing or 'to X'}",
            ]
            continue
        rules += [f"no Party shall {verb.base} {thing}", f"each Party that {verb.third} {thing} shall conduct a flight within 2 days"]
        for preposition, field in verb.prepositions.items():
            words = {
                "party": "Arland",
                "ref": "Y",
                "place": "zone",
                "text": "something",
                "category": next(iter(kind.fields[field].levels), ""),
            }
            who = words[kind.fields[field].type]
            if preposition and who != "Y":
                rules.append(f"no Party shall {verb.base} {thing} {preposition} {who}")
    if kind.genus == "stock":
        rules.append(f"at all times, for each Party P, the number of {kind.plural} of P shall not exceed 5")
    text = (
        "```rule\nagreement: parties Arland, Borland.\ndefine zone as place left open.\n"
        + "".join(f"rule {n}: {rule}.\n" for n, rule in enumerate(rules))
        + "```\n"
    )
    _, problems = parse_agreement(text, "a.md")
    assert [str(p) for p in problems if p.severity == "error"] == []
