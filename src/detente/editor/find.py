"""The word at a place, and what it is there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from detente.agreement import tree as t
from detente.editor.reading import Leaf, Reading, Statement, leaves
from detente.model.kind import Field, Kind
from detente.vocabulary.groups import load_groups
from detente.vocabulary.units import UNITS

Sort = Literal["variable", "field", "reference", "defined", "kind", "group", "unit", "verb", "level", "party"]
Referred = Literal["", "article", "rule", "phase"]

_WORD = re.compile(r"\"[^\"\n]*\"|[^\W_][\w\u0300-\u036f]*(?:[.-][^\W_][\w\u0300-\u036f]*)*")
_PATH = re.compile(r"([A-Z][0-9]?)\.([a-z][a-z0-9-]*)")
_VARIABLE = re.compile(r"[A-Z][0-9]?")
_SORT_BEFORE = re.compile(r"\b(article|rule|phase|exception)s?\s+\Z")
_REFERRING = re.compile(r"\b(?:notwithstanding|breaches|released\s+from|expect|suspension\s+of)\s+\Z")
_NUMBER_BEFORE = re.compile(r"[\d.]\s*\Z")
_FARTHEST = 400
"""Characters before a word in which what decides its meaning is looked for."""


@dataclass(frozen=True, slots=True)
class Found:
    """A word in its place. `name` is without quotes; of `X.troops` it is the part that was pointed at."""

    sort: Sort
    name: str
    start: int
    end: int
    statement: Statement | None = None
    kind: Kind | None = None
    field: Field | None = None
    referred: Referred = ""
    leaf: Leaf | None = None


def find(reading: Reading, offset: int) -> Found | None:
    """What stands at a place of a block, or ends there; None for prose, keywords, numbers and dates."""
    block = reading.block_at(offset)
    if block is None:
        return None
    line = reading.text.rfind("\n", 0, offset) + 1
    end = reading.text.find("\n", offset)
    stretch = (max(line, block.start), min(end if end >= 0 else block.end, block.end))
    match = next((m for m in _WORD.finditer(reading.text, *stretch) if m.start() <= offset <= m.end()), None)
    if match is None or _in_comment(reading.text[stretch[0] : match.start()]):
        return None
    if block.sort == "case":
        return _in_case(reading, match, stretch)
    statement = reading.statement_at(offset)
    if statement is None:
        return None
    return _in_statement(reading, match, statement, offset)


def variables_of(reading: Reading, statement: Statement) -> dict[str, Kind | None]:
    """The variables of a statement, each with its kind."""
    return reading.kinds_of(statement.start, statement.end)


def _in_comment(before: str) -> bool:
    return "--" in re.sub(r"\"[^\"]*\"", "", before)


def _in_statement(reading: Reading, match: re.Match[str], statement: Statement, offset: int) -> Found | None:
    word, start, end = match[0], match.start(), match.end()
    variables = variables_of(reading, statement)
    path = _PATH.fullmatch(word)
    if path is not None and (path[1] in variables or statement.tree is not None):
        kind = variables.get(path[1])
        dot = start + len(path[1])
        if offset <= dot:
            return Found("variable", path[1], start, dot, statement, kind)
        field = kind.fields.get(path[2]) if kind else None
        return Found("field", path[2], dot + 1, end, statement, kind, field)
    if _VARIABLE.fullmatch(word) and not _SORT_BEFORE.search(reading.text, max(0, start - _FARTHEST), start):
        return Found("variable", word, start, end, statement, variables.get(word))
    beside = (s for s in reading.statements if s.start == statement.start)
    words = (x for s in beside for x in leaves(s) if isinstance(x.node, t.Word))
    leaf = next((x for x in words if x.start <= start < x.end), None)
    if leaf is not None:
        return _of_leaf(reading, leaf, statement, variables)
    return _by_spelling(reading, match, statement, variables)


def _of_leaf(reading: Reading, leaf: Leaf, statement: Statement, variables: dict[str, Kind | None]) -> Found | None:
    """What a word is whose place in the sentence is known."""
    name = leaf.node.text if isinstance(leaf.node, t.Word) else ""
    at = (leaf.start, leaf.end)
    match leaf.parent, leaf.role:
        case t.RefTree(sort=sort), _:
            return Found("reference", name, *at, statement, referred=sort, leaf=leaf)
        case ((t.RuleTree() | t.ExceptionTree()), "id"):
            return Found("reference", name, *at, statement, referred="rule", leaf=leaf)
        case ((t.PhaseTree() | t.PhaseName()), "id"):
            return Found("reference", name, *at, statement, referred="phase", leaf=leaf)
        case t.AsRequired(), "article":
            return None
        case (t.Deed(), "verb") | (t.VerbTree(), "third" | "forms"):
            return Found("verb", name, *at, statement, leaf=leaf)
        case (t.FieldTree(), "name") | (t.KindTree(), "happens") | (t.VerbTree(), "subject" | "signature"):
            kind = reading.kind(statement.tree.name.text) if isinstance(statement.tree, t.Define) else None
            return Found("field", name, *at, statement, kind, kind.fields.get(name) if kind else None, leaf=leaf)
        case t.FieldTree(), "levels":
            return Found("level", name, *at, statement, leaf=leaf)
        case t.CountsAt(), _:
            return Found("field", name, *at, statement, leaf=leaf)
        case ((t.Equals() | t.Compares() | t.Between() | t.Test()), _):
            found = _value(reading, name, at, statement, variables)
            if found is not None:
                return found
    return _named(reading, name, at, statement, leaf)


def _value(reading: Reading, name: str, at: tuple[int, int], statement: Statement, variables: dict[str, Kind | None]) -> Found | None:
    """A word that something is compared with: a step of the field before it, or a flag of the variable before it."""
    before = list(
        re.finditer(r"([A-Z][0-9]?)(?:\.([a-z][a-z0-9-]*))?(?![\w-])", reading.text[max(statement.start, at[0] - _FARTHEST) : at[0]])
    )
    if not before:
        return None
    kind = variables.get(before[-1][1])
    if kind is None:
        return None
    if before[-1][2] is None:
        field = kind.fields.get(name)
        return Found("field", name, *at, statement, kind, field) if field else None
    field = kind.fields.get(before[-1][2])
    return Found("level", name, *at, statement, kind, field) if field and name in field.levels else None


def _named(reading: Reading, name: str, at: tuple[int, int], statement: Statement | None, leaf: Leaf | None = None) -> Found | None:
    """A name that means the same wherever it stands."""
    if name in reading.definitions:
        return Found("defined", name, *at, statement, reading.kind(name), leaf=leaf)
    kind = reading.kind(name)
    if kind is not None:
        return Found("defined" if kind.name in reading.definitions else "kind", kind.name, *at, statement, kind, leaf=leaf)
    if name in load_groups():
        return Found("group", name, *at, statement, leaf=leaf)
    if name in reading.parties:
        return Found("party", name, *at, statement, leaf=leaf)
    return None


def _by_spelling(reading: Reading, match: re.Match[str], statement: Statement, variables: dict[str, Kind | None]) -> Found | None:
    """What a word is in a sentence that cannot be read, or that is no word of its own: a unit, a word of a broken rule."""
    name, at = match[0].strip('"'), match.span()
    before = reading.text[max(statement.start, at[0] - _FARTHEST) : at[0]]
    sort = _SORT_BEFORE.search(before)
    if sort is not None:
        named = {"article": "article", "phase": "phase"}.get(sort[1], "rule")
        return Found("reference", name, *at, statement, referred=named)  # type: ignore[arg-type]  # one of the three
    if _REFERRING.search(before):
        return Found("reference", name, *at, statement)
    if name in UNITS and _NUMBER_BEFORE.search(before):
        return Found("unit", name, *at, statement)
    if statement.tree is not None:
        return None
    found = _value(reading, name, at, statement, variables) or _named(reading, name, at, statement)
    if found is not None:
        return found
    is_verb = any(name in (v.base, v.third, v.participle) for k in reading.kinds.values() for v in k.verbs)
    return Found("verb", name, *at, statement) if is_verb else None


def _in_case(reading: Reading, match: re.Match[str], stretch: tuple[int, int]) -> Found | None:
    """A word of a line of a case."""
    words = list(_WORD.finditer(reading.text, *stretch))
    name, at = match[0].strip('"'), match.span()
    if words[0][0] == "expect":
        if len(words) > 1 and match.start() == words[1].start():
            return Found("reference", name.removesuffix(".else"), *at, referred="rule")
        return _named(reading, name, at, None)
    kind = reading.kind(words[2][0]) if len(words) > 2 else None
    if kind is not None and match.start() > words[2].start():
        field = kind.fields.get(name)
        if field is not None:
            return Found("field", name, *at, None, kind, field)
        previous = next((w[0] for w in reversed(words) if w.start() < match.start()), "")
        field = kind.fields.get(previous)
        if field is not None and name in field.levels:
            return Found("level", name, *at, None, kind, field)
    return _named(reading, name, at, None)
