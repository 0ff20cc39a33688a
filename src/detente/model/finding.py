"""What the detector answers to a measure."""

from __future__ import annotations

from dataclasses import dataclass

from detente.model.measure import Measure


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer to one measure, as a pair: certain (true for every reading of what is vague) and possible.

    Certain implies possible; possible without certain is *unknown*. `margin_m`
    tells by how much the test is met (positive) or missed (negative), measured
    between the shapes as drawn; None where the answer does not rest on one
    distance. `turns_on` lists the disputed polygons whose owner decides, and
    `note` says in one sentence why an answer is unknown.
    """

    measure: Measure
    certain: bool
    possible: bool
    margin_m: float | None = None
    note: str | None = None
    turns_on: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.certain and not self.possible:
            raise ValueError("what is certain must be possible")
