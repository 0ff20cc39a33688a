"""Words that treaties use without a measure, from `vague.yaml`: why each is vague, and what to write instead."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from detente.vocabulary.kinds import BrokenVocabularyError, parse_yaml


@dataclass(frozen=True, slots=True)
class VagueWord:
    """Phrases that are vague in one way; `source` is a text that uses them, `is_compared` whether that text was looked into."""

    phrases: tuple[str, ...]
    why: str
    instead: str
    source: str
    is_compared: bool


@cache
def vague_words() -> tuple[VagueWord, ...]:
    """Every entry, in the file's order; no phrase stands twice.

    Raises:
        BrokenVocabularyError: the file is not as it should be.
    """
    raw = parse_yaml((files("detente.vocabulary") / "vague.yaml").read_text(encoding="utf-8"), "vague.yaml")
    entries = []
    seen: set[str] = set()
    for entry in raw.get("words") or ():
        if set(entry) != {"phrases", "why", "instead", "source", "compared"} or not isinstance(entry["compared"], bool):
            raise BrokenVocabularyError(
                f"vague.yaml: an entry has phrases, why, instead, source and compared (true or false), not {sorted(entry)}"
            )
        phrases = tuple(str(phrase) for phrase in entry["phrases"])
        if again := seen.intersection(phrases):
            raise BrokenVocabularyError(f"vague.yaml: {min(again)!r} stands twice")
        seen.update(phrases)
        entries.append(VagueWord(phrases, entry["why"], entry["instead"], entry["source"], entry["compared"]))
    return tuple(entries)
