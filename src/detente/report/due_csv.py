"""What is owed as a table for spreadsheets: one row for each row of the list, times in UTC."""

from __future__ import annotations

import csv
import io
from datetime import datetime

from detente.model.owed import DueList, Owed
from detente.model.problem import visible
from detente.report.due_words import stands

_HEAD = (
    "state", "due_from", "due_until", "bearer", "recipient", "act", "occasion_kind", "occasion", "kind", "article", "heading",
    "rule", "title", "instance", "in_words", "accounts", "in_all_accounts", "performed_in", "no_telling_in",
)  # fmt: skip


def due_csv(due: DueList) -> str:
    """The whole table, RFC 4180. A cell that a spreadsheet would take for a formula starts with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_HEAD)
    for row in due.owed:
        writer.writerow([_cell(value or "") for value in _cells(row, due.as_of)])
    return out.getvalue()


def _cells(row: Owed, as_of: datetime) -> tuple[str | None, ...]:
    first, last = row.due
    return (
        row.state.value,
        first.isoformat() if first else None,
        last.isoformat() if last else None,
        row.bearer,
        row.recipient,
        row.act,
        row.occasion_kind,
        row.occasion,
        row.kind,
        row.article,
        row.heading,
        row.rule,
        row.title,
        row.id,
        stands(row, as_of),
        "; ".join(row.accounts),
        "yes" if row.in_all else "no",
        "; ".join(row.performed_in),
        "; ".join(row.no_telling_in),
    )


def _cell(text: str) -> str:
    """Safe to open. Source: OWASP, "CSV Injection"."""
    shown = visible(text)
    return f"'{shown}" if shown[:1] in ("=", "+", "-", "@") else shown
