"""Which events are one and the same, in each account and for anyone at all.

Links are statements too: inside an account the first tier that speaks of a
link decides; links are transitive. Source: semantics, sections 3 and 5.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import duckdb

from detente.judge.scene import Scene
from detente.judge.sql import moment


def identical_rows(db: duckdb.DuckDBPyConnection, scene: Scene) -> Iterator[tuple[str | None, int, str, str]]:
    """(kind, account bit, event, the name its group goes by there), for every event that a link renames.

    A link on which the deciding sources contradict each other is no link. The
    kind is None where the link names none.
    """
    last: dict[_Link, dict[int, dict[str, tuple[int, str]]]] = defaultdict(lambda: defaultdict(dict))
    for kind, a, b, source, says, bit, tier in _spoken(db, scene):
        spoken = last[(kind, a, b)][bit]
        if says == "withdraws":
            spoken.pop(source, None)
        else:
            spoken[source] = (tier, says)
    links: dict[tuple[str | None, int], list[tuple[str, str]]] = defaultdict(list)
    for (kind, a, b), by_account in last.items():
        for bit, spoken in by_account.items():
            first = min((tier for tier, _ in spoken.values()), default=None)
            if {says for tier, says in spoken.values() if tier == first} == {"asserts"}:
                links[(kind, bit)].append((a, b))
    for (kind, bit), pairs in links.items():
        for event, same in grouped(pairs).items():
            if event != same:
                yield kind, bit, event, same


def linked_rows(db: duckdb.DuckDBPyConnection, scene: Scene) -> Iterator[tuple[str | None, str, str]]:
    """(kind, event, the name of the group it is in for anyone at all), for events that any source links."""
    standing: dict[_Link, dict[str, str]] = defaultdict(dict)
    for kind, a, b, source, says, *_ in _spoken(db, scene):
        standing[(kind, a, b)][source] = says
    links: dict[str | None, list[tuple[str, str]]] = defaultdict(list)
    for (kind, a, b), spoken in standing.items():
        if "asserts" in spoken.values():
            links[kind].append((a, b))
    for kind, pairs in links.items():
        for event, same in grouped(pairs).items():
            if event != same:
                yield kind, event, same


_Link = tuple[str | None, str, str]


def _spoken(db: duckdb.DuckDBPyConnection, scene: Scene) -> list[tuple[str | None, str, str, str, str, int, int]]:
    """Statements on links, the earliest first, once for every account that hears them."""
    return db.execute(
        "SELECT i.kind, least(i.a, i.b), greatest(i.a, i.b), i.source, i.says, s.bit, s.tier"
        " FROM identity i JOIN seat s ON s.source = i.source AND NOT s.own"
        f" WHERE i.published <= {moment(scene.known_on)} ORDER BY i.said, i.seq"
    ).fetchall()


def grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Each event's group, named by its least member."""
    parent: dict[str, str] = {}

    def root(e: str) -> str:
        parent.setdefault(e, e)
        while parent[e] != e:
            parent[e] = parent[parent[e]]
            e = parent[e]
        return e

    for a, b in pairs:
        ra, rb = root(a), root(b)
        if ra != rb:
            parent[max(ra, rb)] = min(ra, rb)
    return {e: root(e) for e in parent}
