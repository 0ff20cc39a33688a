"""What the workbench gathers for a report: the period, what was seen of it, what is drawn, which words are tested."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from detente.model.dossier import Dossier, Watch
from detente.model.verdict import Outcome
from detente.workbench import Question, open_case
from detente.workbench.dossier import MOST_EXPLAINED, MOST_OPEN_EXPLAINED, dossier, told_in_full
from detente.workbench.seen import observed
from report.sample import instance

AGREEMENT = """# Test

```rule
agreement:
    parties Arland, Borland;
    enters into force on 2026-01-01.
```

## Article 1 (exercises)

The Parties conduct no exercises of 9,000 troops or more in the strait, and tell in advance.

```rule
rule 1 "Exercises":
    no Party shall conduct an exercise X where X.troops is at least 9000.
```

## Article 2 (courtesy)

The Parties are courteous in exercises.
"""
EVIDENCE = {
    "sources.csv": "id,kind,speaks_for\na,party,Arland\nb,party,Borland\nm,monitor,\n",
    "exercise.csv": (
        "id,source,event,said_at,party,troops,start,end,area,on\n"
        'A-1,a,X,2026-03-01,Arland,9400,2026-02-20,2026-02-28,"54.5,20.1",\n'
        "B-1,b,X,2026-03-01,Arland,9500,2026-02-18,,,\n"
        "B-2,b,Y,2026-03-01,Arland,9500,2026-03-18,,,Denmark\n"
        "M-1,m,Z,2026-03-01,Borland,100,,,,Belarus\n"
    ),
    "completeness.csv": "source,said_at,register,kind,from,until,party\na,2026-04-11,exercise-register,exercise,2026-01-01,2026-02-19,Arland\n",
    "coverage.csv": "source,kind,from,until,place,fraction,said_at\nm,exercise,2026-01-01,2026-04-11,,0.5,2026-04-11\nm,exercise,,,somewhere,,2026-04-11\n",
    "unit.csv": (
        "id,source,event,said_at,party,from,area\n"
        'U-1,m,U,2026-03-01,Arland,2026-02-01,"54,20"\nU-2,m,U,2026-03-02,Arland,2026-02-02,"55,20"\n'
    ),
    "notification.csv": (
        "id,source,says,event,target,said_at,party,recipient,about,received\n"
        "N-1,a,asserts,N,,2026-03-01,Arland,Borland,X,2026-01-05\nN-2,a,asserts,Q,,2026-03-01,Arland,Borland,X,2026-01-06\n"
        "N-3,a,withdraws,,N-2,2026-03-02,,,,\n"
    ),
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Dossier:
    folder = tmp_path_factory.mktemp("case")
    (folder / "agreement.md").write_text(AGREEMENT)
    (folder / "evidence").mkdir()
    for name, text in EVIDENCE.items():
        (folder / "evidence" / name).write_text(text)
    bench = open_case(Path(folder))
    assert [str(p) for p in bench.problems if p.severity == "error"] == []
    return dossier(bench, Question(as_of=datetime(2026, 4, 10, 23, 59, 59, 999999, tzinfo=UTC), known_on=datetime(2026, 5, 1, tzinfo=UTC)))


def test_period_begins_with_the_day_of_entry(found: Dossier) -> None:
    assert found.period == (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 4, 10, 23, 59, 59, 999999, tzinfo=UTC))


def test_observed_is_what_somebody_states(found: Dossier) -> None:
    """Arland: 50 days of 100 wholly, the rest by half; Borland: by half. What is limited to a place counts for nothing."""
    assert found.observed["1"] == pytest.approx((0.75 + 0.5) / 2)
    assert found.unwatched == ()
    bench_like = [Watch("m", "other", False, None, None)]
    assert observed(_agreement(), bench_like, found.period) == {"1": 0.0}
    assert observed(_agreement(), found.watches, (None, None)) == {}


def _agreement():
    from detente.agreement.load import parse_agreement

    agreement, _ = parse_agreement(AGREEMENT, "a.md")
    assert agreement is not None
    return agreement


def test_occurrences_take_all_who_assert_them_together(found: Dossier) -> None:
    by_event = {o.event: o for o in found.occurrences}
    assert by_event["X"].happens == (datetime(2026, 2, 18, tzinfo=UTC), datetime(2026, 2, 20, 23, 59, 59, 999999, tzinfo=UTC))
    assert by_event["X"].outcome is Outcome.BREACHED
    assert [(s.name, s.lon, s.lat, s.is_whole_state) for s in by_event["X"].spots] == [("54.5,20.1", 20.1, 54.5, False)]
    assert by_event["Y"].spots[0].is_whole_state
    assert by_event["Y"].spots[0].lat < 60  # not Greenland
    assert by_event["N"].is_notice
    assert "Q" not in by_event  # withdrawn


def test_a_thing_that_moves_has_a_path(found: Dossier) -> None:
    assert [(p.craft, p.party, [(f.lon, f.lat) for f in p.fixes]) for p in found.paths] == [("U", "Arland", [(20.0, 54.0), (20.0, 55.0)])]


def test_tested_words(found: Dossier) -> None:
    prose = next(a.prose for a in found.verdicts.articles if a.article == "1")
    assert [prose[t.start : t.end] for t in found.tested["1"]] == ["conduct", "exercises", "9,000", "troops"]
    assert found.tested["2"] == ()


def test_statements_and_voices(found: Dossier) -> None:
    assert {"A-1", "B-1"} <= set(found.statements)
    assert [(v.party, v.statements) for v in found.voices] == [("Arland", 4), ("Borland", 2)]
    assert set(found.explanations) == {i.id for a in found.verdicts.articles for r in a.rules for i in r.instances}


def test_the_gravest_are_told_in_full() -> None:
    grave = [instance("1", f"b{n}", Outcome.BREACHED, None, "bbb") for n in range(MOST_EXPLAINED + 5)]
    open_ = [instance("1", f"u{n}", Outcome.UNVERIFIED, None, "ooo") for n in range(MOST_OPEN_EXPLAINED + 5)]
    assert list(told_in_full([*grave, *open_])) == [*grave[:MOST_EXPLAINED], *open_[:MOST_OPEN_EXPLAINED]]
