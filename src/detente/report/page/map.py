"""The map: coast, what the agreement and the evidence draw, paths, and where occasions took place.

Verdicts in, SVG out. No border is drawn that nobody of the case draws; a disputed
area is outlined and named with each account's answer to whose land it is.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from detente.model.dossier import Dossier, Drawing, Occurrence, Path, Ring
from detente.model.verdict import Outcome, worst
from detente.report.page.look import drawn_mark
from detente.report.page.markup import Markup, join, number, tag
from detente.report.page.projection import Frame, fitted, globe
from detente.report.page.speech import Speech
from detente.vocabulary.atlas import coast

WIDTH, HEIGHT = 800.0, 520.0
_NEAR = 16.0
"""Marks nearer than this, in drawing units, are one mark with a count."""


@dataclass(frozen=True, slots=True)
class Marked:
    """One mark: its number, its place, and the occasions that it stands for."""

    number: int
    name: str
    lon: float
    lat: float
    is_whole_state: bool
    occasions: tuple[Occurrence, ...]

    @property
    def outcome(self) -> Outcome | None:
        """The gravest outcome of its occasions."""
        return worst(o.outcome for o in self.occasions)


@dataclass(frozen=True, slots=True)
class Chart:
    """What a map of one dossier holds, before it is drawn at any size."""

    frame: Frame
    marks: tuple[Marked, ...]
    base: Markup
    """Sea, graticule and coast; the greater part of the drawing."""


def chart(dossier: Dossier) -> Chart | None:
    """What is to be drawn; None where nobody states a place."""
    marks = tuple(_marks(dossier))
    points = [(m.lon, m.lat) for m in marks]
    points += [c for d in dossier.drawings if d.sort != "evidence" or not marks for ring in (*d.rings, d.points) for c in ring]
    points += [(f.lon, f.lat) for p in dossier.paths for f in p.fixes]
    if not points:
        return None
    frame = fitted(points, WIDTH, HEIGHT, least_deg=8.0 if any(m.is_whole_state for m in marks) else 0.5)
    return Chart(frame, marks, join([_sea(frame), *_graticule(frame), tag("path", d=_land(frame), class_="land")]))


def _marks(dossier: Dossier) -> Iterator[Marked]:
    """Occasions of verdicts by place; messages have none."""
    by_place: dict[tuple[float, float], list[tuple[Occurrence, str, bool]]] = {}
    for occurrence in dossier.occurrences:
        if occurrence.outcome is not None:
            for spot in occurrence.spots:
                by_place.setdefault((spot.lon, spot.lat), []).append((occurrence, spot.name, spot.is_whole_state))
    order = list(Outcome)
    ranked = sorted(
        by_place.items(), key=lambda found: (min(order.index(o.outcome) for o, *_ in found[1] if o.outcome), -len(found[1]), found[0])
    )
    for place, ((lon, lat), found) in enumerate(ranked, 1):
        yield Marked(place, found[0][1], lon, lat, all(whole for *_, whole in found), tuple(o for o, *_ in found))


def draw(chart: Chart, dossier: Dossier, speech: Speech, *, big: float = 1.0, base: Markup | None = None) -> Markup:
    """The map at its size. `big` is by how much marks and words are larger, for a narrow page; `base` refers to the chart's, if that stands elsewhere."""
    frame = chart.frame
    parts: list[Markup] = [base if base is not None else chart.base]
    is_named = len(dossier.drawings) <= 6
    parts += [_drawing(d, frame, big, is_named=is_named) for d in dossier.drawings if d.sort != "evidence" or len(dossier.drawings) <= 12]
    parts += [_path(p, frame, index, big) for index, p in enumerate(dossier.paths)]
    parts += _placed_marks(chart.marks, frame, big)
    parts.append(_scale_bar(frame, speech, big))
    label = speech.words("map-label", n=len(chart.marks))
    return tag(
        "svg",
        *parts,
        class_="map",
        viewBox=f"0 0 {number(frame.width)} {number(frame.height)}",
        role="img",
        aria_label=label,
        direction="ltr",
    )


# ---- the base ---------------------------------------------------------------------------


def _sea(frame: Frame) -> Markup:
    if frame.is_world:
        return tag("path", d=_line(frame.place(globe()), is_closed=True), class_="sea")
    return tag("rect", width=frame.width, height=frame.height, class_="sea")


