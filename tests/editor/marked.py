"""Texts in which a bar marks the place that is asked about."""

from __future__ import annotations

from detente.editor.positions import Position, read_text

AGREEMENT = """# Agreement

```rule
agreement: parties Arland, Borland.
define border-strip as place left open.
define nearby as number 50 km.
define gathering as event in which party holds (hold, held) gathering having size: one of small < large, start: time happens at start.
```

## Article 3 (exercises)

Prose of article 3.

```rule
rule 3.1 "Large":
    no Party shall conduct an exercise X where X.level is at least brigade and X.area overlaps border-strip.

rule 3.2: when a Party A asks an inquiry Q to a Party B, B shall answer Q to A within 48 hours of Q.received.

rule 3.3: if A breaches rule 3.1, B is released from rule 3.2 until it is cured.
```
"""


def with_rule(text: str) -> str:
    """The agreement with one more rule block."""
    return f"{AGREEMENT}\n## Article 4\n\n```rule\n{text}\n```\n"


def at(marked: str) -> tuple[str, Position]:
    """The text without its bar, and the place where it stood."""
    place = marked.index("|")
    raw = marked[:place] + marked[place + 1 :]
    source = read_text(raw)
    before = read_text(marked[:place]).text
    return raw, source.position(len(before))


def on(text: str, word: str, nth: int = 1, within: int = 1) -> tuple[str, Position]:
    """The place inside the nth mention of a word."""
    start = -1
    for _ in range(nth):
        start = text.index(word, start + 1)
    return at(text[: start + within] + "|" + text[start + within :])
