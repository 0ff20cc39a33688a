"""Parquet files and workbooks."""

import datetime as dt
import zipfile

import duckdb
import openpyxl

from detente.reading.parquet import read_parquet
from detente.reading.xlsx import read_xlsx


def test_parquet_types(tmp_path):
    db = duckdb.connect()
    db.execute("SET TimeZone = 'UTC'")
    db.execute(
        f"""COPY (SELECT 'x' AS text, 5 AS number, true AS flag, DATE '2026-01-15' AS day, TIMESTAMPTZ '2026-01-15 10:00+02' AS instant,
        TIMESTAMP '2026-01-15 10:00' AS local, 1.5::DECIMAL(5,2) AS price, ['a','b'] AS list, {{'a': 1}} AS nested) TO '{tmp_path}/t.parquet'"""
    )
    reading = read_parquet(db, tmp_path / "t.parquet", "t.parquet", "t")
    assert {c.name: c.type for c in reading.table.columns} == {
        "text": "text", "number": "number", "flag": "flag", "day": "day", "instant": "instant", "local": "local", "price": "number", "list": "text",
    }  # fmt: skip
    assert [(p.code, p.span.column) for p in reading.problems] == [("nested-value", 9)]
    assert db.execute("SELECT * FROM t").fetchall() == [
        (
            1,
            "x",
            5.0,
            True,
            dt.date(2026, 1, 15),
            dt.datetime.fromisoformat("2026-01-15T08:00"),
            dt.datetime.fromisoformat("2026-01-15T10:00"),
            1.5,
            "a; b",
        )
    ]


def test_not_parquet(tmp_path):
    (tmp_path / "t.parquet").write_text("id,source\n")
    reading = read_parquet(duckdb.connect(), tmp_path / "t.parquet", "t.parquet", "t")
    assert [p.code for p in reading.problems] == ["unreadable-file"]


def test_workbook(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "exercise"
    sheet.append([])
    sheet.append(["id", " troops ", "start", "flag", None, "x"])
    sheet.append(["A-1", 9400, dt.datetime.fromisoformat("2026-01-15"), True, None, 1.5])
    sheet.append([])
    sheet.append(["A-2", None, dt.datetime.fromisoformat("2026-01-15T10:30"), False, None, "=1+1"])
    book.create_sheet("empty")
    book.save(tmp_path / "t.xlsx")
    db = duckdb.connect()
    readings, problems = read_xlsx(db, tmp_path / "t.xlsx", "t.xlsx", "t")
    assert not problems
    assert readings["empty"].table is None
    table = readings["exercise"].table
    assert [c.name for c in table.columns] == ["id", "troops", "start", "flag", "x"]
    assert db.execute(f"SELECT * EXCLUDE (c4) FROM {table.relation} ORDER BY line").fetchall() == [
        (3, "A-1", "9400", "2026-01-15", "yes", "1.5"),
        (5, "A-2", None, "2026-01-15T10:30:00", "no", None),
    ]
    span, excerpt = table.locator.places([(5, 2)])[0]
    assert (str(span), excerpt) == ("t.xlsx[exercise]:5:3", "cell C5")
    assert [(p.code, p.span.column) for p in readings["exercise"].problems] == [("nameless-column", 5)]


def test_broken_workbooks(tmp_path, monkeypatch):
    monkeypatch.setattr("detente.reading.xlsx._LARGEST", 1 << 20)
    db = duckdb.connect()
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04 no zip")
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w") as archive:
        archive.writestr("[Content_Types].xml", "<x")
    with (
        zipfile.ZipFile(tmp_path / "c.xlsx", "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/big.xml", "w", force_zip64=True) as entry,
    ):
        for _ in range(2):
            entry.write(bytes(1 << 20))
    for name in "abc":
        readings, problems = read_xlsx(db, tmp_path / f"{name}.xlsx", "t.xlsx", "t")
        assert not readings
        assert [p.code for p in problems] == ["unreadable-file"]
