"""Makes the atlas of undisputed territory and disputed polygons from Natural Earth.

    python tools/make_atlas.py BORDERS_FOLDER [OUTPUT_FOLDER]

BORDERS_FOLDER holds `countries_10m.parquet` (entries of the 1:10m country layer:
name_10m, iso_a3, geometry as WKB), `disputed_areas_10m.parquet` (brk_name,
brk_a3, admin, sovereignt, type, note_brk, geometry), and `land_10m.parquet`. The output is two GeoParquet
files, `territory.parquet` and `disputed.parquet`. What was decided here, and why,
is told in `src/detente/vocabulary/atlas/SOURCES.md`.

The script stops if a piece of the country layer is lost or given twice.
"""

from __future__ import annotations

import itertools
import json
import re
import sys
from pathlib import Path
from typing import Any

import atlas_names as names
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

GRID = 1e-5  # degrees; about a metre, far below what the layer is good to
SEAM = 0.004  # degrees; the two layers disagree by up to this much along a shared line
ISLAND = 0.1  # square degrees; a smaller piece that lies mostly in a disputed area belongs to it whole
CRUMB = 1e-4  # square degrees (about 1 km²); what carving leaves of this size goes with the polygon it was cut from


def main(source: Path, target: Path) -> None:
    """Read the two layers, carve, check and write."""
    entries = {row["name_10m"]: row for row in pq.read_table(source / "countries_10m.parquet").to_pylist()}
    land = shapely.union_all(shapely.from_wkb(pq.read_table(source / "land_10m.parquet")["geometry"].to_pylist()))
    raw = {name: shapely.from_wkb(row["geometry"]) for name, row in entries.items()}
    shapes = {name: shapely.set_precision(from_land(name, repaired(name, shape), land, raw), GRID) for name, shape in raw.items()}
    drawn = {name: shape.area for name, shape in shapes.items()}
    rows = pq.read_table(source / "disputed_areas_10m.parquet").to_pylist()
    disputed = [polygon(row, shapes) for row in rows if row["brk_a3"] not in names.NOT_ABOUT_TITLE and row["brk_a3"] not in names.MERGED]
    disputed += [{**given, "ne_id": None, "geometry": shapes[given["name"]]} for given in names.WHOLE_ENTRIES]
    for smaller, larger in ((a, b) for a in disputed for b in disputed if a["geometry"].area < b["geometry"].area):
        if smaller["geometry"].intersects(larger["geometry"]):
            larger["geometry"] = areas(shapely.difference(larger["geometry"], smaller["geometry"], grid_size=GRID))
    for shape in shapes.values():
        for crumb in crumbs(shape, disputed):
            nearest = min(disputed, key=lambda p, crumb=crumb: p["geometry"].distance(crumb))  # type: ignore[misc]
            nearest["geometry"] = areas(shapely.union(nearest["geometry"], crumb, grid_size=GRID))
    every_dispute = shapely.union_all([p["geometry"] for p in disputed], grid_size=GRID)
    shapely.prepare(every_dispute)
    undisputed = {}
    for name, shape in shapes.items():
        rest = areas(shapely.difference(shape, every_dispute, grid_size=GRID)) if shape.intersects(every_dispute) else shape
        if shape is not rest and not shape.difference(rest.buffer(3 * GRID)).difference(every_dispute.buffer(3 * GRID)).is_empty:
            sys.exit(f"{name}: a piece is lost")
        if shape is not rest and shapely.intersection(rest.buffer(-3 * GRID), every_dispute).area > 0:
            sys.exit(f"{name}: a piece is given twice")
        if not rest.is_empty:
            undisputed[name] = rest
    write(target, entries, undisputed, disputed, sum(drawn.values()))


def crumbs(shape: shapely.Geometry, disputed: list[dict[str, Any]]) -> list[shapely.Geometry]:
    """Pieces of less than a square kilometre that are part of no island and that only carving made."""
    cut = [p["geometry"] for p in disputed if p["geometry"].intersects(shape)]
    if not cut:
        return []
    taken = shapely.union_all(cut, grid_size=GRID)
    pieces = shapely.get_parts(areas(shapely.difference(shape, taken, grid_size=GRID)))
    return [p for p in pieces if p.area < CRUMB and p.dwithin(taken, GRID)]


