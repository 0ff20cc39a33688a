"""What is drawn on a time line and a map: the events that rules were tried on, and the messages about them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import duckdb

from detente.agreement.clause import Agreement
from detente.model.dossier import Fix, Occurrence, Path, Spot
from detente.model.kind import Kind
from detente.model.verdict import InstanceVerdict, RuleVerdict, Verdicts, worst
from detente.reading.raw import sql_name

if TYPE_CHECKING:
    from detente.detect.places import Gazetteer

MOST_DRAWN = 400
"""Occurrences of one report: occasions of verdicts first, then messages, each in the order of time."""
_MOST_SPOTS = 8


def occurrences(
    db: duckdb.DuckDBPyConnection, agreement: Agreement, verdicts: Verdicts, places: Gazetteer | None, known_on: datetime
) -> tuple[Occurrence, ...]:
    """The occasions of all listed instances, and messages that a rule asks for or that are about an occasion (`known_on` is naive UTC)."""
    rules = {r.head.id: r for r in agreement.rules}
    tried: dict[str, dict[str, list[InstanceVerdict]]] = {}
    acts: set[str] = set()
    for verdict in (r for a in verdicts.articles for r in a.rules):
        rule = rules.get(verdict.rule.removesuffix(".else"))
        occasion, act = getattr(rule, "occasion", None), getattr(rule, "act", None)
        acts |= {act.kind} if act is not None else set()
        if occasion is not None:
            _gather(tried.setdefault(occasion.kind, {}), verdict)
    known = {event for events in tried.values() for event in events}
    found: list[Occurrence] = []
    for kind in _told_kinds(db, agreement.kinds):
        events = tried.get(kind.name, {})
        wanted = (r for r in _rows(db, kind, known_on) if r["event"] in events or kind.name in acts or r.get("about") in known)
        found += [_occurrence(kind, row, events.get(str(row["event"]), []), places) for row in wanted]
    found.sort(key=lambda o: (o.outcome is None, o.happens[0] or o.happens[1] or datetime.max.replace(tzinfo=UTC), o.kind, o.event))
    return tuple(found[:MOST_DRAWN])


def _gather(events: dict[str, list[InstanceVerdict]], verdict: RuleVerdict) -> None:
    for instance in verdict.instances:
        if instance.occasion is not None:
            events.setdefault(instance.occasion, []).append(instance)


def _told_kinds(db: duckdb.DuckDBPyConnection, kinds: Mapping[str, Kind]) -> Iterator[Kind]:
    """Events and things, but no stocks, of which the record says anything."""
    said = {kind for (kind,) in db.execute("SELECT DISTINCT kind FROM statement").fetchall()}
    return (k for name, k in sorted(kinds.items()) if name in said and k.genus != "stock" and k.happens)


def _rows(db: duckdb.DuckDBPyConnection, kind: Kind, known_on: datetime) -> list[dict[str, object]]:
    """One row per event: the hull of its times, and every party and place that anybody names in an assertion not withdrawn."""
    columns = {"event": "event"}
    for name in ("party", "recipient", "on", "area"):
        if name in kind.fields:
            columns[name] = f"list(DISTINCT {sql_name(name)}) FILTER ({sql_name(name)} IS NOT NULL)"
    if "about" in kind.fields:
        columns["about"] = "min(about)"
    end = next((f for f in ("end", "until") if f in kind.fields and f != kind.happens), None)
    for name, field in (("happens", kind.happens), ("ends", end)):
        if field:
            columns[f"{name}_lo"], columns[f"{name}_hi"] = f"min({sql_name(f'{field}_lo')})", f"max({sql_name(f'{field}_hi')})"
    chosen = ", ".join(f"{sql} AS {sql_name(name)}" for name, sql in columns.items())
    query = f"""SELECT {chosen} FROM {sql_name(kind.table)} AS t WHERE says = 'asserts' AND event IS NOT NULL AND published <= $1
        AND seq NOT IN (SELECT s.seq FROM {sql_name(kind.table)} AS w JOIN statement AS s ON s.id = w.target
            WHERE w.says = 'withdraws' AND w.target IS NOT NULL AND w.published <= $1) GROUP BY event ORDER BY event"""
    return [dict(zip(columns, row, strict=True)) for row in db.execute(query, [known_on]).fetchall()]


def _occurrence(kind: Kind, row: Mapping[str, object], instances: Sequence[InstanceVerdict], places: Gazetteer | None) -> Occurrence:
    dues = [at for i in instances for at in i.due if at is not None]
    return Occurrence(
        event=str(row["event"]),
        kind=kind.name,
        parties=_words(row.get("party")),
        recipients=_words(row.get("recipient")),
        is_notice="recipient" in kind.fields,
        about=str(row["about"]) if row.get("about") else None,
        happens=(_utc(row.get("happens_lo")), _utc(row.get("happens_hi"))),
        ends=(_utc(row.get("ends_lo")), _utc(row.get("ends_hi"))),
        spots=spots(_words(row.get("area")), _words(row.get("on")), places),
        outcome=worst(i.outcome for i in instances),
        instances=tuple(i.id for i in instances),
        due=(min(dues), max(dues)) if dues else (None, None),
    )


def _words(value: object) -> tuple[str, ...]:
    return tuple(sorted(str(v) for v in value)) if isinstance(value, list) else ()


def _utc(value: object) -> datetime | None:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else None


# ---- where ------------------------------------------------------------------------


def spots(areas: Sequence[str], states: Sequence[str], places: Gazetteer | None) -> tuple[Spot, ...]:
    """A point for each place named; where only a state is named, a point in the land of it that nobody disputes."""
    named = [spot for area in areas[:_MOST_SPOTS] if (spot := _spot(area, places)) is not None]
    return tuple(named) or tuple(spot for state in states[:_MOST_SPOTS] if (spot := _in_state(state)) is not None)


def _spot(name: str, places: Gazetteer | None) -> Spot | None:
    from detente.detect.places import written_place
    from detente.vocabulary.atlas import load_atlas

    found = places.find(name) if places is not None else written_place(name)
    if found is not None:
        point = found.shape.centroid if found.shape.geom_type == "Point" else found.shape.representative_point()
        return Spot(name, round(point.x, 4), round(point.y, 4))
    atlas = load_atlas()
    polygons = atlas.polygons(name)
    if polygons:
        point = atlas.disputed[polygons[0]].shape.representative_point()
        return Spot(name, round(point.x, 4), round(point.y, 4))
    return _in_state(name)


_MAINLAND = {"Denmark": (9.3, 56.1)}
"""Where the largest piece of a state's land is not what its name calls to mind (there: Greenland)."""


