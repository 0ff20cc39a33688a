"""From what stands on the command line to a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import typer

from detente.cli.streams import refusal
from detente.model.problem import Problem


def agreement_in(target: Path) -> Path:
    """The agreement: the file itself; in a folder `agreement.md`, or its only Markdown file besides the README."""
    found = agreements_in(target)
    if len(found) > 1:
        raise several(target, found)
    return found[0]


def agreements_in(target: Path) -> list[Path]:
    """Every agreement that is meant: the file itself; in a folder `agreement.md`, or else its Markdown files besides the README."""
    readable_name(target)
    if not target.is_dir():
        return [target]
    named = target / "agreement.md"
    try:
        found = [named] if named.is_file() else sorted(p for p in target.glob("*.md") if p.stem.lower() != "readme")
    except OSError as error:
        raise refusal(Problem("unreadable-file", f"{target}: {error.strerror or error}")) from None
    if not found:
        raise refusal(Problem("no-agreement", f"{target} holds no Markdown file", help="call the agreement agreement.md, or name the file"))
    return found


def several(target: Path, found: Sequence[Path]) -> typer.Exit:
    """Refuse a folder with several agreements where one is asked for; name them."""
    names = ", ".join(p.name for p in found[:5]) + (f" and {len(found) - 5} more" if len(found) > 5 else "")
    return refusal(Problem("several-agreements", f"{target} holds {len(found)} agreements: {names}", help=f"name one, such as {found[0]}"))


def readable_name(path: Path) -> None:
    """Refuse what is not there, and a name that is no text."""
    textual_name(path)
    try:
        is_there = path.exists()
    except OSError as error:
        raise refusal(Problem("unreadable-file", f"{path}: {error.strerror or error}")) from None
    if not is_there:
        raise refusal(Problem("missing-file", f"{path} does not exist"))


def textual_name(path: Path) -> None:
    """Refuse a name that is not UTF-8: verdicts name their files, and could not name this one."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        raise refusal(Problem("wrong-encoding", f"the name {str(path)!a} is not text")) from None
