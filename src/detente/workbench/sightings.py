"""What recordings show of craft that rules name, as rows of evidence by the recordings' sources.

A rule of separation asks how near two kinds of craft came to each other; a rule on
transits, when craft were in a place that it names. Only craft that a statement of the evidence
describes, with the number that they broadcast (`mmsi`, `icao24`), are looked for. What
two sources saw of one meeting is told as one event. Source: docs/reference/tracks.md, "Judged from tracks".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from detente.agreement.clause import Agreement, Constant, PlaceNamed, Separation
from detente.judge.needs import placed_in
from detente.judge.separation import ENCOUNTER
from detente.model.approach import Approach, ApproachMeasure, Bounds, CraftClass
from detente.model.approach import Moment as Instant
from detente.model.kind import Kind
from detente.model.recording import Recording
from detente.model.span import Span
from detente.model.track_finding import Spot, Stay
from detente.reading.raw import sql_name

if TYPE_CHECKING:
    from detente.evidence import Record
    from detente.evidence.record import Row

LOOK_OUT = 2.0
"""Craft are followed out to this many times the distance of the rule, so that a near miss is told with its margin."""
FARTHEST_M = 100_000.0
"""The greatest distance that a detector is asked for."""
TRANSIT = "transit"
"""The kind of event that a stay in a place is told as."""

_CLOCK_S = 1.0
"""How far clocks may differ where nobody says."""
_NUMBERS = {"mmsi": 50.0, "icao24": 1300.0}
"""The fields that hold what craft broadcast, and the greatest speed of such craft, in knots."""


@dataclass(frozen=True, slots=True)
class Vessel:
    """A ship or aircraft of the evidence: its id there, what it broadcasts (`mmsi:244660000`), its kind, and its Party where all agree."""

    id: str
    broadcast: str
    kind: str
    party: str | None


@dataclass(frozen=True, slots=True)
class Near:
    """What rules of separation ask alike: how near the craft of one kind came to those of another.

    `measure` looks out beyond the rules' distances. The moment that is nearest over ground need not be the one at which both a distance
    and a height were too small; so `closer` has, for each rule with a height, what surely is below both its limits at one time, where
    they are wider than the error of a finding, and what perhaps is.
    """

    first: tuple[Vessel, ...]
    second: tuple[Vessel, ...]
    measure: ApproachMeasure
    closer: tuple[tuple[ApproachMeasure, ...], ...] = ()

    @property
    def classes(self) -> dict[str, CraftClass]:
        """The class of every craft asked about, by what it broadcasts."""
        return {v.broadcast: self.measure.second for v in self.second} | {v.broadcast: self.measure.first for v in self.first}


Closer = Sequence[Sequence[Sequence[Approach]]]
"""What has been found by each measure of `Near.closer`."""


# ---- what is asked ----------------------------------------------------------------


def nearness(agreement: Agreement, record: Record, recordings: Sequence[Recording]) -> tuple[Near, ...]:
    """What the rules of separation ask of one source's recordings; what several ask alike is asked once, for the greatest distance."""
    if ENCOUNTER not in agreement.kinds:
        return ()
    greatest: dict[tuple[str, str], tuple[float, float | None]] = {}
    exact: dict[tuple[str, str], dict[tuple[float, float], None]] = {}
    for rule in agreement.rules:
        if not isinstance(rule, Separation) or (asked := limits(rule)) is None:
            continue
        over, up = asked
        wide = min(FARTHEST_M, LOOK_OUT * (over if over is not None else up or 0.0))
        tall = None if up is None else min(FARTHEST_M, LOOK_OUT * up)
        kinds = (rule.first.kind, rule.second.kind)
        if over is not None and up is not None:
            exact.setdefault(kinds, {})[over, up] = None
        if kinds in greatest:
            wide = max(wide, greatest[kinds][0])
            tall = None if tall is None or (before := greatest[kinds][1]) is None else max(tall, before)
        greatest[kinds] = (wide, tall)
    found = []
    for kinds, (wide, tall) in greatest.items():
        first, second = (vessels(record, agreement.kinds[kind]) for kind in kinds)
        if first and second:
            one, other = (_class(agreement.kinds[kind], recordings) for kind in kinds)
            clock = max(r.clock_s for r in recordings) or _CLOCK_S
            measure = ApproachMeasure(wide, tall, one, other, clock_skew_s=clock)
            closer = tuple(_with_error(measure, *pair) for pair in exact.get(kinds, ()))
            found.append(Near(first, second, measure, closer))
    return tuple(found)


def zones_named(agreement: Agreement) -> tuple[str, ...]:
    """The places by name in which rules ask for transits."""
    asked = [c.place.name for rule in agreement.rules for kind, c in placed_in(rule) if kind == TRANSIT and isinstance(c.place, PlaceNamed)]
    return tuple(dict.fromkeys(asked))


