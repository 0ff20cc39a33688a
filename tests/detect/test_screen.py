"""The screen against plain SQL on a recording, and against the exact answer; encounters by their definition."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

pytest.importorskip("numba")

from detect.tracks import T0, sailing, table
from detente.detect.encounter import detect_encounters
from detente.detect.screen import screen
from detente.detect.separation import detect_separation
from detente.model.approach import ApproachMeasure, EncounterMeasure

A, B = "mmsi:200000001", "mmsi:200000002"
RECORDING = Path(__file__).parent / "recordings" / "galveston.parquet"


@pytest.fixture(scope="session")
def ships():
    return pq.read_table(RECORDING)


def by_query(ships, rejected, limit_m):
    """Runs of near minutes by a query over all pairs: no cells, no slabs."""
    connection = duckdb.connect()
    connection.register("ships", ships)
    bad = [(r.craft, r.time) for r in rejected]
    connection.execute("CREATE TABLE bad (craft VARCHAR, time TIMESTAMPTZ)")
    if bad:
        connection.executemany("INSERT INTO bad VALUES (?, ?)", bad)
    chord2 = limit_m**2
    return set(
        connection.execute(f"""
    WITH fix AS (
        SELECT craft, epoch_ms(time) AS t, radians(lon) AS l, radians(lat) AS p, 6378137 / sqrt(1 - 0.0066943799901413165 * sin(radians(lat)) ** 2) AS n
        FROM (SELECT * FROM ships ANTI JOIN bad USING (craft, time)) QUALIFY row_number() OVER (PARTITION BY craft, time ORDER BY lat, lon) = 1
    ), place AS (SELECT craft, t, n * cos(p) * cos(l) AS x, n * cos(p) * sin(l) AS y, n * 0.9933056200098587 * sin(p) AS z FROM fix),
    leg AS (SELECT *, lead(t) OVER w AS t1, lead(x) OVER w AS x1, lead(y) OVER w AS y1, lead(z) OVER w AS z1 FROM place
        WINDOW w AS (PARTITION BY craft ORDER BY t)),
    -- A fix exactly on a minute counts, alone or not.
    bin AS (SELECT *, (b * 60000 - t) / (t1 - t) AS u FROM (SELECT *, unnest(range((t + 59999) // 60000, (t1 + 59999) // 60000)) AS b FROM leg WHERE t1 - t <= 600000)
        UNION ALL SELECT *, t // 60000, 0 FROM leg WHERE t % 60000 = 0 AND (t1 IS NULL OR t1 - t > 600000)),
    spot AS (SELECT craft, b, x + u * coalesce(x1 - x, 0) AS x, y + u * coalesce(y1 - y, 0) AS y, z + u * coalesce(z1 - z, 0) AS z FROM bin),
    hit AS (SELECT a.craft AS one, o.craft AS other, a.b AS b FROM spot a JOIN spot o ON a.b = o.b AND a.craft < o.craft
        WHERE (a.x - o.x) ** 2 + (a.y - o.y) ** 2 + (a.z - o.z) ** 2 <= {chord2})
    SELECT one, other, min(b), max(b) FROM (SELECT *, b - row_number() OVER (PARTITION BY one, other ORDER BY b) AS part FROM hit) GROUP BY one, other, part
    """).fetchall()
    )


@pytest.mark.parametrize("limit_m", [100.0, 500.0, 1852.0])
def test_equals_a_query(ships, limit_m):
    rejected = detect_separation(ships, ApproachMeasure(limit_m)).rejected
    found = screen(ships, limit_m).to_pydict()
    minutes = [[int(t.timestamp()) // 60 for t in found[key]] for key in ("start", "end")]
    expected = by_query(ships, rejected, limit_m)
    assert len(expected) > 100
    assert set(zip(found["first"], found["second"], *minutes, strict=True)) == expected


def test_every_near_minute_lies_in_an_approach(ships):
    exact = {}
    for a in detect_separation(ships, ApproachMeasure(500.0)).found:
        exact.setdefault((a.first, a.second), []).append((a.start.earliest, a.end.latest))
    found = screen(ships, 500.0).to_pydict()
    rows = list(zip(*found.values(), strict=True))
    assert len(exact) > len({row[:2] for row in rows}) > 100
    for first, second, *minutes in rows:  # between two minutes they may have been further apart
        assert all(any(s <= minute <= e for s, e in exact[first, second]) for minute in minutes)


def meeting(knots, hours):
    rows = sailing(A, 10.0, 57.0, 90, knots, seconds=hours * 3600, every=300) + sailing(
        B, 10.003, 57.0, 90, knots, seconds=hours * 3600, every=300
    )
    return [(craft, t + 100_000, lon, lat) for craft, t, lon, lat in rows]


def test_an_encounter():
    (found,) = detect_encounters(table(meeting(1.0, 3)))
    assert (found.first, found.second) == (A, B)
    assert found.median_speed_kn == pytest.approx(1.0, abs=0.01)
    assert found.median_distance_m == pytest.approx(182.5, abs=1)
    assert found.start.timestamp() * 1000 == -(-(T0 + 100_000) // 600_000) * 600_000
    assert (found.end - found.start).total_seconds() == 10200
    assert found.place.lat == pytest.approx(57.0, abs=0.001)


def test_what_is_no_encounter():
    assert detect_encounters(table(meeting(3.0, 3))) == ()
    assert detect_encounters(table(meeting(1.0, 2))) == ()
    assert detect_encounters(table(meeting(1.0, 3)), EncounterMeasure(distance_m=100)) == ()
    held = [row for row in meeting(1.0, 6) if not 2 * 3600_000 - 500_000 < row[1] - T0 < 4 * 3600_000]
    assert detect_encounters(table(held)) == ()
    assert len(detect_encounters(table(held), EncounterMeasure(gap_s=3 * 3600))) == 1
    assert len(detect_encounters(table(meeting(3.0, 3)), EncounterMeasure(slower_than_kn=4))) == 1


def test_no_rows():
    assert detect_encounters(table([])) == ()
    assert len(screen(table([]), 500.0)) == 0
