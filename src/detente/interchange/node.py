"""An element of XML with its text and children, and how it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

AKN = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
"""Source: Akoma Ntoso 1.0 part 2, OASIS Standard of 29 August 2018."""

AKN_DRAFTS = re.compile(r"http://(?:docs\.oasis-open\.org/legaldocml/ns/akn/3\.0(?:/\w+)?|www\.akomantoso\.org/\d\.\d)")
"""The name space of the standard, of its working drafts, and of the versions before it; all are read as the standard's."""

DETENTE = "urn:detente:agreement:1"
"""The rules and cases that ride along; docs/reference/akoma-ntoso.md describes its elements. A change of meaning takes a new number."""

_NOTHING: Mapping[str, str] = MappingProxyType({})
_LARGE = frozenset(
    """
    akomaNtoso act meta identification FRBRWork FRBRExpression FRBRManifestation references preface preamble body content intro
    blockList item foreign article book chapter clause hcontainer paragraph part point section title
    """.split()  # noqa: SIM905  a list of names reads best as one
)
"""Elements of Akoma Ntoso that hold no text of their own, so that they can be set on lines of their own."""


@dataclass(frozen=True, slots=True)
class Node:
    """One element. `parts` are strings and elements in their order; a name of another namespace in `attributes` has a prefix."""

    name: str
    attributes: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    parts: tuple[Node | str, ...] = ()
    space: str = AKN
    line: int = 0

    @property
    def children(self) -> tuple[Node, ...]:
        """The elements directly in this one."""
        return tuple(part for part in self.parts if isinstance(part, Node))

    @property
    def text(self) -> str:
        """All text in it, at any depth."""
        return "".join(part if isinstance(part, str) else part.text for part in self.parts)

    def first(self, name: str) -> Node | None:
        """The first child of this name in the namespace of Akoma Ntoso."""
        return next((child for child in self.children if child.name == name and child.space == AKN), None)

    def walk(self) -> Iterator[Node]:
        """The element itself and all below it, in the order of the document."""
        yield self
        for child in self.children:
            yield from child.walk()


def written(root: Node) -> str:
    """A whole document. Text stands as it is; only elements that hold none are indented."""
    pieces = ['<?xml version="1.0" encoding="UTF-8"?>\n']
    _write(root, 0, pieces, {"xmlns": AKN, "xmlns:detente": DETENTE})
    return "".join([*pieces, "\n"])


def _write(node: Node, depth: int, pieces: list[str], more: Mapping[str, str] = _NOTHING) -> None:
    name = node.name if node.space == AKN else f"detente:{node.name}"
    attributes = "".join(f' {key}="{_quoted(value)}"' for key, value in {**more, **node.attributes}.items())
    if not node.parts:
        pieces.append(f"<{name}{attributes}/>")
        return
    pieces.append(f"<{name}{attributes}>")
    is_large = node.space == AKN and node.name in _LARGE
    for part in node.parts:
        if is_large:
            pieces.append("\n" + "  " * (depth + 1))
        if isinstance(part, str):
            pieces.append(_escaped(part))
        else:
            _write(part, depth + 1, pieces)
    if is_large:
        pieces.append("\n" + "  " * depth)
    pieces.append(f"</{name}>")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


def _quoted(text: str) -> str:
    return _escaped(text).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")
