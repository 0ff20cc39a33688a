"""Zones as they are named on the command line, and what they cover.

FILE                     each shape of a GeoJSON or GeoParquet file is a zone
FILE#NAME                only the shape of this name
54.5N 20.1E r 5 nm       a circle
territory of STATE       its land, as each account draws it
12 nm off STATE          the sea within that distance of its land
10 km around WHAT        all within that distance of a FILE#NAME, a circle or a territory
2 km beside FILE#NAME    a band on each side of a line: two zones
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.cli.place import readable_name
from detente.cli.quantities import metres
from detente.cli.streams import refusal, show_problems
from detente.model.problem import Problem

if TYPE_CHECKING:
    from detente.detect.zone_shapes import Zone

_MADE = re.compile(r"(\d[\d.]*\s*[A-Za-z]+)\s+(off|around|beside)\s+(.+)")
_LAND = "territory of "


def zones_named(texts: Sequence[str]) -> list[Zone]:
    """The zones, in the order in which they are named."""
    from detente.detect.zone_shapes import Zone

    found: list[Zone] = []
    for text in texts:
        try:
            found += _zones(text.strip())
        except ValueError as error:
            raise refusal(Problem("bad-zone", f"--zone {text}: {error}")) from None
    for zone in found:
        import shapely

        if shapely.get_dimensions(zone.shape) != 2:
            raise refusal(
                Problem("bad-zone", f'"{zone.name}" is no area', help='make one of a line or point: --zone "10 km around FILE#NAME"')
            )
    return [Zone(zone.name, zone.shape, zone.account, zone.certain) for zone in found]


def _zones(text: str) -> list[Zone]:
    from detente.detect.zone_shapes import Zone, around, beside

    made = _MADE.fullmatch(text)
    if made is None:
        return _territory(text.removeprefix(_LAND), 0.0) if text.startswith(_LAND) else _drawn(text)
    margin, how, what = metres(made[1], "--zone"), made[2], made[3]
    if how == "off":
        return _territory(what, margin)
    shapes = _zones(what)
    if how == "around":
        return [Zone(f"{made[1]} around {zone.name}", around(zone.shape, margin), zone.account, zone.certain) for zone in shapes]
    bands = []
    for zone in shapes:
        left, right = beside(zone.shape, margin)
        bands += [Zone(f"{zone.name}, left", left, zone.account), Zone(f"{zone.name}, right", right, zone.account)]
    return bands


def _territory(party: str, margin: float) -> list[Zone]:
    from detente.detect.places import Gazetteer
    from detente.detect.zone_shapes import claims_of, territory_zones
    from detente.vocabulary.atlas import load_atlas

    atlas = load_atlas()
    found = territory_zones(party, claims_of(atlas, party), Gazetteer({}), atlas, margin)
    if not found:
        raise refusal(
            Problem("bad-zone", f'the atlas knows no state called "{party}"', help="docs/reference/places.md tells how states are named")
        )
    return found


def _drawn(text: str) -> list[Zone]:
    from detente.detect.places import written_place
    from detente.detect.zone_shapes import Zone

    path, _, name = text.rpartition("#") if "#" in text else (text, "", "")
    if path.lower().endswith((".json", ".geojson", ".parquet", ".geoparquet")):
        shapes = _shapes(Path(path))
        chosen = [Zone(n, shape) for n, shape in shapes if not name or n == name]
        if not chosen:
            raise refusal(
                Problem("bad-zone", f'{path} holds no shape called "{name}"', expected=tuple(dict.fromkeys(n for n, _ in shapes))[:10])
            )
        return chosen
    place = written_place(text)
    if place is None:
        raise refusal(
            Problem(
                "bad-zone",
                f'"{text}" is no zone',
                expected=("FILE.geojson", "FILE#NAME", "54.5N 20.1E r 5 nm", "12 nm off STATE", "territory of STATE"),
            )
        )
    return [Zone(text, place.shape)]


def _shapes(path: Path) -> list[tuple[str, Any]]:
    """Names and shapes of a file, checked and cut at the 180th meridian."""
    import shapely

    from detente.detect.places import gazetteer

    readable_name(path)
    rows: list[tuple[str, Any, float]]
    if path.suffix.lower() in (".json", ".geojson"):
        from detente.reading.geojson import read_geojson

        shapes, problems, _ = read_geojson(path, str(path))
        show_problems(problems)
        rows = [(shape.name, shapely.from_geojson(shape.geometry), 0.0) for shape in shapes]
    else:
        from detente.reading.geoparquet import read_geoparquet

        pairs, problems = read_geoparquet(path, str(path))
        show_problems(problems)
        rows = [(name, shapely.from_wkb(shape, on_invalid="ignore"), 0.0) for name, shape in pairs]
    places, left_out = gazetteer(rows)
    show_problems(left_out)
    return [(place.name, place.shape) for place in places.named.values()]