def all_vessels(agreement: Agreement, record: Record) -> tuple[Vessel, ...]:
    """Every craft of the evidence whose number is told."""
    return tuple(v for kind in agreement.kinds.values() for v in vessels(record, kind))


def vessels(record: Record, kind: Kind) -> tuple[Vessel, ...]:
    """The craft of a kind whose number is told."""
    number = _number(kind)
    if number is None or kind.genus != "thing" or kind.name not in record.kinds:
        return ()
    said = f"FROM {sql_name(kind.table)} WHERE event IS NOT NULL AND says = 'asserts'"
    told = f"SELECT DISTINCT event, lower(trim({sql_name(number)})) AS n {said} AND n <> '' ORDER BY ALL"
    parties = f"SELECT event, any_value(party) {said} GROUP BY event HAVING count(DISTINCT party) = 1"
    owner = dict(record.database.execute(parties).fetchall())
    return tuple(Vessel(event, f"{number}:{n}", kind.name, owner.get(event)) for event, n in record.database.execute(told).fetchall())


def _with_error(measure: ApproachMeasure, over_m: float, up_m: float) -> tuple[ApproachMeasure, ...]:
    """The measure of a rule's own limits, less the most that a distance and a height may be off, and more; 1 m keeps the limit itself out."""
    one, other = measure.first, measure.second
    way = measure.clock_skew_s * min(one.greatest_speed_kn, other.greatest_speed_kn) * 1852 / 3600
    off, off_up = one.accuracy_m + other.accuracy_m + way, one.altitude_accuracy_m + other.altitude_accuracy_m
    widths = [(over_m + sign * off - 1, up_m + sign * off_up - 1) for sign in (-1, 1)]
    return tuple(
        replace(measure, distance_m=min(FARTHEST_M, over), vertical_m=min(FARTHEST_M, up)) for over, up in widths if over > 0 and up > 0
    )


def limits(rule: Separation) -> tuple[float | None, float | None] | None:
    """The rule's distances in metres, over ground and in height; None where the text leaves one open."""
    found = []
    for side in (rule.spacing.horizontal, rule.spacing.vertical):
        if side is not None and not isinstance(side, Constant):
            return None
        found.append(None if side is None else float(side.value))
    return found[0], found[1]


def _class(kind: Kind, recordings: Sequence[Recording]) -> CraftClass:
    number = _number(kind) or "mmsi"
    flies = number == "icao24"
    usual = CraftClass(kind.name)
    accuracy = max(r.accuracy_m for r in recordings) or usual.accuracy_m
    return CraftClass(kind.name, flies, _NUMBERS[number], accuracy, 100.0 if flies else 0.0)


def _number(kind: Kind) -> str | None:
    """The field that holds what craft of this kind broadcast."""
    return next((f for f in _NUMBERS if f in kind.fields), None)


# ---- what is told -----------------------------------------------------------------


