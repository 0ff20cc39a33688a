"""Clauses and evidence in, verdicts out.

Reading order: `seats` (accounts), `scene` and `stage` (what a plan is written
for), `hold` and `closed` (what an account holds), `truth` and `condition`,
`occasion`, `search`, then one file per shape of clause (`duty`, `prohibition`,
`bound`), `ballot` and `across` (votes and outcomes), `plan`, `evaluate`,
`explain`.
"""

from __future__ import annotations

from detente.judge.judge import Judgement, Question, judge

__all__ = ["Judgement", "Question", "judge"]
