"""Every shape of sentence is shown five times: said well, said badly, worked through in a case, judged, and judged with the parties exchanged.

The table says where; the tests look there. A shape that is added to the language wants a line here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from detente.agreement.clause import (
    Agreement,
    AnyRule,
    BaselineBound,
    Bound,
    Deadline,
    Duty,
    ImportedDuty,
    LeftOpen,
    Perceived,
    Permission,
    Placed,
    PlaceNamed,
    Prohibition,
    RecurringDuty,
    Release,
    Separation,
)
from detente.agreement.load import load_agreement, parse_agreement
from detente.workbench.cases import CaseResult, run_cases
from judge.told import MIRRORS, document

ROOT = Path(__file__).parents[2]
GOOD, BAD = "tests/agreement/good/", "tests/agreement/bad/"
ARLAND = "examples/arland-borland/agreement.md"

Shows = Callable[[Agreement, AnyRule], bool]
"""Whether a rule of an agreement has the shape; of its life, whether the agreement has it."""


@dataclass(frozen=True)
class Story:
    """One of `tests/workbench/stories.py`, judged under other names by `test_mirror.py`."""

    name: str


@dataclass(frozen=True)
class Told:
    """One of a module of `tests/judge`, told and mirrored."""

    module: str
    group: str
    name: str


@dataclass(frozen=True)
class Trap:
    """One of `tests/oracle/test_traps.py`, judged twice over, and mirrored."""

    name: str


@dataclass(frozen=True)
class Shape:
    """`good`: a file and a rule; `bad`: a code and the words on the line of its problem; `case`: a file and a case's name."""

    name: str
    shows: Shows
    good: tuple[str, str]
    bad: tuple[str, str]
    case: tuple[str, str]
    judged: Told | Trap
    mirrored: Story | Told | Trap


def within(node: Any) -> Iterator[Any]:
    """A clause and everything in it."""
    yield node
    if isinstance(node, tuple):
        for item in node:
            yield from within(item)
    elif is_dataclass(node):
        for f in fields(node):
            yield from within(getattr(node, f.name))


def holds(*sorts: type) -> Shows:
    return lambda _, rule: any(isinstance(node, sorts) for node in within(rule))


def is_(sort: type) -> Shows:
    return lambda _, rule: isinstance(rule, sort)


def due(relation: str) -> Shows:
    return lambda _, rule: isinstance(rule, Duty) and isinstance(rule.deadline, Deadline) and rule.deadline.relation == relation


def limit(op: str, *words: str) -> Shows:
    """A bound this way; with words, one that is written with one of them."""
    return lambda _, rule: (
        isinstance(rule, Bound) and rule.op == op and (not words or any(re.search(rf"\b{w}\b", rule.head.text) for w in words))
    )


def otherwise(modal: str) -> Shows:
    return lambda _, rule: isinstance(rule, Duty) and rule.consequence is not None and rule.consequence.modal == modal


def left_open(agreement: Agreement, rule: AnyRule) -> bool:
    return any(
        isinstance(n, LeftOpen) or (isinstance(n, PlaceNamed) and n.name in agreement.places and agreement.places[n.name].is_left_open)
        for n in within(rule)
    )


def in_a_cycle(agreement: Agreement, rule: AnyRule) -> bool:
    return any(rule.head.id in cycle.rules for cycle in agreement.cycles)


def releases(agreement: Agreement, rule: AnyRule) -> bool:
    """It releases, or somebody may be released from it."""
    freed = {i for r in agreement.rules if isinstance(r, Release) for ref in r.scope for i in ref.rules}
    return isinstance(rule, Release) or rule.head.id in freed


def lives(test: Callable[[Any], bool]) -> Shows:
    return lambda agreement, _: test(agreement.life)


