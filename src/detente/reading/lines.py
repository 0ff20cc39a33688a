"""Lines of a stream whose longest line is not known: what is beyond a limit is passed over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

LONGEST = 4096
"""Bytes of a line that are kept. A sentence of NMEA has 82 at most, and a tag block as many."""


def lines_of(stream: BinaryIO) -> Iterator[bytes]:
    """Each line, cut after `LONGEST` bytes; memory stays bounded whatever the stream holds."""
    readline = stream.readline
    while line := readline(LONGEST):
        yield line
        while len(line) == LONGEST and not line.endswith(b"\n"):
            line = readline(LONGEST)
