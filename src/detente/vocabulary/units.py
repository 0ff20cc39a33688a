"""Units of length and mass that a text may use, and what one of each is in metres or tonnes.

Sources: BIPM, The International System of Units, 9th edition, tables 2 and 8
(nautical mile of 1852 m); the international foot of 0.3048 m and pound of
0.45359237 kg (1959).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

Canonical = Literal["m", "t"]

UNITS: Mapping[str, tuple[Canonical, float]] = MappingProxyType(
    {
        "m": ("m", 1.0),
        "metre": ("m", 1.0),
        "metres": ("m", 1.0),
        "meter": ("m", 1.0),
        "meters": ("m", 1.0),
        "cm": ("m", 0.01),
        "km": ("m", 1000.0),
        "kilometres": ("m", 1000.0),
        "kilometers": ("m", 1000.0),
        "nm": ("m", 1852.0),
        "nmi": ("m", 1852.0),
        "mi": ("m", 1609.344),
        "ft": ("m", 0.3048),
        "yd": ("m", 0.9144),
        "t": ("t", 1.0),
        "tonne": ("t", 1.0),
        "tonnes": ("t", 1.0),
        "kg": ("t", 0.001),
        "kt": ("t", 1000.0),
        "Mt": ("t", 1_000_000.0),
        "lb": ("t", 0.00045359237),
    }
)


def units_of(canonical: str | None) -> tuple[str, ...]:
    """The units that measure the same as `canonical`; none for a bare number."""
    return tuple(name for name, (what, _) in UNITS.items() if what == canonical)
