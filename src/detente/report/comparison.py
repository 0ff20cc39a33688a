"""The comparison of drafts on a terminal: changes with witnesses, what differs around the rules, and the parity report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from detente.model.problem import visible
from detente.negotiate.comparison import Change, Comparison, Direction, OnEvidence, Parity, Prose, Share
from detente.negotiate.threeway import ThreeWay, Who
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
from detente.report.matrix import as_text

GAP = 2
_NUMBER = {80: 10, 100: 12, 130: 14}
_VERDICT = {80: 11, 100: 12, 130: 14}
_MARKS = {
    Direction.NONE: ("=", "="),
    Direction.TIGHTENED: ("▲", "^"),
    Direction.LOOSENED: ("▼", "v"),
    Direction.BOTH: ("◆", "*"),
    Direction.OTHER: ("◇", "~"),
    Direction.UNPROVED: ("?", "?"),
}
_SHORT = {Direction.BOTH: "both ways", Direction.OTHER: "otherwise", Direction.UNPROVED: "no witness"}


def comparison_page(found: Comparison | ThreeWay, *, width: int = 100, ascii_only: bool = False, colour: bool = False) -> str:
    """The whole page as text that ends in a line break."""
    setting = _Setting(width, ascii_only)
    parts = list(_pair(found, setting) if isinstance(found, Comparison) else _three(found, setting))
    return as_text(Padding(Group(*parts), (0, max(0, width - setting.page), 0, 0)), width=max(width, 40), colour=colour)


class _Setting:
    """The widths and marks of one page; nothing is wider than its breakpoint (80, 100 or 130 columns)."""

    def __init__(self, width: int, ascii_only: bool) -> None:
        self.step = max((b for b in (80, 100, 130) if b <= width), default=80)
        self.page = min(max(width, 40), self.step) if width >= 80 else max(width, 40)
        self.ascii_only = ascii_only

    def mark(self, direction: Direction) -> str:
        return _MARKS[direction][self.ascii_only]


def _pair(found: Comparison, setting: _Setting) -> Iterable[RenderableType]:
    yield from _drafts((("A", found.before_title, found.before_path), ("B", found.after_title, found.after_path)))
    yield Text(visible(summary(found)), style="bold")
    yield Text()
    changed = [c for c in found.changes if c.direction.is_change or c.sorts]
    if changed:
        yield _changes(changed, setting)
        yield Text()
    same = [named(c) for c in found.changes if not c.direction.is_change and not c.sorts]
    if same:
        yield Text(visible(f"Unchanged: {', '.join(same)}."), style="dim")
    yield from _prose(found.prose)
    if found.around:
        yield Text()
        yield Text("Outside the rules", style="bold")
        yield _listed(((a.subject, f"{a.before or '-'} > {a.after or '-'}") for a in found.around), setting)
    if found.on_evidence is not None:
        yield Text()
        yield from _on_evidence(found.on_evidence, setting)
    yield Text()
    yield from _parity(found.parity)


def _drafts(drafts: Sequence[tuple[str, str, str]]) -> Iterable[RenderableType]:
    for name, title, path in drafts:
        yield Text(visible(f"{name}  {title}"), style="bold")
        yield Text(visible(f"{' ' * len(name)}  {path}"), style="dim")
    yield Text()


def _changes(changes: Sequence[Change], setting: _Setting) -> Table:
    table = _grid(("Rule", _NUMBER[setting.step]), ("Meaning", _VERDICT[setting.step] + GAP), ("What", None))
    for change in changes:
        direction = change.direction
        what = Text(visible(_first_line(change)))
        for line in aspect_lines(change):
            what.append(visible(f"\n{line}"), style="dim")
        for witness in change.witnesses:
            what.append(visible(f"\n{setting.mark(witness.direction)} {witness.sentence}"))
        if direction is Direction.UNPROVED:
            what.append("\nwording differs; no witness found", style="dim")
        table.add_row(Text(visible(named(change))), Text(f"{setting.mark(direction)} {_SHORT.get(direction, direction.value)}"), what)
    return table


def _first_line(change: Change) -> str:
    return ": ".join(s for s in (title_of(change), sorts_of(change)) if s)


def _prose(prose: Sequence[Prose]) -> Iterable[RenderableType]:
    for binding, words in ((True, "the rules say whether the meaning changed"), (False, "declaratory, not judged")):
        for sort in ("reworded", "new", "gone"):
            some = [p.article for p in prose if p.sort == sort and p.binding is binding]
            if some:
                yield Text(visible(f"Prose {sort} ({words}): {', '.join(some)}."), style="dim")


def _on_evidence(found: OnEvidence, setting: _Setting) -> Iterable[RenderableType]:
    yield Text(visible(f"On the evidence in {found.evidence}, as of {found.as_of}"), style="bold")
    if not found.articles and not found.instances:
        yield Text("No verdict would change.")
        return
    for name, moved in (("article", found.articles), ("", found.instances)):
        if moved:
            yield _listed(
                ((f"{name} {m.target}".strip(), f"{m.before or 'no case'} > {m.after or 'no case'}") for m in moved), setting, wide=True
            )


def _parity(parity: Parity) -> Iterable[RenderableType]:
    yield Text("By party, in A > in B", style="bold")
    alike = shared_alike(parity)
    table = _grid(("Party", 24), ("Obligations", 11), ("Permissions", 11), ("Exceptions", 10), ("Burdens", 9), rule=False)
    for parties, one, two in alike:
        counts = zip(share_counts(one), share_counts(two), strict=True)
        table.add_row(Text(visible(", ".join(parties))), *(Text(a if a == b else f"{a} > {b}") for a, b in counts))
    yield table
    for parties, one, two in alike:
        yield from _share_lines(parties, one, two)
    yield Text(PARITY_NOTE, style="dim")


def _share_lines(parties: Sequence[str], one: Share | None, two: Share | None) -> Iterable[RenderableType]:
    whose = ", ".join(parties) if len(parties) <= _MOST_NAMED else f"{parties[0]} and {len(parties) - 1} more, each"
    for name in ("obligations", "permissions", "exceptions", "burdens"):
        a, b = (tuple(getattr(s, name)) if s is not None else () for s in (one, two))
        if a or b:
            said = f"{', '.join(a) or '-'}" if a == b else f"{', '.join(a) or '-'} > {', '.join(b) or '-'}"
            yield Text(visible(f"{whose}, {name}: {said}"), style="dim")


_MOST_NAMED = 3


# ---- three drafts -------------------------------------------------------------------


def _three(found: ThreeWay, setting: _Setting) -> Iterable[RenderableType]:
    yield from _drafts(
        (
            ("base  ", found.ours.before_title, found.ours.before_path),
            ("ours  ", found.ours.after_title, found.ours.after_path),
            ("theirs", found.theirs.after_title, found.theirs.after_path),
        )
    )
    yield Text(visible(summary_of_three(found)), style="bold")
    yield Text()
    if found.entries:
        table = _grid(("Rule", _NUMBER[setting.step]), ("Changed by", _VERDICT[setting.step] + GAP), ("What", None))
        for entry in found.entries:
            what = Text(visible(entry_line(entry)))
            if entry.reason:
                what.append(visible(f"\n{entry.reason}"))
            for side, change in (("ours", entry.ours), ("theirs", entry.theirs)):
                for line in aspect_lines(change) if change is not None else ():
                    what.append(visible(f"\n{side}: {line}"), style="dim")
            style = "bold" if entry.who is Who.CONFLICT else ""
            table.add_row(Text(visible(entry_name(entry))), Text(entry.who.value, style=style), what)
        yield table
    for subject in found.around:
        yield Text(visible(f"Conflict outside the rules: {subject}."), style="bold")
    for side, comparison in (("ours", found.ours), ("theirs", found.theirs)):
        for a in comparison.around:
            yield Text(visible(f"{side}: {a.subject}: {a.before or '-'} > {a.after or '-'}"), style="dim")


# ---- tables ---------------------------------------------------------------------------


def _grid(*columns: tuple[str, int | None], rule: bool = True) -> Table:
    table = Table(box=None, show_edge=False, pad_edge=False, padding=(0, GAP, 1 if rule else 0, 0), header_style="dim")
    for title, width in columns:
        table.add_column(title, width=width, overflow="fold", ratio=1 if width is None else None)
    return table


def _listed(rows: Iterable[tuple[str, str]], setting: _Setting, *, wide: bool = False) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, GAP, 0, 0))
    table.add_column(width=setting.page // (2 if wide else 3), overflow="fold")
    table.add_column(overflow="fold", ratio=1)
    for label, words in rows:
        table.add_row(Text(visible(label)), Text(visible(words)))
    return table
