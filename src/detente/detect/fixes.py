"""A table of positions as arrays: craft as numbers, times in ms, and which rows can be used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from detente.detect.geodesy import Floats
from detente.model.approach import CraftClass
from detente.model.positions import ALTITUDE_FT, CRAFT, LAT, LON, TIME

FOOT_M = 0.3048
NEEDED = (CRAFT, TIME, LON, LAT)

Positions: TypeAlias = "pa.Table | Iterable[pa.RecordBatch]"


@dataclass(frozen=True, slots=True, eq=False)
class Fixes:
    """Rows of positions. `code` numbers the craft in order of `names`; -1 where a row cannot be used or its craft is not asked about.

    `time` in ms since 1970; degrees; `altitude_m` is empty where no craft flies. Per craft: `side` is 1 where it is of the first class
    of a measure, 2 of the second, 3 of both; then what its class says.
    """

    names: tuple[str, ...]
    code: NDArray[np.int32]
    time: NDArray[np.int64]
    lon: Floats
    lat: Floats
    altitude_m: Floats
    side: NDArray[np.uint8]
    flies: NDArray[np.uint8]
    greatest_speed_kn: Floats
    accuracy_m: Floats
    altitude_accuracy_m: Floats
    unusable: int


def table_of(positions: Positions) -> pa.Table:
    """The positions as one table, with the columns that a detector needs.

    Raises:
        ValueError: a column is missing.
    """
    if not isinstance(positions, pa.Table):
        batches = list(positions)
        positions = pa.Table.from_batches(batches) if batches else pa.table({name: [] for name in NEEDED})
    missing = [name for name in NEEDED if name not in positions.column_names]
    if missing:
        raise ValueError(f"expected a table of positions with {', '.join(NEEDED)}; it has no {' and no '.join(missing)}")
    return positions.select([*NEEDED, *([ALTITUDE_FT] if ALTITUDE_FT in positions.column_names else [])])


def class_by_name(craft: str, classes: Iterable[CraftClass]) -> CraftClass | None:
    """The class of a craft that nobody named: the first that flies for an aircraft's address, that does not for a ship's MMSI.

    An MMSI that begins with 111 is a search and rescue aircraft's. Source: ITU-R M.585-9, annex 1, section 2.
    """
    if craft.startswith("icao24:"):
        flies = True
    elif craft.startswith("mmsi:"):
        flies = craft.startswith("mmsi:111")
    else:
        return next(iter(classes), None)
    return next((c for c in classes if c.flies == flies), None)


def fixes_of(table: pa.Table, first: CraftClass, second: CraftClass, craft: Mapping[str, CraftClass] | None) -> Fixes:
    """The rows of the craft of either class."""
    names, code = _numbered(table[CRAFT])
    classes = [class_by_name(n, (first, second)) if craft is None else craft.get(n) for n in names]
    side = np.array([(1 if c == first else 0) + (2 if c == second else 0) for c in classes], dtype=np.uint8)
    known = [c if c is not None and s else first for c, s in zip(classes, side, strict=True)]
    time = _numbers(table[TIME].cast(pa.timestamp("ms"), safe=False).cast(pa.int64()), np.iinfo(np.int64).min)
    lon, lat = (_numbers(table[name].cast(pa.float64()), np.nan) for name in (LON, LAT))
    good = (np.abs(lat) <= 90) & (np.abs(lon) <= 180) & (code >= 0) & (time != np.iinfo(np.int64).min)
    unusable = len(good) - int(np.count_nonzero(good))
    if unusable or not side.all():
        asked = np.append(side > 0, False)  # -1, no craft, finds the last
        code = np.where(good & asked[code], code, np.int32(-1))
    altitude = np.empty(0)
    if any(c.flies for c in known):
        heights = table[ALTITUDE_FT].cast(pa.float64()) if ALTITUDE_FT in table.column_names else pa.nulls(len(table), pa.float64())
        altitude = _numbers(heights, np.nan) * FOOT_M
    return Fixes(
        names,
        code,
        time,
        lon,
        lat,
        altitude,
        side,
        np.array([c.flies for c in known], dtype=np.uint8),
        np.array([c.greatest_speed_kn for c in known]),
        np.array([c.accuracy_m for c in known]),
        np.array([c.altitude_accuracy_m if c.flies else 0.0 for c in known]),
        unusable,
    )


def _numbered(column: pa.ChunkedArray) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    """The names, in order, and each row's number among them; -1 where there is none."""
    if not pa.types.is_dictionary(column.type):
        column = column.cast(pa.string()).dictionary_encode()
    whole = column.unify_dictionaries()
    if whole.num_chunks == 0:
        return (), np.empty(0, dtype=np.int32)
    told = [name or "" for name in whole.chunk(0).dictionary.cast(pa.string()).to_pylist()]
    rank = np.empty(len(told) + 1, dtype=np.int32)
    rank[-1] = -1
    rank[np.argsort(np.array(told, dtype=object), kind="stable")] = np.arange(len(told), dtype=np.int32)
    code = np.concatenate([_numbers(chunk.indices.cast(pa.int32()), -1) for chunk in whole.chunks])
    return tuple(sorted(told)), rank[code]


def _numbers(column: pa.Array | pa.ChunkedArray, missing: float) -> NDArray[Any]:
    """A column as an array, with `missing` where a cell is empty."""
    if column.null_count:
        column = pc.fill_null(column, pa.scalar(missing, column.type))
    return np.asarray(column.to_numpy() if isinstance(column, pa.ChunkedArray) else column.to_numpy(zero_copy_only=False))
