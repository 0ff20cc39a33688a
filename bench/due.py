"""What is owed in a large record: seconds of `detente due`, and how many rows it lists.

    python bench/due.py [STATEMENTS ...]

The log is that of bench/judge.py. The list is asked for on a day after all of
it, when little is owed but what is overdue, and on a day in its midst, when
all that is recorded of later years lies ahead. `reading` makes the evidence tables; `computing` is all that `due` does after it (accounts, one
query for each rule, rows as objects, their order) but the `digest` of the
evidence, which every list names. Wall-clock seconds, two threads.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).parent))

from event_log import PARTIES, evidence, make_log

from detente.judge import Question
from detente.model.owed import OwedState
from detente.report.due_csv import due_csv
from detente.report.due_json import due_json
from detente.report.ics import due_ics
from detente.workbench import open_case
from detente.workbench.due import due
from judge import TEXT

T = TypeVar("T")
KNOWN = datetime(2026, 1, 1, tzinfo=UTC)
END, MIDST = datetime(1980, 2, 1, tzinfo=UTC), datetime(1978, 1, 1, tzinfo=UTC)
ASKED = (
    ("after the log", END, None),
    ("in its midst, within 30 days", MIDST, MIDST + timedelta(days=30)),
    ("in its midst, all", MIDST, None),
)


def main() -> None:
    """Measure every size, each with one source for all and with each Party's own word."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("statements", nargs="*", type=int)
    arguments.add_argument("--repeat", type=int, default=3)
    asked = arguments.parse_args()
    print(
        "| statements | sources | accounts | reading, s | asked | computing, s | digest, s | rows | overdue | json, s | csv, s | ics, s |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|---|")
    for statements in asked.statements or [1_000_000]:
        for own_words in (False, True):
            for line in measured(statements, asked.repeat, own_words=own_words):
                print(line, flush=True)


def measured(statements: int, repeat: int, *, own_words: bool) -> Iterator[str]:
    """Rows of the table; the least of `repeat` runs each."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        evidence(folder / "evidence", make_log(statements, 1), own_words=own_words)
        (folder / "agreement.md").write_text(TEXT.format(parties=", ".join(f"P{p}" for p in range(PARTIES))), encoding="utf-8")
        reading, bench = timed(lambda: open_case(folder))
        bench.record.database.execute("SET threads = 2")
        digest = min(timed(lambda: bench.record.digest(KNOWN))[0] for _ in range(repeat))
        for words, on, until in ASKED:
            question = Question(as_of=on, known_on=KNOWN)
            runs = [timed(lambda question=question, until=until: due(bench, question, until=until)) for _ in range(repeat)]
            whole, found = min(runs, key=lambda run: run[0])
            writing = [timed(lambda write=write, found=found: write(found))[0] for write in (due_json, due_csv, due_ics)]
            overdue = Counter(row.state for row in found.owed)[OwedState.OVERDUE]
            cells = (f"{statements:,}", "each Party" if own_words else "one register", len(found.accounts), f"{reading:.2f}", words)
            cells += (f"{whole - digest:.2f}", f"{digest:.2f}", f"{len(found.owed):,}", f"{overdue:,}", *(f"{s:.2f}" for s in writing))
            yield f"| {' | '.join(map(str, cells))} |"


def timed(run: Callable[[], T]) -> tuple[float, T]:
    begun = time.perf_counter()
    found = run()
    return time.perf_counter() - begun, found


if __name__ == "__main__":
    main()
