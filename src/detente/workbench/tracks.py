"""From recordings of tracks to rows of evidence: reads them, asks the detectors what the rules ask, and tells what they found.

Tracks are read batch by batch, and of each batch only the craft that the evidence names are kept. Fixes that contradict the others of
their craft (a false satellite signal, a number used twice) are faults of the data, and no finding of any detector rests on them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from detente.agreement.clause import Agreement
from detente.model.positions import CRAFT
from detente.model.problem import Problem
from detente.model.recording import Recording
from detente.model.span import Span
from detente.workbench.sightings import TRANSIT, Near, Telling, Vessel, all_vessels, nearness, zones_named

if TYPE_CHECKING:
    import pyarrow as pa

    from detente.detect.places import Gazetteer
    from detente.detect.zone_shapes import Zone
    from detente.evidence import Record
    from detente.evidence.record import Progress, Row


def shown_by_tracks(
    agreement: Agreement, record: Record, places: Gazetteer | None, progress: Progress | None = None
) -> tuple[list[Row], list[Problem]]:
    """Rows of `encounter` and `transit` that the recordings show, and what was wrong with the recordings."""
    craft = {v.broadcast: v for v in all_vessels(agreement, record)}
    zones = zones_of(agreement, places) if TRANSIT in agreement.kinds else []
    by_source: dict[str, list[Recording]] = {}
    for recording in record.recordings:
        by_source.setdefault(recording.source, []).append(recording)
    asked = {source: nearness(agreement, record, recordings) for source, recordings in by_source.items()}
    if not craft or not (zones or any(asked.values())):
        return [], []
    rows: list[Row] = []
    problems: list[Problem] = []
    telling = Telling(agreement.kinds)
    try:
        for source, recordings in sorted(by_source.items()):
            rows += _of_source(recordings, asked[source], zones, craft, telling, problems, progress)
    except ImportError as error:
        problems.append(
            Problem("missing-extra", f"tracks cannot be read: {error}", help='install the extra: pip install "detente[tracks]"')
        )
    return rows, problems


def _of_source(
    recordings: Sequence[Recording],
    asked: Sequence[Near],
    zones: Sequence[Zone],
    craft: dict[str, Vessel],
    telling: Telling,
    problems: list[Problem],
    progress: Progress | None,
) -> Iterator[Row]:
    import pyarrow as pa

    from detente.detect.separation import detect_separation
    from detente.detect.sound import sound_positions
    from detente.detect.zone import detect_zones

    positions = list(_positions(recordings, craft, problems, progress))
    if not positions:
        return
    sound = sound_positions(pa.Table.from_batches(positions))
    for near in asked:
        found = detect_separation(sound, near.measure, craft=near.classes)
        closer = [[detect_separation(sound, m, craft=near.classes).found for m in measures] for measures in near.closer]
        yield from telling.approaches(found.found, closer, near, recordings)
    if zones:
        accuracy = max(r.accuracy_m for r in recordings)
        stays = detect_zones(positions, zones).stays
        surely = detect_zones(positions, [shrunk(zone, accuracy) for zone in zones]).stays if accuracy > 0 else stays
        yield from telling.stays(stays, surely, craft, recordings)


def _positions(
    recordings: Sequence[Recording], craft: dict[str, Vessel], problems: list[Problem], progress: Progress | None
) -> Iterator[pa.RecordBatch]:
    """Positions of the craft asked about."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from detente.reading.mapped import UnmappedTable
    from detente.reading.mapping import BrokenMapping, read_mapping
    from detente.reading.tally import Tally
    from detente.reading.track import Account
    from detente.reading.tracks import read_track_file

    wanted = pa.array(sorted(craft))
    for number, recording in enumerate(recordings):
        if progress:
            progress(recording.file, number / len(recordings))
        account = Account(Tally(recording.file))
        try:
            mapping = read_mapping(recording.mapping.read_bytes(), str(recording.mapping)) if recording.mapping else None
            for batch in read_track_file(recording.path, account, mapping):
                kept = batch.positions.filter(pc.is_in(batch.positions.column(CRAFT), wanted))
                yield from kept.to_batches()
        except (UnmappedTable, BrokenMapping) as error:
            problems.append(error.problem)
        except OSError as error:
            text = f"the recording cannot be read: {error.strerror or error}"
            problems.append(Problem("unreadable-file", text, Span(recording.file, 1, 1, 1, 1)))
        problems += account.tally.problems()


def zones_of(agreement: Agreement, places: Gazetteer | None) -> list[Zone]:
    """The places that rules on transits name, as far as somebody has drawn them."""
    names = zones_named(agreement)
    if places is None or not names:
        return []
    from detente.detect.zone_shapes import Zone

    return [Zone(name, place.shape) for name in names if (place := places.find(name)) is not None]


def shrunk(zone: Zone, margin_m: float) -> Zone:
    """The part of a zone that is farther from its border than a position may be off."""
    from dataclasses import replace

    from detente.detect.zone_shapes import around

    return replace(zone, shape=zone.shape.difference(around(zone.shape.boundary, margin_m)))
