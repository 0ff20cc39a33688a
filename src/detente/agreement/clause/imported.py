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

    It owes what that article (None: the whole instrument) owes, and inherits
    its verdicts: each instance of the other agreement's rules of that article
    whose bearer is one of the bearers here, judged on the same evidence by that agreement's own terms, is an
    instance of this rule with the same votes. With `act` only duties to
    perform such an act are taken over. Bound only while this agreement binds,
    whatever the other's life says. An instrument left open makes no verdict.
    """

    head: Head
    bearers: Parties
    bearer: PartyVar
    act: Act | None
    instrument: str
    article: str | None
    unless: Condition | None = None
