"""Stays in zones: crossings against dense interpolation, gaps, faults, the 180th meridian and the poles."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.detect.geodesy import GEOD, circle
from detente.detect.meridian import placed
from detente.detect.zone import detect_zones
from detente.detect.zone_shapes import Zone
from detente.model.track_finding import Stay, ZoneMeasure

START = datetime(2026, 1, 1, tzinfo=UTC)
Fix = tuple[str, float, float, float]
"""Craft, seconds, longitude, latitude."""


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def table(fixes: list[Fix]) -> pa.Table:
    times = [START + timedelta(seconds=fix[1]) for fix in fixes]
    return pa.table(
        {
            "craft": pa.array([fix[0] for fix in fixes], pa.string()),
            "time": pa.array(times, pa.timestamp("ms", "UTC")),
            "lon": pa.array([float(fix[2]) for fix in fixes], pa.float64()),
            "lat": pa.array([float(fix[3]) for fix in fixes], pa.float64()),
        }
    )


def stays(fixes: list[Fix], *shapes: shapely.Geometry, gap_s: float = 600) -> list[Stay]:
    zones = [Zone(f"zone {number}", shape) for number, shape in enumerate(shapes)]
    return list(detect_zones(table(fixes), zones, ZoneMeasure(gap_s)).stays)


def after(stay: Stay) -> tuple[float, float]:
    return (stay.start - START).total_seconds(), (stay.end - START).total_seconds()


BOX = shapely.box(0, 0, 0.02, 0.02)


def test_entry_and_exit_are_interpolated() -> None:
    (stay,) = stays([("mmsi:1", 0, -0.01, 0.01), ("mmsi:1", 200, 0.01, 0.01), ("mmsi:1", 400, 0.03, 0.01)], BOX)
    assert after(stay) == (pytest.approx(100, abs=0.01), pytest.approx(300, abs=0.01))
    assert (stay.entered, stay.left) == (True, True)
    assert (stay.seen_from, stay.seen_until) == (START + timedelta(seconds=200),) * 2


def test_a_path_through_a_zone_without_a_fix_in_it() -> None:
    (stay,) = stays([("mmsi:1", 0, -0.01, 0.01), ("mmsi:1", 400, 0.03, 0.01)], BOX)
    assert after(stay) == (pytest.approx(100, abs=0.01), pytest.approx(300, abs=0.01))
    assert stay.seen_from is None


def test_what_lies_before_the_first_and_after_the_last_fix_is_not_claimed() -> None:
    (stay,) = stays([("mmsi:1", 0, 0.01, 0.01), ("mmsi:1", 60, 0.011, 0.01)], BOX)
    assert after(stay) == (0, 60)
    assert (stay.entered, stay.left) == (False, False)


def test_nothing_is_said_of_a_gap() -> None:
    found = stays([("mmsi:1", 0, 0.01, 0.01), ("mmsi:1", 60, 0.01, 0.011), ("mmsi:1", 5000, 0.01, 0.01)], BOX)
    assert [after(stay) for stay in found] == [(0, 60), (5000, 5000)]
    assert [(stay.entered, stay.left) for stay in found] == [(False, False)] * 2


def test_a_path_through_a_corner_and_one_along_a_line() -> None:
    assert [after(s) for s in stays([("mmsi:1", 0, -0.01, 0.01), ("mmsi:1", 100, 0.01, -0.01)], BOX)] in ([], [(50, 50)])
    (along,) = stays([("mmsi:2", 0, 0.01, 0.0), ("mmsi:2", 100, 0.02, 0.0)], BOX)
    assert after(along) == (0, 100)


def test_order_and_repeats_of_rows_do_not_matter() -> None:
    fixes: list[Fix] = [("mmsi:1", 10.0 * i, -0.01 + 0.0005 * i, 0.01) for i in range(80)] + [
        ("mmsi:2", 10.0 * i, 0.03 - 0.0005 * i, 0.01) for i in range(80)
    ]
    mixed = [fixes[i] for i in np.random.default_rng(1).permutation(len(fixes))] + fixes[:30]
    assert stays(mixed, BOX) == stays(fixes, BOX)


def test_a_zone_across_the_180th_meridian() -> None:
    zone = placed(shapely.box(179.99, 0, 180.01, 1))
    (stay,) = stays([("mmsi:1", 0, 179.98, 0.5), ("mmsi:1", 400, -179.98, 0.5)], zone)
    assert after(stay) == (pytest.approx(100, abs=0.01), pytest.approx(300, abs=0.01))
    assert stay.start_at.lon == pytest.approx(179.99)
    assert stay.end_at.lon == pytest.approx(-179.99)


def test_a_path_over_a_pole() -> None:
    (stay,) = stays([("icao24:aaaaaa", 0, 0, 89.0), ("icao24:aaaaaa", 1000, 180, 89.0)], circle(0, 90, 50_000), gap_s=3600)
    half = 50_000 / 111_693.9 / 2 * 1000  # a degree of latitude there is 111,694 m
    assert after(stay) == (pytest.approx(500 - half, abs=1.5), pytest.approx(500 + half, abs=1.5))


def test_a_long_path_follows_the_geodesic() -> None:
    # From 10 W to 10 E along 60 N the geodesic rises to 60.38 N; a straight line in degrees would miss the zone.
    zone = circle(0, 60.38, 4_000)
    assert stays([("icao24:aaaaaa", 0, -10, 60), ("icao24:aaaaaa", 4000, 10, 60)], zone, gap_s=5000)
    assert not stays([("icao24:aaaaaa", 0, -10, 60), ("icao24:aaaaaa", 4000, 10, 60)], circle(0, 60.0, 4_000), gap_s=5000)


def test_a_fix_that_jumps_is_no_stay() -> None:
    fixes: list[Fix] = [("mmsi:1", 10.0 * i, 1 + 0.0005 * i, 1.0) for i in range(40)]
    fixes.insert(20, ("mmsi:1", 195, 0.01, 0.01))
    found = detect_zones(table(fixes), [Zone("box", BOX)])
    assert not found.stays
    assert [(fault.kind, fault.fixes) for fault in found.faults] == [("impossible jump", 1)]


def test_zones_keep_their_accounts() -> None:
    zones = [Zone("z", BOX, "Arland"), Zone("z", shapely.box(5, 5, 6, 6), "Borland", certain=False)]
    found = detect_zones(table([("mmsi:1", 0, 0.01, 0.01), ("mmsi:2", 0, 5.5, 5.5)]), zones).stays
    assert [(s.account, s.certain) for s in found] == [("Arland", True), ("Borland", False)]


def test_rows_that_cannot_be_used_are_counted() -> None:
    rows = pa.concat_tables([table([("mmsi:1", 0, 0.01, 0.01)]), table([("mmsi:1", 1, 400.0, 0.0)])])
    found = detect_zones(rows.to_batches(), [Zone("z", BOX)])
    assert (found.rows, found.unusable, found.craft) == (2, 1, 1)
    assert len(found.stays) == 1


def dense(fixes: list[Fix], shape: shapely.Geometry, step_s: float = 0.25) -> list[tuple[float, float]]:
    """The same by brute force: every quarter of a second along the geodesic, asked of shapely."""
    inside: list[tuple[float, bool]] = []
    for (_, t0, x0, y0), (_, t1, x1, y1) in itertools.pairwise(fixes):
        azimuth, _, metres = GEOD.inv(x0, y0, x1, y1)
        times = np.arange(t0, t1, step_s)
        lon, lat, _ = GEOD.fwd(*(np.full(len(times), v) for v in (x0, y0, azimuth)), metres * (times - t0) / (t1 - t0))
        inside += zip(times.tolist(), shapely.intersects_xy(shape, lon, lat).tolist(), strict=True)
    runs: list[tuple[float, float]] = []
    was = False
    for time, now in inside:
        if now and not was:
            runs.append((time, time))
        elif now:
            runs[-1] = (runs[-1][0], time)
        was = now
    return runs


@given(st.integers(0, 2**32 - 1), st.sampled_from([(10.0, 50.0), (179.95, 10.0), (-60.0, -75.0), (30.0, 85.0)]))
@settings(max_examples=25, deadline=None)
def test_crossings_agree_with_dense_interpolation(seed: int, at: tuple[float, float]) -> None:
    random = np.random.default_rng(seed)
    wide = 0.05 / np.cos(np.radians(at[1]))
    count = int(random.integers(3, 9))
    angles = np.sort(random.uniform(0, 2 * np.pi, count))
    if np.diff(angles, append=angles[0] + 2 * np.pi).max() > 3:
        return
    radius = random.uniform(0.3, 1, count)
    corners = np.stack((at[0] + wide * radius * np.cos(angles), at[1] + 0.05 * radius * np.sin(angles)), axis=1)
    zone = placed(shapely.Polygon(corners))
    spots = at + random.uniform(-1, 1, (8, 2)) * (wide, 0.05)
    fixes: list[Fix] = [("icao24:aaaaaa", 60.0 * i, (lon + 180) % 360 - 180, lat) for i, (lon, lat) in enumerate(spots.tolist())]
    found = [after(stay) for stay in stays(fixes, zone)]
    joined: list[tuple[float, float]] = []  # a step of a quarter of a second passes over a shorter way outside
    for start, end in found:
        joined[-1:] = [(joined[-1][0], end)] if joined and start - joined[-1][1] < 0.3 else [*joined[-1:], (start, end)]
    for start, end in dense(fixes, zone):
        assert any(s - 0.3 <= start and end <= e + 0.3 for s, e in joined)
    for start, end in joined:
        if end - start > 1:
            assert any(abs(start - s) < 0.3 for s, _ in dense(fixes, zone)) or start == 0
            assert any(abs(end - e) < 0.6 for _, e in dense(fixes, zone))
