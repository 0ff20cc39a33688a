"""Answers all measures at once: each place and each territory is looked up and indexed once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from detente.detect.extent import Extent
from detente.detect.places import Gazetteer
from detente.detect.relations import Gap, answer, gap_between, point_gaps
from detente.detect.territory import extent_of, place_extent
from detente.model.finding import Finding
from detente.model.measure import Disputed, Measure, NamedPlace, Other, Territory, Undisputed
from detente.vocabulary.atlas import Atlas


def measure_places(measures: Iterable[Measure], gazetteer: Gazetteer, atlas: Atlas) -> list[Finding]:
    """One finding per measure, in their order.

    A place or territory that nobody has drawn gives *unknown*. `reaches` gives
    its margin for a party's territory as a whole and for nothing smaller, and no
    answer for a single point: it tells what an agreement asks, not what a weapon
    could hit.
    """
    asked = list(measures)
    places = {name: place_extent(name, gazetteer, atlas) for name in dict.fromkeys(m.place for m in asked)}
    by_other: dict[Other, list[int]] = {}
    for number, measure in enumerate(asked):
        by_other.setdefault(measure.other, []).append(number)
    findings: dict[int, Finding] = {}
    for other, numbers in by_other.items():
        extent = extent_of(other, gazetteer, atlas)
        known = {n: place for n in numbers if extent is not None and (place := places[asked[n].place]) is not None}
        gaps = _gaps({n: asked[n] for n in known}, known, extent) if extent is not None else {}
        for number in numbers:
            measure = asked[number]
            if number not in gaps:
                missing = measure.place if places[measure.place] is None else _called(other)
                findings[number] = Finding(measure, certain=False, possible=True, note=f'no place called "{missing}" has been drawn')
            else:
                findings[number] = _finding(measure, gaps[number], extent)
    _explain(findings, gazetteer, atlas)
    return [findings[number] for number in range(len(asked))]


def _gaps(measures: dict[int, Measure], places: dict[int, Extent], other: Extent) -> dict[int, Gap]:
    """The numbers for each measure; exact points are measured together."""
    points = {
        m.place: places[n] for n, m in measures.items() if (core := places[n].core) is not None and places[n].is_exact and core.is_point
    }
    by_place: dict[str, Gap] = {}
    if points:
        xy = np.asarray([(e.core.geometry.x, e.core.geometry.y) for e in points.values() if e.core is not None])
        accuracy = np.asarray([e.accuracy_m for e in points.values()])
        by_place = dict(zip(points, point_gaps(xy[:, 0], xy[:, 1], accuracy, other), strict=True))
    others = {(m.place, m.relation): n for n, m in measures.items() if m.place not in by_place}
    by_pair = {pair: gap_between(places[n], other, pair[1]) for pair, n in others.items()}
    return {n: by_place[m.place] if m.place in by_place else by_pair[m.place, m.relation] for n, m in measures.items()}


def _finding(measure: Measure, gap: Gap, other: Extent | None) -> Finding:
    to_point = isinstance(measure.other, NamedPlace) and (other is None or other.core is None or other.core.is_point)
    if measure.relation == "reaches" and to_point:
        return Finding(measure, certain=False, possible=True, note="reach is answered for territories and areas, not for points")
    certain, possible, margin_m = answer(measure, gap)
    if measure.relation == "reaches" and not isinstance(measure.other, Territory):
        margin_m = None
    return Finding(measure, certain, possible, margin_m, _why_open(measure, gap) if possible and not certain else None)


def _why_open(measure: Measure, gap: Gap) -> str | None:
    if measure.relation == "reaches" and measure.most_m is not None and measure.most_m > (measure.distance_m or 0.0):
        return f"the range is known only as {(measure.distance_m or 0.0) / 1000:,.0f} to {measure.most_m / 1000:,.0f} km"
    return f"the lines are known to {gap.accuracy_m:,.0f} m, which leaves the answer open" if gap.accuracy_m > 0 else None


def _explain(findings: dict[int, Finding], gazetteer: Gazetteer, atlas: Atlas) -> None:
    """Name the polygons that an unknown answer on a territory turns on."""
    probes: dict[Measure, list[int]] = {}
    for number, finding in findings.items():
        territory = finding.measure.other
        if isinstance(territory, Territory) and finding.possible and not finding.certain:
            for polygon in territory.open:
                relation = "overlaps" if finding.measure.relation in ("lies in", "touches") else finding.measure.relation
                probes.setdefault(replace(finding.measure, relation=relation, other=Disputed(polygon)), []).append(number)
    if not probes:
        return
    turning: dict[int, list[str]] = {}
    for probed in measure_places(probes, gazetteer, atlas):
        if probed.possible and isinstance(probed.measure.other, Disputed):
            for number in probes[probed.measure]:
                turning.setdefault(number, []).append(probed.measure.other.polygon)
    for number, polygons in turning.items():
        said = "; ".join(f"{atlas.disputed[p].name} is claimed by {', '.join(atlas.disputed[p].claimants)}" for p in polygons)
        findings[number] = replace(findings[number], turns_on=tuple(polygons), note=f"{said}; this account does not say whose it is")


def _called(other: Other) -> str:
    match other:
        case NamedPlace(name) | Undisputed(name) | Disputed(name) | Territory(name):
            return name
