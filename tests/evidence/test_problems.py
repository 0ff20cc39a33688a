"""Every fault has a tiny file that shows it, at its exact place."""

import pytest

from .folders import read, rows, told

EX = "id,source,says,event,said_at,party,level,type,troops,range,unannounced,start,end,area\n"
GOOD = "A-1,arland,asserts,E-1,2026-01-01,Arland,,,,,,,,\n"


def cell(column: str, text: str) -> str:
    """A row that is good but for one cell."""
    names = EX.strip().split(",")
    row = dict(zip(names, ["A-1", "arland", "asserts", "E-1", "2026-01-01", "Arland"], strict=False)) | {column: text}
    return ",".join(row.get(name, "") for name in names) + "\n"


BAD_CELLS = [
    ("start", "2026-01-15T10:00", "clock-time-without-zone"),
    ("said_at", "2026-01-15T10:00", "clock-time-without-zone"),
    ("start", "2026-02-30", "impossible-date"),
    ("start", "2026-13", "impossible-date"),
    ("start", "2026-01-15T24:00Z", "impossible-date"),
    ("start", "2026-01-15T10:60Z", "impossible-date"),
    ("start", "2026-01-15T10:00+15:00", "impossible-date"),
    ("start", "soon", "impossible-date"),
    ("start", "15.01.2026", "impossible-date"),
    ("start", "0026-01-15", "impossible-date"),
    ("start", "2026-01-20..2026-01-10", "bad-range"),
    ("troops", "many", "not-a-number"),
    ("troops", "nan", "not-a-number"),
    ("troops", "1e999", "not-a-number"),
    ("troops", "1_000", "thousands-separator"),
    ("troops", "9000.5", "not-a-whole-number"),
    ("troops", "9.000", "not-a-whole-number"),
    ("troops", "-1", "not-a-whole-number"),
    ("troops", "1 000", "thousands-separator"),
    ("troops", "10100..8200", "bad-range"),
    ("troops", "8200..", "not-a-number"),
    ("troops", "1..2..3", "not-a-number"),
    ("troops", ">=", "not-a-number"),
    ("troops", "5 km", "wrong-unit-dimension"),
    ("range", "5 furlongs", "unknown-unit"),
    ("range", "5 t", "wrong-unit-dimension"),
    ("level", "bigade", "unknown-level"),
    ("level", "Brigade", "unknown-level"),
    ("level", ">division", "bad-range"),
    ("level", "division..battalion", "bad-range"),
    ("type", "sea", "unknown-word"),
    ("unannounced", "maybe", "unknown-word"),
    ("says", "claims", "unknown-word"),
    ("id", "", "missing-id"),
    ("source", "", "missing-source"),
    ("source", "arlnd", "unknown-source"),
    ("event", "", "missing-event-for-assert"),
    ("said_at", "", "missing-time"),
    ("said_at", ">=2026-01-01", "not-a-moment"),
    ("said_at", "2026-01-01..2026-01-02", "not-a-moment"),
    ("area", '"91.0,10.1"', "impossible-coordinates"),
    ("area", '"54.0,181"', "impossible-coordinates"),
    ("party", "Arland; Borland", "several-words"),
]


@pytest.mark.parametrize(("column", "text", "code"), BAD_CELLS)
def test_bad_cell(tmp_path, column, text, code):
    line = cell(column, text)
    record = read(tmp_path, {"exercise.csv": EX + GOOD.replace("A-1", "A-0").replace("E-1", "E-0") + line})
    before = "".join(cell + "," for cell in line.split(",")[: EX.strip().split(",").index(column)])
    assert told(record, tmp_path) == [(code, "exercise.csv", 3, len(before) + 1)]
    assert record.rows_left_out == 1
    assert rows(record, "SELECT id FROM statement") == [("A-0",)]
    problem = record.problems[0]
    assert problem.excerpt == line.rstrip("\n")
    assert text.strip('"')[:40] in str(problem)


