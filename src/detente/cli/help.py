"""`detente help`: what a problem or finding means, and the way out."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.cli.streams import refusal, terminal_width, write
from detente.model.problem import Problem

Code = Annotated[str | None, typer.Argument(metavar="CODE", help="A code as messages give it; without one, all codes are listed.")]


def explain_code(code: Code = None) -> None:
    """Explain the code of a problem, or list all codes.

    Exits with 0, or with 2 when there is no such code.
    """
    from detente.vocabulary.pages import closest_code, load_pages, page_text, pages_list

    if code is None:
        write(pages_list(terminal_width(None)), None)
        return
    found = [page for page in load_pages() if page.code == code.strip("`:,. ")]
    if not found:
        close = closest_code(code)
        advice = f"did you mean `{close}`?" if close else "detente help lists the codes"
        raise refusal(Problem("unknown-code", f"no problem has the code `{code}`", help=advice))
    write("\n".join(page_text(page) for page in found), None)
