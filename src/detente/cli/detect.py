"""`detente detect`: what the tracks of craft show, as findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from detente.cli.options import Output, Width
from detente.cli.streams import refusal, say, terminal_width, wants_colour, write
from detente.model.problem import Problem

if TYPE_CHECKING:
    import pyarrow as pa

    from detente.cli.track_files import TrackFiles


class Format(StrEnum):
    """How findings are written."""

    TABLE = "table"
    CSV = "csv"
    GEOJSON = "geojson"
    PARQUET = "parquet"


Files = Annotated[list[str], typer.Argument(metavar="FILES", help="Files of tracks: AIS, ADS-B, tables, GeoJSON; - reads stdin.")]
Measure = Annotated[str, typer.Option("--measure", metavar="NAME", help="What to look for: separation, encounter, zone or dark.")]
Distance = Annotated[str | None, typer.Option("--distance", metavar="LENGTH", help="How near counts, as in '1 nm'.")]
Vertical = Annotated[str | None, typer.Option("--vertical", metavar="LENGTH", help="How near in height counts too, as in '1000 ft'.")]
Zone = Annotated[
    list[str] | None, typer.Option("--zone", metavar="ZONE", help="A zone: FILE, FILE#NAME, a circle, '12 nm off STATE' ...; repeatable.")
]
Gap = Annotated[str | None, typer.Option("--gap", metavar="TIME", help="Between fixes further apart nothing is assumed (default: 10 min).")]
Least = Annotated[str | None, typer.Option("--least", metavar="TIME", help="The shortest silence to show (default: 30 min).")]
Classes = Annotated[
    str | None, typer.Option("--classes", metavar="NAMES", help="Only these craft: ship, aircraft, or a type as broadcast.")
]
Engine = Annotated[
    Literal["threads", "ray"] | None,
    typer.Option("--engine", help="separation: this machine's cores, or a Ray cluster (default: threads)."),
]
Mapping = Annotated[Path | None, typer.Option("--mapping", metavar="FILE", help="Says what the columns of a table hold.")]
Faults = Annotated[Path | None, typer.Option("--faults", metavar="FILE", help="Write the faults of the data there, as CSV.")]
FormatOption = Annotated[Format | None, typer.Option("--format", help="Default: what the name of the output says, else table.")]


def detect(
    files: Files,
    *,
    measure: Measure,
    distance: Distance = None,
    vertical: Vertical = None,
    zone: Zone = None,
    gap: Gap = None,
    least: Least = None,
    classes: Classes = None,
    engine: Engine = None,
    mapping: Mapping = None,
    faults: Faults = None,
    form: FormatOption = None,
    output: Output = None,
    width: Width = None,
) -> None:
    """Find what tracks show: approaches, zones, silences.

    Findings are geometry and clocks, and no verdicts. Fixes that contradict others of their craft are faults of the data: no finding rests on them.

    Exits with 0 whatever is found, 2 when the question cannot be asked.
    """
    from detente.cli.detectors import Asked, detector_named
    from detente.cli.track_files import TrackFiles, missing_tracks

    detector = detector_named(measure)
    given = {"distance": distance, "vertical": vertical, "zone": zone, "gap": gap, "least": least, "classes": classes, "engine": engine}
    for name in sorted(name for name, value in given.items() if value is not None and name not in detector.options):
        raise refusal(Problem("unused-option", f"--{name} means nothing to --measure {measure}"))
    for name in sorted(name for name in detector.needs if not given.get(name)):
        raise refusal(Problem("missing-option", f"--measure {measure} needs --{name}"))
    asked = Asked(
        distance=distance,
        vertical=vertical,
        zone=zone or (),
        gap=gap,
        least=least,
        engine=engine,
        classes=tuple(c.strip().casefold() for c in (classes or "").split(",") if c.strip()),
    )
    tracks = TrackFiles(files, mapping)
    sayings: list[pa.Table] = []
    try:
        positions: Iterator[pa.Table] | Sequence[pa.Table] = _positions(tracks, sayings if asked.classes else None)
        if asked.classes:
            positions = list(positions)
        found = detector.detect(positions, asked, _chosen(positions, sayings, asked.classes) if asked.classes else None)
    except ModuleNotFoundError as error:
        raise missing_tracks(error) from None
    except ImportError as error:
        raise refusal(Problem("missing-extra", str(error))) from None
    except MemoryError:
        raise refusal(Problem("out-of-memory", "the question needs more memory than there is")) from None
    tracks.tell()
    write(_written(found.rows, form or _format_of(output), output=output, width=width), output)
    if faults is not None:
        from detente.report.found import found_csv

        write(found_csv(found.faults), faults)
    say(_summary(found.rows.num_rows, found.craft, found.faults, shown=faults is not None))


def _positions(tracks: TrackFiles, sayings: list[pa.Table] | None) -> Iterator[pa.Table]:
    for batch in tracks:
        if sayings is not None and batch.static.num_rows:
            sayings.append(batch.static)
        if batch.positions.num_rows:
            yield batch.positions


def _chosen(positions: Iterator[pa.Table] | Sequence[pa.Table], sayings: Sequence[pa.Table], classes: Sequence[str]) -> dict[str, str]:
    """Craft of the classes asked for: by the sort of their name, or by a type that they have ever broadcast."""
    from detente.model.positions import CRAFT, TYPE

    found: dict[str, str] = {}
    sorts = {"ship": "mmsi:", "aircraft": "icao24:"}
    for table in positions:
        for name in table.column(CRAFT).unique().to_pylist():
            sort = next((word for word in classes if word in sorts and name.startswith(sorts[word])), None)
            if sort is not None:
                found[name] = sort
    for said in sayings:
        pairs = said.select([CRAFT, TYPE]).group_by([CRAFT, TYPE]).aggregate([]).to_pylist()
        found.update({row[CRAFT]: row[TYPE] for row in pairs if row[TYPE] is not None and row[TYPE].casefold() in classes})
    return found


def _format_of(output: Path | None) -> Format:
    suffix = output.suffix.lower() if output is not None else ""
    return {".csv": Format.CSV, ".geojson": Format.GEOJSON, ".json": Format.GEOJSON, ".parquet": Format.PARQUET}.get(suffix, Format.TABLE)


def _written(table: pa.Table, form: Format, *, output: Path | None, width: int | None) -> str | bytes:
    from detente.report import found

    match form:
        case Format.CSV:
            return found.found_csv(table)
        case Format.GEOJSON:
            return found.found_geojson(table)
        case Format.PARQUET:
            return found.found_parquet(table)
        case Format.TABLE:
            return found.found_text(table, width=terminal_width(width), colour=output is None and wants_colour())


def _summary(rows: int, craft: int, faults: pa.Table, *, shown: bool) -> str:
    from detente.report.words import counted

    text = f"found: {counted(rows, 'finding')} on {counted(craft, 'craft', 'craft')}"
    if faults.num_rows:
        fixes = sum(faults.column("fixes").to_pylist())
        kinds = ", ".join(sorted(set(faults.column("fault").to_pylist())))
        text += f"; {counted(fixes, 'fix', 'fixes')} not used, for faults of the data ({kinds})" + (
            "" if shown else "; --faults FILE lists them"
        )
    return text
