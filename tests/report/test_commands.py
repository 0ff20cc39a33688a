"""`check --format html` and `plot`, on a real case."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from detente.cli.app import app

EXAMPLES = Path(__file__).parents[2] / "examples"
WEST = EXAMPLES / "west-26"


def run(*args: object) -> Result:
    return CliRunner().invoke(app, [str(arg) for arg in args], catch_exceptions=False)


def test_report_of_one_agreement(tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    result = run("check", WEST, "--format", "html", "-o", target, "--lang", "ru")
    assert (result.exit_code, result.stdout) == (0, "")
    page = target.read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "about 9400 troops take part" in page
    assert run("check", WEST, "--format", "html", "-o", target, "--fail-on", "disputed").exit_code == 1


def test_report_of_several_agreements(tmp_path: Path) -> None:
    for name in ("one", "two"):
        shutil.copy(WEST / "agreement.md", tmp_path / f"{name}.md")
    shutil.copytree(WEST / "evidence", tmp_path / "evidence")
    result = run("check", tmp_path, "--format", "html")
    assert result.exit_code == 0
    assert result.stdout.count("<h1") == 2


@pytest.mark.parametrize("what", ["map", "timeline", "matrix"])
def test_drawings(what: str, tmp_path: Path) -> None:
    target = tmp_path / "drawing.svg"
    assert run("plot", what, WEST, "-o", target, "--theme", "dark").exit_code == 0
    drawing = target.read_text(encoding="utf-8")
    assert drawing.startswith("<svg")
    assert 'xmlns="http://www.w3.org/2000/svg"' in drawing
    assert "West-26" in drawing or what != "timeline"


def test_nothing_to_draw(tmp_path: Path) -> None:
    (tmp_path / "agreement.md").write_text("# A\n\n```rule\nagreement:\n    parties Arland, Borland.\n```\n\n## Article 1\n\nNothing.\n")
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence" / "sources.csv").write_text("id,kind,speaks_for\na,party,Arland\n")
    for what in ("map", "timeline", "matrix"):
        result = run("plot", what, tmp_path)
        assert result.exit_code == 2
        assert "nothing-to-draw" in result.stderr


def test_without_chromium(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detente.report.page.chromium.browser", lambda: None)
    for command in (("check", WEST, "--format", "pdf"), ("plot", "matrix", WEST, "--format", "png")):
        result = run(*command)
        assert result.exit_code == 2
        assert "no-browser: Chromium is not installed" in result.stderr


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detente.cli.page.find_spec", lambda _: None)
    for command in (("check", WEST, "--format", "html"), ("plot", "map", WEST)):
        result = run(*command)
        assert result.exit_code == 2
        assert 'pip install "detente[web]"' in result.stderr
