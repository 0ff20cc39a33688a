"""Phases that wait for something to have been kept, without saying for how long."""

from __future__ import annotations

from collections.abc import Iterator

from detente.agreement.clause import Kept
from detente.draft.draft import Draft
from detente.model.problem import Problem


def phases(draft: Draft) -> Iterator[Problem]:
    """One finding for each `has been kept` without a length of time."""
    for phase in draft.agreement.phases.values():
        if not isinstance(phase.begins, tuple):
            continue
        for milestone in phase.begins:
            if isinstance(milestone, Kept) and milestone.lasting is None:
                yield draft.remark_at(
                    "kept-without-length",
                    f"phase {phase.id} waits until {milestone.of.sort} {milestone.of.id} has been kept, and says for how long nowhere",
                    milestone.span,
                    "give a length of time: `has been kept for 90 days`",
                )
