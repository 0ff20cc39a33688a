"""Permission: what a Party may do, and what that excludes."""

from __future__ import annotations

from dataclasses import dataclass

from detente.agreement.clause.condition import Condition, Done
from detente.agreement.clause.due import Occasion
from detente.agreement.clause.head import Head
from detente.agreement.clause.reference import Ref
from detente.agreement.clause.who import EventVar, Parties, PartyVar
from detente.model.span import Span


@dataclass(frozen=True, slots=True)
class Permission:
    """`a Party may conduct an inspection I where ..., notwithstanding rule 3.1, which no Party may refuse`.

    Never breached by its bearer, whether used or not; its verdict is a status,
    *permission*. It excuses its deeds, `where` certain and `unless`
    impossible, from the prohibitions that `notwithstanding` names and from no
    others: one rule never overrides another unasked. Under the burden rule a
    permission that no source claims to have been used excuses nothing.

    With `irrefusable` it excludes refusal: another Party's refusal of such a
    deed while the permission holds is a breach by the Party that refuses. One
    instance per deed that is refused (its flag `refused`; of a request, the flag `refusal` of a
    `response` about it), borne by its recipient, else by the Party it is `on`. Where nothing was refused
    there is no instance: nobody has to show that it did not refuse.
    """

    head: Head
    bearers: Parties
    bearer: PartyVar
    deed: Occasion
    notwithstanding: tuple[Ref, ...] = ()
    irrefusable: bool = False
    unless: Condition | None = None


@dataclass(frozen=True, slots=True)
class Refused(Done):
    """That `by` has answered `about` by a `response` whose flag `refusal` is set. No sentence says it; irrefusable permissions ask it."""

    @staticmethod
    def of(var: str, by: PartyVar, span: Span) -> Refused:
        """The refusal of the event `var`."""
        return Refused(by, every=True, kind="response", about=EventVar(var), before=None, span=span)
