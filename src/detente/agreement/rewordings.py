"""What people write, and how the language says the same: one phrase for another, where there is no doubt what is meant.

Looked for only where the parser stops, so nothing that is a sentence is touched; and
taken only where the sentence can be read further with it (`parse`). Phrases with
two readings ("from 1 March", "the other Party", "as soon as possible") are not here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

_VALUE = r"(\d[\d,_.]*(?:\s+[a-z]+)?|[A-Z][0-9]?\.[a-z][\w-]*|[a-z][\w-]*)"
_AMOUNT = r"(\d[\d,_.]*(?:\s+(?!and\b|or\b)[a-z]+)?)"
_MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]
_MONTH = "|".join([*_MONTHS, *(m[:3] for m in _MONTHS), "Sept"])
_UNITS = {
    "min": "minutes",
    "mins": "minutes",
    "h": "hours",
    "hr": "hours",
    "hrs": "hours",
    "d": "days",
    "mo": "months",
    "yr": "years",
    "yrs": "years",
}
_PERIODS = {"weekly": "each week", "monthly": "each month", "quarterly": "each quarter", "yearly": "each year"}


def _day(m: re.Match[str]) -> str:
    month = next(name for name in _MONTHS if name[:3] == m["month"][:3])
    return f"{m['by'] or ''}{m['day']} {month}"


_SAID: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    # who shall
    (r"\b(?:must|is\s+obliged\s+to|are\s+obliged\s+to|is\s+required\s+to|are\s+required\s+to|has\s+to|will)\b", "shall"),
    (r"\b(?:each\s+and\s+every|every|all\s+of\s+the|all\s+the|all)\s+Part(?:y|ies)\b", "each Party"),
    (r"\b(?:neither\s+Party|none\s+of\s+the\s+Parties|not\s+any\s+Party)\b", "no Party"),
    (r"\b(?:shall|must|may|will)\s+(?:never|in\s+no\s+case|under\s+no\s+circumstances)\b", "shall not"),
    (r"\b(?:must|may|will)\s+not\b", "shall not"),
    (r"\b(?:otherwise|failing\s+which|failing\s+that|or\s+else),?(?=\s)", "else"),
    (r"\b(?:at\s+any\s+time|at\s+every\s+moment|at\s+all\s+moments|always)\b", "at all times"),
    # limits
    (r"\bnot\s+(?:surpass|be\s+in\s+excess\s+of|go\s+above|rise\s+above)\b", "not exceed"),
    (r"\bnot\s+(?:go\s+below|drop\s+below|fall\s+under|sink\s+below)\b", "not fall below"),
    (r"\b(?:limited\s+to|capped\s+at|a\s+maximum\s+of|not\s+in\s+excess\s+of|not\s+exceeding)\b", "at most"),
    (r"\b(?:a\s+minimum\s+of|not\s+below)\b", "at least"),
    # comparisons
    (r"\b(?:greater|larger|more|higher|longer)\s+(?:than\s+)?or\s+equal\s+(?:to|than)\b|>=|≥|\bat\s+or\s+above\b", "at least"),
    (r"\b(?:less|smaller|fewer|lower|shorter)\s+(?:than\s+)?or\s+equal\s+(?:to|than)\b|<=|≤|\bat\s+or\s+below\b", "at most"),
    (r"\b(?:no|not)\s+(?:fewer|smaller|lower|shorter)\s+than\b", "at least"),
    (r"\b(?:no|not)\s+(?:greater|larger|higher|longer|bigger)\s+than\b", "at most"),
    (r"\b(?:larger|higher|longer|bigger)\s+than\b|\bin\s+excess\s+of\b|>(?!=)", "more than"),
    (r"\b(?:smaller|lower|shorter)\s+than\b|<(?!=)", "less than"),
    (r"\b(?:does|do)\s+not\s+exceed\b", "is at most"),
    (r"\bexceeds\b", "is more than"),
    (r"\b(?:is\s+the\s+same\s+as|equals)\b|==?", "is equal to"),
    (rf"\b{_AMOUNT}\s+(?:and|or)\s+(?:more|above|over|upwards?|greater|larger|higher)\b", r"at least \1"),
    (rf"\b{_AMOUNT}\s+(?:and|or)\s+(?:less|below|under|fewer|smaller)\b", r"at most \1"),
    (rf"\b{_AMOUNT}\s+at\s+(?:the\s+)?least\b", r"at least \1"),
    (rf"\b{_AMOUNT}\s+at\s+(?:the\s+)?most\b", r"at most \1"),
    (rf"\bbetween\s+{_VALUE}\s+(?:to|-|–)\s*{_VALUE}", r"between \1 and \2"),
    (rf"\bfrom\s+{_AMOUNT}\s+to\s+{_AMOUNT}", r"between \1 and \2"),
    # by when
    (r"\b(?:prior\s+to|in\s+advance\s+of|ahead\s+of)\b", "before"),
    (r"\b(?:following|subsequent\s+to)\b", "after"),
    (r"\b(?:from|since|starting\s+from|counted\s+from)(?=\s+(?:[A-Z][0-9]?(?:\.|\b)|entry-into-force))", "of"),
    (r"\b(?:not\s+more\s+than|no\s+more\s+than|at\s+most)(?=\s+\d+\s+\w+\s+after\b)", "no later than"),
    (r"\b(?:at\s+the\s+latest\s+by|by\s+no\s+later\s+than|on\s+or\s+before|not\s+after|no\s+later\s+then)\b", "no later than"),
    (r"\b(?:in|inside|in\s+under)(?=\s+\d+\s+(?:minutes?|hours?|days?|months?|years?)\b)", "within"),
    (r"\bentry\s+into\s+force\b|\bits\s+entry-into-force\b", "entry-into-force"),
    (r"(?<=\d)(\s*)(mins?|hrs?|h|d|mo|yrs?)\b", lambda m: f" {_UNITS[m[2]]}"),
    (r"\b(weekly|monthly|quarterly|yearly)\b", lambda m: _PERIODS[m[1]]),
    (r"\b(?:once\s+)?per\s+(year|quarter|month|week)\b|\ba\s+(year|quarter|month|week)\b", lambda m: f"each {m[1] or m[2]}"),
    (rf"(?P<by>\bby\s+)?(?:the\s+)?\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+(?P<month>{_MONTH})\b", _day),
    (rf"(?P<by>\bby\s+)?\b(?P<month>{_MONTH})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\s*,?\s*\d{{4}})", _day),
    (r"(?<=\d)\s*%", " percent"),
    # what may follow
    (r"\b(?:except\s+if|except\s+when|except\s+where|save\s+where|save\s+if|if\s+not)\b", "unless"),
    (r"\b(?:if|in\s+case|whenever|provided\s+that|so\s+far\s+as)(?=\s+[A-Z][0-9]?\.)", "where"),
)
_REWORDINGS = tuple((re.compile(pattern), words) for pattern, words in _SAID)

_COMPARISONS = ("at least", "at most", "more than", "less than")
"""What may also have lost its `is`."""
_BEFORE, _AFTER = 60, 120
"""Characters before and after the place where the parser stopped, within which a phrase may lie."""


def rewordings(text: str, begin: int) -> Iterator[tuple[tuple[int, int], str]]:
    """Every phrase around the character `begin`, where it stands and what to write instead; the longest first."""
    found = []
    for pattern, words in _REWORDINGS:
        for m in pattern.finditer(text, max(0, begin - _BEFORE), min(len(text), begin + _AFTER)):
            if m.start() <= begin <= m.end() or (m.end() < begin and text[m.end() : begin].isspace()):
                said = words(m) if callable(words) else m.expand(words)
                found += [(m.span(), said), *((m.span(), f"is {said}") for _ in range(said.startswith(_COMPARISONS)))]
    yield from sorted(found, key=lambda f: f[0][0] - f[0][1])
