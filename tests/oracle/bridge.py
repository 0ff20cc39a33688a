"""From evidence rows to the judge's answer, in the oracle's words. The only file here that calls the judge."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from detente.agreement.clause import Agreement
from detente.model.verdict import Ground, InstanceVerdict, Outcome, Status, Verdicts, Vote

from .rows import moment

Key = tuple[str, str | None, str, str | None]


@dataclass(frozen=True)
class Judged:
    """One instance as the judge sees it; accounts that several parties share are given once for each."""

    outcome: Outcome | None
    ground: Ground | None
    statuses: tuple[Status, ...]
    votes: Mapping[str, Vote]


def judge_rows(
    agreement: Agreement, rows: Iterable[Mapping[str, str]], *, as_of: Any = None, known_on: Any = None, as_if_in_force: bool = False
) -> Verdicts:
    """The judge's verdicts on rows as the oracle takes them: dicts of cells with their table.

    `as_of` and `known_on` are as the oracle takes them: text in one of the forms of a time cell.
    """
    from detente.judge import Question, judge

    zone = ZoneInfo(agreement.evidence.time_zone)
    times = {name: moment(text, zone)[1] if text else None for name, text in (("as_of", as_of), ("known_on", known_on))}
    return judge(agreement, record_of(agreement, rows), Question(**times, as_if_in_force=as_if_in_force))


def record_of(agreement: Agreement, rows: Iterable[Mapping[str, str]]) -> Any:
    """The rows as a folder of CSV files, read as any evidence is: in a dict of one row, a table's own `kind` has no place."""
    from detente.evidence import read_record

    tables: dict[str, list[Mapping[str, str]]] = {}
    for row in rows:
        tables.setdefault("sources" if row["table"] == "source" else row["table"], []).append(row)
    with TemporaryDirectory() as folder:
        for name, of in tables.items():
            columns = list(dict.fromkeys(c for row in of for c in row if c != "table"))
            with (Path(folder) / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, columns, extrasaction="ignore")
                writer.writeheader()
                writer.writerows(of)
        record = read_record(
            Path(folder), agreement.kinds, parties=agreement.parties, groups=agreement.groups, time_zone=agreement.evidence.time_zone
        )
    ignored = ("unknown-target", "foreign-target", "cyclic-withdrawal")
    assert not [p for p in record.problems if p.severity == "error" and p.code not in ignored], record.problems
    return record


def instances(verdicts: Verdicts) -> dict[Key, Judged]:
    """Every instance by (rule, occasion, bearer, recipient)."""
    found = {}
    for article in verdicts.articles:
        for rule in article.rules:
            assert rule.instance_count == len(rule.instances), "small evidence lists every instance"
            for one in rule.instances:
                found[one.rule, one.occasion, one.bearer, one.recipient] = Judged(
                    one.outcome, one.ground, one.statuses, _votes(verdicts, one)
                )
    return found


def _votes(verdicts: Verdicts, one: InstanceVerdict) -> dict[str, Vote]:
    votes = {}
    for account in verdicts.accounts:
        for name in account.parties if account.kind == "party" and account.parties else (account.name,):
            votes[name] = one.votes[account.name]
    return votes
