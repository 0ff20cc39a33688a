"""All findings of a document, in the order of the text."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from detente.agreement.clause import Agreement
from detente.agreement.markdown import Document, read_document
from detente.draft.boundaries import boundaries
from detente.draft.conflicts import conflicts
from detente.draft.draft import Draft, draft_of
from detente.draft.numbers import numbers
from detente.draft.phases import phases
from detente.draft.terms import terms
from detente.draft.vague import vague
from detente.draft.verifiable import seen, verifiable
from detente.evidence import Record
from detente.model.problem import Problem

_CHECKS: Sequence[Callable[[Draft], Iterator[Problem]]] = (terms, numbers, vague, boundaries, conflicts, phases)

CODES = (
    "absent-sensor",
    "absent-source",
    "always-excused",
    "boundary-differs",
    "boundary-in-both",
    "boundary-in-neither",
    "impossible-condition",
    "kept-without-length",
    "left-open-term",
    "number-not-in-prose",
    "number-not-in-rule",
    "overlapping-exceptions",
    "rule-without-prose",
    "undefined-term",
    "unreachable-exception",
    "unspoken-kind",
    "unused-definition",
    "unused-term",
    "unverifiable-silence",
    "vague-word",
)
"""What can be found. Warnings that reading the agreement gives are shown beside these, with their own codes."""


def lint(
    text: str,
    agreement: Agreement,
    warnings: Iterable[Problem] = (),
    record: Record | None = None,
    *,
    only: Collection[str] = (),
    ignore: Collection[str] = (),
) -> tuple[Problem, ...]:
    """Every finding on an agreement that was read without an error.

    `text` is the document's, `warnings` are what reading it gave, `record` is the
    evidence, if any. `only` and `ignore` choose by code; `only` comes first.
    """
    document: Document = read_document(text, agreement.path)
    draft = draft_of(document, agreement)
    found = [p for p in warnings if p.severity != "error"]
    for check in _CHECKS:
        found += check(draft)
    found += verifiable(draft, seen(record) if record is not None else None)
    chosen = [p for p in found if (not only or p.code in only) and p.code not in ignore]
    return tuple(sorted(chosen, key=_in_order))


def _in_order(problem: Problem) -> tuple[int, int, str, str]:
    return (*((problem.span.line, problem.span.column) if problem.span else (0, 0)), problem.code, problem.message)
