"""The time line: a lane for each party, occasions with their outcomes, messages, due times, and where nobody could see.

Verdicts in, SVG out. Time runs from left to right in every language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from detente.model.dossier import Dossier, Occurrence
from detente.model.verdict import InstanceVerdict
from detente.report.page.look import drawn_mark, fill_name
from detente.report.page.markup import Markup, join, number, tag
from detente.report.page.speech import Speech

Scale = Callable[[datetime], float]
"""From moments to places along the drawing."""

MOST_LANES = 10
"""Lanes with a dated occasion; the other parties are counted."""
_MOST_ROWS = 9


@dataclass(frozen=True, slots=True)
class Sheet:
    """The measures of one drawing, in its own units. A narrow one puts the names above the lanes."""

    width: float = 1120
    names: float = 150
    row: float = 26
    font: float = 14

    @property
    def is_narrow(self) -> bool:
        """Whether names stand above the lanes."""
        return self.names == 0


WIDE, NARROW = Sheet(), Sheet(width=420, names=0, row=24, font=13.5)


def timeline(dossier: Dossier, speech: Speech, sheet: Sheet = WIDE) -> Markup:
    """The drawing; empty where nothing that was judged has a date."""
    lanes = _lanes(dossier)
    span = _span(dossier, lanes)
    if span is None:
        return Markup()
    start, end = span
    right = sheet.width - 14
    scale = (right - sheet.names - 8) / (end - start).total_seconds()

    def x(at: datetime) -> float:
        return sheet.names + 8 + min(max((at - start).total_seconds(), 0), (end - start).total_seconds()) * scale

    top = 30.0
    drawn: list[Markup] = []
    for party, lane in lanes.items():
        if sheet.is_narrow:
            drawn.append(tag("text", _cut(party, 44), x=8.0, y=top + 14, class_="t b", font_size=sheet.font))
            top += 22
        rows = _rows(lane, x, sheet)
        height = max(1, len(rows)) * sheet.row + 10
        drawn.append(_lane(dossier, party, rows, x, top, height, sheet))
        if not sheet.is_narrow:
            drawn.append(
                tag(
                    "text",
                    _cut(party, 20),
                    x=sheet.names - 10,
                    y=top + height / 2 + 5,
                    class_="t b",
                    font_size=sheet.font,
                    text_anchor="end",
                )
            )
        top += height + 8
    axis = join(_axis(start, end, x, top, sheet, speech))
    label = speech.words("time-label", n=sum(map(len, lanes.values())), start=speech.date(start), end=speech.date(dossier.period[1] or end))
    return tag(
        "svg", axis, *drawn,
        class_="timeline", viewBox=f"0 0 {number(sheet.width)} {number(top + 26)}", role="img", aria_label=label, direction="ltr",
    )  # fmt: skip


# ---- which lanes, which time --------------------------------------------------------


Bar = Occurrence | InstanceVerdict


def _lanes(dossier: Dossier) -> Mapping[str, list[Bar]]:
    """By party, what it did or was bound by that has a date; parties in the agreement's order."""
    lanes: dict[str, list[Bar]] = {party: [] for party in dossier.parties}
    for occurrence in dossier.occurrences:
        if occurrence.happens != (None, None):
            for party in occurrence.parties:
                if party in lanes:
                    lanes[party].append(occurrence)
    for rule in (r for a in dossier.verdicts.articles for r in a.rules):
        for instance in rule.instances:
            if instance.spells and instance.bearer in lanes:
                lanes[instance.bearer].append(instance)
    filled = {party: lane for party, lane in lanes.items() if lane}
    shown = dict(list(filled.items())[:MOST_LANES])
    # Few parties all have a lane, so that a silent one is seen to be silent.
    return {party: lanes[party] for party in dossier.parties} if len(dossier.parties) <= 4 and shown else shown


def hidden_lanes(dossier: Dossier) -> int:
    """How many parties have no lane."""
    return len(dossier.parties) - len(_lanes(dossier))


def undated(dossier: Dossier) -> int:
    """How many occasions of verdicts have no date."""
    return sum(1 for o in dossier.occurrences if o.outcome is not None and o.happens == (None, None))


