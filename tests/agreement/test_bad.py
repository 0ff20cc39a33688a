"""Every fault has a bad agreement that shows it; the message expected stands beside it.

`DETENTE_RESET=1 pytest tests/agreement/test_bad.py` writes the messages again; read the diff.
"""

from __future__ import annotations

import ast
import os
import re
from pathlib import Path

import pytest

from detente.agreement.load import LARGEST, load_agreement, parse_agreement

HERE = Path(__file__).parent
BAD = sorted((HERE / "bad").glob("*.md"))
SOURCE = HERE.parents[1] / "src" / "detente" / "agreement"
PAGE = HERE.parents[1] / "docs" / "reference" / "problems.md"
MADE_HERE = {"not-utf-8", "too-large", "unreadable-file", "unusable-agreement", "statement-too-long", "too-many-problems"}
"""Codes whose bad agreement is made by a test (here, or of imported duties), because no one small text file shows them."""


@pytest.mark.parametrize("path", BAD, ids=lambda p: p.stem)
def test_a_bad_agreement_shows_its_fault(path: Path) -> None:
    agreement, problems = load_agreement(path)
    shown = "\n\n".join(str(p).replace(str(path), path.name) for p in problems) + "\n"
    expected = path.with_suffix(".txt")
    if os.environ.get("DETENTE_RESET"):
        expected.write_text(shown, encoding="utf-8")
    assert shown == expected.read_text(encoding="utf-8")
    assert path.stem in {p.code for p in problems}
    assert (agreement is None) == any(p.severity == "error" for p in problems)


def codes_in_source() -> set[str]:
    """Every code that some line of the room can give to a problem."""
    found: set[str] = set()
    for path in SOURCE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) in {"say", "unknown", "problem", "Problem", "_say", "_unknown"}:
                found |= {
                    a.value
                    for a in node.args[:3]
                    if isinstance(a, ast.Constant) and isinstance(a.value, str) and re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", a.value)
                }
    return found | {"missing-full-stop", "unfinished-statement", "missing-unit", "wrong-unit"}


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def test_every_code_has_a_bad_agreement() -> None:
    assert codes_in_source() - MADE_HERE == {p.stem for p in BAD}


def test_every_code_is_explained() -> None:
    headings = set(re.findall(r"^### `([a-z0-9-]+)`$", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    assert headings == codes_in_source() | MADE_HERE


def test_text_that_is_not_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "latin.md"
    path.write_bytes("# Tschüss\n\nfür".encode("latin-1"))
    agreement, problems = load_agreement(path)
    assert agreement is None
    assert [(p.code, p.span.line, p.span.column) for p in problems if p.span] == [("not-utf-8", 1, 7)]


def test_a_binary_file(tmp_path: Path) -> None:
    path = tmp_path / "picture.md"
    path.write_bytes(bytes(range(256)) * 40)
    agreement, problems = load_agreement(path)
    assert agreement is None
    assert problems[0].code == "not-utf-8"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    for path in (tmp_path / "none.md", tmp_path):
        agreement, problems = load_agreement(path)
        assert agreement is None
        assert [p.code for p in problems] == ["unreadable-file"]


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    path = tmp_path / "large.md"
    path.write_bytes(b"a" * (LARGEST + 1))
    assert [p.code for p in load_agreement(path)[1]] == ["too-large"]
    assert [p.code for p in parse_agreement("a" * (LARGEST + 1), "large.md")[1]] == ["too-large"]


def test_a_statement_without_end() -> None:
    text = "```rule\nrule 1: no Party shall conduct an exercise X where " + "X.troops is more than 5 and " * 5000 + "\n```\n"
    assert "statement-too-long" in {p.code for p in parse_agreement(text, "long.md")[1]}


def test_a_thousand_faults_are_counted() -> None:
    text = (
        "```rule\nagreement: parties Arland, Borland.\n"
        + "".join(f"rule {n}: no Party shall condct an exercise.\n" for n in range(1000))
        + "```\n"
    )
    _, problems = parse_agreement(text, "many.md")
    assert problems[-1].code == "too-many-problems"
    assert len(problems) == 501
    assert "500 more" in problems[-1].message


def test_one_broken_rule_hides_no_other() -> None:
    text = """```rule
agreement: parties Arland, Borland.
rule 1: no Party shall conduct exercise the.
rule 2: no Party shall conduct an exercise X where X.troop is more than 5.
rule 3 no Party.
rule 4: no Party shall conduct an exercise X where X.level is at least brigde.
```
"""
    _, problems = parse_agreement(text, "a.md")
    assert [(p.code, p.span.line) for p in problems if p.span] == [
        ("syntax-error", 3),
        ("unknown-field", 4),
        ("syntax-error", 5),
        ("unknown-level", 6),
    ]
