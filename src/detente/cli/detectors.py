"""The detectors of `detente detect`: what each takes of the options, and what it gives.

A detector is anything of the shape `Detector`; `DETECTORS` is the list. Each loads its
room when it runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

from detente.cli.near import EncounterDetector, SeparationDetector
from detente.cli.quantities import seconds
from detente.cli.streams import refusal
from detente.model.problem import Problem

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Asked:
    """The options as they stand on the command line; None where one is not given."""

    zone: Sequence[str] = ()
    distance: str | None = None
    vertical: str | None = None
    gap: str | None = None
    least: str | None = None
    classes: Sequence[str] = ()
    engine: Literal["threads", "ray"] | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a detector gives: findings and faults of the data as tables (`report/found.py`), rows that could not be used, and craft heard."""

    rows: pa.Table
    faults: pa.Table
    unusable: int
    craft: int


class Detector(Protocol):
    """One measure."""

    name: str
    options: frozenset[str]
    """The options that mean something to it; another one is refused."""
    needs: frozenset[str]

    def detect(self, positions: Iterable[pa.Table], asked: Asked, craft: Mapping[str, str] | None) -> Found:
        """Find; `craft` is who to ask about and their classes, None for all."""
        ...


class ZoneDetector:
    """When craft were in zones."""

    name = "zone"
    options = frozenset({"zone", "gap", "classes"})
    needs = frozenset({"zone"})

    def detect(self, positions: Iterable[pa.Table], asked: Asked, craft: Mapping[str, str] | None) -> Found:
        """Stays, through `detect/zone.py`."""
        from detente.cli.zones import zones_named
        from detente.detect.zone import detect_zones
        from detente.model.track_finding import ZoneMeasure
        from detente.report.found import faults_table, stays_table

        zones = zones_named(asked.zone)
        measure = _made(ZoneMeasure, gap_s=None if asked.gap is None else seconds(asked.gap, "--gap"))
        found = detect_zones(positions, zones, measure)
        stays = [stay for stay in found.stays if craft is None or stay.craft in craft]
        faults = [fault for fault in found.faults if craft is None or fault.craft in craft]
        return Found(stays_table(stays), faults_table(faults), found.unusable, found.craft)


class DarkDetector:
    """When craft were silent for longer than expected."""

    name = "dark"
    options = frozenset({"least", "classes"})
    needs: frozenset[str] = frozenset()

    def detect(self, positions: Iterable[pa.Table], asked: Asked, craft: Mapping[str, str] | None) -> Found:
        """Silences, through `detect/dark.py`. Everybody's reports tell who was heard; `craft` chooses whose silences are shown."""
        from detente.detect.dark import detect_dark
        from detente.model.track_finding import DarkMeasure
        from detente.report.found import faults_table, silences_table

        measure = _made(DarkMeasure, least_s=None if asked.least is None else seconds(asked.least, "--least"))
        found = detect_dark(positions, measure)
        silences = [silence for silence in found.silences if craft is None or silence.craft in craft]
        faults = [fault for fault in found.faults if craft is None or fault.craft in craft]
        return Found(silences_table(silences), faults_table(faults), found.unusable, found.craft)


DETECTORS: Sequence[Detector] = (SeparationDetector(), EncounterDetector(), ZoneDetector(), DarkDetector())


def detector_named(name: str) -> Detector:
    """The detector of a measure.

    Reach is none of them: it is answered for a rule that asks for it, and for nothing else.
    """
    if name == "reach":
        raise refusal(
            Problem(
                "reach-without-rule",
                "what a weapon can reach is answered only for a rule of an agreement that asks for it, and no list of points is ever made",
                help="write the rule, and run: detente check AGREEMENT",
            )
        )
    found = next((detector for detector in DETECTORS if detector.name == name), None)
    if found is None:
        raise refusal(Problem("unknown-measure", f'there is no measure "{name}"', expected=tuple(d.name for d in DETECTORS)))
    return found


def _made(measure: Any, **given: float | None) -> Any:
    """A measure from the options that are given; its own limits refuse what is beyond them."""
    try:
        return measure(**{name: value for name, value in given.items() if value is not None})
    except ValueError as error:
        raise refusal(Problem("bad-measure", str(error))) from None
