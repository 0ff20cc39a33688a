"""From what stands on the command line to a file."""

from __future__ import annotations

from pathlib import Path

from detente.cli.streams import refusal
from detente.model.problem import Problem


def agreement_in(target: Path) -> Path:
    """The agreement: the file itself; in a folder `agreement.md`, or its only Markdown file besides the README."""
    readable_name(target)
    if not target.is_dir():
        return target
    named = target / "agreement.md"
    found = [named] if named.is_file() else sorted(p for p in target.glob("*.md") if p.stem.lower() != "readme")
    if len(found) == 1:
        return found[0]
    seen = f"several Markdown files ({', '.join(p.name for p in found[:5])})" if found else "no Markdown file"
    raise refusal(Problem("no-agreement", f"{target} holds {seen}", help="call the agreement agreement.md, or name the file"))


def readable_name(path: Path) -> None:
    """Refuse what is not there, and a name that is not UTF-8: verdicts name their files, and could not name this one."""
    try:
        str(path).encode()
        is_there = path.exists()
    except (UnicodeEncodeError, ValueError):
        raise refusal(Problem("wrong-encoding", f"the name {str(path)!a} is not text")) from None
    except OSError as error:
        raise refusal(Problem("unreadable-file", f"{path}: {error.strerror or error}")) from None
    if not is_there:
        raise refusal(Problem("missing-file", f"{path} does not exist"))