SHAPES = (
    Shape(
        "prohibition",
        is_(Prohibition),
        (GOOD + "eight_rules.md", "IV.1"),
        ("unknown-level", "no Party shall conduct"),
        (ARLAND, "with and without consent"),
        Trap("consent of all before the start"),
        Story("No brigade in the zone without consent"),
    ),
    Shape(
        "duty before an anchor",
        due("before"),
        (GOOD + "eight_rules.md", "40"),
        ("unknown-field", "at least 42 days before X.begin"),
        (ARLAND, "the last day is in time, the next is not"),
        Trap("42 calendar days: any moment of the due date"),
        Story("Notice before, with an exception"),
    ),
    Shape(
        "duty after an anchor",
        due("within"),
        (GOOD + "eight_rules.md", "16.1"),
        ("fraction-of-time", "within 1.5 days"),
        (ARLAND, "answered in time"),
        Trap("48 hours, to the second"),
        Story("Answers, and consultations where there is none"),
    ),
    Shape(
        "recurring duty",
        is_(RecurringDuty),
        (GOOD + "shapes.md", "2.1"),
        ("impossible-date", "each year by 31 November"),
        (ARLAND, "one calendar came, of the other nobody speaks"),
        Told("duties", "RECURRING", "on the day"),
        Story("Calendars each year, and notice before"),
    ),
    Shape(
        "ceiling",
        limit("at most"),
        (GOOD + "eight_rules.md", "II.1b"),
        ("unknown-name", "shall not exceed celing"),
        (ARLAND, "701 launchers, and ten tanks more"),
        Trap("one more"),
        Story("Ceilings, floors and groups"),
    ),
    Shape(
        "floor",
        limit("at least"),
        (GOOD + "worked.md", "1.1"),
        ("wrong-unit", "shall be at least 5 kg"),
        (GOOD + "worked.md", "at the limit and beside it"),
        Told("levels", "STORIES", "strict floor: above"),
        Story("Ceilings, floors and groups"),
    ),
    Shape(
        "separation",
        is_(Separation),
        (GOOD + "shapes.md", "3.1"),
        ("wrong-variable", "the distance between A and C"),
        (ARLAND, "what a sensor measured"),
        Told("separation", "STORIES", "exactly at the limit"),
        Story("Two ships too near"),
    ),
    Shape(
        "at least 1 nm or 1,000 ft vertically",
        lambda _, rule: isinstance(rule, Separation) and None not in (rule.spacing.horizontal, rule.spacing.vertical),
        (GOOD + "shapes.md", "3.2"),
        ("wrong-unit", "at least 1 nm or 5 kg vertically"),
        (GOOD + "worked.md", "near and high, near and low"),
        Told("separation", "STORIES", "high enough"),
        Told("separation", "STORIES", "neither far nor high"),
    ),
    Shape(
        "reach",
        lambda _, rule: any(isinstance(n, Placed) and n.relation == "reaches" for n in within(rule)),
        (GOOD + "shapes.md", "4.1"),
        ("wrong-type", "X reaches zone"),
        (ARLAND, "near and far"),
        Told("reach", "STORIES", "far enough"),
        Story("No missile in reach"),
    ),
    Shape(
        "baseline",
        is_(BaselineBound),
        (GOOD + "shapes.md", "5.1"),
        ("impossible-date", "its value as of 2026-02-30"),
        (ARLAND, "701 launchers, and ten tanks more"),
        Told("levels", "STORIES", "baseline: exactly at the limit"),
        Story("No more than before"),
    ),
    Shape(
        "permission",
        is_(Permission),
        (GOOD + "shapes.md", "6.3"),
        ("misplaced-clause", "a Party may conduct an exercise X else"),
        (ARLAND, "allowed, and refused"),
        Told("permission", "STORIES", "excused"),
        Story("An inspection that may not be refused"),
    ),
    Shape(
        "permission that nobody may refuse",
        lambda _, rule: isinstance(rule, Permission) and rule.irrefusable,
        (GOOD + "shapes.md", "6.1"),
        ("unobservable-refusal", "which no Party may refuse"),
        (ARLAND, "allowed, and refused"),
        Told("permission", "STORIES", "refused, and admitted"),
        Story("An inspection that may not be refused"),
    ),
    Shape(
        "exception",
        lambda _, rule: isinstance(rule, Duty) and bool(rule.exceptions),
        (GOOD + "eight_rules.md", "40"),
        ("misplaced-clause", "exception 3: where X is live-fire"),
        (ARLAND, "an alert exercise"),
        Trap("an exception that may hold is kept only both ways"),
        Story("Notice before, with an exception"),
    ),
    Shape(
        "consequence that shall follow",
        otherwise("shall"),
        (GOOD + "eight_rules.md", "16.1"),
        ("unknown-verb", "else B shall attnd consultations"),
        (GOOD + "worked.md", "not answered: one must consult, the other may"),
        Trap("the consequence follows the breach in the same account"),
        Story("Answers, and consultations where there is none"),
    ),
    Shape(
        "consequence that may follow",
        otherwise("may"),
        (GOOD + "security.md", "6.4"),
        ("unknown-verb", "else A may attnd consultations"),
        (GOOD + "worked.md", "not answered: one must consult, the other may"),
        Told("duties", "ELSE", "one may, and does not"),
        Told("duties", "ELSE", "one may, and does"),
    ),
    Shape(
        "reciprocity",
        releases,
        (GOOD + "shapes.md", "7.4"),
        ("self-release", "A is released from rule 2"),
        (GOOD + "worked.md", "released by a breach of the other"),
        Told("conditional", "STORIES", "release: the day after"),
        Story("A breach that releases, and a phase"),
    ),
    Shape(
        "phases",
        lambda _, rule: rule.head.phases is not None,
        (GOOD + "shapes.md", "7.1"),
        ("unknown-phase", "phase 4 begins 30 days after phase 5"),
        (GOOD + "worked.md", "the phase begins after ninety days"),
        Told("conditional", "STORIES", "phase: begun"),
        Story("A breach that releases, and a phase"),
    ),
    # It is read, and reported: the same text is well said and warned of.
    Shape(
        "cycle",
        in_a_cycle,
        (BAD + "condition-cycle.md", "4"),
        ("condition-cycle", "rule 3: no Party shall deploy a missile"),
        (BAD + "condition-cycle.md", "what waits for itself gets no verdict"),
        Told("conditional", "STORIES", "release: a cycle"),
        Told("conditional", "STORIES", "from a phase: a cycle"),
    ),
    Shape(
        "perception",
        holds(Perceived),
        (GOOD + "shapes.md", "8.1"),
        ("unnamed-perception", "where X is perceived as a threat"),
        (ARLAND, "declared before it began"),
        Told("duties", "VIEWS", "declared before"),
        Story("Calendars each year, and notice before"),
    ),
    Shape(
        "entry into force",
        lives(lambda life: life.entry is not None),
        (GOOD + "eight_rules.md", "40"),
        ("impossible-date", "enters into force on 2023-02-29"),
        (GOOD + "life.md", "applied before it is in force, and in force when the last has ratified"),
        Trap("not everybody ratified"),
        Story("The life of an agreement"),
    ),
    Shape(
        "provisional application",
        lives(lambda life: life.provisional is not None),
        (GOOD + "shapes.md", "2.1"),
        ("ends-before-it-begins", "applies provisionally from 2010-01-01 until 2009-01-01"),
        (GOOD + "life.md", "applied before it is in force, and in force when the last has ratified"),
        Told("life", "PROVISIONAL", "nobody has ratified"),
        Story("Applied before it is in force, suspended in part, and outlived"),
    ),
    Shape(
        "suspension",
        lives(lambda life: life.suspension or life.partial_suspension is not None),
        (GOOD + "shapes.md", "3.1"),
        ("unknown-article", "suspension of article 12"),
        (GOOD + "life.md", "suspended after ten days, and until the suspension ends"),
        Told("life", "PARTIAL", "the last day of the time still binds"),
        Story("Applied before it is in force, suspended in part, and outlived"),
    ),
    Shape(
        "withdrawal after notice",
        lives(lambda life: life.release is not None),
        (GOOD + "eight_rules.md", "40"),
        ("unknown-kind", "a Party that notifies withdrawl is released"),
        (GOOD + "life.md", "released on the thirtieth day after notice"),
        Trap("the thirtieth day after notice still binds"),
        Story("The life of an agreement"),
    ),
    Shape(
        "expiry",
        lives(lambda life: life.expiry is not None),
        (GOOD + "eight_rules.md", "40"),
        ("hours-for-days", "expires 48 hours after entry-into-force"),
        (GOOD + "life.md", "expired"),
        Trap("on the day it expires"),
        Story("The life of an agreement"),
    ),
    Shape(
        "extension",
        lives(lambda life: life.extension is not None),
        (GOOD + "eight_rules.md", "40"),
        ("extension-without-expiry", "unless extended by all Parties"),
        (GOOD + "life.md", "extended by all"),
        Trap("an extension to a date: 2026-05-31"),
        Story("The life of an agreement"),
    ),
    Shape(
        "left open",
        left_open,
        (GOOD + "security.md", "4.1"),
        ("unknown-kind", "as number lft open"),
        (ARLAND, "a term left open gives no verdict"),
        Trap("the text names no number"),
        Story("No brigade in the zone without consent"),
    ),
    Shape(
        "imported duty",
        is_(ImportedDuty),
        (GOOD + "shapes.md", "8.4"),
        ("unknown-instrument", "as required by INCSEA-1973 article III"),
        (ARLAND, "three days before"),
        Told("imported", "STORIES", "kept"),
        Told("imported", "STORIES", "late"),
    ),
    Shape(
        "above",
        limit("at least", "above"),
        (GOOD + "shapes.md", "5.8"),
        ("wrong-unit", "shall remain above 5 kg"),
        (GOOD + "worked.md", "at the limit and beside it"),
        Told("levels", "STORIES", "strict floor: at the limit"),
        Told("levels", "STORIES", "strict floor: above"),
    ),
    Shape(
        "below",
        limit("at most", "below"),
        (GOOD + "shapes.md", "5.7"),
        ("wrong-unit", "shall remain below 5 kg"),
        (GOOD + "worked.md", "at the limit and beside it"),
        Told("levels", "STORIES", "strict: at the limit"),
        Told("levels", "STORIES", "strict: just below"),
    ),
)
each = pytest.mark.parametrize("shape", SHAPES, ids=lambda s: s.name)


