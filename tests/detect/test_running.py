"""Detectors that run along with a feed find what they find over all of it at once."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

import pyarrow as pa
import pytest
from shapely.geometry import Point, Polygon

from detente.detect.running_separation import RunningSeparation
from detente.detect.running_stays import RunningStays, order
from detente.detect.separation import detect_separation
from detente.detect.sound import RunningSound, sound_positions
from detente.detect.zone import detect_zones
from detente.detect.zone_shapes import Zone
from detente.model.approach import SHIP, ApproachMeasure
from detente.reading.track import POSITIONS

WINDOW_MS = 30_000
START_MS = 1_777_600_000_000
Fix = tuple[str, int, float, float]


@dataclass(frozen=True)
class Feed:
    """Fixes in the order in which they arrive, late ones by less than the window."""

    fixes: tuple[Fix, ...]


def feed(seed: int, hours: float = 6, craft: int = 4, *, jumps: bool = True) -> Feed:
    """Ships that circle about one place at different speeds, with silences, jumps and repeats."""
    dice = random.Random(seed)
    found: list[tuple[float, Fix]] = []
    for n in range(craft):
        name = f"mmsi:{900000001 + n}"
        period, radius, phase = dice.uniform(1800, 9000), dice.uniform(0.005, 0.03), dice.uniform(0, 6.28)
        t, silent_until = dice.uniform(0, 60), 0.0
        while t < hours * 3600:
            if dice.random() < 0.002:
                silent_until = t + dice.choice((400, 900, 2500, 5000))
            if t >= silent_until:
                angle = phase + 2 * math.pi * t / period
                lon, lat = 20 + radius * math.cos(angle), 54 + radius * math.sin(angle) + 0.002 * n
                if jumps and dice.random() < 0.002:
                    lon += 3
                fix = (name, START_MS + int(t * 1000), round(lon, 6), round(lat, 6))
                found.append((t + dice.uniform(0, 25), fix))
                if dice.random() < 0.05:
                    found.append((t + dice.uniform(0, 25), fix))
            t += dice.choice((10, 20, 60, 170))
    return Feed(tuple(fix for _, fix in sorted(found)))


def table(fixes: tuple[Fix, ...]) -> pa.Table:
    craft, time, lon, lat = zip(*fixes, strict=True)
    empty = pa.nulls(len(fixes), pa.float32())
    columns = [
        pa.array(craft),
        pa.array(time, pa.int64()).cast(pa.timestamp("ms", "UTC")),
        pa.array(lon),
        pa.array(lat),
        empty,
        empty,
        empty,
    ]
    return pa.table(columns, schema=POSITIONS)


def steps(whole: Feed, seed: int) -> list[tuple[pa.Table, int]]:
    """Pieces of the feed, each with the watermark after it."""
    dice = random.Random(seed)
    out, at, newest = [], 0, 0
    while at < len(whole.fixes):
        piece = whole.fixes[at : at + dice.choice((3, 90, 250))]
        at += len(piece)
        newest = max(newest, *(f[1] for f in piece))
        out.append((table(piece), newest - WINDOW_MS))
    return out


MEASURES = (
    ApproachMeasure(1500.0),
    ApproachMeasure(400.0, gap_s=120.0, longest_gap_s=1800.0),
)


@pytest.mark.parametrize(("seed", "measure"), list(enumerate(MEASURES)))
def test_approaches_are_those_of_the_whole(seed: int, measure: ApproachMeasure) -> None:
    whole = feed(seed)
    craft = dict.fromkeys((f[0] for f in whole.fixes), SHIP)
    running = RunningSeparation(measure, craft)
    most = 0
    for piece, watermark in steps(whole, seed):
        running.kept.add(piece)
        running.settle(watermark)
        most = max(most, running.kept.whole.num_rows)
    expected = detect_separation(table(whole.fixes), measure, craft=craft).found
    assert len(expected) > 5
    assert sorted([*running.settled, *running.open_approaches()], key=lambda a: (a.first, a.second, a.start)) == list(expected)
    assert running.settled
    assert most < 0.6 * len(whole.fixes), "what nothing needs is let go"


ZONES = (
    Zone("strip", Polygon([(19.98, 54.0), (20.02, 54.0), (20.02, 54.01), (19.98, 54.01)])),
    Zone("wide", Point(20, 54).buffer(0.02)),
    Zone("all", Point(20, 54).buffer(1)),
)


@pytest.mark.parametrize(("seed", "jumps"), [(0, False), (1, True), (3, True)])
def test_stays_are_those_of_the_whole(seed: int, jumps: bool) -> None:
    whole = feed(seed, hours=8, jumps=jumps)
    running = RunningStays({f[0] for f in whole.fixes}, [ZONES, ZONES[:1]])
    for piece, watermark in steps(whole, seed):
        running.kept.add(piece)
        running.settle(watermark)
    for number, zones in enumerate(running.zone_sets):
        expected = detect_zones(table(whole.fixes), zones).stays
        found = sorted([*running.settled[number], *running.open_stays()[number]], key=order)
        assert found == list(expected)
        assert len(expected) > 5 or number > 0
    assert running.settled[0] or jumps
    if not jumps:
        assert running.kept.whole.num_rows < 0.3 * len(whole.fixes)


def rows(some: pa.Table) -> list[Fix]:
    return [(r["craft"], r["time"].timestamp(), r["lon"], r["lat"]) for r in some.to_pylist()]


@pytest.mark.parametrize(("seed", "jumps"), [(0, False), (1, True), (3, True)])
def test_sound_fixes_are_those_of_the_whole_and_are_given_once(seed: int, jumps: bool) -> None:
    whole = feed(seed, hours=8, jumps=jumps)
    if jumps:  # one number in two places for twenty minutes
        other = [("mmsi:900000001", START_MS + 7_205_000 + 30_000 * n, 22.0, 54 + 0.001 * n) for n in range(40)]
        whole = Feed(tuple(sorted([*whole.fixes, *other], key=lambda f: f[1])))
    running = RunningSound({f[0] for f in whole.fixes})
    given: list[Fix] = []
    until = before = 0
    for piece, watermark in steps(whole, seed):
        running.kept.add(piece)
        new, until = running.settle(watermark)
        assert until >= before
        before = until
        given += rows(new) if new is not None else []
    assert all(f[1] * 1000 < START_MS + 8 * 3_600_000 for f in given)
    newer = running.open()
    expected = sound_positions(table(whole.fixes))
    assert sorted([*given, *rows(newer)]) == sorted(rows(expected))
    assert (len(rows(expected)) < len(whole.fixes)) is jumps
    if not jumps:
        assert len(given) > 0.8 * len(whole.fixes)
        assert running.kept.whole.num_rows < 0.3 * len(whole.fixes)