def _land(frame: Frame) -> str:
    """The coast inside the frame, simplified to what can be seen."""
    west, south, east, north = frame.box
    wide = 0.15 * (east - west)
    boxes = [shapely.box(max(-180.0, west - wide), max(-90.0, south - wide), min(180.0, east + wide), min(90.0, north + wide))]
    shifts = [0.0]
    if west - wide < -180:
        boxes.append(shapely.box(west - wide + 360, south - wide, 180, north + wide))
        shifts.append(-360.0)
    if east + wide > 180:
        boxes.append(shapely.box(-180, south - wide, east + wide - 360, north + wide))
        shifts.append(360.0)
    land = coast((east - west) / frame.width)
    pieces: list[str] = []
    for box, shift in zip(boxes, shifts, strict=True):
        inside = shapely.segmentize(shapely.intersection(land, box), 4.0)
        for ring in shapely.get_rings(shapely.get_parts(shapely.get_parts(inside))):
            corners = frame.place(shapely.get_coordinates(ring) + np.array([shift, 0.0]))
            seen = shapely.intersection(shapely.LinearRing(corners).envelope, shapely.box(-40, -40, frame.width + 40, frame.height + 40))
            if not seen.is_empty and shapely.Polygon(corners).area > (1.2 if east - west < 60 else 4):
                pieces.append(
                    _line(
                        shapely.get_coordinates(shapely.simplify(shapely.LinearRing(corners), 0.6 if east - west < 60 else 0.9))[:-1],
                        is_closed=True,
                    )
                )
    return "".join(pieces)


def _line(corners: np.ndarray[tuple[int, int], np.dtype[np.float64]], *, is_closed: bool) -> str:
    """A path in relative steps of a tenth of a unit, which is the shortest way to write it."""
    steps = np.diff(np.round(corners * 10).astype(int), axis=0)
    steps = steps[np.any(steps != 0, axis=1)]
    if not len(steps):
        return ""
    first = np.round(corners[0] * 10).astype(int)
    said = "".join(_step(dx, dy) for dx, dy in steps.tolist())
    return f"M{_tenth(int(first[0]))} {_tenth(int(first[1]))}l{said.lstrip()}" + ("z" if is_closed else "")


def _step(dx: int, dy: int) -> str:
    second = _tenth(dy)
    return f" {_tenth(dx)}{'' if second.startswith('-') else ' '}{second}"


def _tenth(value: int) -> str:
    whole, part = divmod(abs(value), 10)
    said = f"{whole or (0 if not part else '')}" + (f".{part}" if part else "")
    return f"-{said}" if value < 0 else said


def _graticule(frame: Frame) -> Iterator[Markup]:
    west, south, east, north = frame.box
    step = next(s for s in (0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 30) if (east - west) / s <= 9 or s == 30)
    lats = np.linspace(max(-89.9, south - 3), min(89.9, north + 3), 40)
    lons = np.linspace(west - 3, east + 3, 60) if not frame.is_world else np.linspace(-180, 180, 90)
    lines = [np.column_stack((np.full(40, lon), lats)) for lon in np.arange(math.ceil(west / step) * step, east + step / 2, step)]
    lines += [np.column_stack((lons, np.full(len(lons), lat))) for lat in np.arange(math.ceil(south / step) * step, north, step)]
    yield tag("path", d="".join(_line(frame.place(line), is_closed=False) for line in lines), class_="grid")


def _scale_bar(frame: Frame, speech: Speech, big: float) -> Markup:
    """Nautical miles and kilometres in the middle of the map; a map of the world has none, since none would hold."""
    if frame.is_world:
        return Markup()
    per_km = frame.scale / 6371.0
    km = next((k for k in (1000, 500, 200, 100, 50, 20, 10, 5, 2, 1) if k * per_km <= 120 * big), 1)
    nm = next((k for k in (500, 200, 100, 50, 20, 10, 5, 2, 1) if k * 1.852 * per_km <= 120 * big), 1)
    x, y, font = 16.0, frame.height - 14, 11.5 * big
    bars = []
    for line, (amount, unit, length) in enumerate(((km, "km", km * per_km), (nm, "nm", nm * 1.852 * per_km))):
        at = y - line * 17 * big
        bars.append(tag("path", d=f"M{number(x)} {number(at - 4)}v4h{number(length)}v-4", class_="lk"))
        bars.append(tag("text", f"{speech.number(amount)} {unit}", x=x + length + 6, y=at + 1, class_="t2 halo", font_size=font))
    return tag("g", *bars)


# ---- what the case draws ------------------------------------------------------------------


