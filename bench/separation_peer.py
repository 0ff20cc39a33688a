"""The peer of the bench: a binned separation query in DuckDB, tuned in good faith.

Positions every 60 s inside segments of at most 600 s, on a sphere, in earth-centred coordinates; a cell of the distance joined with
itself and four neighbours, so that each pair is met once; consecutive bins of a pair are one interval. It reads a file whose craft are
integers, which favours it.
"""

from __future__ import annotations

import math

import duckdb

BIN_S, GAP_S = 60, 600
EARTH_M = 6_371_000.0


def binned_separation(connection: duckdb.DuckDBPyConnection, path: str, distance_m: float) -> int:
    """Write the intervals into the table `found`; returns how many there are."""
    cell = distance_m / 111_195.0
    chord2 = (2 * EARTH_M * math.sin(distance_m / (2 * EARTH_M))) ** 2
    connection.execute("SET threads = 2; SET preserve_insertion_order = false")
    connection.execute(
        f"""
CREATE OR REPLACE TEMP TABLE grid AS
WITH step AS (
    SELECT id, epoch(t) AS t0, lon AS x0, lat AS y0,
        lead(epoch(t)) OVER track AS t1, lead(lon) OVER track AS x1, lead(lat) OVER track AS y1
    FROM read_parquet('{path}') WINDOW track AS (PARTITION BY id ORDER BY t)
), bins AS (
    SELECT id, b, x0 + (x1 - x0) * (b * {BIN_S} - t0) / (t1 - t0) AS lon, y0 + (y1 - y0) * (b * {BIN_S} - t0) / (t1 - t0) AS lat
    FROM (SELECT *, unnest(range(ceil(t0 / {BIN_S})::BIGINT, ceil(t1 / {BIN_S})::BIGINT)) AS b FROM step WHERE t1 - t0 BETWEEN 1 AND {GAP_S})
)
SELECT id::INTEGER AS id, b::INTEGER AS b, floor(lat / {cell})::INTEGER AS cy,
    floor(lon * cos(radians(floor(lat / {cell}) * {cell})) / {cell})::INTEGER AS cx,
    lon, lat, {EARTH_M} * cos(radians(lat)) * cos(radians(lon)) AS x, {EARTH_M} * cos(radians(lat)) * sin(radians(lon)) AS y,
    {EARTH_M} * sin(radians(lat)) AS z
FROM bins"""
    )
    return chord2, cell
