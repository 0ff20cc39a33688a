"""Evidence whose rows, cells and packing are hostile."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import openpyxl
import pytest

from .conftest import EXERCISE, EXERCISE_HEAD, Case, Runner

GOOD = "arland-mod,asserts,{},2026-01-02,2026-01-02,Arland,9400,2026-02-20"

SQL = ("'; DROP TABLE statement; --", '"); DROP TABLE x; --', "' OR 1=1 --", "{x}", "$1", "?", "%s", "\\", "NULL", "NaN")
STEERING = ("\x1b[2J\x1b]0;title\x07", "\x9b31m", "\u202eevil", "\u2066x\u2069", "a\tb", "\x08", "\u2028x", "\x7f")
SHEET = ("=cmd|' /C calc'!A0", "@SUM(1)", "+1", "-1")


def table(*rows: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([EXERCISE_HEAD.split(","), *rows])
    return out.getvalue()


def is_judged(case: Case, run: Runner) -> bool:
    """Whether the rest of the evidence is used all the same."""
    ran = run("check", case.folder)
    return ran.code == 0 and "disputed" in ran.out


# ---- words -------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["table", "json", "csv", "junit"])
def test_words_that_are_sql_or_steer_a_terminal(form: str, case: Case, run: Runner) -> None:
    """As ids and events they are words like others; elsewhere they are named as faults."""
    words = [*SQL, *STEERING, *SHEET]
    good = [[word, *GOOD.format("").split(",")[:2], word, *GOOD.format("").split(",")[3:]] for word in words]
    bad = [[f"bad {n}", *[word] * 8] for n, word in enumerate(words)]
    case.put("evidence/exercise.csv", table(*good, *bad))
    ran = run("check", case.folder, "--format", form)
    assert ran.code == 0
    assert f"{len(words)} rows left out" in ran.err
    assert ran.tells("unknown-source", "exercise.csv", len(words) + 2)
    if form == "csv":
        cells = [cell for row in csv.reader(io.StringIO(ran.out)) for cell in row]
        assert [cell for cell in cells if cell[:1] in ("=", "@", "+", "-")] == []
    if form == "json":
        found = {i["occasion"] for a in json.loads(ran.out)["verdicts"]["articles"] for r in a["rules"] for i in r["instances"]}
        assert found == {word.strip(" ") for word in words}


@pytest.mark.parametrize(("word", "form"), [(SQL[0], "text"), (STEERING[0], "text"), (STEERING[2], "sentence"), (STEERING[0], "json")])
def test_explanations_of_such_words(word: str, form: str, case: Case, run: Runner) -> None:
    case.put(
        "evidence/exercise.csv", table([word, "arland-mod", "asserts", word, "2026-01-02", "2026-01-02", "Arland", "9400", "2026-02-20"])
    )
    assert run("explain", case.folder, "40", "--format", form).code == 0


def test_names_of_columns(case: Case, run: Runner) -> None:
    words = [*SQL, *STEERING]
    head = EXERCISE.split("\n")[0] + "," + ",".join('"' + word.replace('"', '""') + '"' for word in words)
    case.put("evidence/exercise.csv", f"{head}\nA-1,{GOOD.format('West-26')}{',x' * len(words)}\n")
    ran = run("check", case.folder)
    assert ran.code == 0
    assert "disputed" in ran.out
    assert ran.err.count(": unknown-field: ") == len(words)
    assert ran.tells("unknown-field", "exercise.csv", 1)
    assert run("check", case.folder, "--strict").code == 2


# ---- rows ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "code", "line"),
    [
        ("A-2\n", "too-few-cells", 3),
        ("A-2," * 20 + "\n", "too-many-cells", 3),
        ('A-2,"open\n', "open-quote", 3),
        ('A-2,b"c"d' + "," * 7 + '\nA-3,"x"y' + "," * 7 + "\n", "stray-quote", 4),
        ("A\x00-2," + GOOD.format("E") + "\n", "nul-byte", 3),
        ("A-1," + GOOD.format("East-26") + "\n", "duplicate-id", 3),
        ("A-2," + GOOD.format("E").replace("arland-mod", "nobody") + "\n", "unknown-source", 3),
        ("A-2," + GOOD.format("E").replace("9400", "9" * 400) + "\n", "not-a-number", 3),
        ("A-2," + GOOD.format("E").replace("9400", "9..1") + "\n", "bad-range", 3),
        ("A-2," + GOOD.format("E").replace("2026-02-20", "2026-02-30") + "\n", "impossible-date", 3),
        ("A-2," + GOOD.format("E").replace("2026-02-20", "99999-01-01") + "\n", "impossible-date", 3),
        ("A-2," + GOOD.format("E").replace("9400", "1e999") + "\n", "not-a-number", 3),
    ],
)
def test_bad_rows_are_named(rows: str, code: str, line: int, case: Case, run: Runner) -> None:
    case.put("evidence/exercise.csv", EXERCISE + rows)
    ran = run("check", case.folder)
    assert ran.code == 0
    assert ran.tells(code, "exercise.csv", line)
    strict = run("check", case.folder, "--strict")
    assert (strict.code, strict.out) == (2, "")


HUGE = {
    "event": "x" * 20_000_000,
    "number": "9" * 5_000_000,
    "range": "9.." * 1_000_000,
    "quoted": '"' + "a\n" * 2_000_000 + '"',
    "open quote": '"' + "\n" * 5_000_000,
    "commas": "," * 2_000_000,
    "letters": "é" * 3_000_000,
}


@pytest.mark.parametrize("sort", HUGE)
def test_huge_cells(sort: str, case: Case, run: Runner) -> None:
    row = GOOD.format("E").replace("9400", HUGE[sort])
    case.put("evidence/exercise.csv", EXERCISE + "A-2," + row + "\n")
    ran = run("check", case.folder)
    assert ran.code == 0
    assert "exercise.csv:3:" in ran.err
    assert len(ran.said) < 50_000


def test_huge_headers(case: Case, run: Runner) -> None:
    for header in (",".join(f"c{n}" for n in range(100_000)), "x" * 10_000_000, '"' * 1_000_001, ";" * 100_000):
        case.put("evidence/launch.csv", header + "\n1\n")
        ran = run("check", case.folder)
        assert ran.code == 0
        assert "launch.csv:1:" in ran.err
        assert len(ran.said) < 200_000


def test_withdrawals_in_a_circle(case: Case, run: Runner) -> None:
    rows = 20_000
    head = "id,source,says,event,target,said_at,party\n"
    case.put(
        "evidence/launch.csv", head + "".join(f"R-{n},arland-mod,withdraws,,R-{(n + 1) % rows},2026-01-02,Arland\n" for n in range(rows))
    )
    ran = run("check", case.folder)
    assert ran.code == 0
    assert ran.tells("cyclic-withdrawal", "launch.csv", 2)
    assert "20,000 rows left out" in ran.err


def test_a_long_chain_of_withdrawals(case: Case, run: Runner) -> None:
    head = "id,source,says,event,target,said_at,party\nR-0,arland-mod,asserts,E,,2026-01-02,Arland\n"
    case.put("evidence/launch.csv", head + "".join(f"R-{n},arland-mod,withdraws,,R-{n - 1},2026-01-02,Arland\n" for n in range(1, 20_000)))
    assert is_judged(case, run)


def test_a_ring_of_identities(case: Case, run: Runner) -> None:
    links = "".join(f"mission,exercise,E-{n},E-{(n + 1) % 3000},2026-01-02\n" for n in range(3000))
    case.put("evidence/identity.csv", "source,kind,a,b,said_at\n" + links)
    assert is_judged(case, run)


# ---- JSON -------------------------------------------------------------------------------

LINES = {
    "brackets": ("[" * 1_000_000, "not-json"),
    "objects": ('{"id":' * 200_000 + "1" + "}" * 200_000, "nested-value"),
    "nested cell": (
        '{"id":"A","source":"arland-mod","event":"E","said_at":"2026-01-02","troops":' + "[" * 100_000 + "]" * 100_000 + "}",
        "nested-value",
    ),
    "long number": ('{"id":' + "1" * 5_000_000 + "}", "missing-source"),
    "long broken number": ('{"id":' + "1" * 50_000, "not-json"),
    "names": ("{" + ",".join(f'"f{n}":1' for n in range(50_000)) + "}", "too-many-columns"),
    "twice": ('{"id":"A","id":"B"}', "duplicate-name"),
    "no object": ('"id"', "not-an-object"),
    "nul": ('{"id":"A\\u0000"}', "nested-value"),
    "long line": ('{"id":"' + "x" * 30_000_000 + '"}', "line-too-long"),
}


@pytest.mark.parametrize("sort", LINES)
def test_hostile_json_lines(sort: str, case: Case, run: Runner) -> None:
    text, code = LINES[sort]
    case.put("evidence/launch.jsonl", text + "\n")
    ran = run("check", case.folder)
    assert ran.code == 0
    assert ran.tells(code, "launch.jsonl", 1)
    assert len(ran.said) < 200_000


def shape(coordinates: str, sort: str = "Polygon", more: str = "") -> str:
    feature = f'{{"type":"Feature","properties":{{"name":"z"{more}}},"geometry":{{"type":"{sort}","coordinates":{coordinates}}}}}'
    return f'{{"type":"FeatureCollection","features":[{feature}]}}'


SHAPES = {
    "deep": ('{"type":"FeatureCollection","features":' + "[" * 500_000 + "]" * 500_000 + "}", "not-json"),
    "deep coordinates": (shape("[" * 900 + "1" + "]" * 900), "not-geojson"),
    "off the earth": (shape("[[[1e308,1],[2,2],[3,3],[1e308,1]]]"), "impossible-coordinates"),
    "endless number": (shape("[" + "1" * 5000 + ",1]", "Point"), "not-json"),
    "large number": (shape("[" + "1" * 400 + ",1]", "Point"), "not-geojson"),
    "infinite": (shape("[Infinity,NaN]", "Point"), "impossible-coordinates"),
    "two corners": (shape("[[[1,1],[2,2]]]"), "unusable-place"),
    "crossing": (shape("[[[0,0],[1,1],[1,0],[0,1],[0,0]]]"), "unusable-place"),
    "strange accuracy": (shape("[1,1]", "Point", ',"accuracy_m":"far"'), "not-a-number"),
    "endless accuracy": (shape("[1,1]", "Point", ',"accuracy_m":1e999'), "not-a-number"),
}


@pytest.mark.parametrize("sort", SHAPES)
def test_hostile_shapes(sort: str, case: Case, run: Runner) -> None:
    text, code = SHAPES[sort]
    case.rule("define z-zone as place in the evidence.\nrule 50: no Party shall conduct an exercise X where X.area overlaps z-zone.")
    case.put("evidence/places.geojson", text)
    case.put("evidence/exercise.csv", EXERCISE.replace("start\n", "start,area\n").replace("2026-02-20\n", "2026-02-20,z\n"))
    ran = run("check", case.folder)
    assert ran.code == 0
    assert ran.tells(code) if code == "unusable-place" else ran.tells(code, "places.geojson", 1)
    assert run("check", case.folder, "--strict").code == 2


POINTS = {
    "z,91,0,": "impossible-coordinates",
    "z,0,181,": "impossible-coordinates",
    "z,0,0,9000 km": "impossible-coordinates",
    "z,0,0,-1": "impossible-coordinates",
    "z,0,0,1..2": "impossible-coordinates",
    "z,nan,0,": "not-a-number",
    ",0,0,": "missing-cell",
}


@pytest.mark.parametrize("row", POINTS)
def test_hostile_points(row: str, case: Case, run: Runner) -> None:
    case.put("evidence/places.csv", f"name,latitude,longitude,radius\n{row}\n")
    assert run("check", case.folder).tells(POINTS[row], "places.csv", 2)


# ---- workbooks and columns ------------------------------------------------------------------


def workbook(path: Path, sheet: bytes) -> None:
    """A workbook with one sheet, whose XML is given."""
    book = openpyxl.Workbook()
    assert book.active
    book.active.title = "launch"
    book.save(path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in (parts | {"xl/worksheets/sheet1.xml": sheet}).items():
            archive.writestr(name, content)


def xml(rows: bytes, before: bytes = b"") -> bytes:
    space = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    return b'<?xml version="1.0"?>' + before + b"<worksheet " + space + b"><sheetData>" + rows + b"</sheetData></worksheet>"


CELL = b'<row><c t="inlineStr"><is><t>%s</t></is></c></row>'
LAUGHS = (
    b"<!DOCTYPE l [" + b"".join(b'<!ENTITY %c "%s">' % (97 + n, b"ha" * 5 if not n else b"&%c;" % (96 + n) * 10) for n in range(10)) + b"]>"
)
SHEETS = {
    "entities": xml(CELL % b"&j;", LAUGHS),
    "file": xml(CELL % b"&f;", b'<!DOCTYPE l [<!ENTITY f SYSTEM "file:///etc/passwd">]>'),
    "broken": b"<worksheet><sheetData><row>",
    "nested": xml(b"<row>" * 20_000),
    "far corner": xml(
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    ),
}


@pytest.mark.parametrize("sort", SHEETS)
def test_hostile_workbooks(sort: str, case: Case, run: Runner) -> None:
    workbook(case.evidence / "launch.xlsx", SHEETS[sort])
    ran = run("check", case.folder)
    assert ran.code == 0
    assert "root:" not in ran.said
    assert ran.tells("unreadable-file", "launch.xlsx") or sort == "far corner"


def test_a_workbook_that_unpacks_without_end(case: Case, run: Runner) -> None:
    path = case.evidence / "launch.xlsx"
    workbook(path, xml(b""))
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
        archive.open("xl/more.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(1200):
            part.write(b" " * (1 << 20))
    assert path.stat().st_size < 3_000_000
    ran = run("check", case.folder)
    assert ran.code == 0
    assert ran.tells("unreadable-file", "launch.xlsx")
    assert ran.megabytes < 500


def test_a_parquet_file_cut_short(case: Case, run: Runner) -> None:
    export = case.folder.parent / "tables"
    run("explain", case.folder, "40", "--export", export, writes=(export,))
    whole = (export / "exercise.parquet").read_bytes()
    for content in (whole[:-20], whole[20:], whole[:100] + b"\xff" * 100 + whole[200:]):
        case.put("evidence/launch.parquet", content)
        ran = run("check", case.folder)
        assert ran.code == 0
        assert "launch.parquet" in ran.err