@dataclass(slots=True)
class Telling:
    """Turns findings into rows, one source after the other; knows which meetings have been told already."""

    kinds: Mapping[str, Kind]
    _meetings: dict[tuple[str, str], list[tuple[Instant, Instant, str]]] = field(default_factory=dict)
    _told: set[tuple[str, str, str, datetime]] = field(default_factory=set)
    _rows: int = 0

    def approaches(self, found: Sequence[Approach], closer: Closer, near: Near, recordings: Sequence[Recording]) -> Iterator[Row]:
        """A row of `encounter` for each approach that this source has not told yet, with the bounds of what was closer in it."""
        by_number = {v.broadcast: v for v in (*near.second, *near.first)}
        source = recordings[0].source
        for whole in found:
            approach = tightened(whole, closer)
            first, second = by_number[approach.first], by_number[approach.second]
            key = (source, first.id, second.id, approach.start.earliest)
            if first.id == second.id or key in self._told:
                continue
            self._told.add(key)
            cells = {
                "kind": ENCOUNTER,
                "event": self._meeting(approach, first, second),
                "party": first.party or "",
                "partner": second.party or "",
                "first": first.id,
                "second": second.id,
                "distance": _metres(approach.distance_m),
                "vertical": _metres(approach.vertical_m) if approach.vertical_m.most != 0 else "",
                "start": _span(approach.start),
                "end": _span(approach.end),
                "quote": _near_words(approach),
            }
            yield self._row(cells, approach.end.latest, recordings)

    def stays(
        self, found: Sequence[Stay], surely: Sequence[Stay], craft: Mapping[str, Vessel], recordings: Sequence[Recording]
    ) -> Iterator[Row]:
        """A row of `transit` for each stay: in the place itself where it was there for certain, else where its fix may have lain."""
        levels = self.kinds[TRANSIT].fields["craft"].levels
        accuracy = max(r.accuracy_m for r in recordings)
        for stay in found:
            vessel = craft[stay.craft]
            sure = any(s.zone == stay.zone and s.craft == stay.craft and s.start <= stay.end and stay.start <= s.end for s in surely)
            start, end = _written(stay.start), _written(stay.end)
            cells = {
                "kind": TRANSIT,
                "event": f"{vessel.id} in {stay.zone} from {start}",
                "party": vessel.party or "",
                "title": vessel.id,
                "craft": vessel.kind if vessel.kind in levels else "",
                "area": stay.zone if sure else _about(stay.start_at, accuracy),
                "start": start if stay.entered else f"<={start}",
                "end": end if stay.left else f">={end}",
                "quote": _stay_words(stay),
            }
            yield self._row(cells, stay.end, recordings)

    def _meeting(self, approach: Approach, first: Vessel, second: Vessel) -> str:
        """The id of the meeting: that of one told already between the same two at the same time, or a new one."""
        a, b = sorted((first.id, second.id))
        before = self._meetings.setdefault((a, b), [])
        for start, end, event in before:
            if start.earliest <= approach.end.latest and approach.start.earliest <= end.latest:
                return event
        event = f"{a}~{b}@{_written(approach.closest_at or approach.start.earliest)}"
        before.append((approach.start, approach.end, event))
        return event

    def _row(self, cells: Mapping[str, str], seen: datetime, recordings: Sequence[Recording]) -> Row:
        """The row as a statement of the source, said when it was seen and published with its recordings; its place is its number."""
        published = [r.published for r in recordings]
        known = max([seen, *(p for p in published if p is not None)]) if None not in published else seen
        files = "; ".join(dict.fromkeys(r.file for r in recordings))
        source = recordings[0].source
        whole = {
            **cells,
            "id": f"{source}: {cells['event']}",
            "source": source,
            "says": "asserts",
            "said_at": _written(seen),
            "published_at": _written(known),
            "language": "en",
            "cite": files,
        }
        self._rows += 1
        return whole, Span(f"{files} (found)", self._rows, 1, self._rows, 1)


def tightened(whole: Approach, closer: Closer) -> Approach:
    """The approach with the distance and height of what was below a rule's limits in it, surely or else perhaps; the bounds hold all rules'."""
    inside: list[Approach] = []
    for of_rule in closer:
        parts = ([a for a in found if (a.first, a.second) == (whole.first, whole.second) and _overlap(a, whole)] for found in of_rule)
        inside += next((part for part in parts if part), [])
    if not inside:
        return whole
    nearest = min(inside, key=lambda a: a.distance_m.least)
    return replace(
        whole,
        distance_m=_hull([a.distance_m for a in inside]),
        vertical_m=_hull([a.vertical_m for a in inside]),
        closest_at=nearest.closest_at,
    )


def _overlap(one: Approach, other: Approach) -> bool:
    return one.start.earliest <= other.end.latest and other.start.earliest <= one.end.latest


def _hull(bounds: Sequence[Bounds]) -> Bounds:
    most = [b.most for b in bounds if b.most is not None]
    return Bounds(min(b.least for b in bounds), max(most) if len(most) == len(bounds) else None)


def _metres(bounds: Bounds) -> str:
    if bounds.most is None:
        return f">={bounds.least:.1f} m" if bounds.least > 0 else ""
    return f"{bounds.least:.1f}..{bounds.most:.1f} m"


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _span(when: Instant) -> str:
    early, late = _written(when.earliest), _written(when.latest)
    return early if early == late else f"{early}..{late}"


def _about(spot: Spot, accuracy_m: float) -> str:
    """A written place: one point, known to the recording's accuracy."""
    north, east = ("S" if spot.lat < 0 else "N"), ("W" if spot.lon < 0 else "E")
    return f"{abs(spot.lat):.6f}{north} {abs(spot.lon):.6f}{east} +- {max(1.0, accuracy_m):.0f} m"


def _near_words(approach: Approach) -> str:
    most = "an unknown distance" if approach.distance_m.most is None else f"{approach.distance_m.most:,.0f} m"
    near = f"{approach.distance_m.least:,.0f} to {most} apart"
    when = f"at {_written(approach.closest_at)}" if approach.closest_at else f"in a gap that began {_written(approach.start.earliest)}"
    return f"{near} {when}; the paths of both were seen for {approach.observed_share * 100:.0f} % of the time"


def _stay_words(stay: Stay) -> str:
    came = "came in" if stay.entered else "was first heard inside"
    went = "left" if stay.left else "was last heard inside"
    return f"{came} {_written(stay.start)}, {went} {_written(stay.end)}"
