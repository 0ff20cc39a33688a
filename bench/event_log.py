"""Event logs for the judge's benchmark: as a plain table for the peer, and as a folder of evidence.

Exercises of 35 parties over ten years, most notified well ahead, one in a
hundred late, one in two hundred never; inquiries and their answers, most
within 48 hours. The same seed gives the same log.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

DAY = 86_400
PARTIES = 35


@dataclass(frozen=True)
class Log:
    """Columns of one kind of event; times in seconds, parties as numbers."""

    time: np.ndarray
    party: np.ndarray
    other: np.ndarray
    number: np.ndarray
    size: np.ndarray


def make_log(events: int, seed: int) -> dict[str, Log]:
    """A log of about `events` events: a quarter exercises and notifications, the rest inquiries and answers."""
    g = np.random.default_rng(seed)
    span = int(10 * 365.25 * DAY)
    n = events // 8
    start = g.integers(120 * DAY, span, n) // DAY * DAY
    party = g.integers(0, PARTIES, n)
    size = np.clip(g.lognormal(8.9, 0.7, n), 200, 200_000).astype(np.int64)
    lead = np.where(g.random(n) < 0.01, g.integers(1, 42, n), g.integers(42, 120, n)) * DAY
    told = g.random(n) >= 0.005
    number = np.arange(n)
    none = np.full(n, -1)
    m = (events - 2 * n) // 2
    asked = g.integers(0, span, m)
    a = g.integers(0, PARTIES, m)
    b = (a + 1 + g.integers(0, PARTIES - 1, m)) % PARTIES
    wait = g.integers(60, 48 * 3600, m)
    wait = np.where(g.random(m) < 0.01, wait + 48 * 3600, wait)
    answered = g.random(m) >= 0.003
    zero = np.zeros(m, np.int64)
    return {
        "exercise": Log(start, party, none, number, size),
        "notify": Log((start - lead)[told], party[told], none[told], number[told], size[told]),
        "query": Log(asked, a, b, np.arange(m), zero),
        "answer": Log((asked + wait)[answered], b[answered], a[answered], np.arange(m)[answered], zero[answered]),
    }


def peer_table(db: duckdb.DuckDBPyConnection, log: dict[str, Log]) -> None:
    """The table `ev(ts, kind, party, other, id, size)` that the hand-written queries read, in order of time."""
    parts = [
        pa.table(
            {
                "ts": part.time,
                "kind": [kind] * len(part.time),
                "party": part.party,
                "other": part.other,
                "id": part.number,
                "size": part.size,
            }
        )
        for kind, part in log.items()
    ]
    everything = pa.concat_tables(parts)
    db.register("everything", everything)
    db.execute("CREATE OR REPLACE TABLE ev AS SELECT * FROM everything ORDER BY ts")
    db.unregister("everything")


def evidence(folder: Path, log: dict[str, Log], *, own_words: bool) -> None:
    """The same log as statements: each party's own word, or one register's; registers complete, silence denied where there is any."""
    folder.mkdir(parents=True, exist_ok=True)
    kinds = {"exercise": "exercise", "notify": "notification", "query": "inquiry", "answer": "reply"}
    prefix = {"exercise": "x", "notify": "n", "query": "q", "answer": "a"}
    for kind, part in log.items():
        names = np.char.add("P", part.party.astype(str))
        moment = pa.array((part.time * 1_000_000).astype("int64")).cast(pa.timestamp("us", tz="UTC"))
        numbers = part.number.astype(str)
        columns = {
            "id": np.char.add(f"{kind}-", numbers),
            "source": np.char.add("s", names) if own_words else np.full(len(names), "secretariat"),
            "says": np.full(len(names), "asserts"),
            "event": np.char.add(prefix[kind], numbers),
            "said_at": moment,
            "party": names,
        }
        if kind == "exercise":
            columns |= {"troops": part.size, "start": moment}
        else:
            columns["received"] = moment
        if kind in ("query", "answer"):
            columns["recipient"] = np.char.add("P", part.other.astype(str))
        if kind in ("notify", "answer"):
            columns["about"] = np.char.add("x" if kind == "notify" else "q", numbers)
        if kind == "notify":
            columns = _with_denials(columns, log)
        pq.write_table(pa.table(columns), folder / f"{kinds[kind]}.parquet")
    sources = ["id,name,kind,speaks_for", "secretariat,The secretariat,register,"]
    sources += [f"sP{p},Party {p},party,P{p}" for p in range(PARTIES)]
    (folder / "sources.csv").write_text("\n".join(sources) + "\n")
    complete = ["id,source,register,kind,from,until,said_at"]
    complete += [f"c-{kind},secretariat,,{kind},,2030-01-01,1970-01-01" for kind in ("notification", "reply")]
    (folder / "completeness.csv").write_text("\n".join(complete) + "\n")


def _with_denials(columns: dict[str, object], log: dict[str, Log]) -> dict[str, object]:
    """Adds pattern denials: the secretariat says of exercises never notified that there was no notification."""
    silent = np.setdiff1d(log["exercise"].number, log["notify"].number)[:1000]
    when = pa.array(np.full(len(silent), int(9 * 365 * DAY * 1_000_000), dtype="int64")).cast(pa.timestamp("us", tz="UTC"))
    said = pa.chunked_array([columns["said_at"], when])
    nothing = pa.nulls(len(silent), pa.string())
    return {
        "id": np.concatenate([columns["id"], np.char.add("silence-", silent.astype(str))]),
        "source": np.concatenate([columns["source"], np.full(len(silent), "secretariat")]),
        "says": np.concatenate([columns["says"], np.full(len(silent), "denies")]),
        "event": pa.chunked_array([pa.array(columns["event"]), nothing]),
        "said_at": said,
        "party": pa.chunked_array([pa.array(columns["party"]), nothing]),
        "received": pa.chunked_array([columns["received"], pa.nulls(len(silent), pa.timestamp("us", tz="UTC"))]),
        "about": np.concatenate([columns["about"], np.char.add("x", silent.astype(str))]),
    }
