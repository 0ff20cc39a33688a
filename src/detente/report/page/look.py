"""The look of reports and drawings: colours of two themes, the four fills, the marks.

An outcome never stands on colour alone: each has a fill, a mark and a word of its
own, and the fills differ in lightness and pattern. A test simulates three kinds
of colour blindness over these values.
"""

from __future__ import annotations

from collections.abc import Mapping

from detente.model.verdict import Outcome, Vote
from detente.report.page.markup import Markup, join, tag

LIGHT: Mapping[str, str] = {
    "paper": "#fbfaf7", "card": "#ffffff", "sunk": "#f3f1eb", "ink": "#1a232b", "ink2": "#414d57", "ink3": "#5a6671",
    "rule": "#e3dfd5", "rule2": "#c3bdae", "link": "#1d5688", "focus": "#0b5fc4",
    "kept": "#1d5688", "kept-fill": "#4f89bd", "breached": "#85230a", "breached-fill": "#741d04", "on-breached": "#ffffff",
    "disputed": "#664700", "disputed-fill": "#b67f0a", "disputed-pale": "#f9ecca", "unverified": "#55616b",
    "sea": "#e6edf0", "land": "#f8f5ec", "coast": "#9aa8af", "grid": "#d3dee3", "sea-ink": "#4a6574", "hatch": "#8f98a0",
}  # fmt: skip
DARK: Mapping[str, str] = {
    "paper": "#11171c", "card": "#182027", "sunk": "#0d1216", "ink": "#e9edf0", "ink2": "#bac4cc", "ink3": "#98a4ae",
    "rule": "#2a353e", "rule2": "#46545f", "link": "#93c6f2", "focus": "#93c6f2",
    "kept": "#93c6f2", "kept-fill": "#4680b3", "breached": "#ffac8a", "breached-fill": "#ffb596", "on-breached": "#2a0d02",
    "disputed": "#efd08a", "disputed-fill": "#d3a437", "disputed-pale": "#383016", "unverified": "#b0bbc4",
    "sea": "#0e1a22", "land": "#202a31", "coast": "#566974", "grid": "#1c2c36", "sea-ink": "#86a1b0", "hatch": "#66737d",
}  # fmt: skip

SANS = "'Source Sans 3','Segoe UI','Helvetica Neue',Arial,'Noto Sans','Noto Sans Arabic',sans-serif"
SERIF = "'Source Serif 4',Georgia,'Noto Serif','Noto Naskh Arabic','Times New Roman',serif"


def tokens() -> str:
    """Both themes as CSS custom properties; print is always light."""
    light, dark = (";".join(f"--{name}:{value}" for name, value in theme.items()) for theme in (LIGHT, DARK))
    return f":root{{color-scheme:light dark;{light}}}@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"


DRAWING_CSS = (
    "svg{font-family:" + SANS + "}"
    ".m-kept{color:var(--kept)}.m-breached{color:var(--breached)}.m-disputed{color:var(--disputed-fill)}.m-unverified,.m-none{color:var(--unverified)}"
    ".t{fill:var(--ink)}.t2{fill:var(--ink2)}.t3{fill:var(--ink3)}.b{font-weight:600}.halo{paint-order:stroke;stroke:var(--card);stroke-width:3.5px;stroke-linejoin:round}.halo-l{paint-order:stroke;stroke:var(--sunk);stroke-width:4px;stroke-linejoin:round}"
    ".ln{stroke:var(--rule);fill:none}.ln2{stroke:var(--rule2);fill:none}.lk{stroke:var(--ink2);fill:none}"
    ".sea{fill:var(--sea)}.land{fill:var(--land);stroke:var(--coast);stroke-width:.7;stroke-linejoin:round}.grid{stroke:var(--grid);fill:none;stroke-width:.8}"
    ".zone{fill:var(--ink3);fill-opacity:.1;stroke:var(--ink2);stroke-width:1.2}.zone-e{fill:none;stroke:var(--ink3);stroke-width:1.1;stroke-dasharray:2 3}"
    ".zone-d{fill:url(#hatch);stroke:var(--ink2);stroke-width:1.1;stroke-dasharray:6 3}"
    ".path{fill:none;stroke:var(--ink);stroke-width:1.6;stroke-linecap:round;stroke-linejoin:round}.path-gap{stroke-dasharray:.1 5;stroke-width:2.4;opacity:.8}"
    ".f-kept{fill:var(--kept-fill)}.f-breached{fill:var(--breached-fill)}.f-disputed{fill:url(#stripes);stroke:var(--disputed-fill);stroke-width:1}"
    ".f-unverified,.f-none{fill:var(--card);stroke:var(--unverified);stroke-width:1.3;stroke-dasharray:3.2 2.4}.f-none{stroke-dasharray:none;stroke:var(--rule2)}"
    ".unseen{fill:url(#hatch)}.lane{fill:var(--sunk)}.knock{stroke:var(--knock,var(--card))}"
)
"""The classes that drawings use."""


