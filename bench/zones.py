"""Which country does each of ten million points lie in: the cell index against shapely's STRtree, in one process, by turns.

The countries are the package's own atlas (1:10 million, 193 states and 76 disputed polygons). STRtree gets them cut
to pieces of at most 128 corners, which makes it about as fast as it can be, and points in chunks. Points are uniform on the globe. CPU
seconds of one thread, so that other work on the machine counts little. Run: python bench/zones.py [--points 10000000] [--rounds 3]
"""

from __future__ import annotations

import argparse
import statistics
import time

import numpy as np
import shapely

from detente.detect.cells import ZoneIndex
from detente.vocabulary.atlas import load_atlas

CORNERS = 128
CHUNK = 100_000
SAMPLE = 10
"""STRtree is timed on every tenth chunk only: its rate does not depend on how many there are."""


def main() -> None:
    """Print the rates, the ratio of each round, and whether the answers are the same."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--points", type=int, default=10_000_000)
    asked.add_argument("--rounds", type=int, default=3)
    options = asked.parse_args()
    atlas = load_atlas()
    shapes = [*atlas.undisputed.values(), *(polygon.shape for polygon in atlas.disputed.values())]
    random = np.random.default_rng(20)
    lon = random.uniform(-180.0, 180.0, options.points)
    lat = np.degrees(np.arcsin(random.uniform(-1.0, 1.0, options.points)))
    ZoneIndex([shapely.box(0, 0, 1, 1)]).query(lon[:10], lat[:10])  # compiles the kernels
    start = time.process_time()
    index = ZoneIndex(shapes)
    print(
        f"{len(shapes)} zones, {len(index.cells.edges):,} edges in {len(index.cells.cell_set):,} cells; index built in {time.process_time() - start:.1f} s"
    )
    start = time.process_time()
    pieces, owner = _pieces(shapes)
    tree = shapely.STRtree(pieces)
    print(f"cut into {len(pieces):,} pieces of at most {CORNERS} corners in {time.process_time() - start:.1f} s")
    ratios = []
    for number in range(options.rounds):
        start = time.process_time()
        at, zone = index.query(lon, lat)
        ours = options.points / (time.process_time() - start)
        theirs, different = _tree(tree, owner, lon, lat, at, zone)
        ratios.append(ours / theirs)
        print(
            f"round {number + 1}: index {ours / 1e6:.1f} M points/s, STRtree {theirs / 1e6:.2f} M points/s, ratio {ratios[-1]:.1f}; {different} pairs differ"
        )
    print(f"median ratio {statistics.median(ratios):.1f}")


def _tree(
    tree: shapely.STRtree, owner: np.ndarray, lon: np.ndarray, lat: np.ndarray, at: np.ndarray, zone: np.ndarray
) -> tuple[float, int]:
    spent, seen, different = 0.0, 0, 0
    for first in range(0, len(lon), CHUNK * SAMPLE):
        chunk = slice(first, first + CHUNK)
        points = shapely.points(lon[chunk], lat[chunk])
        start = time.process_time()
        point, piece = tree.query(points, predicate="intersects")
        spent += time.process_time() - start
        seen += len(points)
        mine = slice(*np.searchsorted(at, [first, first + len(points)]))
        theirs = np.unique((point + first) * 1000 + owner[piece])
        different += len(np.setxor1d(theirs, at[mine] * 1000 + zone[mine]))
    return seen / spent, different


def _pieces(shapes: list[shapely.Geometry]) -> tuple[list[shapely.Geometry], np.ndarray]:
    """Polygons halved until each has at most `CORNERS` corners."""
    pieces, owner = [], []
    waiting = [(part, number) for number, shape in enumerate(shapes) for part in shapely.get_parts(shape)]
    while waiting:
        shape, number = waiting.pop()
        if shape.geom_type != "Polygon":
            waiting += [(part, number) for part in shapely.get_parts(shape) if shapely.get_dimensions(part) == 2]
        elif shapely.get_num_coordinates(shape) <= CORNERS:
            pieces.append(shape)
            owner.append(number)
        else:
            west, south, east, north = shape.bounds
            halves = (
                [(west, south, (west + east) / 2, north), ((west + east) / 2, south, east, north)]
                if east - west > north - south
                else [(west, south, east, (south + north) / 2), (west, (south + north) / 2, east, north)]
            )
            waiting += [(shapely.clip_by_rect(shape, *half), number) for half in halves]
    return pieces, np.asarray(owner)


if __name__ == "__main__":
    main()
