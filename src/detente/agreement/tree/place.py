"""Places: a territory, the bearer's own, or a name."""

from __future__ import annotations

from dataclasses import dataclass

from detente.agreement.tree.at import At, unplaced
from detente.agreement.tree.deed import Nominal
from detente.agreement.tree.word import Word


@dataclass(frozen=True, slots=True)
class Territory:
    """`the territory of any other Party`."""

    of: Nominal
    at: At = unplaced()


@dataclass(frozen=True, slots=True)
class OwnTerritory:
    """`its own territory`: the bearer's."""

    at: At = unplaced()


PlaceWord = Territory | OwnTerritory | Word
