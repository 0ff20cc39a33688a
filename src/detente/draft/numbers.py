"""Numbers and dates that stand only in an article's prose, or only in its rules."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from detente.agreement import tree as t
from detente.draft.draft import Draft, Written, words
from detente.draft.figures import Figure, Key, figures
from detente.draft.quantity import exact, figures_of, ways
from detente.model.problem import Problem

_BY = re.compile(r"\b(?:by|until|till|from|before|after|since|than|to)(?:\s+the\s+(?:day|end)\s+of)?\s*$", re.IGNORECASE)
_ON = re.compile(r"\b(?:on|as\s+of)\s*$", re.IGNORECASE)
_OBLIGES = re.compile(r"\b(?:shall|must|enters?\s+into\s+force|expires?|is\s+due|are\s+due|begins?|ends?)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"[.;:]\s|\n\s*\n")
_FAR = 300


def numbers(draft: Draft) -> Iterator[Problem]:
    """Both ways: prose that no rule of its article says, and rules that no prose of theirs says."""
    by_section: dict[int, list[Written]] = defaultdict(list)
    own = {statement.start: figures_of(statement) for statement in draft.statements}
    meanings: dict[str, list[Figure]] = {}
    for statement in draft.statements:
        by_section[statement.section].append(statement)
        if isinstance(statement.tree, t.Define):
            meanings.setdefault(statement.tree.name.text, own[statement.start])
    headings = [figures(passage.heading, 0) for passage in draft.passages]
    frames = _keys(f for s in draft.statements if isinstance(s.tree, t.AgreementBlock | t.EvidenceBlock) for f in own[s.start])
    below: dict[int, set[Key]] = defaultdict(set)
    for number, statements in by_section.items():
        said = _keys(f for s in statements for f in own[s.start])
        if meanings:
            said |= _keys(f for s in statements for word in words(s.tree) for f in meanings.get(word, ()))
        for section in draft.above[number]:
            below[section] |= said
    for number, statements in by_section.items():
        if any(isinstance(s.tree, t.RuleTree) for s in statements):
            yield from _only_prose(draft, number, below[number] | frames)
    everywhere = {exact(f.key) for found in (*draft.figures, *headings) for f in found}
    for number, statements in by_section.items():
        above = draft.above[number]
        near = {exact(f.key) for section in above for f in (*draft.figures[section], *headings[section])}
        is_silent = all(draft.passages[section].is_empty for section in above)
        for statement in statements:
            if isinstance(statement.tree, t.RuleTree | t.PhaseTree):
                if is_silent:
                    yield _without_prose(draft, statement)
                else:
                    yield from _only_rule(draft, statement, own[statement.start], near)
            elif not isinstance(statement.tree, t.Define) or isinstance(statement.tree.meaning, t.NumberIs | t.DurationIs | t.GroupTree):
                yield from _only_rule(draft, statement, own[statement.start], everywhere)


def _keys(rules: Iterable[Figure]) -> set[Key]:
    """Every way in which a prose can say one of these."""
    return {key for figure in rules for key in ways(figure) if key[0] or not figure.key[0]}


def _only_prose(draft: Draft, section: int, rules: set[Key]) -> Iterator[Problem]:
    passage = draft.passages[section]
    told: set[object] = set()
    for figure in draft.figures[section]:
        if figure.is_small or figure.key in told or exact(figure.key) in rules or not _is_a_term(passage.text, passage.start, figure):
            continue
        told.add(figure.key)
        yield draft.remark(
            "number-not-in-rule",
            f"the prose says {_plain(figure.shown)}, and no rule of this article does",
            (figure.start, figure.end),
            "say it in a rule, or leave it to the prose knowingly: the program will not check it",
        )


def _is_a_term(text: str, base: int, figure: Figure) -> bool:
    """Whether a figure is something agreed: a date only where it bounds something, a number unless it is nought or one."""
    if figure.key[0] == "month":
        return False
    if figure.key[0] not in ("date", "month-day"):
        return figure.key[0] != "" or figure.key[1] not in (0.0, 1.0)
    at = figure.start - base
    before = text[max(0, at - _FAR) : at]
    if _BY.search(before):
        return figure.key[0] == "date" or _obliges(text, at)
    return figure.key[0] == "date" and _ON.search(before) is not None and _obliges(text, at)


def _obliges(text: str, at: int) -> bool:
    """Whether the sentence around a place says that something must be or begins then."""
    begins = [m.end() for m in _SENTENCE.finditer(text, max(0, at - _FAR), at)]
    end = _SENTENCE.search(text, at, at + _FAR)
    return _OBLIGES.search(text, begins[-1] if begins else max(0, at - _FAR), end.start() if end else at + _FAR) is not None


def _only_rule(draft: Draft, statement: Written, own: Iterable[Figure], prose: set[Key]) -> Iterator[Problem]:
    for figure in own:
        if figure.key in (("", 0.0), ("", 1.0)) or not prose.isdisjoint(ways(figure)):
            continue
        where = (
            "the agreement's prose" if isinstance(statement.tree, t.Define | t.AgreementBlock | t.EvidenceBlock) else "the article's prose"
        )
        yield draft.remark(
            "number-not-in-prose",
            f"the rule says {figure.shown}, and {where} does not",
            (figure.start, figure.end),
            "write it in the prose too, so that who reads only the prose agrees to the same",
        )


def _without_prose(draft: Draft, statement: Written) -> Problem:
    name = statement.tree.id if isinstance(statement.tree, t.RuleTree | t.PhaseTree) else t.Word("")
    sort = "rule" if isinstance(statement.tree, t.RuleTree) else "phase"
    start = statement.start + name.at[0]
    return draft.remark(
        "rule-without-prose",
        f"{sort} {name.text} stands under a heading without prose: nothing but the rule says it",
        (start, start + len(name.text)),
        "write above it what the Parties agree, in words",
    )


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text)