def _drawing(drawing: Drawing, frame: Frame, big: float, *, is_named: bool) -> Markup:
    shape = {"agreement": "zone", "evidence": "zone-e", "disputed": "zone-d"}[drawing.sort]
    said = drawing.name + "".join(f"; {account}: {owner or '-'}" for account, owner in drawing.owners.items())
    path = "".join(_line(frame.place(np.array(ring)), is_closed=ring[0] == ring[-1]) for ring in drawing.rings)
    parts: list[Markup] = [tag("title", said)]
    if path:
        parts.append(tag("path", d=path, class_=shape))
    parts += [tag("circle", cx=x, cy=y, r=2.2 * big, class_="t2") for x, y in (frame.point(*p) for p in drawing.points)]
    anchor = _anchor(drawing.rings, frame) if is_named or drawing.sort != "evidence" else None
    if anchor is not None:
        parts.append(tag("text", drawing.name, x=anchor[0], y=anchor[1], class_="t2 halo", font_size=12.5 * big, text_anchor="middle"))
    return tag("g", *parts)


def _anchor(rings: Sequence[Ring], frame: Frame) -> tuple[float, float] | None:
    """Above the top of the drawn shape, where its name goes."""
    if not rings:
        return None
    corners = np.concatenate([frame.place(np.array(ring)) for ring in rings])
    x, y = (float(corners[:, 0].min() + corners[:, 0].max()) / 2, float(corners[:, 1].min()))
    return min(max(x, 40.0), WIDTH - 40), max(14.0, y - 5)


_DASHES = (None, "7 4", "2 4", "10 3 2 3")


def _path(path: Path, frame: Frame, index: int, big: float) -> Markup:
    """Known stretches drawn through, unknown ones dotted; craft differ by their dashes."""
    points = frame.place(np.array([(f.lon, f.lat) for f in path.fixes]))
    known: list[str] = []
    gaps: list[str] = []
    for i, (a, b) in enumerate(zip(path.fixes, path.fixes[1:], strict=False)):
        line = _line(points[i : i + 2], is_closed=False)
        (gaps if (b.at - a.at).total_seconds() > path.gap_s else known).append(line)
    parts: list[Markup] = [tag("title", path.craft)]
    if known:
        parts.append(tag("path", d="".join(known), class_="path", stroke_dasharray=_DASHES[index % len(_DASHES)]))
    if gaps:
        parts.append(tag("path", d="".join(gaps), class_="path path-gap"))
    x, y = points[-1]
    parts.append(tag("text", path.craft, x=float(x) + 6, y=float(y) + 4, class_="t2 halo", font_size=12 * big))
    return tag("g", *parts)


def _placed_marks(marks: Sequence[Marked], frame: Frame, big: float) -> Iterator[Markup]:
    """Marks with their numbers; those that would lie on one another are moved apart and tied to their place by a line."""
    taken: list[tuple[float, float]] = []
    for one in marks:
        x, y = frame.point(one.lon, one.lat)
        at = _free(x, y, taken, _NEAR * 1.9 * big, frame)
        taken.append(at)
        yield _mark(one, (x, y), at, big)


def _free(x: float, y: float, taken: Sequence[tuple[float, float]], apart: float, frame: Frame) -> tuple[float, float]:
    """The nearest place on a spiral about the point that no mark has taken."""
    for turn in range(120):
        angle, radius = turn * 2.399963, apart * 0.42 * math.sqrt(turn)
        at = (min(max(x + radius * math.cos(angle), 16), WIDTH - 16), min(max(y + radius * math.sin(angle), 16), frame.height - 16))
        if all(math.dist(at, other) >= apart for other in taken):
            return at
    return x, y


def _mark(one: Marked, home: tuple[float, float], at: tuple[float, float], big: float) -> Markup:
    size = 15 * big
    parts: list[Markup] = [tag("title", f"{one.number}. {one.name}")]
    if math.dist(home, at) > 4:
        parts.append(tag("path", d=f"M{number(home[0])} {number(home[1])}L{number(at[0])} {number(at[1])}", class_="lk", stroke_width="1"))
        parts.append(tag("circle", cx=home[0], cy=home[1], r=2.0 * big, class_="t2"))
    dashes = "3 2.5" if one.is_whole_state else None
    parts.append(tag("circle", cx=at[0], cy=at[1], r=11.5 * big, fill="var(--card)", stroke="var(--ink3)", stroke_dasharray=dashes))
    parts.append(drawn_mark(one.outcome, size, *at))
    parts.append(tag("text", str(one.number), x=at[0] + 11 * big, y=at[1] - 7 * big, class_="t b halo", font_size=13 * big))
    return tag("g", *parts)


def legend(dossier: Dossier) -> tuple[str, ...]:
    """The codes of what the map holds besides marks, for the key."""
    sorts = {d.sort for d in dossier.drawings}
    names = {"agreement": "zone", "evidence": "zone-evidence", "disputed": "zone-disputed"}
    paths = ("track", "track-gap") if dossier.paths else ()
    return (*(names[s] for s in ("agreement", "evidence", "disputed") if s in sorts), *paths)
