"""The VS Code extension: its files are sound, and it talks to the real server."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from detente.vocabulary.units import UNITS

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "editors" / "vscode"
NODE = shutil.which("node")
needs_node = pytest.mark.skipif(NODE is None, reason="node is not installed")


def _json(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def test_what_the_manifest_names_is_there() -> None:
    manifest = _json("package.json")
    contributes = manifest["contributes"]
    named = [manifest["main"], *(g["path"] for g in contributes["grammars"]), *(x["configuration"] for x in contributes["languages"])]
    assert [name for name in named if not (FOLDER / name).is_file()] == []
    assert "dependencies" not in manifest
    assert contributes["configuration"]["properties"]["detente.command"]["scope"] == "machine"


def test_the_grammar_colours_rules() -> None:
    grammar = _json("syntaxes/detente.tmLanguage.json")
    patterns = {p.get("name", "define"): p["match"] for p in grammar["patterns"]}
    assert re.search(patterns["variable.other.member.detente"], "where X.level-of is")[0] == "X.level-of"  # type: ignore[index]
    assert re.search(patterns["storage.modifier.detente"], "no Party shall")
    assert not re.search(patterns["storage.modifier.detente"], "no-fly")
    assert [u for u in UNITS if not re.search(patterns["keyword.other.unit.detente"], f"5 {u} ")] == []
    begin = _json("syntaxes/detente.injection.json")["repository"]["block"]["begin"].replace("(^|\\G)", "(^)")
    assert re.search(begin, "```rule")
    assert re.search(begin, '```case "in time"')
    assert not re.search(begin, "```rules")


@needs_node
@pytest.mark.parametrize("name", ["extension.js", "client.js"])
def test_the_scripts_are_sound(name: str) -> None:
    subprocess.run([str(NODE), "--check", str(FOLDER / name)], check=True, timeout=60)


def _drive(command: str, agreement: Path) -> dict[str, Any]:
    script = Path(__file__).parent / "drive_extension.js"
    found = subprocess.run(
        [str(NODE), str(script), str(FOLDER), command, str(agreement)], capture_output=True, text=True, timeout=120, check=False
    )
    assert found.returncode == 0, found.stderr
    return json.loads(found.stdout)  # type: ignore[no-any-return]


@needs_node
def test_it_talks_to_the_server(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples" / "west-26", tmp_path / "west")
    program = Path(sys.executable).parent / "detente"
    answers = _drive(str(program), tmp_path / "west" / "agreement.md")
    assert answers["shown"] == []
    assert answers["problems"] == []
    assert "X.troops" in answers["completion"]
    assert "учение" in answers["hover"]
    assert answers["definition"]["line"] == 7
    assert answers["rename"] == ["zone", "zone"]
    assert "comes with the package" in answers["refused"]
    assert answers["formatting"] in (0, 1)
    assert answers["symbols"][0][1] > 3
    assert answers["lenses"][0].startswith("disputed")


@needs_node
def test_a_program_that_is_not_there_is_told(tmp_path: Path) -> None:
    agreement = tmp_path / "agreement.md"
    agreement.write_text("# A\n", encoding="utf-8")
    answers = _drive(str(tmp_path / "missing"), agreement)
    assert len(answers["shown"]) == 1
    assert 'pip install "detente[lsp]"' in answers["shown"][0]
