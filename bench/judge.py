"""Judges the two yardstick rules and measures CPU against hand-written DuckDB queries, in one run.

    python bench/judge.py [EVENTS ...] [--memory 2GB] [--write]

R1: an exercise of 9,000 or more without a notification at least 42 days before.
R2: a question not answered by the party asked within 48 hours.
The peer answers for one set of facts and lists violations. Détente judges every
account, with patterns, burden and completeness on, counts every instance and
lists what is not kept; with evidence lists, every instance with the statements
that decide it. Both read tables in the same process with two threads; runs are
interleaved and medians of CPU seconds are compared. A comparison counts only if
the peer reaches 15 M events per CPU second on R1 at 1 M events.

With --memory, the judge's database keeps to that limit while it
judges, and what does not fit goes to a scratch folder.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent))

import duckdb
from event_log import PARTIES, evidence, make_log, peer_table

from detente.agreement.clause import Agreement
from detente.agreement.load import parse_agreement
from detente.evidence import read_record
from detente.judge.plan import plans
from detente.judge.run import run_plan
from detente.judge.stage import Staging, stage

PEER = {
    "R1": """SELECT e.ts, e.party, e.id, e.size FROM ev e WHERE e.kind = 'exercise' AND e.size >= 9000
      AND NOT EXISTS (SELECT 1 FROM ev n WHERE n.kind = 'notify' AND n.party = e.party AND n.id = e.id AND n.ts <= e.ts - 42*86400)""",
    "R2": """SELECT q.ts, q.party, q.other, q.id FROM ev q WHERE q.kind = 'query'
      AND NOT EXISTS (SELECT 1 FROM ev a WHERE a.kind = 'answer' AND a.party = q.other AND a.other = q.party AND a.id = q.id
        AND a.ts BETWEEN q.ts AND q.ts + 48*3600)""",
}

TEXT = """# Yardstick

```rule
agreement:
    parties {parties};
.
```

## Article R1

```rule
rule R1:
    each Party that conducts an exercise X
        where X.troops is at least 9000
    shall give a notification about X
    at least 42 days before X.start
    unless X is unannounced-to-troops.
```

## Article R2

```rule
rule R2:
    when a Party A asks an inquiry Q to a Party B,
    B shall answer Q to A within 48 hours.
```
"""

MONPOLY = "MonPoly on logs of this character (its own machine and run, quoted): 0.65 M and 0.5 M events per CPU second at 1 M events, 0.45 M and 0.17 M at 10 M."


def cpu() -> float:
    """CPU seconds of this process so far, all threads."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def timed(run: Callable[[], object]) -> float:
    before = cpu()
    run()
    return cpu() - before


def main() -> None:
    """Run every size and print the table; with --write also put it into docs/benchmarks.md."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("events", nargs="*", type=int, default=[1_000_000, 10_000_000])
    arguments.add_argument("--repeat", type=int, default=5)
    arguments.add_argument("--memory", default="")
    arguments.add_argument("--write", action="store_true")
    asked = arguments.parse_args()
    lines = [
        "| events | rule | peer, M events/CPU s | accounts | evidence lists | ratio to the peer's CPU | goal |",
        "|---|---|---|---|---|---|---|",
    ]
    for events in asked.events or [1_000_000, 10_000_000]:
        lines += measure(events, asked.repeat, asked.memory)
    table = "\n".join(lines)
    print(table)
    print(MONPOLY)
    if asked.write:
        write(table)


def measure(events: int, repeat: int, memory: str) -> list[str]:
    """Rows of the table for one size of log."""
    log = make_log(events, 1)
    agreement, problems = parse_agreement(TEXT.format(parties=", ".join(f"P{p}" for p in range(PARTIES))), "yardstick.md")
    if agreement is None:
        raise SystemExit("\n".join(map(str, problems)))
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        for own_words in (False, True):
            folder = Path(scratch) / ("own" if own_words else "register")
            evidence(folder, log, own_words=own_words)
            rows += compared(agreement, folder, log, events, repeat, memory, lists=own_words)
    return rows


def compared(agreement: Agreement, folder: Path, log: dict, events: int, repeat: int, memory: str, *, lists: bool) -> list[str]:
    """One row per rule; peer and judge take turns."""
    scratch = folder.parent / f"{folder.name}-scratch"
    record = read_record(folder, agreement.kinds, parties=agreement.parties, groups=agreement.groups, scratch=scratch)
    if memory:
        record.database.execute(f"SET memory_limit = '{memory}'")
    for problem in record.problems:
        print(problem, file=sys.stderr)
    peer = duckdb.connect(config={"threads": 2})
    record.database.execute("SET threads = 2")
    peer_table(peer, log)
    scene = stage(agreement, record, Staging(datetime(2000, 1, 1), datetime(2000, 1, 1)))  # noqa: DTZ001
    rows = []
    for rule in agreement.rules:
        name = rule.head.id

        def ask(rule=rule) -> object:  # noqa: ANN001
            (plan,) = plans(scene, rule, agreement.evidence)
            return run_plan(record.database, plan, "result", rows=lists)

        def ask_peer(name: str = name) -> object:
            return peer.execute(f"CREATE OR REPLACE TEMP TABLE found AS {PEER[name]}")

        ask(), ask_peer()
        pairs = [(timed(ask_peer), timed(ask)) for _ in range(repeat)]
        violations = peer.execute("SELECT count(*) FROM found").fetchone()
        counts = run_plan(record.database, plans(scene, rule, agreement.evidence)[0], "result", rows=lists)
        not_kept = sum(n for outcome, n in counts.items() if outcome != "kept")
        if violations is None or violations[0] != not_kept:
            raise SystemExit(f"{name}: the peer finds {violations}, the judge {counts}")
        theirs, ratio = median(p for p, _ in pairs), median(o / p for p, o in pairs)
        speed = events / theirs / 1e6
        counts_only = "yes" if lists else "no"
        goal = 3.0 if lists else 1.5
        rows.append(f"| {events:,} | {name} | {speed:.1f} | {len(scene.seating.accounts)} | {counts_only} | {ratio:.2f} | ≤ {goal} |")
    return rows


def write(table: str) -> None:
    """Put the table into docs/benchmarks.md, between its marks."""
    page = Path(__file__).parent.parent / "docs" / "benchmarks.md"
    text = page.read_text(encoding="utf-8") if page.exists() else "# Benchmarks\n\n<!-- judge -->\n<!-- /judge -->\n"
    before, _, rest = text.partition("<!-- judge -->")
    _, _, after = rest.partition("<!-- /judge -->")
    page.write_text(f"{before}<!-- judge -->\n{table}\n\n{MONPOLY}\n<!-- /judge -->{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
