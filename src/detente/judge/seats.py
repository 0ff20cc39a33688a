"""Who hears whom: accounts, and at which tier each hears each source.

Sets of accounts are bits of one unsigned 64-bit number, so that a plan judges
every account in one pass and rows on which accounts agree are judged once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from detente.agreement.clause import AccountRule, Evidence, Quorum
from detente.model.account import Account
from detente.model.source import Source

MOST_ACCOUNTS = 62
"""Bits that fit; two are kept free."""

NEUTRALS = "neutrals"
OTHERS = "other parties"

_PARTY_TIERS = ("own", "own-acts", "monitors", "sensors", "registers")
_NEUTRAL_TIERS = ("monitors", "sensors", "registers", "own-acts")
_KIND_TIER = {"monitor": "monitors", "sensor": "sensors", "register": "registers", "press": "press", "analyst": "analysts"}


class TooManyAccountsError(ValueError):
    """More parties speak than one run can judge."""


@dataclass(frozen=True, slots=True)
class Seat:
    """Account `bit` hears `source` at `tier` (0 first), on its own acts or on others'."""

    source: str
    own: bool
    bit: int
    tier: int
    is_own_word: bool
    """Whether the source speaks for the account's own party."""


@dataclass(frozen=True, slots=True)
class Voice:
    """Everything about how one source is heard, as sets of accounts."""

    source: str
    own: bool
    hears: int
    self_: int
    plain: int
    speaks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Seating:
    """The accounts of one question and every seat in them."""

    accounts: tuple[Account, ...]
    seats: tuple[Seat, ...]
    voices: tuple[Voice, ...]
    establishing: int
    bearer_establishes: bool
    quorums: tuple[tuple[int, int], ...]
    """(how many, which accounts)."""

    @property
    def every(self) -> int:
        """The set of all accounts."""
        return (1 << len(self.accounts)) - 1

    @property
    def deciding(self) -> int:
        """The accounts whose votes decide."""
        return sum(a.mask for a in self.accounts if a.decides)

    @property
    def neutral(self) -> int:
        """The neutrals' account."""
        return sum(a.mask for a in self.accounts if a.kind == "neutrals")

    def of_party(self, party: str) -> int:
        """The set that holds the party's own account."""
        return sum(a.mask for a in self.accounts if a.kind == "party" and party in a.parties)


def seat(parties: Sequence[str], evidence: Evidence, sources: Sequence[Source], speaking: frozenset[str]) -> Seating:
    """Lays out the accounts. `speaking` are the ids of sources that have stated anything.

    Raises:
        TooManyAccountsError: more than 62 accounts would differ.
    """
    accounts = _accounts(parties, evidence, [s for s in sources if s.id in speaking])
    if len(accounts) > MOST_ACCOUNTS:
        raise TooManyAccountsError(f"{len(accounts)} accounts, at most {MOST_ACCOUNTS} can be judged at once")
    seats = tuple(s for a in accounts for source in sources for s in _seats(a, source, evidence))
    by_name = {a.name: a for a in accounts}
    named = [e for e in evidence.establishes if isinstance(e, str)]
    return Seating(
        accounts=tuple(accounts),
        seats=seats,
        voices=tuple(_voice(s, own, seats) for s in sources for own in (False, True)),
        establishing=sum(by_name[e].mask for e in named if e != "bearer" and e in by_name),
        bearer_establishes="bearer" in named or not evidence.establishes,
        quorums=tuple(
            (q.count, sum(by_name[s].mask for s in q.sources if s in by_name)) for q in evidence.establishes if isinstance(q, Quorum)
        ),
    )


