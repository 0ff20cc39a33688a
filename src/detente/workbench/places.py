"""Joins the judge's questions about places with the detector's answers.

Whose land a disputed polygon is, each account says for itself (statements of
the kind `territory`); accounts that draw a territory alike share one answer.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from detente.agreement.clause import Agreement, PlaceNamed
from detente.judge.hold import held
from detente.judge.needs import Need, needs
from detente.judge.plan import with_ctes
from detente.judge.scene import Scene
from detente.judge.stage import Located
from detente.model.problem import Problem
from detente.reading.ask import count

if TYPE_CHECKING:
    import shapely

    from detente.detect.places import Gazetteer
    from detente.evidence import Record
    from detente.model.finding import Finding
    from detente.model.measure import Measure, Territory
    from detente.vocabulary.atlas import Atlas

TERRITORY = "territory"

Claims = Mapping[str, str | None]


def locator(agreement: Agreement, record: Record, places: Gazetteer | None = None) -> Callable[[Scene], Sequence[Located]]:
    """The function that answers what the rules ask of places; it loads no atlas where they ask nothing.

    `places` are those of `drawn_places`, where they have been read already.
    """

    def locate(scene: Scene) -> Sequence[Located]:
        asked = needs(record.database, scene, agreement.rules)
        if not asked:
            return ()
        from detente.detect.measure import measure_places
        from detente.detect.territory import territory_of
        from detente.vocabulary.atlas import load_atlas

        atlas = load_atlas()
        known = places if places is not None else drawn_places(agreement, record)[0]
        versions = _versions(scene, land_claims(record, scene, atlas), lambda party, claims: territory_of(party, claims, atlas))
        questions = list(_questions(scene, asked, versions))
        findings = measure_places([measure for measure, *_ in questions], known, atlas)
        return [*_gathered(questions, findings), *_at_home(scene, asked)]

    return locate


# ---- what is drawn ----------------------------------------------------------------


def is_any_drawn(agreement: Agreement, record: Record) -> bool:
    """Whether the agreement or the evidence draws a place at all."""
    return any(p.file for p in agreement.places.values()) or count(record.database, "place") > 0


def drawn_places(agreement: Agreement, record: Record) -> tuple[Gazetteer, tuple[Problem, ...]]:
    """The places drawn beside the agreement and in the evidence, and those left out. The agreement's own come first."""
    from detente.detect.places import gazetteer

    own, problems = _beside(agreement)
    places, unusable = gazetteer([*own, *_in_evidence(record)])
    return places, (*problems, *unusable)


def is_place(name: str, places: Gazetteer | None) -> bool:
    """Whether a word names or writes a place; the atlas is asked only where nothing else knows it."""
    from detente.detect.places import written_place
    from detente.vocabulary.atlas import load_atlas

    if (places.find(name) if places is not None else written_place(name)) is not None:
        return True
    atlas = load_atlas()
    return bool(atlas.polygons(name)) or atlas.state(name) is not None


_Row = tuple[str, "shapely.Geometry", float]


def _beside(agreement: Agreement) -> tuple[list[_Row], list[Problem]]:
    """The places that the agreement defines by a file: the shape of that name in it, or else all its shapes together."""
    import shapely

    from detente.reading.geojson import read_geojson

    rows: list[_Row] = []
    problems: list[Problem] = []
    folder = Path(agreement.path).parent
    for place in agreement.places.values():
        if place.file is None:
            continue
        path = folder / place.file
        if (fault := _unreadable(path, folder)) is not None:
            problems.append(Problem("unreadable-places", f"{place.file} {fault}", place.span))
            continue
        shapes, faults, _ = read_geojson(path, str(path))
        problems += faults
        named = [s for s in shapes if s.name.casefold() == place.name.casefold()] or shapes
        if not named:
            problems.append(Problem("unreadable-places", f"{place.file} draws nothing that can be used", place.span))
            continue
        drawn = shapely.from_geojson([s.geometry for s in named], on_invalid="ignore")
        whole = drawn[0] if len(named) == 1 else shapely.union_all(shapely.make_valid(drawn))
        rows.append((place.name, None if whole is None else shapely.force_2d(whole), max(s.accuracy_m or 0.0 for s in named)))
    return rows, problems


def _unreadable(path: Path, folder: Path) -> str | None:
    """Why a file beside the agreement is not read, as half a sentence."""
    try:
        if not path.exists():
            return "is not there"
        if not path.resolve().is_relative_to(folder.resolve()):
            return "is a link that leads out of the agreement's folder"
        return None if path.is_file() else "is no regular file"
    except (OSError, ValueError) as error:
        return f"cannot be read: {error}"


def _in_evidence(record: Record) -> Iterator[_Row]:
    import shapely

    from detente.detect.geodesy import circle

    drawn = record.database.execute("SELECT name, geometry, radius_m, accuracy_m FROM place").fetchall()
    shapes = shapely.from_geojson([geometry for _, geometry, _, _ in drawn], on_invalid="ignore")
    for (name, _, radius, accuracy), shape in zip(drawn, shapes, strict=True):
        if shape is not None and radius:
            yield name, circle(shape.x, shape.y, radius), accuracy or 0.0
        else:
            yield name, None if shape is None else shapely.force_2d(shape), accuracy or 0.0


