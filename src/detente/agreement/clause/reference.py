"""References from one part of an agreement to another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from detente.model.span import Span


@dataclass(frozen=True, slots=True)
class Ref:
    """`article 3`, `rule 4.1`, `phase 1`, or a bare number, which is a rule's id, else an article's.

    `rules` are the ids of the rules that it stands for, in the order of the
    text: the rule itself, those of the article and of the paragraphs under it,
    or those that bind from the phase on.
    """

    sort: Literal["article", "rule", "phase"]
    id: str
    rules: tuple[str, ...]
    span: Span
