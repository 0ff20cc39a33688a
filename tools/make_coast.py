"""Makes the coast that maps are drawn on: Natural Earth's land at three scales, without any border.

    python tools/make_coast.py BORDERS_FOLDER [OUTPUT_FOLDER]

BORDERS_FOLDER holds `land_10m.parquet` (geometry as WKB), the same input as that
of `make_atlas.py`. The output is one file, `coast.parquet`: a row for each scale,
with the tolerance in degrees within which its lines were simplified. Maps show it and
nothing is measured on it. See `src/detente/vocabulary/atlas/SOURCES.md`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

SCALES = ((0.02, 0.0015), (0.06, 0.01), (0.2, 0.15))
"""Tolerance in degrees, and the area in square degrees below which an island is left out."""


def main(source: Path, target: Path) -> None:
    """Read, simplify, write."""
    land = shapely.union_all(shapely.make_valid(shapely.from_wkb(pq.read_table(source / "land_10m.parquet")["geometry"].to_pylist())))
    shapes = [simplified(land, tolerance, least) for tolerance, least in SCALES]
    geo = {"encoding": "WKB", "geometry_types": ["MultiPolygon"]}
    said = {"geo": json.dumps({"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": geo}})}
    table = pa.table({"tolerance_deg": [t for t, _ in SCALES], "geometry": shapely.to_wkb(np.asarray(shapes)).tolist()})
    pq.write_table(
        table.replace_schema_metadata(said), target / "coast.parquet", compression="zstd", compression_level=19, use_dictionary=False
    )
    for (tolerance, _), shape in zip(SCALES, shapes, strict=True):
        print(
            f"{tolerance}°: {len(shapely.get_parts(shape))} pieces, {shapely.get_num_coordinates(shape):,} corners, {shape.area:.0f} square degrees"
        )


def simplified(land: shapely.Geometry, tolerance: float, least: float) -> shapely.Geometry:
    """Every piece of at least that area, its lines simplified and its corners on a grid of a fifth of the tolerance."""
    pieces = shapely.get_parts(land)
    pieces = shapely.simplify(pieces[shapely.area(pieces) >= least], tolerance)
    whole = shapely.set_precision(shapely.union_all(shapely.make_valid(pieces)), tolerance / 5)
    parts = shapely.get_parts(whole)
    return shapely.multipolygons(parts[shapely.get_type_id(parts) == 3])


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else Path(__file__).parent.parent / "src/detente/vocabulary/atlas")
