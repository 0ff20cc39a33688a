"""Akoma Ntoso to Markdown: every word of the text and every heading, and the rules and cases that rode along.

What is known of an element is only where its text stands: in a heading, before its first block, or in a paragraph. So a
document of any kind and any later version can be read; what no schema knew of keeps its text and is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from detente.interchange.names import HEADED, LARGE, SILENT, SMALL
from detente.interchange.node import AKN, DETENTE, Node
from detente.interchange.prose import markdown_of
from detente.interchange.xml import parse_xml
from detente.model.problem import Problem
from detente.model.span import Span

DEEPEST_HEADING = 6
"""Levels of heading that Markdown has; what is deeper keeps its heading at the sixth."""

_KNOWN = LARGE | SMALL
_MARKER = re.compile(r"[-+*]|\d{1,9}[.)]")
_LOOSE = re.compile(r"\d{1,9}[.)]|[-+]")


def from_akoma_ntoso(raw: bytes, path: str) -> tuple[str | None, tuple[Problem, ...]]:
    """The Markdown of a document. None with the problem where it cannot be read; unknown elements are warnings."""
    root, problem = parse_xml(raw, path)
    if root is None:
        return None, (problem,) if problem else ()
    if root.name != "akomaNtoso" or root.space != AKN:
        advice = "give a document of Akoma Ntoso 3.0: <akomaNtoso xmlns=...>"
        said = f"the document is <{root.name[:60]}>, which is not Akoma Ntoso"
        return None, (Problem("not-akoma-ntoso", said, Span(path, root.line, 1, root.line, 1), help=advice),)
    reader = _Reader()
    reader.walk(root, 2)
    for note in (n for n in root.walk() if n.name == "notes"):
        reader.children(note, 2)
    return "".join(f"{block}\n\n" for block in reader.blocks).removesuffix("\n"), _strangers(root, path)


def block_of(node: Node) -> str:
    """The Markdown of one block that was made by `akn_write`."""
    reader = _Reader()
    reader.walk(node, 2)
    return "\n\n".join(reader.blocks)


def heading_of(num: Node | None, heading: Node | None) -> str:
    """The words of a heading, on one line: number, then title."""
    words = [markdown_of(part.parts, in_heading=True) for part in (num, heading) if part is not None]
    return " ".join(word for word in words if word)


@dataclass(slots=True)
class _Reader:
    """Walks a document and gathers blocks of Markdown."""

    blocks: list[str] = field(default_factory=list)

    def walk(self, node: Node, level: int) -> None:
        """One element; a heading in it is of this level or deeper."""
        if node.space == DETENTE:
            self._ours(node)
        elif node.name in SILENT and node.space == AKN:
            return
        elif node.name == "block" and node.attributes.get("name") == "detente:markdown":
            self._put(node.text)
        elif node.name == "blockList":
            self._list(node, level)
        elif node.name in ("ul", "ol"):
            self._bullets(node, level)
        elif node.name == "table":
            self._table(node)
        elif _is_flow(node):
            self._flow(node, level)
        else:
            self._container(node, level)

    def _container(self, node: Node, level: int) -> None:
        """A heading where there is one, or the number before the first block; then what is inside."""
        num, heading = node.first("num"), node.first("heading")
        stated = node.attributes.get("detente:level", "")
        inside = [child for child in node.children if child is not num and child is not heading]
        is_headed = heading is not None or (num is not None and (node.name in HEADED or bool(stated)))
        if is_headed and (words := heading_of(num, heading)):
            level = int(stated) if re.fullmatch("[1-6]", stated) else level
            self._put("#" * min(level, DEEPEST_HEADING) + " " + words)
            level += 1
        elif num is not None:
            self._numbered(num, inside, level)
            return
        self.children(Node(node.name, parts=tuple(inside)), level)

    def children(self, node: Node, level: int) -> None:
        """All elements in one, one after the other."""
        for child in node.children:
            self.walk(child, level)

    def _numbered(self, num: Node, inside: Sequence[Node], level: int) -> None:
        """The number stands before the first paragraph, on a line of its own where something else comes first."""
        bare = " ".join(num.text.split())
        before = bare if _LOOSE.fullmatch(bare) else heading_of(num, None)
        within = _Reader()
        within.children(Node("", parts=tuple(inside)), level)
        first, *rest = within.blocks or [""]
        joins = bool(first) and not re.match(r"#{1,6} |`{3}|\||[-+] ", first)
        if joins and _MARKER.fullmatch(before):
            first = first.replace("\n", "\n" + " " * (len(before) + 1))
        for block in [f"{before} {first}", *rest] if joins else [before, first, *rest]:
            self._put(block.strip())

    def _flow(self, node: Node, level: int) -> None:
        """Paragraphs: text and small elements as far as the next large one, then that. Notes follow the paragraph they are in."""
        gathered: list[Node | str] = []
        notes: list[Node] = []
        if (
            node.first("docTitle") is not None
            and not "".join(p for p in node.parts if isinstance(p, str)).strip()
            and len(node.children) == 1
        ):
            self._title(node.children[0])
            return
        for part in self._opened(node):
            if isinstance(part, Node) and part.name in ("authorialNote", "note"):
                notes.append(part)
            elif isinstance(part, Node) and (part.name in LARGE or part.space == DETENTE):
                self._put(markdown_of(gathered))
                gathered = []
                self.walk(part, level)
            else:
                gathered.append(part)
        self._put(markdown_of(gathered))
        for note in notes:
            self.children(note, level) if not _is_flow(note) else self._flow(note, level)

    def _opened(self, node: Node) -> list[Node | str]:
        """The parts of a paragraph; a small element that holds a large one is opened, so that the large one shows."""
        parts: list[Node | str] = []
        for part in node.parts:
            if isinstance(part, str):
                parts.append(part)
                continue
            if part.name not in LARGE and any(inner.name in LARGE or inner.space == DETENTE for inner in part.walk()):
                parts += self._opened(part)
            else:
                parts.append(part)
        return parts

    def _title(self, title: Node) -> None:
        """The first title that stands alone is the agreement's; a later one is a paragraph."""
        words = markdown_of(title.parts)
        has_title = any(block.startswith("# ") for block in self.blocks)
        self._put(words if has_title or not words else "# " + heading_of(None, title))

    def _list(self, node: Node, level: int) -> None:
        """Items close together where each is one paragraph with a mark that Markdown knows."""
        tight: list[str] = []
        for child in node.children:
            within = _Reader()
            within.walk(child, level)
            if child.name == "item" and len(within.blocks) == 1 and _MARKER.fullmatch(within.blocks[0].split(" ", 1)[0]):
                tight.append(within.blocks[0])
                continue
            self._put("\n".join(tight))
            tight = []
            for block in within.blocks:
                self._put(block)
        self._put("\n".join(tight))

    def _bullets(self, node: Node, level: int) -> None:
        """The lists of HTML, whose marks are not written in the text."""
        for number, child in enumerate(node.children, start=1):
            num = Node("num", parts=(f"{number}." if node.name == "ol" else "-",))
            self._numbered(num, (child,), level)

    def _table(self, node: Node) -> None:
        """A row for a line."""
        rows = [[cell for cell in row.children if cell.name in ("td", "th")] for row in node.walk() if row.name == "tr"]
        for child in node.children:
            if child.name == "caption":
                self.walk(child, DEEPEST_HEADING)
        lines = ["| " + " | ".join(self._cell(cell) for cell in row) + " |" for row in rows]
        if lines:
            self._put("\n".join([lines[0], "|" + " --- |" * max(1, len(rows[0])), *lines[1:]]))

    def _cell(self, cell: Node) -> str:
        within = _Reader()
        within.children(Node("", parts=(Node("p", parts=cell.parts),)), DEEPEST_HEADING)
        return re.sub(r"\s*\n\s*", " ", " ".join(within.blocks)).replace("|", "\\|")

    def _ours(self, node: Node) -> None:
        """A rule or a case, in a fence longer than any in it."""
        if node.name not in ("rule", "case"):
            self._put(markdown_of((node.text,)))
            return
        fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", node.text)), default=0))
        about = " ".join(node.attributes.get("about", "").replace("`", "").split("\n")).strip()
        inner = node.text if not node.text or node.text.endswith("\n") else node.text + "\n"
        self._put(f"{fence}{node.name}{' ' if about else ''}{about}\n{inner}{fence}")

    def _put(self, block: str) -> None:
        if block.strip():
            self.blocks.append(block)


def _is_flow(node: Node) -> bool:
    """Whether text stands directly in it, or only small elements do."""
    has_text = any(isinstance(part, str) and part.strip() for part in node.parts)
    return has_text or (bool(node.children) and all(child.name in SMALL or child.name == "authorialNote" for child in node.children))


def _strangers(root: Node, path: str) -> tuple[Problem, ...]:
    """A warning for each element that no schema has, at the first place where it stands."""
    found: dict[tuple[str, str], Problem] = {}
    for node in _outside_meta(root):
        is_known = node.name in ("rule", "case") if node.space == DETENTE else node.space == AKN and node.name in _KNOWN
        if not is_known and (node.space, node.name) not in found:
            found[node.space, node.name] = Problem(
                "unknown-element",
                f"<{node.name[:60]}> is no element of Akoma Ntoso 3.0; its text is kept as it stands",
                Span(path, node.line, 1, node.line, 1),
                severity="warning",
            )
    return tuple(found.values())


def _outside_meta(node: Node) -> Iterator[Node]:
    if node.name not in SILENT:
        yield node
        for child in node.children:
            yield from _outside_meta(child)
