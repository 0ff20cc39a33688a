"""Permission: what a Party may do, and what that excludes."""

from __future__ import annotations

from dataclasses import dataclass

from detente.agreement.clause.condition import Condition
from detente.agreement.clause.due import Occasion
from detente.agreement.clause.head import Head
from detente.agreement.clause.reference import Ref
from detente.agreement.clause.who import Parties, PartyVar


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
    `response` about it), borne by its recipient, and a standing one per Party as of a prohibition.
    """

    head: Head
    bearers: Parties
    bearer: PartyVar
    deed: Occasion
    notwithstanding: tuple[Ref, ...] = ()
    irrefusable: bool = False
    unless: Condition | None = None
