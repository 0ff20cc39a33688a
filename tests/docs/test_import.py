"""`import detente` opens nothing but its own modules and the standard library's, and reads no environment."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from docs.console import ROOT

WATCHED = """
from __future__ import annotations
import importlib, json, os, sys, typing

opened, asked, started = [], [], []


class Watched(type(os.environ)):
    def __getitem__(self, key):
        asked.append(key)
        return super().__getitem__(key)

    def __iter__(self):
        asked.append("*")
        return super().__iter__()


def watch(event, arguments):
    if event == "open":
        opened.append(str(arguments[0]))
    elif event in ("os.listdir", "os.scandir", "os.mkdir", "os.rename", "os.remove", "os.putenv", "socket.connect", "subprocess.Popen", "os.system"):
        started.append(f"{event} {arguments[0]}")


environment = os.environ
os.environ = Watched(environment._data, environment.encodekey, environment.decodekey, environment.encodevalue, environment.decodevalue)
sys.addaudithook(watch)
%s
seen = {"opened": list(opened), "asked": list(asked), "started": list(started), "modules": sorted(sys.modules)}
print(json.dumps(seen))
"""


def watched(statement: str) -> dict[str, list[str]]:
    """What happens in a new Python while it runs the statement."""
    done = subprocess.run([sys.executable, "-B", "-c", WATCHED % statement], capture_output=True, text=True, check=True, timeout=60)
    seen: dict[str, list[str]] = json.loads(done.stdout)
    return seen


def test_importing_touches_nothing_else() -> None:
    seen = watched("import detente; detente.__version__")
    own = str(ROOT / "src" / "detente")
    assert [path for path in seen["opened"] if not (path.startswith(own) and Path(path).suffix in (".py", ".pyc"))] == []
    assert seen["asked"] == []
    # The import system itself lists the folders in which it looks for modules.
    assert [what for what in seen["started"] if not what.startswith(("os.listdir", "os.scandir"))] == []
    assert {name for name in seen["modules"] if name.startswith("detente")} == {"detente"}
    assert not {"duckdb", "pyarrow", "typer", "lark", "shapely"} & set(seen["modules"])


def test_the_watch_sees_files_and_environment() -> None:
    seen = watched(f"open({str(ROOT / 'README.md')!r}).close(); os.environ.get('HOME')")
    assert seen["opened"] == [str(ROOT / "README.md")]
    assert seen["asked"] == ["HOME"]


def test_a_name_loads_its_room_and_an_unknown_name_is_refused() -> None:
    assert "detente.workbench" in watched("import detente; detente.open_case")["modules"]
    assert (
        "AttributeError"
        in watched("import detente\ntry: detente.nothing\nexcept AttributeError as e: sys.modules['AttributeError'] = e")["modules"]
    )
