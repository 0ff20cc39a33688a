"""What exists is documented: every command, every problem's code, every kind; and the project speaks of itself only."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
import typer

from detente.cli.app import app
from detente.evidence.faults import FAULTS
from detente.vocabulary.groups import load_groups
from detente.vocabulary.kinds import load_kinds
from docs.console import ROOT

REFERENCE = ROOT / "docs" / "reference"
COMMANDS: dict[str, object] = typer.main.get_command(app).commands  # type: ignore[attr-defined]
EXPLAINED_IN = ("problems.md", "findings.md", "evidence.md", "places.md", "tracks.md", "commands.md", "exchange.md")
"""Problems of an agreement, of evidence, of places, and of a question."""
KEBAB = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")


def page(name: str) -> str:
    return (REFERENCE / name).read_text(encoding="utf-8")


# ---- commands and kinds ---------------------------------------------------------


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_section(name: str) -> None:
    assert re.search(rf"^## {name}$", page("commands.md"), re.MULTILINE)


@pytest.mark.parametrize("name", sorted(load_kinds()))
def test_every_kind_has_a_section_with_every_field(name: str) -> None:
    section = re.search(rf"^### `{name}`$(.*?)(?=^##|\Z)", page("kinds.md"), re.MULTILINE | re.DOTALL)
    assert section
    assert [field for field in load_kinds()[name].fields if f"| `{field}` |" not in section[1]] == []


def test_every_group_is_listed() -> None:
    assert [name for name in load_groups() if f"### {name}\n" not in page("kinds.md")] == []


# ---- problems -------------------------------------------------------------------


def codes_in(source: str) -> set[str]:
    """The codes of problems that a module makes: hyphened words among the first that are given to a call which tells of one."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""
        if not re.search(r"problem|fault|refuse|^_?(say|unknown|tell)$", name, re.IGNORECASE):
            continue
        given = [*node.args, *(keyword.value for keyword in node.keywords if keyword.arg == "code")]
        found |= {value for each in given[:3] for value in _words(each) if KEBAB.fullmatch(value)}
    return found


def _words(node: ast.expr) -> list[str]:
    """The words that an argument can be: itself, or either side of a condition."""
    if isinstance(node, ast.IfExp):
        return [*_words(node.body), *_words(node.orelse)]
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def codes() -> set[str]:
    """Every code that the program can show."""
    modules = [path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py")]
    return {code for module in modules for code in codes_in(module)} | {code for code in FAULTS if code}


def test_codes_are_found_in_calls() -> None:
    source = 'Problem("bad-row", "text"); self.problem(span, "late-row"); Problem("a-b" if x else "c-d", "m"); other("no-code")'
    assert codes_in(source) == {"bad-row", "late-row", "a-b", "c-d"}
    assert len(codes()) > 100


def test_every_code_of_a_problem_is_explained() -> None:
    documented = {code for name in EXPLAINED_IN for code in re.findall(r"`([a-z0-9-]+)`", page(name))}
    assert sorted(codes() - documented) == []


def test_no_code_is_explained_that_does_not_exist() -> None:
    headings = set(re.findall(r"^### `([a-z0-9-]+)`", page("problems.md"), re.MULTILINE))
    everything = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    assert sorted(code for code in headings if f'"{code}"' not in everything) == []


# ---- the project stands alone -------------------------------------------------------

_TEXT = {".py", ".md", ".toml", ".csv", ".jsonl", ".json", ".yaml", ".lark", ".txt", ".geojson", ".sql", ""}
_NOT_OURS = {".git", ".venv", "__pycache__", "dist", "build"}
FOREIGN = (
    r"/(?:work|home|root|Users)/\w",  # a folder of the machine it was written on
    r"\b(?:shared|research)/[\w-]+",
    r"\b(?:design|style|CONVENTIONS|EVIDENCE_CONTRACT)\.md\b",
    r"\bsub-?agents?\b|\blanguage models?\b|\bchat ?bots?\b",
    r"\b(?:this|that|another|last|next|earlier|a) (?:coding )?session (?:wrote|decided|left|made)\b|\bother helpers?\b|\bthe lead (?:said|says|decided|decides|wants)\b",
)
"""What no file of the project speaks of: how and where it was made."""


def files() -> list[Path]:
    """Every text file of the project that is kept."""
    found = []
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        is_kept = not any(part in _NOT_OURS or part.endswith("_cache") or part == ".hypothesis" for part in parts)
        if is_kept and path.is_file() and path.suffix in _TEXT and path.name not in ("uv.lock", "LICENSE"):
            found.append(path)
    return found


@pytest.mark.parametrize("pattern", FOREIGN)
def test_nothing_speaks_of_how_it_was_made(pattern: str) -> None:
    found = []
    for path in files():
        if path == Path(__file__):
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        for match in re.finditer(pattern, text):
            is_address = re.search(r"https?://\S*$", text[max(0, match.start() - 300) : match.start()])
            if not is_address:
                found.append(f"{path.relative_to(ROOT)}:{text.count(chr(10), 0, match.start()) + 1}: {match[0]}")
    assert found == []
