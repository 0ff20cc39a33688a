"""What the numbers that craft broadcast stand for: country codes of the MMSI, types of ships.

Tables and their sources: `craft/SOURCES.md`. A number that the tables do not list
stands for nothing here.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType


@cache
def country_codes() -> Mapping[str, str]:
    """Maritime identification digits to the ISO 3166-1 alpha-2 code of who assigned the number."""
    return MappingProxyType({row["mid"]: row["iso_a2"] for row in _rows("mid.csv")})


@cache
def ship_types() -> Mapping[int, str]:
    """The number for a ship's type to its word (ITU-R M.1371-5, annex 8, table 53)."""
    return MappingProxyType({code: row["type"] for row in _rows("ship_types.csv") for code in range(int(row["from"]), int(row["to"]) + 1)})


def flag_of(craft: str) -> str | None:
    """The state that assigned a craft's MMSI; None for any other craft, and for digits that no state has.

    Source: ITU-R M.585-9, annex 1: ships MIDxxxxxx, coast stations 00MIDxxxx, groups 0MIDxxxxx, aircraft of search and
    rescue 111MIDxxx, craft of a parent ship 98MIDxxxx, aids to navigation 99MIDxxxx.
    """
    kind, _, digits = craft.partition(":")
    if kind != "mmsi" or len(digits) != 9 or not digits.isascii() or not digits.isdigit():
        return None
    for prefix in ("00", "0", "111", "98", "99"):
        if digits.startswith(prefix):
            return country_codes().get(digits[len(prefix) : len(prefix) + 3])
    return country_codes().get(digits[:3])


def _rows(name: str) -> list[dict[str, str]]:
    with (files(__package__) / "craft" / name).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))
