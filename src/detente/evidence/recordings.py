"""Recordings of tracks that the evidence names: the table `recording`.

Tracks stay in their files; what is found in them is stated elsewhere. The digest of
a file's bytes stands in the table, so that the record's digest covers the tracks.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC
from pathlib import Path

import duckdb

from detente.evidence.layout import TRACKS
from detente.evidence.places import first_lines
from detente.evidence.staging import drop, stage
from detente.model.problem import Problem
from detente.model.recording import Recording
from detente.reading.raw import Place, RawTable
from detente.reading.tally import Tally

_CHUNK = 1 << 22
_CLOCK_S = 86_400.0
"""No clock that is off by more tells when anything was."""


def read_recordings(
    db: duckdb.DuckDBPyConnection, raws: Sequence[RawTable], folder: Path | None
) -> tuple[tuple[Recording, ...], list[Problem], int]:
    """Fill the table `recording`; the recordings in the order of their files, problems, and rows left out.

    A file lies in the folder of evidence or below it; whatever leads elsewhere
    is refused (`outside-folder`), and what is not there is named (`missing-recording`).
    """
    db.execute(
        "CREATE TABLE recording (source VARCHAR, file VARCHAR, sha256 VARCHAR, mapping VARCHAR, mapping_sha256 VARCHAR,"
        " accuracy_m DOUBLE, clock_s DOUBLE, published TIMESTAMP)"
    )
    problems: list[Problem] = []
    found: list[Recording] = []
    left_out = 0
    for number, raw in enumerate(raws):
        staged = stage(db, raw, TRACKS, f"staged_tracks_{number}", None)
        problems += staged.problems
        left_out += staged.left_out
        if staged.relation is None:
            continue
        columns = "line, source, file, mapping, accuracy_lo, clock_lo, published"
        rows = db.execute(f"SELECT {columns} FROM {staged.relation} WHERE is_good ORDER BY line").fetchall()
        tally = Tally(raw.path)
        for line, source, file, mapping, accuracy, clock, published in rows:
            path, fault = _inside(folder, file)
            rules, wrong = _inside(folder, mapping) if mapping else (None, None)
            if path is None or wrong or not 0 <= (clock or 0.0) <= _CLOCK_S or (accuracy or 0.0) < 0:
                left_out += 1
                column = "file" if fault else "mapping" if wrong else "clock" if not 0 <= (clock or 0.0) <= _CLOCK_S else "accuracy"
                tally.add(_problem(fault or wrong, column, first_lines(raw, column, [line])[0]))
                continue
            moment = published.replace(tzinfo=UTC) if published else None
            found.append(Recording(source, file, path, rules, accuracy or 0.0, clock or 0.0, moment))
            sums = _sha256(path), _sha256(rules) if rules else None
            cells = [source, file, sums[0], mapping, sums[1], accuracy, clock, published]
            db.execute("INSERT INTO recording VALUES (?, ?, ?, ?, ?, ?, ?, ?)", cells)
        problems += tally.problems()
        drop(db, staged)
    return tuple(sorted(found, key=lambda r: (r.file, r.source))), problems, left_out


def _inside(folder: Path | None, file: str) -> tuple[Path | None, str | None]:
    """The file, or the code of what is wrong with its name."""
    if folder is None or "\0" in file:
        return None, "missing-recording"
    path = folder / file
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            return None, "outside-folder"
        return (path, None) if path.is_file() else (None, "missing-recording")
    except (OSError, RuntimeError):
        return None, "missing-recording"


def _problem(code: str | None, column: str, place: Place) -> Problem:
    match code:
        case "outside-folder":
            return Problem(code, "the file does not lie in the folder of evidence; it is not read", *place, help="move it there")
        case "missing-recording":
            return Problem(code, "there is no such file in the folder of evidence", *place, help="give its path from that folder")
        case _:
            return Problem(
                "bad-accuracy",
                f"the {column} is not possible",
                *place,
                expected=("accuracy in metres, from 0", "clock in seconds, 0 to 86400"),
            )


def _sha256(path: Path) -> str:
    whole = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            whole.update(chunk)
    return whole.hexdigest()
