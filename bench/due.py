"""Measures `detente due` as a command against a hand-written DuckDB query over the same Parquet files, in one run.

    python bench/due.py [STATEMENTS ...] [--repeat 5] [--write]

The log is that of bench/judge.py, told by one register or by each Party itself,
and the two rules are its R1 and R2. The list is asked for on a day after all of
it, when little is owed but what is overdue, and on a day in its midst, when all
that is recorded of later years lies ahead.

Both sides are processes of their own, begun and ended each time: Python's start,
reading the Parquet files with every check of their rows, judging every account
and writing the page are in the figures; the peer starts Python, reads the files
and lists, for one set of facts, what is not performed. Both take two threads and
find their modules compiled. Runs are interleaved; medians. CPU seconds do not
depend on what else the machine does, or little; wall seconds do.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent))

from event_log import PARTIES, evidence, make_log

from judge import TEXT

PEER = """
import duckdb, sys
folder, on, until = sys.argv[1:]
db = duckdb.connect(config={"threads": 2})
db.execute("SET TimeZone = 'UTC'")
db.execute("SET enable_progress_bar = false")
for kind in ("exercise", "notification", "inquiry", "reply"):
    db.execute(f"CREATE VIEW {kind} AS SELECT * FROM '{folder}/{kind}.parquet' WHERE says = 'asserts'")
found = db.execute(f'''
  WITH owed AS (
    SELECT x.event, x.party AS bearer, NULL AS recipient, date_trunc('day', x.start) - INTERVAL 41 day AS due
    FROM exercise x WHERE x.troops >= 9000 AND NOT EXISTS
      (SELECT 1 FROM notification n WHERE n.about = x.event AND n.party = x.party AND n.received <= TIMESTAMPTZ '{on}')
    UNION ALL
    SELECT q.event, q.recipient, q.party, q.received + INTERVAL 48 hour
    FROM inquiry q WHERE NOT EXISTS
      (SELECT 1 FROM reply a WHERE a.about = q.event AND a.party = q.recipient AND a.recipient = q.party AND a.received <= TIMESTAMPTZ '{on}'))
  SELECT event, bearer, recipient, due, due <= TIMESTAMPTZ '{on}' AS overdue
  FROM owed WHERE due <= TIMESTAMPTZ '{until}' ORDER BY overdue DESC, due''').fetchall()
print(len(found))
"""


@dataclass(frozen=True)
class Asked:
    """A day, and how far ahead the list looks."""

    words: str
    on: datetime
    days: int | None = None

    @property
    def options(self) -> list[str]:
        """What the command is told."""
        within = ["--within", f"{self.days * 24}h"] if self.days else []
        return ["--on", f"{self.on:%Y-%m-%dT%H:%MZ}", "--known-on", "2026-01-01", *within]

    @property
    def until(self) -> str:
        """What the peer's query is told."""
        end = self.on + timedelta(days=self.days) if self.days else datetime(2100, 1, 1)  # noqa: DTZ001
        return f"{end:%Y-%m-%dT%H:%M}+00"


MIDST = datetime(1978, 1, 1)  # noqa: DTZ001
ASKED = (
    Asked("after the log", datetime(1980, 2, 1)),  # noqa: DTZ001
    Asked("in its midst, within 30 days", MIDST, 30),
    Asked("in its midst, all", MIDST),
)


def main() -> None:
    """Measure every size and print the table; with --write also put it into docs/benchmarks.md."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("statements", nargs="*", type=int)
    arguments.add_argument("--repeat", type=int, default=5)
    arguments.add_argument("--write", action="store_true")
    asked = arguments.parse_args()
    lines = [
        "| statements | told by | asked | rows | peer, CPU s | due, CPU s | ratio | peer, wall s | due, wall s |",
        "|---|" * 1 + "---|" * 8,
    ]
    print("\n".join(lines))
    for statements in asked.statements or [4_000, 1_000_000]:
        for own_words in (False, True):
            for line in measured(statements, asked.repeat, own_words=own_words):
                print(line, flush=True)
                lines.append(line)
    if asked.write:
        write("\n".join(lines))


def measured(statements: int, repeat: int, *, own_words: bool) -> list[str]:
    """Rows of the table for one size and one way of telling."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "case"
        evidence(folder / "evidence", make_log(statements, 1), own_words=own_words)
        (folder / "agreement.md").write_text(TEXT.format(parties=", ".join(f"P{p}" for p in range(PARTIES))), encoding="utf-8")
        return [_compared(folder, asked, statements, repeat, own_words=own_words) for asked in ASKED]


def _compared(folder: Path, asked: Asked, statements: int, repeat: int, *, own_words: bool) -> str:
    """One question, asked of both in turn."""
    page = folder / "page"
    ours = [sys.executable, "-m", "detente", "due", str(folder), *asked.options, "--exit-zero"]
    theirs = [sys.executable, "-c", PEER, str(folder / "evidence"), f"{asked.on:%Y-%m-%dT%H:%M}+00", asked.until]
    run([*ours, "--format", "csv"], page, folder.parent)
    with page.open(newline="", encoding="utf-8") as file:
        rows = len({row["instance"] for row in csv.DictReader(file)})
    run(theirs, page, folder.parent)
    if rows != (found := int(page.read_text())):
        raise SystemExit(f"{asked.words}: the peer lists {found}, due {rows}")
    pairs = [(run(theirs, page, folder.parent), run(ours, page, folder.parent)) for _ in range(repeat)]
    peer_cpu, peer_wall = (median(peer[i] for peer, _ in pairs) for i in (0, 1))
    cpu, wall = (median(own[i] for _, own in pairs) for i in (0, 1))
    ratio = median(own[0] / peer[0] for peer, own in pairs)
    told = "each Party" if own_words else "one register"
    return (
        f"| {statements:,} | {told} | {asked.words} | {rows:,} | {peer_cpu:.2f} | {cpu:.2f} | {ratio:.1f} | {peer_wall:.2f} | {wall:.2f} |"
    )


def run(command: list[str], page: Path, scratch: Path) -> tuple[float, float]:
    """CPU and wall seconds of a process whose output goes to `page`; modules are compiled into `scratch`, whatever the environment says."""
    settings = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | {"PYTHONPYCACHEPREFIX": str(scratch / "compiled")}
    with page.open("wb") as out:
        begun = time.perf_counter()
        pid = os.posix_spawn(command[0], command, settings, file_actions=[(os.POSIX_SPAWN_DUP2, out.fileno(), 1)])
        _, status, used = os.wait4(pid, 0)
        wall = time.perf_counter() - begun
    if status:
        raise SystemExit(f"{command} ended with {os.waitstatus_to_exitcode(status)}")
    return used.ru_utime + used.ru_stime, wall


def write(table: str) -> None:
    """Put the table into docs/benchmarks.md, between its marks."""
    page = Path(__file__).parent.parent / "docs" / "benchmarks.md"
    before, _, rest = page.read_text(encoding="utf-8").partition("<!-- due -->")
    _, _, after = rest.partition("<!-- /due -->")
    page.write_text(f"{before}<!-- due -->\n{table}\n<!-- /due -->{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
