"""Worked examples as data: rules, facts, and the verdicts they give; each also with the parties renamed, and swapped.

A story is the text of an agreement and of one `case` block; what is expected
stands in the case itself, so a story is run as its authors would run it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from detente.workbench.cases import run_cases

SAME: Mapping[str, str] = {}
MIRRORS: tuple[Mapping[str, str], ...] = (SAME, {"Arland": "Zubrowka", "Borland": "Aquilonia", "Carland": "Molvania"})
"""As told; and renamed so that whoever came first by name comes last."""

HEAD = "agreement:\n    parties Arland, Borland, Carland{life}.\n"


def document(rules: str, case: str, life: str = "") -> str:
    """A whole agreement with one case."""
    return f"# T\n\n## Article 1\n\n```rule\n{HEAD.format(life=life)}{rules.strip()}\n```\n\n```case told\n{case.strip()}\n```\n"


def mirrored(text: str, names: Mapping[str, str]) -> str:
    """The same text with other names for the parties, who also stand in the other order."""
    if names:
        text = text.replace("parties Arland, Borland, Carland", "parties Carland, Borland, Arland")
    words = {**names, **{old.lower(): new.lower() for old, new in names.items()}}
    return re.sub(r"[A-Za-z]+", lambda m: words.get(m[0], m[0]), text)


def check(folder: Path, text: str, change: Callable[[str], str] = str) -> None:
    """Runs the case of the document; what differs is the message."""
    path = folder / "agreement.md"
    path.write_text(change(text), encoding="utf-8")
    results = run_cases(path)
    assert results
    for result in results:
        assert result.passed, f"{result.name}\n{result.text}"
