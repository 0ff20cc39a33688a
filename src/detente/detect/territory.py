"""Whose land a disputed polygon is, under one account's claims.

An account's own statements decide. Where it is silent a polygon belongs to any
of its claimants, so a test on it is unknown for each of them, and it is
certainly not the land of anybody else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

import numpy as np
import shapely

from detente.detect.extent import Extent, between, exact
from detente.detect.places import Gazetteer
from detente.model.finding import Finding
from detente.model.measure import Disputed, Measure, NamedPlace, Other, Territory, Undisputed
from detente.vocabulary.atlas import Atlas

Claims = Mapping[str, str | None]
"""Polygon id to the party whose land it is in an account; None where the account's sources contradict each other."""


def territory_of(party: str, claims: Claims, atlas: Atlas) -> Territory:
    """The version of a party's territory that an account draws."""
    name = atlas.state(party) or party
    owned: list[str] = []
    possible: list[str] = []
    for polygon in atlas.disputed.values():
        owner = claims.get(polygon.id)
        if owner is not None:
            if (atlas.state(owner) or owner) == name:
                owned.append(polygon.id)
        elif polygon.others_may_claim or name in polygon.claimants:
            sole = polygon.claimants == (name,) and not polygon.others_may_claim
            (owned if sole else possible).append(polygon.id)
    return Territory(name, tuple(sorted(owned)), tuple(sorted(possible)))


def parts_of(territory: Territory) -> tuple[Other, ...]:
    """The parts to measure one by one: the undisputed land, then each polygon that is or may be the party's."""
    return (Undisputed(territory.party), *(Disputed(polygon) for polygon in (*territory.owned, *territory.open)))


def joined(measure: Measure, findings: Iterable[Finding]) -> Finding:
    """The finding for a whole territory from the findings for its parts (`overlaps`, `within`, `reaches`).

    Not for `lies in` and `touches`: a place across the seam of two parts lies in
    neither, and touching a seam is not touching the territory.
    """
    territory = measure.other
    if not isinstance(territory, Territory) or measure.relation in ("lies in", "touches"):
        raise ValueError(f"expected overlaps, within or reaches on a territory, found {measure.relation} on {territory}")
    by_part = {finding.measure.other: finding for finding in findings}
    parts = [by_part[part] for part in parts_of(territory)]
    unsure = {Disputed(polygon) for polygon in territory.open}
    certain = any(f.certain for f in parts if f.measure.other not in unsure)
    possible = certain or any(f.possible for f in parts)
    turning = tuple(
        f.measure.other.polygon for f in parts if isinstance(f.measure.other, Disputed) and f.measure.other in unsure and f.possible
    )
    return Finding(measure, certain, possible, None, None, () if certain else turning)


def extent_of(other: Other, gazetteer: Gazetteer, atlas: Atlas) -> Extent | None:
    """What the other side of a measure covers; None if neither gazetteer nor atlas knows it."""
    match other:
        case NamedPlace(name):
            return place_extent(name, gazetteer, atlas)
        case Disputed(polygon):
            return _known(other, atlas) if polygon in atlas.disputed else None
        case Undisputed(party) | Territory(party):
            if atlas.state(party) is not None:
                return _known(other, atlas)
            # A party that is no state of the atlas may have its territory among the named places.
            place = gazetteer.find(party)
            return None if place is None else exact(place.shape, place.accuracy_m)


@lru_cache(maxsize=24)
def _known(other: Undisputed | Disputed | Territory, atlas: Atlas) -> Extent:
    """The extent of a part or version of a territory that the atlas knows; kept, since accounts ask for it again."""
    if isinstance(other, Disputed):
        return exact(atlas.disputed[other.polygon].shape, atlas.accuracy_m)
    if isinstance(other, Undisputed):
        other = Territory(other.state)
    land = atlas.undisputed.get(atlas.state(other.party) or "")
    sure = [shape for shape in (land, *(atlas.disputed[p].shape for p in other.owned)) if shape is not None and not shape.is_empty]
    core = joined_shape(sure) if sure else None
    if not other.open:
        return Extent(None, None, atlas.accuracy_m) if core is None else exact(core, atlas.accuracy_m)
    return between(core, joined_shape(sure + [atlas.disputed[p].shape for p in other.open]), atlas.accuracy_m)


def place_extent(name: str, gazetteer: Gazetteer, atlas: Atlas) -> Extent | None:
    """What a named place covers: a row of the gazetteer, a written position, a disputed polygon or region, or a state.

    A state's name stands for land that certainly holds its undisputed part and
    possibly the polygons it claims.
    """
    place = gazetteer.find(name)
    if place is not None:
        return exact(place.shape, place.accuracy_m)
    if atlas.polygons(name):
        return exact(joined_shape([atlas.disputed[polygon].shape for polygon in atlas.polygons(name)]), atlas.accuracy_m)
    state = atlas.state(name)
    return None if state is None else _known(territory_of(state, {}, atlas), atlas)


_GRID = 1e-5
"""Degrees; the grid on which the atlas is cut."""


def joined_shape(shapes: list[shapely.Geometry]) -> shapely.Geometry:
    """The union of shapes that share lines, without the seams between them.

    Pieces that meet no other are carried over as they are, which is what makes it fast.
    """
    pieces = np.concatenate([shapely.get_parts(shape) for shape in shapes])
    first = len(shapely.get_parts(shapes[0]))
    one, other = shapely.STRtree(pieces).query(pieces[first:], predicate="dwithin", distance=2 * _GRID)
    pairs = np.stack((one + first, other))
    meets = np.zeros(len(pieces), dtype=bool)
    meets[pairs[:, pairs[0] != pairs[1]]] = True
    if not meets.any():
        return shapely.multipolygons(pieces)
    union = shapely.union_all(pieces[meets], grid_size=_GRID)
    return shapely.multipolygons([*pieces[~meets], *shapely.get_parts(union)])
