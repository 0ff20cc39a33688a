"""From the parser's matches to the nodes of `tree/`: one method for each production of `grammar.lark`.

Lark calls a method with the children of its production; `None` stands for an
optional part that is absent. No method can fail: what a word means is decided
in later steps. Each file here builds the nodes of the file of `tree/` that has its name.
"""

from __future__ import annotations

from typing import Any

from lark import Token, Transformer

from detente.agreement import tree as t
from detente.agreement.builder.bound import BoundBuilder
from detente.agreement.builder.condition import ConditionBuilder
from detente.agreement.builder.deed import DeedBuilder
from detente.agreement.builder.define import DefinitionBuilder
from detente.agreement.builder.due import DueBuilder
from detente.agreement.builder.duty import DutyBuilder
from detente.agreement.builder.evidence import EvidenceBuilder
from detente.agreement.builder.life import LifeBuilder
from detente.agreement.builder.rule import RuleBuilder
from detente.agreement.builder.separation import SeparationBuilder
from detente.agreement.builder.tail import TailBuilder
from detente.agreement.builder.word import WordBuilder


class TreeBuilder(
    WordBuilder,
    DeedBuilder,
    ConditionBuilder,
    DueBuilder,
    DutyBuilder,
    BoundBuilder,
    SeparationBuilder,
    TailBuilder,
    RuleBuilder,
    DefinitionBuilder,
    LifeBuilder,
    EvidenceBuilder,
    Transformer[Token, list[t.Tree]],
):
    """Builds the nodes while the parser reads."""

    def start(self, c: list[Any]) -> list[t.Tree]:
        """The statements of a block."""
        return c
