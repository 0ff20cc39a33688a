"""The words that stand for each terminal of the grammar, as an author writes them."""

from __future__ import annotations

from functools import cache

from lark.lexer import PatternStr

from detente.agreement.parse import parser

OPEN = frozenset(
    {
        "NAME",
        "STRING",
        "VAR",
        "PATH",
        "NUMBER",
        "DATE",
        "RULE_ID",
        "YEAR_DAY",
        "GRADE",
        "ZONE",
        "COUNT",
        "UNIT",
        "WS",
        "ABOVE",
        "BELOW",
        "OVER",
        "OR_MORE",
        "OR_LESS",
    }
)
"""Terminals that no fixed word stands for, or whose words another terminal has, or that are understood and not recommended."""

_PERIODS = ("each year", "each quarter", "each month", "each week")
_WRITTEN: dict[str, tuple[str, ...]] = {
    "A": ("a", "an"),
    "ANY_OTHER": ("any other",),
    "ANY_TWO": ("any two",),
    "APPLIES_PROVISIONALLY": ("applies provisionally",),
    "ARTICLE": ("article",),
    "AS_OF": ("as of",),
    "AS_REQUIRED_BY": ("as required by",),
    "AT_ALL_TIMES": ("at all times",),
    "AT_A_TIME": ("at a time",),
    "AT_LEAST": ("at least",),
    "AT_MOST": ("at most",),
    "AT_THE_RESOLUTION": ("at the resolution of the record",),
    "BE": ("be",),
    "BY_DAY": ("by",),
    "BY_YEAR_DAY": ("by",),
    "DECLARED_THAT_IT_PERCEIVES": ("declared that it perceives",),
    "EACH_PARTY": ("each Party",),
    "EACH_PERIOD": _PERIODS,
    "ENTERS": ("enters into force",),
    "EQUAL_TO": ("equal to",),
    "EVERY": ("every",),
    "EVERY_OTHER": ("every other",),
    "FALL_BELOW": ("fall below",),
    "FROM_WHICH": ("from which it can reach",),
    "HAS": ("has", "have"),
    "IN_THE_EVIDENCE": ("in the evidence",),
    "IS": ("is", "are"),
    "ITS_BEARER": ("its bearer",),
    "ITS_OWN_STATEMENTS": ("its own statements",),
    "ITS_OWN_TERRITORY": ("its own territory",),
    "ITS_VALUE_AS_OF": ("its value as of",),
    "LEFT_OPEN": ("left open",),
    "LESS_THAN": ("less than", "below"),
    "LIES_WITHIN": ("lies within",),
    "MORE_THAN": ("more than", "above"),
    "MORE_THAN_HALF": ("more than half of the",),
    "NEVER_ENTERS": ("never enters into force",),
    "NOTHING_ELSE": ("nothing else",),
    "NO_LATER_THAN": ("no later than",),
    "OF_DIFFERENT": ("of different",),
    "PARTY": ("Party", "Parties"),
    "PHASE": ("phase",),
    "PREPOSITION": ("to", "with", "against", "through", "about", "near", "into"),
    "RELATION": ("overlaps", "lies in", "touches", "reaches"),
    "RULE": ("rule",),
    "STATE": ("State",),
    "THE_DISTANCE_BETWEEN": ("the distance between",),
    "THE_END_OF_EACH": tuple(f"the end of {p}" for p in _PERIODS),
    "THE_NUMBER_OF": ("the number of",),
    "THE_SUM_OF": ("the sum of",),
    "THE_TERRITORY_OF": ("the territory of",),
    "TIME": ("minutes", "hours", "days", "months", "years"),
    "UNTIL_CURED": ("until it is cured",),
    "WHAT_OTHERS_SAY": ("what others say of themselves",),
    "WHICH_NO_PARTY_MAY_REFUSE": ("which no Party may refuse",),
}


@cache
def phrases() -> dict[str, tuple[str, ...]]:
    """What an author writes for each terminal that has fixed words; punctuation is left out."""
    found = dict(_WRITTEN)
    for terminal in parser().terminals:
        if isinstance(terminal.pattern, PatternStr) and terminal.name not in OPEN and terminal.pattern.value[0].isalpha():
            found.setdefault(terminal.name, (terminal.pattern.value,))
    return found
