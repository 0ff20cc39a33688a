"""Verdicts as an Arrow table."""

from __future__ import annotations

from detente.report.arrow import verdicts_table

from .sample import VERDICTS


def test_one_row_for_each_instance_with_the_votes_of_each_account() -> None:
    table = verdicts_table(VERDICTS)
    instances = [i for a in VERDICTS.articles for r in a.rules for i in r.instances]
    assert table.num_rows == len(instances) > 0
    assert table.column("instance").to_pylist() == [i.id for i in instances]
    for account in VERDICTS.accounts:
        assert table.column(f"account: {account.name}").to_pylist() == [str(i.votes[account.name]) for i in instances]
