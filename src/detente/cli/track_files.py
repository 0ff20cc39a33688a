"""Files of tracks named on a command line: opened one after another, read batch by batch, with what was wrong told at the end."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Self

from detente.cli.place import readable_name
from detente.cli.progress import Progress
from detente.cli.streams import refusal, say, show_problems
from detente.model.problem import Problem

if TYPE_CHECKING:
    from detente.reading.mapping import Mapped
    from detente.reading.track import TrackBatch

_SHOWN = 20


class TrackFiles:
    """The files, and a count of what came out of them. Iterating reads them; a second time reads them again, stdin excepted."""

    def __init__(self, files: Sequence[str], mapping: Path | None) -> None:
        self.files = list(files)
        for name in self.files:
            if name != "-":
                readable_name(Path(name))
        self.mapping = _mapping(mapping) if mapping is not None else None
        self.seen: Counter[str] = Counter()
        self.problems: list[Problem] = []
        self.progress = Progress()

    def __iter__(self) -> Iterator[TrackBatch]:
        self.seen.clear()
        self.problems.clear()
        for name in self.files:
            yield from self.one(name)

    def one(self, name: str) -> Iterator[TrackBatch]:
        """The batches of one file. A file that no reader takes ends the command: it was named, so it was meant."""
        from detente.reading.mapped import UnmappedTable
        from detente.reading.tally import Tally
        from detente.reading.track import Account
        from detente.reading.tracks import read_tracks

        account = Account(Tally("stdin" if name == "-" else name))
        try:
            with _Watched(name) as watched, self.progress:
                for batch in read_tracks(watched.file, account, self.mapping):
                    self.seen["fixes"] += batch.positions.num_rows
                    self.progress(f"reading {Path(name).name}", watched.share)
                    yield batch
        except UnmappedTable as stop:
            raise refusal(stop.problem) from None
        except ModuleNotFoundError as error:
            raise missing_tracks(error) from None
        except OSError as error:
            raise refusal(Problem("unreadable-file", f"{name}: {error.strerror or error}")) from None
        self.seen.update(account.seen)
        self.problems += account.tally.problems()

    def tell(self) -> None:
        """The first faults on stderr, then how many of each there are, and what was read."""
        show_problems(self.problems[:_SHOWN])
        rest = self.problems[_SHOWN:]
        if rest:
            counts = Counter(problem.code for problem in rest if problem.code != "too-many-problems")
            cut = [problem.message for problem in rest if problem.code == "too-many-problems"]
            say("... and " + ", ".join([*(f"{n:,} more of {code}" for code, n in counts.most_common()), *cut]))
        from detente.report.words import plural

        said = [f"{self.seen['fixes']:,} {plural(self.seen['fixes'], 'fix', 'fixes')}"]
        for key, one, after in (
            ("repeats", "repeat", " merged"),
            ("without a position", "report", " without a position"),
            ("other messages", "message", " of other kinds"),
        ):
            if count := self.seen[key]:
                said.append(f"{count:,} {plural(count, one)}{after}")
        say("read: " + ", ".join(said))


class _Watched:
    """An open file that knows how much of it has been read."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.file: BinaryIO
        self._size = 0

    def __enter__(self) -> Self:
        if self.name == "-":
            self.file = sys.stdin.buffer
        else:
            self.file = Path(self.name).open("rb")
            self._size = Path(self.name).stat().st_size
        return self

    def __exit__(self, *_: object) -> None:
        if self.name != "-":
            self.file.close()

    @property
    def share(self) -> float:
        try:
            return self.file.tell() / self._size if self._size else 0.0
        except (OSError, ValueError):
            return 0.0


def missing_tracks(error: ImportError) -> BaseException:
    """The refusal that names the extra."""
    what = {"pyais": "raw AIS needs pyais", "pyModeS": "raw ADS-B needs pyModeS"}.get(error.name or "", "measuring tracks needs numba")
    return refusal(Problem("missing-extra", f"{what}, which is not installed", help='install it: pip install "detente[tracks]"'))


def _mapping(path: Path) -> Mapped:
    from detente.reading.mapping import BrokenMapping, read_mapping

    readable_name(path)
    try:
        return read_mapping(path.read_bytes(), str(path))
    except BrokenMapping as broken:
        raise refusal(broken.problem) from None
    except OSError as error:
        raise refusal(Problem("unreadable-file", f"{path}: {error.strerror or error}")) from None