def repaired(name: str, shape: shapely.Geometry) -> shapely.Geometry:
    """The entry without the bands that edges across the 180th meridian left in it.

    Rings that cross the meridian were read as if their edges ran the long way
    round, and then made valid by the even-odd rule. That turned land into sea
    and back between each pair of such edges (below a single one around the
    pole); turning it again undoes it.
    """
    if name not in names.BROKEN:
        return areas(shapely.make_valid(shape))
    lines = false_edges(shape)
    if len(lines) % 2:
        lines.insert(0, (-90.0, -90.0))
    for (west_south, east_south), (west_north, east_north) in zip(lines[::2], lines[1::2], strict=True):
        band = shapely.Polygon([(-180, west_south), (180, east_south), (180, east_north), (-180, west_north)])
        shape = shapely.symmetric_difference(shape, shapely.make_valid(band))
    opened = shapely.buffer(shapely.buffer(shape, -3 * GRID, join_style="mitre"), 3 * GRID, join_style="mitre")
    return areas(shapely.make_valid(opened))


def from_land(name: str, shape: shapely.Geometry, land: shapely.Geometry, others: dict[str, shapely.Geometry]) -> shapely.Geometry:
    """The entry with the land layer's lines in the boxes where its own are lost."""
    for west, south, east, north in names.FROM_LAND.get(name, ()):
        box = shapely.box(west, south, east, north)
        inside = shapely.intersection(land, box)
        for other, theirs in others.items():
            if other not in names.BROKEN and other != name and theirs.intersects(inside):
                inside = shapely.difference(inside, shapely.buffer(theirs, SEAM))
        outside = shape if name in names.BROKEN else shapely.multipolygons([p for p in shapely.get_parts(shape) if not p.intersects(box)])
        shape = areas(shapely.union(shapely.difference(outside, box), areas(inside)))
    return shape


def false_edges(shape: shapely.Geometry) -> list[tuple[float, float]]:
    """The lines that the long edges lie on, as latitudes at 180 W and 180 E, from south to north."""
    widest: dict[tuple[float, float], tuple[float, float, float]] = {}
    for ring in shapely.get_rings(shapely.get_parts(shape)):
        corners = shapely.get_coordinates(ring)
        for (x0, y0), (x1, y1) in itertools.pairwise(corners):
            if abs(x1 - x0) > 90:
                slope = (y1 - y0) / (x1 - x0)
                west, east = y0 + slope * (-180 - x0), y0 + slope * (180 - x0)
                key = round(west, 3), round(east, 3)
                widest[key] = max(widest.get(key, (0.0, 0.0, 0.0)), (abs(x1 - x0), west, east))
    return sorted(((west, east) for _, west, east in widest.values()), key=sum)


def areas(shape: shapely.Geometry) -> shapely.Geometry:
    """Only the polygons of a geometry."""
    parts = shapely.get_parts(shapely.get_parts(shape))
    return shapely.multipolygons(parts[shapely.get_type_id(parts) == 3])


def polygon(row: dict[str, Any], shapes: dict[str, shapely.Geometry]) -> dict[str, Any]:
    """A disputed polygon: its claimants from the note, its shape fitted to the country layer."""
    key = row["brk_a3"]
    area = shapely.set_precision(shapely.make_valid(shapely.from_wkb(row["geometry"])), GRID)
    name = names.NAMES.get(key, row["brk_name"])
    administered, claimants, others = claims(row)
    shape = shapes[names.ENTRY_OF[key]] if key in names.ENTRY_OF else fitted(area, shapes)
    return {
        "id": re.sub(r"[^a-z]+", "-", name.lower()).strip("-"),
        "name": name,
        "region": names.REGIONS.get(key),
        "administered_by": administered,
        "claimants": claimants,
        "others_may_claim": others,
        "note": row["note_brk"] or names.NO_NOTE,
        "added": names.ADDED.get(key, ((), None))[1],
        "ne_id": key,
        "geometry": areas(shape),
    }


