"""Where silence means no: boxes that an account holds closed.

A box is what a search asks for: a word per word field, a range per ordered
field. A completeness row or a pattern denial contains it when each of its own
cells is met by every event in the box. Source: semantics, section 3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from detente.judge.columns import columns
from detente.judge.scene import Scene
from detente.judge.sql import all_of, moment, name, text
from detente.model.kind import Field, Kind


@dataclass(frozen=True, slots=True)
class Box:
    """SQL for each field the search fixes: `words` by field, `ranges` (least, greatest) by field.

    `both_ways` are fields whose box stands there twice, once with its word and once
    with NULL: then closing rows with that word, and those without one, are found by
    one hash join, and not each compared with each box.
    """

    words: Mapping[str, str] = field(default_factory=dict)
    ranges: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    both_ways: frozenset[str] = frozenset()

    @staticmethod
    def of_row(kind: Kind, alias: str) -> Box:
        """The box of one event as a row describes it."""
        return Box(
            {f.name: f"{alias}.{name(f.name)}" for f in kind.fields.values() if not f.is_ordered},
            {f.name: (f"{alias}.{name(f.name + '_lo')}", f"{alias}.{name(f.name + '_hi')}") for f in kind.fields.values() if f.is_ordered},
        )


def contains(scene: Scene, kind: Kind, box: Box, alias: str, *, possibly: bool = False) -> str:
    """Whether the closing row `alias` contains the box; with `possibly`, whether they have anything in common."""
    conditions = []
    for f in _closing_fields(scene, kind):
        if f.is_ordered:
            conditions.append(
                _range_met(f"{alias}.{name(f.name + '_lo')}", f"{alias}.{name(f.name + '_hi')}", box.ranges.get(f.name), possibly)
            )
        elif f.name in box.both_ways:
            conditions.append(f"{alias}.{name(f.name)} IS NOT DISTINCT FROM {box.words[f.name]}")
        else:
            cell = f"{alias}.{name(f.name)}"
            word = box.words.get(f.name)
            met = f"coalesce({cell} = {word}, {str(possibly).lower()})" if word else str(possibly).lower()
            conditions.append(f"({cell} IS NULL OR {met})")
    return all_of(conditions)


def _closing_fields(scene: Scene, kind: Kind) -> list[Field]:
    """The fields that closing rows of the kind fill; the others ask nothing."""
    filled = scene.shape(kind.name).closing
    return [f for f in kind.fields.values() if f.name in filled]


def _range_met(lo: str, hi: str, box: tuple[str, str] | None, possibly: bool) -> str:
    if box is None:
        return "true" if possibly else f"({lo} IS NULL AND {hi} IS NULL)"
    if possibly:
        return f"(coalesce({box[1]} >= {lo}, true) AND coalesce({box[0]} <= {hi}, true))"
    return f"(({lo} IS NULL OR coalesce({box[0]} >= {lo}, false)) AND ({hi} IS NULL OR coalesce({box[1]} <= {hi}, false)))"


def closing(scene: Scene, kind: Kind) -> list[tuple[str, str]]:
    """CTE `closed <kind>`: what closes it, with the accounts it closes it for; before it `patterns <kind>`, where more asks for them."""
    shape = scene.shape(kind.name)
    ctes: list[tuple[str, str]] = []
    parts = []
    known = f"published <= {moment(scene.known_on)}"
    cells = [name(c) for c in columns(_closing_fields(scene, kind))]
    if shape.has_patterns:
        told = _patterns(scene, kind, cells)
        if shape.is_contested:  # then they are also spread over the events that they cover
            ctes.append((f"patterns {kind.table}", told))
            told = f"  SELECT * FROM {name('patterns ' + kind.table)}"
        closing_cells = "".join(", " + c for c in cells)
        parts.append(f"  SELECT seq, false AS is_register, accounts, self, plain, speaks{closing_cells} FROM (\n{told})")
    if shape.is_registered:
        registers = f" AND (c.register IS NULL OR c.register IN ({', '.join(text(r) for r in kind.registers)}))" if kind.registers else ""
        parts.append(
            f"  SELECT c.seq, true AS is_register, v.hears AS accounts, v.self, v.plain, v.speaks{''.join(', ' + _completeness_cell(scene, kind, c) for c in cells)}\n"
            f"  FROM completeness c JOIN voice v ON v.source = c.source AND v.own = c.own\n"
            f"  WHERE c.kind = {text(kind.name)} AND c.{known} AND v.hears <> 0{registers}"
        )
    if parts:
        ctes.append((f"closed {kind.table}", "\n  UNION ALL\n".join(parts)))
    return ctes


def _patterns(scene: Scene, kind: Kind, cells: Sequence[str]) -> str:
    """The pattern denials that their sources stand by."""
    known = f"published <= {moment(scene.known_on)}"
    taken_back = ""
    if scene.shape(kind.name).takes_back:
        taken_back = (
            f"\n    AND NOT EXISTS (SELECT 1 FROM {name(kind.table)} w JOIN statement k ON k.id = w.target"
            f" WHERE k.seq = s.seq AND w.source = s.source AND w.{known} AND w.said >= s.said)"
        )
    return (
        f"  SELECT s.seq, s.source, s.own, s.said{''.join(', s.' + c for c in cells)}, v.hears AS accounts, v.self, v.plain, v.speaks\n"
        f"  FROM {name(kind.table)} s JOIN voice v ON v.source = s.source AND v.own = s.own\n"
        f"  WHERE NOT s.lone AND s.event IS NULL AND s.says = 'denies' AND s.{known} AND v.hears <> 0{taken_back}"
    )


def _completeness_cell(scene: Scene, kind: Kind, quoted: str) -> str:
    column = quoted.strip('"')
    words = {"party": "c.party", "recipient": "c.recipient", "about": "c.about"}
    if column in words:
        return f"{words[column]} AS {quoted}"
    if column == f"{kind.happens}_lo":
        return f"c.from_ AS {quoted}"
    if column == f"{kind.happens}_hi":
        # Complete up to the last moment its keeper has declared; a standing declaration (one with a lag) up to as-of, less the lag.
        standing = f"CASE WHEN c.lag IS NULL THEN c.published ELSE {moment(scene.as_of)} - c.lag END"
        return f"coalesce(c.until_, {standing}) AS {quoted}"
    fields = kind.fields
    if column in fields:
        return f"{'c.place' if fields[column].type == 'place' and column == _place_field(kind) else 'NULL::VARCHAR'} AS {quoted}"
    base = fields[column.rsplit("_", 1)[0]]
    return f"NULL::{'TIMESTAMP' if base.type == 'time' else 'DOUBLE'} AS {quoted}"


def _place_field(kind: Kind) -> str | None:
    """The field that a register's place limits: the first place of the kind."""
    return next((f.name for f in kind.fields.values() if f.type == "place"), None)
