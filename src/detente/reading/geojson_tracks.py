"""Tracks in GeoJSON: lines with a time for each position, or points with a time each.

Times stand in the properties: `coordTimes` or `times` beside a LineString (as GPX
converters write them, or MF-JSON's `datetimes`), `time` beside a Point; as text of ISO 8601 with a zone, or
milliseconds since 1970. The craft is named by `craft`, `mmsi`, `icao24`, `name` or the feature's
id. Source: RFC 7946; a third coordinate is metres above the ellipsoid and is not read as an altitude.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from detente.model.problem import Problem
from detente.model.span import Span
from detente.reading.track import EARLIEST_MS, LATEST_MS, Account, Gathering, TrackBatch

_LARGEST = 256 << 20


def read_geojson_tracks(file: BinaryIO, account: Account) -> Iterator[TrackBatch]:
    """Batches from a FeatureCollection of at most 256 MB, which is read whole."""
    data = file.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        _fault(account, "unreadable-file", f"the file is larger than {_LARGEST >> 20} MB; save it as Parquet or comma-separated text", 0)
        return
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        _fault(account, "not-json", f"the file is not JSON: {str(error)[:100]}", 0)
        return
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        _fault(account, "not-geojson", "the file is no GeoJSON FeatureCollection", 0)
        return
    rows = Gathering()
    for number, feature in enumerate(features, start=1):
        properties = feature.get("properties") if isinstance(feature, dict) else None
        geometry = feature.get("geometry") if isinstance(feature, dict) else None
        if not isinstance(properties, dict) or not isinstance(geometry, dict):
            _fault(account, "not-geojson", f"feature {number} has no geometry and properties", number)
            continue
        craft = _craft(properties, feature.get("id"))
        fixes = _fixes(geometry, properties)
        if craft is None or fixes is None:
            what = "names no craft" if craft is None else "is no Point or LineString with a time for each position"
            _fault(account, "missing-craft" if craft is None else "fix-without-time", f"feature {number} {what}", number)
            continue
        for position, time in fixes:
            _row(rows, craft, position, time, number, account)
            if rows.is_full:
                yield rows.take()
        _static(rows, craft, properties, fixes)
    account.seen["lines"] += len(features)
    yield from rows.rest()


def _craft(properties: dict[str, Any], identity: Any) -> str | None:
    for key in ("craft", "mmsi", "icao24", "name"):
        value = properties.get(key)
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            text = str(value).strip()
            return f"mmsi:{text.zfill(9)}" if key == "mmsi" else f"icao24:{text.lower()}" if key == "icao24" else text
    return str(identity) if isinstance(identity, str | int) and not isinstance(identity, bool) and str(identity) else None


def _fixes(geometry: dict[str, Any], properties: dict[str, Any]) -> list[tuple[Any, Any]] | None:
    """Pairs of a position and its time; None if they do not pair."""
    coordinates = geometry.get("coordinates")
    nested = properties.get("coordinateProperties")
    if geometry.get("type") == "Point":
        time = next((properties[key] for key in ("time", "timestamp", "datetime") if key in properties), None)
        return None if time is None else [(coordinates, time)]
    if geometry.get("type") != "LineString" or not isinstance(coordinates, list):
        return None
    sources = (properties, nested if isinstance(nested, dict) else {})
    times = next((s[key] for s in sources for key in ("coordTimes", "times", "datetimes") if isinstance(s.get(key), list)), None)
    return list(zip(coordinates, times, strict=True)) if times is not None and len(times) == len(coordinates) else None


def _row(rows: Gathering, craft: str, position: Any, time: Any, number: int, account: Account) -> None:
    at = _moment(time)
    if at is None:
        _fault(
            account,
            "impossible-time",
            f"feature {number}: {str(time)[:40]!r} is no time of ISO 8601 with a zone, and no milliseconds",
            number,
        )
        return
    sound = (
        isinstance(position, list)
        and len(position) >= 2
        and all(isinstance(v, int | float) and not isinstance(v, bool) for v in position[:2])
    )
    if not sound or not (-180 <= position[0] <= 180 and -90 <= position[1] <= 90):
        _fault(account, "impossible-coordinates", f"feature {number}: {str(position)[:60]} is no longitude and latitude", number)
        return
    rows.position(craft, at, float(position[0]) if position[0] < 180 else -180.0, float(position[1]))


def _moment(time: Any) -> int | None:
    if isinstance(time, bool):
        return None
    try:
        if isinstance(time, int | float):
            at = round(time)
        elif isinstance(time, str) and len(time) < 64:
            parsed = dt.datetime.fromisoformat(time)
            if parsed.tzinfo is None:
                return None
            at = round(parsed.timestamp() * 1000)
        else:
            return None
    except (ValueError, OverflowError):
        return None
    return at if EARLIEST_MS <= at < LATEST_MS else None


def _static(rows: Gathering, craft: str, properties: dict[str, Any], fixes: list[tuple[Any, Any]]) -> None:
    said = [properties.get(key) for key in ("name", "call_sign", "type")]
    name, call_sign, kind = (value if isinstance(value, str) else None for value in said)
    first = min((at for _, time in fixes if (at := _moment(time)) is not None), default=None)
    if first is not None and any((name, call_sign, kind)):
        rows.static(craft, first, name, call_sign, kind.lower() if kind else None)


def _fault(account: Account, code: str, text: str, number: int) -> None:
    tally = account.tally
    if tally.wants(code):
        tally.add(Problem(code, text, Span(tally.path, 1, 1, 1, 1), severity="warning" if number else "error"))
    else:
        tally.add_unseen(code, 1)
