"""Another name for a variable of one rule, or for a term that the agreement defines, wherever it stands.

What is written is read again before it is offered: a name that would change
what the agreement means, or break it, is refused with the reason.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from detente.agreement import tree as t
from detente.agreement.define import plural_of
from detente.agreement.format_words import said_name
from detente.agreement.load import parse_agreement
from detente.editor.find import Found, find
from detente.editor.positions import Position, Range
from detente.editor.reading import Leaf, Reading, Statement, leaves, read
from detente.model.problem import Problem
from detente.vocabulary.kinds import load_kinds

_NAME = re.compile(r"[^\W\d_][\w\u0300-\u036f]*(-[\w\u0300-\u036f]+)*")
_VARIABLE = re.compile(r"[A-Z][0-9]?")
_CASE_WORD = re.compile(r"\"[^\"\n]*\"|[^\s;]+")
_ELSEWHERE = {
    "verb",
    "third",
    "forms",
    "subject",
    "signature",
    "happens",
    "register",
    "levels",
    "unit",
    "zone",
    "grade",
    "participle",
    "id",
    "article",
}
"""Places of a sentence that hold no term: what is spelled alike there is another word."""


class NotRenamable(Exception):  # noqa: N818  an answer to the author, not a fault of the program
    """The word cannot be renamed, or not so; the message says why."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What stands in `range` is replaced by `text`."""

    range: Range
    text: str


def renamable(raw: str, position: Position) -> tuple[Range, str]:
    """The word at a place that can be renamed, without its quotation marks.

    Raises:
        NotRenamable: there is none.
    """
    reading, found = _found(raw, position)
    quoted = reading.text[found.start : found.end].startswith('"')
    return reading.source.range(found.start + quoted, found.end - quoted), found.name


def rename(raw: str, position: Position, name: str) -> tuple[Edit, ...]:
    """The edits that give the word at a place another name.

    Raises:
        NotRenamable: the word has no name of its own, the new name is no name or is taken, or a statement cannot be read.
    """
    reading, found = _found(raw, position)
    if name == found.name:
        return ()
    places = list(_variable(found, name) if found.sort == "variable" else _term(reading, found, name))
    edits = tuple(Edit(reading.source.range(a, b), text) for a, b, text in sorted(set(places)))
    _check(reading, sorted(set(places)))
    return edits


def _found(raw: str, position: Position) -> tuple[Reading, Found]:
    reading = read(raw)
    found = None if reading is None else find(reading, reading.source.offset(position))
    if reading is None or found is None:
        raise NotRenamable("there is no name here")
    if found.sort == "variable" and found.statement is not None:
        if found.statement.tree is None:
            raise NotRenamable("this statement cannot be read yet: mend it first")
        return reading, found
    if found.sort == "defined":
        if found.name in load_kinds():
            raise NotRenamable(f"{found.name} comes with the package; this agreement only adds to it")
        if found.name not in reading.definitions:
            raise NotRenamable(f"{found.name} is not defined here")
        return reading, found
    if found.sort == "reference":
        raise NotRenamable("numbers of rules, articles and phases are cited outside the document; change them by hand")
    if found.sort == "party":
        raise NotRenamable("the names of Parties stand in the evidence, too; change them by hand")
    if found.sort in ("field", "verb", "level"):
        raise NotRenamable(f"a {found.sort} is not renamed: evidence is written with it")
    raise NotRenamable(f"{found.name} comes with the package")


# ---- variables --------------------------------------------------------------------------


def _variable(found: Found, name: str) -> Iterator[tuple[int, int, str]]:
    statement = found.statement
    if not _VARIABLE.fullmatch(name):
        raise NotRenamable("a variable is a capital letter, with or without a digit: X, A1")
    if statement is None:
        return
    for leaf in leaves(statement):
        own = leaf.node.name if isinstance(leaf.node, t.Variable) else leaf.node.var if isinstance(leaf.node, t.Path) else None
        if own == name:
            raise NotRenamable(f"{name} stands for something in this statement already")
        if own == found.name:
            yield (leaf.start, leaf.start + len(own), name)


