"""An agreement as an editor needs it: its blocks, its statements with their words, and what they mean so far.

A text that is being written is broken most of the time, so every part stands
without the others: a statement that cannot be read has its tokens up to the
fault, and the rest of the agreement its meaning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cached_property, lru_cache
from typing import Any

from lark.exceptions import LarkError

from detente.agreement import tree as t
from detente.agreement.clause import Agreement
from detente.agreement.load import LARGEST, decoded
from detente.agreement.markdown import Block, Document, read_document
from detente.agreement.parse import LONGEST_STATEMENT, parse_statement, parser, statements_in
from detente.agreement.resolve import resolve
from detente.editor.positions import Text, read_text
from detente.model.kind import Kind
from detente.vocabulary.groups import load_groups
from detente.vocabulary.kinds import load_kinds

_BLOCK = re.compile(r"(?:(?<!`)`{3,}+|(?<!~)~{3,}+)[ \t]*+(?:rule|case)")
_NOUN = re.compile(r"(?<![\w-])([^\W\d_][\w-]{0,99})\s{1,200}([A-Z][0-9]?)(?![\w-])(?:\s{1,200}and\s{1,200}([A-Z][0-9]?)(?![\w-]))?")
_KEPT = 8
"""Texts that are kept read: an editor asks several things of each."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a statement: the name of its terminal in the grammar, its text and its offsets in the document."""

    sort: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Leaf:
    """A node of a tree that stands for one word: what holds it, as which field, and its offsets in the document."""

    node: t.Word | t.Variable | t.Path
    parent: object
    role: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of a rule block; without a tree where it cannot be read. Statements of one line have the same offsets."""

    start: int
    end: int
    section: int
    tree: t.Tree | None


@dataclass(frozen=True)
class Reading:
    """One text, read. What costs time is worked out when it is first asked for."""

    source: Text
    document: Document

    @property
    def text(self) -> str:
        """The text that offsets count in; `>` marks inside blocks are blanks."""
        return self.document.text

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """Every statement of every rule block, in the order of the text."""
        found = []
        for block in self.document.blocks:
            if block.sort != "rule":
                continue
            for start, end in statements_in(self.text, block.start, block.end):
                trees, _ = parse_statement(self.document, start, end, ())
                found += [Statement(start, end, block.section, tree) for tree in trees or (None,)]
        return tuple(found)

    @cached_property
    def agreement(self) -> Agreement | None:
        """What could be understood."""
        return resolve(self.document, "")[0]

    @cached_property
    def kinds(self) -> Mapping[str, Kind]:
        """Every kind that a rule can name: the package's and the agreement's own."""
        return load_kinds() if self.agreement is None else self.agreement.kinds

    @cached_property
    def plurals(self) -> Mapping[str, str]:
        """Each kind by its plural."""
        return {kind.plural: name for name, kind in self.kinds.items()}

    @cached_property
    def definitions(self) -> Mapping[str, Statement]:
        """The first `define` of each name."""
        found: dict[str, Statement] = {}
        for statement in self.statements:
            if isinstance(statement.tree, t.Define):
                found.setdefault(statement.tree.name.text, statement)
        return found

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """Groups that a rule can name, the agreement's own first."""
        own = [n for n, s in self.definitions.items() if isinstance(s.tree, t.Define) and isinstance(s.tree.meaning, t.GroupTree)]
        return tuple(dict.fromkeys([*own, *load_groups()]))

    @property
    def parties(self) -> tuple[str, ...]:
        """The parties, and other words for them."""
        own = [n for n, s in self.definitions.items() if isinstance(s.tree, t.Define) and isinstance(s.tree.meaning, t.PartyIs)]
        return tuple(dict.fromkeys([*(self.agreement.parties if self.agreement else ()), *own]))

    def kind(self, noun: str) -> Kind | None:
        """The kind called so, in the singular or the plural."""
        return self.kinds.get(noun) or self.kinds.get(self.plurals.get(noun, ""))

    def block_at(self, offset: int) -> Block | None:
        """The block that a place lies in."""
        return next((b for b in self.document.blocks if b.start <= offset <= b.end), None)

    def statement_at(self, offset: int) -> Statement | None:
        """The last statement of this block that begins before a place, or that ends there."""
        block = self.block_at(offset)
        if block is None:
            return None
        return next((s for s in reversed(self.statements) if block.start <= s.start <= offset and s.start < block.end), None)

    def kinds_of(self, start: int, end: int) -> dict[str, Kind | None]:
        """The variables that a stretch of text names, each with the kind whose noun stands before it (None: no kind, a Party)."""
        found: dict[str, Kind | None] = {}
        for match in _NOUN.finditer(self.text, start, end):
            noun, first, second = match.groups()
            meant = self.kind(noun)
            if meant is None and noun not in ("Party", "Parties", "State", "States"):
                continue
            for name in (first, second):
                if name:
                    found.setdefault(name, meant)
        return found


@lru_cache(maxsize=_KEPT)
def read(raw: str) -> Reading | None:
    """A text read; None for one that is no agreement, or none that is read at all (see `diagnose.py` for why)."""
    if not is_agreement(raw) or len(raw) > LARGEST:
        return None
    text, problem = decoded(raw.encode("utf-8", "surrogatepass"), "")
    if text is None or problem is not None:
        return None
    source = read_text(raw)
    return Reading(source, read_document(source.text, ""))


def is_agreement(raw: str) -> bool:
    """Whether a Markdown text holds a rule or a case; what holds none is somebody's notes, and left alone."""
    return _BLOCK.search(raw) is not None


def tokens(text: str, start: int, end: int) -> tuple[tuple[Token, ...], frozenset[str]]:
    """The tokens of a stretch that begins a statement, up to the first that cannot stand; and the terminals that may follow the last."""
    if end - start > LONGEST_STATEMENT:
        return (), frozenset()
    interactive = parser().parse_interactive(text[start:end])
    found: list[Token] = []
    try:
        for token in interactive.lexer_thread.lex(interactive.parser_state):  # type: ignore[no-untyped-call]  # lark's own
            interactive.feed_token(token)
            begin = start + (token.start_pos or 0)
            found.append(Token(token.type, str(token), begin, begin + len(token)))
    except LarkError:
        return tuple(found), frozenset()
    return tuple(found), frozenset(interactive.accepts())  # type: ignore[no-untyped-call]  # lark's own


def leaves(statement: Statement) -> Iterator[Leaf]:
    """Every word, variable and path of a statement's tree, with what holds it."""
    stack: list[tuple[Any, object, str]] = [] if statement.tree is None else [(statement.tree, None, "")]
    while stack:
        node, parent, role = stack.pop()
        if isinstance(node, t.Word | t.Variable | t.Path):
            yield Leaf(node, parent, role, statement.start + node.at[0], statement.start + node.at[1])
        elif isinstance(node, tuple):
            stack += [(item, parent, role) for item in reversed(node)]
        elif is_dataclass(node):
            stack += [(getattr(node, f.name), node, f.name) for f in reversed(fields(node)) if f.name != "at"]