def _span(dossier: Dossier, lanes: Mapping[str, Sequence[Bar]]) -> tuple[datetime, datetime] | None:
    """From before the first to after the last; the period judged, where it is not much longer than what happened in it."""
    times = sorted(at for lane in lanes.values() for bar in lane for at in _times(bar) if at is not None)
    if not times:
        return None
    start, end = times[0], max(times[-1], dossier.period[1] or times[-1])
    first = dossier.period[0]
    if first is not None and first < start and (start - first) < 2 * max(end - start, timedelta(days=30)):
        start = first
    pad = max((end - start) * 0.02, timedelta(days=1))
    return start - pad, end + pad


def _times(bar: Bar) -> Iterator[datetime | None]:
    if isinstance(bar, Occurrence):
        yield from (*bar.happens, *bar.due, bar.ends[1] if bar.ends[1] and bar.ends[1].year < 9000 else None)
    else:
        yield from (s.start for s in bar.spells)


# ---- one lane -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Placed:
    bar: Bar
    left: float
    right: float
    label: str


def _rows(lane: Sequence[Bar], x: Scale, sheet: Sheet) -> list[list[_Placed]]:
    """What overlaps goes into rows of its own; beyond the last row what is left loses its label and shares it."""
    placed = sorted((_placed(bar, x, sheet) for bar in lane), key=lambda p: (p.left, p.right))
    rows: list[list[_Placed]] = []
    for one in placed:
        free = next((row for row in rows if row[-1].right + 6 <= one.left), None)
        if free is not None:
            free.append(one)
        elif len(rows) < _MOST_ROWS:
            rows.append([one])
        else:
            bare = _Placed(one.bar, one.left, one.right, "")
            min(rows, key=lambda row: row[-1].right).append(bare)
    return rows


def _placed(bar: Bar, x: Scale, sheet: Sheet) -> _Placed:
    times = [x(at) for at in _times(bar) if at is not None]
    left, right = min(times), max(times)
    name = bar.event if isinstance(bar, Occurrence) else bar.rule
    label = _cut(name, 26 if not sheet.is_narrow else 18)
    wide = len(label) * sheet.font * 0.56
    if right + 16 + wide > sheet.width - 6:  # it would run out: the label goes before the bar
        return _Placed(bar, max(sheet.names + 8, left - 16 - wide), right + 8, label)
    return _Placed(bar, left - 8, right + 16 + wide, label)


def _lane(dossier: Dossier, party: str, rows: Sequence[Sequence[_Placed]], x: Scale, top: float, height: float, sheet: Sheet) -> Markup:
    left, right = sheet.names + 8, sheet.width - 14
    parts = [tag("rect", x=left, y=top, width=right - left, height=height, class_="lane")]
    parts += [
        tag("rect", x=x(a), y=top, width=max(0.0, x(b) - x(a)), height=height, class_="unseen", opacity="0.5")
        for a, b in unseen(dossier, party)
        if x(b) > x(a)
    ]
    for level, row in enumerate(rows):
        middle = top + 5 + sheet.row * (level + 0.5)
        parts += [_drawn(one, x, middle, sheet) for one in row]
    return tag("g", *parts)


def unseen(dossier: Dossier, party: str) -> list[tuple[datetime, datetime]]:
    """Stretches for which nobody states that anything of this party's could be seen."""
    first, last = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    reach, found = first, []
    for lo, hi in sorted((w.start or first, w.end or last) for w in dossier.watches if w.party in (None, party)):
        if lo > reach:
            found.append((reach, lo))
        reach = max(reach, hi)
    return [*found, (reach, last)] if reach < last else found


