"""Words with emphasis, code and links: Markdown to the elements that stand within a paragraph, and back.

Both ways end in a check: what does not come back as it was is not taken apart (`elements_of` gives None), or is written
without emphasis (`markdown_of`). So no word is lost to a rule of Markdown that was not thought of here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from markdown_it import MarkdownIt

from detente.interchange.node import Node

LONGEST = 20_000
"""Characters of a paragraph that is taken apart; a longer one stands as it is written, since matching brackets takes squared time."""

MOST_MARKS = 200
"""Marks of a paragraph that is taken apart; one with more stands as it is written, for the same reason."""

Parts = tuple[Node | str, ...]
_MARKS = {"em": "i", "strong": "b"}
_EMPHASIS = {"i": "*", "b": "**"}
_LINE_START = re.compile(
    r"^(?:(#{1,6}(?=\s|$)|>|[+-](?=\s|$)|=+[ ]*$|--+[ ]*$|~~~)|(\d{1,9})([.)])(?=\s|$)|(\[)(?=[^\]\n]*\]:))", re.MULTILINE
)
_SPECIAL = re.compile(r"[\\`*]|(?<![^\W_])_|_(?![^\W_])|<(?=[A-Za-z/!?])|&(?=#?\w+;)|\](?=[(\[])|!(?=\[)")
_TARGET = re.compile(r"[^\s()<>\\*_`]+")


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark")


def elements_of(markdown: str, *, in_heading: bool = False) -> Parts | None:
    """The elements of a paragraph's or heading's Markdown; None where they would not give back exactly these characters."""
    parts = _parts(markdown)
    return parts if parts is not None and markdown_of(parts, in_heading=in_heading) == markdown else None


def _parts(markdown: str) -> Parts | None:
    """The elements, unchecked; None for what has none: images, HTML, hard breaks."""
    marks = sum(markdown.count(mark) for mark in "\\`*_[]<&!")
    if not marks:
        return (markdown,)
    if len(markdown) > LONGEST or marks > MOST_MARKS:
        return None
    stack: list[tuple[str, dict[str, str], list[Node | str]]] = [("", {}, [])]
    for token in _parser().parseInline(markdown)[0].children or ():
        match token.type:
            case "text" | "text_special":
                stack[-1][2].append(token.content)
            case "softbreak":
                stack[-1][2].append("\n")
            case "code_inline":
                stack[-1][2].append(Node("inline", {"name": "code"}, (token.content,)))
            case "em_open" | "strong_open":
                stack.append((_MARKS[token.tag], {}, []))
            case "link_open" if set(token.attrs) == {"href"}:
                stack.append(("a", {"href": str(token.attrs["href"])}, []))
            case "em_close" | "strong_close" | "link_close":
                name, attributes, inner = stack.pop()
                stack[-1][2].append(Node(name, attributes, tuple(inner)))
            case _:
                return None
    return tuple(stack[0][2])


def markdown_of(parts: Sequence[Node | str], *, in_heading: bool = False) -> str:
    """The Markdown of a paragraph's elements: white space as Markdown sees it, and no character of the text taken for a mark.

    A heading stands on one line, on which nothing but a closing row of # is a mark.
    """
    finish = _on_one_line if in_heading else _at_line_starts
    text = finish(_spaced(_marked(parts)))
    elements = [part for part in parts if isinstance(part, Node)]
    if elements and not any(map(_is_as_written, elements)) and not _says(text, _words(parts)):
        text = finish(_spaced(_escaped(_plain(parts))))
    return text


def _is_as_written(node: Node) -> bool:
    return node.name == "inline" and node.attributes.get("name") == "detente:markdown"


def _says(markdown: str, wanted: str) -> bool:
    """Whether a reader of Markdown sees these words, white space aside."""
    parts = _parts(markdown)
    return parts is not None and _words(parts) == wanted


def _words(parts: Sequence[Node | str]) -> str:
    return "".join(_plain(parts).split())


def _plain(parts: Sequence[Node | str]) -> str:
    return "".join(part if isinstance(part, str) else "\n" if part.name in ("br", "eol") else _plain(part.parts) for part in parts)


def _marked(parts: Sequence[Node | str]) -> str:
    return "".join(_escaped(part) if isinstance(part, str) else _element(part) for part in parts)


def _element(node: Node) -> str:
    if node.name in ("br", "eol"):
        return "\n"
    if _is_as_written(node):
        return node.text
    inner = _marked(node.parts)
    bare = inner.strip()
    if not bare:
        return inner
    before, _, after = inner.partition(bare)
    if node.name in _EMPHASIS:
        mark = _EMPHASIS[node.name]
        return f"{before}{mark}{bare}{mark}{after}"
    if node.name == "inline" and node.attributes.get("name") == "code" and "`" not in node.text and node.text == node.text.strip():
        return f"`{node.text}`"
    if node.name == "a" and _TARGET.fullmatch(node.attributes.get("href", "")):
        return f"{before}[{bare}]({node.attributes['href']}){after}"
    return inner


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda found: "\\" + found[0], text)


def _spaced(text: str) -> str:
    """White space as one blank, or one line end where it holds one; none at the ends. A no-break space is no white space."""
    return re.sub(" ?\n[ \n]*", "\n", re.sub(r"[ \t\r]+", " ", text)).strip(" \n")


def _at_line_starts(text: str) -> str:
    """A line that would begin a heading, list, quotation or link definition, escaped."""
    return _LINE_START.sub(lambda m: f"{m[2]}\\{m[3]}" if m[2] else f"\\{m[0]}", text)


def _on_one_line(text: str) -> str:
    return re.sub(r"(?<!\S)(#+)$", r"\\\1", text.replace("\n", " "))
