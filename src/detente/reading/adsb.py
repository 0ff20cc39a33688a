"""Raw messages of ADS-B, one a line, into positions and call signs, decoded by pyModeS.

A line holds a time in seconds since 1970 and a message of 28 hexadecimal digits,
with a comma or space between; further columns are not read. AVR's `*8D...;` is taken
too where a time stands before it. Source: ICAO Doc 9871, extended squitter.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from pyModeS import PipeDecoder

from detente.model.problem import Problem
from detente.model.span import Span
from detente.reading.track import EARLIEST_MS, LATEST_MS, Account, Gathering, TrackBatch

LINE = re.compile(rb"\s*(?:(\d{9,10}(?:\.\d{1,9})?)[\s,;]+)?[*@]?([0-9A-Fa-f]{14}|[0-9A-Fa-f]{28});?\s*(?:[\s,;].{0,400})?", re.DOTALL)
_HELD_S = 30.0
_MOST_HELD = 200_000
_NEWEST_S = 10.0


def read_adsb(lines: Iterable[bytes], account: Account, clock: Callable[[], int] | None = None) -> Iterator[TrackBatch]:
    """Batches from lines; a position that takes several messages to resolve comes when it is resolved, with its own time."""
    reader = _Reader(account, clock)
    number = 0
    for number, line in enumerate(lines, start=1):
        reader.take(line, number)
        if reader.rows.is_full:
            yield reader.rows.take()
    account.seen["lines"] += number
    reader.release(everything=True)
    yield from reader.rows.rest()


class _Reader:
    def __init__(self, account: Account, clock: Callable[[], int] | None) -> None:
        self.account = account
        self.clock = clock
        self.rows = Gathering()
        self._decoder = PipeDecoder()
        self._waiting: deque[tuple[float, Any]] = deque()
        self._velocity: dict[str, tuple[float, float | None, float | None]] = {}

    def take(self, line: bytes, number: int) -> None:
        if not line.strip() or line.lstrip()[:1] == b"#":
            return
        found = LINE.fullmatch(line[:600])
        if found is None:
            self._fault("malformed-message", "expected a time and a message of 14 or 28 hexadecimal digits", number, line)
            return
        at = float(found[1]) if found[1] else self.clock() / 1000 if self.clock is not None else None
        if at is None or not EARLIEST_MS <= at * 1000 < LATEST_MS:
            self._fault("fix-without-time", "nothing says when the message was received; it is left out", number, line)
            return
        message = found[2].decode()
        if len(message) != 28 or int(message[:2], 16) >> 3 not in (17, 18):
            self.account.seen["other messages"] += 1
            return
        try:
            said = self._decoder.decode(message, timestamp=at)
        except Exception as error:  # noqa: BLE001 - pyModeS raises whatever damaged bits make it raise
            self._fault("undecodable-message", f"the message cannot be decoded: {str(error)[:100] or type(error).__name__}", number, line)
            return
        if said.get("crc_valid") is not True:
            self._fault("bad-checksum", "the parity of the message is wrong", number, line)
            return
        self._keep(at, said)

    def _keep(self, at: float, said: Any) -> None:
        """Hold a position until the decoder is sure of it; note a velocity, and a call sign."""
        craft = f"icao24:{said['icao'].lower()}"
        kind = said.get("typecode") or 0
        if 1 <= kind <= 4 and said.get("callsign"):
            self.rows.static(craft, round(at * 1000), None, said["callsign"].strip("_# ") or None, None)
        elif kind == 19:
            if len(self._velocity) > _MOST_HELD:
                self._velocity.clear()
            self._velocity[craft] = (at, said.get("groundspeed"), said.get("track"))
        elif 5 <= kind <= 18 or 20 <= kind <= 22:
            before = self._velocity.get(craft)
            velocity = (before[1], before[2]) if before is not None and 0 <= at - before[0] <= _NEWEST_S else (None, None)
            self._waiting.append((at, (craft, said, velocity, kind)))
            self.release()

    def release(self, *, everything: bool = False) -> None:
        """Give out what the decoder will no longer change."""
        last = self._waiting[-1][0] if self._waiting else 0.0
        while self._waiting and (everything or len(self._waiting) > _MOST_HELD or last - self._waiting[0][0] > _HELD_S):
            at, (craft, said, (speed, course), kind) = self._waiting.popleft()
            lon, lat = said.get("longitude"), said.get("latitude")
            if lon is None or lat is None or not (-180 <= lon <= 180 and -90 <= lat <= 90):
                self.account.seen["without a position"] += 1
                continue
            altitude = said.get("altitude") if 9 <= kind <= 18 else None
            if 5 <= kind <= 8:
                speed, course = said.get("groundspeed", speed), said.get("track", course)
            self.rows.position(craft, round(at * 1000), lon if lon < 180 else -180.0, lat, altitude, speed, course)

    def _fault(self, code: str, text: str, number: int, line: bytes) -> None:
        tally = self.account.tally
        if not tally.wants(code):
            tally.add_unseen(code, 1)
            return
        excerpt = line[:120].decode("ascii", "replace").rstrip("\r\n")
        tally.add(Problem(code, text, Span(tally.path, number, 1, number, 1), excerpt, severity="warning"))
