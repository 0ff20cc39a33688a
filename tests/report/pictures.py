"""The texts that tests/report/golden holds. `PYTHONPATH=tests python -m report.pictures` writes them anew; read the difference."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from detente.report.csv import verdicts_csv
from detente.report.explanation import explanation_text, sentences
from detente.report.junit import verdicts_junit
from detente.report.matrix import matrix
from report.sample import EXPLANATION, VERDICTS, WITH_SPELLS, many_parties

GOLDEN = Path(__file__).parent / "golden"


def _explained(width: int, *, ascii_only: bool = False, spells: bool = False) -> str:
    one = replace(EXPLANATION, verdict=WITH_SPELLS) if spells else EXPLANATION
    return explanation_text(one, as_of=VERDICTS.as_of, known_on=VERDICTS.known_on, width=width, ascii_only=ascii_only)


PICTURES: Mapping[str, Callable[[], str]] = {
    "matrix-80.txt": lambda: matrix(VERDICTS, width=80),
    "matrix-80-ascii.txt": lambda: matrix(VERDICTS, width=80, ascii_only=True),
    "matrix-100.txt": lambda: matrix(VERDICTS, width=100),
    "matrix-130.txt": lambda: matrix(VERDICTS, width=130),
    "matrix-130-ascii.txt": lambda: matrix(VERDICTS, width=130, ascii_only=True),
    "many-parties-80.txt": lambda: matrix(many_parties(), width=80),
    "many-parties-130.txt": lambda: matrix(many_parties(), width=130),
    "explanation-80.txt": lambda: _explained(80),
    "explanation-100.txt": lambda: _explained(100),
    "explanation-100-ascii.txt": lambda: _explained(100, ascii_only=True, spells=True),
    "sentences.txt": lambda: sentences([EXPLANATION]),
    "verdicts.csv": lambda: verdicts_csv(VERDICTS).replace("\r\n", "\n"),
    "verdicts.xml": lambda: verdicts_junit(VERDICTS).decode(),
}

if __name__ == "__main__":
    for name, draw in PICTURES.items():
        (GOLDEN / name).write_text(draw(), encoding="utf-8")
