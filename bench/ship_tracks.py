"""Positions of invented ships for the bench: lanes between ports, ships at anchor, pairs that lie slowly side by side.

A fifth lies at anchor near a port, a twentieth drifts in slow circles that pairs share, the rest sails lanes between ports with a
sideways offset. Each ship reports every 12 to 180 s (log-uniform between ships, jittered), and after one report in 800 not for 5 to 40
minutes. Fixes stray by 8 m. Rows are in order of time, as in a feed.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

START_MS = 1_700_000_100_000
DEGREE_M = 111_195.0
PORTS = 44
ROW_GROUP = 1 << 20


def make_tracks(folder: Path, ships: int, hours: float, seed: int) -> tuple[Path, Path, int]:
    """Write positions with the craft as text, as detectors take them, and the same with integers, as the peer likes them."""
    code, time, lon, lat = _rows(ships, hours, seed)
    names = pa.array([f"mmsi:{200_000_000 + i}" for i in range(ships)])
    stamps = pa.array(time + START_MS, pa.timestamp("ms", "UTC"))
    own = pa.table({"craft": pa.DictionaryArray.from_arrays(pa.array(code), names), "time": stamps, "lon": lon, "lat": lat})
    peers = pa.table({"id": code, "t": pa.array((time + START_MS) * 1000, pa.timestamp("us")), "lon": lon, "lat": lat})
    paths = folder / f"positions-{ships}-{hours}.parquet", folder / f"peer-{ships}-{hours}.parquet"
    for table, path in zip((own, peers), paths, strict=True):
        pq.write_table(table, path, compression="zstd", row_group_size=ROW_GROUP)
    return *paths, len(code)


def _rows(ships: int, hours: float, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    chance = np.random.default_rng(seed)
    ports = np.column_stack((chance.uniform(10, 29, PORTS), chance.uniform(54, 65, PORTS)))
    apart = np.hypot((ports[:, None, 0] - ports[None, :, 0]) * 0.5, ports[:, None, 1] - ports[None, :, 1])
    lanes = np.argsort(apart, axis=1)[:, 1:4]
    code, time, lon, lat = [], [], [], []
    circle = ports[0]
    for i in range(ships):
        kind = chance.random()
        mean = 180.0 if kind < 0.20 else 12.0 * 15.0 ** chance.random()
        t = _times(chance, mean, hours * 3600)
        port = int(chance.integers(PORTS))
        if kind < 0.20:
            away, turn = 200 + 4000 * np.sqrt(chance.random()), 2 * np.pi * chance.random()
            x, y = np.full(len(t), away * np.cos(turn)), np.full(len(t), away * np.sin(turn))
            at = ports[port]
        elif kind < 0.25:
            if i % 2 == 0:
                circle = ports[port] + chance.normal(0, (0.3, 0.15))
            wide, turn = 100 + 1500 * chance.random(), 2 * np.pi * chance.random() + 0.8 * t / (100 + 1500 * chance.random())
            x, y, at = wide * np.cos(turn), wide * np.sin(turn), circle
        else:
            x, y, at = _sailing(chance, t, 3 + 7 * chance.random(), port, ports, lanes)
        x, y = x + chance.normal(0, 8, len(t)), y + chance.normal(0, 8, len(t))
        here = at[1] + y / DEGREE_M
        code.append(np.full(len(t), i, dtype=np.int32))
        time.append((t * 1000).astype(np.int64))
        lat.append(here)
        lon.append(at[0] + x / DEGREE_M / np.cos(np.radians(here)))
    columns = [np.concatenate(c) for c in (code, time, lon, lat)]
    order = np.argsort(columns[1], kind="stable")
    return tuple(c[order] for c in columns)


def _times(chance: np.random.Generator, mean: float, until: float) -> np.ndarray:
    """Whole seconds at which a ship reports."""
    number = int(2.2 * until / mean) + 50
    steps = np.clip(mean * (0.5 + chance.random(number)), 2, 180)
    steps[chance.random(number) < 1 / 800] = 300 + 2100 * chance.random()
    t = np.cumsum(np.floor(steps)) - np.floor(steps[0] * chance.random())
    return t[t < until]


def _sailing(
    chance: np.random.Generator, t: np.ndarray, speed: float, port: int, ports: np.ndarray, lanes: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Metres east and north of the first port, from port to port at an even speed and with a sideways offset for each lane."""
    route = [port]
    while len(route) < 60:
        onward = [int(p) for p in lanes[route[-1]] if len(route) < 2 or p != route[-2]]
        route.append(onward[int(chance.integers(len(onward)))])
    squeeze = np.cos(np.radians(ports[:, 1]))
    east, north = np.zeros(len(route)), np.zeros(len(route))
    for k in range(1, len(route)):
        a, b = route[k - 1], route[k]
        east[k] = east[k - 1] + (ports[b, 0] - ports[a, 0]) * DEGREE_M * (squeeze[a] + squeeze[b]) / 2
        north[k] = north[k - 1] + (ports[b, 1] - ports[a, 1]) * DEGREE_M
    legs = np.maximum(1.0, np.hypot(np.diff(east), np.diff(north)))
    reached = np.concatenate(([0.0], np.cumsum(legs)))
    along = (speed * t + chance.random() * legs[0]) % reached[-1]
    leg = np.clip(np.searchsorted(reached, along, side="right") - 1, 0, len(legs) - 1)
    part = (along - reached[leg]) / legs[leg]
    aside = chance.normal(0, 1500, len(legs))[leg] * 4 * part * (1 - part)
    dx, dy = np.diff(east)[leg], np.diff(north)[leg]
    x = east[leg] + part * dx - aside * dy / legs[leg]
    y = north[leg] + part * dy + aside * dx / legs[leg]
    # East is measured where the ship is, so that its place comes out right after division by its own latitude.
    return x, y, ports[port]
