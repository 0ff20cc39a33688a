"""A raw table becomes a staged one: cells read to bounds and words, faults named, bad rows marked.

Everything is one query per raw table. The staged table has `line`, the columns of
its layout (ordered fields as `<name>_lo` and `<name>_hi`), and `fault_<n>`, one per
check, zero where nothing is wrong. Only rows without a fault are used later.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import duckdb

from detente.evidence.amounts import amount
from detente.evidence.cells import Reading, trimmed, words
from detente.evidence.faults import FAULTS, NO_FAULT, fault, when
from detente.evidence.layout import ALIASES, FARTHEST_M, PLACES, Layout
from detente.evidence.times import time
from detente.evidence.typed import typed
from detente.evidence.wording import Cell, did_you_mean, problem
from detente.model.kind import Field
from detente.model.problem import Problem
from detente.reading.ask import count, first_row
from detente.reading.parquet import unreadable
from detente.reading.raw import Place, RawColumn, RawTable, sql_name, sql_text
from detente.reading.tally import SHOWN, Tally
from detente.vocabulary.reserved import NOTES
from detente.vocabulary.units import units_of

_PAIRS = (("start", "end"), ("from", "until"), ("sent", "received"))
"""Fields of which the second cannot lie before the first."""


@dataclass(frozen=True, slots=True)
class Staged:
    """A staged table (None if nothing could be staged) and what was wrong with its rows.

    `absent` are the columns that the file does not have: NULL in every row.
    """

    relation: str | None
    layout: Layout
    raw: RawTable
    problems: tuple[Problem, ...]
    kept: int
    left_out: int
    absent: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Plan:
    """The query as it grows: columns to give, joins to the tables of distinct cells, checks to make."""

    raw: RawTable
    layout: Layout
    zone: str | None
    columns: _Columns
    strays: list[RawColumn]
    is_by_line: dict[str, bool]
    """How the cells of a column are read (see `_read_cells`), as its first slice with such cells showed."""
    select: list[str] = field(default_factory=list)
    joins: list[str] = field(default_factory=list)
    checks: list[tuple[str, RawColumn | None, str]] = field(default_factory=list)
    temporary: list[str] = field(default_factory=list)
    absent: dict[str, str] = field(default_factory=dict)

    def give(self, sql: str, name: str) -> None:
        """Add a column of the staged table; one that is NULL throughout is only there for the checks."""
        self.select.append(f"{sql} AS {sql_name(name)}")
        if sql.startswith("NULL::"):
            self.absent[name] = sql

    def check(self, sql: str, name: str, column: RawColumn | None = None) -> None:
        """Add a check: a fault number, as SQL over the staged columns; the name in messages, and the column pointed at."""
        self.checks.append((sql, column or self.column(name), name))

    def column(self, name: str) -> RawColumn | None:
        """The raw column that `name` is read from."""
        found = self.columns.get(name)
        return found[0] if found else None

    def trimmed(self, column: RawColumn) -> str:
        """A raw cell, as SQL; a text without blanks around it, NULL if nothing is left."""
        return trimmed(column.sql, often=self.raw.rows > _FEW) if column.type == "text" else column.sql

    def text(self, name: str) -> str:
        """A column as a trimmed text, or NULL."""
        column = self.column(name)
        return _as_text(column) if column else "NULL::VARCHAR"


def stage(db: duckdb.DuckDBPyConnection, raw: RawTable, layout: Layout, table: str, zone: str | None) -> Staged:
    """Stage `raw` into the new table `table`.

    Sources must be in the table `source`, unless the layout has none. `zone` is the
    agreement's time zone, None for UTC.
    """
    tally = Tally(raw.path)
    columns, strays = _match(db, raw, layout, tally)
    if _lacks(raw, layout, columns, tally):
        return Staged(None, layout, raw, tally.problems(), 0, raw.rows)
    _tell_local_times(raw, columns, tally)
    is_by_line: dict[str, bool] = {}
    name, left_out, absent = table + "_filled", 0, frozenset[str]()
    try:
        is_long = raw.rows > _SLICE
        for start in range(1, raw.lines + 1, _SLICE) if is_long else (1,):
            plan = _Plan(_slice(db, raw, start) if is_long else raw, layout, zone, columns, strays, is_by_line)
            made = "staged_slice" if is_long else name
            left_out += _stage_slice(db, plan, made, tally)
            if is_long:
                verb = f"CREATE TEMP TABLE {sql_name(name)} AS" if start == 1 else f"INSERT INTO {sql_name(name)}"
                db.execute(f"{verb} SELECT * FROM {made} WHERE is_good")
                db.execute(f"DROP TABLE {made}")
                db.execute(f"DROP TABLE {plan.raw.relation}")
            absent = frozenset(plan.absent)
        nulls = "".join(f", {sql} AS {sql_name(column)}" for column, sql in plan.absent.items())
        db.execute(f"CREATE TEMP VIEW {sql_name(table)} AS SELECT *{nulls} FROM {sql_name(name)}")
        kept = count(db, f"{sql_name(table)} WHERE is_good")
    except duckdb.OutOfMemoryException:
        raise  # the file is not at fault, and a verdict without it would be another
    except duckdb.Error as error:
        tally.add(unreadable(raw.path, str(error)))
        return Staged(None, layout, raw, tally.problems(), 0, raw.rows)
    return Staged(sql_name(table), layout, raw, tally.problems(), kept, left_out, absent)


_FEW = 1_000
"""Rows that are read sooner than a longer query is planned."""

_SLICE = 122_880
"""Lines staged at once: what reading cells takes is bounded by them, and of a slice only good rows are kept."""


def _slice(db: duckdb.DuckDBPyConnection, raw: RawTable, start: int) -> RawTable:
    """The lines of a raw table from `start` on, as many as are staged at once."""
    db.execute(f"CREATE TEMP TABLE raw_slice AS SELECT * FROM {raw.relation} WHERE line BETWEEN {start} AND {start + _SLICE - 1}")
    return replace(raw, relation="raw_slice")


def _stage_slice(db: duckdb.DuckDBPyConnection, plan: _Plan, table: str, tally: Tally) -> int:
    """Stage the plan's rows, good and bad, into the new table `table`; names the faults and gives the number of bad rows."""
    try:
        _plan_statement(db, plan)
        for one in plan.layout.fields.values():
            _plan_field(db, plan, one)
        _plan_order(plan)
        _plan_coordinates(plan)
        _plan_strays(plan)
        db.execute(_query(plan, table))
        return _report(db, plan, table, tally)
    finally:
        for name in plan.temporary:
            db.execute(f"DROP TABLE IF EXISTS {sql_name(name)}")


