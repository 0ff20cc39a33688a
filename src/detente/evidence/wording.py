"""What a fault in a cell is called, in one sentence, and the way out."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from detente.evidence.layout import SAYS, Layout
from detente.model.kind import Field
from detente.model.problem import Problem
from detente.reading.raw import Place
from detente.vocabulary.units import units_of

_TIME_FORMS = ("2026-01-15", "2026-01", "2026-01-15T10:00Z", "2026-01-15T10:00+02:00", ">=2026-01-15", "2026-01-15..2026-01-20")
_NUMBER_FORMS = ("9400", "8200..10100", ">=9000")
_MEASURES = {"m": "a length", "t": "a mass"}
_LONGEST = 60


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word that is most like `word`, if one is."""
    if len(word) > _LONGEST:
        return None
    lower = {k.lower().replace("_", "-"): k for k in known}
    found = difflib.get_close_matches(word.lower().replace("_", "-"), lower, n=1, cutoff=0.7)
    return lower[found[0]] if found else None


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """The help line for a word that is nearly right."""
    best = closest(word, known)
    return f'did you mean "{best}"?' if best else None


@dataclass(frozen=True, slots=True)
class Cell:
    """A faulty cell: its column, its text, the field it fills if any, and the words that might have stood there."""

    column: str
    text: str
    layout: Layout
    known: tuple[str, ...] = ()

    @property
    def field(self) -> Field | None:
        """The field that the column fills; None for a statement's own columns."""
        return self.layout.fields.get(self.column)


def problem(code: str, cell: Cell, place: Place) -> Problem:
    """The problem of one cell."""
    message, expected, aid = _sentence(code, cell)
    return Problem(code, message, *place, expected, aid, "warning" if code == "published-before-said" else "error")


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def _sentence(code: str, cell: Cell) -> tuple[str, tuple[str, ...], str | None]:
    """What is wrong, what may stand there, and the way out."""
    column, text, field, known = cell.column, _short(cell.text), cell.field, cell.known
    quoted = f'"{text}"'
    match code:
        case "not-a-number":
            return f"{column} takes a number, not {quoted}", _NUMBER_FORMS, None
        case "not-a-whole-number":
            return f"{column} counts things: a whole number from 0, not {quoted}", _NUMBER_FORMS, None
        case "thousands-separator":
            return (
                f"{quoted} has marks between thousands, which read differently from country to country",
                (),
                "write the digits only, as in 1000",
            )
        case "unknown-unit":
            return f"the unit in {quoted} is not known", units_of(field.unit if field else None), None
        case "wrong-unit-dimension":
            what = _MEASURES.get(field.unit or "" if field else "", "a bare number")
            return f"{column} is {what}; {quoted} measures something else", units_of(field.unit if field else None), None
        case "impossible-date":
            return f"{quoted} is not a date or time that exists", _TIME_FORMS, None
        case "clock-time-without-zone":
            return (
                f"{quoted} has a clock time and no time zone",
                ("2026-01-15T10:00Z", "2026-01-15T10:00+02:00"),
                "add Z for UTC, or the offset",
            )
        case "not-a-moment":
            return f"{column} is one date or moment, not a range as in {quoted}", _TIME_FORMS[:4], None
        case "unknown-level":
            levels = field.levels if field else ()
            return f"{quoted} is no level of {column}", levels, did_you_mean(text, levels)
        case "unknown-word":
            words = _words(column, field)
            return f"{column} does not take {quoted}", words, did_you_mean(text, words)
        case "unknown-kind":
            return f"there is no kind called {quoted}", (), did_you_mean(text, known)
        case "bad-range":
            return f"nothing lies in the range {quoted}", (), "write the lower end first"
        case "impossible-coordinates" if column in ("radius", "accuracy"):
            return f"{column} is one length, up to 5,000 km, not {quoted}", ("5 km", "500 m"), None
        case "impossible-coordinates":
            return (
                f"{quoted} is no place on earth",
                ("latitude from -90 to 90", "longitude from -180 to 180"),
                "latitude comes first: 54.3,10.1",
            )
        case "unknown-source":
            return f"sources.csv names no source {quoted}", (), did_you_mean(text, known)
        case "several-words":
            return f"{column} takes one name, not the list {quoted}", (), "write one row for each"
        case "end-before-start":
            return f"{column} {quoted} lies before what it must follow", (), None
        case "published-before-said":
            return f"published {quoted}, before it was said", (), None
        case "unknown-field":
            aid = "a denial without an event would deny more without this cell; rename or empty the column"
            return f'there is no column "{column}" in {cell.layout.name}, and this row would mean more without it', (), aid
        case _:
            return _MISSING.get(code, "the {column} is missing").format(column=column, text=text), (), _HELP.get(code)


def _words(column: str, field: Field | None) -> tuple[str, ...]:
    if column == "says":
        return SAYS
    if field is None:
        return ()
    return ("yes", "no") if field.type == "flag" else field.levels


_MISSING = {
    "missing-id": "the row has no id",
    "missing-source": "the row does not say whose statement it is",
    "missing-event-for-assert": "an assertion must name its event",
    "missing-target": "a withdrawal must name its event, or in `target` the statement that it withdraws",
    "misplaced-target": "only a withdrawal has a target; this row has {text}",
    "missing-time": "neither said_at nor published_at is given",
    "missing-kind": "neither kind nor a known register is given",
    "missing-cell": "{column} must not be empty",
}
_HELP = {
    "missing-id": "give each statement an id of its own, such as A-1",
    "missing-source": "write the id of a source from sources.csv",
    "missing-event-for-assert": "only a denial may leave it empty: it then denies every event that fits the row",
    "missing-time": "write the date on which it was said or published",
}
