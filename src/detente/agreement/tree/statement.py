"""A whole statement, of whatever sort."""

from __future__ import annotations

from dataclasses import dataclass

from detente.agreement.tree.at import At, unplaced
from detente.agreement.tree.define import Define
from detente.agreement.tree.evidence import EvidenceBlock
from detente.agreement.tree.life import AgreementBlock
from detente.agreement.tree.rule import PhaseTree, RuleTree

Tree = RuleTree | PhaseTree | Define | AgreementBlock | EvidenceBlock


@dataclass(frozen=True, slots=True)
class Statement:
    """One tree and the offset in the document from which its `at`s count."""

    tree: Tree
    at: At = unplaced()
