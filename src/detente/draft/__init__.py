"""What is wrong with the wording of an agreement, found by reading alone: no solver, no verdict.

Its door is `lint.py` (`lint`). Reading order: `draft.py` (the document, its trees and its clauses side by side), `prose.py`
(what of a page is prose), `figures.py` and `quantity.py` (numbers and dates in prose and in rules); then one file for each sort of fault:
`terms.py`, `numbers.py`, `vague.py`, `verifiable.py`, `boundaries.py`, `conflicts.py`, `phases.py`; and `lint.py`, which runs them.
"""

from detente.draft.lint import CODES, lint

__all__ = ["CODES", "lint"]
