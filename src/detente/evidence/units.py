"""Units that a cell may carry, and what one of each is in canonical units.

Lengths are in metres, masses and yields in tonnes. Sources: BIPM, The
International System of Units, 9th edition, tables 2 and 8 (nautical mile of 1852 m);
the international foot of 0.3048 m and pound of 0.45359237 kg (1959).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

Dimension = Literal["length", "mass", "count"]

UNITS: Mapping[str, tuple[Dimension, float]] = MappingProxyType(
    {
        "m": ("length", 1.0),
        "metre": ("length", 1.0),
        "metres": ("length", 1.0),
        "cm": ("length", 0.01),
        "km": ("length", 1000.0),
        "nm": ("length", 1852.0),
        "nmi": ("length", 1852.0),
        "mi": ("length", 1609.344),
        "ft": ("length", 0.3048),
        "yd": ("length", 0.9144),
        "t": ("mass", 1.0),
        "tonne": ("mass", 1.0),
        "tonnes": ("mass", 1.0),
        "kg": ("mass", 0.001),
        "kt": ("mass", 1000.0),
        "Mt": ("mass", 1_000_000.0),
        "lb": ("mass", 0.00045359237),
        "count": ("count", 1.0),
    }
)


def dimension(unit: str | None) -> Dimension:
    """The dimension of a field's canonical unit; a number without one is a bare count."""
    return UNITS[unit][0] if unit else "count"


def units_of(unit: str | None) -> tuple[str, ...]:
    """The units that a cell of a field with this canonical unit may carry."""
    return tuple(name for name, (what, _) in UNITS.items() if what == dimension(unit) and name != "count")
