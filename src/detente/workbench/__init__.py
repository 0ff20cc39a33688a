"""The table of contents: open, check, explain, run cases, verify.

Everything a person can ask for is a method of `Workbench` or a function here;
the command line and the pages call nothing else. Reading order: `open`,
`places`, `assume`, `export`, `coverage`, `cases`, `differ`, `suffices`, `verify`; for reports `happened`, `seen`,
`tested`, `dossier`.
"""

from __future__ import annotations

from detente.judge import Question
from detente.workbench.cases import CaseResult, cover_cases, run_cases
from detente.workbench.open import NotAskable, Workbench, open_case
from detente.workbench.verify import verify

__all__ = ["CaseResult", "NotAskable", "Question", "Workbench", "cover_cases", "open_case", "run_cases", "verify"]
