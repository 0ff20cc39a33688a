"""`detente export` and `detente import`."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.conftest import Run

AGREEMENT = (
    "# Openness\n\n```rule\nagreement:\n    parties Arland, Borland;\n    enters into force on 2025-01-01.\n```\n\n## Article 1\n\nAims.\n"
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "agreement.md"
    path.write_text(AGREEMENT)
    return path


def test_out_and_in(run: Run, file: Path, tmp_path: Path) -> None:
    xml, again = tmp_path / "a.xml", tmp_path / "again.md"
    assert run("export", file, "-o", xml).exit_code == 0
    assert run("import", xml, "-o", again).exit_code == 0
    assert again.read_text() == AGREEMENT
    assert run("export", "-", stdin=AGREEMENT).stdout == xml.read_text()
    assert run("import", "-", stdin=xml.read_bytes()).stdout == AGREEMENT


def test_an_agreement_with_errors_goes_out_as_well(run: Run, file: Path) -> None:
    file.write_text("# T\n\n```rule\nno sentence\n```\n")
    found = run("export", file, "--date", "2026-03-01", "--country", "un", "--language", "fra")
    assert found.exit_code == 0
    assert 'value="/akn/un/act/agreement/2026-03-01/t/fra@"' in found.stdout
    assert ">no sentence\n</detente:rule>" in found.stdout


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--date", "1 March"), "impossible-date"),
        (("--country", "France"), "bad-code"),
        (("--language", "fr"), "bad-code"),
        (("-o", "/no/such/folder/a.xml"), "unwritable-file"),
    ],
)
def test_what_export_refuses(run: Run, file: Path, options: tuple[str, ...], code: str) -> None:
    found = run("export", file, *options)
    assert (found.exit_code, code in found.stderr) == (2, True)


def test_no_date(run: Run, file: Path) -> None:
    file.write_text("# T\n")
    found = run("export", file)
    assert found.exit_code == 2
    assert f"{file}:1:1: undated: " in found.stderr
    assert "--date" in found.stderr


def test_what_import_refuses(run: Run, tmp_path: Path) -> None:
    found = run("import", tmp_path / "none.xml")
    assert (found.exit_code, "missing-file" in found.stderr) == (2, True)
    found = run("import", "-", stdin="<!DOCTYPE a>\n<a/>")
    assert (found.exit_code, found.stderr.startswith("stdin:1:1")) == (2, True), found.stderr
    assert "document-type" in found.stderr
    (tmp_path / "big.xml").write_bytes(b" " * 4_000_001)
    found = run("import", tmp_path / "big.xml")
    assert (found.exit_code, "too-large" in found.stderr) == (2, True)


def test_unknown_elements_are_warnings_on_stderr(run: Run) -> None:
    xml = '<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0"><act><body>\n<odd>Kept.</odd></body></act></akomaNtoso>'
    found = run("import", "-", stdin=xml)
    assert (found.exit_code, found.stdout) == (0, "Kept.\n")
    assert "stdin:2:1: warning: unknown-element: <odd>" in found.stderr
