"""A starting folder, statements entered one by one, and rows in memory."""

import json
from concurrent.futures import ThreadPoolExecutor

from detente.evidence import append_statement, ask_fields, read_record, record_from_rows, write_starting_folder
from detente.model.source import Source
from detente.model.span import Span
from detente.vocabulary.kinds import load_kinds

from .folders import EXERCISE, KINDS, PARTIES, read, rows, write

ROW = {"kind": "exercise", "id": "A-1", "source": "arland", "says": "asserts", "event": "E-1", "said_at": "2026-01-01", "troops": ">=9000"}


def test_the_starting_folder_reads_without_problems(tmp_path):
    paths, problems = write_starting_folder(tmp_path / "new")
    assert not problems
    assert {p.name for p in paths} >= {"agreement.md", "sources.csv", "exercise.csv", "notification.csv", "completeness.csv"}
    record = read_record(tmp_path / "new" / "evidence", load_kinds(), parties=("Arland", "Borland"))
    assert record.problems == ()
    assert set(record.kinds) == {"exercise", "notification"}
    assert rows(record, "SELECT count(*) FROM statement") == [(4,)]


def test_the_starting_folder_overwrites_nothing(tmp_path):
    (tmp_path / "agreement.md").write_text("mine")
    paths, problems = write_starting_folder(tmp_path)
    assert paths == ()
    assert [p.code for p in problems] == ["file-exists"]
    assert (tmp_path / "agreement.md").read_text() == "mine"
    assert not (tmp_path / "evidence").exists()


def test_a_statement_is_added(tmp_path):
    write(tmp_path, {"entered.jsonl": json.dumps(ROW)})
    row = {**ROW, "id": "A-2", "quote": 'тысяч, "ü"\n', "troops": " "}
    assert append_statement(tmp_path, row, KINDS, parties=PARTIES) == (True, ())
    lines = (tmp_path / "entered.jsonl").read_text().splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["A-1", "A-2"]
    assert "troops" not in json.loads(lines[1])
    record = read(tmp_path)
    assert record.problems == ()
    assert rows(record, "SELECT quote FROM statement WHERE id = 'A-2'") == [('тысяч, "ü"',)]


def test_a_faulty_statement_is_not_added(tmp_path):
    write(tmp_path, {"exercise.csv": "id,source,event,said_at\nA-9,arland,E-1,2026-01-01\n"})
    for change, code in [
        ({"source": "nobody"}, "unknown-source"),
        ({"said_at": "2026-01-01T10:00"}, "clock-time-without-zone"),
        ({"kind": "exercize"}, "unknown-kind"),
        ({"kind": ""}, "missing-kind"),
        ({"trops": "5"}, "unknown-field"),
        ({"id": "A-9"}, "duplicate-id"),
        ({"says": "withdraws", "target": "X", "troops": ""}, "unknown-target"),
    ]:
        added, problems = append_statement(tmp_path, ROW | change, KINDS)
        assert not added
        assert code in [p.code for p in problems], change
        assert not (tmp_path / "entered.jsonl").exists()


def test_a_link_in_place_of_the_file_is_refused(tmp_path):
    write(tmp_path / "in", {})
    (tmp_path / "elsewhere").write_text("")
    (tmp_path / "in" / "entered.jsonl").symlink_to(tmp_path / "elsewhere")
    added, problems = append_statement(tmp_path / "in", ROW, KINDS)
    assert not added
    assert [p.code for p in problems] == ["unwritable-file"]
    assert (tmp_path / "elsewhere").read_text() == ""


def test_two_who_add_at_once(tmp_path):
    write(tmp_path, {})
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda i: append_statement(tmp_path, ROW | {"id": f"A-{i % 3}", "event": f"E-{i}"}, KINDS)[0], range(6)))
    assert sum(done) == 3
    assert not read(tmp_path).problems


def test_questions():
    asked = {q.column: q for q in ask_fields(EXERCISE)}
    assert [c for c, q in asked.items() if q.required] == ["id", "source", "says", "said_at"]
    assert asked["level"].words == ("battalion", "brigade", "division")
    assert asked["unannounced"].words == ("yes", "no")
    assert asked["range"].unit == "m"


def test_rows_in_memory():
    facts = [
        {"kind": "exercise", "source": "Arland", "event": "E-1", "said_at": "2026-01-01", "troops": "9400"},
        {"table": "sources", "id": "S-7", "kind": "monitor"},
        {"kind": "exercise", "id": "S-1", "source": "S-7", "event": "E-1", "said_at": "2026-01-01", "troops": "many"},
        {"kind": "exercise", "id": "S-2", "source": "S-7", "event": "E-2", "said_at": "2026-01-01"},
        {"kind": "", "source": "S-7", "says": "withdraws", "target": "S-2", "said_at": "2026-01-02"},
        {"table": "completeness", "kind": "exercise", "source": "S-7", "said_at": "2026-01-01"},
    ]
    spans = {2: Span("agreement.md", 40, 3, 40, 30)}
    record = record_from_rows(facts, KINDS, spans=spans, parties=PARTIES)
    assert [(p.code, str(p.span)) for p in record.problems] == [("not-a-number", "agreement.md:40:3")]
    assert rows(record, "SELECT id, kind FROM statement ORDER BY id") == [("S-2", "exercise"), ("row 1", "exercise"), ("row 5", "exercise")]
    assert [s.id for s in record.sources] == ["Arland", "Borland", "Carland", "S-7"]
    assert rows(record, "SELECT count(*) FROM completeness") == [(1,)]


def test_rows_with_sources_given():
    record = record_from_rows(
        [{"kind": "exercise", "source": "x", "event": "E-1", "said_at": "2026-01-01"}], KINDS, sources=[Source("x", "X", "monitor")]
    )
    assert record.problems == ()
    assert rows(record, "SELECT own FROM exercise") == [(False,)]


def test_no_rows():
    record = record_from_rows([], KINDS, parties=PARTIES)
    assert (dict(record.kinds), record.problems, record.last_published) == ({}, (), None)
    assert record.digest() == record.digest()
