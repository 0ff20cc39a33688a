"""Which files are read, in which formats, and which are refused."""

import os

import duckdb
import openpyxl
import pytest

from .folders import SOURCES, read, rows, told, write

ROW = "id,source,event,said_at,troops,start\nA-1,arland,E-1,2026-01-01,8200..10100,2026-02-20\n"


def test_other_files(tmp_path):
    write(
        tmp_path,
        {"exercise.csv": ROW, "exercize.csv": ROW, "data.bin": "", "README.md": "", "notes.txt": "", "zone.geojson": "", ".hidden": ""},
    )
    (tmp_path / "tracks").mkdir()
    record = read(tmp_path)
    assert told(record, tmp_path) == [("unknown-file", "data.bin", 1, 1), ("unknown-file", "exercize.csv", 1, 1)]
    assert {p.severity for p in record.problems} == {"warning"}
    assert record.problems[1].help == 'did you mean "exercise.csv"?'
    assert rows(record, "SELECT id FROM statement") == [("A-1",)]


def test_no_folder(tmp_path):
    assert [p.code for p in read(tmp_path / "none").problems] == ["missing-folder"]


def test_links_out_of_the_folder_are_refused(tmp_path):
    write(tmp_path / "in", {})
    (tmp_path / "secret.csv").write_text(ROW)
    (tmp_path / "in" / "exercise.csv").symlink_to(tmp_path / "secret.csv")
    (tmp_path / "in" / "notification.csv").symlink_to("../secret.csv")
    (tmp_path / "in" / "coverage.csv").symlink_to("coverage.csv")
    (tmp_path / "in" / "identity.csv").symlink_to("/etc/passwd")
    record = read(tmp_path / "in")
    assert [p.code for p in record.problems] == ["outside-folder"] * 4
    (tmp_path / "in" / "real.txt").write_text(ROW)
    (tmp_path / "in" / "exercise.csv").unlink()
    (tmp_path / "in" / "exercise.csv").symlink_to("real.txt")
    assert rows(read(tmp_path / "in"), "SELECT id FROM statement") == [("A-1",)]


def test_a_pipe_is_not_read(tmp_path):
    write(tmp_path, {})
    os.mkfifo(tmp_path / "exercise.csv")
    assert told(read(tmp_path), tmp_path) == [("not-a-file", "exercise.csv", 1, 1)]


def as_csv(folder):
    write(folder, {"exercise.csv": ROW})


def as_jsonl(folder):
    write(
        folder,
        {
            "exercise.jsonl": '{"id":"A-1","source":"arland","event":"E-1","said_at":"2026-01-01","troops":"8200..10100","start":"2026-02-20"}\n'
        },
    )


def as_entered(folder):
    write(
        folder,
        {
            "entered.jsonl": '{"kind":"exercise","id":"A-1","source":"arland","event":"E-1","said_at":"2026-01-01","troops":"8200..10100","start":"2026-02-20"}\n'
        },
    )


def as_parquet(folder):
    write(folder, {})
    duckdb.sql(
        f"""COPY (SELECT 'A-1' AS id, 'arland' AS source, 'E-1' AS event, DATE '2026-01-01' AS said_at, '8200..10100' AS troops, DATE '2026-02-20' AS start)
        TO '{folder}/exercise.parquet'"""
    )


def as_sheets(folder):
    write(folder, {})
    (folder / "sources.csv").unlink()
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, text in (("sources", SOURCES), ("exercise", ROW), ("Notes", "free text\n")):
        sheet = book.create_sheet(name)
        for line in text.splitlines():
            sheet.append(line.split(","))
    book.save(folder / "all.xlsx")


@pytest.mark.parametrize("make", [as_jsonl, as_entered, as_parquet, as_sheets])
def test_every_format_says_the_same(tmp_path, make):
    as_csv(tmp_path / "csv")
    make(tmp_path / "other")
    record = read(tmp_path / "other")
    assert [p.code for p in record.problems] == (["unknown-kind"] if make is as_sheets else [])
    assert record.digest() == read(tmp_path / "csv").digest()
    assert rows(record, "SELECT troops_lo, troops_hi, lone FROM exercise") == [(8200, 10100, True)]


