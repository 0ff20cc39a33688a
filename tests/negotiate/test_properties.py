"""What must hold for every draft: none differs from itself, its canonical form means the same, and parties may change places."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from detente.agreement.clause import Agreement
from detente.agreement.format import format_document
from detente.agreement.load import load_agreement, parse_agreement
from detente.negotiate import compare
from detente.negotiate.comparison import Direction, Sort
from detente.negotiate.parity import shares

from .drafts import draft, only

ROOT = Path(__file__).parents[2]
DOCUMENTS = [*sorted((ROOT / "examples").glob("*/*.md")), *sorted((ROOT / "tests/agreement/good").glob("*.md"))]
AGREEMENTS = [p for p in DOCUMENTS if p.name != "README.md"]


def read(path: Path) -> Agreement:
    agreement, problems = load_agreement(path)
    assert agreement is not None, problems
    return agreement


@pytest.mark.parametrize("path", AGREEMENTS, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_no_draft_differs_from_itself(path: Path) -> None:
    found = compare(read(path), read(path))
    assert not found.changes_meaning
    assert not found.prose
    assert all(c.direction is Direction.NONE and not c.sorts for c in found.changes)
    assert found.parity.before == found.parity.after


@pytest.mark.parametrize("path", AGREEMENTS, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_the_canonical_form_means_the_same(path: Path) -> None:
    first = path.read_text(encoding="utf-8")
    text, problems = format_document(first, str(path))
    assert not problems
    one, two = parse_agreement(first, str(path))[0], parse_agreement(text, str(path))[0]
    assert one is not None
    assert two is not None
    found = compare(one, two)
    assert not found.changes_meaning
    assert {s for c in found.changes for s in c.sorts} <= {Sort.REWORDED}


def swapped(text: str) -> str:
    names = {"Arland": "Borland", "Borland": "Arland"}
    return re.sub("Arland|Borland", lambda m: names[m[0]], text)


def test_parties_change_places() -> None:
    one, two = "rule 3: Arland shall not conduct an exercise X.", "rule 3: Borland shall not conduct an exercise X."
    first = only(compare(draft(one), draft(two)))
    mirrored = only(compare(draft(swapped(one)), draft(swapped(two))))
    assert first.direction is mirrored.direction is Direction.BOTH
    assert sorted(w.bearer for w in mirrored.witnesses) == sorted(swapped(w.bearer) for w in first.witnesses)
    assert first.sorts == mirrored.sorts


def test_shares() -> None:
    rules = """rule 1: no Party shall conduct an exercise X unless every other Party has consented to X.
rule 2: Borland may conduct an inspection I of Arland, which no Party may refuse.
rule 3: Arland shall provide its doctrine to every other Party no later than 2027-06-30.
define inspection as event having refused: flag."""
    arland, borland = shares(draft(rules))
    assert (arland.obligations, arland.permissions, arland.exceptions, arland.burdens) == (("1", "3"), (), ("1",), ("2",))
    assert (borland.obligations, borland.permissions, borland.exceptions, borland.burdens) == (("1",), ("2",), ("1",), ())


def test_shares_change_places() -> None:
    rules = "rule 1: Arland shall not conduct an exercise X.\nrule 2: Borland may conduct an inspection I of Arland."
    one, two = shares(draft(rules)), shares(draft(swapped(rules)))
    assert [(s.obligations, s.permissions, s.burdens) for s in one] == [(s.obligations, s.permissions, s.burdens) for s in reversed(two)]
