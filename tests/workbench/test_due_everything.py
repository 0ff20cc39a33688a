"""What is owed, picked out by a query of its own, and every duty judged one by one: the same, on random evidence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from detente.model.owed import OwedState
from detente.model.verdict import Vote
from detente.workbench import Question, open_case
from detente.workbench.due import due
from workbench.stories import Row, Story, complete, says, write_story

RULES = """rule 40: each Party that conducts an exercise X where X.troops is at least 9000 shall notify X to every other Party at least 42 days before X.start.
rule 41: when a Party A asks an inquiry Q to a Party B, B shall answer Q to A within 48 hours
    else B shall attend consultations with A within 10 days.
"""
PARTIES = {"Arland": "a", "Borland": "b", "Carland": "c"}
_FIRST = datetime(2026, 1, 1, tzinfo=UTC)


@st.composite
def evidence(draw: st.DrawFn) -> tuple[Row, ...]:
    """Exercises and inquiries of three parties; notified, answered, denied or told twice as it falls out."""
    found = [complete("notification", "k", at="2026-01-01"), complete("reply", "k", at="2026-01-01")] if draw(st.booleans()) else []
    day = st.integers(0, 150).map(lambda n: (_FIRST + timedelta(days=n)).date().isoformat())
    for n in range(draw(st.integers(1, 4))):
        party, other = draw(st.permutations(list(PARTIES)))[:2]
        voice = draw(st.sampled_from((PARTIES[party], PARTIES[other], "m")))
        found.append(
            says("exercise", voice, f"X{n}", party=party, start=draw(day), troops=draw(st.sampled_from(("9000", "8000..10000", "50"))))
        )
        if draw(st.booleans()):
            to, received = draw(st.sampled_from((other, "all"))), draw(day)
            found.append(says("notification", PARTIES[party], f"N{n}", party=party, recipient=to, about=f"X{n}", received=received))
        if draw(st.booleans()):
            found.append(says("notification", PARTIES[other], how="denies", party=party, recipient=other, about=f"X{n}"))
        asked = draw(day)
        found.append(says("inquiry", PARTIES[party], f"Q{n}", party=party, recipient=other, received=asked))
        if draw(st.booleans()):
            found.append(says("reply", PARTIES[other], f"R{n}", party=other, recipient=party, about=f"Q{n}", received=draw(day)))
    return tuple(found)


@settings(max_examples=6, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), phases=(Phase.generate,))
@given(rows=evidence(), day=st.integers(0, 160), ahead=st.integers(0, 60))
def test_the_list_is_what_judging_everything_leaves_undone(
    tmp_path_factory: pytest.TempPathFactory, rows: tuple[Row, ...], day: int, ahead: int
) -> None:
    told = Story("A case", RULES, (says("declaration", "m", "Z", at="2026-01-01", party="Arland"), *rows), tuple(PARTIES))
    folder: Path = write_story(tmp_path_factory.mktemp("case"), told)
    on, known_on = _FIRST + timedelta(days=day), datetime(2027, 1, 1, tzinfo=UTC)
    question = Question(as_of=on, known_on=known_on)
    bench = open_case(folder)
    found = due(bench, question)
    verdicts = bench.check(question)
    deciding = {a.name for a in verdicts.accounts if a.decides}
    instances = {i.id: i for a in verdicts.articles for r in a.rules for i in r.instances}
    listed = {(o.id, account): o for o in found.owed for account in o.accounts}
    silent = {(o.id, account) for o in found.owed for account in o.no_telling_in}
    assert len(listed) == sum(len(o.accounts) for o in found.owed)
    for (name, account), row in listed.items():
        vote = instances[name].votes[account]
        assert vote in (Vote.BREACHED, Vote.OPEN, Vote.NOT_DUE)
        assert (vote is Vote.BREACHED) == (row.state is OwedState.OVERDUE)
    for name, instance in instances.items():
        for account, vote in instance.votes.items():
            if vote is Vote.NOT_DUE and account in deciding:
                assert (name, account) in listed or (name, account) in silent
            if vote is Vote.KEPT:
                assert (name, account) not in listed
    soon = due(bench, question, until=on + timedelta(days=ahead))
    wanted = [o for o in found.owed if o.state is OwedState.OVERDUE or o.due[0] is None or o.due[0] <= on + timedelta(days=ahead)]
    assert list(soon.owed) == wanted
    assert due(bench, question, with_digest=False).owed == found.owed
