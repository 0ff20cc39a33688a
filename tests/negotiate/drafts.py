"""Drafts written from rules, and what a comparison says of them in short."""

from __future__ import annotations

from detente.agreement.clause import Agreement
from detente.agreement.load import parse_agreement
from detente.negotiate.comparison import Change, Comparison

HEAD = """# Draft

```rule
agreement: parties {parties}; enters into force on 2025-01-01.
define zone as place in the evidence.
```
"""


def draft(rules: str, *, parties: str = "Arland, Borland", article: str = "1", prose: str = "Words.", path: str = "draft.md") -> Agreement:
    """An agreement of one article with these rules."""
    text = f"{HEAD.format(parties=parties)}\n## Article {article}\n\n{prose}\n\n```rule\n{rules}\n```\n"
    agreement, problems = parse_agreement(text, path)
    assert agreement is not None, [str(p) for p in problems]
    return agreement


def only(found: Comparison) -> Change:
    """The one change of a comparison."""
    (change,) = found.changes
    return change
