"""An article's prose as HTML: paragraphs, lists and emphasis, with the words underlined that a rule names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from detente.model.dossier import Tested
from detente.report.page.markup import Markup, join, tag, text

_BLOCK = re.compile(r"(?:[^\n]+(?:\n|$))+")
_ITEM = re.compile(r"^[ \t]{0,6}(?:[-*+]|\d{1,3}[.)])[ \t]+", re.MULTILINE)
_EMPHASIS = re.compile(r"(?<![\w*\\])(\*{1,2}|_{1,2})(?=[^\s*_])((?:(?!\n\s*\n)[^*_]){1,2000}?)(?<=[^\s*_])\1(?![\w*])")
_CODE = re.compile(r"`([^`\n]{1,300})`")
_HIDDEN = re.compile(r"<!--.*?-->", re.DOTALL)


def prose_html(prose: str, tested: Sequence[Tested] = ()) -> Markup:
    """The prose as elements. What is no Markdown known here stands as it was written."""
    marks = _marks(prose, tested)
    hidden = [m.span() for m in _HIDDEN.finditer(prose)]
    blocks = []
    for block in _BLOCK.finditer(prose):
        if any(a <= block.start() and block.end() <= b for a, b in hidden):
            continue
        starts = [m.start() for m in _ITEM.finditer(prose, block.start(), block.end())]
        if starts and starts[0] == block.start():
            ends = [*starts[1:], block.end()]
            blocks.append(tag("ul", *(tag("li", _inline(prose, a, b, marks)) for a, b in zip(starts, ends, strict=True))))
        else:
            blocks.append(tag("p", _inline(prose, block.start(), block.end(), marks)))
    return join(blocks)


def _marks(prose: str, tested: Sequence[Tested]) -> list[tuple[int, int, Markup]]:
    """(from, to, what stands in place of these characters), in order and without overlaps."""
    found: list[tuple[int, int, Markup]] = []
    for m in _EMPHASIS.finditer(prose):
        wide = len(m[1])
        found += [(m.start(), m.start() + wide, Markup("<em>")), (m.end() - wide, m.end(), Markup("</em>"))]
    for m in _CODE.finditer(prose):
        found.append((m.start(), m.end(), tag("code", m[1])))
    taken = [(a, b) for a, b, _ in found]
    for one in tested:
        if not any(a < one.end and one.start < b for a, b in taken):
            found.append((one.start, one.end, tag("u", prose[one.start : one.end])))
    found.sort(key=lambda mark: mark[:2])
    return _closed([m for m, before in zip(found, [(0, 0, Markup()), *found], strict=False) if m[0] >= before[1]])


def _closed(found: list[tuple[int, int, Markup]]) -> list[tuple[int, int, Markup]]:
    """The same without an emphasis that is opened and not closed, or the other way round."""
    if [m for *_, m in found if m in ("<em>", "</em>")] == ["<em>", "</em>"] * (sum(m == "<em>" for *_, m in found)):
        return found
    return [one for one in found if one[2] not in ("<em>", "</em>")]


def _inline(prose: str, start: int, end: int, marks: Sequence[tuple[int, int, Markup]]) -> Markup:
    parts: list[Markup] = []
    at, is_open = start, False
    for lo, hi, what in marks:
        if start <= lo and hi <= end:
            if what == "</em>" and not is_open:
                continue
            is_open = what == "<em>" or (is_open and what != "</em>")
            parts += [text(prose[at:lo]), what]
            at = hi
    parts.append(text(prose[at:end].rstrip()))
    return join([*parts, Markup("</em>") if is_open else None])