# ---- terms ----------------------------------------------------------------------------------


def _term(reading: Reading, found: Found, name: str) -> Iterator[tuple[int, int, str]]:
    broken = next((s for s in reading.statements if s.tree is None), None)
    if broken is not None:
        line = reading.source.position(broken.start).line + 1
        raise NotRenamable(f"the statement in line {line} cannot be read, so what it says of {found.name} is not known: mend it first")
    plain = _NAME.fullmatch(name) is not None and not _VARIABLE.fullmatch(name)
    if not plain and (not name.strip() or '"' in name or "\n" in name):
        raise NotRenamable("a name is words joined by hyphens, such as border-zone")
    if name in reading.definitions or name in reading.parties or name in reading.groups or reading.kind(name) is not None:
        raise NotRenamable(f"{name} means something in this agreement already")
    forms = {found.name: name}
    if _is_kind(reading.definitions[found.name]):
        if not plain:
            raise NotRenamable("a kind is one word, or several joined by hyphens")
        forms[plural_of(found.name)] = plural_of(name)
    else:
        _refuse_level(reading, found.name)
    for statement in reading.statements:
        for leaf in leaves(statement):
            if _is_term(leaf) and isinstance(leaf.node, t.Word) and leaf.node.text in forms:
                yield (leaf.start, leaf.end, said_name(t.Word(forms[leaf.node.text])))
    yield from _in_cases(reading, forms)


def _is_kind(statement: Statement) -> bool:
    return isinstance(statement.tree, t.Define) and isinstance(statement.tree.meaning, t.KindTree)


def _is_term(leaf: Leaf) -> bool:
    """Whether a word may be that of a definition: not a verb, a field, a step of a scale or a number of a rule."""
    if isinstance(leaf.parent, t.FieldTree):
        return leaf.role == "type"
    return leaf.role not in _ELSEWHERE and not isinstance(leaf.parent, t.CountsAt | t.RefTree)


def _refuse_level(reading: Reading, name: str) -> None:
    """Where a field has a step or a flag of the same name, a rule's word may be either."""
    for kind in reading.kinds.values():
        for field in kind.fields.values():
            if name in field.levels or (name == field.name and field.type == "flag"):
                raise NotRenamable(f"{name} is also a word of {kind.name}.{field.name}; rename it by hand")


def _in_cases(reading: Reading, forms: dict[str, str]) -> Iterator[tuple[int, int, str]]:
    """Whole words of cases; the names of fields, every second word after the kind and the event, stay."""
    for block in reading.document.blocks:
        if block.sort != "case":
            continue
        position = block.start
        for line in reading.text[block.start : block.end].split("\n"):
            words = list(_CASE_WORD.finditer(line.partition(" --")[0]))
            kind = reading.kind(words[2][0]) if len(words) > 2 else None
            fields: frozenset[str] = frozenset(kind.fields) if kind else frozenset()
            for place, word in enumerate(words):
                bare = word[0].strip('"')
                if bare in forms and not (place > 2 and bare in fields):
                    yield (position + word.start(), position + word.end(), said_name(t.Word(forms[bare])))
            position += len(line) + 1


# ---- the proof ---------------------------------------------------------------------------------


def _check(reading: Reading, places: list[tuple[int, int, str]]) -> None:
    """Refuse edits after which the agreement has a problem that it had not."""
    raw = reading.source.text
    pieces, done = [], 0
    for start, end, text in places:
        pieces += [raw[done:start], text]
        done = end
    after = "".join([*pieces, raw[done:]])
    before = Counter(p.code for p in parse_agreement(raw, "")[1])
    new: list[Problem] = []
    for problem in parse_agreement(after, "")[1]:
        if before[problem.code]:
            before[problem.code] -= 1
        else:
            new.append(problem)
    if new:
        raise NotRenamable(f"the agreement could not be read so: {new[0].code}: {new[0].message}")
