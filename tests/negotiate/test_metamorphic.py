"""Changes whose effect on the answer is known beforehand: what they should turn round, and what they should leave alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.negotiate import compare
from detente.negotiate.comparison import Comparison, Direction, Sort
from detente.workbench.compare import compare_drafts

from .drafts import draft, only

EXAMPLES = Path(__file__).parents[2] / "examples"
OPPOSITE = {Direction.TIGHTENED: Direction.LOOSENED, Direction.LOOSENED: Direction.TIGHTENED}
MIRRORED = {Sort.NEW: Sort.GONE, Sort.GONE: Sort.NEW, Sort.SPLIT: Sort.MERGED, Sort.MERGED: Sort.SPLIT}

LIMITED = 'define many as number {many}.\nrule 3 "{title}": no Party shall conduct an exercise {x} where {x}.troops is at least many.'


def of(**words: object) -> str:
    text = LIMITED.format(**{"many": 9000, "title": "Large exercises", "x": "X", **words})
    return text.replace("many", str(words.get("term", "many")))


@pytest.mark.parametrize(
    "words", [{"term": "a-great-number"}, {"title": "Activities beyond a size"}, {"x": "Y"}], ids=lambda w: next(iter(w))
)
def test_new_words_for_the_same_change_nothing(words: dict[str, object]) -> None:
    found = compare(draft(of()), draft(of(**words)))
    assert not found.changes_meaning
    assert only(found).direction is Direction.NONE


@settings(max_examples=6, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.integers(1, 90_000), st.integers(1, 90_000))
def test_a_lower_limit_is_tighter(one: int, two: int) -> None:
    change = only(compare(draft(of(many=one)), draft(of(many=two))))
    expected = Direction.NONE if one == two else Direction.TIGHTENED if two < one else Direction.LOOSENED
    assert change.direction is expected
    assert all(w.direction is expected for w in change.witnesses)


ONE = """rule 3: no Party shall conduct an exercise X where X.troops is at least 9000.
rule 5: when a Party A asks an inquiry Q to a Party B, B shall answer Q to A within 48 hours of Q.received.
rule 8: no Party shall conduct an activity X."""
TWO = """rule 3: no Party shall conduct an exercise X where X.troops is at least 5000.
rule 5: when a Party A asks an inquiry Q to a Party B, B shall answer Q to A within 72 hours of Q.received."""


def told(found: Comparison) -> set[tuple[tuple[str, ...], tuple[str, ...], Direction, frozenset[Sort]]]:
    return {(tuple(p.rule for p in c.before), tuple(p.rule for p in c.after), c.direction, frozenset(c.sorts)) for c in found.changes}


def test_drafts_change_places() -> None:
    there, back = told(compare(draft(ONE), draft(TWO))), told(compare(draft(TWO), draft(ONE)))
    assert {d for *_, d, _ in there} == {Direction.TIGHTENED, Direction.LOOSENED}
    assert {(b, a, OPPOSITE.get(d, d), frozenset(MIRRORED.get(s, s) for s in sorts)) for a, b, d, sorts in there} == back


def test_a_real_agreement_with_a_shorter_notice_is_looser_in_that_rule_only(tmp_path: Path) -> None:
    """Vienna Document 2011: 30 days of notice in place of 42."""
    text = (EXAMPLES / "vienna-2011" / "agreement.md").read_text(encoding="utf-8")
    edited = tmp_path / "agreement.md"
    edited.write_text(text.replace("at least 42 days", "at least 30 days", 1), encoding="utf-8")
    found = compare_drafts(EXAMPLES / "vienna-2011" / "agreement.md", edited)
    (change,) = [c for c in found.changes if c.direction is not Direction.NONE]
    assert (change.direction, change.sorts) == (Direction.LOOSENED, (Sort.DEADLINE,))
    assert change.witnesses[0].before == "breached"


def test_a_real_agreement_with_a_lower_ceiling_is_tighter_in_that_rule_only(tmp_path: Path) -> None:
    """New START: 1,500 warheads in place of 1,550; and what the evidence says of either."""
    text = (EXAMPLES / "new-start" / "agreement.md").read_text(encoding="utf-8")
    edited = tmp_path / "agreement.md"
    edited.write_text(text.replace("shall not exceed 1550", "shall not exceed 1500"), encoding="utf-8")
    found = compare_drafts(EXAMPLES / "new-start" / "agreement.md", edited, EXAMPLES / "new-start" / "evidence")
    (change,) = [c for c in found.changes if c.direction is not Direction.NONE]
    assert ([p.rule for p in change.after], change.direction, change.sorts) == (["II.1b"], Direction.TIGHTENED, (Sort.LIMIT,))
    assert found.on_evidence is not None
    assert all("II.1b" in moved.target for moved in found.on_evidence.instances)
