"""Verdicts as an Arrow table: one row for each instance that is listed, with a column of votes for each account.

pyarrow is imported when asked, so that nothing else waits for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.model.verdict import Verdicts

if TYPE_CHECKING:
    import pyarrow as pa


def verdicts_table(verdicts: Verdicts) -> pa.Table:
    """One row per instance: article, rule, id, who towards whom, outcome, ground, statuses, when due (UTC), cites, `account: NAME` ..."""
    import pyarrow as pa

    rows = [(article, rule, i) for article in verdicts.articles for rule in article.rules for i in rule.instances]
    words, moment = pa.string(), pa.timestamp("us", tz="UTC")
    columns = {
        "article": pa.array([a.article for a, _, _ in rows], words),
        "rule": pa.array([r.rule for _, r, _ in rows], words),
        "instance": pa.array([i.id for *_, i in rows], words),
        "bearer": pa.array([i.bearer for *_, i in rows], words),
        "recipient": pa.array([i.recipient for *_, i in rows], words),
        "occasion": pa.array([i.occasion for *_, i in rows], words),
        "outcome": pa.array([i.outcome for *_, i in rows], words),
        "ground": pa.array([i.ground for *_, i in rows], words),
        "statuses": pa.array([[str(s) for s in i.statuses] for *_, i in rows], pa.list_(words)),
        "due_from": pa.array([i.due[0] for *_, i in rows], moment),
        "due_until": pa.array([i.due[1] for *_, i in rows], moment),
        "cites": pa.array([list(i.cites) for *_, i in rows], pa.list_(words)),
    }
    votes = {f"account: {a.name}": pa.array([i.votes.get(a.name) for *_, i in rows], words) for a in verdicts.accounts}
    return pa.table(columns | votes)
