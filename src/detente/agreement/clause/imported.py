"""Duties taken over from another instrument."""

from __future__ import annotations

from dataclasses import dataclass

from detente.agreement.clause.condition import Condition
from detente.agreement.clause.due import Act
from detente.agreement.clause.head import Head
from detente.agreement.clause.who import Parties, PartyVar
from detente.model.span import Span


@dataclass(frozen=True, slots=True)
class Instrument:
    """Another agreement that this one names: a file beside it, or left open (named, and not at hand)."""

    name: str
    file: str | None
    is_left_open: bool
    span: Span


@dataclass(frozen=True, slots=True)
class ImportedDuty:
    """`each Party shall act as required by INCSEA-1972 article III`.

    It owes what that article (None: the whole instrument) owes. Where the other
    text is at hand its rules are taken over when the agreement is read
    (`agreement/adopt.py`): they become rules of this agreement, `8:III.1`, borne
    by those of their bearers that are bearers here, with the other's words and
    this one's evidence and life. With `act` only duties to perform such an act
    are taken over. What remains as this clause is a text left open, or one that
    asks nothing that can be judged: it makes no verdict.
    """

    head: Head
    bearers: Parties
    bearer: PartyVar
    act: Act | None
    instrument: str
    article: str | None
    unless: Condition | None = None