def test_thousands_separator_in_quotes(tmp_path):
    for text in ("1,000", "1,000 ft", "1,000..2,000", "1'000", "1\u00a0000", "1\u202f000"):
        column = "range" if "ft" in text else "troops"
        record = read(tmp_path, {"exercise.csv": EX + cell(column, f'"{text}"')})
        assert [p.code for p in record.problems] == ["thousands-separator"], text


def test_end_before_start(tmp_path):
    record = read(tmp_path, {"exercise.csv": EX + "A-1,arland,asserts,E-1,2026-01-01,Arland,,,,,,2026-02-20,2026-02-19,\n"})
    assert told(record, tmp_path) == [("end-before-start", "exercise.csv", 2, 58)]
    same_day = "A-1,arland,asserts,E-1,2026-01-01,Arland,,,,,,2026-02-20T10:00Z,2026-02-20,\n"
    assert not read(tmp_path, {"exercise.csv": EX + same_day}).problems


def test_published_before_said_is_a_warning(tmp_path):
    text = "id,source,event,said_at,published_at\nA-1,arland,E-1,2026-01-02,2026-01-01\n"
    record = read(tmp_path, {"exercise.csv": text})
    assert told(record, tmp_path) == [("published-before-said", "exercise.csv", 2, 27)]
    assert record.problems[0].severity == "warning"
    assert record.rows_left_out == 0


def test_unknown_column(tmp_path):
    record = read(tmp_path, {"exercise.csv": "id,source,event,said_at,trops,note\nA-1,arland,E-1,2026-01-02,5,x\n"})
    assert told(record, tmp_path) == [("unknown-field", "exercise.csv", 1, 25)]
    assert record.problems[0].help == 'did you mean "troops"?'
    assert rows(record, "SELECT id FROM statement") == [("A-1",)]


def test_a_denial_of_everything_is_not_widened_by_an_unknown_column(tmp_path):
    text = "id,source,says,event,said_at,recipent\nA-1,arland,denies,,2026-01-02,Borland\nA-2,arland,denies,,2026-01-02,\n"
    record = read(tmp_path, {"notification.csv": text})
    assert told(record, tmp_path) == [("unknown-field", "notification.csv", 1, 30), ("unknown-field", "notification.csv", 2, 31)]
    assert rows(record, "SELECT id FROM statement") == [("A-2",)]


def test_missing_columns_are_told_once(tmp_path):
    record = read(tmp_path, {"exercise.csv": "event,troops\n" + "E-1,5\n" * 1000})
    assert [p.code for p in record.problems] == ["missing-id", "missing-source", "missing-time"]
    assert record.rows_left_out == 1000


def test_duplicate_ids_that_differ_are_both_left_out(tmp_path):
    text = "id,source,event,said_at,troops\nA-1,arland,E-1,2026-01-02,5\nA-1,arland,E-1,2026-01-02,6\nA-2,arland,E-1,2026-01-02,6\n"
    record = read(tmp_path, {"exercise.csv": text})
    assert told(record, tmp_path) == [("duplicate-id", "exercise.csv", 3, 1)]
    assert "exercise.csv:2:1" in record.problems[0].message
    assert rows(record, "SELECT id FROM statement") == [("A-2",)]
    assert record.rows_left_out == 2


def test_duplicate_ids_over_two_kinds(tmp_path):
    head = "id,source,event,said_at\nA-1,arland,E-1,2026-01-02\n"
    record = read(tmp_path, {"exercise.csv": head, "notification.csv": head})
    assert told(record, tmp_path) == [("duplicate-id", "notification.csv", 2, 1)]
    assert record.rows_left_out == 2
    assert not record.kinds


def test_an_exact_duplicate_counts_once(tmp_path):
    head = "id,source,event,said_at,troops\n"
    once = read(tmp_path / "a", {"exercise.csv": head + "A-1,arland,E-1,2026-01-02,5\n"})
    twice = read(tmp_path / "b", {"exercise.csv": head + "A-1,arland,E-1,2026-01-02,5\nA-1, arland ,E-1,2026-01-02,5..5\n"})
    assert [(p.code, p.severity) for p in twice.problems] == [("duplicate-id", "warning")]
    assert rows(twice, "SELECT count(*) FROM exercise") == [(1,)]
    assert once.digest() == twice.digest()


