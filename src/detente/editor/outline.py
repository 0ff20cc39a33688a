"""The outline of a document: headings, and under each its rules, phases, definitions, blocks and cases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from detente.agreement import tree as t
from detente.editor.positions import Range
from detente.editor.reading import Reading, Statement, read
from detente.model.problem import visible

Sort = Literal["heading", "rule", "phase", "definition", "block", "case"]
_LONGEST = 120
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the outline. `name_range` lies inside `range`."""

    name: str
    detail: str
    sort: Sort
    range: Range
    name_range: Range
    children: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class _Item:
    name: str
    detail: str
    sort: Sort
    start: int
    end: int
    name_end: int
    level: int


def outline(raw: str) -> tuple[Entry, ...]:
    """The outline of a text, in its order; empty where it is no agreement."""
    reading = read(raw)
    return () if reading is None else _nested(reading, _items(reading))


def _items(reading: Reading) -> list[_Item]:
    document = reading.document
    found = []
    ends = _ends(reading)
    for number, section in enumerate(document.sections):
        if section.level:
            name_end = document.line_of(section.start)[1]
            found.append(_Item(section.heading or "(no heading)", "", "heading", section.start, ends[number], name_end, section.level))
    found += [_statement(reading, statement) for statement in reading.statements]
    for block in document.blocks:
        if block.sort == "case":
            opening = document.text.rfind("\n", 0, max(block.start - 1, 0)) + 1
            name = block.info.removeprefix("case").strip().strip('"') or "case"
            found.append(_Item(name, "case", "case", opening, block.end, max(opening, block.start - 1), 9))
    return sorted(found, key=lambda item: (item.start, item.level))


def _ends(reading: Reading) -> list[int]:
    """Where each section ends: at the next heading of its level or a higher one."""
    sections = reading.document.sections
    ends = [len(reading.text)] * len(sections)
    above: list[int] = []
    for number, section in enumerate(sections):
        while above and sections[above[-1]].level >= section.level:
            ends[above.pop()] = section.start
        above.append(number)
    return ends


def _statement(reading: Reading, statement: Statement) -> _Item:
    end = min(reading.document.line_of(statement.start)[1], statement.end)
    name, detail, sort = _named(reading, statement)
    return _Item(name, detail, sort, statement.start, statement.end, max(end, statement.start), 9)


def _named(reading: Reading, statement: Statement) -> tuple[str, str, Sort]:
    match statement.tree:
        case t.RuleTree(id=word, title=title):
            return f"rule {word.text}", title or "", "rule"
        case t.PhaseTree(id=word, title=title):
            return f"phase {word.text}", title or "", "phase"
        case t.Define(name=word, meaning=meaning):
            return word.text, _SORTS.get(type(meaning), "definition"), "definition"
        case t.AgreementBlock():
            return "agreement", "", "block"
        case t.EvidenceBlock():
            return "evidence", "", "block"
    return " ".join(reading.text[statement.start : statement.start + _LONGEST].split()[:3]), "cannot be read", "rule"


_SORTS: dict[type, str] = {
    t.KindTree: "kind",
    t.PlaceFile: "place",
    t.PlaceInEvidence: "place",
    t.GroupTree: "group",
    t.NumberIs: "number",
    t.DurationIs: "duration",
    t.PartyIs: "party",
    t.InstrumentFile: "agreement",
    t.LeftOpenTree: "left open",
}


def _nested(reading: Reading, items: list[_Item]) -> tuple[Entry, ...]:
    """The items as a tree: each under the last heading before it that is of a higher level."""
    roots: list[tuple[_Item, list]] = []  # type: ignore[type-arg]  # a tree of lists
    above: list[tuple[_Item, list]] = []  # type: ignore[type-arg]
    for item in items:
        while above and above[-1][0].level >= item.level:
            above.pop()
        node: tuple[_Item, list] = (item, [])  # type: ignore[type-arg]
        (above[-1][1] if above else roots).append(node)
        if item.sort == "heading" and len(above) < _DEEPEST:
            above.append(node)
    return tuple(_entry(reading, node) for node in roots)


def _entry(reading: Reading, node: tuple[_Item, list]) -> Entry:  # type: ignore[type-arg]
    item, children = node
    return Entry(
        visible(item.name[:_LONGEST]) or "-",
        visible(item.detail[:_LONGEST]),
        item.sort,
        reading.source.range(item.start, item.end),
        reading.source.range(item.start, min(item.name_end, item.end)),
        tuple(_entry(reading, child) for child in children),
    )
