"""The report as one file: no script, no request, nothing beside it."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined

from detente.model.dossier import Dossier
from detente.model.problem import visible
from detente.report.page.look import DRAWING_CSS, SANS, SERIF, definitions, mark, tokens
from detente.report.page.markup import Markup
from detente.report.page.speech import Speech
from detente.report.page.view import Chapter

_FONTS = (
    ("Source Sans 3", "200 900", "source-sans-3-latin-wght-normal", "U+0-2AF,U+2000-22FF,U+FB00-FB04"),
    ("Source Serif 4", "400", "source-serif-4-latin-400-normal", "U+0-2AF,U+2000-22FF"),
    ("Source Serif 4", "600", "source-serif-4-latin-600-normal", "U+0-2AF,U+2000-22FF"),
    ("Source Sans 3", "200 900", "source-sans-3-cyrillic-wght-normal", "U+400-4FF"),
    ("Source Serif 4", "400", "source-serif-4-cyrillic-400-normal", "U+400-4FF"),
    ("Source Serif 4", "600", "source-serif-4-cyrillic-600-normal", "U+400-4FF"),
)


def report_html(dossiers: Sequence[Dossier], language: str = "en") -> str:
    """The report on one agreement or several, in one of `speech.LANGUAGES`."""
    chapters = [Chapter(d, Speech(language, d.verdicts.time_zone), place) for place, d in enumerate(dossiers, 1)]
    body = _templates().get_template("body").render(chapters=chapters, speech=chapters[0].speech, mark=mark, definitions=definitions())
    css = tokens() + DRAWING_CSS + _asset("report.css").replace("$sans", SANS).replace("$serif", SERIF)
    title = chapters[0].v.title if len(chapters) == 1 else f"{chapters[0].v.title} (+{len(chapters) - 1})"
    head = {"title": title, "css": Markup("".join(_faces(language)) + _squeezed(css)), "speech": chapters[0].speech}
    return _templates().get_template("shell").render(body=Markup(body), **head) + "\n"


def _shown(value: object) -> object:
    """What every value printed by a template goes through, before it is escaped."""
    if value is None:
        return ""
    return value if isinstance(value, Markup) or hasattr(value, "__html__") else visible(str(value))


@cache
def _templates() -> Environment:
    return Environment(
        loader=FunctionLoader(lambda name: _asset(f"{name}.jinja")),
        autoescape=True,
        finalize=_shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _asset(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8")


def _squeezed(css: str) -> str:
    """Without comments and indentation."""
    return re.sub(r"\s*\n\s*", "\n", re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)).strip()


def _faces(language: str) -> Iterator[str]:
    """The typefaces that the page uses, inside it; letters that they lack come from the reader's own."""
    for family, weight, name, letters in _FONTS:
        if "cyrillic" in name and language != "ru":
            continue
        data = base64.b64encode((files(__package__) / "fonts" / f"{name}.woff2").read_bytes()).decode()
        yield (
            f"@font-face{{font-family:'{family}';font-weight:{weight};font-display:swap;unicode-range:{letters};"
            f"src:url(data:font/woff2;base64,{data})format('woff2')}}\n"
        )
