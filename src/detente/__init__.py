"""Détente: security agreements that people can read and a program can check.

    from pathlib import Path
    from detente import Question, open_case

    case = open_case(Path("examples/new-start"))
    for article in case.check(Question()).articles:
        print(article.article, article.outcome, article.ground)

Importing this package reads no file and no environment; the rooms load when
their names are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from detente.workbench import NotAskable, Question, Workbench, open_case

_AT = {
    "NotAskable": "detente.workbench",
    "Question": "detente.workbench",
    "Workbench": "detente.workbench",
    "open_case": "detente.workbench",
}

__all__ = ["NotAskable", "Question", "Workbench", "__version__", "open_case"]


def __getattr__(name: str) -> object:
    """Load a name from its room when it is first asked for."""
    if name not in _AT:
        raise AttributeError(f"module 'detente' has no attribute {name!r}")
    return getattr(import_module(_AT[name]), name)