def _in_state(name: str) -> Spot | None:
    import shapely

    from detente.vocabulary.atlas import load_atlas

    atlas = load_atlas()
    land = atlas.undisputed.get(atlas.state(name) or "")
    if land is None or land.is_empty:
        return None
    if atlas.state(name) in _MAINLAND:
        return Spot(name, *_MAINLAND[str(atlas.state(name))], is_whole_state=True)
    largest = max(shapely.get_parts(land), key=lambda part: part.area)
    point = largest.centroid if largest.contains(largest.centroid) else largest.representative_point()
    return Spot(name, round(point.x, 2), round(point.y, 2), is_whole_state=True)


def paths(db: duckdb.DuckDBPyConnection, agreement: Agreement, places: Gazetteer | None, known_on: datetime) -> tuple[Path, ...]:
    """The paths of things whose place is stated for several times: ships, aircraft, units."""
    found = []
    for kind in _told_kinds(db, agreement.kinds):
        if kind.genus != "thing" or "area" not in kind.fields or "from" not in kind.fields:
            continue
        rows = db.execute(
            f"""SELECT event, min(party), list(from_lo ORDER BY from_lo, area), list(area ORDER BY from_lo, area) FROM {sql_name(kind.table)}
            WHERE says = 'asserts' AND area IS NOT NULL AND from_lo IS NOT NULL AND published <= $1 GROUP BY event HAVING count(DISTINCT from_lo) > 1""",
            [known_on],
        ).fetchall()
        for event, party, times, areas in rows:
            fixes = [
                Fix(time.replace(tzinfo=UTC), at.lon, at.lat)
                for time, area in zip(times, areas, strict=True)
                if (at := _spot(area, places)) is not None and not at.is_whole_state
            ]
            if len(fixes) > 1:
                found.append(Path(event, party, tuple(fixes)))
    return tuple(found)
