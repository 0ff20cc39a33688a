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
    """What the accounts of the monitors and quorums say that the agreement names."""
    bearer_establishes: bool = True


def join(
    votes: Mapping[str, Vote], deciding: Iterable[str], bearer: str, supports: Supports
) -> tuple[Outcome | None, Ground | None, tuple[Status, ...]]:
    said = [votes[name] for name in deciding]
    outcome, ground, status = _first_line(votes, said, bearer, supports)
    if Vote.NOT_DUE in said and status is None:
        status = Status.NOT_DUE
    return outcome, ground, (status,) if status else ()


def _first_line(
    votes: Mapping[str, Vote], said: list[Vote], bearer: str, supports: Supports
) -> tuple[Outcome | None, Ground | None, Status | None]:
    established: list[tuple[Vote, Ground]] = [(v, Ground.ESTABLISHED) for v in supports.named if v in (Vote.KEPT, Vote.BREACHED)]
    if supports.bearer_establishes and votes.get(bearer) == Vote.BREACHED and supports.bearer_alone == Vote.BREACHED:
        established.append((Vote.BREACHED, Ground.ADMITTED))
    if established:
        if len({v for v, _ in established}) == 2:
            return Outcome.DISPUTED, Ground.ACCOUNTS_DIFFER, None
        vote, ground = established[0]
        return (Outcome.BREACHED if vote == Vote.BREACHED else Outcome.KEPT), ground, None
    if Vote.BREACHED in said:
        if any(v not in (Vote.BREACHED, Vote.OPEN) for v in said):
            return Outcome.DISPUTED, Ground.ACCOUNTS_DIFFER, None
        if votes.get("neutrals") == Vote.BREACHED and supports.nobodys_and_bearers == Vote.BREACHED:
            return Outcome.BREACHED, Ground.NEUTRAL, None
        return Outcome.UNVERIFIED, Ground.ALLEGED, None
    if Vote.KEPT in said:
        observed = votes.get("neutrals") == Vote.KEPT and supports.nobodys == Vote.KEPT
        return Outcome.KEPT, Ground.OBSERVED if observed else Ground.DECLARED, None
    if Vote.OPEN in said:
        return Outcome.UNVERIFIED, Ground.OPEN, None
    if Vote.NOT_DUE in said:
        return None, None, Status.NOT_DUE
    return None, None, Status.NOT_IN_FORCE if set(said) == {Vote.NOT_BOUND} else Status.UNTESTED


def worst_vote(votes: Iterable[Vote]) -> Vote:
    return min(votes, key=_WORST_VOTE.index)


def worst_outcome(outcomes: Iterable[Outcome | None]) -> Outcome | None:
    found = [o for o in outcomes if o is not None]
    return min(found, key=_WORST_OUTCOME.index) if found else None
