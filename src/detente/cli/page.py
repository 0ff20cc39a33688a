"""What the commands that write pages and drawings share: the language, what must be installed, and what is gathered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from detente.cli.options import Asked, opened
from detente.cli.streams import refusal
from detente.model.problem import Problem

if TYPE_CHECKING:
    from detente.model.dossier import Dossier


class Language(StrEnum):
    """The language of headings and verdicts. What the record and the rules say stays as it was written."""

    EN = "en"
    RU = "ru"
    AR = "ar"


LanguageOption = Annotated[Language, typer.Option("--lang", help="The language of a page or drawing.")]


def needs_web(what: str) -> None:
    """Refuse where the packages that pages are made with are not installed."""
    if find_spec("jinja2") is None or find_spec("babel") is None:
        raise refusal(Problem("missing-extra", f"what {what} is made with is not installed", help='install it: pip install "detente[web]"'))


def gathered(targets: Sequence[str], evidence: Path | None, asked: Asked, *, strict: bool) -> tuple[Dossier, ...]:
    """Everything that a page shows of each agreement."""
    found = []
    for target in targets:
        with opened(target, evidence, strict=strict) as bench:
            from detente.workbench.dossier import dossier

            found.append(dossier(bench, asked.on(bench)))
    return tuple(found)


@contextmanager
def rendered() -> Iterator[None]:
    """Turn a missing or failing browser into its problem and exit code 2."""
    from detente.report.page.chromium import NoBrowserError

    try:
        yield
    except NoBrowserError as error:
        message = Problem("no-browser", str(error), help="install Chromium (on Debian: apt install chromium), or write HTML or SVG")
        raise refusal(message) from None
