"""The agreement's own dates, in each account: entry into force, expiry, release, the end of a suspension.

Source: semantics, section 4, "Life".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, NamedTuple

import duckdb

from detente.agreement.clause import Life
from detente.judge.life import Lives, Stretch, lives
from detente.judge.moments import EVER, NEVER, Between
from detente.judge.renewal import last_day
from detente.judge.scene import Scene

Milestone = Literal[
    "entry into force",
    "provisional application ends",
    "expiry",
    "extension possible until",
    "objection to renewal possible until",
    "withdrawal takes effect",
    "suspension ends",
]


@dataclass(frozen=True, slots=True)
class LifeDate:
    """One date, between two moments, and the set of accounts that hold it.

    Without a party it concerns every one; `rule` is the one rule that it is about, None the whole agreement.
    """

    what: Milestone
    party: str | None
    rule: str | None
    at: tuple[datetime | None, datetime | None]
    accounts: int


class _Key(NamedTuple):
    what: Milestone
    party: str | None
    rule: str | None
    at: Between


def life_dates(db: duckdb.DuckDBPyConnection, scene: Scene, life: Life) -> list[LifeDate]:
    """Every date that may lie after as-of, but for those that would follow a notice of which nothing is said."""
    if not life.stated:
        return []
    told = lives(db, scene, life)
    found: dict[_Key, int] = defaultdict(int)
    for (party, stretch), accounts in told.stretches.items():
        for key in _of_stretch(scene, life, party, stretch):
            found[key] |= accounts
    if life.extension is not None:
        for end, accounts in _extensible(told, lives(db, scene, replace(life, extension=None))):
            found[_Key("extension possible until", None, None, end)] |= accounts
    for (party, pause), accounts in told.pauses.items():
        found[_Key("suspension ends", party, pause.rule, pause.end)] |= accounts
    return [
        LifeDate(key.what, key.party, key.rule, (_known(key.at.lo), _known(key.at.hi)), accounts)
        for key, accounts in found.items()
        if accounts and key.at.hi > scene.as_of and key.at.lo < NEVER and key.at != Between(EVER, NEVER)
    ]


def _of_stretch(scene: Scene, life: Life, party: str, stretch: Stretch) -> Iterator[_Key]:
    if stretch.is_provisional:
        last = life.provisional.until if life.provisional else None
        if last is not None:
            end = scene.clock.start_of(last).replace(tzinfo=None)
            if stretch.entry.hi > end:
                yield _Key("provisional application ends", None, None, Between(end, end))
        return
    yield _Key("entry into force", None, None, stretch.entry)
    yield _Key("expiry", None, None, stretch.expiry)
    yield _Key("withdrawal takes effect", party, None, stretch.release)
    if life.renewal and life.renewal.may_object and stretch.expiry.hi >= NEVER:
        last_chance = last_day(scene.clock, life.renewal, stretch.expiry.lo)
        yield _Key("objection to renewal possible until", None, None, Between(last_chance, last_chance))


def _extensible(extended: Lives, plain: Lives) -> Iterator[tuple[Between, int]]:
    """The expiry as it stands without an extension, in the accounts in which there certainly is none yet."""
    moved = {account: s.expiry for (_, s), accounts in extended.stretches.items() for account in _bits(accounts)}
    for (_, stretch), accounts in plain.stretches.items():
        yield stretch.expiry, sum(a for a in _bits(accounts) if moved[a].lo <= stretch.expiry.lo)


def _bits(accounts: int) -> Iterator[int]:
    while accounts:
        lowest = accounts & -accounts
        yield lowest
        accounts ^= lowest


def _known(at: datetime) -> datetime | None:
    return None if at in (EVER, NEVER) else at
