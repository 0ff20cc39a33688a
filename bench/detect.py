"""Measures detection of near pairs against a hand-tuned DuckDB query, in one run.

    python bench/detect.py [--rows 10] [--stream 50] [--repeat 5] [--write]

Both read Parquet and make intervals, with two threads, and take turns. The peer takes positions every 60 s and merges bins, and reads
integers for craft; `screen` answers the same question from text for craft; `exact` finds the closest approach between fixes, without
bins. Walls and CPU seconds of medians are compared: where others use the machine, only the CPU ratio means something. A comparison
counts only if the peer reaches 2.5 M rows/s wall at 1 nm.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent))

import duckdb
import numpy as np
import pyarrow.parquet as pq
from ship_tracks import make_tracks

from detente.detect.blocks import TimeBlocks
from detente.detect.part import halo_ms, part_of
from detente.detect.screen import screen
from detente.detect.seams import merged
from detente.model.approach import ApproachMeasure

NM = 1852.0
EARTH_M = 6_371_000.0
LEAST_SPEED = 2.5e6
SHIPS = 4940


def peer(connection: duckdb.DuckDBPyConnection, path: Path, distance_m: float) -> int:
    """Intervals of consecutive 60 s bins; returns their number."""
    cell = distance_m / 111_000
    chord2 = (2 * EARTH_M * math.sin(distance_m / (2 * EARTH_M))) ** 2
    squeeze = math.cos(math.radians(65.5))  # cells of longitude are at least as wide as the distance, up to the northernmost ship
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE found AS
    WITH leg AS (
        SELECT id, epoch_us(t) // 1000000 AS t0, lon AS x0, lat AS y0,
            lead(epoch_us(t) // 1000000) OVER track AS t1, lead(lon) OVER track AS x1, lead(lat) OVER track AS y1
        FROM read_parquet('{path}') WINDOW track AS (PARTITION BY id ORDER BY t)
    ), bin AS (
        SELECT *, unnest(range((t0 + 59) // 60, (t1 + 59) // 60)) AS b FROM leg WHERE t1 - t0 BETWEEN 1 AND 600
    ), place AS (
        SELECT id, b, x0 + (x1 - x0) * (b * 60 - t0) / (t1 - t0) AS lon, y0 + (y1 - y0) * (b * 60 - t0) / (t1 - t0) AS lat FROM bin
    ), grid AS MATERIALIZED (
        SELECT id, b::INTEGER AS b, floor(lat / {cell})::INTEGER AS cy, floor(lon * {squeeze} / {cell})::INTEGER AS cx,
            {EARTH_M} * cos(radians(lat)) * cos(radians(lon)) AS x, {EARTH_M} * cos(radians(lat)) * sin(radians(lon)) AS y,
            {EARTH_M} * sin(radians(lat)) AS z FROM place
    ), around AS (
        SELECT id, b, x, y, z, cx + dx AS cx, cy + dy AS cy, dx = 0 AND dy = 0 AS same
        FROM grid, (VALUES (0, 0), (1, -1), (1, 0), (1, 1), (0, 1)) v(dx, dy)
    ), hit AS (
        SELECT least(a.id, o.id)::BIGINT * 1000000 + greatest(a.id, o.id) AS pair, a.b AS b
        FROM around a JOIN grid o ON a.b = o.b AND a.cx = o.cx AND a.cy = o.cy
        WHERE (NOT a.same OR a.id < o.id) AND (a.x - o.x) ** 2 + (a.y - o.y) ** 2 + (a.z - o.z) ** 2 <= {chord2}
    ), run AS (SELECT pair, b, b - row_number() OVER (PARTITION BY pair ORDER BY b) AS part FROM hit)
    SELECT pair, min(b) AS first, max(b) AS last FROM run GROUP BY pair, part""")
    row = connection.execute("SELECT count(*) FROM found").fetchone()
    return row[0] if row else 0


def binned(path: Path, distance_m: float) -> int:
    return len(screen(pq.read_table(path, read_dictionary=["craft"]), distance_m))


