"""An agreement as Akoma Ntoso: headings become units, prose paragraphs and lists, rules and cases ride in `foreign`.

Every block is tried, read back and compared: what would not come back character by character goes as it is written, in a
block of its own name. What alone is not kept: how many blank lines stand between blocks, and how headings are underlined.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from markdown_it import MarkdownIt

from detente.agreement.load import parse_agreement
from detente.interchange.akn_meta import Published, meta
from detente.interchange.akn_read import block_of, heading_of
from detente.interchange.names import IDS, WORDS
from detente.interchange.node import DETENTE, Node, written
from detente.interchange.prose import Parts, elements_of
from detente.model.problem import Problem
from detente.model.span import Span

_FENCE = re.compile(r"`{3,}(rule|case)(?: ([^`]*))?")
_NUMBERED = re.compile(rf"(({'|'.join(WORDS)})\s+\S+?[.:,]?)(?:\s+(.*))?", re.IGNORECASE)
_ITEM = re.compile(r"([-+*]|\d{1,9}[.)]) (.*)", re.DOTALL)
_NOT_XML = re.compile("[\ufffe\uffff]")
"""What `decoded` lets pass and no XML holds. Source: XML 1.0, production 2, Char."""


@dataclass(slots=True)
class _Unit:
    """A heading and what is under it, as it is filled."""

    level: int
    heading: str
    blocks: list[Node] = field(default_factory=list)
    units: list[_Unit] = field(default_factory=list)


def to_akoma_ntoso(
    text: str, path: str, *, day: date | None = None, country: str = "xx", language: str = "und"
) -> tuple[str | None, tuple[Problem, ...]]:
    """The document as XML. `text` is as `decoded` gives it; country and language are as in `Published`.

    Without a day that on which the agreement states that it enters into force is taken. None with a problem where it states
    none, since Akoma Ntoso has no document without a date. An agreement with errors goes out like any other, without its Parties.
    """
    if (bare := _NOT_XML.search(text)) is not None:
        line = text.count("\n", 0, bare.start()) + 1
        said = f"U+{ord(bare[0]):04X} cannot stand in XML"
        return None, (Problem("control-character", said, Span(path, line, 1, line, 1), help="delete it"),)
    agreement, _ = parse_agreement(text, path)
    entry = agreement.life.entry if agreement is not None else None
    if day is None and not isinstance(entry, date):
        said = "the agreement states no date on which it enters into force, and Akoma Ntoso has no document without a date"
        return None, (Problem("undated", said, Span(path, 1, 1, 1, 1), help="give the day of signature or adoption: --date 2026-03-01"),)
    published = Published(day, "date", country, language) if day is not None else Published(entry, "entryIntoForce", country, language)  # type: ignore[arg-type]  # a date, as asked above
    front, preamble, units = _outline(text)
    ids = _Ids()
    named = agreement.title if agreement is not None and agreement.title else front.text if front is not None else ""
    parts = [meta(named, agreement.parties if agreement is not None else (), published)]
    if front is not None:
        parts.append(Node("preface", parts=(Node("p", parts=(front,)),)))
    if preamble:
        parts.append(Node("preamble", parts=tuple(_identified(block, "preamble", ids) for block in preamble)))
    body = [_unit(unit, "", ids) for unit in units] or [Node("hcontainer", {"name": "empty", "eId": ids.of("", "hcontainer")})]
    parts.append(Node("body", parts=tuple(body)))
    act = Node("act", {"name": "agreement", "contains": "singleVersion"}, tuple(parts))
    return written(Node("akomaNtoso", parts=(act,))), ()


# ---- the outline ---------------------------------------------------------------------


def _outline(text: str) -> tuple[Node | None, list[Node], list[_Unit]]:
    """The title, if the text begins with one; what stands before the next heading; and the units."""
    title: Node | None = None
    preamble: list[Node] = []
    top: list[_Unit] = []
    open_units: list[_Unit] = []
    for level, block in _blocks(text):
        if not level:
            (open_units[-1].blocks if open_units else preamble).append(_block(block))
        elif level == 1 and title is None and not preamble and not open_units and block:
            title = Node("docTitle", parts=_words(block))
        else:
            while open_units and open_units[-1].level >= level:
                open_units.pop()
            unit = _Unit(level, block)
            (open_units[-1].units if open_units else top).append(unit)
            open_units.append(unit)
    return title, preamble, top


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    """Each outermost block: the level of a heading and its words, or 0 and the lines as they are written."""
    lines = text.split("\n")
    # As `read_document` reads it, so that the headings and fences are the same.
    tokens = MarkdownIt("commonmark").disable(["inline", "reference", "html_block"]).parse(text)
    for number, token in enumerate(tokens):
        if token.level or token.map is None or token.nesting < 0:
            continue
        if token.type == "heading_open":
            yield int(token.tag[1]), tokens[number + 1].content.replace("\n", " ")
        else:
            first, last = token.map
            yield 0, "\n".join(lines[first:last]).rstrip("\n")


# ---- blocks --------------------------------------------------------------------------


def _block(block: str) -> Node:
    """A block as the element that gives it back, or as it is written where none does."""
    for node in (_foreign(block), _listed(block), _paragraph(block)):
        if node is not None and block_of(node) == block:
            return node
    return Node("block", {"name": "detente:markdown"}, (block,))


def _foreign(block: str) -> Node | None:
    opening, _, rest = block.partition("\n")
    fence = _FENCE.fullmatch(opening)
    if fence is None:
        return None
    about = {"about": fence[2]} if fence[2] else {}
    inner, _, _ = rest.rpartition("\n")
    text = (inner + "\n",) if "\n" in rest else ()
    return Node("foreign", parts=(Node(fence[1], {**about, "xml:space": "preserve"}, text, DETENTE),))


def _listed(block: str) -> Node | None:
    """A list without blank lines whose items are one paragraph each."""
    items: list[Node] = []
    for line in _item_texts(block):
        item = _ITEM.fullmatch(line)
        if item is None:
            return None
        mark, text = item[1], item[2].replace("\n" + " " * (len(item[1]) + 1), "\n")
        parts = elements_of(text)
        if parts is None:
            return None
        items.append(Node("item", parts=(Node("num", parts=(mark,)), Node("p", parts=parts))))
    return Node("blockList", parts=tuple(items)) if items else None


def _item_texts(block: str) -> list[str]:
    """The lines of each item; a line that is indented goes on with the one above."""
    items: list[str] = []
    for line in block.split("\n"):
        if line.startswith("  ") and items:
            items[-1] += "\n" + line
        else:
            items.append(line)
    return items


def _paragraph(block: str) -> Node | None:
    parts = elements_of(block)
    return None if parts is None else Node("p", parts=parts)


# ---- units ---------------------------------------------------------------------------


def _unit(unit: _Unit, prefix: str, ids: _Ids) -> Node:
    """A unit with its number and heading, its blocks, and the units in it."""
    name, number, words = _numbered(unit.heading)
    eid = ids.of("" if name == "article" else prefix, name, number)
    parts: list[Node] = []
    if number:
        parts.append(Node("num", parts=(number,)))
    if words or not number:
        parts.append(Node("heading", parts=_words(words)))
    if unit.blocks:
        holder = "intro" if unit.units else "content"
        inside = f"{eid}__{holder}"
        parts.append(Node(holder, {"eId": inside}, tuple(_identified(block, inside, ids) for block in unit.blocks)))
    parts += [_unit(below, eid, ids) for below in unit.units]
    about = {"name": "heading"} if name == "hcontainer" else {}
    return Node(name, {**about, "eId": eid, "detente:level": str(unit.level)}, tuple(parts))


def _numbered(heading: str) -> tuple[str, str, str]:
    """The element for a heading, its number and its words, if these give the heading back; else the heading as words."""
    found = _NUMBERED.fullmatch(heading)
    if found is not None:
        number, words = found[1], found[3] or ""
        if heading_of(Node("num", parts=(number,)), Node("heading", parts=_words(words)) if words else None) == heading:
            return WORDS[found[2].lower()], number, words
    return "hcontainer", "", heading


def _words(text: str) -> Parts:
    """The elements of a heading's words; as they are written where they would not come back."""
    parts = elements_of(text, in_heading=True)
    return parts if parts is not None else (Node("inline", {"name": "detente:markdown"}, (text,)),)