_Columns = dict[str, tuple[RawColumn, str | None]]


def _match(db: duckdb.DuckDBPyConnection, raw: RawTable, layout: Layout, tally: Tally) -> tuple[_Columns, list[RawColumn]]:
    """Columns by the name they have in the layout, with the unit that a column's name gives; and those of no use."""
    known = layout.columns()
    by_name = {name: name for name in known} | {name.replace("-", "_"): name for name in known}
    by_name |= {short: long for short, long in ALIASES.items() if long in known and short not in by_name}
    with_unit = {
        f"{name.replace('-', '_')}_{unit}": (name, unit)
        for name, f in layout.fields.items()
        if f.type == "number"
        for unit in units_of(f.unit)
    }
    columns: _Columns = {}
    strays: list[RawColumn] = []
    for column in raw.columns:
        name, unit = (by_name[column.name], None) if column.name in by_name else with_unit.get(column.name.replace("-", "_"), ("", None))
        if name and name not in columns:
            columns[name] = (column, unit)
        elif name:
            text = f'"{column.name}" means {name}, as another column does; this one is not read'
            tally.add(Problem("duplicate-column", text, *_named_at(db, raw, column)))
        elif column.name not in NOTES:
            strays.append(column)
            aid = did_you_mean(column.name, known) or "columns are: " + ", ".join(known)
            text = f'there is no column "{column.name}" in {layout.name}; it is not read'
            tally.add(Problem("unknown-field", text, *_named_at(db, raw, column), help=aid))
    return columns, strays


