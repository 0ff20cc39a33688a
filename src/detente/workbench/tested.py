"""Which words of the prose a rule names: the words of its kinds, fields and levels, and its numbers.

The match is by word and not by meaning; it shows a reader where to compare the
rule with the sentence above it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from detente.agreement.clause import Agreement, Article
from detente.draft.figures import figures
from detente.model.dossier import Tested
from detente.model.kind import Kind

_WORD = re.compile(r"[^\W\d_]+")
_STRING = re.compile(r'"[^"]*"')
_GRAMMAR = frozenset(
    [
        "a",
        "after",
        "all",
        "an",
        "and",
        "another",
        "any",
        "are",
        "as",
        "at",
        "be",
        "before",
        "between",
        "both",
        "by",
        "can",
        "counts",
        "does",
        "each",
        "else",
        "end",
        "every",
        "exception",
        "except",
        "for",
        "from",
        "has",
        "have",
        "if",
        "in",
        "into",
        "is",
        "least",
        "less",
        "many",
        "may",
        "more",
        "most",
        "no",
        "not",
        "number",
        "of",
        "on",
        "or",
        "other",
        "out",
        "over",
        "own",
        "party",
        "parties",
        "rule",
        "shall",
        "states",
        "state",
        "than",
        "that",
        "the",
        "their",
        "there",
        "this",
        "time",
        "to",
        "unless",
        "until",
        "when",
        "where",
        "which",
        "whose",
        "with",
        "within",
        "it",
        "its",
    ]
)
"""Words of the language, and words too common to point at anything."""
_ENDINGS = ("ings", "ing", "ies", "ed", "es", "e", "s", "y")


def tested_words(agreement: Agreement) -> Mapping[str, tuple[Tested, ...]]:
    """By article, the stretches of `Article.prose` that one of its rules names."""
    return {article.id: tuple(sorted(_in_article(article, agreement), key=lambda t: t.start)) for article in agreement.articles}


def _in_article(article: Article, agreement: Agreement) -> Iterator[Tested]:
    taken = bytearray(len(article.prose))
    for rule in (r for r in agreement.rules if r.head.article == article.id):
        stems = _named(rule.head.text, agreement.kinds)
        keys = {figure.key for figure in figures(_body(rule.head.text), 0)}
        for figure in figures(article.prose, 0):
            if figure.key in keys and not any(taken[figure.start : figure.end]):
                taken[figure.start : figure.end] = b"\1" * (figure.end - figure.start)
                yield Tested(figure.start, figure.end, rule.head.id)
        for word in _WORD.finditer(article.prose):
            if _stem(word[0]) in stems and not any(taken[word.start() : word.end()]):
                taken[word.start() : word.end()] = b"\1" * len(word[0])
                yield Tested(word.start(), word.end(), rule.head.id)


def _body(text: str) -> str:
    """The rule without its head line, whose title is no part of the test."""
    return text.partition(":")[2]


def _named(text: str, kinds: Mapping[str, Kind]) -> frozenset[str]:
    """Stems of the words that a rule's body uses, and of other forms of the verbs and kinds among them."""
    body = _STRING.sub(" ", _body(text))
    written = {w for w in re.findall(r"[a-z][a-z-]+", body) if w not in _GRAMMAR}
    for kind in kinds.values():
        verbs = {form for verb in kind.verbs for form in (verb.base, verb.third, verb.participle)}
        if written & {kind.name, kind.plural}:
            written |= {kind.name, kind.plural}
        for verb in kind.verbs:
            if written & {verb.base, verb.third, verb.participle} and verb.takes == "about":
                written |= verbs | {kind.name}
    return frozenset(_stem(part) for w in written for part in w.split("-") if len(part) > 2 and part not in _GRAMMAR)


def _stem(word: str) -> str:
    lowered = word.lower()
    for ending in _ENDINGS:
        if lowered.endswith(ending) and len(lowered) - len(ending) >= 3:
            return lowered[: -len(ending)]
    return lowered
