"""Positions with what their craft said of themselves, joined by time."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from detente.model.positions import CALL_SIGN, CRAFT, FLAG, NAME, TIME, TYPE
from detente.vocabulary.craft import flag_of


def joined(positions: pa.Table, static: pa.Table) -> pa.Table:
    """The positions, in their order, with name, call sign, flag and type: for each the last that the craft had said by then.

    What a craft says only later counts for nothing before, since it may have said something else until then. The flag follows
    from the number alone. The type is what was broadcast, and nothing else says what a craft is.
    """
    names = pc.unique(positions.column(CRAFT)).to_pylist()
    code = {name: number for number, name in enumerate(names)}
    craft = _codes(positions.column(CRAFT), code)
    time = np.asarray(positions.column(TIME).cast(pa.int64()))
    said = _codes(static.column(CRAFT), code)
    said_time = np.asarray(static.column(TIME).cast(pa.int64()))
    result = positions
    for column in (NAME, CALL_SIGN, FLAG, TYPE):
        if column == FLAG:
            flags = pa.array([flag_of(name) for name in names], pa.string())
            result = result.append_column(FLAG, flags.take(pa.array(craft)) if len(names) else pa.nulls(len(craft), pa.string()))
            continue
        told = np.flatnonzero(np.asarray(static.column(column).is_valid()) & (said >= 0))
        order = told[np.lexsort((said_time[told], said[told]))]
        at = _last(said[order], said_time[order], craft, time)
        values = (
            static.column(column).combine_chunks().take(pa.array(order[at], mask=at < 0))
            if len(order)
            else pa.nulls(len(craft), pa.string())
        )
        result = result.append_column(column, values)
    return result


def _codes(column: pa.ChunkedArray, code: dict[str, int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    coded = column.combine_chunks().dictionary_encode() if column.num_chunks else pa.array([], pa.string()).dictionary_encode()
    numbers = np.asarray([code.get(name, -1) for name in coded.dictionary.to_pylist()], dtype=np.int64)
    return numbers[np.asarray(coded.indices)] if len(coded) else np.empty(0, np.int64)


def _last(
    said: np.ndarray[tuple[int], np.dtype[np.int64]],
    said_time: np.ndarray[tuple[int], np.dtype[np.int64]],
    craft: np.ndarray[tuple[int], np.dtype[np.int64]],
    time: np.ndarray[tuple[int], np.dtype[np.int64]],
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """For each position the last row of its craft that is not later; -1 where there is none. `said` and `said_time` are sorted."""
    # One order for both: craft, then time, then what was said before positions of the same moment.
    whose, when = np.concatenate((said, craft)), np.concatenate((said_time, time))
    is_position = np.concatenate((np.zeros(len(said), bool), np.ones(len(craft), bool)))
    order = np.lexsort((is_position, when, whose))
    before = np.cumsum(~is_position[order]) - 1
    last = np.empty(len(order), np.int64)
    last[order] = before
    at = last[len(said) :]
    fits = (at >= 0) & (said[np.maximum(at, 0)] == craft) if len(said) else np.zeros(len(craft), bool)
    return np.where(fits, at, -1)
