"""`detente demo`: the main job on the example that comes with the package."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from detente.cli.check import report
from detente.cli.options import Ascii, AsIfInForce, Asked, Width, opened
from detente.cli.streams import refusal, say, write
from detente.model.problem import Problem

EXAMPLE = "drafts-2021"


def demo(as_if_in_force: AsIfInForce = False, ascii_only: Ascii = False, width: Width = None) -> None:
    """Judge the example that comes with the package.

    The two draft treaties of 17 December 2021 on a record of public statements. Exits with 0 whatever the verdicts.
    """
    folder = _example()
    asked = Asked(as_of=None, known_on=None, accounts=(), as_if_in_force=as_if_in_force, assume=())
    agreements = sorted(path for path in folder.glob("*.md") if path.stem.lower() != "readme")
    for place, agreement in enumerate(agreements):
        if place:
            write("\n\n", None)
        say(f"detente check {agreement}{' --as-if-in-force' if as_if_in_force else ''}")
        with opened(str(agreement), folder / "evidence", strict=False) as bench:
            verdicts = bench.check(asked.on(bench))
        report(verdicts, exit_zero=True, ascii_only=ascii_only, width=width)


def _example() -> Path:
    """The example inside an installed package, or in the checkout that this file belongs to."""
    installed = Path(str(resources.files("detente"))) / "examples" / EXAMPLE
    checkout = Path(__file__).resolve().parents[3] / "examples" / EXAMPLE
    for folder in (installed, checkout):
        if (folder / "evidence").is_dir():
            return folder
    raise refusal(Problem("missing-example", f"the example {EXAMPLE} is not installed", help="it is in the folder examples of the source"))
