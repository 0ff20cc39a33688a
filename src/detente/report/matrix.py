"""The verdict matrix: what `detente check` shows on a terminal.

From the top: the summary in a sentence, articles by accounts with the overall
verdict and its ground, what would settle most, and the facts of the question.
"""

from __future__ import annotations

import io
import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rich.box import Box
from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from detente.model.problem import visible
from detente.model.verdict import ArticleVerdict, Missing, RuleVerdict, Verdicts, Vote
from detente.report.columns import GAP, Column, Columns, Layout, columns, layout_for
from detente.report.signs import ASCII, GROUND_IN_COLUMN, GROUND_IN_SHORT, STATUS_IN_SHORT, VOTE_IN_SHORT, Signs, signs, style
from detente.report.words import asked_at, beside, capital, counted, joined, plural, summary, without_verdict


def matrix(verdicts: Verdicts, *, width: int = 80, ascii_only: bool = False, colour: bool = False) -> str:
    """The whole page as text that ends in a line break; `colour` adds terminal escapes."""
    page = matrix_page(verdicts, width=width, ascii_only=ascii_only)
    return as_text(page, width=max(width, 40), colour=colour)


def as_text(page: RenderableType, *, width: int, colour: bool) -> str:
    """A rich page as a string without spaces at line ends."""
    out = io.StringIO()
    console = Console(
        file=out,
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        emoji=False,
        markup=False,
        highlight=False,
        legacy_windows=False,
        _environ={},
    )
    console.print(page)
    return re.sub(r"[ \t]+$", "", out.getvalue(), flags=re.MULTILINE)


def matrix_page(verdicts: Verdicts, *, width: int, ascii_only: bool) -> RenderableType:
    """The page before it becomes text."""
    layout = layout_for(width, max((len(visible(rule.rule)) for article in verdicts.articles for rule in article.rules), default=0))
    alphabet = signs(ascii_only=ascii_only)
    shown = columns(verdicts, layout.most)
    parts: list[RenderableType] = [
        Text(visible(verdicts.title), style="bold"),
        Text(visible(summary(verdicts))),
        Text(),
    ]
    if any(article.rules for article in verdicts.articles):
        parts += [_table(verdicts, _Frame(layout, shown.shown, alphabet)), Text()]
    notes = [*_legend(layout, alphabet), *_notes(verdicts, shown)]
    parts += [Text(visible(note), style="dim") for note in notes]
    if verdicts.settles:
        parts += [Text(), *_settles(verdicts.settles)]
    parts += [Text(), _facts(verdicts, alphabet)]
    # Nothing is wider than its breakpoint: long lines of prose are hard to read on a wide terminal.
    return Padding(Group(*parts), (0, max(0, width - layout.width), 0, 0))


# ---- the table ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Frame:
    """What every row needs to know: the widths, the accounts and the alphabet."""

    layout: Layout
    accounts: Sequence[Column]
    alphabet: Signs

    @property
    def heading(self) -> int:
        return self.layout.heading(len(self.accounts))


def _table(verdicts: Verdicts, frame: _Frame) -> Table:
    layout, alphabet = frame.layout, frame.alphabet
    blank = "    \n"
    ruled = Box(f"{blank}{blank} {alphabet.line * 2} \n{blank * 5}", ascii=alphabet is ASCII)
    table = Table(box=ruled, show_edge=False, pad_edge=False, padding=(0, GAP - 1, 0, 0), header_style="dim", border_style="dim")
    titles = ["", "Article", *(capital(c.title) for c in frame.accounts), "Overall"]
    widths = [layout.number, frame.heading, *(layout.account for _ in frame.accounts), layout.overall]
    if layout.ground:
        titles.append("Ground")
        widths.append(layout.ground)
    for title, width in zip(titles, widths, strict=True):
        table.add_column(Text(_title(title, width)), width=width, overflow="fold")
    before = 0
    for article in verdicts.articles:
        if not article.rules:
            continue
        if before and (not layout.in_words or max(before, len(article.rules)) > 1):
            table.add_row()
        before = len(article.rules)
        for row in _rows(article, frame):
            table.add_row(*row)
    return table


def _title(title: str, width: int) -> str:
    """A column's title, its words cut to the column so that none is broken in two."""
    return " ".join(word if len(word) <= width else word[: width - 1] + "." for word in visible(title).split())


