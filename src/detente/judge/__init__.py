"""Clauses and evidence in, verdicts out.

Reading order: `seats` (accounts), `scene` and `stage` (what a plan is written
for), `hold` and `closed` (what an account holds), `truth` and `condition`,
`occasion`, `search`, then one file per shape of clause (`duty`, `recurring`, `prohibition`,
`bound`, `separation`, `permission`), `ballot` and `across` (votes and outcomes), `plan`, `sequence` and
`conditional` (the order of judging), `evaluate`, `explain`.
"""

from __future__ import annotations

from detente.judge.judge import Judgement, Question, judge

__all__ = ["Judgement", "Question", "judge"]
