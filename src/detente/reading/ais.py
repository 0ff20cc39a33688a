"""Messages of AIS into positions and static data, decoded by pyais; the commonest reports many at once (`ais_positions.py`).

Only what places or names a craft is read: position reports (messages 1-3, 9, 18,
19, 27) and static data (5, 19, 24). Source: ITU-R M.1371-5, annex 8, whose values
for "not available" become nulls here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyais.bit_vector import bit_vector
from pyais.messages import MSG_CLASS

from detente.model.positions import TIME
from detente.model.problem import Problem
from detente.model.span import Span
from detente.reading.ais_positions import CHARACTERS, FIRST, position_reports
from detente.reading.nmea import Heard, Sentences
from detente.reading.track import BATCH, POSITIONS, Account, Gathering, TrackBatch
from detente.vocabulary.craft import ship_types

_LENGTHS = {
    1: (168, 173), 2: (168, 173), 3: (168, 173), 5: (420, 429), 9: (168, 173), 18: (168, 173), 19: (312, 317), 24: (158, 173), 27: (96, 173)
}  # fmt: skip
"""Bits of a message that is whole, least and most. Source: annex 8; the most allows for fill bits, and for what transponders in use add."""

_SKEW_S = 10
_SKEW_LEAST = 20
_MOST_STATIONS = 10_000


def read_ais(lines: Iterable[bytes], account: Account, clock: Callable[[], int] | None = None) -> Iterator[TrackBatch]:
    """Batches from lines of NMEA; what cannot be read is counted and named in the account."""
    reader = AisReader(account)
    take = reader.take
    for heard in Sentences(account, clock)(lines):
        if (batch := take(heard)) is not None:
            yield batch
    batch = reader.batch()
    reader.finish()
    if batch.positions.num_rows or batch.static.num_rows:
        yield batch


class AisReader:
    """Messages one by one, into batches: `take` each, `batch` for what fills none yet, `finish` at the end."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._rows = Gathering()
        self._skews = _Skews()
        self._reports: list[Heard] = []
        self._names: dict[int, str] = {}

    def take(self, heard: Heard) -> TrackBatch | None:
        """Take a message in; gives a batch whenever there is enough for one."""
        payload = heard.payload
        if len(payload) == CHARACTERS and payload[0] in FIRST and heard.fill == 0:
            self._reports.append(heard)
            return self.batch() if len(self._reports) >= BATCH else None
        # Six bits of a message are its type: the first character of its payload (table 47).
        kind = payload[0] - 48 if payload[0] < 88 else payload[0] - 56
        if kind not in _LENGTHS:
            self._account.seen["other messages"] += 1
            return None
        if heard.time_ms is None:
            self._fault("fix-without-time", "nothing says when the message was received; it is left out", heard)
            return None
        try:
            message = self._decoded(heard, kind)
        except Exception as error:  # noqa: BLE001 - pyais raises whatever a damaged payload makes it raise
            self._fault("undecodable-message", f"message {kind} cannot be decoded: {str(error)[:100] or type(error).__name__}", heard)
            return None
        if message is not None:
            self._row(message, kind, heard)
        return self.batch() if self._rows.is_full else None

    def batch(self) -> TrackBatch:
        """All rows since the last batch."""
        one = self._rows.take()
        many = self._many(self._reports) if self._reports else POSITIONS.empty_table()
        self._reports = []
        return TrackBatch(pa.concat_tables([many, one.positions]), one.static)

    def _many(self, heard: list[Heard]) -> pa.Table:
        """Position reports as rows."""
        if any(report.time_ms is None for report in heard):
            for report in heard:
                if report.time_ms is None:
                    self._fault("fix-without-time", "nothing says when the message was received; it is left out", report)
            heard = [report for report in heard if report.time_ms is not None]
        said = position_reports([report.payload for report in heard])
        time = np.asarray([report.time_ms for report in heard], dtype=np.int64)
        on_globe = (np.abs(said.lon) <= 180) & (np.abs(said.lat) <= 90)
        is_missing = ~on_globe & ((said.lon == 181) | (said.lat == 91))
        self._account.seen["without a position"] += int(is_missing.sum())
        is_craft = (said.mmsi > 0) & (said.mmsi < 1_000_000_000)
        for i in np.flatnonzero(~on_globe & ~is_missing).tolist():
            self._fault("impossible-coordinates", f"longitude {said.lon[i]:g} and latitude {said.lat[i]:g} are on no globe", heard[i])
        for i in np.flatnonzero(on_globe & ~is_craft).tolist():
            self._fault("undecodable-message", f"{said.mmsi[i]} is no identity of nine digits", heard[i])
        keep = on_globe & is_craft
        timed = keep & (said.second < 60)
        self._skews.add_all([report.station for report in heard], time, said.second, timed)
        mmsi, which = np.unique(said.mmsi[keep], return_inverse=True)
        craft = pa.array([f"mmsi:{number:09d}" for number in mmsi.tolist()], pa.string()).take(pa.array(which.ravel()))
        speed, course = said.speed[keep], said.course[keep]
        columns = [
            craft,
            pa.array(time[keep]).cast(POSITIONS.field(TIME).type),
            pa.array(np.where(said.lon[keep] == 180, -180.0, said.lon[keep])),
            pa.array(said.lat[keep]),
            pa.nulls(len(speed), pa.float32()),
            pa.array(speed.astype(np.float32), mask=speed >= 102.3),
            pa.array(course.astype(np.float32), mask=course >= 360),
        ]
        return pa.table(columns, schema=POSITIONS)

    def _decoded(self, heard: Heard, kind: int) -> Any:
        bits = bit_vector(heard.payload, heard.fill)
        least, most = _LENGTHS[kind]
        if not least <= len(bits) <= most:
            self._fault("undecodable-message", f"message {kind} has {len(bits)} bits; expected {least} to {most}", heard)
            return None
        return MSG_CLASS[kind].from_vector(bits)

    def _row(self, message: Any, kind: int, heard: Heard) -> None:
        time = heard.time_ms
        craft = self._name(message.mmsi)
        if time is None or craft is None:
            self._fault("undecodable-message", f"{message.mmsi} is no identity of nine digits", heard)
            return
        if kind in (5, 19, 24):
            said = [getattr(message, name, None) for name in ("shipname", "callsign", "ship_type")]
            self._static(craft, time, *said)
        if kind in (5, 24):
            return
        lon, lat = message.lon, message.lat
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):
            if lon == 181 or lat == 91:
                self._account.seen["without a position"] += 1
            else:
                self._fault("impossible-coordinates", f"longitude {lon:g} and latitude {lat:g} are on no globe", heard)
            return
        if kind != 27 and message.second < 60:
            self._skews.add(heard.station, time, message.second)
        speed, course = message.speed, message.course
        limit = {9: 1023, 27: 63}.get(kind, 102.3)
        altitude = message.alt / 0.3048 if kind == 9 and message.alt < 4095 else None
        self._rows.position(
            craft,
            time,
            lon if lon < 180 else -180.0,
            lat,
            altitude,
            speed if speed < limit else None,
            course if course < 360 else None,
        )

    def _static(self, craft: str, time: int, name: str | None, call_sign: str | None, code: int | None) -> None:
        self._rows.static(craft, time, name, call_sign, ship_types().get(int(code)) if code is not None else None)

    def _name(self, mmsi: int) -> str | None:
        name = self._names.get(mmsi)
        if name is None and 0 < mmsi < 1_000_000_000:
            if len(self._names) > 1_000_000:
                self._names.clear()
            name = self._names[mmsi] = f"mmsi:{mmsi:09d}"
        return name

    def finish(self) -> None:
        """Say which stations' clocks differ from those of the craft they heard."""
        tally = self._account.tally
        for station, skew, count in self._skews.found():
            name = station.decode("ascii", "replace") or "without a name"
            text = f"the clock of station {name} differs by about {skew:+d} s (modulo a minute) from the seconds in {count:,} messages"
            tally.add(Problem("clock-skew", text, Span(tally.path, 1, 1, 1, 1), severity="warning"))

    def _fault(self, code: str, text: str, heard: Heard) -> None:
        tally = self._account.tally
        if not tally.wants(code):
            tally.add_unseen(code, 1)
            return
        excerpt = heard.payload[:200].decode("ascii", "replace")
        tally.add(Problem(code, text, Span(tally.path, heard.line, 1, heard.line, 1), excerpt, severity="warning"))