def _named_at(db: duckdb.DuckDBPyConnection, raw: RawTable, column: RawColumn) -> Place:
    """Where a column is named: in the header, or in the first row that fills it."""
    line = raw.header[0].line
    if not raw.is_headed:
        row = first_row(db, f"SELECT min(line) FROM {raw.relation} WHERE {column.sql} IS NOT NULL")
        line = int(row[0]) if row and row[0] else line
    return raw.locator.places([(line, column.index)])[0]


def _tell_local_times(raw: RawTable, columns: _Columns, tally: Tally) -> None:
    for column, _ in columns.values():
        if column.type == "local":
            text = f'"{column.name}" has clock times without a time zone; they are read as UTC'
            tally.add(Problem("clock-time-without-zone", text, *raw.locator.places([(1, column.index)])[0], severity="warning"))


def _lacks(raw: RawTable, layout: Layout, columns: _Columns, tally: Tally) -> bool:
    """Whether a column is missing without which no row can be read; said once, not for each row."""
    if not raw.rows:
        return False
    needed = [
        (name, f"missing-{name}")
        for name, need in (("id", layout.id), ("source", layout.source))
        if need == "required" and name not in columns
    ]
    needed += [(name, "missing-cell") for name in layout.required if name not in columns]
    if layout.time == "required" and "said_at" not in columns and "published_at" not in columns:
        needed.append(("said_at", "missing-time"))
    span, excerpt = raw.header
    for name, code in needed:
        tally.add(Problem(code, f"the table has no column {name}; none of its {raw.rows} rows can be used", span, excerpt))
    return bool(needed)


def _as_text(column: RawColumn) -> str:
    return f"t.{column.sql}"


def _plan_statement(db: duckdb.DuckDBPyConnection, plan: _Plan) -> None:
    """The columns that every statement has, before its kind's own fields."""
    layout = plan.layout
    if layout.id != "absent":
        plan.give(plan.text("id"), "id")
    if layout.id == "required":
        plan.check(when("id IS NULL", "missing-id"), "id")
    if layout.source != "absent":
        plan.give(plan.text("source"), "source")
        plan.joins.append(f"LEFT JOIN (SELECT id AS known_source FROM source) ON known_source = {plan.text('source')}")
        plan.give("known_source", "known_source")
        plan.check(
            f"CASE WHEN source IS NULL THEN {fault('missing-source')} WHEN known_source IS NULL THEN {fault('unknown-source')} ELSE {NO_FAULT} END",
            "source",
        )
    if layout.says:
        plan.give(f"coalesce({plan.text('says')}, 'asserts')", "says")
        plan.check(when(f"says NOT IN ({', '.join(sql_text(word) for word in layout.says)})", "unknown-word"), "says")
    if layout.event != "absent":
        plan.give(plan.text("event"), "event")
        plan.give(plan.text("target"), "target")
        unnamed = f"CASE WHEN says = 'asserts' AND event IS NULL THEN {fault('missing-event-for-assert')} "
        unnamed += f"WHEN says = 'withdraws' AND event IS NULL AND target IS NULL THEN {fault('missing-target')} ELSE {NO_FAULT} END"
        plan.check(unnamed, "event")
        plan.check(when("says <> 'withdraws' AND target IS NOT NULL", "misplaced-target"), "target")
    if layout.time != "absent":
        _plan_times(db, plan)
    for name in layout.texts:
        plan.give(plan.text(name), name)


