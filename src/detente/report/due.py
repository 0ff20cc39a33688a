"""The list of what is owed, as `detente due` shows it on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from detente.model.owed import DueList, Owed, OwedState
from detente.model.problem import visible
from detente.report.due_words import between, stands, what, when, whose
from detente.report.matrix import as_text
from detente.report.words import asked_at, capital, counted, joined, number

MOST_SHOWN = 500
"""Rows of a table for people; the formats for programs hold all."""

_WIDEST = 130
_NARROW = 70
_STYLE = {OwedState.OVERDUE: "bold red", OwedState.PERHAPS_OVERDUE: "yellow", OwedState.OVERDUE_IF: "yellow"}
_ARE = {
    OwedState.OVERDUE: "overdue",
    OwedState.PERHAPS_OVERDUE: "perhaps overdue",
    OwedState.OVERDUE_IF: "overdue if the occasion is one",
    OwedState.DUE: "due",
    OwedState.DUE_IF: "owed if the occasion is one",
}


def due_text(due: DueList, *, width: int = 100, colour: bool = False) -> str:
    """The whole page as text that ends in a line break; `colour` adds terminal escapes."""
    width = min(max(width, 40), _WIDEST)
    shown = due.owed[:MOST_SHOWN]
    parts: list[RenderableType] = [Text(visible(due.title), style="bold"), Text(visible(summary(due)))]
    if shown:
        parts += [Text(), _table(due, shown, width)]
    parts += [Text(), *(Text(visible(line), style="dim") for line in _notes(due, len(shown)))]
    return as_text(Group(*parts), width=width, colour=colour)


def summary(due: DueList) -> str:
    """All of it in a sentence: "Of three duties owed, one is overdue and two are due." A duty counts once, at its gravest."""
    order = list(OwedState)
    gravest: dict[tuple[str, str | None], OwedState] = {}
    for row in due.owed:
        if row.state is not OwedState.OF_AGREEMENT:
            key = (row.id, row.recipient)
            gravest[key] = min(gravest.get(key, row.state), row.state, key=order.index)
    ahead = sum(1 for row in due.owed if row.state is OwedState.OF_AGREEMENT)
    dates = f" {capital(counted(ahead, 'date'))} of the agreement {'lies' if ahead == 1 else 'lie'} ahead." if ahead else ""
    if not gravest:
        return "No duty is owed." + dates
    counts = [(n, _ARE[s]) for s in order if (n := sum(1 for found in gravest.values() if found is s))]
    said = [f"{number(n)} {'is' if n == 1 else 'are'} {state}" for n, state in counts]
    if len(gravest) == 1:
        return f"One duty is {counts[0][1]}." + dates
    if len(said) == 1:
        return f"{capital(number(len(gravest)))} duties are {counts[0][1]}." + dates
    return f"Of {number(len(gravest))} duties owed, {joined(said)}." + dates


def _table(due: DueList, shown: Sequence[Owed], width: int) -> RenderableType:
    """Three columns; on a narrow page the same in one, a paragraph for each row."""
    times = [when(row, due.time_zone) for row in shown]
    rows = [(_owed(row), _how(row, due)) for row in shown]
    if width < _NARROW:
        paragraphs = (Text.assemble(at, "\n", owed, "\n", how) for at, (owed, how) in zip(times, rows, strict=True))
        return Text("\n\n").join(paragraphs)
    first = min(max(cell_len(part) for at in times for part in _lines(at).split("\n")), width // 4)
    table = Table(box=None, show_header=True, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0), width=width)
    table.add_column("due", width=first, overflow="fold")
    table.add_column("what is owed", ratio=5, overflow="fold")
    table.add_column("how it stands", ratio=4, overflow="fold")
    for at, (owed, how) in zip(times, rows, strict=True):
        table.add_row(Text(_lines(at)), owed, how)
    return table


def _owed(row: Owed) -> Text:
    owed = Text(visible(f"{between(row)}: {what(row)}"))
    if row.rule:
        owed.append(visible(f"\n{row.rule}" + (f" {row.title}" if row.title else "")), style="dim")
    return owed


def _how(row: Owed, due: DueList) -> Text:
    how = Text(visible(stands(row, due.as_of)), style=_STYLE.get(row.state, ""))
    how.append(visible(f"\n{whose(row)}"), style="dim")
    return how


def _lines(at: str) -> str:
    return at.replace(" to ", "\nto ")


def _notes(due: DueList, shown: int) -> list[str]:
    notes = []
    if shown < len(due.owed):
        notes.append(f"{len(due.owed) - shown:,} more; --format csv lists them all.")
    if any(row.state in (OwedState.OVERDUE_IF, OwedState.DUE_IF) for row in due.owed):
        notes.append("owed if ...: it is not certain that the occasion takes place, or that the rule applies to it")
    if any(row.state is OwedState.PERHAPS_OVERDUE for row in due.owed):
        notes.append("perhaps overdue: the account cannot tell whether it was performed in time")
    if due.counterfactual:
        notes.append("as if the agreement were in force throughout")
    notes.append(asked_at(due.as_of, due.known_on, due.time_zone))
    return notes
