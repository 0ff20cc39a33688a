"""Mapping files: which column of a table of positions holds what, in which unit, with which clock.

The formats that the package knows are such files (`formats/`); docs/reference/tracks.md
documents them. YAML or JSON.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from detente.model.positions import ALTITUDE_FT, CALL_SIGN, COURSE_DEG, LAT, LON, NAME, SPEED_KN, TYPE
from detente.model.problem import Problem
from detente.model.span import Span

_UNITS: Mapping[str, Mapping[str, float]] = {
    "altitude": {"ft": 1.0, "m": 1 / 0.3048, "km": 1000 / 0.3048},
    "speed": {"kn": 1.0, "m/s": 3600 / 1852, "km/h": 1000 / 1852, "mph": 1609.344 / 1852},
    "lon": {"deg": 1.0},
    "lat": {"deg": 1.0},
    "course": {"deg": 1.0},
}
_FIELDS = {"lon": LON, "lat": LAT, "altitude": ALTITUDE_FT, "speed": SPEED_KN, "course": COURSE_DEG}
_WORDS = {"name": NAME, "call_sign": CALL_SIGN, "type": TYPE}
_KEYS = {
    "craft": {"column", "kind"},
    "time": {"column", "format", "zone"},
    "type": {"column", "unknown", "codes"},
    "altitude": {"column", "unknown", "unit"},
    "speed": {"column", "unknown", "unit"},
}
_LARGEST = 1 << 20
_PATTERN = re.compile(r"(?:%[YmdHMSbBjyIpz]|[^%])+")


@dataclass(frozen=True, slots=True)
class Amount:
    """A column of numbers: `factor` makes them degrees, feet or knots; `unknown` are the numbers that stand for nothing."""

    column: str
    factor: float = 1.0
    unknown: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Word:
    """A column of text; `unknown` are the words that stand for nothing. `is_ship_type` tells that it holds AIS's numbers for types."""

    column: str
    unknown: tuple[str, ...] = ()
    is_ship_type: bool = False


