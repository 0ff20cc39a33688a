"""The atlas: land of each state that nobody disputes, and the polygons that somebody does.

Natural Earth 1:10m, carved so that no line of the atlas decides a disputed
polygon (`atlas/SOURCES.md`). It knows land only: no waters, no airspace. Read
when first asked for, then kept.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import shapely

LINE_ACCURACY_M = 1000.0
"""How far a line of the atlas may lie from the line it stands for. See `atlas/SOURCES.md` for what was measured."""


@dataclass(frozen=True, slots=True, eq=False)
class DisputedPolygon:
    """An area that more than one claims, as its source words it.

    `claimants` begin with who administers it; `others_may_claim` where the
    source leaves claimants unnamed. `note` is the source's own text, `added`
    says why this project names a claimant that the note does not.
    """

    id: str
    name: str
    region: str | None
    administered_by: str
    claimants: tuple[str, ...]
    others_may_claim: bool
    note: str
    added: str | None
    shape: shapely.Geometry


@dataclass(frozen=True, slots=True, eq=False)
class Atlas:
    """Undisputed land by state, disputed polygons by id, and the names that states go by (casefolded).

    Longitudes lie in [-180, 180], shapes are cut at the 180th meridian.
    `accuracy_m` is how far any line may be off.
    """

    undisputed: Mapping[str, shapely.Geometry]
    disputed: Mapping[str, DisputedPolygon]
    names: Mapping[str, str]
    accuracy_m: float = LINE_ACCURACY_M

    def state(self, name: str) -> str | None:
        """The name used here for a state or claimant; None if the atlas knows none such."""
        return self.names.get(_key(name))

    def polygons(self, name: str) -> tuple[str, ...]:
        """Ids of the disputed polygons with this id or name, or in the region of this name ("Kashmir")."""
        key = _key(name)
        return tuple(p.id for p in self.disputed.values() if key in (p.id, _key(p.name), _key(p.region or "")))

    def with_state(self, name: str, shape: shapely.Geometry) -> Atlas:
        """An atlas that also knows this state; its land is taken as given, from an agreement or an example."""
        return replace(self, undisputed={**self.undisputed, name: shape}, names={**self.names, _key(name): name})

    def with_disputed(self, polygon: DisputedPolygon) -> Atlas:
        """An atlas in which this polygon too is disputed: it is carved out of every state and polygon it meets."""
        carved = {state: _without(shape, polygon.shape) for state, shape in self.undisputed.items()}
        others = {p.id: replace(p, shape=_without(p.shape, polygon.shape)) for p in self.disputed.values()}
        names = {**{_key(c): c for c in polygon.claimants}, **self.names}
        return replace(self, undisputed=carved, disputed={**others, polygon.id: polygon}, names=names)

    def with_claimants(self, polygon: str, parties: Iterable[str]) -> Atlas:
        """An atlas in which these parties claim the polygon too, since somebody's statement says so."""
        known = self.disputed[polygon]
        claimants = tuple(dict.fromkeys((*known.claimants, *parties)))
        names = {**{_key(c): c for c in claimants}, **self.names}
        return replace(self, disputed={**self.disputed, polygon: replace(known, claimants=claimants)}, names=names)


@cache
def load_atlas() -> Atlas:
    """The atlas that ships with the package."""
    undisputed: dict[str, shapely.Geometry] = {}
    names: dict[str, str] = {}
    for row in _rows("territory.parquet"):
        undisputed[row["state"]] = shapely.from_wkb(row["geometry"])
        names[_key(row["state"])] = row["state"]
        if row["iso_a3"]:
            names[_key(row["iso_a3"])] = row["state"]
    polygons = {}
    for row in _rows("disputed.parquet"):
        shape = shapely.from_wkb(row["geometry"])
        fields = {name: row[name] for name in ("id", "name", "region", "administered_by", "others_may_claim", "note", "added")}
        polygons[row["id"]] = DisputedPolygon(**fields, claimants=tuple(row["claimants"]), shape=shape)
        names.update({_key(claimant): claimant for claimant in row["claimants"]})
    with (files(__package__) / "atlas" / "names.csv").open(encoding="utf-8") as lines:
        names.update({_key(row["alias"]): row["state"] for row in csv.DictReader(lines)})
    return Atlas(MappingProxyType(undisputed), MappingProxyType(polygons), MappingProxyType(names))


@cache
def _coasts() -> tuple[tuple[float, shapely.Geometry], ...]:
    return tuple((row["tolerance_deg"], shapely.from_wkb(row["geometry"])) for row in _rows("coast.parquet"))


def coast(finest_deg: float) -> shapely.Geometry:
    """Land without any border, to be drawn: of three scales the coarsest that is as fine as what can be seen, else the finest."""
    scales = _coasts()
    return next((shape for tolerance, shape in reversed(scales) if tolerance <= finest_deg), scales[0][1])


def _rows(name: str) -> list[dict[str, Any]]:
    data = (files(__package__) / "atlas" / name).read_bytes()
    rows: list[dict[str, Any]] = pq.read_table(pa.BufferReader(data)).to_pylist()
    return rows


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()


def _without(shape: shapely.Geometry, area: shapely.Geometry) -> shapely.Geometry:
    return shapely.difference(shape, area) if shapely.intersects(shape, area) else shape
