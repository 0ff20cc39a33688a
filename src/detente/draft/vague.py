"""Words without a measure, found in the prose of articles."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

from detente.agreement import tree as t
from detente.draft.draft import Draft
from detente.draft.figures import Figure, figures
from detente.model.problem import Problem
from detente.vocabulary.vague import vague_words

_NEAR = 30
_MANY = 100
_SENTENCE = re.compile(r"[.;:]\s|\n\s*\n")
_RECITALS = re.compile(r"preamble|recitals?\b|introduction|background|notes?\b|commentary|sources?\b", re.IGNORECASE)


def vague(draft: Draft) -> Iterator[Problem]:
    """One finding for each vague word of an article; how often it stands there is told with it.

    What stands before the first article, recitals, and words in short quotations ("urgent" has no limit) are not
    looked at. Where no rule stands beside it nothing is judged by the word, so it is only noted.
    """
    ruled = {s.section for s in draft.statements if isinstance(s.tree, t.RuleTree)}
    pattern, notes = _pattern()
    for number, passage in enumerate(draft.passages):
        if draft.document.sections[number].level < 2 or _RECITALS.match(passage.heading):
            continue
        found: dict[str, list[re.Match[str]]] = defaultdict(list)
        text = passage.unquoted()
        for match in pattern.finditer(text):
            if match.lastgroup and not _is_measured(text, match):
                found[re.sub(r"\s+", " ", match[0].lower())].append(match)
        for matches in found.values():
            first = matches[0]
            name = first.lastgroup or ""
            more = f" ({len(matches)} times in this article)" if len(matches) > 1 else ""
            shown = re.sub(r"\s+", " ", first[0])
            yield draft.remark(
                "vague-word",
                f'"{shown}" has no measure: {notes[name][0]}{more}',
                (passage.start + first.start(), passage.start + first.end()),
                notes[name][1],
                "warning" if number in ruled else "note",
            )


def _is_measured(text: str, match: re.Match[str]) -> bool:
    """Whether a number stands right beside the word and says what it leaves open: "42 days in advance", "near (within 5 km)"."""
    begin = max(0, match.start() - _NEAR)
    near = figures(text[begin : match.end() + _NEAR], begin)
    return any(_measures(f) and not _SENTENCE.search(text[min(f.end, match.end()) : max(f.start, match.start())]) for f in near)


def _measures(figure: Figure) -> bool:
    amount = figure.key[1]
    return not isinstance(amount, tuple) and (figure.key[0] != "" or amount >= _MANY)


@cache
def _pattern() -> tuple[re.Pattern[str], dict[str, tuple[str, str]]]:
    entries = vague_words()
    parts = [f"(?P<w{n}>{'|'.join(_spaced(phrase) for phrase in e.phrases)})" for n, e in enumerate(entries)]
    return re.compile(rf"\b(?:{'|'.join(parts)})\b", re.IGNORECASE), {f"w{n}": (e.why, e.instead) for n, e in enumerate(entries)}


def _spaced(phrase: str) -> str:
    return r"\s+".join(re.escape(word) for word in phrase.split())