def claims(row: dict[str, Any]) -> tuple[str, list[str], bool]:
    """Who administers, who claims (the administrator first), and whether the note leaves claimants unnamed."""
    key, note = row["brk_a3"], row["note_brk"] or ""
    administered = names.ADMINISTERED.get(key)
    if administered is None:
        found = re.match(r"Admin\.? [Bb]y (.+?)(?: for .+?)?(?:;|$)", note)
        administered = names.short(found[1]) if found else names.NAMES.get(key, row["brk_name"])
    found = re.search(r"[Cc]laimed by (.+?)(?: after .+)?$", note)
    listed = [word for word in re.split(r", and |, | and (?:the )?", found[1]) if word] if found else []
    others = "multiple" in listed
    stated = [names.short(word.removeprefix("the ")) for word in listed if word != "multiple"]
    first = [] if administered == names.NOBODY else [administered]
    return administered, list(dict.fromkeys([*first, *stated, *names.ADDED.get(key, ((), None))[0]])), others


def fitted(area: shapely.Geometry, shapes: dict[str, shapely.Geometry]) -> shapely.Geometry:
    """A disputed area cut along the lines of the entry that holds it, so that no sliver is left on either side.

    Whole islands that lie mostly in the area, and strips thinner than the
    disagreement of the two layers, go with the area; a neighbour keeps its land.
    """
    near = shapely.buffer(area, 2 * SEAM)
    common = {name: shapely.intersection(shape, near).area for name, shape in shapes.items() if shape.intersects(near)}
    if not common:
        return area
    host = shapes[max(common, key=common.__getitem__)]
    taken = []
    for piece in shapely.get_parts(host):
        inside = shapely.intersection(piece, area, grid_size=GRID)
        if (inside.area > piece.area / 2 and piece.area < ISLAND) or near.contains(piece):
            taken.append(piece)
        elif not inside.is_empty:
            rest = areas(shapely.difference(piece, area, grid_size=GRID))
            bulk = areas(shapely.buffer(shapely.buffer(rest, -SEAM), 1.5 * SEAM))
            strips = shapely.get_parts(areas(shapely.difference(areas(shapely.intersection(rest, near)), bulk, grid_size=GRID)))
            taken += [areas(inside), *strips[shapely.dwithin(strips, area, SEAM)]]
    return shapely.union_all(taken, grid_size=GRID) if taken else area


def write(target: Path, entries: dict[str, Any], undisputed: dict[str, Any], disputed: list[dict[str, Any]], drawn: float) -> None:
    """Two GeoParquet files, rows sorted by name; the sums of areas go into the metadata for the tests."""
    members: dict[str, list[str]] = {}
    for name in sorted(undisputed):
        members.setdefault(names.STATE_OF.get(name, name), []).append(name)
    rows = sorted(members)
    territory = {
        "state": rows,
        "iso_a3": [next((entries[n]["iso_a3"] for n in members[s] if names.NAMES.get(n, n) == s), None) for s in rows],
        "entries": [[names.NAMES.get(n, n) for n in members[s]] for s in rows],
        "geometry": [areas(shapely.union_all([undisputed[n] for n in members[s]], grid_size=GRID)) for s in rows],
    }
    disputed.sort(key=lambda p: p["id"])
    columns = ["id", "name", "region", "administered_by", "claimants", "others_may_claim", "note", "added", "ne_id", "geometry"]
    polygons = {column: [p[column] for p in disputed] for column in columns}
    kept = sum(g.area for g in territory["geometry"]) + sum(g.area for g in polygons["geometry"])
    print(f"{len(rows)} states, {len(disputed)} disputed polygons; drawn {drawn:.6f}, kept {kept:.6f} square degrees")
    sums = {"drawn_deg2": repr(drawn), "kept_deg2": repr(kept)}
    for name, table in (("territory", territory), ("disputed", polygons)):
        table["geometry"] = shapely.to_wkb(np.asarray(table["geometry"])).tolist()
        column = {"encoding": "WKB", "geometry_types": ["MultiPolygon"]}
        geo = json.dumps({"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}})
        data = pa.table(table).replace_schema_metadata({"geo": geo, **sums})
        pq.write_table(data, target / f"{name}.parquet", compression="zstd", compression_level=19, use_dictionary=False)


if __name__ == "__main__":
    here = Path(__file__).parent.parent / "src/detente/vocabulary/atlas"
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else here)
