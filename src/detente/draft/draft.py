"""An agreement as it is drafted: its prose, its sentences as written, and its clauses as meant, side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from detente.agreement.clause import Agreement, AnyRule
from detente.agreement.markdown import Document
from detente.agreement.parse import parse_block
from detente.agreement.tree import Tree
from detente.draft.figures import Figure, figures
from detente.draft.prose import Passage, passages
from detente.model.problem import Problem, Severity
from detente.model.span import Span


@dataclass(frozen=True, slots=True)
class Written:
    """One statement as written: its tree, its place in the document, and the number of the section it stands in."""

    tree: Tree
    start: int
    end: int
    section: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A document that was read without an error.

    `passages` has the prose of each section, by the section's number, `figures` its numbers and dates, `above` the
    section and those whose headings stand over it, innermost first (the title is none of them).
    """

    document: Document
    agreement: Agreement
    statements: tuple[Written, ...]
    passages: tuple[Passage, ...]
    figures: tuple[tuple[Figure, ...], ...]
    above: tuple[tuple[int, ...], ...]

    @property
    def rules(self) -> tuple[AnyRule, ...]:
        """Every rule of this document, of whatever shape, in the order of the text; what it takes over from another stands there."""
        everything = [r for r in self.agreement.rules if r.head.span.path == self.document.path]
        return tuple(sorted(everything, key=lambda rule: (rule.head.span.line, rule.head.span.column)))

    def remark(self, code: str, message: str, at: tuple[int, int], advice: str, severity: Severity = "warning") -> Problem:
        """A finding that points at the characters `at` of the document."""
        span = self.document.span(*at)
        trail = self.trail(at[0])
        return Problem(
            code,
            message,
            Span(span.path, span.line, span.column, span.end_line, span.end_column, trail),
            self.document.excerpt(at[0]),
            help=advice,
            severity=severity,
        )

    def remark_at(self, code: str, message: str, span: Span, advice: str, severity: Severity = "warning") -> Problem:
        """A finding that points at a clause."""
        return self.remark(code, message, self.offsets(span), advice, severity)

    def offsets(self, span: Span) -> tuple[int, int]:
        """Where a span begins and ends in the document's text; no further than the end of its first line."""
        lines = self.document.lines
        start = lines[span.line - 1] + span.column - 1
        end = lines[span.end_line - 1] + span.end_column - 1
        return start, max(start, min(end, self.document.line_of(start)[1]))

    def trail(self, at: int) -> tuple[str, ...]:
        """The headings above a place."""
        return self.document.sections[self.section_at(at)].trail

    def section_at(self, at: int) -> int:
        """The number of the section that holds a place."""
        sections = self.document.sections
        low, high = 0, len(sections) - 1
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if sections[middle].start <= at else (low, middle - 1)
        return low


def draft_of(document: Document, agreement: Agreement) -> Draft:
    """The draft of a document that has been read."""
    statements = [
        Written(found.tree, found.at[0], found.at[1], block.section)
        for block in document.blocks
        if block.sort == "rule"
        for found in parse_block(document, block, ())[0]
    ]
    prose = passages(document)
    found = tuple(tuple(figures(passage.text, passage.start)) for passage in prose)
    return Draft(document, agreement, tuple(statements), prose, found, _above(document))


def _above(document: Document) -> tuple[tuple[int, ...], ...]:
    found: list[tuple[int, ...]] = []
    over: list[int] = []
    for number, section in enumerate(document.sections):
        while over and document.sections[over[-1]].level >= section.level:
            over.pop()
        found.append((number, *reversed(over)))
        if section.level > 1:
            over.append(number)
    return tuple(found)


def nodes(tree: Any) -> Iterator[Any]:
    """Every node of a tree or clause, itself first, outer before inner."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, tuple):
            waiting.extend(reversed(node))
        elif names := getattr(node, "__dataclass_fields__", None):
            yield node
            waiting.extend(getattr(node, name) for name in reversed(names))


def words(tree: Any) -> Iterator[str]:
    """Every word that stands in a tree."""
    for node in nodes(tree):
        for name in node.__dataclass_fields__:
            value = getattr(node, name)
            if isinstance(value, str):
                yield value
            elif isinstance(value, tuple):
                yield from (item for item in value if isinstance(item, str))
