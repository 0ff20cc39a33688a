"""Where silence means something: registers stated complete and what sources could see, and the share of time they cover."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise

import duckdb

from detente.agreement.clause import Agreement, Rule
from detente.model.dossier import Span, Watch


def watches(db: duckdb.DuckDBPyConnection, known_on: datetime) -> tuple[Watch, ...]:
    """Every register stated complete and every coverage that was known on that moment (naive UTC)."""
    rows = db.execute(
        """SELECT source, kind, true, from_, until_, party, recipient IS NOT NULL OR about IS NOT NULL OR place IS NOT NULL, 1.0
        FROM completeness WHERE published IS NULL OR published <= $1
        UNION ALL SELECT source, kind, false, from_, until_, NULL, place IS NOT NULL, fraction FROM coverage WHERE published IS NULL OR published <= $1
        ORDER BY ALL""",
        [known_on],
    ).fetchall()
    return tuple(
        Watch(source, kind, register, _utc(start), _utc(end), party, narrower, fraction)
        for source, kind, register, start, end, party, narrower, fraction in rows
    )


def asked_kinds(rule: Rule) -> tuple[str, ...]:
    """The kinds whose occurrence the rule hangs on: its occasion and act, what it counts, the craft it keeps apart."""
    parts = [getattr(rule, name, None) for name in ("occasion", "act", "deed", "first", "second")]
    kinds = [part.kind for part in (*parts, *getattr(rule, "summands", ())) if part is not None]
    return tuple(dict.fromkeys(kinds))


def observed(agreement: Agreement, seen: Sequence[Watch], period: Span) -> Mapping[str, float | None]:
    """By rule, the share of the period in which nothing that it asks about could happen unseen; the least of its kinds.

    A statement limited to a recipient, a place or one event is not counted: it covers a part of which nobody says how large it is.
    """
    start, end = period
    if start is None or end is None or end <= start:
        return {}
    shares = {
        kind: sum(_covered(seen, kind, party, start, end) for party in agreement.parties) / max(1, len(agreement.parties))
        for kind in {k for r in agreement.rules for k in asked_kinds(r)}
    }
    return {r.head.id: min((shares[k] for k in asked_kinds(r)), default=None) for r in agreement.rules}


def unwatched(agreement: Agreement, seen: Iterable[Watch]) -> tuple[str, ...]:
    """Kinds that rules ask about and for which nobody stated a register complete, or that they could see."""
    known = {w.kind for w in seen}
    return tuple(dict.fromkeys(k for r in agreement.rules for k in asked_kinds(r) if k not in known))


def _covered(seen: Iterable[Watch], kind: str, party: str, start: datetime, end: datetime) -> float:
    """Share of the period for one party: at each moment the greatest fraction that anybody saw."""
    fitting = [w for w in seen if w.kind == kind and w.party in (None, party) and not w.is_narrower]
    cuts = sorted({start, end, *(c for w in fitting for c in (w.start, w.end) if c is not None and start < c < end)})
    total = 0.0
    for lo, hi in pairwise(cuts):
        share = max((w.fraction for w in fitting if (w.start is None or w.start <= lo) and (w.end is None or w.end >= hi)), default=0.0)
        total += share * (hi - lo).total_seconds()
    return total / (end - start).total_seconds()


def _utc(at: datetime | None) -> datetime | None:
    return at.replace(tzinfo=UTC) if at is not None else None
