"""The agreement as a document: headings, prose, and the fenced blocks with their exact place.

Only the block structure of Markdown is read. Offsets count characters of
`Document.text`, so a block that stands in a list keeps its columns.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Literal

from markdown_it import MarkdownIt

from detente.model.problem import Fix, Problem
from detente.model.span import Span

BlockSort = Literal["rule", "case"]
_LONGEST_EXCERPT = 2000
_FENCE = re.compile(r"(`{3,}|~{3,})")


@dataclass(frozen=True, slots=True)
class Block:
    """A ```rule or ```case block: the offsets of its inner text and where it stands."""

    sort: BlockSort
    info: str
    start: int
    end: int
    section: int


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with the prose and blocks under it, down to the next heading."""

    level: int
    heading: str
    trail: tuple[str, ...]
    start: int
    end: int
    prose: str


@dataclass(frozen=True, slots=True)
class Document:
    """A document's text, sections and blocks; turns offsets into spans."""

    path: str
    text: str
    lines: tuple[int, ...]
    sections: tuple[Section, ...] = ()
    blocks: tuple[Block, ...] = ()
    problems: tuple[Problem, ...] = field(default=(), compare=False)

    def span(self, start: int, end: int, trail: tuple[str, ...] = ()) -> Span:
        """The span of characters `start` to `end` (exclusive)."""
        end = max(start, end)
        first = bisect_right(self.lines, start) - 1
        last = bisect_right(self.lines, end) - 1
        return Span(self.path, first + 1, start - self.lines[first] + 1, last + 1, end - self.lines[last] + 1, trail)

    def line_of(self, start: int) -> tuple[int, int]:
        """Where the line that `start` lies in begins and ends."""
        line = bisect_right(self.lines, start) - 1
        end = self.lines[line + 1] - 1 if line + 1 < len(self.lines) else len(self.text)
        return self.lines[line], end

    def excerpt(self, start: int) -> str | None:
        """The line of text that `start` lies in; None where it is too long to keep with each problem."""
        begin, end = self.line_of(start)
        return self.text[begin:end] if end - begin <= _LONGEST_EXCERPT else None

    def problem(
        self,
        code: str,
        message: str,
        at: tuple[int, int],
        trail: tuple[str, ...] = (),
        *,
        expected: tuple[str, ...] = (),
        advice: str | None = None,
        is_warning: bool = False,
        fix: Fix | None = None,
    ) -> Problem:
        """A problem that points at the characters `at`."""
        return Problem(
            code=code,
            message=message,
            span=self.span(*at, trail),
            excerpt=self.excerpt(at[0]),
            expected=expected,
            help=advice,
            severity="warning" if is_warning else "error",
            fix=fix,
        )


def read_document(text: str, path: str) -> Document:
    """Split an agreement into sections and blocks. Never fails; problems are in the document."""
    starts = [0]
    starts.extend(m.end() for m in re.finditer("\n", text))
    lines = tuple(starts)
    document = Document(path, text, lines)
    sections: list[Section] = [Section(0, "", (), 0, len(text), "")]
    blocks: list[Block] = []
    problems: list[Problem] = []
    quoted: list[tuple[int, int]] = []
    for token in _tokens(text):
        if token.map is None:
            continue
        first, last = token.map
        start = lines[first]
        end = lines[last] if last < len(lines) else len(text)
        if token.type == "heading_open":
            sections.append(Section(int(token.tag[1]), _heading(text[start:end]), (), start, end, ""))
        elif token.type == "fence":
            sort = _sort(token.info)
            if sort is None:
                _note_misspelt(token.info, document, document.line_of(start), problems)
                continue
            closes = _FENCE.search(text, lines[last - 1], end)
            if last - 1 == first or closes is None:
                problems.append(
                    document.problem(
                        "unclosed-block",
                        f"this ```{sort} block is never closed",
                        document.line_of(start),
                        advice="end it with a line of three backticks",
                    )
                )
                inner_end = end
            else:
                inner_end = lines[last - 1]
            quoted += _quote_marks(text, lines[min(first + 1, len(lines) - 1)], inner_end)
            blocks.append(Block(sort, token.info.strip(), lines[min(first + 1, len(lines) - 1)], inner_end, len(sections) - 1))
    return Document(path, _blanked(text, quoted), lines, _with_prose(text, sections, blocks), tuple(blocks), tuple(problems))


def _tokens(text: str) -> list:  # type: ignore[type-arg]  # markdown_it's own token class
    parser = MarkdownIt("commonmark").disable(["inline", "reference", "html_block"])
    return parser.parse(text)


def _quote_marks(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where the lines of a block inside a quotation have their `>` marks; they are read as blanks."""
    opening = text.rfind("\n", 0, start - 1) + 1
    if not text[opening:start].lstrip().startswith(">"):
        return []
    return [m.span() for m in re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE).finditer(text, start, end)]


def _blanked(text: str, stretches: list[tuple[int, int]]) -> str:
    """The text with blanks in these stretches."""
    pieces, done = [], 0
    for start, end in stretches:
        pieces += [text[done:start], " " * (end - start)]
        done = end
    return "".join([*pieces, text[done:]])


def _heading(raw: str) -> str:
    """A heading without its marks: `## Article IV (border zone)` or the underlined form."""
    first = raw.split("\n", 1)[0].strip()
    return re.sub(r"^#{1,6}\s*|\s+#+$", "", first).strip()


def _sort(info: str) -> BlockSort | None:
    word = info.strip().split(" ", 1)[0]
    return word if word in ("rule", "case") else None  # type: ignore[return-value]  # narrowed by the test


def _note_misspelt(info: str, document: Document, at: tuple[int, int], problems: list[Problem]) -> None:
    word = info.strip().split(" ", 1)[0].lower()
    if word in ("rules", "rul", "ruel", "cases", "detente", "define"):
        problems.append(
            document.problem(
                "unknown-block",
                f"a block of the sort {word!r} is not read",
                at,
                expected=("```rule", "```case"),
                advice="write ```rule or ```case",
                is_warning=True,
            )
        )


def _with_prose(text: str, sections: list[Section], blocks: list[Block]) -> tuple[Section, ...]:
    """The sections with their trails, their ends, and the prose that is in no block."""
    done: list[Section] = []
    above: list[tuple[int, str]] = []
    by_section: dict[int, list[Block]] = {}
    for block in blocks:
        by_section.setdefault(block.section, []).append(block)
    for number, section in enumerate(sections):
        end = sections[number + 1].start if number + 1 < len(sections) else len(text)
        while above and above[-1][0] >= section.level:
            above.pop()
        if section.level > 1:
            above.append((section.level, section.heading))
        prose: list[str] = []
        position = section.end if section.level else 0
        for block in by_section.get(number, ()):
            prose.append(text[position : text.rfind("\n", 0, block.start - 1) + 1])
            closing = text.find("\n", block.end)
            position = end if closing < 0 else closing + 1
        prose.append(text[position:end])
        trail = tuple(heading for _, heading in above)
        done.append(Section(section.level, section.heading, trail, section.start, end, "".join(prose).strip()))
    return tuple(done)
