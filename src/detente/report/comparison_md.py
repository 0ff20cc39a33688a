"""The comparison of drafts as Markdown, for a page that people discuss."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from detente.model.problem import visible
from detente.negotiate.comparison import Change, Comparison, Direction
from detente.negotiate.threeway import ThreeWay
from detente.report.comparison_words import (
    PARITY_NOTE,
    aspect_lines,
    entry_line,
    entry_name,
    named,
    share_counts,
    shared_alike,
    sorts_of,
    summary,
    summary_of_three,
    title_of,
)


def comparison_markdown(found: Comparison | ThreeWay) -> str:
    """The page, ending in a line break."""
    lines = _pair(found) if isinstance(found, Comparison) else _three(found)
    return "\n".join(lines) + "\n"


def _pair(found: Comparison) -> Iterator[str]:
    yield "# What changes in meaning"
    yield ""
    yield f"* A: {_safe(found.before_title)} ({_safe(found.before_path)})"
    yield f"* B: {_safe(found.after_title)} ({_safe(found.after_path)})"
    yield ""
    yield _safe(summary(found))
    for change in found.changes:
        if change.direction.is_change or change.sorts:
            yield from _change(change)
    same = [named(c) for c in found.changes if not c.direction.is_change and not c.sorts]
    if same:
        yield from ("", f"Unchanged: {_safe(', '.join(same))}.")
    if found.prose:
        yield from ("", "## Prose", "")
        for p in found.prose:
            yield f"* {_safe(p.article)}: {p.sort}, " + (
                "the rules say whether the meaning changed" if p.binding else "declaratory, not judged"
            )
    if found.around:
        yield from ("", "## Outside the rules", "", *_table(("Subject", "A", "B"), ((a.subject, a.before, a.after) for a in found.around)))
    if found.on_evidence is not None:
        on = found.on_evidence
        yield from ("", f"## On the evidence in {_safe(on.evidence)}, as of {on.as_of}", "")
        moved = [(f"article {m.target}", m.before, m.after) for m in on.articles] + [(m.target, m.before, m.after) for m in on.instances]
        yield from _table(("Verdict", "A", "B"), moved) if moved else ("No verdict would change.",)
    yield from ("", "## By party", "")
    rows = [
        (draft, ", ".join(parties), *share_counts(share))
        for parties, *both in shared_alike(found.parity)
        for draft, share in zip("AB", both, strict=True)
        if share is not None
    ]
    yield from _table(("Draft", "Party", "Obligations", "Permissions", "Exceptions", "Burdens"), rows)
    yield from ("", PARITY_NOTE)


def _change(change: Change) -> Iterator[str]:
    title = f" {title_of(change)}" if title_of(change) else ""
    yield from ("", f"## {_safe(named(change) + title)}: {change.direction.value}", "")
    if change.sorts:
        yield from (_safe(sorts_of(change)) + ".", "")
    yield from (f"* {_safe(line)}" for line in aspect_lines(change))
    yield from (f"* **{w.direction.value}**: {_safe(w.sentence)}" for w in change.witnesses)
    if change.direction is Direction.UNPROVED:
        yield "* wording differs; no witness found"


def _three(found: ThreeWay) -> Iterator[str]:
    yield from ("# Who changed what since the base", "")
    yield f"* base: {_safe(found.ours.before_title)} ({_safe(found.ours.before_path)})"
    yield f"* ours: {_safe(found.ours.after_title)} ({_safe(found.ours.after_path)})"
    yield f"* theirs: {_safe(found.theirs.after_title)} ({_safe(found.theirs.after_path)})"
    yield from ("", _safe(summary_of_three(found)), "")
    rows = [(entry_name(e), e.who.value, "; ".join(s for s in (entry_line(e), e.reason) if s)) for e in found.entries]
    yield from _table(("Rule", "Changed by", "What"), rows)
    yield from (f"\nConflict outside the rules: {_safe(s)}." for s in found.around)


def _table(titles: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    titles = tuple(titles)
    yield f"| {' | '.join(titles)} |"
    yield "|" + "---|" * len(titles)
    for row in rows:
        yield f"| {' | '.join(_safe(cell) for cell in row)} |"


def _safe(text: str) -> str:
    """Words from files on one line, without anything that Markdown or HTML would take for its own."""
    return re.sub(r"([\\`*_\[\]<>|#])", r"\\\1", " ".join(visible(text).split()))