def _rows(article: ArticleVerdict, frame: _Frame) -> Iterable[list[RenderableType]]:
    """One row for an article with one rule; else the article's own and one for each of its rules."""
    heading = short_heading(article)
    if len(article.rules) == 1:
        yield _row(article.rules[0], _named(heading, article.rules[0], frame, frame.heading), frame)
        return
    votes = [_vote(article.votes.get(column.name), frame) for column in frame.accounts]
    whole: list[RenderableType] = [Text(visible(article.article)), Text(heading), *votes, _overall(article, frame.alphabet)]
    yield [*whole, Text()] if frame.layout.ground else whole
    for rule in article.rules:
        name = _named(visible(rule.title or _opening(rule.text)), rule, frame, frame.heading - GAP)
        yield _row(rule, Padding(name, (0, 0, 0, GAP)), frame, number_style="dim")


def _row(rule: RuleVerdict, name: RenderableType, frame: _Frame, *, number_style: str = "") -> list[RenderableType]:
    votes = [_vote(rule.votes.get(column.name), frame) for column in frame.accounts]
    overall = _overall(rule, frame.alphabet)
    ground = rule.ground if rule.outcome else None
    row: list[RenderableType] = [Text(visible(rule.rule), style=number_style), name, *votes, overall]
    if frame.layout.ground:
        reasons = [GROUND_IN_COLUMN[ground]] if ground else []
        return [*row, Text("\n".join([*reasons, *_aside(rule)]), style="dim")]
    if ground:
        overall.append(f"\n  {GROUND_IN_SHORT[ground]}", style="dim")
    return row


def _named(name: str, rule: RuleVerdict, frame: _Frame, width: int) -> Text:
    """A heading and, quieter, how many cases it was tested in: at the right edge where words are set wide, else beneath."""
    text = Text(name)
    cases = _cases(rule)
    if not frame.layout.in_words:
        return text.append("".join(f"\n{line}" for line in (cases, *_aside(rule)) if line), style="dim")
    if cases:
        last_line = textwrap.wrap(name, width)[-1:] or [""]
        gap = width - cell_len(last_line[0]) - cell_len(cases)
        text.append(" " * gap if gap >= GAP else "\n" + " " * (width - cell_len(cases)))
    return text.append(cases, style="dim")


def _cases(rule: RuleVerdict) -> str:
    """How many cases have the outcome: "41 cases", "2 of 41 cases"; nothing is said of a single one."""
    total = sum(rule.counts.values())
    if rule.outcome is None or total < 2:
        return ""
    found = rule.counts.get(rule.outcome, 0)
    return f"{total:,} cases" if found == total else f"{found:,} of {total:,} cases"


def _aside(rule: RuleVerdict) -> tuple[str, ...]:
    """The statuses beside an outcome: "cured", "some not due yet"."""
    if rule.outcome is None:
        return ()
    some = "some " if rule.instance_count > 1 else ""
    return tuple(some + STATUS_IN_SHORT[status] for status in beside(rule.statuses))


def _vote(vote: Vote | None, frame: _Frame) -> Text:
    mark = frame.alphabet.of(vote)
    if vote is None:
        return Text(mark, style="dim")
    return Text(f"{mark} {VOTE_IN_SHORT[vote]}" if frame.layout.in_words else mark, style=style(vote))


def _overall(judged: ArticleVerdict | RuleVerdict, alphabet: Signs) -> Text:
    if judged.outcome is None:
        return Text(f"{alphabet.neither} {STATUS_IN_SHORT[without_verdict(judged.statuses)]}", style="dim")
    return Text.assemble((f"{alphabet.of(judged.outcome)} {judged.outcome.value}", style(judged.outcome)))


def short_heading(article: ArticleVerdict) -> str:
    """The heading without the number that stands before it; else the rule's title or the first words of the prose."""
    heading = visible(article.heading).strip()
    for prefix in (f"Article {article.article}", article.article):
        rest = heading.removeprefix(prefix)
        if rest != heading and not rest[:1].isalnum():
            heading = rest.strip(" \t:.-–—")
            if heading.startswith("(") and heading.endswith(")"):
                heading = heading[1:-1]
            break
    if not heading and len(article.rules) == 1:
        heading = visible(article.rules[0].title or "")
    return capital(heading or _opening(article.prose))