def _plan_times(db: duckdb.DuckDBPyConnection, plan: _Plan) -> None:
    """`said` and `published`: a date counts from its last moment, since only then has it surely been said."""
    for name in ("said_at", "published_at"):
        lo, hi, wrong = _bounds(db, plan, Field(name, "time"))
        plan.give(lo, name + "_lo")
        plan.give(hi, name + "_hi")
        column = plan.column(name)
        if column and column.type == "text":
            is_open = f"t.{column.sql} IS NOT NULL AND (contains(t.{column.sql}, '..') OR regexp_matches(t.{column.sql}, '^[<>≥≤]'))"
            wrong = f"CASE WHEN {wrong} = 0 AND coalesce({is_open}, false) THEN {fault('not-a-moment')} ELSE {wrong} END"
        plan.give(wrong, name + "_fault")
        plan.check(f"{name}_fault", name)
    plan.give("coalesce(said_at_hi, published_at_hi)", "said")
    plan.give("coalesce(published_at_hi, said_at_hi)", "published")
    if plan.layout.time == "required":
        plan.check(when("said IS NULL AND said_at_fault = 0 AND published_at_fault = 0", "missing-time"), "said_at")


def _plan_field(db: duckdb.DuckDBPyConnection, plan: _Plan, one: Field) -> None:
    """The columns and checks of one field."""
    column = plan.column(one.name)
    if one.is_ordered:
        lo, hi, wrong = _bounds(db, plan, one)
        plan.give(lo, one.name + "_lo")
        plan.give(hi, one.name + "_hi")
        if column is not None:
            plan.give(wrong, one.name + "_fault")
            plan.check(sql_name(one.name + "_fault"), one.name)
    else:
        plan.give(plan.text(one.name), one.name)
        wrong_word = _word_check(one, sql_name(one.name), plan.layout)
        if column is not None and wrong_word:
            plan.check(wrong_word, one.name)
    if one.name in plan.layout.required:
        names = [sql_name(one.name + end) for end in ("_lo", "_hi")] if one.is_ordered else [sql_name(one.name)]
        is_empty = " AND ".join(f"{name} IS NULL" for name in names)
        if one.is_ordered and column is not None:
            is_empty += f" AND {sql_name(one.name + '_fault')} = 0"
        plan.check(when(is_empty, "missing-cell"), one.name)


_COORDINATES = r"'([+-]?[0-9]+(?:\.[0-9]+)?)\s*,\s*([+-]?[0-9]+(?:\.[0-9]+)?)'"


def _word_check(one: Field, cell: str, layout: Layout) -> str | None:
    if one.type == "category" and one.levels:
        words = ", ".join(sql_text(word) for word in one.levels)
        return when(f"{cell} NOT IN ({words})", layout.codes.get(one.name, "unknown-word"))
    if one.type == "party" and one.name != "recipient":
        return when(f"contains({cell}, ';')", "several-words")
    if one.type == "place":
        lat, lon = (f"try_cast(regexp_extract({cell}, {_COORDINATES}, {i}) AS DOUBLE)" for i in (1, 2))
        return when(f"regexp_full_match({cell}, {_COORDINATES}) AND (abs({lat}) > 90 OR abs({lon}) > 180)", "impossible-coordinates")
    return None


def _bounds(db: duckdb.DuckDBPyConnection, plan: _Plan, one: Field) -> tuple[str, str, str]:
    """Lower bound, upper bound and fault of an ordered field, as SQL over the raw columns."""
    kind = "TIMESTAMP" if one.type == "time" else "DOUBLE"
    if one.name not in plan.columns:
        return f"NULL::{kind}", f"NULL::{kind}", NO_FAULT
    column, unit = plan.columns[one.name]
    cell = f"t.{column.sql}"
    if column.type != "text":
        known = typed(one, column.type, cell, plan.zone, unit)
        if known is not None:
            return known
        cell += "::VARCHAR"
    reading = _reading(one, plan.zone, unit)
    name = f"cell_{column.index}"
    by_line = _read_cells(db, plan, name, f"SELECT line, {plan.trimmed(column)}::VARCHAR AS x FROM {plan.raw.relation}", reading)
    plain = reading.bounds_of(cell)
    if by_line is None:
        return *plain, NO_FAULT
    key = "t.line" if by_line else cell
    plan.joins.append(
        f"LEFT JOIN (SELECT key AS {name}_key, lo AS {name}_lo, hi AS {name}_hi, fault AS {name}_fault FROM {name}) ON {name}_key = {key}"
    )
    lo, hi = (f"CASE WHEN {name}_key IS NULL THEN {bound} ELSE {name}_{end} END" for bound, end in zip(plain, ("lo", "hi"), strict=True))
    return lo, hi, f"coalesce({name}_fault, {NO_FAULT})"


