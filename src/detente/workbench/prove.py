"""Proves what can be proved of an agreement's rules, with the places that it draws."""

from __future__ import annotations

from collections.abc import Collection
from hashlib import sha256
from pathlib import Path

from detente.agreement.load import decoded, load_agreement, parse_agreement, read_bytes
from detente.model.problem import Problem
from detente.prove import Proof, prove
from detente.workbench.open import NotAskable
from detente.workbench.places import locator


def prove_agreement(path: Path, *, named: str | None = None, only: Collection[str] = (), ignore: Collection[str] = ()) -> tuple[Proof, str]:
    """The proof and the SHA-256 of the document. With `named` the text came from nowhere, and nothing beside it is read.

    Raises:
        NotAskable: the document has errors, or has rules of shapes that are not judged.
    """
    raw, problem = read_bytes(path)
    text, problem = decoded(raw, named or str(path)) if raw is not None else (None, problem)
    if text is None or raw is None:
        raise NotAskable((problem,) if problem else (Problem("unreadable-file", f"{path} cannot be read"),))
    agreement, problems = load_agreement(path) if named is None else parse_agreement(text, named)
    if agreement is None:
        raise NotAskable(problems)
    if agreement.pending:
        raise NotAskable(agreement.pending)
    return prove(text, agreement, locator, only=only, ignore=ignore), sha256(raw).hexdigest()
