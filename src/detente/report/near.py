"""How near craft came, as Arrow tables for `found.py`: one row per approach or encounter, one per fix that was not used."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

_WORD, _TIME, _NUMBER, _FLAG = pa.string(), pa.timestamp("ms", "UTC"), pa.float64(), pa.bool_()


def approaches_table(approaches: Sequence[Any]) -> pa.Table:
    """Of `Approach`es. Where the beginning or the end is not exact, `start` is the earliest and `end` the latest."""
    found = list(approaches)

    def place(approach: Any, part: str) -> float | None:
        return None if approach.first_at is None else float(getattr(approach.first_at, part))

    return pa.table(
        {
            "first": pa.array([a.first for a in found], _WORD),
            "second": pa.array([a.second for a in found], _WORD),
            "certain": pa.array([a.certain for a in found], _FLAG),
            "start": pa.array([a.start.earliest for a in found], _TIME),
            "end": pa.array([a.end.latest for a in found], _TIME),
            "closest_at": pa.array([a.closest_at for a in found], _TIME),
            "least_m": pa.array([a.distance_m.least for a in found], _NUMBER),
            "most_m": pa.array([a.distance_m.most for a in found], _NUMBER),
            "vertical_m": pa.array([a.vertical_m.least for a in found], _NUMBER),
            "relative_speed_kn": pa.array([a.relative_speed_kn for a in found], _NUMBER),
            "first_share": pa.array([a.first_share for a in found], _NUMBER),
            "observed_share": pa.array([a.observed_share for a in found], _NUMBER),
            "start_lon": pa.array([place(a, "lon") for a in found], _NUMBER),
            "start_lat": pa.array([place(a, "lat") for a in found], _NUMBER),
        }
    )


def encounters_table(encounters: Sequence[Any]) -> pa.Table:
    """Of `Encounter`s."""
    found = list(encounters)
    return pa.table(
        {
            "first": pa.array([e.first for e in found], _WORD),
            "second": pa.array([e.second for e in found], _WORD),
            "start": pa.array([e.start for e in found], _TIME),
            "end": pa.array([e.end for e in found], _TIME),
            "median_distance_m": pa.array([e.median_distance_m for e in found], _NUMBER),
            "median_speed_kn": pa.array([e.median_speed_kn for e in found], _NUMBER),
            "start_lon": pa.array([e.place.lon for e in found], _NUMBER),
            "start_lat": pa.array([e.place.lat for e in found], _NUMBER),
        }
    )


def rejected_table(rejected: Sequence[Any]) -> pa.Table:
    """Of `RejectedFix`es, in the columns of `faults_table`."""
    found = list(rejected)
    return pa.table(
        {
            "craft": pa.array([r.craft for r in found], _WORD),
            "fault": pa.array([r.fault for r in found], _WORD),
            "start": pa.array([r.time for r in found], _TIME),
            "end": pa.array([r.time for r in found], _TIME),
            "fixes": pa.array([1] * len(found), pa.int64()),
            "start_lon": pa.array([r.place.lon for r in found], _NUMBER),
            "start_lat": pa.array([r.place.lat for r in found], _NUMBER),
        }
    )
