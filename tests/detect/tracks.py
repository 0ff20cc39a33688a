"""Small tables of positions for tests, written as rows (craft, ms, lon, lat[, altitude in ft])."""

from __future__ import annotations

import pyarrow as pa
from pyproj import Geod

GEOD = Geod(ellps="WGS84")
T0 = 1_700_000_100_000
"""A whole slab."""
KN = 1852 / 3600


def table(rows):
    columns = list(zip(*[(*row, None) if len(row) == 4 else row for row in rows], strict=True)) or [[]] * 5
    return pa.table(
        {
            "craft": pa.array(columns[0], pa.string()),
            "time": pa.array(columns[1], pa.timestamp("ms", "UTC")),
            "lon": pa.array(columns[2], pa.float64()),
            "lat": pa.array(columns[3], pa.float64()),
            "altitude_ft": pa.array(columns[4], pa.float32()),
        }
    )


def sailing(craft, lon, lat, course, knots, *, seconds, every=10.0, start=T0, altitude=None, late=0.0):
    """A craft on a geodesic; `late` seconds after the start it stands at (lon, lat)."""
    rows = []
    steps = round(seconds / every)
    for k in range(steps + 1):
        t = k * every
        away = knots * KN * (t - late)
        x, y, _ = GEOD.fwd(lon, lat, course if away >= 0 else course + 180, abs(away))
        rows.append((craft, start + round(1000 * t), x, y) if altitude is None else (craft, start + round(1000 * t), x, y, altitude))
    return rows
