"""Agreements with a few slips in them: whatever is written, there is an answer, in time, and it says where the fault is.

`make soak` reads 100,000 of them; the normal suite the first few.
"""

from __future__ import annotations

import random
import re
import time
from pathlib import Path

import pytest

from detente.agreement.load import parse_agreement
from detente.vocabulary.pages import load_pages

ROOT = Path(__file__).parents[2]
SOURCES = tuple(
    p
    for folder in ("tests/agreement/good", "examples")
    for p in sorted((ROOT / folder).rglob("*.md"))
    if "```rule" in p.read_text(encoding="utf-8")
)
TOKEN = re.compile(r"\s+|\"[^\"\n]*\"|[\w.-]+|.", re.DOTALL)
STATEMENT = re.compile(r"```rule\n.*?```|```case.*?```", re.DOTALL)
MOST_CHARACTERS = 6_000
SECONDS = 10
"""Of CPU, for one document; the slowest of them takes a small part of one."""
STRANGE = ("\x00", "\u202e", "\ud800", "\ufeff", "é", "“", "😀", "\t", "\r\n", '"', "`", "(" * 60, "9" * 400, "-", "--", ".", "not ")


def pieces() -> list[str]:
    """Each source's blocks, in runs that are short enough to be read a thousand times."""
    found = []
    for path in SOURCES:
        blocks = [m[0] for m in STATEMENT.finditer(path.read_text(encoding="utf-8"))]
        run = ""
        for block in blocks:
            if run and len(run) + len(block) > MOST_CHARACTERS:
                found.append(run)
                run = ""
            run += f"\n## Article {len(found) + 1}\n\n{block[:MOST_CHARACTERS]}\n"
        found.append(run)
    return [f for f in found if f]


def mutated(text: str, dice: random.Random, words: list[str]) -> str:
    """The text with one to four slips: of characters, or of words."""
    for _ in range(dice.randint(1, 4)):
        if dice.random() < 0.5:
            at = dice.randrange(len(text) + 1)
            till = at + dice.randint(0, 3)
            text = text[:at] + dice.choice(("", dice.choice(STRANGE), chr(dice.randint(32, 126)), text[at:till] * 2)) + text[till:]
        else:
            tokens = TOKEN.findall(text)
            at = dice.randrange(len(tokens))
            match dice.randrange(4):
                case 0:
                    del tokens[at]
                case 1:
                    tokens[at] = dice.choice(words)
                case 2:
                    tokens.insert(at, f" {dice.choice(words)} ")
                case _:
                    other = dice.randrange(len(tokens))
                    tokens[at], tokens[other] = tokens[other], tokens[at]
            text = "".join(tokens)
        text = text or "x"
    return text


def hold(first: int, last: int) -> None:
    sources = pieces()
    words = sorted({t for s in sources for t in TOKEN.findall(s) if not t.isspace()})
    codes = {page.code for page in load_pages()}
    for seed in range(first, last):
        dice = random.Random(seed)
        text = mutated(dice.choice(sources), dice, words)
        began = time.process_time()
        agreement, problems = parse_agreement(text, "a.md")
        assert time.process_time() - began < SECONDS, seed
        read = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
        assert (agreement is None) == any(p.severity == "error" for p in problems), seed
        for p in problems:
            assert p.code in codes, (seed, p.code)
            assert p.span is not None, (seed, str(p))
            assert 1 <= p.span.line <= len(read), (seed, str(p))
            assert 1 <= p.span.column <= len(read[p.span.line - 1]) + 1, (seed, str(p))
            assert str(p).startswith(f"a.md:{p.span.line}:{p.span.column}: "), seed


def test_a_few_slips_are_answered() -> None:
    hold(0, 250)


@pytest.mark.soak
@pytest.mark.parametrize("part", range(100))
def test_a_hundred_thousand_documents_with_slips_are_answered(part: int) -> None:
    hold(1000 * part, 1000 * (part + 1))
