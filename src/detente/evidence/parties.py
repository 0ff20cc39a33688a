"""Parties that rows name and the agreement does not know: told, and used all the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb
import pyarrow as pa

from detente.agreement.clause import Group
from detente.evidence.part import Part, report_rows
from detente.evidence.wording import did_you_mean
from detente.model.problem import Problem
from detente.reading.raw import Place, sql_name
from detente.vocabulary.groups import known_states


def unknown_parties(
    db: duckdb.DuckDBPyConnection, parts: Sequence[Part], parties: Sequence[str], groups: Mapping[str, Group]
) -> list[Problem]:
    """A warning where a party first is named that is no Party, member of a group, or known state."""
    if not parties:
        return []
    known = {*parties, *groups, *known_states(), *(m.member for group in groups.values() for m in group.members), "all"}
    db.register("known_parties", pa.table({"name": pa.array(sorted(known), pa.string())}))
    problems: list[Problem] = []
    for part in parts:
        for one in part.staged.layout.fields.values():
            if one.type != "party" or one.name not in {c.name.replace("_", "-") for c in part.staged.raw.columns}:
                continue
            column = sql_name(one.name)
            cell = f"trim(unnest(string_split({column}, ';')))" if one.name == "recipient" else column
            db.execute(
                f"""CREATE OR REPLACE TEMP TABLE faulty AS SELECT min(seq)::UINTEGER AS seq, text, NULL::UINTEGER AS other
                FROM (SELECT seq, {cell} AS text FROM (SELECT min(seq) AS seq, {column} FROM ({part.rows(column)}) WHERE {column} IS NOT NULL GROUP BY {column}))
                WHERE text <> '' AND text NOT IN (SELECT name FROM known_parties) GROUP BY text"""
            )

            def word(text: str, place: Place, _other: Place | None, name: str = one.name) -> Problem:
                message = f'{name} names "{text[:60]}", which is no Party, no group and no known state'
                return Problem("unknown-party", message, *place, help=did_you_mean(text, known), severity="warning")

            problems += report_rows(db, [part], "unknown-party", one.name, word)
    db.unregister("known_parties")
    return problems
