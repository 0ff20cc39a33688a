"""Groups of states that come with the package, one file each in `groups/`.

Every member carries the page its dates were read on, and whether the exact day
was seen there (`confirmed`). A fault in these files raises.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import pyarrow.parquet as pq

from detente.vocabulary.kinds import BrokenVocabularyError, parse_yaml


@dataclass(frozen=True, slots=True)
class Member:
    """One state's stretch of membership, from `since` until before `until`.

    `event` says what began it. `confirmed` is False where the source does not
    give the day itself.
    """

    member: str
    since: date
    until: date | None
    event: str
    confirmed: bool
    source: str


@dataclass(frozen=True, slots=True)
class DatedGroup:
    """An alliance, a union or another set of states, with its members' dates."""

    name: str
    members: tuple[Member, ...]
    labels: Mapping[str, str] = field(default_factory=dict)

    def on(self, day: date) -> tuple[str, ...]:
        """The members on that day, in the file's order."""
        return tuple(m.member for m in self.members if m.since <= day and (m.until is None or day < m.until))


@cache
def load_groups() -> Mapping[str, DatedGroup]:
    """Every group that ships with the package, by name.

    Raises:
        BrokenVocabularyError: a file is not as it should be.
    """
    groups: dict[str, DatedGroup] = {}
    folder = files("detente.vocabulary") / "groups"
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if not entry.name.endswith(".yaml"):
            continue
        raw = parse_yaml(entry.read_text(encoding="utf-8"), entry.name)
        if set(raw) != {"name", "labels", "members"} or entry.name != f"{raw['name']}.yaml".lower():
            raise BrokenVocabularyError(f"{entry.name}: a group has a name, labels and members, and its file the same name")
        members = tuple(_member(m, entry.name) for m in raw["members"])
        groups[raw["name"]] = DatedGroup(raw["name"], members, MappingProxyType(raw["labels"]))
    return MappingProxyType(groups)


@cache
def known_states() -> frozenset[str]:
    """Every state that a group or the atlas names: what a party of that name is spelled like."""
    # Not pq.read_table, which imports the whole of pyarrow.dataset for one column of one file.
    with pq.ParquetFile(str(files("detente.vocabulary") / "atlas" / "territory.parquet")) as file:
        drawn = file.read(columns=["state"]).column("state").to_pylist()
    return frozenset(drawn) | {m.member for group in load_groups().values() for m in group.members}


def _member(raw: Any, file: str) -> Member:
    keys = {"member", "since", "event", "confirmed", "source"}
    if not isinstance(raw, dict) or not keys <= set(raw) <= keys | {"until"}:
        raise BrokenVocabularyError(f"{file}: a member has {', '.join(sorted(keys))} and may have until, not {raw!r}")
    member = Member(
        member=raw["member"],
        since=raw["since"],
        until=raw.get("until"),
        event=raw["event"],
        confirmed=raw["confirmed"],
        source=raw["source"],
    )
    if not isinstance(member.since, date) or not isinstance(member.confirmed, bool):
        raise BrokenVocabularyError(f"{file}: {member.member} needs a date since and a confirmed of true or false")
    if member.until is not None and member.until <= member.since:
        raise BrokenVocabularyError(f"{file}: {member.member} leaves before it joins")
    return member
