"""An account: whose version of the facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Account:
    """An ordered list of tiers of sources, and whether its vote decides.

    `parties` are the parties it belongs to: one, or several that share it
    because no source speaks for any of them. `bit` is its place in the sets of
    accounts that the judge computes with, from 0.
    """

    name: str
    kind: Literal["party", "neutrals", "joint", "press", "analysts"]
    bit: int
    tiers: tuple[str, ...]
    parties: tuple[str, ...] = ()

    @property
    def decides(self) -> bool:
        """Press and analysts are shown and never decide."""
        return self.kind not in ("press", "analysts")

    @property
    def mask(self) -> int:
        """The set that holds this account alone."""
        return 1 << self.bit