def _reading(one: Field, zone: str | None, unit: str | None) -> Reading:
    """How the cells of an ordered field are read; `unit` is that of bare numbers."""
    if one.type in ("count", "number"):
        return amount(one, unit)
    if one.type == "time":
        return time(zone)
    if one.type == "flag":
        return words(("no", "yes"), {"false": "no", "true": "yes"}, "unknown-word")
    return words(one.levels, {}, "unknown-level")


_OFTEN = 4
"""Cells are read once per distinct text where each stands this often on average; else once per row."""


def _read_cells(db: duckdb.DuckDBPyConnection, plan: _Plan, name: str, rows: str, reading: Reading) -> bool | None:
    """Put the cells that need the grammar, read, into the table `name`; whether its key is the line and not the text.

    None if no cell needs it.
    """
    needing = f"SELECT line, x FROM ({rows}) WHERE x IS NOT NULL AND NOT {reading.is_plain('x')}"
    if name not in plan.is_by_line:
        seen = first_row(db, f"SELECT count(*), count(DISTINCT x) FROM (SELECT x FROM ({needing}) LIMIT 100000)") or (0, 0)
        if not seen[0]:
            return None
        plan.is_by_line[name] = bool(seen[0] < _OFTEN * seen[1])
    by_line = plan.is_by_line[name]
    cells = f"SELECT line AS key, x FROM ({needing})" if by_line else f"SELECT DISTINCT x AS key, x FROM ({needing})"
    db.execute(f"CREATE TEMP TABLE {name} AS WITH cells_to_read AS ({cells}) SELECT key, lo, hi, fault FROM ({reading.query})")
    plan.temporary.append(name)
    return by_line


def _plan_order(plan: _Plan) -> None:
    """What must not lie before something else. A date may be the same day as a moment: only certain faults count."""
    layout = plan.layout
    for first, last in _PAIRS:
        if (
            first in plan.columns
            and last in plan.columns
            and all(name in layout.fields and layout.fields[name].type == "time" for name in (first, last))
        ):
            before = f"{sql_name(last + '_hi')} < {sql_name(first + '_lo')}"
            plan.check(when(f"{before} AND says = 'asserts'" if layout.says else before, "end-before-start"), last)
    if "said_at" in plan.columns and "published_at" in plan.columns:
        plan.check(when("published_at_hi < said_at_lo", "published-before-said"), "published_at")


def _plan_coordinates(plan: _Plan) -> None:
    """Points that are not on earth, and circles that are larger than can be drawn."""
    for name, limit in (("lat", 90), ("lon", 180)):
        if name in plan.layout.fields:
            plan.check(
                when(
                    f"abs({name}_lo) > {limit} OR {name}_lo <> {name}_hi OR ({name}_lo IS NULL) <> ({name}_hi IS NULL)",
                    "impossible-coordinates",
                ),
                name,
            )
    if plan.layout is PLACES:
        for name in ("radius", "accuracy"):
            is_one = f"{name}_lo = {name}_hi AND {name}_lo BETWEEN 0 AND {FARTHEST_M}"
            given = f"({name}_lo IS NOT NULL OR {name}_hi IS NOT NULL)"
            plan.check(when(f"{given} AND NOT coalesce({is_one}, false)", "impossible-coordinates"), name)


def _plan_strays(plan: _Plan) -> None:
    """A denial without an event that fills a column nobody reads would deny more than was meant."""
    if plan.layout.event == "absent":
        return
    for stray in plan.strays:
        plan.give(f"t.{stray.sql} IS NOT NULL", f"stray_{stray.index}")
        plan.check(when(f"says = 'denies' AND event IS NULL AND stray_{stray.index}", "unknown-field"), stray.name, stray)