@cache
def read(path: str) -> Agreement:
    """The document as written: what it imports is not followed."""
    return parsed((ROOT / path).read_text(encoding="utf-8"), path)


def parsed(text: str, path: str = "a.md") -> Agreement:
    agreement, problems = parse_agreement(text, path)
    assert agreement is not None, problems
    return agreement


@cache
def run(path: str) -> dict[str, CaseResult]:
    return {result.name: result for result in run_cases(ROOT / path)}


def shown_by(shape: Shape, agreement: Agreement) -> set[str]:
    """The rules of the agreement that have the shape."""
    return {rule.head.id for rule in agreement.rules if shape.shows(agreement, rule)}


@each
def test_it_is_said_well(shape: Shape) -> None:
    path, rule = shape.good
    assert rule in shown_by(shape, read(path))


@each
def test_what_is_said_badly_is_refused_at_its_line(shape: Shape) -> None:
    code, words = shape.bad
    path = ROOT / BAD / f"{code}.md"
    lines = path.read_text(encoding="utf-8").split("\n")
    agreement, problems = load_agreement(path)
    assert (agreement is None) == (shape.name != "cycle")
    assert [p for p in problems if p.span and words in lines[p.span.line - 1]]


@each
def test_a_case_works_it_through(shape: Shape) -> None:
    path, name = shape.case
    agreement = read(path)
    (case,) = (c for c in agreement.cases if c.name == name)
    rules = {re.split(r"#|:|\.else", e.target)[0] for e in case.expects}
    assert rules & shown_by(shape, agreement)
    assert run(path)[name].passed, run(path)[name].text


