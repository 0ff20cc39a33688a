"""Where the word at a place is defined: the `define`, the rule, the phase, the heading, or the variable's first mention."""

from __future__ import annotations

from typing import Literal

from detente.agreement import tree as t
from detente.editor.find import Found, find
from detente.editor.positions import Position, Range
from detente.editor.reading import Reading, Statement, leaves, read


def definition(raw: str, position: Position) -> Range | None:
    """Where the word at a place is defined in the same text; None for words of the package and for what is defined nowhere."""
    reading = read(raw)
    if reading is None:
        return None
    found = find(reading, reading.source.offset(position))
    place = None if found is None else _place(reading, found)
    return None if place is None else reading.source.range(*place)


def rule_named(reading: Reading, name: str, sort: Literal["rule", "phase"]) -> Statement | None:
    """The statement of the rule or phase called so; for an exception or what follows `else`, that of its rule."""
    for statement in reading.statements:
        match statement.tree:
            case t.RuleTree(id=word, tails=tails) if sort == "rule":
                if name == word.text or any(isinstance(x, t.ExceptionTree) and x.id.text == name for x in tails):
                    return statement
            case t.PhaseTree(id=word) if sort == "phase" and word.text == name:
                return statement
    return None


def _place(reading: Reading, found: Found) -> tuple[int, int] | None:
    match found.sort:
        case "variable":
            return _first_mention(found)
        case "defined":
            statement = reading.definitions[found.name]
            return _leaf(statement, "name", None, t.Define)
        case "field" if found.kind is not None and found.kind.name in reading.definitions:
            return _leaf(reading.definitions[found.kind.name], "name", found.name, t.FieldTree)
        case "verb":
            return _verb(reading, found.name)
        case "level" if found.kind is not None and found.kind.name in reading.definitions:
            return _leaf(reading.definitions[found.kind.name], "levels", found.name)
        case "party":
            return _party(reading, found.name)
        case "reference":
            return _reference(reading, found)
    return None


def _reference(reading: Reading, found: Found) -> tuple[int, int] | None:
    if found.referred in ("", "rule", "phase"):
        statement = rule_named(reading, found.name, "phase" if found.referred == "phase" else "rule")
        if statement is not None:
            return _leaf(statement, "id", found.name)
    if found.referred in ("", "article") and reading.agreement is not None:
        article = next((a for a in reading.agreement.articles if a.id == found.name), None)
        if article is not None:
            start = reading.document.lines[article.span.line - 1]
            return reading.document.line_of(start)
    return None


def _first_mention(found: Found) -> tuple[int, int] | None:
    statement = found.statement
    if statement is None:
        return None
    mentions = [x for x in leaves(statement) if isinstance(x.node, t.Variable) and x.node.name == found.name]
    first = min(mentions, key=lambda x: x.start, default=None)
    return None if first is None else (first.start, first.end)


def _verb(reading: Reading, name: str) -> tuple[int, int] | None:
    for kind in reading.kinds.values():
        for verb in kind.verbs:
            if name in (verb.base, verb.third, verb.participle) and kind.name in reading.definitions:
                place = _leaf(reading.definitions[kind.name], "third", verb.third)
                if place is not None:
                    return place
    return None


def _party(reading: Reading, name: str) -> tuple[int, int] | None:
    for statement in reading.statements:
        if isinstance(statement.tree, t.AgreementBlock):
            place = _leaf(statement, "name", name)
            if place is not None:
                return place
    return None


def _leaf(statement: Statement, role: str, name: str | None, parent: type | None = None) -> tuple[int, int] | None:
    """The place of the first word of a statement with this role and text (None: any)."""
    for leaf in leaves(statement):
        is_it = isinstance(leaf.node, t.Word) and leaf.role == role and name in (None, leaf.node.text)
        if is_it and (parent is None or isinstance(leaf.parent, parent)):
            return (leaf.start, leaf.end)
    return None
