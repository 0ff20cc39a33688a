"""The program inside an exported log, on a machine without this project."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from detente.exchange.verifier import verifier

from .logs import POLICY, written

NEEDED = ("cryptography", "cffi", "_cffi_backend")


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """A folder of packages that holds `cryptography` and what that needs."""
    folder = tmp_path_factory.mktemp("packages")
    for name in NEEDED:
        spec = find_spec(name)
        if spec is None or spec.origin is None:
            continue
        path = Path(spec.origin)
        path = path.parent if path.name == "__init__.py" else path
        (folder / path.name).symlink_to(path)
    return folder


@pytest.fixture
def log(tmp_path):
    folder = written(tmp_path / "log", 300)
    (folder / "policy").write_text(POLICY)
    (folder / "verify.pyz").write_bytes(verifier())
    return folder


def run(bare, log, *words):
    environment = {"PYTHONPATH": str(bare), "PATH": os.environ["PATH"]}
    command = [sys.executable, "-S", str(log / "verify.pyz"), *map(str, words)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd="/")


def test_this_project_is_not_there(bare):
    code = "import sys; sys.path = [p for p in sys.path if 'site' not in p]; import detente"
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], env={"PYTHONPATH": str(bare)}, capture_output=True, text=True, check=False, cwd="/"
    )
    assert "No module named 'detente'" in done.stderr


def test_a_log_that_holds(bare, log):
    done = run(bare, log)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "holds: arland.example/exchange/a-b at size 300, cosigned by 2 of those that the policy names\n"


def test_a_changed_byte_is_named_with_its_entry(bare, log):
    path = log / "tile" / "entries" / "000"
    path.write_bytes(path.read_bytes().replace(b"entry 17", b"entry 71", 1))
    done = run(bare, log)
    assert done.returncode == 1
    assert done.stdout.startswith("refused: wrong-tile: entry 17: ")


def test_a_policy_of_ones_own(bare, log, tmp_path):
    own = tmp_path / "own"
    own.write_text(POLICY.replace("arland.example", "carland.example", 1))
    done = run(bare, log, log, own)
    assert done.returncode == 1
    assert done.stdout.startswith("refused: ")


def test_what_is_not_there(bare, log, tmp_path):
    done = run(bare, log, tmp_path / "nowhere")
    assert done.returncode == 2
    assert "cannot be read" in done.stdout


def test_the_same_sources_give_the_same_bytes():
    assert verifier() == verifier()
