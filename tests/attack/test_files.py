"""Files and folders that are not what they should be."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from .conftest import AGREEMENT, EXERCISE, Case, Runner

COMMANDS = ("check", "explain", "test", "fmt")
FIELDS = ("id=A-9", "source=arland-mod", "says=asserts", "event=E-9", "said_at=2026-01-02", "published_at=2026-01-02", "party=Arland")


def args(command: str, target: object) -> list[object]:
    return [command, target, *(["40"] if command == "explain" else [])]


def answers(*pairs: str) -> list[str]:
    return [word for pair in pairs for word in ("--field", pair)]


def test_the_case_judges_well(case: Case, run: Runner) -> None:
    ran = run("check", case.folder)
    assert (ran.code, ran.err) == (0, "")
    assert "disputed" in ran.out


def test_the_folder_that_init_writes_judges_well(tmp_path: Path, run: Runner) -> None:
    """Its parties are named, nothing is wrong with it, and it shows the dispute that its evidence was made for."""
    new = tmp_path / "new"
    assert run("init", new, writes=(new,)).code == 0
    ran = run("check", new)
    assert (ran.code, ran.err) == (0, "")
    assert "The one obligation is disputed." in ran.out
    assert run("fmt", "--check", new).code == 0


# ---- nothing there, or too much -----------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS)
def test_empty_folder(command: str, tmp_path: Path, run: Runner) -> None:
    (tmp_path / "empty").mkdir()
    ran = run(*args(command, tmp_path / "empty"))
    assert (ran.code, ran.out) == (2, "")
    assert ran.tells("no-agreement")


@pytest.mark.parametrize("command", [*COMMANDS, "add", "verify"])
def test_missing(command: str, case: Case, run: Runner) -> None:
    extra = {"add": ["exercise"], "verify": ["--evidence", case.evidence]}.get(command, [])
    ran = run(*args(command, case.folder / "none"), *extra)
    assert (ran.code, ran.out) == (2, "")
    assert ran.tells("missing-file")


def test_empty_evidence(case: Case, run: Runner) -> None:
    for path in case.evidence.iterdir():
        path.unlink()
    ran = run("check", case.folder)
    assert ran.code == 0
    assert "untested" in ran.out or "unverified" in ran.out


@pytest.mark.parametrize("name", ["evidence", "agreement.md", "/dev/null"])
def test_no_folder_of_evidence(name: str, case: Case, run: Runner) -> None:
    case.put("other.md", AGREEMENT)
    ran = run("check", case.folder / "other.md", "--evidence", case.folder / name if name != "evidence" else case.folder / "none")
    assert (ran.code, ran.out) == (2, "")
    assert ran.tells("no-evidence") or ran.tells("missing-file")


def test_several_agreements(case: Case, run: Runner) -> None:
    case.agreement.rename(case.folder / "one.md")
    case.put("two.md", AGREEMENT)
    for command in ("explain", "test", "fmt"):
        ran = run(*args(command, case.folder))
        assert (ran.code, ran.out) == (2, "")
        assert ran.tells("several-agreements")
        assert "one.md, two.md" in ran.err
    assert run("check", case.folder).out.count("Attacked") == 2


# ---- bytes that are no text -----------------------------------------------------------

BYTES = {
    "zeros": b"\x00" * 4096,
    "all bytes": bytes(range(256)) * 100,
    "program": b"\x7fELF\x02\x01\x01" + b"\x00" * 1000,
    "zip": b"PK\x03\x04" + b"\x00" * 100,
    "utf-16": "# A, B\n".encode("utf-16"),
    "latin-1": "id,Ö\n1,Ö\n".encode("latin-1"),
    "surrogate": b"\xed\xa0\x80",
    "quote": b'"',
}


@pytest.mark.parametrize("command", ["check", "fmt"])
@pytest.mark.parametrize("content", [c for c in BYTES.values() if c != b'"'], ids=[n for n in BYTES if n != "quote"])
def test_agreement_of_bytes(command: str, content: bytes, case: Case, run: Runner) -> None:
    case.put("agreement.md", content)
    ran = run(*args(command, case.folder))
    assert (ran.code, ran.out) == (2, "")
    assert ran.tells("not-utf-8", "agreement.md") or ran.tells("control-character", "agreement.md")


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n\n"], ids=["nothing", "mark", "blank"])
def test_empty_agreement(content: bytes, case: Case, run: Runner) -> None:
    case.put("agreement.md", content)
    ran = run("check", case.folder)
    assert ran.tells("no-parties", "agreement.md")
    assert "no obligation" in ran.out


@pytest.mark.parametrize("content", BYTES.values(), ids=BYTES)
def test_evidence_of_bytes(content: bytes, case: Case, run: Runner) -> None:
    """Each file is named, and the rest is judged."""
    names = ["missile.csv", "deployment.jsonl", "launch.parquet", "transit.xlsx", "completeness.csv", "places.geojson"]
    for name in names:
        case.put(f"evidence/{name}", content)
    ran = run("check", case.folder)
    assert ran.code == 0
    assert "disputed" in ran.out
    assert [name for name in names if f"evidence/{name}" not in ran.err] == []


def test_marks_and_line_ends(case: Case, run: Runner) -> None:
    """A byte order mark and the line ends of other systems change nothing."""
    plain = run("check", case.folder, "--format", "csv")
    for path in [case.agreement, *case.evidence.iterdir()]:
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    ran = run("check", case.folder, "--format", "csv")
    assert (ran.code, ran.err, ran.out) == (0, "", plain.out)


# ---- names ------------------------------------------------------------------------------


NEW = ("x\ny", "-x")
"""Odd names for a folder, which a person may make all the same."""
ODD = (*NEW, "/etc/passwd", "a" * 5000, os.fsdecode(b"\xff"))


@pytest.mark.parametrize(
    ("command", "name"), [(c, n) for c in ("check", "add", "verify") for n in (*ODD, "../../etc/passwd")] + [("init", n) for n in ODD]
)
def test_a_name_that_is_a_path(name: str, command: str, case: Case, tmp_path: Path, run: Runner) -> None:
    extra: list[object] = {"add": ["exercise"], "verify": ["--evidence", case.evidence]}.get(command, [])
    is_new = command == "init" and name in NEW
    ran = run(command, "--", name, *extra, writes=(tmp_path / "outside" / name,) if is_new else ())
    assert "root:" not in ran.said
    assert ran.code == (0 if is_new else 2)


PATHS = [
    "../../etc/passwd",
    "/etc/passwd",
    "..\\..\\x",
    "file:///etc/passwd",
    "a/../../../etc/hostname",
    "C:\\x",
    "https://example.org/x.geojson",
    "~/x",
]


@pytest.mark.parametrize("path", PATHS)
def test_a_place_that_is_a_path(path: str, case: Case, run: Runner) -> None:
    line = case.rule(f'define zone as place "{path}".\nrule 50: no Party shall conduct an exercise X where X.area overlaps zone.')
    ran = run("check", case.folder)
    assert (ran.code, ran.out) == (2, "")
    assert ran.tells("place-outside-folder", "agreement.md", line)


@pytest.mark.parametrize("sort", ["missing", "link", "folder", "pipe", "not json", "no shape"])
def test_a_file_of_shapes_that_cannot_be_read(sort: str, case: Case, tmp_path: Path, run: Runner) -> None:
    line = case.rule('define zone as place "zone.geojson".\nrule 50: no Party shall conduct an exercise X where X.area overlaps zone.')
    path = case.folder / "zone.geojson"
    if sort == "link":
        (tmp_path / "secret.geojson").write_text('{"hunter2": 1}')
        path.symlink_to(tmp_path / "secret.geojson")
    elif sort == "folder":
        path.mkdir()
    elif sort == "pipe":
        os.mkfifo(path)
    elif sort != "missing":
        path.write_text("{" if sort == "not json" else '{"type": "FeatureCollection", "features": []}')
    ran = run("check", case.folder)
    assert (ran.code, ran.out) == (2, "")
    assert ran.tells("unreadable-places", "agreement.md", line)
    assert "hunter2" not in ran.said


def test_a_file_of_shapes_is_read(case: Case, run: Runner) -> None:
    case.rule('define zone as place "zone.geojson".\nrule 50: no Party shall conduct an exercise X where X.area overlaps zone.')
    ring = "[[9,49],[11,49],[11,51],[9,51],[9,49]]"
    feature = f'{{"type":"Feature","properties":{{"name":"any"}},"geometry":{{"type":"Polygon","coordinates":[{ring}]}}}}'
    case.put("zone.geojson", f'{{"type":"FeatureCollection","features":[{feature}]}}')
    case.put("evidence/exercise.csv", EXERCISE.replace("start\n", "start,area\n").replace("2026-02-20\n", '2026-02-20,"50,10"\n'))
    ran = run("check", case.folder, "--format", "csv")
    assert ran.code == 1
    assert "50#west-26,Arland,,West-26,breached" in ran.out


@pytest.mark.parametrize("path", PATHS[:4])
def test_words_of_evidence_that_are_paths(path: str, case: Case, run: Runner) -> None:
    """Ids, events and places are words: nothing is opened because of them."""
    case.exercise(f'"{path}",arland-mod,asserts,"{path}",2026-01-02,2026-01-02,Arland,9500,2026-02-20')
    case.put("evidence/places.csv", f'name,lat,lon\n"{path}",50,10\n')
    ran = run("check", case.folder)
    assert ran.code == 0
    assert "root:" not in ran.said


# ---- links, pipes and devices --------------------------------------------------------------


@pytest.mark.parametrize("target", ["exercise.csv", "sources.csv", "deployment.csv"])
def test_links_out_of_the_folder(target: str, case: Case, tmp_path: Path, run: Runner) -> None:
    """What such a link reaches is not read."""
    (tmp_path / "secret.csv").write_text("id,source\nhunter2,hunter2\n")
    (case.evidence / target).unlink(missing_ok=True)
    (case.evidence / target).symlink_to(tmp_path / "secret.csv")
    ran = run("check", case.folder)
    assert ran.tells("outside-folder", target)
    assert "hunter2" not in ran.said


def test_links_that_go_round(case: Case, run: Runner) -> None:
    (case.evidence / "loop").symlink_to(case.evidence)
    (case.evidence / "deployment.csv").symlink_to("deployment.csv")
    ran = run("check", case.folder)
    assert ran.code == 0
    assert ran.tells("outside-folder", "deployment.csv")


def test_folders_named_like_files(case: Case, run: Runner) -> None:
    (case.evidence / "deployment.csv").mkdir()
    (case.evidence / "launch.parquet").mkdir()
    assert "disputed" in run("check", case.folder).out


@pytest.mark.parametrize("command", ["check", "test", "fmt"])
@pytest.mark.parametrize("sort", ["pipe", "device"])
def test_an_agreement_without_end(command: str, sort: str, case: Case, run: Runner) -> None:
    case.agreement.unlink()
    if sort == "pipe":
        os.mkfifo(case.agreement)
    else:
        case.agreement.symlink_to("/dev/zero")
    for target in (case.folder, case.agreement):
        ran = run(command, target)
        assert (ran.code, ran.out) == (2, "")
        assert ran.megabytes < 500


def test_evidence_without_end(case: Case, run: Runner) -> None:
    for name in ("deployment.csv", "launch.jsonl", "transit.xlsx", "missile.parquet", "places.geojson", "entered.jsonl"):
        os.mkfifo(case.evidence / name)
    ran = run("check", case.folder)
    assert ran.code == 0
    assert ran.err.count("not-a-file") == 6


@pytest.mark.parametrize("sort", ["pipe", "device", "folder", "empty", "deep", "huge number"])
def test_no_verdict_file(sort: str, case: Case, run: Runner) -> None:
    path = case.folder / "verdicts.json"
    if sort == "pipe":
        os.mkfifo(path)
    elif sort == "folder":
        path.mkdir()
    else:
        path.write_text({"empty": "", "deep": "[" * 100_000, "huge number": "9" * 100_000}.get(sort, ""))
    ran = run("verify", "/dev/zero" if sort == "device" else path, "--evidence", case.evidence)
    assert (ran.code, ran.out) == (2, "")
    assert ran.tells("unreadable-file") if sort == "folder" else ran.tells("not-a-verdict-file")
    assert ran.megabytes < 500


@pytest.mark.parametrize("sort", ["pipe", "link"])
def test_add_writes_to_its_own_file_only(sort: str, case: Case, tmp_path: Path, run: Runner) -> None:
    if sort == "pipe":
        os.mkfifo(case.evidence / "entered.jsonl")
    else:
        (tmp_path / "away.jsonl").write_text("")
        (case.evidence / "entered.jsonl").symlink_to(tmp_path / "away.jsonl")
    ran = run("add", case.folder, "exercise", *answers(*FIELDS))
    assert ran.code == 2
    assert ran.tells("unwritable-file", "entered.jsonl")


def test_init_follows_no_link(tmp_path: Path, run: Runner) -> None:
    (tmp_path / "away").mkdir()
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "evidence").symlink_to(tmp_path / "away")
    ran = run("init", tmp_path / "new")
    assert ran.code == 2
    assert ran.tells("outside-folder", "new/evidence")


# ---- what may not be read or written -----------------------------------------------------------


@pytest.mark.parametrize("target", [".", "agreement.md", "evidence", "evidence/exercise.csv"])
def test_unreadable(target: str, case: Case, run: Runner) -> None:
    path = case.folder / target
    path.chmod(0)
    try:
        ran = run("check", ".", folder=case.folder, nobody=os.geteuid() == 0)
    finally:
        path.chmod(0o755)
    if target == "evidence/exercise.csv":
        assert "exercise.csv" in ran.err
    else:
        assert (ran.code, ran.out) == (2, "")


@pytest.mark.parametrize("form", ["table", "json"])
def test_output_that_cannot_be_written(form: str, case: Case, tmp_path: Path, run: Runner) -> None:
    for target in (tmp_path / "no" / "such" / "folder.json", tmp_path, "/dev/full"):
        ran = run("check", case.folder, "--format", form, "-o", target)
        assert (ran.code, ran.out) == (2, "")
        assert ran.tells("unwritable-file")


def test_output_replaces_a_file_whole(case: Case, tmp_path: Path, run: Runner) -> None:
    out = tmp_path / "out.json"
    out.write_text("x" * 10_000_000)
    out.chmod(0o600)
    assert run("check", case.folder, "--format", "json", "-o", out, writes=(out,)).code == 0
    assert out.read_text().startswith("{")
    assert len(out.read_text()) < 100_000
    assert out.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_export_that_cannot_be_written(case: Case, tmp_path: Path, run: Runner) -> None:
    (tmp_path / "taken" / "source.parquet").mkdir(parents=True)
    for target in (case.agreement, "/proc/none", case.evidence):
        ran = run("explain", case.folder, "40", "--export", target)
        assert (ran.code, ran.out) == (2, "")
        assert ran.tells("unwritable-file")
    assert run("explain", case.folder, "40", "--export", tmp_path / "taken", writes=(tmp_path / "taken",)).tells("unwritable-file")


def test_init_overwrites_nothing(case: Case, run: Runner) -> None:
    ran = run("init", case.folder)
    assert (ran.code, ran.out) == (2, "")
    assert ran.tells("file-exists", "agreement.md", 1)


def test_fmt_leaves_bad_files_alone(case: Case, run: Runner) -> None:
    for content in (AGREEMENT.replace("each Party", "each Pirate").encode(), b"\xff", b"```rule\nrule", b"# A\r# B\r", b"\x1b[31m"):
        case.put("agreement.md", content)
        assert run("fmt", case.agreement).code == 2


@pytest.mark.parametrize("kind", ["../../etc/passwd", "/etc/passwd", "exercise.csv", "", "\x1b[31m", "exercise; DROP TABLE x", "sources"])
def test_add_with_a_strange_kind(kind: str, case: Case, run: Runner) -> None:
    ran = run("add", case.folder, kind, *answers(*FIELDS))
    assert (ran.code, ran.out) == (2, "")
    assert ran.tells("unknown-kind")
