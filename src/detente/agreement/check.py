"""Faults of an agreement as a whole: what no single rule shows."""

from __future__ import annotations

from datetime import date

from detente.agreement.clause import Agreement, When
from detente.agreement.lexicon import Report
from detente.agreement.markdown import Document
from detente.model.problem import Problem
from detente.model.span import Span


def check_agreement(agreement: Agreement, document: Document, report: Report) -> None:
    """Add the problems of the whole to `report`."""
    if not agreement.parties and not report.errors and not report.problems:
        report.problems.append(
            Problem(
                "no-parties",
                "the agreement names no parties",
                Span(document.path, 1, 1, 1, 1),
                help="add to a rule block: agreement: parties Arland, Borland;",
                severity="warning",
            )
        )
    _check_life(agreement, document, report)
    _check_cycles(agreement, document, report)
    for rule in agreement.rules:
        _check_stretch(rule.head.starts, rule.head.ends, rule.head.span, document, report)


def _check_life(agreement: Agreement, document: Document, report: Report) -> None:
    life = agreement.life
    if isinstance(life.entry, date) and isinstance(life.expiry, date) and life.expiry <= life.entry and life.span:
        _say(
            report,
            document,
            "ends-before-it-begins",
            f"the agreement expires on {life.expiry}, not after it enters into force on {life.entry}",
            life.span,
        )
    if life.extension is not None and life.expiry is None and life.span:
        _say(report, document, "extension-without-expiry", "an extension needs an expiry to extend", life.span)


def _check_cycles(agreement: Agreement, document: Document, report: Report) -> None:
    """A warning for each knot: its rules get no verdict, and the rest of the agreement is judged."""
    spans = {f"rule {r.head.id}": r.head.span for r in agreement.rules}
    spans |= {f"phase {p.id}": p.span for p in agreement.phases.values()}
    for cycle in agreement.cycles:
        span = next(spans[step] for step in cycle.path if step in spans)
        start = document.lines[span.line - 1] + span.column - 1
        report.problems.append(
            document.problem(
                "condition-cycle",
                f"these wait for one another, so no verdict can be given: {' → '.join(cycle.path)}",
                (start, start + len(cycle.path[0])),
                span.trail,
                advice="let one of them depend on a date, or on something outside the circle",
                is_warning=True,
            )
        )


def _check_stretch(starts: When | None, ends: When | None, span: Span, document: Document, report: Report) -> None:
    if starts and ends and isinstance(starts.of, date) and isinstance(ends.of, date) and ends.of <= starts.of:
        _say(report, document, "ends-before-it-begins", f"the rule ends on {ends.of}, not after it begins on {starts.of}", span)


def _say(report: Report, document: Document, code: str, message: str, span: Span) -> None:
    report.problems.append(Problem(code, message, span, document.excerpt(document.lines[span.line - 1])))
