"""Gathers what a report shows of one question: verdicts, reasons, statements, times and places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from detente.judge import Question
from detente.model.dossier import Dossier, Drawing, Occurrence, Ring, Span, Voice
from detente.model.statement import Statement
from detente.model.verdict import Explanation, InstanceVerdict, Outcome, Verdicts
from detente.workbench.happened import occurrences, paths
from detente.workbench.open import Workbench
from detente.workbench.places import land_claims
from detente.workbench.seen import observed, unwatched, watches
from detente.workbench.tested import tested_words

if TYPE_CHECKING:
    import shapely

MOST_EXPLAINED = 12
"""Breached and disputed instances of one rule that are explained in full; the gravest first."""
MOST_OPEN_EXPLAINED = 3
"""The same for those that are unverified, kept, or without a verdict."""


def dossier(bench: Workbench, question: Question | None = None) -> Dossier:
    """Everything that a report shows.

    Raises:
        NotAskable: as `Workbench.check`.
    """
    question = question or Question()
    verdicts = bench.check(question)
    agreement, db = bench.agreement, bench.record.database
    known_on = verdicts.known_on.astimezone(UTC).replace(tzinfo=None)
    happened = occurrences(db, agreement, verdicts, bench.places, known_on)
    drawn = tuple(_drawings(bench, question))
    moved = paths(db, agreement, bench.places, known_on)
    explanations = {e.verdict.id: e for e in _explained(bench, question, verdicts)}
    statements = _statements(bench, {i for e in explanations.values() for i in e.cited})
    period = _period(bench, question, verdicts, happened)
    seen = watches(db, known_on)
    spoken = {s.source for s in statements.values()} | {w.source for w in seen}
    return Dossier(
        verdicts=verdicts,
        parties=agreement.parties,
        period=period,
        explanations=explanations,
        statements=statements,
        sources={s.id: s for s in bench.record.sources if s.id in spoken},
        occurrences=happened,
        watches=seen,
        observed=observed(agreement, seen, period),
        unwatched=unwatched(agreement, seen),
        drawings=drawn,
        paths=moved,
        tested=tested_words(agreement),
        voices=tuple(_voices(bench, known_on)),
        labels={name: dict(kind.labels) for name, kind in agreement.kinds.items() if kind.labels},
    )


def _explained(bench: Workbench, question: Question, verdicts: Verdicts) -> Iterator[Explanation]:
    for rule in (r for a in verdicts.articles for r in a.rules):
        for instance in told_in_full(rule.instances):
            yield from bench.explain(question, rule.rule, instance.id)


def told_in_full(instances: Iterable[InstanceVerdict]) -> Iterator[InstanceVerdict]:
    """The instances of one rule that a report explains; the others it counts."""
    grave = other = 0
    for instance in instances:
        if instance.outcome in (Outcome.BREACHED, Outcome.DISPUTED):
            grave += 1
            if grave <= MOST_EXPLAINED:
                yield instance
        else:
            other += 1
            if other <= MOST_OPEN_EXPLAINED:
                yield instance


def _statements(bench: Workbench, ids: set[str]) -> dict[str, Statement]:
    rows = bench.record.database.execute("SELECT seq FROM statement WHERE id IN (SELECT unnest(?::VARCHAR[])) ORDER BY seq", [sorted(ids)])
    found = (bench.record.statement(seq) for (seq,) in rows.fetchall())
    return {s.id: s for s in found if s is not None}


def _period(bench: Workbench, question: Question, verdicts: Verdicts, happened: Iterable[Occurrence]) -> Span:
    """From the day of entry into force, if the text dates it, else from the first occurrence or statement, up to as-of."""
    entry = bench.agreement.life.entry
    if isinstance(entry, date) and not question.as_if_in_force:
        start: datetime | None = datetime(entry.year, entry.month, entry.day, tzinfo=UTC)
    else:
        starts = [at for o in happened if o.outcome is not None and (at := o.happens[0]) is not None and at <= verdicts.as_of]
        (first,) = bench.record.database.execute("SELECT min(said) FROM statement").fetchone() or (None,)
        start = min([*starts, *([first.replace(tzinfo=UTC)] if first else [])], default=None)
    return (start if start is None or start < verdicts.as_of else None), verdicts.as_of


def _voices(bench: Workbench, known_on: datetime) -> Iterator[Voice]:
    rows = bench.record.database.execute(
        "SELECT p.party, count(DISTINCT s.seq), max(s.said) FROM speaks p JOIN statement s ON s.source = p.source"
        " WHERE s.published <= ? GROUP BY p.party",
        [known_on],
    ).fetchall()
    told = {party: (number, last) for party, number, last in rows}
    for party in bench.agreement.parties:
        number, last = told.get(party, (0, None))
        yield Voice(party, number, last.replace(tzinfo=UTC) if last else None)


# ---- what is drawn ------------------------------------------------------------------


def _drawings(bench: Workbench, question: Question) -> Iterator[Drawing]:
    """The agreement's own shapes, those of the evidence, and disputed areas of which somebody says whose they are."""
    own = {p.name.casefold() for p in bench.agreement.places.values() if p.file}
    for key, place in sorted(bench.places.named.items()) if bench.places is not None else ():
        rings, points = _outline(place.shape)
        yield Drawing(place.name, "agreement" if key in own else "evidence", rings, points)
    if "territory" not in bench.record.kinds:
        return
    from detente.vocabulary.atlas import load_atlas

    atlas, scene = load_atlas(), bench.judgement(question).scene
    claims = land_claims(bench.record, scene, atlas)
    for polygon in sorted({p for mine in claims.values() for p in mine}):
        owners = {a.name: claims[a.bit].get(polygon) for a in scene.seating.accounts}
        rings, _ = _outline(atlas.disputed[polygon].shape.simplify(0.01))
        yield Drawing(atlas.disputed[polygon].name, "disputed", rings, owners=owners)


def _outline(shape: shapely.Geometry) -> tuple[tuple[Ring, ...], Ring]:
    """The rings of a shape's areas and lines, and its single points."""
    import shapely

    rings: list[Ring] = []
    points: list[tuple[float, float]] = []
    for part in shapely.get_parts(shapely.get_parts(shape)):
        if part.geom_type == "Point":
            points.append((part.x, part.y))
        elif part.geom_type == "Polygon":
            rings += [tuple(map(tuple, shapely.get_coordinates(ring).tolist())) for ring in shapely.get_rings(part)]
        else:
            rings.append(tuple(map(tuple, shapely.get_coordinates(part).tolist())))
    return tuple(rings), tuple(points)
