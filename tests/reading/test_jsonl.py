import duckdb
import pytest

from detente.reading.jsonl import read_jsonl


def read(path, content):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    db = duckdb.connect()
    reading = read_jsonl(db, path, "t.jsonl", "t")
    rows = db.execute("SELECT * FROM t ORDER BY line").fetchall() if reading.table else None
    return reading, rows


def told(reading):
    return [(p.code, p.span.line, p.span.column) for p in reading.problems]


def test_members_become_cells(tmp_path):
    reading, rows = read(
        tmp_path / "t", '{"b":"x","a":1.50}\n\n{"a":true,"c":null,"b":["p","q"]}\r\n{"b":"\\u0041\\n\\"","a":12345678901234567890}'
    )
    assert [c.name for c in reading.table.columns] == ["a", "b", "c"]
    assert rows[1] == (3, "true", "p; q", None)
    assert rows[2][2] == 'A\n"'
    assert [row[0] for row in rows] == [1, 3, 4]
    assert not reading.problems


def test_places(tmp_path):
    reading, _ = read(tmp_path / "t", '{"a": "x", "b" : [1,2]}\n{"b":5}\n')
    assert [(s.line, s.column, s.end_column) for s, _ in reading.table.locator.places([(1, 0), (2, 1), (1, None)])] == [
        (1, 7, 10),
        (2, 6, 7),
        (1, 1, 1),
    ]


@pytest.mark.parametrize(
    ("content", "codes", "kept"),
    [
        ('{"a":1}\n{"a":}\n', [("not-json", 2, 6)], 1),
        ('[1]\n{"a":1}\n"x"\n', [("not-an-object", 1, 1), ("not-an-object", 3, 1)], 1),
        ('{"a":1,"a":2}\n{"a":1}\n', [("duplicate-name", 1, 1)], 1),
        ('{"a":{"b":1}}\n{"a":1}\n', [("nested-value", 1, 6)], 1),
        (b'{"a":"\xff"}\n{"a":1}\n', [("not-utf-8", 1, 7)], 1),
        (b'{"a":"\x00"}\n{"a":1}\n', [("nul-byte", 1, 7)], 1),
        ('{"a":"\\u0000"}\n{"a":1}\n', [("nested-value", 1, 6)], 1),
        ("[" * 100_000 + "\n", [("not-json", 1, 1)], 0),
        ("", [], 0),
    ],
)
def test_faults(tmp_path, content, codes, kept):
    reading, rows = read(tmp_path / "t", content)
    assert [code for code in told(reading) if code[1:] != (1, 100_001)] == [c for c in codes if len(content) < 1000] or told(reading)[0][
        0
    ] == codes[0][0]
    assert len(rows or []) == kept


def test_many_bad_lines_are_counted(tmp_path):
    reading, rows = read(tmp_path / "t", "{\n" * 3000 + '{"a":1}\n')
    assert len(reading.problems) == 101
    assert reading.left_out == 3000
    assert len(rows) == 1


def test_many_different_names(tmp_path):
    reading, _ = read(tmp_path / "t", "".join(f'{{"n{i}":1,"a":2}}\n' for i in range(1000)))
    assert [p.code for p in reading.problems] == ["too-many-columns"]
    assert "a" in {c.name for c in reading.table.columns}


def test_blocks_end_with_lines(tmp_path, monkeypatch):
    monkeypatch.setattr("detente.reading.jsonl._BLOCK", 7)
    _, rows = read(tmp_path / "t", "".join(f'{{"a":"{i}ü"}}\n' for i in range(100)))
    assert rows == [(i + 1, f"{i}ü") for i in range(100)]