def _opening(prose: str, words: int = 6) -> str:
    found = visible(prose[:200]).split()
    return " ".join(found[:words]) + (" ..." if len(found) > words else "")


# ---- under the table ------------------------------------------------------------


def _legend(layout: Layout, alphabet: Signs) -> list[str]:
    if layout.in_words:
        return []
    a = alphabet
    return [
        f"{a.kept} kept   {a.breached} breached   {a.disputed} disputed   {a.unknown} open or unverified   {a.neither} no case, or not due"
    ]


def _notes(verdicts: Verdicts, shown: Columns) -> list[str]:
    """What the table leaves unsaid."""
    shared = [column for column in shown.shown if len(column.accounts) > 1]
    notes = [f"{capital(column.title)} vote alike everywhere: {_listed(_parties(column))}." for column in shared]
    if shown.folded:
        notes.append(f"No room for {joined(c.title for c in shown.folded)}; --account or --format json shows every account.")
    silent = [a.name for column in shown.shown for a in column.accounts if not a.decides]
    if silent:
        notes.append(f"Shown, never deciding: {joined(silent)}.")
    declaratory = [article.article for article in verdicts.articles if not article.rules]
    if declaratory:
        notes.append(f"Declaratory, without a rule: {plural(len(declaratory), 'article')} {joined(declaratory)}.")
    return notes


def _parties(column: Column) -> list[str]:
    return [name for account in column.accounts for name in (account.parties or (account.name,))]


def _listed(names: Sequence[str], most: int = 12) -> str:
    return joined(names) if len(names) <= most else f"{', '.join(names[:most])} and {len(names) - most} more"


def _settles(settles: Sequence[Missing]) -> Iterable[RenderableType]:
    yield Text("What would settle most", style="bold")
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, GAP, 0, 0))
    table.add_column(justify="right")
    table.add_column(overflow="fold")
    for place, missing in enumerate(settles, 1):
        item = Text(visible(missing.item))
        decides = f"would decide {plural(len(missing.articles), 'article')} {joined(missing.articles)}"
        item.append(visible(f"\nask {missing.ask}; {decides}"), style="dim")
        table.add_row(Text(str(place), style="dim"), item)
    yield table


def _facts(verdicts: Verdicts, alphabet: Signs) -> Table:
    """As of when, on what, by which standard."""
    v = verdicts
    facts: list[tuple[str, str]] = [("as of", asked_at(v.as_of, v.known_on, v.time_zone).removeprefix("as of "))]
    if v.counterfactual:
        facts.append(("supposed", "the agreement is in force throughout its life"))
    facts += [("supposed", f"{name} = {value}") for name, value in v.assumed.items()]
    facts.append(("standard", v.standard))
    said_by = f" from {_sources(v.sources)}" if v.statements else ""
    facts.append(("evidence", counted(v.statements, "statement") + said_by))
    if v.rows_left_out:
        facts.append(("left out", f"{counted(v.rows_left_out, 'row')} with problems"))
    digests = f"evidence {_digest(v.evidence_digest, alphabet)}, agreement {_digest(v.agreement_digest, alphabet)}"
    facts.append(("SHA-256", digests))
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, GAP, 0, 0))
    table.add_column(style="dim", width=8)
    table.add_column(style="dim", overflow="fold")
    for label, fact in facts:
        table.add_row(Text(label), Text(visible(fact)))
    return table


def _sources(sources: Mapping[str, int]) -> str:
    """Who spoke, always in this order: "two parties, one monitor and three sensors"."""
    known = [counted(sources[kind], word) for kind, word in _SOURCE_WORDS.items() if sources.get(kind)]
    others = [counted(n, f"{kind} source") for kind, n in sorted(sources.items()) if n and kind not in _SOURCE_WORDS]
    return joined(known + others) or "no source"


_SOURCE_WORDS: Mapping[str, str] = {
    "party": "party",
    "monitor": "monitor",
    "sensor": "sensor",
    "register": "register",
    "press": "press source",
    "analyst": "analyst",
}


def _digest(digest: str, alphabet: Signs) -> str:
    return digest if len(digest) <= 16 else digest[:16] + alphabet.cut
