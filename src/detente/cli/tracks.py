"""`detente tracks`: look at files of tracks, mark their faults, and turn them into one format."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from detente.cli.detect import Files, Mapping
from detente.cli.options import Output
from detente.cli.streams import refusal, say, write
from detente.model.problem import Problem, visible

if TYPE_CHECKING:
    import pyarrow as pa

    from detente.cli.track_files import TrackFiles


class Action(StrEnum):
    """What to do with the files."""

    INFO = "info"
    CLEAN = "clean"
    CONVERT = "convert"


class TrackFormat(StrEnum):
    """What tracks are written as."""

    PARQUET = "parquet"
    CSV = "csv"


ActionArgument = Annotated[
    Action, typer.Argument(help="info: what is in them; clean: mark faults; convert: one table.", show_default=False)
]
FormatOption = Annotated[TrackFormat | None, typer.Option("--format", help="Default: what the name of the output says, else csv.")]


def tracks(action: ActionArgument, files: Files, *, mapping: Mapping = None, form: FormatOption = None, output: Output = None) -> None:
    """Look at, mark or convert files of tracks.

    Exits with 0, or 2 when a file cannot be read at all.
    """
    from detente.cli.track_files import TrackFiles, missing_tracks

    read = TrackFiles(files, mapping)
    form = form or (TrackFormat.PARQUET if output is not None and output.suffix.lower() == ".parquet" else TrackFormat.CSV)
    try:
        match action:
            case Action.INFO:
                write(_info(read), output)
            case Action.CLEAN:
                _to(form, output, _clean(read))
            case Action.CONVERT:
                _to(form, output, _convert(read))
    except ModuleNotFoundError as error:
        raise missing_tracks(error) from None
    except ImportError as error:
        raise refusal(Problem("missing-extra", str(error))) from None
    if action is not Action.INFO:
        read.tell()


def _info(read: TrackFiles) -> str:
    """For each file: how many fixes of how many craft, when, where, of which types, and what is wrong with it."""
    return "\n".join(_one_info(read, name) for name in read.files)


def _one_info(read: TrackFiles, name: str) -> str:
    import pyarrow.compute as pc

    from detente.model.positions import CRAFT, FLAG, LAT, LON, TIME, TYPE

    read.seen.clear()
    read.problems.clear()
    craft: set[str] = set()
    said: dict[str, tuple[str | None, str | None]] = {}
    box: list[float] = []
    span: list[datetime] = []
    for batch in read.one(name):
        table = batch.positions
        if table.num_rows:
            craft.update(table.column(CRAFT).unique().to_pylist())
            for column, into in ((LON, box), (LAT, box), (TIME, span)):
                ends: Any = into
                extremes = pc.min_max(table.column(column)).as_py()
                ends += [extremes["min"], extremes["max"]]
        for row in batch.static.select([CRAFT, FLAG, TYPE]).to_pylist():
            before = said.get(row[CRAFT], (None, None))
            said[row[CRAFT]] = (row[FLAG] or before[0], row[TYPE] or before[1])
    lines = [f"{'stdin' if name == '-' else name}", f"  fixes      {read.seen['fixes']:,} of {len(craft):,} craft"]
    if span:
        lons, lats = [v for i, v in enumerate(box) if i % 4 < 2], [v for i, v in enumerate(box) if i % 4 >= 2]
        lines.append(f"  time       {min(span):%Y-%m-%d %H:%M:%S} to {max(span):%Y-%m-%d %H:%M:%S} UTC")
        lines.append(f"  area       {min(lats):.2f} to {max(lats):.2f} N, {min(lons):.2f} to {max(lons):.2f} E")
    for what, index in (("flags", 0), ("types", 1)):
        counts = Counter(word for pair in said.values() if (word := pair[index]))
        if counts:
            more = f" and {len(counts) - 8} more" if len(counts) > 8 else ""
            lines.append(f"  {what}      " + ", ".join(f"{word} {n:,}" for word, n in counts.most_common(8)) + more)
    for key, told in (("repeats", "merged"), ("without a position", ""), ("other messages", "")):
        if read.seen[key]:
            lines.append(f"  {key}: {read.seen[key]:,} {told}".rstrip())
    faults: Counter[str] = Counter()
    for problem in read.problems:
        if problem.code == "too-many-problems":
            count, _, rest = problem.message.partition(" more of ")
            faults[rest.split(" ")[0]] += int(count.replace(",", ""))
        else:
            faults[problem.code] += 1
    lines.append("  problems   " + (", ".join(f"{code} {n:,}" for code, n in faults.most_common()) or "none"))
    return visible("\n".join(lines)) + "\n"


def _clean(read: TrackFiles) -> pa.Table:
    """All fixes, each once, sorted by craft and time, with what is wrong with each: they are kept and marked, and none is mended."""
    import pyarrow as pa

    from detente.detect.faults import faults_of, kinds_of, marked
    from detente.detect.sorted_fixes import gather
    from detente.reading.track import POSITIONS
    from detente.report.words import counted

    positions = pa.concat_tables([POSITIONS.empty_table(), *(batch.positions for batch in read)])
    marks = marked(gather(positions))
    count = int((marks.fault > 0).sum())
    say(f"marked: {counted(count, 'fix', 'fixes')} in {counted(len(faults_of(marks)), 'fault')}")
    return positions.take(pa.array(marks.fixes.row)).append_column("fault", pa.array(kinds_of(marks.fault), pa.string()))


def _convert(read: TrackFiles) -> pa.Table:
    """All fixes as read, with what the craft had said of itself by then."""
    import pyarrow as pa

    from detente.reading.joined import joined
    from detente.reading.track import POSITIONS, STATIC

    batches = list(read)
    positions = pa.concat_tables([POSITIONS.empty_table(), *(batch.positions for batch in batches)])
    static = pa.concat_tables([STATIC.empty_table(), *(batch.static for batch in batches)])
    return joined(positions, static)


def _to(form: TrackFormat, output: Path | None, table: pa.Table) -> None:
    from detente.report.found import found_csv, found_parquet

    write(found_parquet(table) if form is TrackFormat.PARQUET else found_csv(table), output)
