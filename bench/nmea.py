"""Reading raw AIS: the whole reader against pyais alone, on one file, by turns.

pyais reads the file with its own stream and decodes every message. The reader does that and everything above it:
tag blocks, times of reception, checksums, repeats merged, parts put together, clocks compared, columns in batches. What repeats is not decoded again, and
messages that place nobody are not decoded at all; so a second run is on the file with its repeats taken out, and a third on its position
reports only, where neither saves anything. CPU seconds. Run: python bench/nmea.py FILE [--rounds 5]

FILE is a log of AIS, plain or .gz, such as a day of a national feed. Where it names no times, the reader is given a clock.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import statistics
import time
from pathlib import Path

from pyais.stream import ByteStream

from detente.reading.ais import read_ais
from detente.reading.tally import Tally
from detente.reading.track import Account

POSITION_TYPES = b"123BC9K"
"""First characters of the payloads of messages 1, 2, 3, 18, 19, 9 and 27."""


def main() -> None:
    """Print lines a second of both, and the ratio of each round."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("file", type=Path)
    asked.add_argument("--rounds", type=int, default=5)
    options = asked.parse_args()
    opened = gzip.open if options.file.suffix == ".gz" else open
    with opened(options.file, "rb") as file:
        lines = file.readlines()
    bare = [line for line in lines if b"VDM," in line]
    single = list({_payload(line): line for line in bare}.values())
    positions = [line for line in single if _payload(line)[:1] in [bytes([c]) for c in POSITION_TYPES]]
    for name, chosen in (("the file", lines), ("without repeats", single), ("position reports only, without repeats", positions)):
        ratios = []
        for _ in range(options.rounds):
            theirs, ours = _alone(chosen), _whole(chosen)
            ratios.append(theirs / ours)
        rate = len(chosen) / ours
        print(
            f"{name}: {len(chosen):,} lines; reader {rate:,.0f} lines/s, pyais {len(chosen) / theirs:,.0f} lines/s; ratio {statistics.median(ratios):.2f}",
            end="",
        )
        print(f" ({min(ratios):.2f} to {max(ratios):.2f})")


def _payload(line: bytes) -> bytes:
    fields = line[line.find(b"!") :].split(b",")
    return fields[5] if len(fields) > 5 else line


def _alone(lines: list[bytes]) -> float:
    start = time.process_time()
    for message in ByteStream(lines):
        with contextlib.suppress(Exception):  # a message that pyais cannot decode
            message.decode()
    return time.process_time() - start


def _whole(lines: list[bytes]) -> float:
    account = Account(Tally("bench"))
    start = time.process_time()
    for _ in read_ais(lines, account, lambda: 1_700_000_000_000):
        pass
    return time.process_time() - start


if __name__ == "__main__":
    main()
