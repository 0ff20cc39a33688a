"""Lengths and times with their units, as they stand on the command line."""

from __future__ import annotations

import math
import re

from detente.cli.streams import refusal
from detente.model.problem import Problem
from detente.vocabulary.units import UNITS

_AMOUNT = re.compile(r"\s*(\d{1,12}(?:\.\d{1,9})?)\s*([A-Za-z]+)\s*")
_SECONDS = {"s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
_LONG = {"second": "s", "seconds": "s", "minute": "min", "minutes": "min", "hour": "h", "hours": "h", "day": "d", "days": "d"}


def metres(text: str, option: str) -> float:
    """A length in metres; its unit must be written."""
    found = _AMOUNT.fullmatch(text)
    unit = UNITS.get(found[2]) if found else None
    if found is None or unit is None or unit[0] != "m":
        raise refusal(Problem("bad-distance", f"{option} {text} is no length with a unit", expected=("1 nm", "500 m", "10 km")))
    return float(found[1]) * unit[1]


def seconds(text: str, option: str) -> float:
    """A time in seconds; its unit must be written."""
    found = _AMOUNT.fullmatch(text)
    unit = _SECONDS.get(_LONG.get(found[2], found[2])) if found else None
    if found is None or unit is None or not math.isfinite(float(found[1])):
        raise refusal(Problem("bad-duration", f"{option} {text} is no length of time with a unit", expected=("30 s", "10 min", "2 h")))
    return float(found[1]) * unit
