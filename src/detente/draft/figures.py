"""Numbers, lengths of time and dates as prose writes them: in digits or in words, with their units."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from detente.vocabulary.units import UNITS

Key = tuple[str, float] | tuple[str, tuple[int, ...]]
"""What is measured and how much: ("m", 5000.0), ("days", 42.0), ("", 9000.0) for a bare number, ("date", (2018, 2, 5)), ("month-day", (3, 1))."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One number or date and where it stands; `shown` is what was written."""

    key: Key
    start: int
    end: int
    shown: str
    is_small: bool = False
    """A number in words without a unit ("at most five"): it may be a turn of phrase."""


_MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905  reads better
_MONTH = "|".join(_MONTHS)
_DATE = re.compile(
    rf"\b(?:(?P<iso>\d{{4}}-\d\d-\d\d)\b|(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+(?P<m>{_MONTH})\b(?:,?\s+(?P<y>\d{{4}})\b)?"
    rf"|(?P<m2>{_MONTH})\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(?P<y2>\d{{4}})\b)?|(?P<m3>{_MONTH})\s+(?P<y3>\d{{4}})\b)"
)
_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()  # noqa: SIM905
)
_TENS = {w: 10 * n for n, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}  # noqa: SIM905
_SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000}
_WORDS = {w: n for n, w in enumerate(_SMALL)} | _TENS
_WORD = "|".join(sorted([*_WORDS, *_SCALES], key=len, reverse=True))
_SPELLED = re.compile(
    rf"\b(?:{_WORD})\b(?:(?:-|\s+|(?:(?<=hundred)|(?<=thousand)|(?<=million))\s+and\s+)(?:{_WORD})\b){{0,15}}",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"(?<![\w.,:/-])(?:\d{1,3}(?:[,  ]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?![\d:/]|[.,]\d|-\d|\()")
_UNIT_WORDS: dict[str, tuple[str, float]] = {
    **{name: (what, factor) for name, (what, factor) in UNITS.items()},
    **dict.fromkeys(("nautical mile", "nautical miles"), ("m", 1852.0)),
    **dict.fromkeys(("mile", "miles"), UNITS["mi"]),
    **dict.fromkeys(("kilometre", "kilometer"), UNITS["km"]),
    **dict.fromkeys(("foot", "feet"), UNITS["ft"]),
    **dict.fromkeys(("yard", "yards"), UNITS["yd"]),
    **dict.fromkeys(("kilogram", "kilograms", "kilogramme", "kilogrammes"), UNITS["kg"]),
    **dict.fromkeys(("kiloton", "kilotons", "kilotonne", "kilotonnes"), UNITS["kt"]),
    **dict.fromkeys(("minute", "minutes"), ("minutes", 1.0)),
    **dict.fromkeys(("hour", "hours"), ("hours", 1.0)),
    **dict.fromkeys(("day", "days"), ("days", 1.0)),
    **dict.fromkeys(("working day", "working days", "business day", "business days"), ("working days", 1.0)),
    **dict.fromkeys(("week", "weeks"), ("days", 7.0)),
    **dict.fromkeys(("month", "months"), ("months", 1.0)),
    **dict.fromkeys(("year", "years"), ("months", 12.0)),
    **dict.fromkeys(("per cent", "percent", "%"), ("percent", 1.0)),
}
_UNIT = re.compile(
    r"(?:\s*\(\d[\d,]*\))?[\s-]*(?:(?:calendar|consecutive|full|whole)\s+)?("
    + "|".join(sorted((re.escape(w).replace(r"\ ", r"\s+") for w in _UNIT_WORDS), key=len, reverse=True))
    + r")(?![\w])"
)
_REFERENCE = re.compile(
    r"(?:\b(?:articles?|paragraphs?|sub-?paragraphs?|rules?|sections?|parts?|clauses?|annex(?:es)?|chapters?|resolutions?|protocols?|decisions?|"
    r"nos?\.|points?|items?|steps?|phases?|pages?|footnotes?|notes?|figures?|tables?|options?|versions?|parallel|channels?|numbers?)|§)\s*$",
    re.IGNORECASE,
)
_LIST = re.compile(r"\s*(?:,|;|and|or|to|-|–|,\s*and|,\s*or)\s*")
_FARTHEST_IN_A_LIST = 12
_MARK = re.compile(r"(?:^|\n)[\s>*\"“(]*$")
_YEAR_BEFORE = re.compile(
    rf"(?:\b(?:in|since|of|from|until|till|by|during|after|before|to|and|the|end|year|spring|summer|autumn|winter|{_MONTH})|[(–-])\s*$",
    re.IGNORECASE,
)
_DAY_OF = re.compile(rf"(?:\s*(?:,|-|–|to|and|or)\s*\d{{1,2}})?\s+(?:{_MONTH})\b")
_RANGE = re.compile(r"\s*(?:-|–|to|and|or)\s*")


