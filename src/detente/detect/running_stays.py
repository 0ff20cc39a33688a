"""Stays in zones while a feed goes on: the same as over all of it at once, with memory for a craft's last half hour.

A craft's fixes are cut at one of them, which becomes its first; what a stay across the cut began with is kept
beside it. Whether fixes contradict each other hangs on longer stretches, so while a craft has any that do,
what lies around them is kept for `DOUBT_MS`. Beyond that a contradiction no longer counts with a later one: the
limit to which stays found in a feed are those found in its recording.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np

from detente.detect.faults import marked
from detente.detect.kept import Kept
from detente.detect.moments import moment
from detente.detect.sorted_fixes import gather
from detente.detect.sound import gone_before, stands_until
from detente.detect.zone import detect_zones
from detente.detect.zone_shapes import Zone
from detente.model.track_finding import Stay, ZoneMeasure


class RunningStays:
    """Stays in several sets of zones, each set asked by itself. `settled` are those that stand, for each set."""

    def __init__(self, craft: Iterable[str], zone_sets: Sequence[Sequence[Zone]], measure: ZoneMeasure | None = None) -> None:
        self.zone_sets = zone_sets
        self.measure = measure or ZoneMeasure()
        self.kept = Kept(frozenset(craft))
        self.settled: list[list[Stay]] = [[] for _ in zone_sets]
        self.heads: list[dict[tuple[str, str], Stay]] = [{} for _ in zone_sets]
        """By craft and zone: the stay in which the craft's fixes were cut, as it stood then."""
        self.cuts: dict[str, int] = {}
        """By craft: the time of the fix at which they were cut last, ms since 1970."""
        self.earlier: dict[str, int] = {}
        """By craft: how many fixes have gone of the chain to which that fix belongs."""

    def open_stays(self) -> list[tuple[Stay, ...]]:
        """What has been found beside the settled ones, for each set of zones, as far as the fixes so far tell."""
        table = self.kept.whole
        if table is None:
            return [() for _ in self.zone_sets]
        return [self._begun(n, detect_zones(table, zones, self.measure, self.earlier).stays) for n, zones in enumerate(self.zone_sets)]

    def _begun(self, number: int, stays: Sequence[Stay]) -> tuple[Stay, ...]:
        """The stays with the beginnings that lie before their craft's cut."""
        heads = dict(self.heads[number])
        found = []
        for stay in stays:
            head = heads.get((stay.craft, stay.zone))
            if head is not None and stay.start == moment(self.cuts[stay.craft]):
                del heads[stay.craft, stay.zone]
                found.append(_behind(head, stay))
            else:
                found.append(stay)
        return tuple(sorted([*heads.values(), *found], key=order))

    def settle(self, watermark_ms: int) -> None:
        """Cut each craft's fixes where no fix from the watermark on can change what lies before."""
        table = self.kept.whole
        if table is None:
            return
        marks = marked(gather(table), self.earlier)
        fixes = marks.fixes
        stays: list[tuple[Stay, ...]] | None = None
        cuts: dict[str, int] = {}
        for craft, name in enumerate(fixes.names):
            here = slice(int(fixes.first[craft]), int(fixes.first[craft + 1]))
            time, fault, chain = fixes.time[here], marks.fault[here], marks.chain[here]
            limit = stands_until(time, fault, watermark_ms)
            if np.searchsorted(time, limit, side="right") < max(2, len(time) // 4):
                continue  # too few to be worth a cut
            if stays is None:
                stays = self.open_stays()
            edges = {edge for some in stays for stay in some if stay.craft == name for edge in (stay.start, stay.end)}
            at = _cut(time, fault, limit, edges)
            if at > 0:
                cuts[name] = int(time[at])
                self.earlier[name] = gone_before(at, fault, chain, self.earlier.get(name, 0))
        if stays is None or not cuts:
            return
        for number, some in enumerate(stays):
            for stay in some:
                if (cut := cuts.get(stay.craft)) is not None:
                    self._divide(number, stay, cut)
        self.cuts |= cuts
        self.kept.let_go_of(cuts)

    def _divide(self, number: int, stay: Stay, cut_ms: int) -> None:
        """A stay that is over before the cut stands; of one across it the beginning is kept."""
        cut = moment(cut_ms)
        key = (stay.craft, stay.zone)
        if stay.start < cut:
            self.heads[number].pop(key, None)
        if stay.end < cut:
            self.settled[number].append(stay)
        elif stay.start < cut:
            self.heads[number][key] = stay


def order(stay: Stay) -> tuple[object, ...]:
    """The order of `detect_zones`."""
    return stay.craft, stay.start, stay.zone, stay.account or ""


def _behind(head: Stay, stay: Stay) -> Stay:
    seen = head.seen_from or stay.seen_from
    return replace(stay, start=head.start, start_at=head.start_at, entered=head.entered, seen_from=seen)


def _cut(time: np.ndarray, fault: np.ndarray, limit: int, edges: set[datetime]) -> int:
    """The last fix up to the limit that is sound, has its time to itself and begins or ends no stay; 0 where there is none."""
    at = int(np.searchsorted(time, limit, side="right")) - 1
    while at > 0 and (
        fault[at] > 0 or time[at] == time[at - 1] or (at + 1 < len(time) and time[at] == time[at + 1]) or moment(time[at]) in edges
    ):
        at -= 1
    return at
