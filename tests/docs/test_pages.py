"""Every code has a page for `detente help`, every page's example shows its fault, and the reference is what the pages say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from detente.agreement.load import decoded, load_agreement
from detente.draft import CODES, lint
from detente.evidence import read_record
from detente.model.problem import Problem
from detente.vocabulary.pages import Page, load_pages
from detente.vocabulary.reference import findings_page, problems_page
from docs.console import ROOT
from docs.test_complete import codes, codes_in

PAGES = {
    room: {page.code: page for page in load_pages() if page.room == room}
    for room in ("language", "drafting", "evidence", "tracks", "question")
}
WITHOUT_EXAMPLE = {
    "language": {"unreadable-file", "too-large", "not-utf-8", "too-many-problems", "statement-too-long"},
    "evidence": {
        "missing-folder",
        "outside-folder",
        "not-a-file",
        "too-many-problems",
        "not-utf-8",
        "too-many-columns",
        "line-too-long",
        "unusable-place",
    },
}
"""Codes that no small text shows: bytes, links, large files."""
SOURCES = "id,name,kind,speaks_for\narland,Ministry,party,Arland\nborland,Office,party,Borland\n"


def of(*rooms: str) -> set[str]:
    """The codes that the modules of these rooms of the house can raise."""
    found: set[str] = set()
    for room in rooms:
        for path in (ROOT / "src" / "detente" / room).rglob("*.py"):
            found |= codes_in(path.read_text(encoding="utf-8"))
    return found


def test_every_code_that_is_raised_has_a_page() -> None:
    paged = {page.code for page in load_pages()}
    assert sorted(codes() - paged) == []


def test_every_code_has_a_page_in_its_own_room() -> None:
    shared = {"missing-unit", "wrong-unit"}
    assert sorted(of("agreement") - set(PAGES["language"]) - shared) == []
    assert (
        sorted(
            of("evidence", "reading") - set(PAGES["evidence"]) - set(PAGES["tracks"]) - {"unwritable-file", "file-exists", "missing-extra"}
        )
        == []
    )
    exchange = {page.code for page in load_pages() if page.room == "exchange"}
    assert sorted(of("workbench") - set(PAGES["question"]) - set(PAGES["evidence"]) - set(PAGES["tracks"]) - exchange) == []
    assert sorted(of("exchange", "node") - exchange) == []


def test_no_page_is_about_a_code_that_is_never_raised() -> None:
    everything = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    assert sorted({page.code for page in load_pages() if f'"{page.code}' not in everything}) == []


def test_the_findings_are_those_that_have_pages() -> None:
    assert set(PAGES["drafting"]) == set(CODES)
    said = {
        word
        for path in (ROOT / "src/detente/draft").glob("[!l]*.py")
        for word in re.findall(r'"([a-z]+(?:-[a-z]+)+)"', path.read_text("utf-8"))
    }
    assert set(CODES) <= said, "a code that no check gives"


@pytest.mark.parametrize(("name", "page"), [("problems.md", problems_page), ("findings.md", findings_page)])
def test_the_reference_is_written_from_the_pages(name: str, page: object) -> None:
    assert callable(page)
    assert (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8") == page()


@pytest.mark.parametrize("page", [p for p in load_pages() if p.room in WITHOUT_EXAMPLE], ids=lambda p: f"{p.room}-{p.code}")
def test_an_example_stands_wherever_one_can(page: Page) -> None:
    assert bool(page.wrote) == (page.code not in WITHOUT_EXAMPLE[page.room])


@pytest.mark.parametrize("page", [p for p in PAGES["language"].values() if p.wrote], ids=lambda p: p.code)
def test_the_example_of_a_problem_raises_it(page: Page, tmp_path: Path) -> None:
    for name, text in page.wrote.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    problems = load_agreement(tmp_path / "agreement.md")[1]
    assert page.severity in {problem.severity for problem in problems if problem.code == page.code}


@pytest.mark.parametrize("page", [p for p in PAGES["evidence"].values() if p.wrote], ids=lambda p: p.code)
def test_the_example_of_a_fault_raises_it(page: Page, tmp_path: Path) -> None:
    from detente.vocabulary.kinds import load_kinds

    for name, text in {"sources.csv": SOURCES, **page.wrote}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    record = read_record(tmp_path, load_kinds(), parties=("Arland", "Borland", "Carland"))
    assert page.severity in {problem.severity for problem in record.problems if problem.code == page.code}


def found_in(files: object, folder: Path) -> tuple[Problem, ...]:
    """What lint finds in the files of an example."""
    assert isinstance(files, dict)
    folder.mkdir()
    (folder / "evidence").mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    path = folder / "agreement.md"
    agreement, problems = load_agreement(path)
    assert agreement is not None, problems
    text, _ = decoded(path.read_bytes(), str(path))
    assert text is not None
    has_evidence = any(name.startswith("evidence/") for name in files)
    record = read_record(folder / "evidence", agreement.kinds, parties=agreement.parties) if has_evidence else None
    return lint(text, agreement, problems, record)


@pytest.mark.parametrize("page", PAGES["drafting"].values(), ids=lambda p: p.code)
def test_the_example_of_a_finding_has_it_and_the_better_one_has_not(page: Page, tmp_path: Path) -> None:
    bad = found_in(dict(page.wrote), tmp_path / "bad")
    assert page.severity in {f.severity for f in bad if f.code == page.code} or (
        page.code == "unverifiable-silence" and "note" in {f.severity for f in bad if f.code == page.code}
    )
    assert page.code not in {f.code for f in found_in(dict(page.better), tmp_path / "good")}
