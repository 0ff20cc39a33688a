"""One language of a report: what it says by code, and how it writes dates, numbers and lists.

The texts are data (`said.yaml`); dates, numbers, lists and plural forms come from
the Unicode CLDR through Babel, which the extra `web` brings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent

from detente.vocabulary.kinds import BrokenVocabularyError, parse_yaml

LANGUAGES = ("en", "ru", "ar")
"""English is the project's own; the others are unreviewed translations."""

_LATIN = "latn"
"""Figures are written 0-9 in every language, as in the digests and ids beside them."""


@dataclass(frozen=True, slots=True)
class Speech:
    """One language, and the time zone in which dates are told."""

    language: str
    zone: str = "UTC"

    @property
    def locale(self) -> Locale:
        """The CLDR locale."""
        return Locale.parse(self.language)

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`."""
        return str(self.locale.text_direction)

    def has(self, code: str) -> bool:
        """Whether this language has words of its own for the code."""
        return self.language in _said().get(code, {})

    def words(self, code: str, n: int | None = None, **values: object) -> str:
        """The words for a code; `n` chooses the plural form and fills `{n}`."""
        said = _said()[code][self.language]
        if isinstance(said, dict):
            form = self.locale.plural_form(n or 0)
            said = said.get(form, said["other"])
        if n is not None:
            values["n"] = self.number(n)
        return str(said).format(**values) if values else str(said)

    def number(self, value: float) -> str:
        """With the language's marks between thousands."""
        return format_decimal(value, locale=self.locale, numbering_system=_LATIN)

    def percent(self, share: float) -> str:
        """Whole per cent, cut and not rounded: what is not wholly seen is never 100 %."""
        return format_percent(int(share * 100) / 100, locale=self.locale, numbering_system=_LATIN)

    def listed(self, words: Iterable[str]) -> str:
        """The words as a list in a sentence."""
        return format_list(list(words), locale=self.locale)

    def date(self, at: datetime) -> str:
        """The day, on the agreement's calendar: "1 March 2026"."""
        pattern = "d MMMM y" if self.language == "en" else "long"
        return format_date(self._local(at), pattern, locale=self.locale)

    def short_date(self, at: datetime) -> str:
        """The day with a short month, for drawings: "1 Mar 2026"."""
        return format_date(self._local(at), "d MMM y", locale=self.locale)

    def month(self, at: datetime) -> str:
        """Month and year, for an axis."""
        return format_date(self._local(at), "MMM y", locale=self.locale)

    def moment(self, at: datetime) -> str:
        """The day, and the clock time with its zone where it is not the end of the day."""
        local = self._local(at)
        if local.time() >= time(23, 59, 59):
            return self.date(at)
        return f"{self.date(at)}, {format_datetime(local, 'HH:mm', locale=self.locale)} {self.zone}"

    def _local(self, at: datetime) -> datetime:
        known = at if at.tzinfo else at.replace(tzinfo=UTC)
        try:
            return known.astimezone(ZoneInfo(self.zone))
        except OverflowError:  # at either end of the years that dates can name
            return known

    def cited(self) -> Mapping[str, str]:
        """Terms of art that are taken from a treaty's authentic text, with that text."""
        found = _said()["_cited"].get(self.language, {})
        return dict(found)


@cache
def _said() -> Mapping[str, Mapping[str, Any]]:
    """Every text, checked: the same places to fill in in each language.

    Raises:
        BrokenVocabularyError: a text is missing.
    """
    raw = parse_yaml((files(__package__) / "said.yaml").read_text(encoding="utf-8"), "said.yaml")
    for code, by_language in raw.items():
        if code != "_cited" and not set(LANGUAGES) - {"en"} <= set(by_language) <= set(LANGUAGES):
            raise BrokenVocabularyError(f"said.yaml: {code} has {', '.join(by_language)}, expected {', '.join(LANGUAGES)}")
    return raw