def _query(plan: _Plan, table: str) -> str:
    """What makes a staged table of the columns that hold anything."""
    columns = plan.raw.columns
    cut = "".join(f", {plan.trimmed(c)} AS {c.sql}" for c in columns)
    is_filled = " OR ".join(f"{c.sql} IS NOT NULL" for c in columns) or "false"
    checks = "".join(f", {sql} AS fault_{i}" for i, (sql, _, _) in enumerate(plan.checks))
    faults = " AND ".join(f"fault_{i} IN (0, {FAULTS.index(_WARNING)})" for i in range(len(plan.checks))) or "true"
    empty = [sql_name(name) for name in plan.absent]
    return f"""CREATE TEMP TABLE {sql_name(table)} AS
        WITH trimmed AS (SELECT line{cut} FROM {plan.raw.relation}),
        t AS (SELECT * FROM trimmed WHERE {is_filled}),
        given AS (SELECT t.line, {", ".join(plan.select)} FROM t {" ".join(plan.joins)}),
        checked AS (SELECT *{checks} FROM given)
        SELECT *{f" EXCLUDE ({', '.join(empty)})" if empty else ""}, {faults} AS is_good FROM checked"""


def drop(db: duckdb.DuckDBPyConnection, staged: Staged) -> None:
    """Free what a staged table takes up."""
    if staged.relation is not None:
        name = staged.relation.strip('"')
        db.execute(f"DROP VIEW {sql_name(name)}")
        db.execute(f"DROP TABLE {sql_name(name + '_filled')}")


_WARNING = "published-before-said"
"""The one fault with which a row is still used."""


def _report(db: duckdb.DuckDBPyConnection, plan: _Plan, table: str, tally: Tally) -> int:
    """Name the faults of a staged table; gives the number of rows left out."""
    raw, layout, checks = plan.raw, plan.layout, plan.checks
    name = sql_name(table)
    if not checks:
        return 0
    worst = first_row(db, f"SELECT count(*) FILTER (NOT is_good), {', '.join(f'max(fault_{i})' for i in range(len(checks)))} FROM {name}")
    if worst is None:
        return 0
    for i, (_, column, what) in enumerate(checks):
        if not worst[i + 1]:
            continue
        found = db.execute(
            f"SELECT fault_{i}, count(*), min(line, {SHOWN}) FROM {name} WHERE fault_{i} <> 0 GROUP BY 1 ORDER BY 1"
        ).fetchall()
        for number, several, first in found:
            code = FAULTS[number]
            lines = first if tally.wants(code) else []
            texts = _cell_texts(db, raw, column, lines) if lines else {}
            places = raw.locator.places([(line, column.index if column else None) for line in lines]) if lines else []
            known = _known_words(db, code, layout)
            for line, place in zip(lines, places, strict=True):
                tally.add(problem(code, Cell(what, texts.get(line, ""), layout, known), place))
            tally.add_unseen(code, int(several) - len(lines))
    return int(worst[0])


def _known_words(db: duckdb.DuckDBPyConnection, code: str, layout: Layout) -> tuple[str, ...]:
    """The words that might have been meant where a name is unknown."""
    if code == "unknown-source":
        return tuple(row[0] for row in db.execute("SELECT id FROM source ORDER BY id LIMIT 1000").fetchall())
    if code == "unknown-kind":
        return layout.fields["kind"].levels
    return ()


def _cell_texts(db: duckdb.DuckDBPyConnection, raw: RawTable, column: RawColumn | None, lines: list[int]) -> dict[int, str]:
    if column is None:
        return {}
    rows = db.execute(
        f"SELECT line, {column.sql}::VARCHAR FROM {raw.relation} WHERE line IN (SELECT unnest(?::UINTEGER[]))", [lines]
    ).fetchall()
    return {int(line): str(text or "").strip() for line, text in rows}
