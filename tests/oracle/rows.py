"""Evidence rows as a person types them, made exact.

A row is a dict of strings: `table` (a kind's name, or `source`, `completeness`,
`identity`), `id`, `source`, `says`, `event`, `target`, `said_at`,
`published_at`, and one cell for each field. Times come out naive, in UTC;
`EARLIEST`, `LATEST` and the infinities stand for "no bound".
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from detente.model.kind import Field, Kind

EARLIEST, LATEST = datetime.min, datetime.max  # noqa: DTZ901 - all times here are naive UTC
TICK = timedelta(microseconds=1)

Raw = Mapping[str, str]
Range = tuple[Any, Any]


def day_start(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC).replace(tzinfo=None)


def day_end(day: date, zone: ZoneInfo) -> datetime:
    return day_start(day + timedelta(days=1), zone) - TICK


def local_date(moment: datetime, zone: ZoneInfo) -> date:
    return moment.replace(tzinfo=UTC).astimezone(zone).date()


def moment(text: str, zone: ZoneInfo) -> Range:
    """The least and the greatest instant that a date, a month or a dated time can mean."""
    text = text.strip()
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        day = date.fromisoformat(text)
        return day_start(day, zone), day_end(day, zone)
    if re.fullmatch(r"\d{4}-\d{2}", text):
        first = date.fromisoformat(text + "-01")
        following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        return day_start(first, zone), day_start(following, zone) - TICK
    exact = datetime.fromisoformat(text)
    exact = exact.astimezone(UTC).replace(tzinfo=None)
    return exact, exact


def least(of: Field) -> Any:
    return EARLIEST if of.type == "time" else -math.inf


def greatest(of: Field) -> Any:
    return LATEST if of.type == "time" else math.inf


def below(value: Any, of: Field) -> Any:
    """The next smaller value of that field's type."""
    if of.type == "time":
        return value - TICK if value != EARLIEST else value
    return math.nextafter(value, -math.inf) if of.type == "number" else value - 1


def above(value: Any, of: Field) -> Any:
    """The next greater value of that field's type."""
    if of.type == "time":
        return value + TICK if value != LATEST else value
    return math.nextafter(value, math.inf) if of.type == "number" else value + 1


def simple(text: str, of: Field, zone: ZoneInfo) -> Range:
    text = text.strip()
    if of.type == "time":
        return moment(text, zone)
    if of.type == "flag":
        value = 1.0 if text in ("yes", "true", "1") else 0.0
        return value, value
    if of.type == "scale":
        step = float(of.levels.index(text))
        return step, step
    return float(text), float(text)


def ordered(text: str, of: Field, zone: ZoneInfo) -> Range:
    """The bounds of a cell: `9400`, `8200..10100`, `>=9000`, `<2026-01-15`, `8200..`."""
    text = text.strip()
    if ".." in text:
        low, high = text.split("..")
        return (simple(low, of, zone)[0] if low else least(of)), (simple(high, of, zone)[1] if high else greatest(of))
    for sign in (">=", "<=", ">", "<"):
        if text.startswith(sign):
            low, high = simple(text[len(sign) :], of, zone)
            return {
                ">=": (low, greatest(of)),
                ">": (above(high, of), greatest(of)),
                "<=": (least(of), high),
                "<": (least(of), below(low, of)),
            }[sign]
    return simple(text, of, zone)


@dataclass(frozen=True)
class Row:
    """One statement about one event, or a pattern (`event` None)."""

    seq: int
    id: str
    kind: str
    source: str
    says: str
    event: str | None
    target: str | None
    said: datetime
    published: datetime
    words: Mapping[str, str]
    ranges: Mapping[str, Range]
    own: bool


@dataclass(frozen=True)
class Complete:
    """A register is stated to be complete for a kind over a span."""

    id: str
    source: str
    register: str | None
    kind: str
    said: datetime
    published: datetime
    span: Range
    words: Mapping[str, str]
    own: bool
    lag: timedelta | None = None
    """How long entries may still be missing, where no end is stated: taken off as-of."""


@dataclass(frozen=True)
class Link:
    """Two ids are stated to name the same event, or not to."""

    id: str
    source: str
    says: str
    said: datetime
    published: datetime
    kind: str
    a: str
    b: str


@dataclass(frozen=True)
class Speaker:
    id: str
    kind: str
    speaks_for: tuple[str, ...]


@dataclass(frozen=True)
class Evidence:
    """All rows, read."""

    speakers: Mapping[str, Speaker]
    rows: tuple[Row, ...]
    complete: tuple[Complete, ...]
    links: tuple[Link, ...]
    last_published: datetime | None = None
    withdrawn_ids: tuple[tuple[str, str, str, datetime], ...] = field(default=())
    """(kind, source, target, said) of every withdrawal that names a statement."""


