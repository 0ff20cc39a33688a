"""`detente detect` and `detente tracks` on recordings."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner, Result

from detente.cli.app import app

RECORDINGS = Path(__file__).parents[1] / "recordings"
FEED, FLIGHT, BROKEN = (str(RECORDINGS / name) for name in ("nais-half-second.nmea", "falsified-flight.csv", "broken.nmea"))
CIRCLE = "41.39N 28.75E r 30 km"


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def ask(*words: str, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(app, list(words), input=stdin)


def refused(*words: str) -> str:
    result = ask(*words)
    assert result.exit_code == 2
    assert result.stdout == ""
    return result.stderr.partition(":")[0]


def test_a_stay_in_a_circle_as_csv() -> None:
    result = ask("detect", FLIGHT, "--measure", "zone", "--zone", CIRCLE, "--format", "csv")
    assert result.exit_code == 0
    (row,) = csv.DictReader(io.StringIO(result.stdout))
    assert (row["craft"], row["zone"], row["certain"], row["entered"], row["left"]) == ("icao24:abc001", CIRCLE, "yes", "no", "yes")
    assert row["start"] < row["end"]
    assert "found: one finding on one craft" in result.stderr
    assert "two places at once" in result.stderr


def test_every_format_says_the_same(tmp_path: Path) -> None:
    base = ("detect", FLIGHT, "--measure", "zone", "--zone", CIRCLE)
    assert ask(*base, "-o", str(tmp_path / "x.parquet")).exit_code == 0
    row = pq.read_table(tmp_path / "x.parquet").to_pylist()[0]
    assert ask(*base, "-o", str(tmp_path / "x.geojson")).exit_code == 0
    feature = json.loads((tmp_path / "x.geojson").read_text())["features"][0]
    assert feature["properties"]["craft"] == row["craft"]
    assert feature["geometry"]["coordinates"] == [[row["start_lon"], row["start_lat"]], [row["end_lon"], row["end_lat"]]]
    assert "abc001" in ask(*base, "--width", "80").stdout


def test_zones_from_files(tmp_path: Path) -> None:
    box = {"type": "Polygon", "coordinates": [[[28, 41], [29, 41], [29, 42], [28, 42], [28, 41]]]}
    line = {"type": "LineString", "coordinates": [[28, 41.5], [29, 41.6]]}
    features = [{"type": "Feature", "properties": {"name": n}, "geometry": g} for n, g in (("box", box), ("line", line))]
    path = tmp_path / "zones.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))

    def zones(*texts: str) -> set[str]:
        result = ask("detect", FLIGHT, "--measure", "zone", *(w for text in texts for w in ("--zone", text)), "--format", "csv")
        assert result.exit_code == 0, result.stderr
        return {row["zone"] for row in csv.DictReader(io.StringIO(result.stdout))}

    assert zones(f"{path}#box") == {"box"}
    assert zones(f"20 km around {path}#line", f"20 km beside {path}#line") >= {"20 km around line", "line, left"}
    assert refused("detect", FLIGHT, "--measure", "zone", "--zone", f"{path}#line") == "bad-zone"
    assert refused("detect", FLIGHT, "--measure", "zone", "--zone", f"{path}#nothing") == "bad-zone"


def test_a_territory_and_its_sea() -> None:
    result = ask(
        "detect",
        FLIGHT,
        "--measure",
        "zone",
        "--zone",
        "territory of Poland",
        "--zone",
        "12 nm off Poland",
        "--format",
        "csv",
        "--gap",
        "2 min",
    )
    assert result.exit_code == 0
    assert {row["account"] for row in csv.DictReader(io.StringIO(result.stdout))} <= {""}


def test_silences_of_a_national_feed() -> None:
    result = ask("detect", FEED, "--measure", "dark")
    assert result.exit_code == 0
    assert result.stdout == "Nothing was found.\n"
    assert "read: 128 fixes, 191 repeats merged" in result.stderr


def test_only_craft_of_a_type() -> None:
    everybody = ask("detect", FEED, "--measure", "zone", "--zone", "0N 0E r 4000 km", "--zone", "30N 90W r 4000 km", "--format", "csv")
    ships = ask("detect", FEED, "--measure", "zone", "--zone", "30N 90W r 4000 km", "--classes", "ship", "--format", "csv")
    none = ask("detect", FEED, "--measure", "zone", "--zone", "30N 90W r 4000 km", "--classes", "aircraft,military", "--format", "csv")
    assert everybody.exit_code == ships.exit_code == none.exit_code == 0
    assert len(everybody.stdout.splitlines()) >= len(ships.stdout.splitlines()) > 50
    assert len(none.stdout.splitlines()) == 1


def test_faults_go_to_a_file(tmp_path: Path) -> None:
    ask("detect", FLIGHT, "--measure", "dark", "--faults", str(tmp_path / "f.csv"))
    rows = list(csv.DictReader((tmp_path / "f.csv").open()))
    assert {row["fault"] for row in rows} == {"two places at once"}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--measure", "reach"), "reach-without-rule"),
        (("--measure", "reach", "--zone", CIRCLE), "reach-without-rule"),
        (("--measure", "intent"), "unknown-measure"),
        (("--measure", "zone"), "missing-option"),
        (("--measure", "dark", "--zone", CIRCLE), "unused-option"),
        (("--measure", "zone", "--zone", "the sea"), "bad-zone"),
        (("--measure", "zone", "--zone", "12 nm off Atlantis"), "bad-zone"),
        (("--measure", "zone", "--zone", "12 off Poland"), "bad-zone"),
        (("--measure", "zone", "--zone", "12 furlongs off Poland"), "bad-distance"),
        (("--measure", "zone", "--zone", "900 km off Poland"), "bad-zone"),
        (("--measure", "zone", "--zone", CIRCLE, "--gap", "10"), "bad-duration"),
        (("--measure", "zone", "--zone", CIRCLE, "--gap", "90 d"), "bad-measure"),
        (("--measure", "dark", "--least", "1 s"), "bad-measure"),
        (("--measure", "dark", "--mapping", BROKEN), "bad-mapping"),
    ],
)
def test_what_cannot_be_asked(words: tuple[str, ...], code: str) -> None:
    said = refused("detect", FLIGHT, *words)
    assert said == code or said.endswith(f"{code}") or code in ask("detect", FLIGHT, *words).stderr


def test_files_that_are_none() -> None:
    assert refused("detect", "nowhere.nmea", "--measure", "dark") == "missing-file"
    assert "unknown-track-format" in ask("detect", __file__, "--measure", "dark").stderr


def test_stdin() -> None:
    result = ask("tracks", "info", "-", stdin=Path(BROKEN).read_bytes())
    assert result.exit_code == 0
    assert "undecodable-message 16, bad-checksum 2" in result.stdout


# ---- tracks ---------------------------------------------------------------------


def test_info() -> None:
    result = ask("tracks", "info", FEED, FLIGHT)
    assert result.exit_code == 0
    assert "fixes      128 of" in result.stdout
    assert "fixes      434 of 1 craft" in result.stdout
    assert "2024-09-17" in result.stdout


def test_clean_keeps_every_fix_and_marks_the_faults() -> None:
    result = ask("tracks", "clean", FLIGHT)
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert len(rows) == 434
    assert {row["fault"] for row in rows} == {"", "two places at once"}


def test_convert_can_be_read_again(tmp_path: Path) -> None:
    for name in ("x.csv", "x.parquet"):
        assert ask("tracks", "convert", FEED, "-o", str(tmp_path / name)).exit_code == 0
        assert "fixes      128 of" in ask("tracks", "info", str(tmp_path / name)).stdout


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "pyais.messages", None)
    monkeypatch.delitem(sys.modules, "detente.reading.ais", raising=False)
    assert refused("tracks", "info", FEED) == "missing-extra"


def test_two_ships_that_meet(tmp_path: Path) -> None:
    path = tmp_path / "two.csv"
    rows = ["craft,time,lon,lat"]
    for minute in range(11):
        rows.append(f"mmsi:219000001,2026-01-05T10:{minute:02d}:00Z,{20 + 0.005 * minute:.3f},54.6")
        rows.append(f"mmsi:265000002,2026-01-05T10:{minute:02d}:00Z,{20.05 - 0.005 * minute:.3f},54.603")
    path.write_text("\n".join(rows) + "\n")
    result = ask("detect", str(path), "--measure", "separation", "--distance", "1 nm", "--format", "csv")
    assert result.exit_code == 0, result.stderr
    (row,) = csv.DictReader(io.StringIO(result.stdout))
    assert {row["first"], row["second"]} == {"mmsi:219000001", "mmsi:265000002"}
    assert float(row["least_m"]) < 340 < float(row["most_m"])
    assert refused("detect", str(path), "--measure", "separation") == "missing-option"
    assert refused("detect", str(path), "--measure", "separation", "--distance", "900 km") == "bad-measure"
    assert ask("detect", str(path), "--measure", "encounter").stdout == "Nothing was found.\n"
