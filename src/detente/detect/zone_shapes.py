"""Zones: areas that craft are in or out of, drawn, or made from lines on the ellipsoid.

Around a shape, on one side of a line, off a coast: corners of what is made lie on the
geodesic distance; for the limits see `MOST_M`. A zone of a territory has a version for
each account, where a disputed polygon makes them differ.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely import ops

from detente.detect.geodesy import GEOD, Floats, distance_m
from detente.detect.meridian import placed
from detente.detect.places import Gazetteer
from detente.detect.territory import Claims, extent_of, territory_of
from detente.model.measure import Undisputed
from detente.vocabulary.atlas import Atlas

MOST_M = 200_000.0
"""Widest margin. Lines are moved outwards in pieces on a plane that touches the earth at each piece; at 22 km that is off by less than a metre, at 200 km by some 60 m."""

TERRITORIAL_SEA_M = 12 * 1852.0
"""UNCLOS 1982, article 3: up to 12 nautical miles from the baselines. Here from the land as drawn, which is not a baseline."""

_PIECE = 32
"""Corners of a line that are moved together."""
_STEP_DEG = 0.1
_SPREAD_M = 30_000.0


@dataclass(frozen=True, slots=True, eq=False)
class Zone:
    """An area with a name. `account` is who draws it so; None where all do. Where it is not `certain`, the area is only possibly so."""

    name: str
    shape: shapely.Geometry
    account: str | None = None
    certain: bool = True


def around(shape: shapely.Geometry, margin_m: float) -> shapely.Geometry:
    """All points within `margin_m` of a shape, and the shape itself.

    Raises:
        ValueError: the margin is not positive or wider than `MOST_M`.
    """
    if not 0 < margin_m <= MOST_M:
        raise ValueError(f"expected a margin above 0 and up to {MOST_M / 1000:g} km, found {margin_m / 1000:g} km")
    pieces = [placed(_moved(corners, margin_m)) for corners in _pieces(shape)]
    areas = [part for part in shapely.get_parts(shapely.get_parts(shape)) if shapely.get_dimensions(part) == 2]
    return shapely.union_all([*pieces, *areas])


def beside(line: shapely.Geometry, margin_m: float) -> tuple[shapely.Geometry, shapely.Geometry]:
    """The bands on the left and on the right of a line, as one looks along it in the order of its corners.

    At its ends the line goes on straight to the edge of the band, which belongs to the nearer side.

    Raises:
        ValueError: the shape is not one line, or the band is not cut in two by it; or as `around`.
    """
    parts = shapely.get_parts(line)
    if len(parts) != 1 or parts[0].geom_type not in ("LineString", "LinearRing") or shapely.get_num_coordinates(parts[0]) < 2:
        raise ValueError("a band on each side needs one line")
    path = shapely.LineString(shapely.get_coordinates(parts[0]))
    band = around(path, margin_m)
    cutter = path if path.is_closed else _lengthened(path, 1.5 * margin_m)
    left: list[shapely.Geometry] = []
    right: list[shapely.Geometry] = []
    for piece in ops.split(band, cutter).geoms:
        (left if _is_left(shapely.point_on_surface(piece), cutter) else right).append(piece)
    if not left or not right:
        raise ValueError("the line does not cut the band around it in two; draw it without loops, and away from the 180th meridian")
    return shapely.union_all(left), shapely.union_all(right)


def territory_zones(party: str, accounts: Mapping[str, Claims], gazetteer: Gazetteer, atlas: Atlas, margin_m: float = 0.0) -> list[Zone]:
    """A party's territory, or with a margin the belt of sea off it, as each account draws it.

    What no account disputes is one zone without an account. Each disputed polygon, or the sea off it alone, is a zone of its own for each
    account that gives it to the party, or (not certain) leaves it open. Empty where neither atlas nor gazetteer knows the party.
    """
    versions = {account: territory_of(party, claims, atlas) for account, claims in accounts.items()}
    whole = extent_of(Undisputed(party), gazetteer, atlas)
    if whole is None or not versions:
        return []
    name = party if margin_m == 0 else f"waters off {party}"
    land = whole.core.geometry if whole.core is not None else shapely.MultiPolygon()
    sea = [] if margin_m == 0 else [around(land, margin_m)] if not land.is_empty else []
    found = [Zone(name, sea[0] if sea else land)] if not land.is_empty else []
    for polygon in dict.fromkeys(p for version in versions.values() for p in (*version.owned, *version.open)):
        disputed = atlas.disputed[polygon]
        said = {a: polygon in version.owned for a, version in versions.items() if polygon in (*version.owned, *version.open)}
        # A polygon that "others" may claim is nobody's but of those whom its source names: else Antarctica would be everybody's.
        if next(iter(versions.values())).party not in disputed.claimants and not any(said.values()):
            continue
        area = disputed.shape if margin_m == 0 else shapely.difference(around(disputed.shape, margin_m), shapely.union_all(sea))
        label = f"{name}: {disputed.name}"
        if len(said) == len(versions) and len(set(said.values())) == 1:
            found.append(Zone(label, area, None, next(iter(said.values()))))
        else:
            found += [Zone(label, area, account, certain) for account, certain in said.items()]
    return found if margin_m == 0 else [_at_sea(zone, atlas) for zone in found]


def _at_sea(zone: Zone, atlas: Atlas) -> Zone:
    west, south, east, north = zone.shape.bounds
    near = [shapely.clip_by_rect(land, west, south, east, north) for land in _land(atlas)]
    return replace(
        zone, shape=shapely.difference(zone.shape, shapely.union_all([shapely.make_valid(part) for part in near if not part.is_empty]))
    )


def _land(atlas: Atlas) -> Iterator[shapely.Geometry]:
    yield from atlas.undisputed.values()
    yield from (polygon.shape for polygon in atlas.disputed.values())


def claims_of(atlas: Atlas, party: str) -> dict[str, Claims]:
    """What each claimant of a party's disputed polygons says by its claim: the polygons are its own. Of other polygons it says nothing."""
    name = atlas.state(party) or party
    concerned = [polygon for polygon in atlas.disputed.values() if name in polygon.claimants]
    who = dict.fromkeys((name, *(claimant for polygon in concerned for claimant in polygon.claimants)))
    return {account: {polygon.id: account for polygon in concerned if account in polygon.claimants} for account in who}