def exact(path: Path, distance_m: float, *, gaps: bool = False) -> int:
    measure = ApproachMeasure(distance_m, longest_gap_s=3600.0 if gaps else 0.0)
    return len(part_of(pq.read_table(path, read_dictionary=["craft"]), measure, None).records)


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def timed(run: Callable[[], int]) -> tuple[float, float, int]:
    """Wall and CPU seconds, and what came out."""
    wall, used = time.perf_counter(), cpu()
    number = run()
    return time.perf_counter() - wall, cpu() - used, number


def compared(
    name: str, paths: tuple[Path, Path], rows: int, distance_m: float, repeat: int, goals: tuple[float, float | None]
) -> list[str]:
    """A row each for the screen and the exact answer; all three take turns."""
    connection = duckdb.connect(config={"threads": 2})
    connection.execute("SET preserve_insertion_order = false")
    runs: dict[str, Callable[[], int]] = {
        "peer": lambda: peer(connection, paths[1], distance_m),
        "screen": lambda: binned(paths[0], distance_m),
        "exact": lambda: exact(paths[0], distance_m),
    }
    for run in runs.values():
        run()
    taken = {key: [] for key in runs}
    for _ in range(repeat):
        for key, run in runs.items():
            taken[key].append(timed(run))
    theirs = median(w for w, _, _ in taken["peer"])
    out = []
    for key, goal in zip(("screen", "exact"), goals, strict=True):
        wall = median(p[0] / o[0] for p, o in zip(taken["peer"], taken[key], strict=True))
        used = median(p[1] / o[1] for p, o in zip(taken["peer"], taken[key], strict=True))
        counts = "yes" if rows / theirs >= LEAST_SPEED else "no"
        out.append(
            f"| {name} | {key} | {rows:,} | {rows / theirs / 1e6:.1f} | {rows / median(w for w, _, _ in taken[key]) / 1e6:.1f} "
            f"| {wall:.2f} | {used:.2f} | {f'≥ {goal}' if goal else '–'} | {counts} | {taken['peer'][0][2]:,} / {taken[key][0][2]:,} |"
        )
        print(out[-1], flush=True)
    return out


FIRST_CALL = """
import json, resource, sys, time
sys.path.insert(0, {bench!r})
start = time.perf_counter()
from pathlib import Path
if {own}:
    from detect import binned
    number = binned(Path({path!r}), {distance})
else:
    import duckdb
    from detect import peer
    connection = duckdb.connect(config={{"threads": 2}})
    connection.execute("SET preserve_insertion_order = false")
    number = peer(connection, Path({path!r}), {distance})
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps([time.perf_counter() - start, used.ru_utime + used.ru_stime, number]))
"""


def first_call(paths: tuple[Path, Path], rows: int, repeat: int) -> list[str]:
    """The first call in a process, imports and the cache of compiled code included."""
    taken = []
    for _ in range(repeat):
        pair = []
        for own in (False, True):
            text = FIRST_CALL.format(bench=str(Path(__file__).parent), own=own, path=str(paths[0 if own else 1]), distance=NM)
            done = subprocess.run([sys.executable, "-c", text], check=True, capture_output=True, text=True)
            pair.append(json.loads(done.stdout.splitlines()[-1]))
        taken.append(pair)
    wall, used = (median(p[k] / o[k] for p, o in taken) for k in (0, 1))
    theirs, own = median(p[0] for p, _ in taken), median(o[0] for _, o in taken)
    counts = "yes" if rows / theirs >= LEAST_SPEED else "no"
    line = (
        f"| 1 nm, first call | screen | {rows:,} | {rows / theirs / 1e6:.1f} | {rows / own / 1e6:.1f} | {wall:.2f} | {used:.2f} | ≥ 2 "
        f"| {counts} | {taken[0][0][2]:,} / {taken[0][1][2]:,} |"
    )
    print(line, flush=True)
    return [line]


