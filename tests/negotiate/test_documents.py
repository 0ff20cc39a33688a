"""The comparison as a page, as Markdown and as JSON; the command's exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from detente.negotiate import compare, three_way
from detente.report.comparison import comparison_page
from detente.report.comparison_json import ComparisonDocument, ThreeWayDocument, comparison_json, comparison_schema
from detente.report.comparison_md import comparison_markdown

from .drafts import draft

ROOT = Path(__file__).parents[2]
ONE = draft('rule 1 "Large exercises": no Party shall conduct an exercise X where X.troops is at least 9000.')
TWO = draft('rule 1 "Large exercises": no Party shall conduct an exercise X where X.troops is at least 5000.', prose="Other <b>words</b>.")
FOUND = compare(ONE, TWO)


@pytest.mark.parametrize("width", [80, 100, 130])
def test_the_page_fits(width: int) -> None:
    page = comparison_page(FOUND, width=width)
    assert max(len(line) for line in page.splitlines()) <= width
    assert "allowed in A, forbidden in B" in " ".join(page.split())


def test_ascii_marks() -> None:
    assert comparison_page(FOUND, width=100, ascii_only=True).isascii()


def test_markdown_holds_no_html() -> None:
    page = comparison_markdown(FOUND)
    assert "tightened" in page
    assert "<b>" not in page


def test_json_follows_its_schema_file() -> None:
    import msgspec

    assert json.loads((ROOT / "docs/reference/diff.schema.json").read_text(encoding="utf-8")) == json.loads(json.dumps(comparison_schema()))
    read = msgspec.json.decode(comparison_json(FOUND), type=ComparisonDocument)
    assert read.comparison == FOUND
    three = three_way(ONE, TWO, ONE)
    assert msgspec.json.decode(comparison_json(three), type=ThreeWayDocument).three_way == three
    assert "theirs" in comparison_page(three)
    assert "since the base" in comparison_markdown(three)


def run(*args: object) -> int:
    return subprocess.run([sys.executable, "-m", "detente", "diff", *map(str, args)], capture_output=True, check=False).returncode


def test_exit_codes(tmp_path: Path) -> None:
    example = ROOT / "examples/west-26/agreement.md"
    later = tmp_path / "later.md"
    later.write_text(example.read_text(encoding="utf-8").replace("42 days before X", "30 days before X"), encoding="utf-8")
    broken = tmp_path / "broken.md"
    broken.write_text("```rule\nrule 1: nobody.\n```\n", encoding="utf-8")
    assert run(example, example) == 0
    assert run(example, later, "--evidence", example.parent / "evidence") == 1
    assert run(example, broken) == 2
    assert run(example, tmp_path / "missing.md") == 2
