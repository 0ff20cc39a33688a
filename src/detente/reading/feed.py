"""A source of positions read beside the work on them: a thread reads, and whoever works takes what has come.

The two meet in a queue that holds so much and no more; a reader that is ahead waits, and with it a file or a
connection. Datagrams that come meanwhile are held by the system, and beyond that lost, as UDP allows.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pyarrow as pa

from detente.model.problem import Problem
from detente.model.span import Span
from detente.reading.mapping import Mapped
from detente.reading.tally import Tally
from detente.reading.track import Account, TrackBatch

if TYPE_CHECKING:
    from detente.reading.ais import AisReader

_MOST_WAITING = 4
"""Batches that may wait."""
_LOOK_S = 0.1
"""How often somebody who waits looks at rows that fill no batch yet."""


class Lines(Protocol):
    """What gives lines until it is told to stop."""

    def lines(self, stop: threading.Event) -> Iterator[bytes]:
        """Lines, each without its end or with it."""


class Feed:
    """Positions from a source, as they come."""

    def __init__(self, name: str) -> None:
        self.account = Account(Tally(name))
        self.problem: Problem | None = None
        """What ended the source before its time."""
        self.stop = threading.Event()
        self._ready: list[pa.Table] = []
        self._turn = threading.Condition()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._read, name="feed", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def take(self, wait_s: float) -> list[pa.Table]:
        """The positions that have come since the last time; waits at most so long for the first."""
        deadline = time.monotonic() + wait_s
        with self._turn:
            while not (taken := self._waiting()) and not self._ended.is_set() and (left := deadline - time.monotonic()) > 0:
                self._turn.wait(min(left, _LOOK_S))
            self._turn.notify_all()
        return taken

    def _waiting(self) -> list[pa.Table]:
        """What has come, and is waited for no more. Called in turn."""
        taken, self._ready = self._ready, []
        return taken

    @property
    def is_over(self) -> bool:
        """Whether the source has ended and all of it has been taken."""
        with self._turn:
            return self._ended.is_set() and not self._ready

    def close(self) -> None:
        """Stop reading, and wait until that is done."""
        self.stop.set()
        with self._turn:
            self._turn.notify_all()
        if self._thread.is_alive():
            self._thread.join(5.0)

    def _batches(self) -> Iterator[TrackBatch]:
        raise NotImplementedError

    def _read(self) -> None:
        try:
            for batch in self._batches():
                if batch.positions.num_rows:
                    self._give(batch.positions)
                if self.stop.is_set():
                    break
        except OSError as error:
            text = f"the source cannot be read: {error.strerror or error}"
            self.problem = Problem("unreadable-file", text, Span(self.account.tally.path, 1, 1, 1, 1))
        except Exception as error:  # noqa: BLE001  whatever a reader meets ends the feed, in words and not as a trace on stderr
            self.problem = getattr(error, "problem", None) or Problem(
                "missing-extra" if isinstance(error, ImportError) else "unreadable-file",
                f"the source cannot be read: {str(error)[:200] or type(error).__name__}",
            )
        finally:
            self._ended.set()
            with self._turn:
                self._turn.notify_all()

    def _give(self, positions: pa.Table) -> None:
        with self._turn:
            while len(self._ready) >= _MOST_WAITING and not self.stop.is_set():
                self._turn.wait(0.5)
            self._ready.append(positions)
            self._turn.notify_all()


class LiveFeed(Feed):
    """Sentences of AIS from a source that goes on. Where a sentence has no time of its own, that of its reception counts."""

    def __init__(self, name: str, source: Lines, *, is_timed: bool = True) -> None:
        super().__init__(name)
        self._source = source
        self._clock = now_ms if is_timed else None
        self._reader: AisReader | None = None

    def _waiting(self) -> list[pa.Table]:
        rest = [self._reader.batch().positions] if self._reader else []
        return [table for table in (*super()._waiting(), *rest) if table.num_rows]

    def _batches(self) -> Iterator[TrackBatch]:
        from detente.reading.ais import AisReader  # noqa: PLC0415  pyais is an extra
        from detente.reading.nmea import Sentences  # noqa: PLC0415  as above

        reader = AisReader(self.account)
        with self._turn:
            self._reader = reader
        for heard in Sentences(self.account, self._clock)(self._source.lines(self.stop)):
            with self._turn:
                batch = reader.take(heard)
            if batch is not None:
                yield batch
        with self._turn:
            rest = reader.batch()
            reader.finish()
        yield rest


class FileFeed(Feed):
    """A recording of any format, read from its start to its end. The reading is the same each time, so fixes can be counted on to come in one order."""

    def __init__(self, path: Path, mapping: Mapped | None = None) -> None:
        super().__init__(str(path))
        self._path = path
        self._mapping = mapping

    def _batches(self) -> Iterator[TrackBatch]:
        from detente.reading.tracks import read_track_file  # noqa: PLC0415  its readers are extras

        yield from read_track_file(self._path, self.account, self._mapping)


def now_ms() -> int:
    """The present, ms since 1970."""
    return time.time_ns() // 1_000_000
