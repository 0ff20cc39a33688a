"""`detente detect --measure separation` and `encounter`: how near craft came, through `detect/separation.py` and `detect/encounter.py`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from detente.cli.quantities import metres, seconds
from detente.cli.streams import refusal
from detente.model.problem import Problem

if TYPE_CHECKING:
    import pyarrow as pa

    from detente.cli.detectors import Asked, Detector, Found


class SeparationDetector:
    """When two craft were nearer than a distance."""

    name = "separation"
    options = frozenset({"distance", "vertical", "gap", "classes"})
    needs = frozenset({"distance"})

    def detect(self, positions: Iterable[pa.Table], asked: Asked, craft: Mapping[str, str] | None) -> Found:
        """Approaches. Classes name sorts of craft, ship and aircraft, and without them ships are asked about."""
        from detente.cli.detectors import Found
        from detente.report.near import approaches_table, rejected_table

        model, detect = import_module("detente.model.approach"), import_module("detente.detect.separation")
        first, *rest = [model.AIRCRAFT if word == "aircraft" else model.SHIP for word in asked.classes] or [model.SHIP]
        options = {
            "vertical_m": None if asked.vertical is None else metres(asked.vertical, "--vertical"),
            **({} if asked.gap is None else {"gap_s": seconds(asked.gap, "--gap")}),
        }
        try:
            measure = model.ApproachMeasure(
                metres(asked.distance or "", "--distance"), first=first, second=rest[0] if rest else first, **options
            )
        except ValueError as error:
            raise refusal(Problem("bad-measure", str(error))) from None
        sorts = None if craft is None else {name: model.AIRCRAFT if name.startswith("icao24:") else model.SHIP for name in craft}
        found = detect.detect_separation(_batches(positions), measure, craft=sorts)
        return Found(approaches_table(found.found), rejected_table(found.rejected), found.unusable, found.craft)


class EncounterDetector:
    """When two ships met slowly for long."""

    name = "encounter"
    options = frozenset({"distance", "classes"})
    needs: frozenset[str] = frozenset()

    def detect(self, positions: Iterable[pa.Table], asked: Asked, craft: Mapping[str, str] | None) -> Found:
        """Encounters, by the definition that Global Fishing Watch publishes."""
        from detente.cli.detectors import Found
        from detente.report.near import encounters_table, rejected_table

        model, detect = import_module("detente.model.approach"), import_module("detente.detect.encounter")
        try:
            measure = model.EncounterMeasure(**({} if asked.distance is None else {"distance_m": metres(asked.distance, "--distance")}))
        except ValueError as error:
            raise refusal(Problem("bad-measure", str(error))) from None
        names: set[str] = set()
        sorts: Any = None if craft is None else dict.fromkeys(craft, model.SHIP)
        found = detect.detect_encounters(_batches(positions, names), measure, craft=sorts)
        return Found(encounters_table(found), rejected_table(()), 0, len(names))


def near_detectors() -> tuple[Detector, ...]:
    """The two, where the package has them."""
    return (SeparationDetector(), EncounterDetector()) if find_spec("detente.detect.separation") is not None else ()


def _batches(positions: Iterable[pa.Table], names: set[str] | None = None) -> Iterable[pa.RecordBatch]:
    for table in positions:
        if names is not None:
            names.update(table.column("craft").unique().to_pylist())
        yield from table.to_batches()
