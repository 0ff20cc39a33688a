"""Across accounts: the first line that fits. Source: semantics, section 5."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from detente.model.verdict import Ground, Outcome, Status, Vote

_WORST_OUTCOME = (Outcome.BREACHED, Outcome.DISPUTED, Outcome.UNVERIFIED, Outcome.KEPT)
_WORST_VOTE = (Vote.BREACHED, Vote.OPEN, Vote.NOT_DUE, Vote.KEPT, Vote.NOT_BOUND, Vote.NOT_TRIGGERED)


@dataclass(frozen=True)
class Supports:
    """What each group of sources says when it is heard alone."""

    bearer_alone: Vote
    """The bearer's account, told by the bearer's own sources only."""
    nobodys: Vote
    """Neutrals, told only by sources that speak for no party."""
    nobodys_and_bearers: Vote
    """Neutrals, told only by those and by the bearer's."""
    named: tuple[Vote, ...] = ()
    """The accounts of the monitors and quorums that the agreement names."""
    bearer_establishes: bool = True


def join(
    votes: Mapping[str, Vote], deciding: Iterable[str], bearer: str, supports: Supports
) -> tuple[Outcome | None, Ground | None, tuple[Status, ...]]:
    said = [votes[name] for name in deciding]
    established: list[tuple[Vote, Ground]] = [(v, Ground.ESTABLISHED) for v in supports.named if v in (Vote.KEPT, Vote.BREACHED)]
    if supports.bearer_establishes and votes.get(bearer) == Vote.BREACHED and supports.bearer_alone == Vote.BREACHED:
        established.append((Vote.BREACHED, Ground.ADMITTED))
    if established:
        if len({v for v, _ in established}) == 2:
            return Outcome.DISPUTED, Ground.ACCOUNTS_DIFFER, ()
        vote, ground = established[0]
        return (Outcome.BREACHED if vote == Vote.BREACHED else Outcome.KEPT), ground, ()
    if Vote.BREACHED in said:
        if any(v not in (Vote.BREACHED, Vote.OPEN) for v in said):
            return Outcome.DISPUTED, Ground.ACCOUNTS_DIFFER, ()
        if votes.get("neutrals") == Vote.BREACHED and supports.nobodys_and_bearers == Vote.BREACHED:
            return Outcome.BREACHED, Ground.NEUTRAL, ()
        return Outcome.UNVERIFIED, Ground.ALLEGED, ()
    if Vote.KEPT in said:
        observed = votes.get("neutrals") == Vote.KEPT and supports.nobodys == Vote.KEPT
        return Outcome.KEPT, Ground.OBSERVED if observed else Ground.DECLARED, ()
    if Vote.NOT_DUE in said:
        return None, None, (Status.NOT_DUE,)
    idle = [v for v in said if v in (Vote.NOT_TRIGGERED, Vote.NOT_BOUND)]
    if idle:
        return None, None, (Status.NOT_IN_FORCE if set(idle) == {Vote.NOT_BOUND} else Status.UNTESTED,)
    return Outcome.UNVERIFIED, Ground.OPEN, ()


def worst_vote(votes: Iterable[Vote]) -> Vote:
    return min(votes, key=_WORST_VOTE.index)


def worst_outcome(outcomes: Iterable[Outcome | None]) -> Outcome | None:
    found = [o for o in outcomes if o is not None]
    return min(found, key=_WORST_OUTCOME.index) if found else None
