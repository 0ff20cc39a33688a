"""Verdicts as a table for spreadsheets: one row for each instance.

A rule without instances, and an article without rules, has one row of its own.
Times are UTC. A cell that a spreadsheet would take for a formula starts with
an apostrophe.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from detente.model.problem import visible
from detente.model.verdict import ArticleVerdict, Ground, InstanceVerdict, Outcome, RuleVerdict, Status, Verdicts

_HEAD = (
    "article", "heading", "rule", "title", "instance", "bearer", "recipient", "occasion",
    "outcome", "ground", "statuses", "due_from", "due_until", "cites",
)  # fmt: skip


def verdicts_csv(verdicts: Verdicts) -> str:
    """The whole table, RFC 4180, with a column `account: NAME` for each account at the end."""
    names = [account.name for account in verdicts.accounts]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*_HEAD, *(_cell(f"account: {name}") for name in names)])
    for row in _rows(verdicts.articles, names):
        writer.writerow([_cell(value) for value in row])
    return out.getvalue()


def _rows(articles: Sequence[ArticleVerdict], names: Sequence[str]) -> Iterator[Sequence[str]]:
    for article in articles:
        before = (article.article, article.heading)
        if not article.rules:
            yield (*before, *[""] * 6, *_answer(article.outcome, article.ground, article.statuses), "", "", "", *[""] * len(names))
        for rule in article.rules:
            if not rule.instances:
                yield (*before, *_without_instance(rule, names))
            for instance in rule.instances:
                yield (*before, rule.rule, rule.title or "", *_instance(instance, names))


def _without_instance(rule: RuleVerdict, names: Sequence[str]) -> Sequence[str]:
    votes = [vote.value if (vote := rule.votes.get(name)) else "" for name in names]
    return (rule.rule, rule.title or "", *[""] * 4, *_answer(rule.outcome, rule.ground, rule.statuses), "", "", "", *votes)


def _instance(instance: InstanceVerdict, names: Sequence[str]) -> Sequence[str]:
    start, end = instance.due
    return (
        instance.id,
        instance.bearer,
        instance.recipient or "",
        instance.occasion or "",
        *_answer(instance.outcome, instance.ground, instance.statuses),
        start.isoformat() if start else "",
        end.isoformat() if end else "",
        " ".join(instance.cites),
        *(vote.value if (vote := instance.votes.get(name)) else "" for name in names),
    )


def _answer(outcome: Outcome | None, ground: Ground | None, statuses: Sequence[Status]) -> tuple[str, str, str]:
    return outcome.value if outcome else "", ground.value if ground else "", "; ".join(statuses)


def _cell(text: str) -> str:
    """Safe to open. Source: OWASP, "CSV Injection"."""
    shown = visible(text)
    return f"'{shown}" if shown[:1] in ("=", "+", "-", "@") else shown
