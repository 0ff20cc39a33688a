"""What has been found so far, finding by finding, and what is new about it since it was last told."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from detente.agreement.clause import Agreement, Separation
from detente.judge.separation import ENCOUNTER
from detente.model.alert import FindingAlert, Standing
from detente.model.approach import Approach
from detente.model.track_finding import Stay
from detente.workbench.sightings import TRANSIT, Closer, Near, Vessel, limits, tightened

Key = tuple[str, ...]
Limit = tuple[float | None, float | None]
"""A rule's distances in metres, over ground and in height."""


@dataclass(frozen=True, slots=True)
class Sight:
    """One finding as it stands: `key` names the pair or the craft and its zone; `is_over` tells that no fix will change it."""

    key: Key
    is_over: bool
    is_settled: bool
    what: Approach | Stay
    told: FindingAlert
    """How it would be told; its number, id and standing are filled in by the ledger."""


def limits_of(agreement: Agreement, near: Near) -> tuple[Limit, ...]:
    """The distances of the rules that ask for such a pair, the greatest first."""
    kinds = (near.measure.first.name, near.measure.second.name)
    found = [limits(r) for r in agreement.rules if isinstance(r, Separation) and (r.first.kind, r.second.kind) == kinds]
    return tuple(sorted({f for f in found if f is not None}, key=lambda f: -(f[0] or f[1] or 0.0)))


def is_within(approach: Approach, limit: Limit) -> bool:
    """Whether the two surely were nearer than a rule's distances at the same time."""
    over, up = limit
    most = math.inf if approach.distance_m.most is None else approach.distance_m.most
    rise = math.inf if approach.vertical_m.most is None else approach.vertical_m.most
    if up is None:
        return over is not None and math.hypot(most, rise) < over
    return rise < up and (over is None or most < over)


def of_approach(
    whole: Approach, closer: Closer, near: Near, asked: Sequence[Limit], number: int, *, is_over: bool, is_settled: bool, source: str
) -> Sight | None:
    """The meeting of two craft, told with what was closer in it; None where both numbers are one craft's."""
    approach = tightened(whole, closer)
    by_number = {v.broadcast: v for v in (*near.second, *near.first)}
    first, second = by_number[approach.first], by_number[approach.second]
    if first.id == second.id:
        return None
    within = next((limit for limit in reversed(asked) if is_within(approach, limit)), None)
    told = FindingAlert(
        number=0,
        id="",
        standing=Standing.PROVISIONAL,
        kind=ENCOUNTER,
        craft=(first.id, second.id),
        parties=(first.party or "", second.party or ""),
        start=approach.start.earliest,
        end=approach.end.latest,
        is_certain=within is not None,
        within_m=(within or asked[0])[0] if asked else None,
        distance_m=approach.distance_m,
        vertical_m=approach.vertical_m,
        closest_at=approach.closest_at,
        source=source,
    )
    return Sight((ENCOUNTER, str(number), first.id, second.id), is_over, is_settled, whole, told)


def of_stay(stay: Stay, vessel: Vessel, *, is_sure: bool, is_over: bool, is_settled: bool, source: str) -> Sight:
    """A craft in a zone."""
    told = FindingAlert(
        number=0,
        id="",
        standing=Standing.PROVISIONAL,
        kind=TRANSIT,
        craft=(vessel.id,),
        parties=(vessel.party or "",),
        start=stay.start,
        end=stay.end,
        is_certain=is_sure,
        zone=stay.zone,
        source=source,
    )
    return Sight((TRANSIT, stay.zone, vessel.id, stay.craft), is_over, is_settled, stay, told)


@dataclass(slots=True)
class Entry:
    """A finding that has been told and may still change."""

    key: Key
    id: str
    told: FindingAlert


class Ledger:
    """Which findings have been told, and how. A finding keeps its id as long as one overlaps it in time, of the same craft and zone."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.ids = 0

    def compare(self, sights: Iterable[Sight], newest: datetime | None) -> tuple[list[FindingAlert], list[Sight]]:
        """What is new, to be told; and the findings that have been told, in their present form."""
        alerts: list[FindingAlert] = []
        known: list[Sight] = []
        left: dict[Key, list[Entry]] = {}
        for known_entry in self.entries:
            left.setdefault(known_entry.key, []).append(known_entry)
        kept: list[Entry] = []
        for sight in sights:
            entry = _claimed(left.get(sight.key, []), sight.told)
            if entry is None and not (sight.is_over or sight.told.is_certain):
                continue
            if entry is not None and not (sight.is_over or sight.told.is_certain):
                left[sight.key].append(entry)  # what was certain is so no more: it is withdrawn below
                continue
            told = self._told(entry, sight, newest)
            known.append(sight)
            if told is not None:
                alerts.append(told)
                entry = Entry(sight.key, told.id, told)
            if entry is not None and not sight.is_settled:
                kept.append(entry)
        alerts += [replace(gone.told, standing=Standing.WITHDRAWN, newest=newest) for some in left.values() for gone in some]
        self.entries = kept
        return sorted(alerts, key=lambda a: (a.start, a.id)), known

    def _told(self, entry: Entry | None, sight: Sight, newest: datetime | None) -> FindingAlert | None:
        """The finding as it is to be told now; None where nothing is new."""
        if entry is None:
            self.ids += 1
            standing = Standing.FINAL if sight.is_over else Standing.PROVISIONAL
            return replace(sight.told, id=f"F-{self.ids}", standing=standing, newest=newest)
        before = entry.told
        if before.standing is Standing.PROVISIONAL:
            return replace(sight.told, id=entry.id, standing=Standing.FINAL, newest=newest) if sight.is_over else None
        same = replace(sight.told, id=before.id, number=before.number, standing=before.standing, newest=before.newest)
        return None if same == before else replace(same, number=0, standing=Standing.REVISED, newest=newest)


def _claimed(entries: list[Entry], told: FindingAlert) -> Entry | None:
    """The first that overlaps in time; it is taken off the list."""
    for n, entry in enumerate(entries):
        if entry.told.start <= told.end and told.start <= entry.told.end:
            return entries.pop(n)
    return None


def unique(sights: Iterable[Sight]) -> Iterator[Sight]:
    """Each meeting once, where several questions find the same."""
    seen: set[tuple[object, ...]] = set()
    for sight in sights:
        mark = (sight.told.kind, sight.told.craft, sight.told.start) if isinstance(sight.what, Approach) else None
        if mark is not None and mark in seen:
            continue
        if mark is not None:
            seen.add(mark)
        yield sight
