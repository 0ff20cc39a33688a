"""`detente plot`: the map, the time line or the table as a drawing for papers."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from detente.cli.options import AccountNames, AsIfInForce, Asked, AsOf, Assume, Evidence, KnownOn, Output, Strict, Target
from detente.cli.page import Language, LanguageOption, gathered, needs_web, rendered
from detente.cli.streams import refusal, write
from detente.model.problem import Problem

if TYPE_CHECKING:
    from detente.model.dossier import Dossier
    from detente.report.page.markup import Markup


class What(StrEnum):
    """What is drawn."""

    MAP = "map"
    TIMELINE = "timeline"
    MATRIX = "matrix"


class Form(StrEnum):
    """How a drawing is written."""

    SVG = "svg"
    PNG = "png"


class Theme(StrEnum):
    """Dark on light, or light on dark."""

    LIGHT = "light"
    DARK = "dark"


Drawn = Annotated[What, typer.Argument(metavar="WHAT", help="map, timeline or matrix.")]
FormOption = Annotated[Form | None, typer.Option("--format", help="By default as FILE ends, else svg; png needs Chromium.")]
ThemeOption = Annotated[Theme, typer.Option("--theme", help="Dark on light, or light on dark.")]
Pixels = Annotated[
    int, typer.Option("--width", metavar="PIXELS", min=200, max=8000, help="The width of a PNG, which has twice as many dots.")
]


def plot(
    what: Drawn,
    target: Target,
    *,
    evidence: Evidence = None,
    as_of: AsOf = None,
    known_on: KnownOn = None,
    account: AccountNames = None,
    as_if_in_force: AsIfInForce = False,
    assume: Assume = None,
    form: FormOption = None,
    theme: ThemeOption = Theme.LIGHT,
    language: LanguageOption = Language.EN,
    width: Pixels = 1200,
    output: Output = None,
    strict: Strict = False,
) -> None:
    """Draw the map, the time line or the verdict table.

    As the report shows them, each as one file. Exits with 0 whatever the verdicts, with 2 when there is nothing to draw.
    """
    needs_web("a drawing")
    asked = Asked(as_of, known_on, account or (), as_if_in_force, assume or ())
    (dossier,) = gathered([target], evidence, asked, strict=strict)
    drawing = _drawn(what, dossier, language)
    if not drawing:
        raise refusal(Problem("nothing-to-draw", _NOTHING[what], help="`detente check` shows what there is"))
    from detente.report.page.look import standalone

    svg = standalone(drawing, theme.value)
    form = form or (Form.PNG if output is not None and output.suffix.lower() == ".png" else Form.SVG)
    if form is Form.SVG:
        write(svg, output)
        return
    from detente.report.page.chromium import to_png

    across, down = (float(n) for n in drawing.partition('viewBox="0 0 ')[2].partition('"')[0].split())
    with rendered():
        write(to_png(svg, width, round(width * down / across)), output)


_NOTHING = {
    What.MAP: "nobody states a place that could be drawn",
    What.TIMELINE: "nothing that was judged has a date",
    What.MATRIX: "the agreement has no rule",
}


def _drawn(what: What, dossier: Dossier, language: Language) -> Markup:
    from detente.report.page import map as places
    from detente.report.page.grid import grid
    from detente.report.page.markup import Markup
    from detente.report.page.speech import Speech
    from detente.report.page.timeline import timeline
    from detente.report.page.view import Chapter

    speech = Speech(language.value, dossier.verdicts.time_zone)
    if what is What.MAP:
        chart = places.chart(dossier)
        return places.draw(chart, dossier, speech) if chart is not None else Markup()
    if what is What.TIMELINE:
        return timeline(dossier, speech)
    chapter = Chapter(dossier, speech, 1)
    return grid(chapter) if any(article.rules for article in dossier.verdicts.articles) else Markup()