def test_typed_parquet(tmp_path):
    write(tmp_path, {})
    duckdb.sql(
        f"""COPY (SELECT 'A-' || i AS id, 'arland' AS source, 'E-' || i AS event, DATE '2026-01-01' AS said_at, [5::DOUBLE, 5.5, -1, NULL, 'inf'::DOUBLE][i] AS troops,
        i AS range_km, true AS unannounced, DATE '2026-02-20' AS start, 3 AS level FROM range(1, 6) t(i)) TO '{tmp_path}/exercise.parquet'"""
    )
    record = read(tmp_path)
    assert sorted(told(record, tmp_path)) == [
        ("not-a-number", "exercise.parquet", 5, 5),
        ("not-a-whole-number", "exercise.parquet", 2, 5),
        ("not-a-whole-number", "exercise.parquet", 3, 5),
        *(("unknown-level", "exercise.parquet", i, 9) for i in range(1, 6)),
    ]


def test_clock_times_of_a_file_without_zones_are_taken_as_utc(tmp_path):
    write(tmp_path, {})
    columns = (
        "'A-1' AS id, 'arland' AS source, 'E-1' AS event, TIMESTAMP '2026-01-01 10:00' AS said_at, TIMESTAMP '2026-01-02 10:00' AS start"
    )
    duckdb.sql(f"COPY (SELECT {columns}) TO '{tmp_path}/exercise.parquet'")
    record = read(tmp_path, time_zone="Europe/Kyiv")
    assert told(record, tmp_path) == [
        ("clock-time-without-zone", "exercise.parquet", 1, 4),
        ("clock-time-without-zone", "exercise.parquet", 1, 5),
    ]
    assert {p.severity for p in record.problems} == {"warning"}
    assert rows(record, "SELECT said::VARCHAR, start_lo::VARCHAR FROM exercise") == [("2026-01-01 10:00:00", "2026-01-02 10:00:00")]


def test_damaged_parquet_is_a_problem(tmp_path):
    write(tmp_path, {})
    path = tmp_path / "exercise.parquet"
    duckdb.sql(
        f"COPY (SELECT 'A-' || i AS id, 'arland' AS source, 'E-' || i AS event, DATE '2026-01-01' AS said_at FROM range(10000) t(i)) TO '{path}'"
    )
    data = bytearray(path.read_bytes())
    data[100:4000] = bytes(3900)
    path.write_bytes(data)
    record = read(tmp_path)
    assert [p.code for p in record.problems] == ["unreadable-file"]
    assert record.rows_left_out == 10000


def test_entered_rows_are_split_by_kind(tmp_path):
    text = """{"kind":"exercise","id":"A-1","source":"arland","event":"E-1","said_at":"2026-01-01","troops":5}
{"kind":"notification","id":"A-2","source":"arland","event":"N-1","said_at":"2026-01-01","about":"E-1"}
{"kind":"exercize","id":"A-3"}
{"id":"A-4"}
{"kind":"notification","id":"A-5","source":"arland","event":"N-1","said_at":"2026-01-01","troops":"5"}
{"table":"completeness","kind":"exercise","source":"mission","said_at":"2026-01-01"}
{"kind":"completeness","register":"notification-register","source":"mission","said_at":"2026-01-01"}
"""
    record = read(tmp_path, {"entered.jsonl": text})
    assert sorted(told(record, tmp_path)) == [
        ("missing-kind", "entered.jsonl", 4, 1),
        ("unknown-field", "entered.jsonl", 5, 99),
        ("unknown-kind", "entered.jsonl", 3, 9),
    ]
    assert rows(record, "SELECT id, kind, line FROM statement ORDER BY id") == [
        ("A-1", "exercise", 1),
        ("A-2", "notification", 2),
        ("A-5", "notification", 5),
    ]
    assert rows(record, "SELECT kind FROM completeness ORDER BY kind") == [("exercise",), ("notification",)]


def test_progress_ends_at_one(tmp_path):
    steps = []
    read(tmp_path, {"exercise.csv": ROW}, progress=lambda _, done: steps.append(done))
    assert steps == sorted(steps)
    assert steps[-1] == 1.0


def test_nothing_is_written_beside_the_evidence(tmp_path):
    read(tmp_path / "in", {"exercise.csv": ROW})
    assert sorted(p.name for p in (tmp_path / "in").iterdir()) == ["exercise.csv", "sources.csv"]


def test_a_database_on_disk(tmp_path):
    record = read(tmp_path / "in", {"exercise.csv": ROW}, database=str(tmp_path / "record.duckdb"))
    record.database.close()
    with duckdb.connect(str(tmp_path / "record.duckdb")) as db:
        assert db.execute("SELECT event FROM exercise").fetchall() == [("E-1",)]