def _drawn(one: _Placed, x: Scale, y: float, sheet: Sheet) -> Markup:
    bar = one.bar
    if not isinstance(bar, Occurrence):
        return _spelled(bar, one, x, y, sheet)
    parts: list[Markup] = []
    lo, hi = (x(at) if at else None for at in bar.happens)
    end = x(bar.ends[1]) if bar.ends[1] else None
    first = lo if lo is not None else hi
    assert first is not None  # noqa: S101  only what has a date is placed
    last = max(v for v in (first, hi, end) if v is not None)
    fill = fill_name(bar.outcome)
    if last - first > 5:
        parts.append(tag("rect", x=first, y=y - 3.5, width=last - first, height=7.0, rx=2, class_=f"f-{fill}"))
    for due in {round(x(at), 1) for at in bar.due if at is not None}:
        parts += [
            tag("path", d=f"M{number(due)} {number(y - 9)}v18", class_="lk", stroke_width="1.4"),
            tag("path", d=f"M{number(due)} {number(y - 9)}h6l-2 3 2 3h-6z", class_="t2"),
        ]
    if bar.outcome is None and bar.is_notice:
        parts.append(tag("circle", cx=first, cy=y, r="4.4", class_="lk", stroke_width="1.6", fill="var(--card)"))
    else:
        parts.append(tag("circle", cx=first, cy=y, r="9", fill="var(--card)"))
        parts.append(drawn_mark(bar.outcome, 15, first, y))
    said = None if sheet.is_narrow else tag("title", f"{bar.kind}: {bar.event}")
    return tag("g", said, *parts, _label(one, max(last, *(x(d) for d in bar.due if d), last), y, sheet, first))


def _label(one: _Placed, after: float, y: float, sheet: Sheet, before: float) -> Markup:
    if not one.label:
        return Markup()
    is_after = one.right > after + 12
    at, anchor = (after + 12, "start") if is_after else (before - 12, "end")
    return tag("text", one.label, x=at, y=y + 4.5, class_="t2 halo-l", font_size=sheet.font - 1, text_anchor=anchor)


def _spelled(bar: InstanceVerdict, one: _Placed, x: Scale, y: float, sheet: Sheet) -> Markup:
    right = sheet.width - 14
    parts = []
    for spell in bar.spells:
        a = x(spell.start) if spell.start else sheet.names + 8
        b = x(spell.end) if spell.end else right
        parts.append(tag("rect", x=a, y=y - 3.5, width=max(1.5, b - a), height=7.0, class_=f"f-{fill_name(spell.outcome)}"))
    first = min((x(s.start) for s in bar.spells if s.start), default=sheet.names + 20)
    return tag(
        "g", tag("title", bar.id), *parts, tag("text", one.label, x=first + 2, y=y - 6, class_="t2 halo-l", font_size=sheet.font - 2)
    )


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


# ---- the axis -----------------------------------------------------------------------


def _axis(start: datetime, end: datetime, x: Scale, bottom: float, sheet: Sheet, speech: Speech) -> Iterator[Markup]:
    """Hairlines at whole years, quarters, months or days, so many as can be labelled."""
    room = (sheet.width - sheet.names) / (sheet.font * 6.4)
    for at in (a for a in _ticks(start, end, room) if x(a) > sheet.names + 20):
        days = (end - start).days / room
        said = speech.month(at) if days >= 20 else speech.short_date(at)
        if days > 200:
            said = str(at.year)
        yield tag("path", d=f"M{number(x(at))} 22V{number(bottom)}", class_="ln")
        anchor = "start" if x(at) < sheet.names + 36 else ("end" if x(at) > sheet.width - 40 else "middle")
        yield tag("text", said, x=x(at), y=bottom + 16, class_="t3", font_size=sheet.font - 1.5, text_anchor=anchor)


def _ticks(start: datetime, end: datetime, most: float) -> Iterator[datetime]:
    days = (end - start).total_seconds() / 86400
    months = next((m for m in (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200) if days / (30.4 * m) <= most), 2400)
    if days < 60:
        step = timedelta(days=max(1, round(days / most + 0.5)))
        at = datetime(start.year, start.month, start.day, tzinfo=UTC) + timedelta(days=1)
        while at < end:
            yield at
            at += step
        return
    index = start.year * 12 + start.month - 1
    index += -index % months
    while True:
        if index < 12 or index // 12 > 9998:
            return
        at = datetime(index // 12, index % 12 + 1, 1, tzinfo=UTC)
        if at > end:
            return
        if at >= start:
            yield at
        index += months