@each
def test_it_is_judged(shape: Shape) -> None:
    assert shown_by(shape, law(shape.judged))


@each
def test_it_is_judged_with_the_parties_exchanged(shape: Shape) -> None:
    assert shown_by(shape, law(shape.mirrored))
    match shape.mirrored:
        case Story():
            mirror, stories = import_module("workbench.test_mirror"), import_module("workbench.stories").STORIES
            assert stories in parameters(mirror.test_order_reversed)
            assert stories in parameters(mirror.test_two_sides_swapped)
        case Told(module):
            assert MIRRORS in parameters(getattr(import_module(f"judge.test_{module}"), f"test_{module}"))
        case Trap():
            assert [False, True] in parameters(import_module("oracle.test_traps").test_trap)


def law(where: Story | Told | Trap) -> Agreement:
    """The agreement that is judged there."""
    match where:
        case Story(name):
            (text,) = (s.agreement for s in import_module("workbench.stories").STORIES if s.name == name)
            return parsed(text)
        case Told(module, group, name):
            rules, *life, case = getattr(import_module(f"judge.test_{module}"), group)[name]
            return parsed(document(rules, case, *life))
        case Trap(name):
            (agreement,) = (t.law for t in import_module("oracle.test_traps").TRAPS if t.name == name)
            assert isinstance(agreement, Agreement)
            return agreement


def parameters(test: Any) -> list[Any]:
    return [mark.args[1] for mark in test.pytestmark if mark.name == "parametrize"]