class _Skews:
    """For each station, how far its clock stands from the second that messages name: both count seconds, so whole minutes do not show."""

    def __init__(self) -> None:
        self._bins: dict[bytes, list[int]] = {}

    def add(self, station: bytes, time_ms: int, second: int) -> None:
        bins = self._bins.get(station)
        if bins is None:
            if len(self._bins) >= _MOST_STATIONS:
                return
            bins = self._bins[station] = [0] * 60
        bins[(time_ms // 1000 - second) % 60] += 1

    def add_all(self, stations: list[bytes], time: NDArray[np.int64], second: NDArray[np.int64], which: NDArray[np.bool_]) -> None:
        """The same for many messages, of which those marked count."""
        code: dict[bytes, int] = {}
        coded = np.asarray([code.setdefault(station, len(code)) for station in stations], dtype=np.int64)[which]
        counts = np.bincount(coded * 60 + (time[which] // 1000 - second[which]) % 60, minlength=60 * len(code)).reshape(-1, 60)
        for station, row in code.items():
            if counts[row].any() and (station in self._bins or len(self._bins) < _MOST_STATIONS):
                bins = self._bins.setdefault(station, [0] * 60)
                self._bins[station] = [a + b for a, b in zip(bins, counts[row].tolist(), strict=True)]

    def found(self) -> Iterator[tuple[bytes, int, int]]:
        """Stations whose median differs by more than `_SKEW_S` seconds: name, seconds, messages."""
        for station, bins in sorted(self._bins.items()):
            total = sum(bins)
            # The median of a circle: begin to count at the emptiest side, half a minute from the fullest second.
            start = (max(range(60), key=bins.__getitem__) + 30) % 60
            half, reached = total / 2, 0
            for step in range(60):
                reached += bins[(start + step) % 60]
                if reached >= half:
                    skew = (start + step + 30) % 60 - 30
                    if total >= _SKEW_LEAST and abs(skew) > _SKEW_S:
                        yield station, skew, total
                    break