@dataclass(frozen=True, slots=True)
class Mapped:
    """A whole mapping. `amounts` and `words` are keyed by columns of `model/positions.py`.

    `time_format` is `iso`, `epoch-s`, `epoch-ms` or a pattern of strptime; `zone` is UTC where times that name no zone are
    in UTC, and None where they must name one. `kind` is what a craft's number is (`mmsi`, `icao24`), or None for a name.
    """

    craft: str
    kind: str | None
    time: str
    time_format: str
    zone: str | None
    amounts: Mapping[str, Amount]
    words: Mapping[str, Word]

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns that a file must have."""
        return (self.craft, self.time, self.amounts[LON].column, self.amounts[LAT].column)


class BrokenMapping(Exception):  # noqa: N818 - it carries a problem, as NotAskable does
    """The mapping cannot be used; the problem says why."""

    def __init__(self, text: str, shown: str, help_: str | None = None) -> None:
        super().__init__(text)
        self.problem = Problem("bad-mapping", text, Span(shown, 1, 1, 1, 1), help=help_ or "see docs/reference/tracks.md")


def read_mapping(data: bytes, shown: str) -> Mapped:
    """A mapping from YAML or JSON.

    Raises:
        BrokenMapping: it is neither, or something in it is missing, unknown or wrong.
    """
    if len(data) > _LARGEST:
        raise BrokenMapping("the mapping is larger than a megabyte", shown)
    try:
        raw = yaml.safe_load(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, yaml.YAMLError, ValueError, RecursionError) as error:
        raise BrokenMapping(f"the mapping is neither YAML nor JSON: {str(error).splitlines()[0][:150]}", shown) from None
    if not isinstance(raw, dict):
        raise BrokenMapping("the mapping names no fields", shown)
    fields = {key: _entry(key, value, shown) for key, value in raw.items()}
    for needed in ("craft", "time", "lon", "lat"):
        if needed not in fields:
            raise BrokenMapping(f"the mapping does not say which column holds {needed}", shown)
    time = fields["time"]
    format_ = str(time.get("format", "iso"))
    if format_ not in ("iso", "epoch-s", "epoch-ms") and not ("%" in format_ and _PATTERN.fullmatch(format_)):
        raise BrokenMapping(
            f'"{format_}" is no format of a time; expected iso, epoch-s, epoch-ms or a pattern such as %d/%m/%Y %H:%M:%S', shown
        )
    zone = time.get("zone")
    if zone not in (None, "UTC"):
        raise BrokenMapping(f"times are read in UTC only, not in {zone}", shown, "convert them, or let each name its offset")
    kind = fields["craft"].get("kind")
    if kind not in (None, "mmsi", "icao24"):
        raise BrokenMapping(f'a craft\'s number is of the kind mmsi or icao24, not "{kind}"', shown)
    return Mapped(
        craft=fields["craft"]["column"],
        kind=kind,
        time=time["column"],
        time_format=format_,
        zone=zone,
        amounts={_FIELDS[key]: _amount(key, entry, shown) for key, entry in fields.items() if key in _FIELDS},
        words={_WORDS[key]: _word(key, entry, shown) for key, entry in fields.items() if key in _WORDS},
    )


def _entry(key: Any, value: Any, shown: str) -> dict[str, Any]:
    known = (*_FIELDS, *_WORDS, "craft", "time")
    if key not in known:
        raise BrokenMapping(f'the mapping has a field "{key}"; expected {", ".join(sorted(known))}', shown)
    entry = {"column": value} if isinstance(value, str) else value
    if not isinstance(entry, dict) or not isinstance(entry.get("column"), str) or not entry["column"]:
        raise BrokenMapping(f"{key} names no column", shown)
    extra = set(entry) - _KEYS.get(key, {"column", "unknown", "unit"} if key in _FIELDS else {"column", "unknown"})
    if extra:
        raise BrokenMapping(f"{key} has {', '.join(sorted(map(str, extra)))}, which means nothing there", shown)
    return entry


def _amount(key: str, entry: Mapping[str, Any], shown: str) -> Amount:
    units = _UNITS[key]
    unit = entry.get("unit", next(iter(units)))
    if unit not in units:
        raise BrokenMapping(f'{key} has the unit "{unit}"; expected {", ".join(units)}', shown)
    unknown = _listed(key, entry, shown)
    if not all(isinstance(value, int | float) and not isinstance(value, bool) for value in unknown):
        raise BrokenMapping(f"what is unknown of {key} is a list of numbers", shown)
    return Amount(entry["column"], units[unit], tuple(map(float, unknown)))


def _word(key: str, entry: Mapping[str, Any], shown: str) -> Word:
    codes = entry.get("codes")
    if codes not in (None, "ais"):
        raise BrokenMapping(f'{key} has the codes "{codes}"; expected ais', shown)
    return Word(entry["column"], tuple(map(str, _listed(key, entry, shown))), is_ship_type=codes == "ais")


def _listed(key: str, entry: Mapping[str, Any], shown: str) -> Sequence[Any]:
    unknown = entry.get("unknown", [])
    if not isinstance(unknown, list):
        raise BrokenMapping(f"what is unknown of {key} is a list", shown)
    return unknown


@cache
def known_formats() -> Mapping[str, Mapped]:
    """The mappings that come with the package, by name."""
    folder = files(__package__) / "formats"
    found = sorted((entry.name.removesuffix(".yaml"), entry) for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    return {name: read_mapping(entry.read_bytes(), f"{name}.yaml") for name, entry in found}


def mapping_for(columns: Sequence[str]) -> Mapped | None:
    """The mapping of the package whose needed columns these all are; None if there is none."""
    here = set(columns)
    return next((mapping for mapping in known_formats().values() if here.issuperset(mapping.needed)), None)
