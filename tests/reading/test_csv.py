"""Comma-separated files: cells, lines and faults, whichever way they are read."""

import csv
import io

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.reading import csv as reader
from detente.reading.csv import read_csv
from detente.reading.scan import scan


def read(path, content):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    db = duckdb.connect()
    reading = read_csv(db, path, "t.csv", "t")
    rows = db.execute("SELECT * FROM t ORDER BY line").fetchall() if reading.table else None
    return reading, rows


def told(reading):
    return [(p.code, p.span.line, p.span.column) for p in reading.problems]


def test_cells_and_lines(tmp_path):
    reading, rows = read(tmp_path / "t.csv", 'a,b\r\n1,"x ""y"", z"\r\n\r\n"two\nlines",\r\n,\r\nlast,"q"')
    assert rows == [(2, "1", 'x "y", z'), (4, "two\nlines", None), (6, None, None), (7, "last", "q")]
    assert [c.name for c in reading.table.columns] == ["a", "b"]
    assert not reading.problems
    places = reading.table.locator.places([(4, 1), (4, 0), (2, 1), (7, None), (99, 0)])
    assert [(s.line, s.column, s.end_column) for s, _ in places] == [(5, 8, 9), (4, 1, 5), (2, 3, 15), (7, 1, 1), (99, 1, 1)]
    assert places[2][1] == '1,"x ""y"", z"'


@pytest.mark.parametrize(
    ("content", "codes", "rows"),
    [
        ("", [("missing-header", 1, 1)], None),
        ("\n\n", [("missing-header", 1, 1)], None),
        (b"\xff\xfea\x00", [("not-utf-8", 1, 1)], None),
        ("a,b,a,\n1,2,3,4\n", [("duplicate-column", 1, 5), ("nameless-column", 1, 7)], [(2, "1", "2", "3", "4")]),
        ("a;b\n1;2,5\n", [("other-delimiter", 1, 1)], [(2, "1", "2,5")]),
        ("a\tb\n1\t2\n", [("other-delimiter", 1, 1)], [(2, "1", "2")]),
        ("a,b\n1\n1,2,3\n1,2\n", [("too-few-cells", 2, 1), ("too-many-cells", 3, 1)], [(4, "1", "2")]),
        (b"a,b\n1,M\xfcller\n1,2\n", [("not-utf-8", 2, 4)], [(3, "1", "2")]),
        (b"a,b\n1,x\x00y\n1,2\n", [("nul-byte", 2, 1)], [(3, "1", "2")]),
        ('a,b\n1,"x"y\n1,2\n', [("stray-quote", 2, 1)], [(3, "1", "2")]),
        ('a,b\n1,2\n3,"4\n5,6\n', [("open-quote", 3, 1)], [(2, "1", "2")]),
        ('a,b\n5" gun,2\n', [], [(2, '5" gun', "2")]),
        ("\ufeffa,b\n1,2\n", [], [(2, "1", "2")]),
        ("a\n1\n\n2\n", [], [(2, "1"), (4, "2")]),
        ("a,b\r1,2\r", [], [(2, "1", "2")]),
    ],
)
def test_faults(tmp_path, content, codes, rows):
    reading, found = read(tmp_path / "t.csv", content)
    assert told(reading) == codes
    assert [tuple(cell or None for cell in row) for row in found or []] == (rows or [])


CELL = st.text(st.sampled_from('ab1 ,;"\n\tü'), max_size=6)


@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=8),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
    st.integers(1, 50),
)
def test_a_clean_file_is_read_alike_both_ways(tmp_path, monkeypatch, table, end, closed, block):
    """The fast way (scan and DuckDB) gives the cells and lines that Python's reader gives, wherever blocks end."""
    monkeypatch.setattr("detente.reading.scan._BLOCK", block)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=end)
    writer.writerow(["x", "y", "z"])
    writer.writerows(table)
    text = out.getvalue() if closed else out.getvalue().removesuffix(end)
    path = tmp_path / "t.csv"
    fast, rows = read(path, text)
    assert scan(path, ",").is_clean
    monkeypatch.setattr(reader, "scan", lambda *_: scan(path, "\x01"))
    slow, exact = read(path, text)
    monkeypatch.undo()
    assert not fast.problems
    assert not slow.problems
    assert [tuple(cell or None for cell in row) for row in rows] == [tuple(cell or None for cell in row) for row in exact]
    assert [list(row[1:]) for row in rows] == [[cell or None for cell in row] for row in table]


@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=60))
def test_no_bytes_whatever_break_the_reader(tmp_path, content):
    reading, rows = read(tmp_path / "t.csv", b"a,b\n" + content)
    assert reading.table is None or len(rows) == reading.table.rows
    assert all(str(p) for p in reading.problems)


def test_many_ragged_rows_are_counted(tmp_path):
    reading, rows = read(tmp_path / "t.csv", "a,b\n" + "1\n" * 5000 + "1,2\n")
    assert len(reading.problems) == 101
    assert reading.left_out == 5000
    assert rows == [(5002, "1", "2")]
    assert "4,900 more" in reading.problems[-1].message


def test_a_folder_name_may_look_like_a_pattern(tmp_path):
    folder = tmp_path / "a[x]*'b?"
    folder.mkdir()
    _, rows = read(folder / "t.csv", "a\n1\n")
    assert rows == [(2, "1")]
