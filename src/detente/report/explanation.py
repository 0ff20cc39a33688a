"""Why one instance has its verdict, as text for a terminal or as one sentence.

The shape: heading and verdict, the occasion, one paragraph per account with
its vote, then what the verdict turns on and what would settle it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from detente.model.problem import visible
from detente.model.verdict import Cited, Explanation, InstanceVerdict, Missing, Tale, Turn
from detente.report.matrix import as_text
from detente.report.signs import Signs, signs, style
from detente.report.words import asked_at, beside, day, joined, possessive, without_verdict

_WIDEST = 110


def sentences(explanations: Iterable[Explanation]) -> str:
    """Each explanation as its one sentence, a line each."""
    return "".join(f"{visible(e.sentence)}\n" for e in explanations)


def explanation_text(
    explanation: Explanation,
    *,
    as_of: datetime | None = None,
    known_on: datetime | None = None,
    time_zone: str = "UTC",
    width: int = 100,
    ascii_only: bool = False,
    colour: bool = False,
) -> str:
    """One explanation as text that ends in a line break."""
    width = min(max(width, 40), _WIDEST)
    alphabet = signs(ascii_only=ascii_only)
    parts: list[RenderableType] = [_head(explanation, asked_at(as_of, known_on, time_zone), width), Text()]
    parts += [Text(visible(explanation.occasion)), Text(), _reasons(explanation, width, alphabet)]
    if explanation.verdict.spells:
        parts += [Text(), _spells(explanation.verdict, time_zone, alphabet)]
    if explanation.cited:
        parts += [Text(), _cited(explanation, width)]
    return as_text(Group(*parts), width=width, colour=colour)


def _head(explanation: Explanation, when: str, width: int) -> RenderableType:
    """Heading and verdict on one line; ground, id and moments under it."""
    verdict = explanation.verdict
    word, weight = _answer(verdict)
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 0), width=width)
    table.add_column(ratio=1, overflow="fold")
    table.add_column(justify="right", no_wrap=True)
    table.add_row(Text(visible(explanation.heading), style="bold"), Text("  " + word.upper(), style=weight))
    ground = [verdict.ground.value] if verdict.ground else []
    notes = ", ".join([*ground, *(s.value for s in beside(verdict.statuses) if s.value != word)])
    table.add_row(Text(visible(verdict.id), style="dim"), Text("  " + notes, style="dim"))
    return Group(table, Text(when, style="dim")) if when else table


def _answer(verdict: InstanceVerdict) -> tuple[str, str]:
    if verdict.outcome is None:
        return without_verdict(verdict.statuses).value, "dim"
    return verdict.outcome.value, f"bold {style(verdict.outcome)}"


# ---- account by account -----------------------------------------------------------


def _reasons(explanation: Explanation, width: int, alphabet: Signs) -> RenderableType:
    """Account, vote and facts in three columns; then what it turns on and what would settle it, in two."""
    labels = [_by(tale) for tale in explanation.tales]
    first = min(max([len("would settle it"), *map(cell_len, labels)]), max(width // 3, 15))
    tales = _columns(first, max([cell_len(tale.vote.value) + 2 for tale in explanation.tales], default=0))
    for label, tale in zip(labels, explanation.tales, strict=True):
        vote = Text(f"{alphabet.of(tale.vote)} {tale.vote.value.upper()}", style=style(tale.vote))
        tales.add_row(Text(label), vote, Text(visible("\n".join(_told(tale)))))
    ends = _columns(first)
    for label, lines in (("turns on", _turns(explanation)), ("would settle it", _settled(explanation.settles))):
        for place, line in enumerate(lines):
            ends.add_row(Text("" if place else label), Text(visible(line)))
    return Group(tales, Text(), ends)


def _columns(*widths: int) -> Table:
    """A table without lines: columns of fixed widths and one that takes the rest."""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for width in widths:
        table.add_column(width=width, overflow="fold")
    table.add_column(overflow="fold", ratio=1)
    return table


def _by(tale: Tale) -> str:
    """Whose tale it is: "by Arland's account", "by neutrals"."""
    named = [visible(name) for name in tale.accounts]
    if len(named) == 1 and named[0] not in ("neutrals", "press", "analysts"):
        return f"by {possessive(named[0])} account"
    return f"by {joined(named)}"


def _told(tale: Tale) -> Iterable[str]:
    facts = "; ".join(_fact(fact) for fact in tale.facts)
    if facts or tale.margin:
        yield "; ".join(part for part in (facts, tale.margin) if part)
    if tale.nearest:
        yield f"nearest: {tale.nearest}"
    if tale.missing:
        yield f"missing: {'; '.join(tale.missing)}"


def _fact(fact: Cited) -> str:
    marks = ", ".join([*fact.cites, *([fact.how] if fact.how else [])])
    return f"{fact.text} [{marks}]" if marks else fact.text


def _turns(explanation: Explanation) -> list[str]:
    if explanation.turns_on_more_than_three:
        return ["more than three claims together"]
    if explanation.verdict.outcome is None:
        return []  # without a verdict nothing turns it
    return [_turn(turn) for turn in explanation.turns_on] or ["no single claim"]


def _turn(turn: Turn) -> str:
    sides = " against ".join(", ".join(side) for side in (turn.for_it, turn.against_it) if side)
    claim = f"{turn.claim}  {sides}" if sides else turn.claim
    return f"{claim}; otherwise {turn.becomes}" if turn.becomes else claim


def _settled(settles: Sequence[Missing]) -> list[str]:
    return [f"{missing.item} (ask {missing.ask})" if missing.ask else missing.item for missing in settles]


# ---- spells and statements ----------------------------------------------------------


def _spells(verdict: InstanceVerdict, zone: str, alphabet: Signs) -> Table:
    """For rules that hold at all times: each stretch, its outcome, and the values by account."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for title in ("from", "until", "verdict", "values"):
        table.add_column(title, overflow="fold")
    for spell in verdict.spells:
        start = day(spell.start, zone) if spell.start else alphabet.neither
        end = day(spell.end, zone) if spell.end else alphabet.neither
        if start == end and spell.start:
            start, end = f"on {start}", ""
        outcome = spell.outcome.value if spell.outcome else alphabet.neither
        values = "; ".join(f"{name} {_between(*bounds)}" for name, bounds in spell.values.items())
        table.add_row(
            Text(start), Text(end), Text(f"{alphabet.of(spell.outcome)} {outcome}", style=style(spell.outcome)), Text(visible(values))
        )
    return table


def _between(least: float | None, greatest: float | None) -> str:
    """What a quantity can be: "1,500", "1,400 to 1,500", "at least 1,400", "unknown"."""
    if least is None and greatest is None:
        return "unknown"
    if least is None:
        return f"at most {greatest:,.10g}"
    if greatest is None:
        return f"at least {least:,.10g}"
    return f"{least:,.10g}" if least == greatest else f"{least:,.10g} to {greatest:,.10g}"


def _cited(explanation: Explanation, width: int) -> Table:
    """Each cited statement in its own words; an id is broken in two only where it would take half of the page."""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(style="dim", overflow="fold", max_width=width // 2)
    table.add_column(style="dim", overflow="fold")
    for name, words in explanation.cited.items():
        table.add_row(Text(f"[{visible(name)}]"), Text(visible(words)))
    return table