def definitions() -> Markup:
    """Marks and patterns that drawings refer to; once in each document."""
    ring = tag("circle", cx="8", cy="8", r="6.4", fill="none", stroke="currentColor", stroke_width="1.6")
    tick = tag("path", d="M4.9 8.2l2.2 2.3 4-4.8", fill="none", stroke="currentColor", stroke_width="1.8", stroke_linecap="round")
    diamond = tag("path", d="M8 .5 15.5 8 8 15.5.5 8z", fill="currentColor")
    cross = tag("path", d="M5.7 5.7l4.6 4.6m0-4.6-4.6 4.6", class_="knock", stroke_width="1.8", stroke_linecap="round")
    half = tag("path", d="M8 1.6a6.4 6.4 0 0 0 0 12.8z", fill="currentColor")
    dashes = tag("circle", cx="8", cy="8", r="6.4", fill="none", stroke="currentColor", stroke_width="1.6", stroke_dasharray="2.6 2.43")
    dash = tag("path", d="M4.5 8h7", stroke="currentColor", stroke_width="1.6", stroke_linecap="round")
    marks = {"kept": (ring, tick), "breached": (diamond, cross), "disputed": (ring, half), "unverified": (dashes,), "none": (dash,)}
    symbols = join(tag("symbol", *drawn, id=f"v-{name}", viewBox="0 0 16 16") for name, drawn in marks.items())
    hatch = tag(
        "pattern",
        tag("path", d="M0 0v6", stroke="var(--hatch)", stroke_width="1.1"),
        id="hatch", width="6", height="6", patternUnits="userSpaceOnUse", patternTransform="rotate(45)",
    )  # fmt: skip
    stripes = tag(
        "pattern",
        tag("rect", width="7", height="7", fill="var(--disputed-pale)"),
        tag("path", d="M0 0v7", stroke="var(--disputed-fill)", stroke_width="6"),
        id="stripes", width="7", height="7", patternUnits="userSpaceOnUse", patternTransform="rotate(-45)",
    )  # fmt: skip
    return tag("defs", symbols, hatch, stripes)


def mark(answer: Outcome | Vote | str | None) -> Markup:
    """The mark of an outcome or a vote, among words. What it says stands in words beside it, so it is hidden from readers of the screen."""
    name = fill_name(answer)
    return tag("svg", tag("use", href=f"#v-{name}"), class_=f"m m-{name}", aria_hidden="true")


def drawn_mark(answer: Outcome | Vote | str | None, size: float, x: float, y: float) -> Markup:
    """The same inside a drawing, about a middle."""
    name = fill_name(answer)
    return tag("use", href=f"#v-{name}", class_=f"m-{name}", x=x - size / 2, y=y - size / 2, width=size, height=size)


def fill_name(answer: Outcome | Vote | str | None) -> str:
    """Which of the four fills; `none` without an outcome. An open vote is drawn as unverified."""
    word = str(answer) if answer is not None else ""
    return {"open": "unverified"}.get(word, word if word in {str(o) for o in Outcome} else "none")


def standalone(drawing: Markup, theme: str = "light", *, background: bool = True) -> str:
    """A drawing as a file of its own: colours, marks and patterns inside."""
    colours = ";".join(f"--{name}:{value}" for name, value in (DARK if theme == "dark" else LIGHT).items())
    style = f"<style>svg{{{colours}}}{DRAWING_CSS}</style>"
    ground = '<rect width="100%" height="100%" fill="var(--card)"/>' if background else ""
    opening, rest = drawing.split(">", 1)
    return f'{opening} xmlns="http://www.w3.org/2000/svg">{style}{definitions()}{ground}{rest}\n'
