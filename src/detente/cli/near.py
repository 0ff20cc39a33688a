"""`detente detect --measure separation` and `encounter`: how near craft came, through `detect/separation.py` and `detect/encounter.py`."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from detente.cli.quantities import metres, seconds
from detente.cli.streams import refusal
from detente.model.problem import Problem

if TYPE_CHECKING:
    import pyarrow as pa

    from detente.cli.detectors import Asked, Found
    from detente.detect.blocks import TimeBlocks
    from detente.model.approach import ApproachMeasure, CraftClass


class SeparationDetector:
    """When two craft were nearer than a distance."""

    name = "separation"
    options = frozenset({"distance", "vertical", "gap", "classes", "engine"})
    needs = frozenset({"distance"})

    def detect(self, positions: Iterable[pa.Table], asked: Asked, craft: Mapping[str, str] | None) -> Found:
        """Approaches. Classes name sorts of craft, ship and aircraft, and without them ships are asked about.

        Positions go to a scratch file and are measured block by block, so that memory does not grow with the recording.
        """
        from detente.cli.detectors import Found
        from detente.detect.separation import detect_separation
        from detente.report.near import approaches_table, rejected_table

        measure = _approach(asked)
        with tempfile.TemporaryDirectory(prefix="detente-", ignore_cleanup_errors=True) as scratch:
            found = detect_separation(_blocks(positions, Path(scratch)), measure, _sorts(craft), engine=asked.engine or "threads")
        return Found(approaches_table(found.found), rejected_table(found.rejected), found.unusable, found.craft)


class EncounterDetector:
    """When two ships met slowly for long."""

    name = "encounter"
    options = frozenset({"distance", "classes"})
    needs: frozenset[str] = frozenset()

    def detect(self, positions: Iterable[pa.Table], asked: Asked, craft: Mapping[str, str] | None) -> Found:
        """Encounters, by the definition that Global Fishing Watch publishes."""
        from detente.cli.detectors import Found
        from detente.detect.encounter import detect_encounters
        from detente.model.approach import SHIP, EncounterMeasure
        from detente.report.near import encounters_table, rejected_table

        usual = EncounterMeasure()
        try:
            measure = EncounterMeasure(usual.distance_m if asked.distance is None else metres(asked.distance, "--distance"))
        except ValueError as error:
            raise refusal(Problem("bad-measure", str(error))) from None
        names: set[str] = set()
        found = detect_encounters(_batches(positions, names), measure, craft=None if craft is None else dict.fromkeys(craft, SHIP))
        return Found(encounters_table(found), rejected_table(()), 0, len(names))


def _approach(asked: Asked) -> ApproachMeasure:
    from detente.model.approach import AIRCRAFT, SHIP, ApproachMeasure

    first, *rest = [AIRCRAFT if word == "aircraft" else SHIP for word in asked.classes] or [SHIP]
    second = rest[0] if rest else first
    vertical = None if asked.vertical is None else metres(asked.vertical, "--vertical")
    distance = metres(asked.distance or "", "--distance")
    try:
        if asked.gap is None:
            return ApproachMeasure(distance, vertical, first, second)
        return ApproachMeasure(distance, vertical, first, second, gap_s=seconds(asked.gap, "--gap"))
    except ValueError as error:
        raise refusal(Problem("bad-measure", str(error))) from None


def _sorts(craft: Mapping[str, str] | None) -> dict[str, CraftClass] | None:
    from detente.model.approach import AIRCRAFT, SHIP

    return None if craft is None else {name: AIRCRAFT if name.startswith("icao24:") else SHIP for name in craft}


def _blocks(positions: Iterable[pa.Table], scratch: Path) -> TimeBlocks:
    """The positions as blocks of time on disk."""
    import pyarrow.parquet as pq

    from detente.detect.blocks import TimeBlocks

    path = scratch / "positions.parquet"
    writer: pq.ParquetWriter | None = None
    for table in positions:
        writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd", compression_level=1)
        writer.write_table(table)
    if writer is None:
        return TimeBlocks((), ())
    writer.close()
    return TimeBlocks.of([path], scratch)


def _batches(positions: Iterable[pa.Table], names: set[str]) -> Iterable[pa.RecordBatch]:
    for table in positions:
        names.update(table.column("craft").unique().to_pylist())
        yield from table.to_batches()
