"""The example of the two drafts: its record is whole and sourced, and its verdicts are the expected ones."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from detente import Question, Workbench, open_case
from detente.model.verdict import InstanceVerdict, RuleVerdict, Status, Verdicts

EXAMPLE = Path(__file__).parents[2] / "examples" / "drafts-2021"
ARTICLES = {
    "treaty-with-the-united-states": ["Preamble", *map(str, range(1, 9))],
    "agreement-with-nato": ["Preamble", *map(str, range(1, 10))],
}
RUSSIA = {"kremlin", "mfa-russia", "mod-russia"}
US_AND_NATO = {"white-house", "state-department", "defense-department", "nato"}
US_AND_NATO |= {"uk", "germany", "norway", "poland", "lithuania", "estonia", "sweden"}
NOT_STATEMENTS = {"sources", "completeness", "identity", "coverage", "places"}

Row = dict[str, str]


def rows_of(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def statements() -> list[Row]:
    files = sorted((EXAMPLE / "evidence").glob("*.csv"))
    return [row for path in files if path.stem not in NOT_STATEMENTS for row in rows_of(path)]


@pytest.fixture(scope="module", params=ARTICLES)
def case(request: pytest.FixtureRequest) -> tuple[str, Workbench]:
    return request.param, open_case(EXAMPLE / f"{request.param}.md")


def utterances(statements: list[Row], sources: set[str]) -> set[tuple[str, str]]:
    """What these sources said, counted once however many rows were made of it."""
    return {(row["quote"], row["cite"]) for row in statements if row["source"] in sources}


def test_every_side_is_heard(statements: list[Row]) -> None:
    neutral = {s["id"] for s in rows_of(EXAMPLE / "evidence" / "sources.csv") if s["kind"] == "monitor" and not s["speaks_for"]}
    assert len(utterances(statements, RUSSIA)) >= 20
    assert len(utterances(statements, US_AND_NATO)) >= 20
    assert len(utterances(statements, neutral)) >= 10


def test_every_row_has_its_source(statements: list[Row]) -> None:
    for row in statements:
        address = urlsplit(row["cite"])
        assert address.scheme in ("http", "https"), row["id"]
        assert address.netloc, row["id"]
        said, published = (date.fromisoformat(row[name]) for name in ("said_at", "published_at"))
        assert date(2021, 12, 1) <= said <= published <= date(2025, 12, 31), row["id"]
        assert len(row["quote"].split()) >= 4, row["id"]
        assert row["reported_by"], row["id"]
        assert len(row["language"]) == 2, row["id"]
        assert row["language"] == "en" or row["translation"], row["id"]


def test_ids_are_unique(statements: list[Row]) -> None:
    ids = [row["id"] for row in statements]
    assert len(ids) == len(set(ids))


def test_the_record_is_read_whole(case: tuple[str, Workbench], statements: list[Row]) -> None:
    _, bench = case
    assert bench.record.rows_left_out == 0
    assert not [p for p in bench.problems if p.severity == "error"]
    assert bench.check().statements == len(statements)


def test_every_article_is_there(case: tuple[str, Workbench]) -> None:
    name, bench = case
    assert [article.id for article in bench.agreement.articles if article.id in ARTICLES[name]] == ARTICLES[name]
    assert all(article.prose.strip() for article in bench.agreement.articles if article.id in ARTICLES[name])


@pytest.mark.parametrize("as_if_in_force", [False, True])
def test_verdicts_are_the_expected_ones(case: tuple[str, Workbench], as_if_in_force: bool) -> None:
    name, bench = case
    mode = "as-if-in-force" if as_if_in_force else "not-in-force"
    expected = rows_of(EXAMPLE / "expected" / f"{name}-{mode}.csv")
    found = list(verdict_rows(bench.check(Question(as_if_in_force=as_if_in_force)), with_instances=as_if_in_force))
    assert found == expected


def verdict_rows(verdicts: Verdicts, *, with_instances: bool) -> Iterator[Row]:
    """As in the files: each rule, and its instances that are about an event on record."""
    for article in verdicts.articles:
        if not article.rules:
            yield _row(article.article, "", "", None, article.statuses)
        for rule in article.rules:
            yield _row(article.article, rule.rule, "", rule, rule.statuses)
            for instance in rule.instances if with_instances else ():
                if instance.occasion:
                    yield _row(article.article, rule.rule, instance.id, instance, instance.statuses)


def _row(article: str, rule: str, instance: str, verdict: RuleVerdict | InstanceVerdict | None, statuses: tuple[Status, ...]) -> Row:
    return {
        "article": article,
        "rule": rule,
        "instance": instance,
        "outcome": verdict.outcome.value if verdict and verdict.outcome else "",
        "ground": verdict.ground.value if verdict and verdict.outcome and verdict.ground else "",
        "statuses": "; ".join(sorted(status.value for status in statuses)),
    }
