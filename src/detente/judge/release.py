"""Whom a breach releases, from what and how long: rows of the relation `paused`.

Source: semantics, section 4, "Release".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from detente.agreement.clause import Agreement, Parties, Release, Who
from detente.judge.moments import NEVER, Between, freed
from detente.judge.onrecord import TICK, Bad
from detente.judge.scene import Scene

PauseRow = tuple[object, ...]
"""party, accounts, start (least, greatest), end (least, greatest; None: none), whether certain, rule, whether it is a release."""


def releases(scene: Scene, agreement: Agreement, rule: Release, bad: Iterable[Bad]) -> list[PauseRow]:
    """The stretches in which parties are not bound because of breaches of others."""
    found: dict[tuple[str, Between, Between, bool, str], int] = defaultdict(int)
    breachers = named(rule.breacher, agreement)
    scope = dict.fromkeys(i for ref in rule.scope for i in ref.rules)
    for b in bad:
        if breachers is not None and b.bearer not in breachers:
            continue
        # What happens at the very instant of the breach is not after it.
        start = Between(*(t if t == NEVER else t + TICK for t in b.start))
        end = _end(scene, rule, b)
        released = named(rule.released, agreement)
        for party in scene.parties:
            if party != b.bearer and (released is None or party in released):
                for id_ in scope:
                    found[party, start, end, b.is_sure, id_] |= 1 << b.bit
    return [
        (party, accounts, start.lo, start.hi, *(None if t == NEVER else t for t in end), is_sure, id_, True)
        for (party, start, end, is_sure, id_), accounts in found.items()
    ]


def _end(scene: Scene, rule: Release, b: Bad) -> Between:
    """The last moment of the release."""
    match rule.ends:
        case "cured":
            ends = b.cured
        case None:
            ends = Between(NEVER, NEVER)
        case duration:
            ends = Between(*(freed(scene.clock, t, duration) for t in b.start))
    return Between(*(t if t == NEVER else t - TICK for t in ends))


def named(who: Who, agreement: Agreement) -> Sequence[str] | None:
    """The parties meant; None for any."""
    if not isinstance(who, Parties) or who == Parties():
        return None
    members = [m.member for m in agreement.groups[who.group].members] if who.group else []
    return [*who.names, *members]
