"""The verdict table as a drawing, for papers: articles down, accounts across, the overall verdict last."""

from __future__ import annotations

from collections.abc import Iterator

from detente.report.page.look import drawn_mark
from detente.report.page.markup import Markup, number, tag
from detente.report.page.view import Answer, Chapter, Row

_NUMBER, _TITLE, _ACCOUNT, _OVERALL, _OBSERVED = 64.0, 400.0, 128.0, 236.0, 84.0
_LINE = 34.0
_LONGEST = 58


def grid(chapter: Chapter) -> Markup:
    """The table that `Chapter.rows` holds, one line for each."""
    rows = list(chapter.rows)
    titles = chapter.titles
    overall = _NUMBER + _TITLE + _ACCOUNT * len(titles)
    width = overall + _OVERALL + _OBSERVED
    heads = [(0.0, chapter.speech.words("col-article")), *((_NUMBER + _TITLE + i * _ACCOUNT, t) for i, t in enumerate(titles))]
    heads += [(overall, chapter.speech.words("col-overall")), (overall + _OVERALL, chapter.speech.words("col-observed"))]
    parts = [_words(title, x + 12, 24, "t2 b", 14, most=19) for x, title in heads]
    parts.append(tag("path", d=f"M12 36H{number(width - 12)}", class_="lk", stroke_width="1.3"))
    for line, row in enumerate(rows):
        parts += _line(row, 36 + line * _LINE, overall, width)
    height = 36 + len(rows) * _LINE + 12
    return tag("svg", *parts, viewBox=f"0 0 {number(width)} {number(height)}", role="img", aria_label=chapter.headline, direction="ltr")


def _line(row: Row, top: float, overall: float, width: float) -> Iterator[Markup]:
    middle = top + _LINE / 2
    yield _words(row.number, 12.0 if row.is_article else 34.0, middle + 5, "t3", 14, most=9)
    yield _words(row.title, _NUMBER + (12 if row.is_article else 34), middle + 5, "t b" if row.is_article else "t", 14.5, most=_LONGEST)
    for place, vote in enumerate(row.votes):
        yield from _answer(vote, _NUMBER + _TITLE + place * _ACCOUNT + 12, middle, bold=False)
    yield from _answer(row.overall, overall + 12, middle, bold=True)
    if row.ground:
        yield _words(row.ground, overall + 118, middle + 4.5, "t3", 11.5, most=26)
    if row.observed is not None:
        yield _words(row.observed_said, overall + _OVERALL + 12, middle + 5, "t2", 14, most=8)
    yield tag("path", d=f"M12 {number(top + _LINE)}H{number(width - 12)}", class_="ln")


def _answer(answer: Answer, x: float, y: float, *, bold: bool) -> Iterator[Markup]:
    yield drawn_mark(answer.fill, 15, x + 7.5, y)
    colour = {"breached": "breached", "kept": "kept", "disputed": "disputed"}.get(answer.fill, "unverified")
    yield tag("text", answer.word[:24], x=x + 22, y=y + 5, fill=f"var(--{colour})", font_size="14", font_weight="600" if bold else None)


def _words(words: str, x: float, y: float, kind: str, size: float, most: int) -> Markup:
    said = words if len(words) <= most else words[: most - 1] + "…"
    return tag("text", said, x=x, y=y, class_=kind, font_size=size)