# ---- what is asked ----------------------------------------------------------------


def land_claims(record: Record, scene: Scene, atlas: Atlas) -> dict[int, dict[str, str | None]]:
    """Per account bit: disputed polygon to the party whose land the account says it is, None where it is torn."""
    claims: dict[int, dict[str, str | None]] = {a.bit: {} for a in scene.seating.accounts}
    kind = scene.kinds.get(TERRITORY)
    if kind is None or not scene.shape(TERRITORY).is_present:
        return claims
    ctes = held(scene, kind, [kind.fields["party"], kind.fields["area"]], prefix="land", unheard=False)
    rows = record.database.execute(with_ctes(ctes, "SELECT area, party, accounts, sure FROM land WHERE area IS NOT NULL")).fetchall()
    by_name = {p.name.casefold(): p.id for p in atlas.disputed.values()} | {p.id.casefold(): p.id for p in atlas.disputed.values()}
    for area, party, accounts, sure in rows:
        polygon = by_name.get(area.casefold())
        for account in scene.seating.accounts:
            if polygon and accounts & account.mask:
                mine = claims[account.bit]
                mine[polygon] = party if sure and (polygon not in mine or mine[polygon] == party) else None
    return claims


def _versions(scene: Scene, claims: Mapping[int, Claims], draw: Callable[[str, Claims], Territory]) -> dict[str, dict[Territory, int]]:
    """For each party, the versions of its territory and the set of accounts that draw each."""
    versions: dict[str, dict[Territory, int]] = {p: defaultdict(int) for p in scene.parties}
    drawn: dict[tuple[str, tuple[tuple[str, str | None], ...]], Territory] = {}
    for account in scene.seating.accounts:
        key = tuple(sorted(claims[account.bit].items()))
        for party in scene.parties:
            if (party, key) not in drawn:
                drawn[(party, key)] = draw(party, claims[account.bit])
            versions[party][drawn[(party, key)]] |= account.mask
    return versions


Question = tuple["Measure", Need, str, str, float | None, float | None, int]
"""The measure, what it is for, the place, the other's name, the range, and the accounts it answers for."""


def _questions(scene: Scene, asked: Sequence[Need], versions: Mapping[str, Mapping[Territory, int]]) -> Iterator[Question]:
    from detente.model.measure import Measure, NamedPlace

    every = scene.seating.every
    for need in asked:
        condition = need.condition
        for place, lo, hi in need.asked:
            if condition.relation == "reaches" and lo is None and hi is None:
                continue  # without a range nothing is known, and nothing is measured
            distance = condition.distance_m if condition.relation == "within" else (lo or 0.0 if condition.relation == "reaches" else None)
            most = (math.inf if hi is None else hi) if condition.relation == "reaches" else None
            if isinstance(condition.place, PlaceNamed):
                measure = Measure(place, condition.relation, NamedPlace(condition.place.name), distance, most)
                yield measure, need, place, condition.place.name, lo, hi, every
                continue
            for party, drawn in versions.items():
                if place.casefold() == party.casefold():
                    continue  # a state stands in its own territory; see `_at_home`
                for territory, accounts in drawn.items():
                    yield (
                        Measure(place, condition.relation, territory, distance, most),
                        need,
                        place,
                        f"territory of {party}",
                        lo,
                        hi,
                        accounts,
                    )


def _at_home(scene: Scene, asked: Sequence[Need]) -> Iterator[Located]:
    """A place that is named only by its state lies in that state's territory, however it is drawn."""
    parties = {p.casefold(): p for p in scene.parties}
    every = scene.seating.every
    for need in asked:
        condition = need.condition
        for place, lo, hi in need.asked:
            home = parties.get(place.casefold())
            if home and not isinstance(condition.place, PlaceNamed):
                within = 0 if condition.relation == "touches" else every
                yield Located(place, condition.relation, f"territory of {home}", condition.distance_m, within, every, lo, hi)


_Key = tuple[str, str, str, float | None, float | None, float | None]


def _gathered(questions: Sequence[Question], findings: Sequence[Finding]) -> list[Located]:
    """One row per place and other, with the sets of accounts for which it is certain and possible."""
    rows: dict[_Key, list[int]] = {}
    margins: dict[_Key, float | None] = {}
    for (_, need, place, other, lo, hi, accounts), finding in zip(questions, findings, strict=True):
        condition = need.condition
        key = (place, condition.relation, other, condition.distance_m, lo, hi)
        sets = rows.setdefault(key, [0, 0])
        if finding.certain:
            sets[0] |= accounts
        if finding.possible:
            sets[1] |= accounts
        margins[key] = finding.margin_m
    return [Located(p, r, o, d, c, q, lo, hi, margins[(p, r, o, d, lo, hi)]) for (p, r, o, d, lo, hi), (c, q) in rows.items()]