def listed(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def read(raws: Iterable[Raw], kinds: Mapping[str, Kind], parties: tuple[str, ...], zone: ZoneInfo) -> Evidence:
    raws = list(raws)
    speakers = {}
    for raw in raws:
        if raw["table"] == "source":
            speakers[raw["id"]] = Speaker(raw["id"], raw["kind"], listed(raw.get("speaks_for", "")))
    rows: list[Row] = []
    complete: list[Complete] = []
    links: list[Link] = []
    for seq, raw in enumerate(raws):
        table = raw["table"]
        if table == "source":
            continue
        published = moment(raw["published_at"], zone)[1]
        said = moment(raw["said_at"], zone)[1] if raw.get("said_at") else published
        name = raw.get("id") or f"row-{seq}"
        voice = speakers[raw["source"]].speaks_for
        if table == "completeness":
            lag = timedelta(days=int(raw["lag"].split()[0])) if raw.get("lag") else None  # the oracle reads lags in days only
            until = moment(raw["until"], zone)[1] if raw.get("until") else LATEST if lag else published
            if lag and raw.get("until"):
                until -= lag
                lag = None
            span = (moment(raw["from"], zone)[0] if raw.get("from") else EARLIEST), until
            words = {f: raw[f] for f in ("party", "recipient", "about", "place") if raw.get(f)}
            own = any(words.get(f) in voice for f in ("party", "recipient"))
            complete.append(Complete(name, raw["source"], raw.get("register") or None, raw["kind"], said, published, span, words, own, lag))
        elif table == "identity":
            links.append(Link(name, raw["source"], raw["says"], said, published, raw["kind"], raw["a"], raw["b"]))
        elif table in kinds:
            kind = kinds[table]
            filled = {f: raw[f] for f in kind.fields if raw.get(f)}
            words = {f: text for f, text in filled.items() if not kind.fields[f].is_ordered}
            ranges = {f: ordered(text, kind.fields[f], zone) for f, text in filled.items() if kind.fields[f].is_ordered}
            row = Row(
                seq,
                name,
                table,
                raw["source"],
                raw["says"],
                raw.get("event") or None,
                raw.get("target") or None,
                said,
                published,
                words,
                ranges,
                own=False,
            )
            rows += [replace(one, own=_is_own(one, kind, voice)) for one in _one_per_recipient(row, parties)]
    withdrawn = tuple((r.kind, r.source, r.target, r.said) for r in rows if r.says == "withdraws" and r.target)
    published_all = [moment(raw["published_at"], zone)[1] for raw in raws if raw["table"] != "source"]
    return Evidence(speakers, tuple(rows), tuple(complete), tuple(links), max(published_all, default=None), withdrawn)


def _is_own(row: Row, kind: Kind, voice: tuple[str, ...]) -> bool:
    return any(row.words.get(act) in voice for act in kind.acts)


def _one_per_recipient(row: Row, parties: tuple[str, ...]) -> list[Row]:
    cell = row.words.get("recipient", "")
    if cell != "all" and ";" not in cell:
        return [row]
    names = tuple(p for p in parties if p != row.words.get("party")) if cell == "all" else listed(cell)
    return [replace(row, event=f"{row.event}>{name}" if row.event else None, words={**row.words, "recipient": name}) for name in names]


def spread(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Where somebody lists several recipients of a message, everyone's rows on it go by recipient.

    A row that names one recipient joins that recipient's event; a row that
    names none speaks of all of them.
    """
    rows = list(rows)
    parts: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        if row.event and ">" in row.event:
            parts.setdefault((row.kind, base(row.event)), set()).add(row.event)
    out: list[Row] = []
    for row in rows:
        several = parts.get((row.kind, row.event or ""))
        if not several:
            out.append(row)
        elif "recipient" in row.words:
            out.append(replace(row, event=f"{row.event}>{row.words['recipient']}"))
        else:
            out += [replace(row, event=event) for event in sorted(several)]
    return tuple(out)


def base(event: str) -> str:
    """The event's id without the recipient that listing several gave it."""
    return event.partition(">")[0]


def known(evidence: Evidence, known_on: datetime, as_of: datetime) -> Evidence:
    """The evidence as it was published until then."""
    rows = tuple(r for r in evidence.rows if r.published <= known_on)
    return replace(
        evidence,
        rows=spread(rows),
        complete=tuple(replace(c, span=(c.span[0], as_of - c.lag)) if c.lag else c for c in evidence.complete if c.published <= known_on),
        links=tuple(link for link in evidence.links if link.published <= known_on),
        withdrawn_ids=tuple((r.kind, r.source, r.target, r.said) for r in rows if r.says == "withdraws" and r.target),
    )