STREAM = """
import json, resource, sys, time
sys.path.insert(0, {bench!r})
from pathlib import Path
from detect import streamed
print(json.dumps(streamed(Path({path!r}), {repeat})))
"""


def streamed(path: Path, repeat: int) -> list[float]:
    """Wall and CPU seconds of the exact answer read block by block with the seams merged, its stretches, and the peak in GB."""
    measure = ApproachMeasure(500.0, longest_gap_s=0.0)
    taken = []
    for _ in range(repeat + 1):

        def run() -> int:
            blocks = TimeBlocks.of([path], path.parent / "scratch")
            names: dict[str, int] = {}
            records = []
            for core in blocks.cores:
                part = part_of(blocks.read(core, halo_ms(measure)), measure, None, core)
                known = np.array([names.setdefault(n, len(names)) for n in part.names])
                part.records[:, :2] = known[part.records[:, :2].astype(int)]
                records.append(part.records)
            return len(merged(np.concatenate(records)))

        taken.append(timed(run))
    best = sorted(taken[1:])[len(taken[1:]) // 2]
    return [*best, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6]


def stream_row(path: Path, rows: int, repeat: int) -> str:
    text = STREAM.format(bench=str(Path(__file__).parent), path=str(path), repeat=repeat)
    wall, used, found, peak = json.loads(
        subprocess.run([sys.executable, "-c", text], check=True, capture_output=True, text=True).stdout.splitlines()[-1]
    )
    line = f"| {rows:,} | {rows / wall / 1e6:.1f} | {rows / used / 1e6:.1f} | {peak:.2f} | {found:,.0f} | ≥ 8 M rows/s, ≤ 2 GB |"
    print(line, flush=True)
    return line


def main() -> None:
    """Run everything and print the tables; with --write also put them into docs/benchmarks.md."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--rows", type=float, default=10.0, help="million positions of the comparison")
    arguments.add_argument("--stream", type=float, default=50.0, help="million positions of the stream; 0 for none")
    arguments.add_argument("--repeat", type=int, default=5)
    arguments.add_argument("--write", action="store_true")
    asked = arguments.parse_args()
    hours = 24 * asked.rows / 10
    head = [
        "| | mode | rows | peer, M rows/s | own, M rows/s | times faster, wall | CPU | goal | counts | intervals, peer / own |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        *paths, rows = make_tracks(folder, SHIPS, hours, 1)
        sparse = (paths[0], paths[1])
        lines = [*head]
        lines += compared("1 nm", sparse, rows, NM, asked.repeat, (4.0, 2.0))
        lines += compared("500 m", sparse, rows, 500.0, asked.repeat, (2.5, None))
        lines += first_call(sparse, rows, asked.repeat)
        *paths, rows = make_tracks(folder, 5 * SHIPS, hours / 5, 1)
        lines += compared("1 nm, dense", (paths[0], paths[1]), rows, NM, asked.repeat, (2.5, None))
        if asked.stream:
            lines += [
                "",
                "| rows, block by block | M rows/s, wall | M rows/CPU s | peak, GB | stretches | goal |",
                "|---|---|---|---|---|---|",
            ]
            own, _, rows = make_tracks(folder, SHIPS, hours * asked.stream / asked.rows, 1)
            lines.append(stream_row(own, rows, min(3, asked.repeat)))
    load = os.getloadavg()[0]
    lines += ["", f"Load average at the end of the run: {load:.1f} on {os.cpu_count()} cores."]
    print("\n".join(lines))
    if asked.write:
        write("\n".join(lines))


def write(table: str) -> None:
    """Put the tables into docs/benchmarks.md, between their marks."""
    page = Path(__file__).parent.parent / "docs" / "benchmarks.md"
    before, _, rest = page.read_text(encoding="utf-8").partition("<!-- detect -->")
    _, _, after = rest.partition("<!-- /detect -->")
    page.write_text(f"{before}<!-- detect -->\n{table}\n<!-- /detect -->{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