def _pieces(shape: shapely.Geometry) -> Iterator[Floats]:
    """The lines of a shape in pieces of few corners that lie near together, each beginning where the one before ends."""
    parts = shapely.get_parts(shapely.get_parts(shape))
    dimension = shapely.get_dimensions(parts)
    for line in (*shapely.get_rings(parts[dimension == 2]), *parts[dimension == 1], *parts[dimension == 0]):
        corners = shapely.get_coordinates(shapely.segmentize(line, _STEP_DEG))
        start = 0
        while start < len(corners):
            stop = min(start + _PIECE, len(corners))
            if stop - start > 2:
                piece = corners[start:stop]
                far = distance_m(np.full(len(piece), piece[0, 0]), np.full(len(piece), piece[0, 1]), piece[:, 0], piece[:, 1])
                beyond = np.flatnonzero(far > _SPREAD_M)
                stop = start + max(2, int(beyond[0])) if len(beyond) else stop
            yield corners[start:stop]
            if stop == len(corners):
                break
            start = stop - 1


def _moved(corners: Floats, margin_m: float) -> shapely.Geometry:
    """All points within the margin of a short line, in degrees; longitudes may jump at the 180th meridian."""
    lon, lat = corners[len(corners) // 2]
    azimuth, _, metres = GEOD.inv(np.full(len(corners), lon), np.full(len(corners), lat), corners[:, 0], corners[:, 1])
    angle = np.radians(azimuth)
    flat = np.stack((np.asarray(metres) * np.sin(angle), np.asarray(metres) * np.cos(angle)), axis=1)
    line = shapely.Point(flat[0]) if len(flat) == 1 else shapely.LineString(flat)
    # So many corners to a quarter circle that no chord strays more than half a metre inwards.
    quarter = max(8, math.ceil(math.pi / 4 / math.sqrt(2 * 0.5 / margin_m) / 1.4))
    ring = shapely.get_coordinates(shapely.buffer(line, margin_m, quad_segs=quarter).exterior)
    bearing, away = np.degrees(np.arctan2(ring[:, 0], ring[:, 1])), np.hypot(ring[:, 0], ring[:, 1])
    lons, lats, _ = GEOD.fwd(np.full(len(ring), lon), np.full(len(ring), lat), bearing, away)
    return shapely.Polygon(np.stack((lons, lats), axis=1))


def _lengthened(path: shapely.Geometry, metres: float) -> shapely.Geometry:
    """A line with both ends drawn out straight."""
    corners = shapely.get_coordinates(path)
    ends = []
    for tip, inner in ((corners[0], corners[1]), (corners[-1], corners[-2])):
        azimuth, _, _ = GEOD.inv(tip[0], tip[1], inner[0], inner[1])
        lon, lat, _ = GEOD.fwd(tip[0], tip[1], azimuth + 180.0, metres)
        ends.append((lon, lat))
    return shapely.LineString([ends[0], *corners, ends[1]])


def _is_left(point: shapely.Geometry, line: shapely.Geometry) -> bool:
    """Whether a point lies on the left of the part of a line that is nearest to it."""
    along = shapely.line_locate_point(line, point)
    step = min(1e-6, line.length / 1000)
    a = shapely.line_interpolate_point(line, max(0.0, along - step))
    b = shapely.line_interpolate_point(line, min(line.length, along + step))
    return bool((b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x) > 0)
