"""Memory stays flat however long a feed goes on: an hour or two here, a day and a night with `make soak`."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from detente.model.recording import Recording
from detente.reading.feed import LiveFeed
from detente.workbench import Question
from detente.workbench.watch import Watch
from watch.test_feeds import AT, sentence
from workbench.test_watch import bare


class Day:
    """Named ships to and fro in each other's sight, and as many others; 10 s between reports."""

    def __init__(self, hours: float) -> None:
        self.hours = hours

    def lines(self, stop: Event) -> Iterator[bytes]:
        for s in range(0, round(self.hours * 3600), 10):
            for n in range(12):
                share = abs((s + 300 * n) % 7200 - 3600) / 3600
                mmsi = 900000001 + n if n < 3 else 900000100 + n
                yield sentence(mmsi, AT + s, 20 + 0.3 * share, 54.9 + 0.004 * n)
            if stop.is_set():
                return


def rows_kept(watch: Watch) -> int:
    parts = [*watch.separations, *([watch.stays] if watch.stays else [])]
    return sum(part.kept.whole.num_rows for part in parts if part.kept.whole is not None)


def soaked(folder: Path, hours: float) -> tuple[list[int], list[float], float]:
    """After each hour of the feed: fixes kept, and the peak of memory in MiB; and how many times faster than the clock it went."""
    watch = Watch(bare(folder), Recording("radar", "feed", folder, None, 20, 1.0), 30, Question())
    feed = LiveFeed("feed", Day(hours), is_timed=False)
    began, hour = time.monotonic(), 1
    kept: list[int] = []
    peak: list[float] = []
    feed.start()
    while not feed.is_over:
        for positions in feed.take(0.5):
            for at in range(0, positions.num_rows, 2000):
                watch.take(positions.slice(at, 2000))
                for _ in watch.turn():
                    pass
                if watch.newest_ms >= (AT + 3600 * hour) * 1000:
                    hour += 1
                    kept.append(rows_kept(watch))
                    peak.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    assert feed.problem is None
    assert watch.told > 0
    return kept, peak, hours * 3600 / (time.monotonic() - began)


def test_what_is_kept_does_not_grow(tmp_path: Path) -> None:
    kept, _, _ = soaked(tmp_path / "case", 3)
    assert kept[-1] < 1.4 * kept[1]


@pytest.mark.soak
def test_a_day_and_a_night(tmp_path: Path) -> None:
    kept, peak, speed = soaked(tmp_path / "case", 24)
    assert kept[-1] < 1.4 * kept[3]
    assert peak[-1] < peak[5] + 100, "MiB"
    assert speed >= 20
