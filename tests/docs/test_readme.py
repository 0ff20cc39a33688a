"""Every command that README.md, docs/ and the examples show prints what they say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from docs.console import ROOT, pages, reset_page, run_page
from docs.warm import Warm

PAGES = pages()


def test_the_readme_and_the_tutorial_show_commands() -> None:
    assert ROOT / "README.md" in PAGES
    assert ROOT / "docs" / "tutorial" / "first-agreement.md" in PAGES


@pytest.fixture(scope="session")
def programs() -> Iterator[Path]:
    with Warm() as folder:
        yield folder


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_print_what_the_page_says(page: Path, programs: Path) -> None:
    shown = run_page(page, programs)
    assert shown
    for one in shown:
        assert one.printed == one.said, f"{one.place}: $ {one.command}\nif the new output is right: make docs-reset"


def test_an_output_that_is_wrong_is_found_and_reset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "page.md"
    monkeypatch.setattr("docs.console.ROOT", tmp_path)
    (tmp_path / "examples").mkdir()
    page.write_text(
        "<!-- file: a.txt -->\n```text\none\n```\n\n```console\n$ cat a.txt; exit 3\ntwo\n$ echo $?\n3\n```\nend\n", encoding="utf-8"
    )
    assert [(one.line, one.said, one.printed) for one in run_page(page)] == [(7, "two\n", "one\n"), (9, "3\n", "3\n")]
    assert reset_page(page)
    assert not reset_page(page)
    assert page.read_text(encoding="utf-8").endswith("$ cat a.txt; exit 3\none\n$ echo $?\n3\n```\nend\n")
