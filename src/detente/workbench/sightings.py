"""What recordings of tracks show of the craft that rules of separation name, as statements of the recordings' sources.

Only craft that some statement of the evidence describes, under a kind that a
rule names and with the number that they broadcast (`mmsi`, `icao24`), are looked for, and
only towards the kind that the rule sets beside them. What two sources saw of one
meeting is told as one event. Source: docs/reference/tracks.md, "Judged from tracks".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from detente.agreement.clause import Agreement, Constant, Separation
from detente.judge.separation import ENCOUNTER
from detente.model.approach import Approach, ApproachMeasure, Bounds, CraftClass
from detente.model.approach import Moment as Instant
from detente.model.kind import Kind
from detente.model.recording import Recording
from detente.model.span import Span
from detente.reading.raw import sql_name

if TYPE_CHECKING:
    import pyarrow as pa

    from detente.evidence import Record
    from detente.evidence.record import Row

LOOK_OUT = 2.0
"""Craft are followed out to this many times the distance of the rule, so that a near miss is told with its margin."""

_CLOCK_S = 1.0
"""How far clocks may differ where nobody says."""
_BROADCAST = ("mmsi", "icao24")
_GREATEST_SPEED_KN = {"mmsi": 50.0, "icao24": 1300.0}

Read = Callable[[Sequence[Recording]], "Iterable[pa.RecordBatch]"]
Detect = Callable[["Iterable[pa.RecordBatch]", ApproachMeasure, Mapping[str, CraftClass]], Sequence[Approach]]


@dataclass(frozen=True, slots=True)
class Ship:
    """A craft of the evidence: its id there, what it broadcasts (`mmsi:244660000`), its kind, and its Party where all agree."""

    id: str
    broadcast: str
    kind: str
    party: str | None


def are_asked(agreement: Agreement, record: Record) -> bool:
    """Whether any rule asks for what the recordings may show."""
    return bool(record.recordings) and any(_limits(rule) for rule in _separations(agreement))


def sightings(agreement: Agreement, record: Record, read: Read, detect: Detect) -> list[Row]:
    """Rows of `encounter`, one per approach and source, in the order of time."""
    if ENCOUNTER not in agreement.kinds:
        return []
    by_source: dict[str, list[Recording]] = {}
    for recording in record.recordings:
        by_source.setdefault(recording.source, []).append(recording)
    told: dict[tuple[str, str], list[tuple[Instant, Instant, str]]] = {}
    rows: list[Row] = []
    seen: set[tuple[str, str, str, datetime]] = set()
    for source, recordings in sorted(by_source.items()):
        for first, second, measure in _measures(agreement, record, recordings):
            ships = {s.broadcast: s for s in (*first, *second)}
            classes = {s.broadcast: measure.first if s in first else measure.second for s in ships.values()}
            for approach in detect(read(recordings), measure, classes):
                key = (source, approach.first, approach.second, approach.start.earliest)
                if key in seen:
                    continue  # two rules about the same craft
                seen.add(key)
                event = _event(approach, ships, told)
                rows.append(_row(approach, ships, event, recordings, len(rows) + 1))
    return rows


def _separations(agreement: Agreement) -> Iterator[Separation]:
    return (rule for rule in agreement.rules if isinstance(rule, Separation))


def _limits(rule: Separation) -> tuple[float | None, float | None] | None:
    """The rule's distances in metres, over ground and in height; None where the text leaves one open."""
    sides = (rule.spacing.horizontal, rule.spacing.vertical)
    if any(side is not None and not isinstance(side, Constant) for side in sides):
        return None
    over, up = (float(side.value) if isinstance(side, Constant) else None for side in sides)
    return over, up


def _measures(
    agreement: Agreement, record: Record, recordings: Sequence[Recording]
) -> Iterator[tuple[tuple[Ship, ...], tuple[Ship, ...], ApproachMeasure]]:
    """What each rule asks, with the craft it asks about; what several rules ask alike is asked once, for the greatest distance."""
    greatest: dict[tuple[str, str], tuple[float, float | None]] = {}
    for rule in _separations(agreement):
        limits = _limits(rule)
        if limits is None:
            continue
        over, up = limits
        kinds = (rule.first.kind, rule.second.kind)
        wide = LOOK_OUT * (over if over is not None else up or 0.0)
        tall = None if up is None else LOOK_OUT * up
        before = greatest.get(kinds)
        if before is not None:
            wide = max(wide, before[0])
            tall = None if tall is None or before[1] is None else max(tall, before[1])
        greatest[kinds] = (wide, tall)
    accuracy, clock = max(r.accuracy_m for r in recordings), max(r.clock_s for r in recordings)
    for (first, second), (wide, tall) in greatest.items():
        a, b = (_ships(record, agreement.kinds[kind]) for kind in (first, second))
        if a and b:
            yield (
                a,
                b,
                ApproachMeasure(
                    distance_m=wide,
                    vertical_m=tall,
                    first=_class(agreement.kinds[first], accuracy),
                    second=_class(agreement.kinds[second], accuracy),
                    clock_skew_s=clock or _CLOCK_S,
                ),
            )


