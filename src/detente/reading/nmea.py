"""NMEA 0183 lines into sentences of AIS: tag blocks, times of reception, checksums, parts put together, repeats merged.

Lines come from a file, a pipe or a socket; all share this reader. What a sentence
says is read in `ais.py`. Sources: IEC 61162-1 (sentences), NMEA 0183 4.10 (tag
blocks), the `$PGHP` sentence as pyais and DMA's AisLib read it, and the suffix
`,r<station>,<seconds>` of the US Coast Guard's logs.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from detente.model.problem import Problem
from detente.model.span import Span
from detente.reading.lines import LONGEST
from detente.reading.track import EARLIEST_MS, LATEST_MS, Account

REPEAT_MS = 30_000
"""A payload heard again so soon is the same transmission, heard by another receiver: one says the second it was made."""
_MOST_PENDING = 4096
_GENERATION = 1 << 16

_SENTENCES = re.compile(rb"(?:\\[^\\]*\\)?[!$][^!$\\]*")
_FILLS = {str(bits).encode(): bits for bits in range(6)}


class Heard(NamedTuple):
    """One whole message: its payload and fill bits, when it was received (ms, UTC; None if nothing says), by which station, on which line."""

    payload: bytes
    fill: int
    time_ms: int | None
    station: bytes
    line: int


class _Tag(NamedTuple):
    """What a tag block or a `$PGHP` sentence says of the sentence after it."""

    time_ms: int | None = None
    station: bytes = b""
    group: bytes = b""
    is_good: bool = True


_NO_TAG = _Tag()
_Key = tuple[bytes, ...]


class Sentences:
    """A walk over lines that gives whole messages, each once.

    `clock` gives the time of reception of a live source, in milliseconds; a file
    has none. Memory is bounded: at most `_MOST_PENDING` messages wait for parts, and
    repeats are remembered for `REPEAT_MS`, and for 65,536 to 131,072 messages at most.
    """

    def __init__(self, account: Account, clock: Callable[[], int] | None = None) -> None:
        self.account = account
        self.clock = clock
        self._pending: OrderedDict[_Key, tuple[dict[int, tuple[bytes, int]], _Tag, int]] = OrderedDict()
        self._recent: dict[bytes, int] = {}
        self._older: dict[bytes, int] = {}
        self._wrapped = _NO_TAG
        self._last_part: _Key = ()
        self._sentences = self._repeats = 0

    def __call__(self, lines: Iterable[bytes]) -> Iterator[Heard]:
        """Each message with its line; the time of a message in parts is that of its first part."""
        seen = self.account.seen
        number = 0
        for number, line in enumerate(lines, start=1):
            bang = line.find(b"!")
            if bang < 0:
                if line[:5] == b"$PGHP":
                    self._wrapped = _wrapper(line)
            elif len(line) < LONGEST and line.find(b"!", bang + 1) < 0 and b"$" not in line:
                if heard := self._sentence(line, bang, number):
                    yield heard
            else:
                for piece in _SENTENCES.findall(line[:LONGEST]):
                    if b"$PGHP" in piece:
                        self._wrapped = _wrapper(piece[piece.find(b"$PGHP") :])
                    elif (at := piece.find(b"!")) >= 0 and (heard := self._sentence(piece, at, number)):
                        yield heard
        seen["lines"] += number
        seen["sentences"] += self._sentences
        seen["repeats"] += self._repeats
        self._sentences = self._repeats = 0
        for _, _, first in self._pending.values():
            self._missing(first)
        self._pending.clear()

    def _sentence(self, line: bytes, bang: int, number: int) -> Heard | None:
        kind = line[bang + 3 : bang + 6]
        if kind not in (b"VDM", b"VDO"):
            self.account.seen["other sentences"] += 1
            return None
        self._sentences += 1
        tag, self._wrapped = self._wrapped, _NO_TAG
        star = line.find(b"*", bang)
        if star < 0:
            self._fault("malformed-sentence", "the sentence has no checksum", number, line)
            return None
        body = line[bang + 1 : star]
        if not _agrees(body, line[star + 1 : star + 3]):
            text = f"the characters give the checksum {_xor(body):02X}, and the sentence says otherwise"
            self._fault("bad-checksum", text, number, line)
            return None
        if bang > 0:
            tag = self._tag(line, bang, number) or tag
        fields = body.split(b",")
        if len(fields) != 7 or not fields[5] or fields[6] not in _FILLS:
            self._fault("malformed-sentence", "a VDM sentence has seven fields, a payload and 0 to 5 fill bits", number, line)
            return None
        if tag.time_ms is None:
            if len(line) - star > 12:
                tag = _suffix(line[star + 3 :]) or tag
            if self.clock is not None and tag.time_ms is None:
                tag = tag._replace(time_ms=self.clock())
        if fields[1] != b"1":
            return self._part(fields, tag, number)
        payload = fields[5]
        return Heard(payload, _FILLS[fields[6]], tag.time_ms, tag.station, number) if self._is_new(payload, tag.time_ms) else None

    def _part(self, fields: list[bytes], tag: _Tag, number: int) -> Heard | None:
        if not (len(fields[1]) == len(fields[2]) == 1 and fields[1] in b"23456789" and b"1" <= fields[2] <= fields[1]):
            self._fault("malformed-sentence", "the parts of a message are numbered 1 to 9", number, b",".join(fields))
            return None
        total, part = int(fields[1]), int(fields[2])
        marks = (fields[0], fields[1], fields[3], fields[4])
        heard_by = tag.group or tag.station
        if not heard_by and part > 1 and self._last_part[1:] == marks:
            heard_by = self._last_part[0]  # a part without words of its own goes with the part just before it
        key = self._last_part = (heard_by, *marks)
        parts, first_tag, first = self._pending.pop(key, ({}, tag, number))
        if part in parts:
            self._missing(first)
            parts, first_tag, first = {}, tag, number
        parts[part] = fields[5], _FILLS[fields[6]]
        if len(parts) < total:
            self._pending[key] = parts, first_tag, first
            if len(self._pending) > _MOST_PENDING:
                self._missing(self._pending.popitem(last=False)[1][2])
            return None
        payload = b"".join(parts[i][0] for i in range(1, total + 1))
        time = first_tag.time_ms if first_tag.time_ms is not None else tag.time_ms
        return Heard(payload, parts[total][1], time, first_tag.station, first) if self._is_new(payload, time) else None

    def _is_new(self, payload: bytes, time: int | None) -> bool:
        """Whether the payload has not just been heard. Without times only the last ones heard are compared."""
        before = self._recent.get(payload)
        if before is None:
            before = self._older.get(payload)
        now = 0 if time is None else time
        if before is not None and -REPEAT_MS <= now - before <= REPEAT_MS:
            self._repeats += 1
            return False
        self._recent[payload] = now
        if len(self._recent) >= _GENERATION:
            self._older, self._recent = self._recent, {}
        return True

    def _tag(self, line: bytes, bang: int, number: int) -> _Tag | None:
        """The tag block before a sentence, if there is one; what a bad one says is not used."""
        end = line.rfind(b"\\", 0, bang)
        start = line.find(b"\\")
        if end <= start:
            return None
        tag = tag_block(line[start + 1 : end])
        if not tag.is_good:
            self._fault("bad-tag-block", "the checksum of the tag block is wrong; its time and station are not used", number, line)
        return tag

    def _missing(self, number: int) -> None:
        self._fault("missing-part", "the message that begins here lacks a part", number, None)

    def _fault(self, code: str, text: str, number: int, line: bytes | None) -> None:
        tally = self.account.tally
        if not tally.wants(code):
            tally.add_unseen(code, 1)
            return
        excerpt = None if line is None else line[:200].decode("ascii", "replace").rstrip("\r\n")
        tally.add(Problem(code, text, Span(tally.path, number, 1, number, 1), excerpt, severity="warning"))


def _xor(body: bytes) -> int:
    """The exclusive or of all bytes: the upper half of a long number is laid over the lower, again and again."""
    if len(body) > 128:
        return _xor(body[:128]) ^ _xor(body[128:])
    value = int.from_bytes(body, "little")
    value ^= value >> 512
    value ^= value >> 256
    value ^= value >> 128
    value ^= value >> 64
    value ^= value >> 32
    value ^= value >> 16
    return (value ^ value >> 8) & 0xFF


_HEX = {f"{n:02X}".encode(): n for n in range(256)} | {f"{n:02x}".encode(): n for n in range(256)}
_ONE_DIGIT = {f"{n:X}".encode(): n for n in range(16)}


def _agrees(body: bytes, said: bytes) -> bool:
    value = _HEX.get(said)
    if value is None:
        value = _ONE_DIGIT.get(said.strip())
    return value is not None and value == _xor(body)


def tag_block(text: bytes) -> _Tag:
    """What a tag block says: time of reception (`c`, seconds or milliseconds since 1970), station (`s`), group (`g`)."""
    fields, star, said = text.rpartition(b"*")
    if not star or not _agrees(fields, said[:2]):
        return _Tag(is_good=False)
    time, station, group = None, b"", b""
    for field in fields.split(b","):
        name = field[:2]
        if name == b"c:":
            time = _moment(field[2:])
        elif name == b"s:":
            station = field[2:]
        elif name == b"g:":
            group = b"g" + field[field.rfind(b"-") :]
    return _Tag(time, station, group)


def _moment(digits: bytes) -> int | None:
    """Seconds or milliseconds since 1970 as milliseconds; None if they are no time of these decades."""
    if not digits.isdigit() or len(digits) > 13:
        return None
    value = int(digits)
    milliseconds = value if value > 100_000_000_000 else value * 1000
    return milliseconds if EARLIEST_MS <= milliseconds < LATEST_MS else None


def _wrapper(line: bytes) -> _Tag:
    """The `$PGHP` sentence: year to millisecond of reception, and the station."""
    fields = line.split(b",")
    star = line.find(b"*")
    if len(fields) < 13 or star < 0 or not _agrees(line[1:star], line[star + 1 : star + 3]):
        return _NO_TAG
    try:
        year, month, day, hour, minute, second, milli = (int(f) for f in fields[2:9])
        at = datetime(year, month, day, hour, minute, second, milli * 1000, tzinfo=UTC)
    except ValueError:
        return _NO_TAG
    return _Tag(round(at.timestamp() * 1000), fields[11] or fields[9])


def _suffix(text: bytes) -> _Tag | None:
    """What the US Coast Guard adds after the checksum: `r` and the station, then seconds since 1970."""
    fields = text.strip().split(b",")
    station = next((f for f in fields if f[:1] in b"rb" and f[1:].isdigit()), b"")
    time = next((t for f in fields if len(f) == 10 and (t := _moment(f)) is not None), None)
    return None if time is None else _Tag(time, station)
