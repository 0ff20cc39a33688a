"""Who the statements are from: the tables `source` and `speaks`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

import duckdb
import pyarrow as pa

from detente.agreement.clause import Group
from detente.evidence.layout import SOURCES
from detente.evidence.places import first_lines
from detente.evidence.staging import drop, stage
from detente.evidence.wording import did_you_mean
from detente.model.problem import Problem
from detente.model.source import Source, SourceKind
from detente.reading.raw import RawTable
from detente.reading.tally import SHOWN, Tally
from detente.vocabulary.groups import known_states


def write_sources(db: duckdb.DuckDBPyConnection, sources: Sequence[Source]) -> None:
    """Create the tables `source` and `speaks` and put `sources` into them."""
    db.execute("CREATE TABLE source (id VARCHAR, name VARCHAR, kind VARCHAR, reliability VARCHAR, credibility UTINYINT, graded_by VARCHAR)")
    db.execute("CREATE TABLE speaks (source VARCHAR, party VARCHAR)")
    columns = ("id", "name", "kind", "reliability", "credibility", "graded_by")
    rows = pa.table(
        {name: pa.array([getattr(s, name) for s in sources], type=pa.int64() if name == "credibility" else pa.string()) for name in columns}
    )
    pairs = [(s.id, party) for s in sources for party in s.speaks_for]
    spoken = pa.table(
        {"source": pa.array([a for a, _ in pairs], type=pa.string()), "party": pa.array([b for _, b in pairs], type=pa.string())}
    )
    db.register("sources_given", rows)
    db.register("speaks_given", spoken)
    db.execute("INSERT INTO source SELECT * FROM sources_given")
    db.execute("INSERT INTO speaks SELECT * FROM speaks_given")
    db.unregister("sources_given")
    db.unregister("speaks_given")


def read_sources(
    db: duckdb.DuckDBPyConnection, raws: Sequence[RawTable], parties: Sequence[str], groups: Mapping[str, Group]
) -> tuple[tuple[Source, ...], list[Problem], int]:
    """The sources that tables state, in the order of their ids; problems; rows left out.

    A group in `speaks_for` that is no party stands for all its members. Two rows of
    one id that differ are both left out: nothing says which is meant.
    """
    problems: list[Problem] = []
    left_out = 0
    found: dict[str, Source] = {}
    refused: set[str] = set()
    for number, raw in enumerate(raws):
        staged = stage(db, raw, SOURCES, f"staged_sources_{number}", None)
        problems += staged.problems
        left_out += staged.left_out
        if staged.relation is None:
            continue
        rows = db.execute(
            f"SELECT line, id, coalesce(name, id), kind, speaks_for, reliability, credibility, graded_by FROM {staged.relation} WHERE is_good ORDER BY line"
        ).fetchall()
        doubtful: list[tuple[int, str]] = []
        strange: list[tuple[int, str]] = []
        for line, *cells in rows:
            source = _source(cells, parties, groups)
            if source.id in refused or (source.id in found and found[source.id] != source):
                left_out += 1 if source.id in refused else 2
                refused.add(source.id)
                doubtful.append((line, source.id))
            found.setdefault(source.id, source)
            strange += ((line, party) for party in _strangers(source, parties, groups))
        problems += _described(raw, doubtful, strange, parties)
        drop(db, staged)
    return tuple(found[name] for name in sorted(found) if name not in refused), problems, left_out


def _described(
    raw: RawTable, doubtful: list[tuple[int, str]], strange: list[tuple[int, str]], parties: Sequence[str]
) -> tuple[Problem, ...]:
    tally = Tally(raw.path)
    for (_, name), place in zip(doubtful, first_lines(raw, "id", [line for line, _ in doubtful[:SHOWN]]), strict=False):
        tally.add(Problem("duplicate-id", f'another row says something else of the source "{name}"; neither is used', *place))
    for (_, name), (span, excerpt) in zip(strange, first_lines(raw, "speaks_for", [line for line, _ in strange[:SHOWN]]), strict=False):
        aid = did_you_mean(name, parties)
        tally.add(Problem("unknown-party", f'"{name}" is no Party to the agreement', span, excerpt, help=aid, severity="warning"))
    tally.add_unseen("duplicate-id", len(doubtful) - SHOWN)
    tally.add_unseen("unknown-party", len(strange) - SHOWN)
    return tally.problems()


def _source(cells: list[str | None], parties: Sequence[str], groups: Mapping[str, Group]) -> Source:
    name, title, kind, speaks_for, reliability, credibility, graded_by = cells
    spoken: list[str] = []
    for word in (part.strip() for part in (speaks_for or "").split(";")):
        is_group = word in groups and word not in parties
        spoken += [m.member for m in groups[word].members] if is_group else [word] if word else []
    grade = int(credibility) if credibility else None
    return Source(str(name), str(title), cast("SourceKind", kind), tuple(dict.fromkeys(spoken)), reliability, grade, graded_by)


def _strangers(source: Source, parties: Sequence[str], groups: Mapping[str, Group]) -> list[str]:
    """Parties that a source speaks for and nobody else knows."""
    if not parties:
        return []
    known = set(parties) | known_states() | {m.member for group in groups.values() for m in group.members}
    return [party for party in source.speaks_for if party not in known]
