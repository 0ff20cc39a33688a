"""The digest says what was known, not how it arrived."""

import csv
import json
import random
from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .folders import read, write

HEAD = "id,source,says,event,said_at,published_at,party,troops,start,quote\n"
ROWS = [
    f'A-{i},{["arland", "borland", "mission"][i % 3]},{["asserts", "denies"][i % 2]},E-{i // 2},2026-01-{i % 28 + 1:02},,Arland,{i * 100},2026-02-{i % 28 + 1:02},"q, {i}"\n'
    for i in range(40)
]


@settings(deadline=None, max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.randoms(use_true_random=False), st.integers(0, 40))
def test_order_and_files_do_not_matter(tmp_path, chance: random.Random, cut: int):
    whole = read(write(tmp_path / "a", {"exercise.csv": HEAD + "".join(ROWS)}))
    mixed = ROWS[:]
    chance.shuffle(mixed)
    sources = "speaks_for,kind,name,id\n,monitor,Mission,mission\nBorland,party,Office,borland\nArland,party,Ministry,arland\n"
    lines = "".join(mixed[cut:]).replace(",", ";").replace('"q; ', '"q, ')
    names = HEAD.replace(",", ";")
    write(tmp_path / "b", {"sources.csv": sources, "exercise.csv": HEAD + "".join(mixed[:cut])})
    second = tmp_path / "b" / "entered.jsonl"
    second.write_text(
        "".join(json.dumps({"kind": "exercise", **dict(row)}) + "\n" for row in csv.DictReader((names + lines).splitlines(), delimiter=";"))
    )
    other = read(tmp_path / "b")
    assert not [p for p in other.problems if p.severity == "error"]
    assert whole.digest() == other.digest()
    known = datetime(2026, 1, 10, tzinfo=UTC)
    assert whole.digest(known) == other.digest(known) != whole.digest()


def test_every_word_counts(tmp_path):
    text = "id,source,says,event,said_at,published_at,party,troops,quote,reported_by\nA-1,arland,asserts,E-1,2026-01-01,2026-01-02,Arland,5,x,y\n"
    first = read(tmp_path, {"exercise.csv": text}).digest()
    changes = [
        ("A-1", "A-2"),
        ("arland,", "borland,"),
        ("asserts", "denies"),
        ("E-1", "E-2"),
        ("01-01", "01-03"),
        ("01-02", "01-04"),
        ("Arland", "Borland"),
        (",5,", ",6,"),
        (",x,", ",z,"),
        (",y\n", ",w\n"),
        (",5,x,y", ",5,xy,"),
    ]
    digests = {first} | {read(tmp_path, {"exercise.csv": text.replace(a, b)}).digest() for a, b in changes}
    assert len(digests) == len(changes) + 1
    for name, content in (
        ("identity.csv", "source,kind,a,b,said_at\nmission,exercise,E-1,E-2,2026-01-01\n"),
        ("completeness.csv", "source,kind,said_at\nmission,exercise,2026-01-01\n"),
        ("places.csv", "name,lat,lon\nx,1,2\n"),
        ("coverage.csv", "source,kind,fraction\nmission,exercise,0.5\n"),
    ):
        digests.add(read(tmp_path, {"exercise.csv": text, name: content}).digest())
    assert len(digests) == len(changes) + 5


def test_what_came_later_does_not_change_what_was_known(tmp_path):
    text = HEAD + "".join(ROWS[:3])
    known = datetime(2026, 1, 5, tzinfo=UTC)
    before = read(tmp_path, {"exercise.csv": text}).digest(known)
    later = "L-1,mission,asserts,L-1,2026-01-02,2026-01-09,Borland,1,,\n"
    record = read(
        tmp_path,
        {
            "exercise.csv": text + later,
            "completeness.csv": "source,kind,said_at\nmission,exercise,2026-02-01\n",
            "notification.csv": "id,source,event,said_at\nN-9,arland,N-9,2026-02-01\n",
        },
    )
    assert record.digest(known) == before
