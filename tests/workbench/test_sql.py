"""The text that `detente explain --sql` prints, run in a bare DuckDB over the exported tables, gives what `check` says."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner

from detente.cli.app import app
from detente.model.verdict import Account, InstanceVerdict, RuleVerdict, Verdicts, Vote, worst
from detente.workbench import Question, Workbench, open_case

from .stories import STORIES, ZONE, Story, write_story

# The sets of accounts in a plan's rows, the gravest vote first; written down here once more, so that a change shows.
SETS = {
    "breached": Vote.BREACHED,
    "open": Vote.OPEN,
    "kept": Vote.KEPT,
    "pending": Vote.NOT_DUE,
    "unbound": Vote.NOT_BOUND,
    "untriggered": Vote.NOT_TRIGGERED,
}

Instance = tuple[str | None, str, str | None]
Answer = tuple[str | None, dict[str, str], frozenset[str]]
"""Outcome, votes by account, ids of the statements cited."""


def bare(folder: Path) -> duckdb.DuckDBPyConnection:
    """A DuckDB that knows nothing of detente, with the export loaded."""
    db = duckdb.connect()
    for statement in (folder / "load.sql").read_text(encoding="utf-8").split(";\n"):
        if statement.strip():
            db.execute(statement)
    return db


def answers(db: duckdb.DuckDBPyConnection, sql: str, accounts: tuple[Account, ...]) -> dict[Instance, Answer]:
    """What the printed query says of every instance, in words."""
    ids = dict(db.execute("SELECT seq, id FROM statement").fetchall())
    result = db.execute(sql)
    columns = [c[0] for c in result.description]
    parts: dict[Instance, list[dict[str, Any]]] = {}
    for values in result.fetchall():
        row = dict(zip(columns, values, strict=True))
        parts.setdefault((row["event"] or None, row["bearer"], row["recipient"] or None), []).append(row)
    return {key: _answer(rows, ids, accounts) for key, rows in parts.items()}


def _answer(rows: list[dict[str, Any]], ids: dict[int, str], accounts: tuple[Account, ...]) -> Answer:
    order = [*SETS]
    votes = {a.name: min((_set_of(row, a.bit) for row in rows), key=order.index) for a in accounts}
    outcome = worst(row["outcome"] for row in rows) if len(rows) > 1 else rows[0]["outcome"]
    grave = next(row for row in rows if row["outcome"] == outcome)
    return outcome, {name: str(SETS[of]) for name, of in votes.items()}, frozenset(ids[s] for s in grave["cites"] if s in ids)


def _set_of(row: dict[str, Any], bit: int) -> str:
    return next((s for s in SETS if row[s] >> bit & 1), "untriggered")


def said(rule: RuleVerdict) -> dict[Instance, Answer]:
    return {(i.occasion, i.bearer, i.recipient): _said(i) for i in rule.instances}


def _said(instance: InstanceVerdict) -> Answer:
    votes = {name: str(vote) for name, vote in instance.votes.items()}
    return (str(instance.outcome) if instance.outcome else None), votes, frozenset(instance.cites)


def rules(verdicts: Verdicts) -> list[RuleVerdict]:
    return [rule for article in verdicts.articles for rule in article.rules]


def opened(tmp_path: Path, story: Story) -> Workbench:
    return open_case(write_story(tmp_path / "case", story))


@pytest.mark.parametrize("as_if_in_force", [False, True], ids=["as it is", "as if in force"])
@pytest.mark.parametrize("story", STORIES, ids=lambda s: s.name)
def test_the_printed_query_gives_the_same(story: Story, as_if_in_force: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = opened(tmp_path, story)
    assert not bench.problems or story.parties[0] != "Arland"
    question = Question(as_if_in_force=as_if_in_force)
    verdicts = bench.check(question)
    queries = {rule.rule: bench.sql(question, rule.rule) for rule in rules(verdicts)}
    bench.export(question, tmp_path / "export")
    monkeypatch.chdir(tmp_path / "export")
    db = bare(tmp_path / "export")
    compared = 0
    for rule in rules(verdicts):
        found = answers(db, queries[rule.rule], verdicts.accounts)
        expected = said(rule)
        assert len(expected) == rule.instance_count == len(found), rule.rule
        for key, answer in expected.items():
            assert found[key] == answer, (rule.rule, key)
            compared += 1
    assert compared > 1, "a story without instances tests nothing"


@pytest.mark.parametrize("story", STORIES, ids=lambda s: s.name)
def test_verdicts_rest_on_statements(story: Story, tmp_path: Path) -> None:
    """Otherwise the comparison of ids would compare nothing."""
    verdicts = opened(tmp_path, story).check()
    assert any(i.cites for rule in rules(verdicts) for i in rule.instances)


def test_an_assumption_is_part_of_the_query(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = opened(tmp_path, ZONE)
    question = Question(assume={"crowd": "30"})
    verdicts = bench.check(question)
    query = bench.sql(question, "IV.2")
    bench.export(question, tmp_path / "export")
    monkeypatch.chdir(tmp_path / "export")
    (rule,) = [rule for rule in rules(verdicts) if rule.rule == "IV.2"]
    assert answers(bare(tmp_path / "export"), query, verdicts.accounts) == said(rule)
    assert str(rule.outcome) == "breached"


def test_as_of_and_known_on_are_part_of_the_query(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    story = STORIES[0]
    bench = opened(tmp_path, story)
    texts = set()
    for day in ("2026-01-10", "2026-01-16", "2026-03-01"):
        question = Question(known_on=datetime.fromisoformat(day + "T23:59:59Z"))
        verdicts = bench.check(question)
        query = bench.sql(question, "40")
        texts.add(query)
        bench.export(question, tmp_path / day)
        monkeypatch.chdir(tmp_path / day)
        (rule,) = [rule for rule in rules(verdicts) if rule.rule == "40"]
        assert answers(bare(tmp_path / day), query, verdicts.accounts) == said(rule), day
    assert len(texts) == 3


def test_from_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_story(tmp_path / "case", STORIES[0])
    result = CliRunner().invoke(app, ["explain", str(folder), "40", "--sql", "--export", str(tmp_path / "export")], catch_exceptions=False)
    assert result.exit_code == 0
    monkeypatch.chdir(tmp_path / "export")
    assert len(answers(bare(tmp_path / "export"), result.stdout, open_case(folder).check().accounts)) > 3


def test_the_query_reads_nothing_but_the_export(tmp_path: Path) -> None:
    """The text names no file, no folder and no function that reads one."""
    bench = opened(tmp_path, STORIES[0])
    query = bench.sql(Question(), "40")
    assert str(tmp_path) not in query
    assert "read_" not in query
    assert ".parquet" not in query
