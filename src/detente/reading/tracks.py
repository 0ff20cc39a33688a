"""A file of tracks, whatever its format: its name and first bytes decide which reader takes it.

Raw AIS (NMEA 0183), raw ADS-B, comma-separated tables, Parquet, GeoJSON; all but
Parquet may be packed with gzip, and may come from a pipe. A live source gives lines
to `read_ais` or `read_adsb` itself, with a clock.
"""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Literal, cast

from detente.model.problem import Problem
from detente.model.span import Span
from detente.reading.lines import lines_of
from detente.reading.mapped import UnmappedTable, read_csv_tracks, read_parquet_tracks
from detente.reading.mapping import Mapped
from detente.reading.track import Account, TrackBatch

Format = Literal["nmea", "adsb", "csv", "parquet", "geojson"]
_LOOK = 4096
_MOST_PIPED = 256 << 20
_ADSB = re.compile(rb"\s*(?:\d{9,10}(?:\.\d{1,9})?[\s,;]+)?[*@]?(?:[0-9A-Fa-f]{14}|[0-9A-Fa-f]{28});?\s*(?:[\s,;].{0,400})?", re.DOTALL)
"""A line of raw ADS-B, as `adsb.py` reads it; kept here too, so that looking at a file does not load the decoder."""


def read_tracks(file: BinaryIO, account: Account, mapping: Mapped | None = None) -> Iterator[TrackBatch]:
    """Batches from an open file of any known format.

    Raises:
        UnmappedTable: the format is not known, or its columns are not.
        ImportError: the format needs pyais or pyModeS, which are not installed (`detente[tracks]`).
    """
    stream = file if isinstance(file, io.BufferedReader) else io.BufferedReader(cast("io.RawIOBase", file))
    if stream.peek(2)[:2] == b"\x1f\x8b":
        stream = io.BufferedReader(_Unpacked(stream, account))
    yield from _read(stream, account, mapping)


class _Unpacked(io.RawIOBase):
    """What a gzip file holds; where it breaks off it ends, and that is told."""

    def __init__(self, packed: BinaryIO, account: Account) -> None:
        super().__init__()
        self._inner = gzip.GzipFile(fileobj=packed)
        self._account = account
        self._is_over = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = b"" if self._is_over else self._inner.read1(len(buffer))
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            self._is_over = True
            data = b""
            text = f"the packed file breaks off: {str(error)[:100]}; what came before is read"
            self._account.tally.add(Problem("unreadable-file", text, Span(self._account.tally.path, 1, 1, 1, 1)))
        buffer[: len(data)] = data
        return len(data)


def read_track_file(path: Path, account: Account, mapping: Mapped | None = None) -> Iterator[TrackBatch]:
    """As `read_tracks`, of a file on disk."""
    with path.open("rb") as file:
        yield from read_tracks(file, account, mapping)


def _read(stream: io.BufferedReader, account: Account, mapping: Mapped | None) -> Iterator[TrackBatch]:
    form = "csv" if mapping is not None and stream.peek(4)[:4] != b"PAR1" else format_of(stream.peek(_LOOK)[:_LOOK])
    match form:
        case "nmea":
            from detente.reading.ais import read_ais  # noqa: PLC0415 - pyais is an extra

            yield from read_ais(lines_of(stream), account)
        case "adsb":
            from detente.reading.adsb import read_adsb  # noqa: PLC0415 - pyModeS is an extra

            yield from read_adsb(lines_of(stream), account)
        case "csv":
            yield from read_csv_tracks(stream, account, mapping)
        case "parquet":
            yield from read_parquet_tracks(stream if stream.seekable() else _whole(stream, account), account, mapping)
        case "geojson":
            from detente.reading.geojson_tracks import read_geojson_tracks  # noqa: PLC0415 - as the others

            yield from read_geojson_tracks(stream, account)
        case None:
            text = "the file is neither raw AIS or ADS-B nor a table, Parquet or GeoJSON"
            raise UnmappedTable(Problem("unknown-track-format", text, Span(account.tally.path, 1, 1, 1, 1)))


def _whole(stream: BinaryIO, account: Account) -> BinaryIO:
    """What comes through a pipe, in memory: Parquet is read from its end."""
    data = stream.read(_MOST_PIPED + 1)
    if len(data) > _MOST_PIPED:
        text = f"Parquet of more than {_MOST_PIPED >> 20} MB cannot be read from a pipe; name the file"
        raise UnmappedTable(Problem("unreadable-file", text, Span(account.tally.path, 1, 1, 1, 1)))
    return io.BytesIO(data)


def format_of(head: bytes) -> Format | None:
    """The format that the first bytes of a file show; None if they show none."""
    if head[:4] == b"PAR1":
        return "parquet"
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text[:1] == b"{":
        return "geojson"
    lines = [line for line in text.splitlines() if line.strip()]
    bare = [line for line in lines if line[:1] != b"#"]
    if any(line[:1] in b"!$\\" for line in bare[:20]) or any(b"!AIVDM" in line or b"!BSVDM" in line for line in bare[:20]):
        return "nmea"
    if bare and _ADSB.fullmatch(bare[0][:600]):
        return "adsb"
    if lines and any(d in lines[0] for d in b",;\t") and b"\0" not in lines[0]:
        return "csv"
    return None
