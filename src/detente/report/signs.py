"""The marks of the terminal, in two alphabets, and the words beside them.

A mark never stands on colour alone: outcomes differ by shape, by word and by
weight. Red is never set against green.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from detente.model.verdict import Ground, Outcome, Status, Vote

GROUND_IN_SHORT: Mapping[Ground, str] = {
    Ground.OBSERVED: "observed",
    Ground.DECLARED: "declared",
    Ground.ADMITTED: "admitted",
    Ground.ESTABLISHED: "established",
    Ground.NEUTRAL: "neutrals say so",
    Ground.ACCOUNTS_DIFFER: "accounts differ",
    Ground.ALLEGED: "alleged",
    Ground.OPEN: "open to all",
}
"""At most fifteen columns each, for tables that cannot hold the whole phrase."""

GROUND_IN_COLUMN: Mapping[Ground, str] = {
    **{ground: ground.value for ground in Ground},
    Ground.ESTABLISHED: "as the agreement says",
    Ground.OPEN: "open in every account",
}
"""At most 22 columns each."""

STATUS_IN_SHORT: Mapping[Status, str] = {
    Status.NOT_IN_FORCE: "not in force",
    Status.NOT_DUE: "not due yet",
    Status.UNTESTED: "untested",
    Status.LEFT_OPEN: "left open",
    Status.COUNTERFACTUAL: "as if in force",
    Status.CURED: "cured",
    Status.DECLARATORY: "declaratory",
    Status.PROVISIONAL: "provisional",
    Status.PERMISSION: "permission",
    Status.RELEASE: "release",
    Status.CYCLE: "cycle",
}

VOTE_IN_SHORT: Mapping[Vote, str] = {
    Vote.KEPT: "kept",
    Vote.BREACHED: "breached",
    Vote.OPEN: "open",
    Vote.NOT_TRIGGERED: "no case",
    Vote.NOT_BOUND: "not bound",
    Vote.NOT_DUE: "not due",
}

STYLE: Mapping[str, str] = {"breached": "red", "disputed": "yellow", "kept": "cyan", "unverified": "", "open": ""}
"""By the word of an outcome or a vote; every other word is quiet."""


def style(answer: Outcome | Vote | None) -> str:
    """How a word is set: a breach that stands overall is bold."""
    found = STYLE.get(answer or "", "dim")
    return f"bold {found}" if answer is Outcome.BREACHED else found


@dataclass(frozen=True, slots=True)
class Signs:
    """One alphabet of marks. All are one column wide."""

    kept: str
    breached: str
    disputed: str
    unknown: str
    neither: str
    line: str
    dot: str
    cut: str

    def of(self, answer: Outcome | Vote | None) -> str:
        """The mark of an outcome or a vote; votes without a case and absent outcomes get the dash."""
        marks = {
            "kept": self.kept,
            "breached": self.breached,
            "disputed": self.disputed,
            "unverified": self.unknown,
            "open": self.unknown,
        }
        return marks.get(answer or "", self.neither)


DRAWN = Signs(kept="✓", breached="✗", disputed="◐", unknown="○", neither="–", line="─", dot="·", cut="…")
ASCII = Signs(kept="+", breached="X", disputed="~", unknown="?", neither="-", line="-", dot="-", cut="...")


def signs(*, ascii_only: bool) -> Signs:
    """One of the two alphabets."""
    return ASCII if ascii_only else DRAWN
