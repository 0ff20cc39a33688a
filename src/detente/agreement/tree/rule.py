"""A rule, and a phase, as a whole."""

from __future__ import annotations

from dataclasses import dataclass

from detente.agreement.tree.at import At, unplaced
from detente.agreement.tree.bound import Always
from detente.agreement.tree.condition import HasDone
from detente.agreement.tree.due import WhenWord
from detente.agreement.tree.duty import Allow, Forbid, Oblige, ReleaseTree, Respond
from detente.agreement.tree.separation import Apart, KeepAway
from detente.agreement.tree.tail import Tail
from detente.agreement.tree.word import Day, RefTree, Stretch, Word

Norm = Forbid | Allow | Oblige | Respond | Always | Apart | KeepAway | ReleaseTree


@dataclass(frozen=True, slots=True)
class RuleTree:
    """`rule 40 "Prior notification": ...`."""

    id: Word
    title: str | None
    starts: WhenWord | None
    ends: WhenWord | None
    norm: Norm
    tails: tuple[Tail, ...] = ()


@dataclass(frozen=True, slots=True)
class HasBeenKept:
    """`article 1 has been kept by Arland for 90 days`."""

    of: RefTree
    by: Word | None
    lasting: Stretch | None
    at: At = unplaced()


@dataclass(frozen=True, slots=True)
class PhaseTree:
    """`phase 2 "Withdrawal" begins when article 1 has been kept for 90 days, and no later than 2027-06-30`."""

    id: Word
    title: str | None
    begins: WhenWord | tuple[HasBeenKept | HasDone, ...]
    latest: Day | None
