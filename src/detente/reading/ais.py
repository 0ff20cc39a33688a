"""Messages of AIS into positions and static data, decoded by pyais.

Only what places or names a craft is read: position reports (messages 1-3, 9, 18,
19, 27) and static data (5, 19, 24). Source: ITU-R M.1371-5, annex 8, whose values
for "not available" become nulls here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, cast

from pyais.messages import MSG_CLASS, AISSentence, NMEASentenceFactory

from detente.model.problem import Problem
from detente.model.span import Span
from detente.reading.nmea import Heard, Sentences
from detente.reading.track import Account, Gathering, TrackBatch
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
    rows = reader.rows
    for heard in Sentences(account, clock)(lines):
        reader.take(heard)
        if rows.is_full:
            yield rows.take()
    reader.finish()
    yield from rows.rest()


class AisReader:
    """Messages one by one into `rows`."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.rows = Gathering()
        self.skews = _Skews()
        self._names: dict[int, str] = {}

    def take(self, heard: Heard) -> None:
        """Read one message; what it says of a place or a name is added to `rows`."""
        first = heard.sentences[0]
        code = first[first.rfind(b",", 0, first.rfind(b",")) + 1]
        # Six bits of a message are its type: the first character of its payload (table 47).
        kind = code - 48 if code < 88 else code - 56
        if kind not in _LENGTHS:
            self.account.seen["other messages"] += 1
            return
        if heard.time_ms is None:
            self._fault("fix-without-time", "nothing says when the message was received; it is left out", heard)
            return
        try:
            message = self._decoded(heard, kind)
        except Exception as error:  # noqa: BLE001 - pyais raises whatever a damaged payload makes it raise
            self._fault("undecodable-message", f"message {kind} cannot be decoded: {str(error)[:100] or type(error).__name__}", heard)
            return
        if message is not None:
            self._row(message, kind, heard)

    def _decoded(self, heard: Heard, kind: int) -> Any:
        parts = [cast("AISSentence", NMEASentenceFactory.produce(sentence)) for sentence in heard.sentences]
        whole = parts[0] if len(parts) == 1 else AISSentence.assemble_from_iterable(parts)
        least, most = _LENGTHS[kind]
        if not least <= len(whole.bv) <= most:
            self._fault("undecodable-message", f"message {kind} has {len(whole.bv)} bits; expected {least} to {most}", heard)
            return None
        return MSG_CLASS[kind].from_vector(whole.bv)

    def _row(self, message: Any, kind: int, heard: Heard) -> None:
        time = heard.time_ms
        craft = self._name(message.mmsi)
        if time is None or craft is None:
            self._fault("undecodable-message", f"{message.mmsi} is no identity of nine digits", heard)
            return
        if kind in (5, 19):
            self._static(craft, time, message.shipname, getattr(message, "callsign", None), message.ship_type)
        elif kind == 24:
            self._static(
                craft, time, getattr(message, "shipname", None), getattr(message, "callsign", None), getattr(message, "ship_type", None)
            )
        if kind in (5, 24):
            return
        lon, lat = message.lon, message.lat
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):
            if lon in (181, 181.0) or lat in (91, 91.0):
                self.account.seen["without a position"] += 1
            else:
                self._fault("impossible-coordinates", f"longitude {lon:g} and latitude {lat:g} are on no globe", heard)
            return
        if kind != 27 and message.second < 60:
            self.skews.add(heard.station, time, message.second)
        speed, course = message.speed, message.course
        limit = {9: 1023, 27: 63}.get(kind, 102.3)
        altitude = message.alt / 0.3048 if kind == 9 and message.alt < 4095 else None
        self.rows.position(
            craft,
            time,
            lon if lon < 180 else -180.0,
            lat,
            altitude,
            speed if speed < limit else None,
            course if course < 360 else None,
        )

    def _static(self, craft: str, time: int, name: str | None, call_sign: str | None, code: int | None) -> None:
        self.rows.static(craft, time, name, call_sign, ship_types().get(int(code)) if code is not None else None)

    def _name(self, mmsi: int) -> str | None:
        name = self._names.get(mmsi)
        if name is None and 0 < mmsi < 1_000_000_000:
            if len(self._names) > 1_000_000:
                self._names.clear()
            name = self._names[mmsi] = f"mmsi:{mmsi:09d}"
        return name

    def finish(self) -> None:
        """Say which stations' clocks differ from those of the craft they heard."""
        tally = self.account.tally
        for station, skew, count in self.skews.found():
            name = station.decode("ascii", "replace") or "without a name"
            text = f"the clock of station {name} differs by about {skew:+d} s (modulo a minute) from the seconds in {count:,} messages"
            tally.add(Problem("clock-skew", text, Span(tally.path, 1, 1, 1, 1), severity="warning"))

    def _fault(self, code: str, text: str, heard: Heard) -> None:
        tally = self.account.tally
        if not tally.wants(code):
            tally.add_unseen(code, 1)
            return
        excerpt = heard.sentences[0][:200].decode("ascii", "replace")
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
