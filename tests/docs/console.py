"""Runs the commands that a page shows, and compares what they print with what the page says.

A page is Markdown. In its ```` ```console ```` blocks a line that starts with `$ ` is a
command, and the lines up to the next one are what it prints on stdout and stderr,
without notes of progress. An HTML comment before a fenced block makes the block a file:

    <!-- file: evidence/exercise.csv -->      the block is this file
    <!-- append: evidence/exercise.csv -->    the block is added to it

All of a page runs in one new folder that holds a copy of `examples/`; a command is
read by bash, and `$?` is the exit code of the one before.

    python tests/docs/console.py --reset [PAGE ...]

rewrites what the pages say to what is printed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
MOST_SECONDS = 300
"""A command that takes longer hangs."""

_BLOCK = re.compile(
    r"(?:<!-- (?P<verb>file|append): (?P<name>[\w./-]+) -->\n\n?)?^(?P<fence>`{3,})(?P<sort>[^\n`]*)\n(?P<text>.*?)^(?P=fence)$",
    re.MULTILINE | re.DOTALL,
)
_PROGRESS = re.compile(r"^(?:(?:judging|reading) .*|[\w./-]+\.(?:csv|jsonl|parquet|xlsx)|) +\d+%\n", re.MULTILINE)


class UnexpectedError(Exception):
    """A command of a page ended in a way that no page should show."""


@dataclass(frozen=True)
class Shown:
    """One command, what the page says that it prints, and what it printed."""

    page: Path
    line: int
    command: str
    said: str
    printed: str

    @property
    def place(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def pages() -> list[Path]:
    """The pages with commands in them, in the order of their names."""
    found = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "examples").glob("*/README.md"))]
    return [page for page in found if re.search(r"^```console$", page.read_text(encoding="utf-8"), re.MULTILINE)]


def run_page(page: Path, programs: Path | None = None) -> list[Shown]:
    """Run all that the page shows, in its order; programs in the folder `programs` go before those installed."""
    return [step for step in _steps(page, page.read_text(encoding="utf-8"), programs) if isinstance(step, Shown)]


def reset_page(page: Path) -> bool:
    """Rewrite what the page says to what is printed; whether anything changed."""
    text = page.read_text(encoding="utf-8")
    renewed = "".join(_written(step) if isinstance(step, Shown) else step for step in _steps(page, text))
    page.write_text(renewed, encoding="utf-8")
    return renewed != text


def _written(shown: Shown) -> str:
    return f"$ {shown.command}\n{shown.printed}"


def _steps(page: Path, text: str, programs: Path | None = None) -> Iterator[str | Shown]:
    """The page in pieces: text that stands as it is, and commands that were run."""
    with tempfile.TemporaryDirectory(prefix="detente-docs-") as name:
        folder = Path(name)
        shutil.copytree(ROOT / "examples", folder / "examples")
        end, code = 0, 0
        for block in _BLOCK.finditer(text):
            if block["verb"]:
                _put(folder / block["name"], block["text"], add=block["verb"] == "append")
            if block["sort"].strip() != "console":
                continue
            yield text[end : block.start("text")]
            end = block.end("text")
            line = text.count("\n", 0, block.start("text")) + 1
            for piece in re.split(r"^(?=\$ )", block["text"], flags=re.MULTILINE):
                command, _, said = piece.removeprefix("$ ").partition("\n")
                if not piece.startswith("$ "):
                    yield piece
                else:
                    printed, code = _run(command, folder, code, programs)
                    if "unexpected-error" in printed or "Traceback" in printed:
                        raise UnexpectedError(f"{page.relative_to(ROOT)}:{line}: $ {command}\n{printed}")
                    yield Shown(page, line, command, said, printed)
                line += piece.count("\n")
        yield text[end:]


def _put(path: Path, text: str, *, add: bool) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a" if add else "w", encoding="utf-8") as file:
        file.write(text)


def _run(command: str, folder: Path, code: int, programs: Path | None) -> tuple[str, int]:
    """What the command prints, and its exit code."""
    environment = {
        "PATH": ":".join([*([str(programs)] if programs else []), str(Path(sys.executable).parent), os.environ["PATH"]]),
        "HOME": str(folder),
        "TZ": "UTC",
        "LC_ALL": "C.UTF-8",
        "PYTHONUTF8": "1",
    }
    done = subprocess.run(
        ["bash", "-c", f"(exit {code}); {command}"],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        timeout=MOST_SECONDS,
        check=False,
    )
    printed = _PROGRESS.sub("", done.stdout)
    return printed if printed.endswith("\n") or not printed else printed + "\n", done.returncode


def main(arguments: list[str]) -> None:
    if arguments[:1] != ["--reset"]:
        sys.exit("usage: python tests/docs/console.py --reset [PAGE ...]")
    for page in [Path(name).resolve() for name in arguments[1:]] or pages():
        if reset_page(page):
            print(f"{page.relative_to(ROOT)}: rewritten; read the difference before you commit it")  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
