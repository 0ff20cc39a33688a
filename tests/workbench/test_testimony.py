"""What was exchanged is evidence: a log's messages as statements, judged under an agreement."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from detente import Question, open_case
from detente.exchange.audit import audit
from detente.exchange.message import Place
from detente.exchange.policy import parse_policy
from detente.exchange.refused import RefusedError
from detente.node.export import export_log
from detente.node.sending import ACK, Draft, queue
from detente.vocabulary.kinds import load_kinds
from detente.workbench.testimony import Known, statements_of
from node.nodes import carry, now, on, two

KNOWN = {"arland.example": Known("Arland", "mod"), "borland.example": Known("Borland", "mfa")}
NOTICE = Draft("notification.exercise", {"about": "West-26"})
AGREEMENT = """# Notice

```rule
agreement:
    parties Arland, Borland;
.
```

## Article 1

```rule
rule 1:
    each Party that conducts an exercise X
    shall give a notification about X to every other Party
    at least 42 days before X.start.
```
"""
SOURCES = "id,name,kind,speaks_for\nmod,Ministry,party,Arland\nmfa,Office,party,Borland\n"
EXERCISE = "id,source,says,event,said_at,party,start\nA-1,mod,asserts,West-26,2026-01-05,Arland,{start}\nB-1,mfa,asserts,West-26,2026-01-06,Arland,{start}\n"
COMPLETE = """source,register,kind,said_at,published_at
mod,notification-register,notification,2026-06-30,2026-06-30
mfa,notification-register,notification,2026-06-30,2026-06-30
"""


@pytest.fixture
def pair(tmp_path):
    return two(tmp_path)


def said(path, folder):
    with on(path) as (node, channel):
        export_log(node, channel, folder)
    found = audit(folder, parse_policy((folder / "policy").read_bytes()))
    return statements_of(found.entries, found.checkpoint.origin.partition("/")[0], KNOWN, load_kinds())


def queued(path, *drafts, minutes=0):
    with on(path) as (node, channel):
        return [queue(node, channel, draft, now(minutes)) for draft in drafts]


def judged(folder, rows, start):
    evidence = folder / "evidence"
    evidence.mkdir(parents=True)
    (folder / "agreement.md").write_text(AGREEMENT)
    (evidence / "sources.csv").write_text(SOURCES)
    (evidence / "exercise.csv").write_text(EXERCISE.format(start=start))
    (evidence / "completeness.csv").write_text(COMPLETE)
    (evidence / "exchange.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    case = open_case(folder)
    assert case.problems == ()
    verdicts = case.check(Question(as_of=datetime(2026, 7, 1, tzinfo=UTC)))
    (instance,) = [i for a in verdicts.articles for r in a.rules for i in r.instances if i.bearer == "Arland"]
    return instance.outcome, instance.votes


def test_a_receipt_is_the_other_sides_word(pair, tmp_path):
    a, b = pair
    queued(a, NOTICE)
    carry(a, b, 7)
    carry(b, a, 9)
    found = said(a, tmp_path / "log")
    assert [(r["id"], r["source"], r["received"]) for r in found.rows] == [
        ("arland.example/routine/1/sent", "mod", "2026-03-01T12:07:00Z"),
        ("arland.example/routine/1/stored", "mfa", "2026-03-01T12:07:00Z"),
    ]
    assert {r["sent"] for r in found.rows} == {"2026-03-01T12:00:00Z"}
    assert found.passed_over == ()


def test_without_a_receipt_there_is_the_senders_word_alone(pair, tmp_path):
    a, b = pair
    queued(a, NOTICE)
    carry(a, b)
    found = said(a, tmp_path / "log")
    assert [(r["source"], r["received"]) for r in found.rows] == [("mod", ">=2026-03-01T12:00:00Z")]
    theirs = said(b, tmp_path / "theirs")
    assert [(r["source"], r["received"]) for r in theirs.rows] == [("mod", ">=2026-03-01T12:00:00Z"), ("mfa", "2026-03-01T12:00:00Z")]


@pytest.mark.parametrize(("start", "outcome"), [("2026-04-13", "kept"), ("2026-04-11", "breached")])
def test_a_deadline_is_judged_by_what_both_have_signed(pair, tmp_path, start, outcome):
    """The notification was stored on 1 March; 42 days later is 12 April."""
    a, b = pair
    queued(a, NOTICE)
    carry(a, b)
    carry(b, a)
    found = said(a, tmp_path / "log")
    assert judged(tmp_path / "case", found.rows, start)[0] == outcome


def test_what_only_the_sender_says_is_not_shown(pair, tmp_path):
    a, b = pair
    queued(a, NOTICE)
    carry(a, b)
    outcome, votes = judged(tmp_path / "case", said(a, tmp_path / "log").rows, "2026-06-01")
    assert outcome == "unverified", "it was sent in time, and nobody can show when it arrived"
    assert votes["Arland"] == "open"


def test_what_is_no_event_is_named(pair, tmp_path):
    a, _ = pair
    queued(
        a,
        Draft("greeting", {}),
        Draft("notification", {"mood": "good"}),
        Draft("notification", {"about": ["x"]}),
        Draft("notification", {"received": "2020-01-01"}),
    )
    found = said(a, tmp_path / "log")
    assert found.rows == ()
    assert [why.split(" ")[-1] for _, why in found.passed_over] == ["knows", "body", "value", "body"]


def test_an_answer_is_about_what_it_answers(pair, tmp_path):
    a, b = pair
    queued(a, NOTICE)
    carry(a, b)
    queued(b, Draft(ACK, {}, re=Place("routine", 1)))
    found = said(b, tmp_path / "log")
    assert [r["about"] for r in found.rows if r["kind"] == "acknowledgement"] == ["arland.example/routine/1"]


def test_an_unknown_party_is_refused(pair, tmp_path):
    a, _ = pair
    queued(a, NOTICE)
    with on(a) as (node, channel):
        export_log(node, channel, tmp_path / "log")
    found = audit(tmp_path / "log", parse_policy((tmp_path / "log" / "policy").read_bytes()))
    with pytest.raises(RefusedError, match="unknown-name"):
        statements_of(found.entries, "arland.example", {}, load_kinds())