def _class(kind: Kind, accuracy_m: float) -> CraftClass:
    number = _number(kind) or "mmsi"
    flies = number == "icao24"
    usual = CraftClass(kind.name, flies=flies, greatest_speed_kn=_GREATEST_SPEED_KN[number])
    return CraftClass(kind.name, flies, usual.greatest_speed_kn, accuracy_m or usual.accuracy_m, 100.0 if flies else 0.0)


def _number(kind: Kind) -> str | None:
    """The field that holds what craft of this kind broadcast."""
    return next((f for f in _BROADCAST if f in kind.fields), None)


def _ships(record: Record, kind: Kind) -> tuple[Ship, ...]:
    number = _number(kind)
    if number is None or kind.name not in record.kinds:
        return ()
    said = f"FROM {sql_name(kind.table)} WHERE event IS NOT NULL AND says = 'asserts'"
    numbers = record.database.execute(f"SELECT DISTINCT event, lower(trim({sql_name(number)})) AS n {said} AND n <> '' ORDER BY ALL").fetchall()
    parties = dict(record.database.execute(f"SELECT event, any_value(party) {said} GROUP BY event HAVING count(DISTINCT party) = 1").fetchall())
    return tuple(Ship(event, f"{number}:{broadcast}", kind.name, parties.get(event)) for event, broadcast in numbers)


def _event(approach: Approach, ships: Mapping[str, Ship], told: dict[tuple[str, str], list[tuple[Instant, Instant, str]]]) -> str:
    """The id of the meeting: that of one told already between the same two at the same time, or a new one."""
    a, b = sorted((ships[approach.first].id, ships[approach.second].id))
    before = told.setdefault((a, b), [])
    for start, end, event in before:
        if start.earliest <= approach.end.latest and approach.start.earliest <= end.latest:
            return event
    event = f"{a}~{b}@{_written(approach.closest_at or approach.start.earliest)}"
    before.append((approach.start, approach.end, event))
    return event


def _row(approach: Approach, ships: Mapping[str, Ship], event: str, recordings: Sequence[Recording], number: int) -> Row:
    first, second = ships[approach.first], ships[approach.second]
    published = None if any(r.published is None for r in recordings) else max(r.published for r in recordings if r.published)
    said = _written(approach.end.latest)
    files = "; ".join(r.file for r in recordings)
    cells = {
        "kind": ENCOUNTER,
        "id": f"{recordings[0].source}/{number}",
        "source": recordings[0].source,
        "says": "asserts",
        "event": event,
        "said_at": said,
        "published_at": _written(max(published, approach.end.latest)) if published else said,
        "party": first.party or "",
        "partner": second.party or "",
        "first": first.id,
        "second": second.id,
        "distance": _bounds(approach.distance_m),
        "vertical": _bounds(approach.vertical_m) if approach.vertical_m.most is None or approach.vertical_m.most > 0 else "",
        "start": _span(approach.start),
        "end": _span(approach.end),
        "quote": _words(approach),
        "language": "en",
        "cite": files,
    }
    return cells, Span(files, number, 1, number, 1)


def _bounds(bounds: Bounds) -> str:
    if bounds.most is None:
        return f">={bounds.least:.1f} m" if bounds.least > 0 else ""
    return f"{bounds.least:.1f}..{bounds.most:.1f} m"


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _span(when: Instant) -> str:
    early, late = _written(when.earliest), _written(when.latest)
    return early if early == late else f"{early}..{late}"


def _words(approach: Approach) -> str:
    """What the recording shows, in a sentence."""
    share = f"the path of both was observed {approach.observed_share * 100:.0f} % of the time"
    least = f"{approach.distance_m.least:,.0f}"
    most = "farther" if approach.distance_m.most is None else f"{approach.distance_m.most:,.0f} m"
    near = f"between {least} m and {most} apart"
    when = f"at {_written(approach.closest_at)}" if approach.closest_at else f"in a gap from {_written(approach.start.earliest)}"
    return f"{near} {when}; {share}"
