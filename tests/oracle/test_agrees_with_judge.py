"""The judge and the oracle say the same of random evidence: every vote in every account, every outcome, ground and status."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from detente.model.verdict import Vote

from .bridge import instances, judge_rows
from .evaluate import evaluate
from .strategies import SETTINGS, SOURCES, cases, questions

IDLE = {Vote.NOT_TRIGGERED, Vote.NOT_BOUND}
"""Whoever is only ever idle need not have an instance: nobody is bound, or nothing happened."""


pytestmark = pytest.mark.soak


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data(), questions())
@pytest.mark.parametrize("name", SETTINGS)
def test_the_judge_agrees(name: str, data: Any, question: Any) -> None:
    agreement = SETTINGS[name][0]
    _, rows = data.draw(cases(only=(name,)))
    note(f"{name}, {question}\n" + "\n".join(str(r) for r in rows[len(SOURCES) :]))
    oracle = {v.key: v for v in evaluate(agreement, rows, **question).values()}
    judge = instances(judge_rows(agreement, rows, **question))
    for key in sorted(oracle.keys() | judge.keys(), key=str):
        if key not in oracle:
            assert set(judge[key].votes.values()) == {Vote.NOT_TRIGGERED}, (key, judge[key])
            continue
        if key not in judge:
            assert set(oracle[key].votes.values()) <= IDLE, (key, oracle[key])
            continue
        found, expected = judge[key], oracle[key]
        assert dict(found.votes) == dict(expected.votes), key
        assert (found.outcome, found.ground, set(found.statuses)) == (expected.outcome, expected.ground, set(expected.statuses)), (
            key,
            expected,
        )