def _accounts(parties: Sequence[str], evidence: Evidence, speaking: Sequence[Source]) -> list[Account]:
    rules = {r.name: r for r in evidence.accounts}
    heard = {p for s in speaking for p in s.speaks_for}
    accounts: list[Account] = []

    def add(name: str, kind: str, tiers: tuple[str, ...], of: tuple[str, ...] = ()) -> None:
        accounts.append(Account(name, kind, len(accounts), tiers, of))  # type: ignore[arg-type]

    party_tiers = _tiers(rules.get("each Party"), _PARTY_TIERS)
    for party in parties:
        if party in heard or party in rules:
            add(party, "party", _tiers(rules.get(party), party_tiers), (party,))
    silent = tuple(p for p in parties if p not in heard and p not in rules)
    if silent:
        add(silent[0] if len(silent) == 1 else OTHERS, "party", party_tiers, silent)
    add(NEUTRALS, "neutrals", _tiers(rules.get(NEUTRALS), _NEUTRAL_TIERS))
    for rule in evidence.accounts:
        if rule.name not in {"each Party", NEUTRALS, *parties}:
            add(rule.name, "joint", rule.tiers)
    for establishing in _establishing_sources(evidence):
        if establishing not in {a.name for a in accounts}:
            add(establishing, "joint", (establishing, *_NEUTRAL_TIERS))
    for kind, name in (("press", "press"), ("analyst", "analysts")):
        if any(s.kind == kind for s in speaking):
            add(name, name, (name,))
    return accounts


def _tiers(rule: AccountRule | None, default: tuple[str, ...]) -> tuple[str, ...]:
    if rule is None:
        return default
    tiers = rule.tiers
    if "own" in tiers and "own-acts" not in tiers and not rule.nothing_else:
        at = tiers.index("own") + 1
        tiers = (*tiers[:at], "own-acts", *tiers[at:])
    return tiers


def _establishing_sources(evidence: Evidence) -> Iterable[str]:
    for item in evidence.establishes:
        if isinstance(item, Quorum):
            yield from item.sources
        elif item != "bearer":
            yield item


def _seats(account: Account, source: Source, evidence: Evidence) -> Iterable[Seat]:
    for own in (False, True):
        tier = _tier(account, source, own, evidence)
        if tier is not None:
            yield Seat(source.id, own, account.bit, account.tiers.index(tier), tier == "own")


def _tier(account: Account, source: Source, own: bool, evidence: Evidence) -> str | None:
    """The first tier of the account at which it hears the source, if any."""
    if not _passes_grade(source, evidence.least_grade):
        return None
    fitting = {source.id}
    if source.speaks_for:
        if set(source.speaks_for) & set(account.parties):
            fitting.add("own")
        if own:
            fitting.add("own-acts")
    elif source.kind in _KIND_TIER:
        fitting.add(_KIND_TIER[source.kind])
    return next((t for t in account.tiers if t in fitting), None)


def _passes_grade(source: Source, least: tuple[str, int] | None) -> bool:
    """Whether a graded standard admits the source; F and 6 cannot be judged and pass no floor."""
    if least is None:
        return True
    reliability, credibility = source.reliability, source.credibility
    if reliability is None or credibility is None or reliability == "F" or int(credibility) == 6:
        return False
    return reliability <= least[0] and int(credibility) <= least[1]


def _voice(source: Source, own: bool, seats: Sequence[Seat]) -> Voice:
    mine = [s for s in seats if s.source == source.id and s.own == own]
    hears = sum(1 << s.bit for s in mine)
    return Voice(
        source.id,
        own,
        hears,
        sum(1 << s.bit for s in mine if s.is_own_word),
        0 if source.speaks_for else hears,
        tuple(source.speaks_for),
    )


def mask_names(accounts: Sequence[Account], mask: int) -> tuple[str, ...]:
    """The names of the accounts in a set."""
    return tuple(a.name for a in accounts if mask & a.mask)


def votes_of(accounts: Sequence[Account], masks: Mapping[str, int], default: str) -> dict[str, str]:
    """By account name, the key of the set that holds it."""
    return {a.name: next((vote for vote, mask in masks.items() if mask & a.mask), default) for a in accounts}
