"""The program as a whole: started as a process, with the guard around it."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

ROOMS = ("agreement", "reading", "evidence", "judge", "detect", "report", "workbench", "vocabulary")


def _run(*args: str, code: str = "") -> subprocess.CompletedProcess[str]:
    start = f"{code}\nimport sys\nsys.argv[0] = 'detente'\nfrom detente.__main__ import main\nmain()"
    return subprocess.run([sys.executable, "-c", start, *args], capture_output=True, text=True, check=False, timeout=60)


def test_version() -> None:
    assert _run("--version").stdout == f"detente {version('detente')}\n"


def test_module_and_script_are_the_same() -> None:
    found = subprocess.run([sys.executable, "-m", "detente", "--version"], capture_output=True, text=True, check=True)
    assert found.stdout == _run("--version").stdout


@pytest.mark.parametrize("args", [["--help"], ["check", "--help"], ["--version"]])
def test_help_loads_no_room_and_no_table_engine(args: list[str]) -> None:
    heavy = ("duckdb", "pyarrow", "lark", "shapely", "numpy", "rich.console", "msgspec", "yaml")
    code = f"""
import atexit, sys
atexit.register(lambda: print([m for m in {heavy!r} if m in sys.modules] + [r for r in {ROOMS!r} if 'detente.' + r in sys.modules], file=sys.stderr))
"""
    assert _run(*args, code=code).stderr == "[]\n"


BROKEN = """
import sys, types
room = types.ModuleType('detente.workbench')
class NotAskable(Exception): pass
def open_case(*args, **options): raise ZeroDivisionError('a \\x1b[31m fault')
room.NotAskable, room.open_case = NotAskable, open_case
sys.modules['detente.workbench'] = room
"""


def test_unexpected_error_is_reported_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "evidence").mkdir()
    (tmp_path / "agreement.md").touch()
    found = _run("check", str(tmp_path), code=BROKEN)
    assert found.returncode == 2
    assert found.stdout == ""
    assert found.stderr.startswith("unexpected-error: ZeroDivisionError: a <U+001B>[31m fault\n")
    assert "detente --traceback" in found.stderr
    assert "Traceback" not in found.stderr


def test_traceback_on_request(tmp_path: Path) -> None:
    (tmp_path / "evidence").mkdir()
    (tmp_path / "agreement.md").touch()
    found = _run("--traceback", "check", str(tmp_path), code=BROKEN)
    assert found.returncode != 0
    assert "Traceback" in found.stderr


def test_reader_that_leaves_early() -> None:
    start = "import sys\nsys.argv[0] = 'detente'\nfrom detente.__main__ import main\nmain()"
    with subprocess.Popen([sys.executable, "-c", start, "check", "--help"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        errors = process.stderr.read()
        process.wait(timeout=60)
    assert errors == b""


def test_names_that_are_no_text(tmp_path: Path) -> None:
    folder = bytes(tmp_path) + b"/\xff\xfe"
    os.makedirs(folder + b"/evidence")  # noqa: PTH103
    found = subprocess.run([sys.executable.encode(), b"-m", b"detente", b"check", folder], capture_output=True, check=False)
    assert found.returncode == 2
    assert found.stderr.startswith(b"wrong-encoding")


def test_no_terminal_encoding(tmp_path: Path) -> None:
    """A terminal that knows only ASCII gets messages, not an error about its encoding."""
    found = subprocess.run(
        [sys.executable, "-m", "detente", "check", str(tmp_path / "Дом.md")],
        capture_output=True,
        check=False,
        env={"PYTHONIOENCODING": "ascii", "PATH": ""},
    )
    assert found.returncode == 2
    assert b"unexpected-error" not in found.stderr
    assert b"\\u0414" in found.stderr
