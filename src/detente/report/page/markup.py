"""Text that is safe to stand in HTML and SVG, and a writer of elements that escapes everything else.

Only `tag`, `join` and the templates make `Markup`; a plain string that meets one is written out
(`visible`) and escaped. The template engine knows `Markup` by its method `__html__`.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape as _escape
from typing import Self

from detente.model.problem import visible


class Markup(str):
    """HTML or SVG that was made here."""

    __slots__ = ()

    def __html__(self) -> Self:
        """The same: it needs no escaping."""
        return self


Content = Markup | str | float | None
"""What may stand in an element; everything but `Markup` is escaped."""


def text(content: Content) -> Markup:
    """The content, safe to stand between tags and in a quoted attribute."""
    if isinstance(content, Markup):
        return content
    if content is None:
        return Markup()
    return Markup(_escape(visible(number(content) if isinstance(content, float) else str(content))))


def tag(name: str, *content: Content, **attributes: str | float | None) -> Markup:
    """One element. An attribute without a value is left out; `class_` is `class`, and `stroke_width` is `stroke-width`."""
    pairs = ((key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items() if value is not None)
    said = "".join(f' {key}="{text(value)}"' for key, value in pairs)
    inner = "".join(map(text, content))
    return Markup(f"<{name}{said}>{inner}</{name}>" if inner or name not in _EMPTY else f"<{name}{said}/>")


_EMPTY = frozenset({"path", "circle", "rect", "use", "line"})


def join(parts: Iterable[Content], between: str = "") -> Markup:
    """The parts one after the other."""
    return Markup(str(text(between)).join(map(text, parts)))


def number(value: float) -> str:
    """A coordinate with one decimal at most."""
    return f"{value:.1f}".rstrip("0").rstrip(".") if value % 1 else f"{value:.0f}"
