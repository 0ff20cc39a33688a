"""Position reports of AIS, thousands at once: their fields cut out of the payloads with array operations.

Nine in ten messages of a feed are of these four kinds (1-3: class A, 18: class B), all
of 168 bits in 28 characters. What any other holds pyais decodes, one by one. Source: ITU-R M.1371-5,
annex 8, tables 48 and 67 (fields and their bits), table 47 (six-bit characters).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

CHARACTERS = 28
FIRST = b"123B"
"""First characters of the payloads of messages 1, 2, 3 and 18."""

_SIX = np.zeros(256, np.int64)
_SIX[48:88] = np.arange(40)
_SIX[96:120] = np.arange(40, 64)


class Reports(NamedTuple):
    """Fields of many position reports; angles in degrees, speeds in knots, as sent: 181, 91, 102.3, 360 and 60 to 63 stand for nothing."""

    mmsi: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    speed: NDArray[np.float64]
    course: NDArray[np.float64]
    second: NDArray[np.int64]


def position_reports(payloads: Sequence[bytes]) -> Reports:
    """The fields of payloads, each of 28 characters of which the first is one of `FIRST`."""
    six = _SIX[np.frombuffer(b"".join(payloads), np.uint8)].reshape(-1, CHARACTERS)
    # Fields of message 18 lie four bits before those of messages 1 to 3, the second likewise.
    is_b = six[:, 0] == 18
    rows = np.flatnonzero(is_b)
    others = np.flatnonzero(~is_b)
    mmsi = _field(six, 8, 30)
    fields = [np.empty(len(six), np.int64) for _ in range(5)]
    for which, shift in ((others, 0), (rows, -4)):
        part = six[which]
        for into, (start, width) in zip(fields, ((61, 28), (89, 27), (50, 10), (116, 12), (137, 6)), strict=True):
            into[which] = _field(part, start + shift, width)
    lon, lat, speed, course, second = fields
    return Reports(mmsi, _degrees(lon, 28), _degrees(lat, 27), speed / 10.0, course / 10.0, second)


def _field(six: NDArray[np.int64], start: int, width: int) -> NDArray[np.int64]:
    """The number in `width` bits from bit `start` on."""
    first, last = start // 6, (start + width - 1) // 6
    value = six[:, first].copy()
    for column in range(first + 1, last + 1):
        value <<= 6
        value |= six[:, column]
    found: NDArray[np.int64] = (value >> (6 * (last + 1) - start - width)) & ((1 << width) - 1)
    return found


def _degrees(value: NDArray[np.int64], width: int) -> NDArray[np.float64]:
    """Signed ten-thousandths of a minute as degrees, rounded to a millionth."""
    signed = value - ((value >> (width - 1)) << width)
    degrees: NDArray[np.float64] = ((10 * signed + 3) // 6) / 1e6
    return degrees
