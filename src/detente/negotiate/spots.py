"""Answers what rules ask of places in an invented event table: there a place is written as where it stands.

"60 km from border-zone" is 60 km from it, whatever its shape, so that no drawing is needed and none is assumed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from detente.agreement.clause import Agreement, PlaceNamed
from detente.evidence import Record
from detente.judge.needs import needs
from detente.judge.scene import Scene
from detente.judge.stage import Located
from detente.negotiate.values import Where, stands


def spot_locator(agreement: Agreement, record: Record, spots: Mapping[str, Where]) -> Callable[[Scene], Sequence[Located]]:
    """The function that answers for places as written in `spots`; a word that is none of them is a State's name."""

    def locate(scene: Scene) -> Sequence[Located]:
        every = scene.seating.every
        found = []
        for need in needs(record.database, scene, agreement.rules):
            condition = need.condition
            named = isinstance(condition.place, PlaceNamed)
            others = [condition.place.name] if isinstance(condition.place, PlaceNamed) else [f"territory of {p}" for p in scene.parties]
            for place, lo, hi in need.asked:
                spot = spots.get(place)
                for other in others:
                    far = spot.distance_m if spot is not None and spot.other == other else None
                    if spot is None and not named and other == f"territory of {place}":
                        far = 0.0
                    reach = lo if condition.relation == "reaches" else condition.distance_m
                    sure = every if far is not None and stands(far, condition.relation, reach) else 0
                    found.append(Located(place, condition.relation, other, condition.distance_m, sure, sure, lo, hi))
        return found

    return locate
