"""Judging the saved document beside its evidence, in a process of its own.

A process can be stopped when the document is saved again, gives its memory back,
and takes no time from the one that answers the keyboard.
"""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import dataclass
from pathlib import Path

from detente.editor.lens import Judged, judged_from

_LONGEST = 300.0
"""Seconds after which judging is given up."""


@dataclass(frozen=True, slots=True)
class Beside:
    """An agreement's file and the folder of its evidence."""

    agreement: Path
    evidence: Path


def beside(agreement: Path, wanted: str | None, root: Path | None) -> Beside | str | None:
    """Where the evidence is: the folder that is named (from the workspace's root, if not absolute), or `evidence` beside the agreement.

    A text says why a folder that is named cannot be used; None means that there is no evidence and none was named.
    """
    folder = agreement.parent / "evidence" if wanted is None else (root or agreement.parent) / wanted
    try:
        if folder.is_dir():
            return Beside(agreement, folder)
    except (OSError, ValueError) as error:
        return f"the folder of evidence cannot be read: {error}"
    return None if wanted is None else f"there is no folder {folder}"


async def judge(case: Beside) -> Judged:
    """The verdicts on a saved agreement, or why there are none. Stopped with the task that waits for it."""
    command = [sys.executable, "-P", "-m", "detente", "check", str(case.agreement.absolute())]
    command += ["--evidence", str(case.evidence.absolute()), "--format", "json", "--exit-zero"]
    pipe = asyncio.subprocess.PIPE
    try:
        process = await asyncio.create_subprocess_exec(*command, stdin=asyncio.subprocess.DEVNULL, stdout=pipe, stderr=pipe)
    except (OSError, ValueError) as error:
        return Judged({}, refusal=f"judging cannot be started: {error}")
    try:
        async with asyncio.timeout(_LONGEST):
            out, err = await process.communicate()
    except TimeoutError:
        return Judged({}, refusal=f"judging took more than {_LONGEST:.0f} seconds; use detente check")
    finally:
        if process.returncode is None:
            process.kill()
    if process.returncode != 0:
        return Judged({}, refusal=_first(err))
    try:
        return judged_from(json.loads(out))
    except (ValueError, KeyError, TypeError) as error:
        return Judged({}, refusal=f"the verdicts cannot be read: {error}")


def _first(said: bytes) -> str:
    """The first line of what the command line refuses with."""
    lines = [line for line in said.decode("utf-8", "replace").splitlines() if line.strip()]
    return lines[0].strip() if lines else "detente check gave no answer"
