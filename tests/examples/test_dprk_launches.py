"""North Korean launches: 339 real ones, and who says what of them."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from detente import Question, Workbench, open_case

FOLDER = Path(__file__).parents[2] / "examples" / "dprk-launches"
ACCEPTING = FOLDER / "accepting-the-database.md"
BALLISTIC = {"short", "medium", "intermediate", "intercontinental", "submarine-launched"}


def table(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def by_id(case: Workbench) -> dict:
    return {i.id: i for a in case.check(Question()).articles for r in a.rules for i in r.instances}


@pytest.fixture(scope="module")
def case() -> Workbench:
    return open_case(FOLDER)


@pytest.fixture(scope="module")
def instances(case: Workbench) -> dict:
    return by_id(case)


@pytest.fixture(scope="module")
def accepting() -> dict:
    return by_id(open_case(ACCEPTING))


@pytest.fixture(scope="module")
def database() -> list[dict[str, str]]:
    return [row for row in table("evidence/launch.csv") if row["source"] == "database"]


def test_nothing_is_wrong_with_agreement_or_evidence(case: Workbench) -> None:
    assert case.problems == ()
    assert case.record.rows_left_out == 0


def test_the_database_has_339_launches_each_an_event_of_its_own(database: list[dict[str, str]]) -> None:
    assert len(database) == len({row["event"] for row in database}) == 339
    assert Counter(row["class"] for row in database) == {
        "short": 193,
        "": 66,
        "medium": 30,
        "intermediate": 19,
        "intercontinental": 12,
        "submarine-launched": 9,
        "space": 9,
        "hypersonic": 1,
    }
    assert sum(len(row["start"]) == len("2017-08") for row in database) == 8


@pytest.mark.parametrize("name", ["launch.csv", "position.csv"])
def test_each_row_has_page_day_and_words(name: str) -> None:
    for row in table(f"evidence/{name}"):
        assert row["cite"].startswith("http"), row["id"]
        assert len(row["published_at"]) == 10, row["id"]
        assert row["quote"].strip(), row["id"]
        assert row["language"] == "en" or row["translation"], row["id"]


def test_each_place_named_has_coordinates() -> None:
    named = {row["area"] for row in table("evidence/launch.csv") if row["area"]}
    assert named == {row["name"] for row in table("evidence/places.csv")}


def test_every_statement_is_on_a_launch_that_the_database_has(database: list[dict[str, str]]) -> None:
    known = {row["event"] for row in database}
    said = [row for row in table("evidence/launch.csv") if row["source"] != "database"]
    assert len(said) == 62
    assert {row["event"] for row in said} <= known


@pytest.mark.parametrize(("name", "found"), [("verdicts", "instances"), ("verdicts-accepting-the-database", "accepting")])
def test_verdicts_are_the_expected_ones(name: str, found: str, request: pytest.FixtureRequest) -> None:
    instances = request.getfixturevalue(found)
    expected = {row["instance"]: row for row in table(f"expected/{name}.csv")}
    assert set(instances) == set(expected)
    for key, row in expected.items():
        one = instances[key]
        assert (one.outcome or "", one.ground or "", "; ".join(one.statuses)) == (row["outcome"], row["ground"], row["statuses"]), key
        assert {a: str(v) for a, v in one.votes.items()} == {a: row[a] for a in one.votes}, key


def outcomes(instances: dict, rule: str) -> Counter:
    return Counter(str(i.outcome) for key, i in instances.items() if key.startswith(f"{rule}#"))


def test_counts(instances: dict, accepting: dict) -> None:
    assert outcomes(instances, "1718") == {"unverified": 305, "breached": 34}
    assert outcomes(instances, "2087.3") == {"unverified": 304, "breached": 32, "None": 3}
    assert outcomes(accepting, "1718") == {"breached": 248, "unverified": 91}
    assert outcomes(accepting, "2087.3") == {"breached": 239, "unverified": 97, "None": 3}


def test_the_database_alone_votes_by_class_and_day(instances: dict, accepting: dict, database: list[dict[str, str]]) -> None:
    for row in database:
        early = row["start"] < "2006-10-14"
        own = "not bound" if early else "breached" if row["class"] in BALLISTIC else "open"
        assert instances[f"1718#{row['event']}"].votes["analysts"] == own, row["event"]
        if own == "breached":
            assert accepting[f"1718#{row['event']}"].outcome == "breached", row["event"]


def test_a_launch_that_the_database_alone_has_is_open_to_all_who_decide(instances: dict, database: list[dict[str, str]]) -> None:
    spoken_of = {row["event"] for row in table("evidence/launch.csv") if row["source"] != "database"}
    alone = [row["event"] for row in database if row["event"] not in spoken_of]
    assert len(alone) == 296
    for event in alone:
        found = instances[f"1718#{event}"]
        assert found.outcome == "unverified", event
        assert {v for account, v in found.votes.items() if account != "analysts"} == {"open"}, event


def test_admissions_rest_on_north_koreas_own_words(instances: dict) -> None:
    rows = table("evidence/launch.csv")
    sources = {s["id"]: s["speaks_for"] for s in table("evidence/sources.csv")}
    complete = {row["event"] for row in rows if sources[row["source"]] == "North Korea" and row["ballistic"] and row["start"]}
    assert {i.occasion for i in instances.values() if i.ground == "admitted by the bearer"} == complete
    assert len(complete) == 6


def test_other_states_alone_make_no_breach(instances: dict) -> None:
    alleged = {i.occasion for i in instances.values() if i.ground == "alleged, unanswered"}
    assert alleged == {"nk-2024-04-22-1", "nk-2026-01-03-1", "nk-2026-01-03-2"}
