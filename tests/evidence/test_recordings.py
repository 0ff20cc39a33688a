"""Recordings of tracks that the evidence names in `tracks.csv`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from .folders import read

TRACKS = "craft,time,lon,lat\nmmsi:1,2026-05-01T12:00:00Z,20,54\n"
HEAD = "source,file,mapping,accuracy,clock,published_at\n"


def _tracks(folder: Path, text: str = TRACKS) -> Path:
    (folder / "tracks").mkdir(parents=True, exist_ok=True)
    (folder / "tracks" / "april.csv").write_text(text)
    return folder


def test_a_recording_is_named_with_its_source_and_accuracy(tmp_path: Path) -> None:
    record = read(_tracks(tmp_path), {"tracks.csv": HEAD + "mission,tracks/april.csv,,30,2,2026-05-02\n"})
    assert not record.problems
    (recording,) = record.recordings
    assert (recording.source, recording.file, recording.accuracy_m, recording.clock_s) == ("mission", "tracks/april.csv", 30, 2)
    assert recording.path == tmp_path / "tracks/april.csv"
    assert recording.published
    assert recording.published.date() == datetime(2026, 5, 2, tzinfo=UTC).date()


def test_the_digest_covers_the_bytes_of_the_tracks(tmp_path: Path) -> None:
    named = {"tracks.csv": HEAD + "mission,tracks/april.csv,,,,\n"}
    first = read(_tracks(tmp_path / "a"), named).digest()
    assert first == read(_tracks(tmp_path / "b"), named).digest()
    assert first != read(_tracks(tmp_path / "c", TRACKS.replace("54", "55")), named).digest()


def test_a_file_that_is_not_there_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    record = read(_tracks(tmp_path), {"tracks.csv": HEAD + "mission,tracks/may.csv,,,,\nmission,tracks/april.csv,,,,\n"})
    (problem,) = record.problems
    assert problem.code == "missing-recording"
    assert problem.span
    assert (problem.span.line, problem.span.column) == (2, 9)
    assert [r.file for r in record.recordings] == ["tracks/april.csv"]
    assert record.rows_left_out == 1


def test_no_file_outside_the_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text(TRACKS)
    record = read(_tracks(tmp_path / "evidence"), {"tracks.csv": HEAD + "mission,../secret.csv,,,,\nmission,/etc/passwd,,,,\n"})
    assert [p.code for p in record.problems] == ["outside-folder"] * 2
    assert not record.recordings


def test_an_impossible_accuracy_is_named(tmp_path: Path) -> None:
    record = read(_tracks(tmp_path), {"tracks.csv": HEAD + "mission,tracks/april.csv,,-5,,\nmission,tracks/april.csv,,,100000,\n"})
    assert [p.code for p in record.problems] == ["bad-accuracy"] * 2