WITHDRAWALS = "id,source,says,event,target,said_at\nA-1,arland,asserts,E-1,,2026-01-01\n"


def test_withdrawals(tmp_path):
    text = (
        WITHDRAWALS + "A-2,arland,withdraws,,A-1,2026-01-02\nA-3,arland,withdraws,,A-9,2026-01-02\nB-1,borland,withdraws,,A-1,2026-01-02\n"
    )
    text += "A-4,arland,withdraws,,,2026-01-02\nA-5,arland,asserts,E-2,A-1,2026-01-02\n"
    record = read(tmp_path, {"exercise.csv": text})
    assert sorted(told(record, tmp_path)) == [
        ("foreign-target", "exercise.csv", 5, 24),
        ("misplaced-target", "exercise.csv", 7, 24),
        ("missing-target", "exercise.csv", 6, 22),
        ("unknown-target", "exercise.csv", 4, 23),
    ]
    assert rows(record, "SELECT id FROM statement ORDER BY id") == [("A-1",), ("A-2",)]


def test_cyclic_withdrawals(tmp_path):
    """A circle of three, a row that withdraws itself, and a long tail that leads into the circle."""
    ring = [("A", "B"), ("B", "C"), ("C", "A"), ("S", "S"), *((f"T{i}", f"T{i + 1}") for i in range(20)), ("T20", "A"), ("W", "A-1")]
    text = WITHDRAWALS + "".join(f"{a},arland,withdraws,,{b},2026-01-02\n" for a, b in ring)
    record = read(tmp_path, {"exercise.csv": text})
    assert [(p.code, p.span.line) for p in record.problems] == [("cyclic-withdrawal", n) for n in (3, 4, 5, 6)]
    assert rows(record, "SELECT count(*) FROM statement") == [(23,)]


def test_unknown_party_is_a_warning_with_a_suggestion(tmp_path):
    text = "id,source,event,said_at,party,on\nA-1,arland,E-1,2026-01-01,Arlnd,Germany\nA-2,arland,E-1,2026-01-01,Arlnd,\n"
    record = read(tmp_path, {"exercise.csv": text})
    assert told(record, tmp_path) == [("unknown-party", "exercise.csv", 2, 27)]
    assert record.problems[0].severity == "warning"
    assert record.problems[0].help == 'did you mean "Arland"?'
    assert not read(tmp_path, parties=()).problems


def test_too_many_problems(tmp_path):
    text = "id,source,event,said_at,troops\n" + "".join(f"A-{i},arland,E-1,2026-01-01,many\n" for i in range(250))
    record = read(tmp_path, {"exercise.csv": text})
    assert [p.code for p in record.problems] == ["not-a-number"] * 100 + ["too-many-problems"]
    assert [p.span.line for p in record.problems[:100]] == list(range(2, 102))
    assert "150 more of not-a-number" in record.problems[-1].message
    assert record.rows_left_out == 250


def test_strict_keeps_nothing(tmp_path):
    record = read(tmp_path, {"exercise.csv": EX + GOOD + cell("start", "2026-02-30")}, strict=True)
    assert not record.kinds
    assert record.rows_left_out == 2
    assert rows(record, "SELECT count(*) FROM statement") == [(0,)]


def test_positions_with_quoted_newlines_and_blank_lines(tmp_path):
    text = 'id,source,event,said_at,quote,troops\n\nA-1,arland,"E\n1",2026-01-01,"one\ntwo, ""three""",many\r\nA-2,arland,E-2,2026-01-01,x,"ten"\n'
    record = read(tmp_path, {"exercise.csv": text})
    assert told(record, tmp_path) == [("not-a-number", "exercise.csv", 5, 17), ("not-a-number", "exercise.csv", 6, 29)]
    assert str(record.problems[0]).splitlines()[1].endswith('two, ""three""",many')


def test_text_of_files_is_shown_safely(tmp_path):
    record = read(tmp_path, {"exercise.csv": EX + cell("start", "\x1b[31m\u202eevil")})
    assert "\x1b" not in str(record.problems[0])
    assert "<U+202E>" in str(record.problems[0])
