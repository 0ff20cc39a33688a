"""Values at which two texts meet: whether the value itself belongs to both, to neither, or to another side in the prose."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from detente.agreement.clause import (
    AnyRule,
    Bound,
    Compare,
    Constant,
    Duty,
    Exceptional,
    Permission,
    Prohibition,
    StrictBound,
)
from detente.draft.conditions import comparisons
from detente.draft.draft import Draft, nodes
from detente.draft.figures import Figure, Key
from detente.draft.quantity import exact
from detente.model.problem import Problem
from detente.model.span import Span

Side = Literal["upper", "lower"]
"""Whether the value itself goes with what lies above it ("at least", "less than") or below it ("more than", "at most")."""

_SIDES: dict[str, Side] = {"at least": "upper", "less than": "upper", "more than": "lower", "at most": "lower"}
_BEFORE: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(rf"\b(?:{words})\s+(?:a\s+|the\s+)?$", re.IGNORECASE), op)
    for words, op in (
        (
            r"(?:not|no)\s+(?:more|greater|larger|higher)\s+than|not\s+exceed|not\s+exceeding|not\s+above|at\s+most|up\s+to|a\s+maximum\s+of|(?:not|no)\s+later\s+than",
            "at most",
        ),
        (r"(?:not|no)\s+(?:less|fewer|smaller|lower)\s+than|not\s+below|at\s+least|a\s+minimum\s+of|from", "at least"),
        (r"(?:more|greater|larger|higher)\s+than|above|over|exceed(?:s|ing)?|in\s+excess\s+of|beyond", "more than"),
        (r"(?:less|fewer|smaller|lower)\s+than|below|under", "less than"),
    )
)
_AFTER: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?:\s+[a-z-]+){0,2}\s+(?:or|and)\s+(?:more|above|larger|higher|greater|over|upwards)\b", re.IGNORECASE), "at least"),
    (re.compile(r"(?:\s+[a-z-]+){0,2}\s+(?:or|and)\s+(?:less|fewer|below|smaller|lower|under)\b", re.IGNORECASE), "at most"),
)


@dataclass(frozen=True, slots=True)
class Threshold:
    """One limit of a rule: which field of which kind, which side it takes, and where it stands."""

    kind: str
    field: str
    value: float
    op: str
    shown: str
    rule: str
    span: Span


def boundaries(draft: Draft) -> Iterator[Problem]:
    """Thresholds that two rules share, then thresholds that the prose and a rule draw differently."""
    found = [threshold for rule in draft.rules for threshold in _thresholds(rule)]
    yield from _between_rules(draft, found)
    yield from _between_texts(draft, found)


def _thresholds(rule: AnyRule) -> Iterator[Threshold]:
    kinds: dict[str, str] = {}
    conditions = []
    match rule:
        case Prohibition(occasion=occasion) | Permission(deed=occasion):
            kinds[occasion.var] = occasion.kind
            conditions = [(rule.head.id, occasion.where)]
        case Duty(occasion=occasion) if occasion is not None:
            kinds[occasion.var] = occasion.kind
            conditions = [(rule.head.id, occasion.where)]
            conditions += [(e.id, e.where) for e in nodes(rule) if isinstance(e, Exceptional)]
        case Bound(limit=limit, op=op) if isinstance(limit, Constant) and len(rule.summands) == 1:
            strict = {"at most": "less than", "at least": "more than"}[op] if isinstance(rule, StrictBound) else op
            summand = rule.summands[0]
            if isinstance(limit.value, int | float):
                field = f"sum of {summand.field}" if summand.field else "number"
                yield Threshold(summand.kind, field, float(limit.value), strict, limit.shown, rule.head.id, rule.head.span)
        case _:
            pass
    for name, condition in conditions:
        for test in comparisons(condition):
            value = test.value
            if isinstance(test, Compare) and isinstance(value, Constant) and isinstance(value.value, int | float) and test.op in _SIDES:
                kind = kinds.get(test.term.var)
                if kind is not None:
                    yield Threshold(kind, test.term.field, float(value.value), test.op, value.shown, name, test.span)


def _between_rules(draft: Draft, found: list[Threshold]) -> Iterator[Problem]:
    """One rule ends and another begins at a value that belongs to both, or to neither."""
    meeting: dict[tuple[str, str, float], dict[str, Threshold]] = defaultdict(dict)
    for threshold in found:
        sides = meeting[threshold.kind, threshold.field, threshold.value]
        for low, high, code, what, advice in (
            ("at most", "at least", "boundary-in-both", "falls under both", "let one of them leave it out: `more than` or `less than`"),
            ("less than", "more than", "boundary-in-neither", "falls under neither", "let one of them include it: `at least` or `at most`"),
        ):
            if threshold.op not in (low, high):
                continue
            other = sides.get(high if threshold.op == low else low)
            if other is not None and other.rule != threshold.rule:
                yield draft.remark_at(
                    code,
                    f"{threshold.kind} with {threshold.field} of exactly {threshold.shown} {what} rule {other.rule} (`{other.op}`) and rule {threshold.rule} (`{threshold.op}`)"
                    if what.endswith("both")
                    else f"{threshold.kind} with {threshold.field} of exactly {threshold.shown} falls under neither rule {other.rule} (`{other.op}`) nor rule {threshold.rule} (`{threshold.op}`)",
                    threshold.span,
                    advice,
                )
        sides.setdefault(threshold.op, threshold)


def _between_texts(draft: Draft, found: list[Threshold]) -> Iterator[Problem]:
    """The prose says "more than 9,000" and the rule `at least 9000`, or the other way round."""
    by_section: dict[int, list[Threshold]] = defaultdict(list)
    for threshold in found:
        by_section[draft.section_at(draft.offsets(threshold.span)[0])].append(threshold)
    for section, thresholds in by_section.items():
        for number in draft.above[section]:
            passage = draft.passages[number]
            said: dict[object, list[tuple[Figure, str]]] = defaultdict(list)
            wanted = {_key(draft, threshold) for threshold in thresholds}
            for figure in draft.figures[number]:
                if exact(figure.key) not in wanted:
                    continue
                op = None if figure.is_small else _op(passage.text, figure.start - passage.start, figure.end - passage.start)
                if op is not None:
                    said[exact(figure.key)].append((figure, op))
            for threshold in thresholds:
                if (key := _key(draft, threshold)) is not None:
                    yield from _differing(draft, threshold, said[key])
                else:
                    level = threshold.shown
                    if level not in said:
                        said[level] = list(_levels(level, passage.text, passage.start))
                    yield from _differing(draft, threshold, said[level])


def _key(draft: Draft, threshold: Threshold) -> Key | None:
    """How prose would say the value; None for a level, which it names."""
    kind = draft.agreement.kinds.get(threshold.kind)
    field = kind.fields.get(threshold.field) if kind else None
    if field is not None and field.type == "scale":
        return None
    return exact(((field.unit or "") if field else "", threshold.value))


def _levels(level: str, text: str, start: int) -> Iterator[tuple[Figure, str]]:
    for match in re.finditer(rf"\b{re.escape(level)}\b(?:\s+(?:level|size|strength))?", text):
        op = _op(text, match.start(), match.end())
        if op is not None:
            yield Figure(("", 0.0), start + match.start(), start + match.end(), match[0]), op


def _differing(draft: Draft, threshold: Threshold, said: list[tuple[Figure, str]]) -> Iterator[Problem]:
    """The prose's phrases on a value, if not one of them agrees with the rule."""
    if not said or any(_SIDES[op] == _SIDES[threshold.op] for _, op in said):
        return
    figure, op = said[0]
    yield draft.remark_at(
        "boundary-differs",
        f"the prose says `{op}` {' '.join(figure.shown.split())}, and rule {threshold.rule} `{threshold.op}` {threshold.shown}: they differ at exactly {threshold.shown}",
        threshold.span,
        f"say the same in both; the prose is in line {draft.document.span(figure.start, figure.end).line}",
    )


def _op(text: str, start: int, end: int) -> str | None:
    """How the words around a value compare with it."""
    before = text[max(0, start - 40) : start]
    after = next((op for pattern, op in _AFTER if pattern.match(text, end, end + 60)), None)
    return after or next((op for pattern, op in _BEFORE if pattern.search(before)), None)
