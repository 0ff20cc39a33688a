"""The plain majority found by one join, and the same rules judged the long way, agree row for row."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from detente.agreement.load import parse_agreement
from detente.evidence import record_from_rows
from detente.judge.plan import plans
from detente.judge.run import run_plan
from detente.judge.stage import Staging, stage

TEXT = """# Yardstick

```rule
agreement:
    parties Arland, Borland, Carland.
```

## Article R1

```rule
rule R1:
    each Party that conducts an exercise X where X.troops is at least 9000
    shall give a notification about X at least 42 days before X.start
    unless X is unannounced-to-troops.
```

## Article R2

```rule
rule R2:
    when a Party A asks an inquiry Q to a Party B, B shall answer Q to A within 48 hours.
```
"""

PARTIES = ("Arland", "Borland", "Carland")


def rows(seed: int) -> list[dict[str, str]]:
    """Exercises and inquiries, mostly answered in time; some late, never, twice, denied, or by the wrong party; for odd seeds, acts stand before what they are about."""
    chance = random.Random(seed)
    found = [
        {"table": "sources", "id": "r", "name": "The register", "kind": "register"},
        {"table": "completeness", "id": "c1", "source": "r", "kind": "notification", "until": "2030-01-01", "said_at": "2025-01-01"},
        {"table": "completeness", "id": "c2", "source": "r", "kind": "reply", "until": "2030-01-01", "said_at": "2025-01-01"},
    ]
    for n in range(30):
        party, other = chance.sample(PARTIES, 2)
        start = datetime(2026, 1, 1) + timedelta(days=chance.randrange(200))
        found.append(
            _said("exercise", party, f"x{n}", party=party, troops=str(chance.randrange(8000, 10000)), start=start.date().isoformat())
        )
        told_of = chance.choice((0, 1, 1, 1, 1, 2))
        if not told_of and chance.random() < 0.5:
            found.append(_said("notification", "r", "", says="denies", about=f"x{n}"))
        for k in range(told_of):
            told = start - timedelta(days=chance.choice((10, 41, 42, 43, 90)))
            teller = party if chance.random() < 0.9 else other
            found.append(_said("notification", teller, f"n{n}-{k}", party=teller, about=f"x{n}", received=told.date().isoformat()))
        asked = start + timedelta(hours=chance.randrange(24))
        found.append(_said("inquiry", party, f"q{n}", party=party, recipient=other, received=asked.isoformat() + "Z"))
        if chance.random() < 0.85:
            answered = asked + timedelta(hours=chance.choice((1, 47, 48, 49)))
            found.append(_said("reply", other, f"a{n}", party=other, recipient=party, about=f"q{n}", received=answered.isoformat() + "Z"))
        if chance.random() < 0.1:
            found.append(_said("reply", party, f"a{n}", says="denies", party=other, recipient=party, about=f"q{n}"))
    head, stated = found[:3], found[3:]
    return [*head, *(reversed(stated) if seed % 2 else stated)]


def _said(kind: str, source: str, event: str, says: str = "asserts", **cells: str) -> dict[str, str]:
    return {"kind": kind, "source": source, "event": event, "says": says, "said_at": "2026-01-01", **cells}


@pytest.mark.parametrize("seed", range(4))
def test_one_join_and_the_long_way_agree(seed: int) -> None:
    agreement, problems = parse_agreement(TEXT, "yardstick.md")
    assert agreement is not None, problems
    record = record_from_rows(rows(seed), agreement.kinds, parties=agreement.parties, groups=agreement.groups)
    assert not [p for p in record.problems if p.severity == "error"], record.problems
    scene = stage(agreement, record, Staging(datetime(2027, 1, 1), datetime(2027, 1, 1)))
    found = {}
    for may_pair in (True, False):
        for rule in agreement.rules:
            (plan,) = plans(replace(scene, may_pair=may_pair), rule, agreement.evidence)
            assert (plan.rest is not None) == may_pair
            columns = "event, bearer, kept, breached, open, pending, outcome, ground, statuses, due_lo, due_hi, cites"
            found[rule.head.id, may_pair] = sorted(record.database.execute(f"SELECT {columns} FROM ({plan.sql})").fetchall(), key=str)
    for rule in agreement.rules:
        assert found[rule.head.id, True] == found[rule.head.id, False]
        outcomes = {row[6] for row in found[rule.head.id, True]}
        assert {"kept", "breached"} <= outcomes or {"kept", "unverified"} <= outcomes


def test_counting_without_rows_counts_the_same() -> None:
    agreement, _ = parse_agreement(TEXT, "yardstick.md")
    assert agreement is not None
    record = record_from_rows(rows(7), agreement.kinds, parties=agreement.parties, groups=agreement.groups)
    scene = stage(agreement, record, Staging(datetime(2027, 1, 1), datetime(2027, 1, 1)))
    from detente.judge.plan import share

    written = [p for rule in agreement.rules for p in plans(scene, rule, agreement.evidence)]
    for table, query in share(written):
        record.database.execute(f'CREATE OR REPLACE TEMP TABLE "{table}" AS {query}')
    for plan in written:
        assert run_plan(record.database, plan, "all", rows=True) == run_plan(record.database, plan, "few", rows=False)
