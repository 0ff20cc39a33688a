"""`detente test` and `detente fmt`."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree as ET

import pytest

from cli.conftest import Bench, Run
from detente.model.span import Span

RULE = """# Sea

Prose *stays*   as it is.

```rule
rule 1 "Notice":
      each Party that conducts an exercise X shall notify X to every other Party
   at least 42 days before X.start.
```
"""


def test_cases_that_pass(bench: Bench, folder: Path, run: Run) -> None:
    bench.cases = (SimpleNamespace(name="a", passed=True, text="", span=Span("a.md", 1, 1, 2, 1)),) * 3
    result = run("test", folder)
    assert (result.exit_code, result.stdout) == (0, "3 of 3 cases pass\n")


def test_cases_that_fail(bench: Bench, folder: Path, run: Run) -> None:
    failed = SimpleNamespace(
        name="late notice", passed=False, text="   expected 1: breached\n   found    1: kept", span=Span("a.md", 9, 1, 12, 4)
    )
    bench.cases = (failed,)
    result = run("test", folder)
    assert result.exit_code == 1
    assert result.stdout == "a.md:9:1: late notice\n   expected 1: breached\n   found    1: kept\n0 of 1 case passes\n"


def test_coverage_is_shown_when_asked_for(bench: Bench, folder: Path, run: Run) -> None:
    bench.cases = (SimpleNamespace(name="late notice", passed=True, text="", span=Span("a.md", 1, 1, 2, 1)),)
    assert "X.troops" not in run("test", folder).stdout
    shown = run("test", folder, "--coverage", "--width", "80").stdout
    assert shown.startswith("1 of 1 case passes\n\nRule")
    assert "X.troops is at least 9000                1 true         none false" in shown
    assert shown.endswith("0 of 1 gone both ways.\nNo case expects a verdict on: 1.\n")
    assert max(map(len, shown.splitlines())) <= 80


def test_json_and_junit_tell_both(bench: Bench, folder: Path, run: Run) -> None:
    bench.cases = (SimpleNamespace(name="late notice", passed=False, text="  expected  1\n  found     2", span=Span("a.md", 1, 1, 2, 1)),)
    result = run("test", folder, "--format", "json")
    assert result.exit_code == 1
    whole = json.loads(result.stdout)
    assert (whole["schema"], whole["counts"]) == ("detente-test/1", {"cases": 1, "passed": 0, "ways": 1, "both": 0})
    assert [(w["text"], w["yes_in"], w["no_in"]) for w in whole["rules"][0]["ways"]] == [("X.troops is at least 9000", ["late notice"], [])]
    junit = ET.fromstring(run("test", folder, "--format", "junit").stdout)  # noqa: S314  our own output
    assert (junit.get("tests"), junit.get("failures"), junit.get("skipped")) == ("2", "1", "1")
    (skipped,) = junit.iter("skipped")
    assert skipped.get("message") == "no case expects a verdict on it; X.troops is at least 9000: never false"


def test_no_case(folder: Path, run: Run) -> None:
    assert run("test", folder).stdout == "the agreement holds no case\n"


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_fmt_keeps_mark_and_line_ends(folder: Path, run: Run, mark: bytes, end: bytes) -> None:
    file = folder / "agreement.md"
    file.write_text(RULE)
    run("fmt", file)
    canonical = file.read_bytes()
    file.write_bytes(mark + RULE.encode().replace(b"\n", end))
    assert run("fmt", file).exit_code == 0
    assert file.read_bytes() == mark + canonical.replace(b"\n", end)
    assert run("fmt", "--check", file).exit_code == 0


def test_fmt_is_stable_and_keeps_prose(folder: Path, run: Run) -> None:
    file = folder / "agreement.md"
    file.write_text(RULE)
    assert run("fmt", "--check", file).exit_code == 1
    assert file.read_text() == RULE
    assert run("fmt", folder).exit_code == 0
    once = file.read_text()
    assert "Prose *stays*   as it is." in once
    assert once != RULE
    assert run("fmt", file).stderr == ""
    assert file.read_text() == once
    assert run("fmt", "--check", file).exit_code == 0


@pytest.mark.parametrize(("names", "found"), [(["treaty.md", "README.md"], "treaty.md"), (["agreement.md", "notes.md"], "agreement.md")])
def test_agreement_in_a_folder(tmp_path: Path, run: Run, names: list[str], found: str) -> None:
    for name in names:
        (tmp_path / name).write_text(RULE)
    assert run("fmt", tmp_path).stderr == f"{tmp_path / found}: rewritten\n"


@pytest.mark.parametrize("names", [[], ["README.md"]])
def test_no_agreement_in_a_folder(tmp_path: Path, run: Run, names: list[str]) -> None:
    for name in names:
        (tmp_path / name).touch()
    result = run("fmt", tmp_path)
    assert result.exit_code == 2
    assert result.stderr.startswith("no-agreement")


@pytest.mark.parametrize("command", ["fmt", "test"])
def test_several_agreements_in_a_folder(tmp_path: Path, run: Run, command: str) -> None:
    for name in ("a.md", "b.md"):
        (tmp_path / name).touch()
    result = run(command, tmp_path)
    assert result.exit_code == 2
    assert result.stderr.startswith(
        f"several-agreements: {tmp_path} holds 2 agreements: a.md, b.md\n   help: name one, such as {tmp_path}/a.md"
    )


@pytest.mark.parametrize("form", ["table", "json", "junit"])
def test_cases_of_stdin_name_no_file_of_this_machine(bench: Bench, run: Run, form: str) -> None:
    run("test", "-", "--format", form, stdin=RULE)
    assert bench.named == "stdin"


def test_fmt_of_stdin(run: Run) -> None:
    once = run("fmt", "-", stdin=RULE)
    assert once.exit_code == 0
    assert run("fmt", "-", stdin=once.stdout).stdout == once.stdout


@pytest.mark.parametrize(("content", "code"), [(b"\xff\xfe#", "not-utf-8"), (b"# A\n\n```rule\nrule ??\n```\n", "agreement.md:4:")])
def test_fmt_leaves_what_it_cannot_read(folder: Path, run: Run, content: bytes, code: str) -> None:
    file = folder / "agreement.md"
    file.write_bytes(content)
    result = run("fmt", file)
    assert result.exit_code == 2
    assert code in result.stderr
    assert file.read_bytes() == content


LOOSE = RULE.replace("shall notify", "must notify").replace("before X.start", "prior to X.start")


def test_fix_tells_every_change(folder: Path, run: Run) -> None:
    file = folder / "agreement.md"
    file.write_text(LOOSE)
    assert run("fmt", file).exit_code == 2
    assert file.read_text() == LOOSE
    result = run("fmt", "--fix", "--check", file)
    assert (result.exit_code, file.read_text()) == (1, LOOSE)
    result = run("fmt", "--fix", file)
    assert result.exit_code == 0
    assert result.stderr.splitlines() == [
        f'{file}:7:46: "must" becomes "shall"',
        f'{file}:8:21: "prior to" becomes "before"',
        f"{file}: rewritten",
    ]
    file_fixed = file.read_text()
    file.write_text(RULE)
    run("fmt", file)
    assert file.read_text() == file_fixed


def test_fix_on_stdin_mends_what_it_can(run: Run) -> None:
    result = run("fmt", "--fix", "-", stdin=LOOSE.replace("an exercise X", "an exercise X whatever").encode())
    assert result.exit_code == 2
    assert "stdin:" in result.stderr
    mended = run("fmt", "--fix", "-", stdin=LOOSE.encode())
    assert mended.exit_code == 0
    assert "shall notify X" in mended.stdout
    assert "before X.start" in mended.stdout
