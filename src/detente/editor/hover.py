"""What the word at a place means: its definition, labels, unit and sources, in Markdown."""

from __future__ import annotations

from dataclasses import dataclass

from detente.agreement import tree as t
from detente.editor.define import rule_named
from detente.editor.find import Found, find
from detente.editor.positions import Position, Range
from detente.editor.reading import Reading, Statement, read
from detente.editor.said import block, code, field_said, group_said, kind_said, unit_said, verb_said
from detente.vocabulary.groups import load_groups

_LONGEST = 2_000
"""Characters of a statement that are shown."""


@dataclass(frozen=True, slots=True)
class Note:
    """What is said of the word in `range`."""

    range: Range
    text: str


def hover(raw: str, position: Position) -> Note | None:
    """What the word at a place means, or None where nothing is to be said."""
    reading = read(raw)
    if reading is None:
        return None
    found = find(reading, reading.source.offset(position))
    text = None if found is None else _text(reading, found)
    if found is None or not text:
        return None
    return Note(reading.source.range(found.start, found.end), text)


def _text(reading: Reading, found: Found) -> str | None:
    match found.sort:
        case "variable":
            return f"{code(found.name)} is {'a Party or State' if found.kind is None else code(found.kind.name)}" + (
                f"\n\n{kind_said(found.kind)}" if found.kind else ""
            )
        case "field":
            return field_said(found.field, found.kind) if found.field else None
        case "level":
            return None if found.field is None else f"{code(found.name)} is a value of {field_said(found.field, found.kind)}"
        case "defined":
            return _definition(reading, found)
        case "kind":
            return kind_said(found.kind) if found.kind else None
        case "group":
            return group_said(load_groups()[found.name])
        case "unit":
            return unit_said(found.name)
        case "verb":
            return _verbs(reading, found.name)
        case "party":
            return f"{code(found.name)} is a Party"
        case "reference":
            return _reference(reading, found)


def _definition(reading: Reading, found: Found) -> str:
    statement = reading.definitions[found.name]
    text = block(_shown(reading, statement))
    is_kind = isinstance(statement.tree, t.Define) and isinstance(statement.tree.meaning, t.KindTree)
    return text + (f"\n\n{kind_said(found.kind)}" if is_kind and found.kind else "")


def _verbs(reading: Reading, name: str) -> str | None:
    lines = [
        f"* {code(kind.name)}: {verb_said(verb)}"
        for kind in reading.kinds.values()
        for verb in kind.verbs
        if name in (verb.base, verb.third, verb.participle)
    ]
    return "\n".join(["A verb of:", "", *lines[:40]]) if lines else None


def _reference(reading: Reading, found: Found) -> str | None:
    if found.referred in ("", "rule", "phase"):
        statement = rule_named(reading, found.name, "phase" if found.referred == "phase" else "rule")
        if statement is not None:
            return block(_shown(reading, statement))
    if found.referred in ("", "article") and reading.agreement is not None:
        article = next((a for a in reading.agreement.articles if a.id == found.name), None)
        if article is not None:
            prose = article.prose[:_LONGEST]
            return f"**{code(article.heading)}**" + (f"\n\n{block(prose).replace('rule', 'text', 1)}" if prose else "")
    return None


def _shown(reading: Reading, statement: Statement) -> str:
    text = reading.text[statement.start : statement.end]
    return text if len(text) <= _LONGEST else text[:_LONGEST] + " …"
