"""The judge and the oracle say the same of random evidence: every vote in every account, every outcome."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, note, settings

from detente.model.verdict import Vote

from .bridge import instances, judge_rows
from .evaluate import evaluate
from .strategies import SETTINGS, SOURCES, cases, questions


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases(), questions())
def test_the_judge_agrees(case: Any, question: Any) -> None:
    name, rows = case
    agreement = SETTINGS[name][0]
    oracle = {v.key: v for v in evaluate(agreement, rows, **question).values()}
    judge = instances(judge_rows(agreement, rows, **question))
    note(f"{name}, {question}\n" + "\n".join(str(r) for r in rows[len(SOURCES) :]))
    for key in sorted(oracle.keys() | judge.keys(), key=str):
        if key not in oracle:
            assert set(judge[key].votes.values()) == {Vote.NOT_TRIGGERED}, (key, judge[key])
            continue
        assert key in judge, (key, oracle[key])
        assert dict(judge[key].votes) == dict(oracle[key].votes), key
        assert judge[key].outcome == oracle[key].outcome, (key, oracle[key])