# ---- ids -----------------------------------------------------------------------------


class _Ids:
    """Hands out eIds, each once. Source: Akoma Ntoso Naming Convention 1.0, section 5."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._last: Counter[str] = Counter()

    def of(self, prefix: str, name: str, number: str = "") -> str:
        """`prefix__art_4`: with the number of the unit, or else its place among those of its name. A number given twice gets one more."""
        bare = re.sub(r"[^\w]+", "-", number.split(None, 1)[-1]).strip("-") if number else ""
        stem = f"{prefix}__" * bool(prefix) + f"{IDS.get(name, name)}_"
        eid = stem + bare
        while not bare or eid in self._taken:
            self._last[stem] += 1
            eid = f"{stem}{bare}{'-' * bool(bare)}{self._last[stem]}"
            if eid not in self._taken:
                break
        self._taken.add(eid)
        return eid


def _identified(block: Node, prefix: str, ids: _Ids) -> Node:
    """A block with its eId, and those of the items of a list."""
    eid = ids.of(prefix, block.name)
    parts = tuple(
        replace(part, attributes={"eId": f"{eid}__item_{number}"}) if isinstance(part, Node) and part.name == "item" else part
        for number, part in enumerate(block.parts, start=1)
    )
    return replace(block, attributes={**block.attributes, "eId": eid}, parts=parts)