def figures(text: str, start: int) -> list[Figure]:
    """The numbers and dates of a prose text that stands at `start`; those that only point to a place of some text are left out."""
    found = list(_dates(text))
    taken = bytearray(len(text))
    for figure in found:
        taken[figure.start : figure.end] = b"\1" * (figure.end - figure.start)
    numbers = sorted([*_spelled(text, taken), *_digits(text, taken)], key=lambda f: f.start)
    found += _sharing_units(text, numbers)
    return sorted((replace(f, start=f.start + start, end=f.end + start) for f in found), key=lambda f: f.start)


def _dates(text: str) -> Iterator[Figure]:
    for m in _DATE.finditer(text):
        try:
            if m["iso"]:
                key: Key = ("date", tuple(int(x) for x in m["iso"].split("-")))
            elif m["m3"]:
                key = ("month", (int(m["y3"]), 1 + _MONTHS.index(m["m3"])))
            else:
                month, day, year = 1 + _MONTHS.index(m["m"] or m["m2"]), int(m["d"] or m["d2"]), m["y"] or m["y2"]
                date(int(year or 2024), month, day)
                key = ("date", (int(year), month, day)) if year else ("month-day", (month, day))
        except ValueError:
            continue
        yield Figure(key, m.start(), m.end(), m[0])


def _digits(text: str, taken: bytearray) -> Iterator[Figure]:
    reference_end = -1
    for m in _DIGITS.finditer(text):
        if taken[m.start()]:
            continue
        before = text[max(0, m.start() - 40) : m.start()]
        is_listed = 0 <= m.start() - reference_end <= _FARTHEST_IN_A_LIST and _LIST.fullmatch(text, reference_end, m.start()) is not None
        if is_listed or _refers(before):
            reference_end = m.end()
            continue
        unit = _UNIT.match(text, m.end())
        after = text[m.end() : m.end() + 2]
        if unit is None and (after[:1].isalpha() or (after[:1] in ".)" and _MARK.search(before))):
            continue
        if unit is None and (_is_year(m[0], before, after) or _DAY_OF.match(text, m.end())):
            continue
        yield _figure(text, m.start(), m.end(), float(re.sub(r"[,  ]", "", m[0])), unit)


def _refers(before: str) -> bool:
    """Whether what stands before a number makes it the number of an article, a rule or the like."""
    last = before.rstrip()[-1:]
    return (last.isalpha() or last in ("§", ".")) and _REFERENCE.search(before) is not None


def _is_year(number: str, before: str, after: str) -> bool:
    if not (len(number) == 4 and number.isdigit() and "1800" <= number <= "2199"):
        return False
    return _YEAR_BEFORE.search(before) is not None or not re.match(r"\s[a-z]", after)


def _spelled(text: str, taken: bytearray) -> Iterator[Figure]:
    for m in _SPELLED.finditer(text):
        if taken[m.start()] or _refers(text[max(0, m.start() - 40) : m.start()]):
            continue
        unit = _UNIT.match(text, m.end())
        figure = _figure(text, m.start(), m.end(), _value(m[0]), unit)
        figure = replace(figure, is_small=unit is None and not any(scale in m[0].lower() for scale in _SCALES))
        taken[figure.start : figure.end] = b"\1" * (figure.end - figure.start)  # "forty-two (42) days" is one number
        yield figure


def _value(spelled: str) -> float:
    total = part = 0
    for word in re.findall(r"[a-z]+", spelled.lower()):
        if word in _WORDS:
            part += _WORDS[word]
        elif word == "hundred":
            part = max(part, 1) * 100
        elif word in _SCALES:
            total, part = total + max(part, 1) * _SCALES[word], 0
    return float(min(total + part, 10**15))


def _figure(text: str, start: int, end: int, number: float, unit: re.Match[str] | None) -> Figure:
    if unit is None:
        return Figure(("", number), start, end, text[start:end])
    what, factor = _UNIT_WORDS[re.sub(r"\s+", " ", unit[1])]
    return Figure((what, number * factor), start, unit.end(), re.sub(r"\s+", " ", text[start : unit.end()]))


def _sharing_units(text: str, numbers: list[Figure]) -> list[Figure]:
    """In "500 to 5,500 km" the first number is a length, too."""
    done: list[Figure] = []
    for figure in reversed(numbers):
        done.append(_with_unit_of(done[-1], figure, text) if done else figure)
    return done[::-1]


def _with_unit_of(after: Figure, figure: Figure, text: str) -> Figure:
    amount = figure.key[1]
    if figure.key[0] or not after.key[0] or isinstance(amount, tuple) or not _RANGE.fullmatch(text, figure.end, after.start):
        return figure
    unit = _UNIT.search(text, after.start, after.end)
    if unit is None:
        return figure
    what, factor = _UNIT_WORDS[re.sub(r"\s+", " ", unit[1])]
    return replace(figure, is_small=False, key=(what, amount * factor))
