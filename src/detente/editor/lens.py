"""Above each rule its verdict: the outcome, the counts, and whether it is still about the text that stands there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from detente.agreement import tree as t
from detente.editor.positions import Range
from detente.editor.reading import Reading, Statement, read
from detente.model.problem import visible
from detente.model.verdict import Outcome

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class RuleSeen:
    """What was judged of one rule: the text that was judged, its outcome or statuses, and how many instances have each outcome."""

    text: str
    outcome: str | None
    statuses: tuple[str, ...]
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Judged:
    """The rules that were judged, by id; or why none was. `is_running`: an answer is on its way."""

    rules: Mapping[str, RuleSeen]
    refusal: str | None = None
    is_running: bool = False
    as_of: str = ""


@dataclass(frozen=True, slots=True)
class Lens:
    """What to show above the line where `range` begins."""

    range: Range
    text: str
    rule: str


def lenses(raw: str, judged: Judged) -> tuple[Lens, ...]:
    """A line for each rule of a text; where nothing was judged, one that says why."""
    reading = read(raw)
    if reading is None:
        return ()
    found = []
    for statement in reading.statements:
        if isinstance(statement.tree, t.RuleTree):
            text = _line(reading, statement, judged.rules.get(statement.tree.id.text), judged)
            place = reading.source.range(statement.start, statement.start)
            found.append(Lens(place, visible(text.replace("\n", " "))[:_LONGEST], statement.tree.id.text))
    return tuple(found)


def judged_from(document: Any) -> Judged:
    """The rules of a verdict file (`docs/reference/verdicts.md`), read from its JSON."""
    verdicts = document["verdicts"]
    rules = {
        rule["rule"]: RuleSeen(rule["text"], rule["outcome"], tuple(rule["statuses"]), rule["counts"])
        for article in verdicts["articles"]
        for rule in article["rules"]
    }
    return Judged(rules, as_of=str(verdicts["as_of"]).partition("T")[0])


def _line(reading: Reading, statement: Statement, seen: RuleSeen | None, judged: Judged) -> str:
    if judged.refusal is not None:
        return f"not judged: {judged.refusal}"
    if seen is None:
        return "judging …" if judged.is_running else "not judged yet: save the document"
    counts = ", ".join(f"{seen.counts[o]:,} {o}" for o in Outcome if seen.counts.get(o))
    said = seen.outcome or ", ".join(seen.statuses) or "untested"
    statuses = f" ({', '.join(seen.statuses)})" if seen.outcome and seen.statuses else ""
    line = f"{said}{statuses}" + (f" · {counts}" if counts else "") + (f" · as of {judged.as_of}" if judged.as_of else "")
    if seen.text != reading.text[statement.start : statement.end].strip():
        line += " · of the text as it was saved before"
    return line + (" · judging again …" if judged.is_running else "")
