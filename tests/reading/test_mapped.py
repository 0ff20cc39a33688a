"""Tables through mappings: the known formats, units, times, faults by row, and that nothing breaks it."""

from __future__ import annotations

import contextlib
import io
import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from detente.reading.joined import joined
from detente.reading.mapped import UnmappedTable
from detente.reading.mapping import BrokenMapping, known_formats, read_mapping
from detente.reading.tally import Tally
from detente.reading.track import POSITIONS, STATIC, Account
from detente.reading.tracks import format_of, read_tracks

RECORDINGS = Path(__file__).parents[1] / "recordings"


def read(data: bytes, mapping: str | None = None) -> tuple[list[dict[str, Any]], list[dict[str, Any]], Account]:
    account = Account(Tally("t"))
    batches = list(read_tracks(io.BytesIO(data), account, None if mapping is None else read_mapping(mapping.encode(), "m")))
    for batch in batches:
        assert batch.positions.schema == POSITIONS
        assert batch.static.schema == STATIC
    return [r for b in batches for r in b.positions.to_pylist()], [r for b in batches for r in b.static.to_pylist()], account


def codes(account: Account) -> Counter[str]:
    return Counter(problem.code for problem in account.tally.problems())


def parquet(table: pa.Table) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table, sink)
    return sink.getvalue()


# ---- known formats --------------------------------------------------------------

MARINECADASTRE = b"""MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status,Length,Width,Draft,Cargo,TransceiverClass
366000001,2022-01-03T00:00:05,41.5,-70.9,7.5,180.2,181,CRAFT 001,,WAB1,30,0,20,5,,30,A
366000002,2022-01-03T00:00:06,41.6,-70.8,102.3,360.0,511,,,,,,,,,,B
"""
DANISH = b"""# Timestamp,Type of mobile,MMSI,Latitude,Longitude,Navigational status,ROT,SOG,COG,Heading,IMO,Callsign,Name,Ship type
03/01/2022 00:00:05,Class A,219000001,56.1,11.2,Under way using engine,,10.1,90.5,91,Unknown,OXAA,"CRAFT, 001",Military
03/01/2022 00:00:06,Base Station,2190047,91.0,0.0,,,,,,Unknown,Unknown,,Undefined
"""
OPENSKY = b"""time,icao24,lat,lon,velocity,heading,vertrate,callsign,onground,alert,spi,squawk,baroaltitude,geoaltitude,lastposupdate,lastcontact
1640995210,ABC001,50.5,8.5,100.0,270.0,0,TEST1   ,False,False,False,1000,3048,3100,1640995200.25,1640995209
"""
TRAFFIC = b"""timestamp,icao24,callsign,latitude,longitude,altitude,groundspeed,track
2021-10-07 12:00:00+00:00,abc001,TEST1,48.5,2.5,10000,250,90
"""


def test_marinecadastre() -> None:
    positions, static, account = read(MARINECADASTRE)
    assert [p["craft"] for p in positions] == ["mmsi:366000001", "mmsi:366000002"]
    assert (positions[0]["lon"], positions[0]["lat"], positions[0]["speed_kn"]) == (-70.9, 41.5, 7.5)
    assert str(positions[0]["time"]) == "2022-01-03 00:00:05+00:00"
    assert (positions[1]["speed_kn"], positions[1]["course_deg"]) == (None, None)
    assert [(s["name"], s["flag"], s["type"]) for s in static] == [("CRAFT 001", "US", "fishing")]
    assert not account.tally.problems()


def test_the_danish_maritime_authority() -> None:
    positions, static, account = read(DANISH)
    assert [(p["craft"], str(p["time"]), p["lat"]) for p in positions] == [("mmsi:219000001", "2022-01-03 00:00:05+00:00", 56.1)]
    assert [(s["name"], s["call_sign"], s["flag"], s["type"]) for s in static] == [("CRAFT, 001", "OXAA", "DK", "military")]
    assert account.seen["without a position"] == 1


def test_opensky_states_hold_when_the_position_was_broadcast_in_metres() -> None:
    (position,), (said,), _ = read(OPENSKY)
    assert position["craft"] == "icao24:abc001"
    assert position["time"].timestamp() == 1640995200.25
    assert position["altitude_ft"] == pytest.approx(10_000)
    assert position["speed_kn"] == pytest.approx(194.384, abs=0.001)
    assert said["call_sign"] == "TEST1"


def test_flights_of_traffic_as_text_and_as_parquet_are_one() -> None:
    table = pa.table(
        {
            "timestamp": pa.array([1_633_608_000_000_000_000], pa.int64()).cast(pa.timestamp("ns", "UTC")),
            "icao24": ["abc001"], "callsign": ["TEST1"], "latitude": [48.5], "longitude": [2.5], "altitude": [10000.0], "groundspeed": [250.0], "track": [90.0],
        }
    )  # fmt: skip
    assert read(TRAFFIC)[:2] == read(parquet(table))[:2]


def test_every_format_that_comes_with_the_package_can_be_read() -> None:
    assert sorted(known_formats()) == [
        "danish-maritime-authority",
        "detente",
        "marinecadastre",
        "marinecadastre-2025",
        "opensky-states",
        "traffic",
    ]


def test_the_recorded_flight() -> None:
    positions, _, account = read((RECORDINGS / "falsified-flight.csv").read_bytes())
    assert len(positions) == 434
    assert account.seen["without a position"] == 1
    assert {p["craft"] for p in positions} == {"icao24:abc001"}


# ---- mappings -------------------------------------------------------------------

OWN = """
craft: ship
time: {column: at, format: epoch-ms}
lon: x
lat: {column: y, unknown: [99]}
speed: {column: v, unit: km/h}
altitude: {column: h, unit: m}
"""


def test_a_mapping_of_ones_own() -> None:
    (position,), _, _ = read(
        b"at;ship;x;y;v;h\n1700000000000;Anna;10,5;1;2;3\n1700000000000;Anna;10.5;1;18.52;304.8\n1700000000000;Anna;10.5;99;;\n", OWN
    )
    assert (position["craft"], position["speed_kn"], position["altitude_ft"]) == ("Anna", pytest.approx(10), pytest.approx(1000))


def test_a_mapping_may_be_json() -> None:
    mapping = {"craft": "c", "time": {"column": "t", "format": "epoch-s"}, "lon": "x", "lat": "y"}
    assert len(read(b"c,t,x,y\na,1700000000,1,2\n", json.dumps(mapping))[0]) == 1


@pytest.mark.parametrize(
    ("cell", "format_", "zone", "is_read"),
    [
        ("2022-01-03T10:00:00Z", "iso", None, True),
        ("2022-01-03T10:00:00+02:00", "iso", None, True),
        ("2022-01-03 10:00:00.123456", "iso", "UTC", True),
        ("2022-01-03T10:00:00", "iso", None, False),
        ("2022-02-30T10:00:00", "iso", "UTC", False),
        ("03.01.2022 10:00", "%d.%m.%Y %H:%M", "UTC", True),
        ("03.01.2022 10:00", "%d.%m.%Y %H:%M", None, False),
        ("03.01.2022 10:00 +0200", "%d.%m.%Y %H:%M %z", None, True),
        ("1700000000.5", "epoch-s", None, True),
        ("1e999", "epoch-s", None, False),
        ("-5", "epoch-s", None, False),
        ("", "iso", "UTC", False),
    ],
)
def test_times(cell: str, format_: str, zone: str | None, is_read: bool) -> None:
    time: dict[str, object] = {"column": "t", "format": format_, **({"zone": zone} if zone else {})}
    positions, _, account = read(f"c,t,x,y\na,{cell},1,2\n".encode(), json.dumps({"craft": "c", "time": time, "lon": "x", "lat": "y"}))
    assert len(positions) == is_read
    assert codes(account)["impossible-time"] == (not is_read)


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        ("[1, 2]", "names no fields"),
        ("a: [", "neither YAML nor JSON"),
        ("craft: c", "which column holds time"),
        ("craft: c\ntime: t\nlon: x\nlat: y\nsize: z", 'field "size"'),
        ("craft: c\ntime: {column: t, format: yesterday}\nlon: x\nlat: y", "no format of a time"),
        ("craft: c\ntime: {column: t, zone: CET}\nlon: x\nlat: y", "in UTC only"),
        ("craft: {column: c, kind: imo}\ntime: t\nlon: x\nlat: y", "of the kind"),
        ("craft: c\ntime: t\nlon: x\nlat: y\nspeed: {column: v, unit: furlong}", "the unit"),
        ("craft: c\ntime: t\nlon: x\nlat: {column: y, unknown: none}", "is a list"),
        ("craft: c\ntime: t\nlon: x\nlat: {column: 7}", "names no column"),
        ("craft: c\ntime: t\nlon: x\nlat: {column: y, wide: 1}", "means nothing there"),
        ("craft: c\ntime: t\nlon: x\nlat: y\ntype: {column: v, codes: hs}", "expected ais"),
    ],
)  # fmt: skip
def test_a_broken_mapping_says_what_is_wrong(mapping: str, says: str) -> None:
    with pytest.raises(BrokenMapping, match=says.replace('"', ".")):
        read_mapping(mapping.encode(), "m.yaml")


def test_a_mapping_for_another_file_names_the_column() -> None:
    with pytest.raises(UnmappedTable, match='"ship"'):
        read(b"a,b,c,d\n1,2,3,4\n", OWN)


def test_columns_that_nobody_knows() -> None:
    with pytest.raises(UnmappedTable, match="a, b, c"):
        read(b"a,b,c\n1,2,3\n")


# ---- faults ---------------------------------------------------------------------


def test_a_bad_row_costs_itself_only_and_is_named_with_its_line() -> None:
    lines = MARINECADASTRE.splitlines()
    good = lines[1]
    bad = [
        good.replace(b"366000001", b"36600000x"),
        good.replace(b"41.5", b"north"),
        good.replace(b"41.5", b"141.5"),
        good.replace(b"T00:00:05", b"T25:00:05"),
        b"1,2,3",
        good.replace(b"366000001", b""),
    ]
    data = b"\n".join([lines[0], good, *bad, b"", good]) + b"\n"
    positions, _, account = read(data)
    assert len(positions) == 2
    found = {(p.code, p.span.line) for p in account.tally.problems() if p.span}
    assert found == {("bad-identity", 3), ("not-a-number", 4), ("impossible-coordinates", 5), ("impossible-time", 6), ("malformed-row", 7), ("missing-craft", 8)}  # fmt: skip


def test_a_bad_cell_beside_the_position_costs_only_itself() -> None:
    positions, static, account = read(MARINECADASTRE.replace(b"7.5", b"fast").replace(b"CRAFT 001", b"\xff\xfe"))
    assert [p["speed_kn"] for p in positions] == [None, None]
    assert static[0]["name"] is None
    assert codes(account) == {"not-a-number": 1, "not-utf-8": 1}


def test_lines_are_named_rightly_after_bad_rows_in_later_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    from detente.reading import mapped

    monkeypatch.setattr(mapped, "_BLOCK", 1 << 16)
    row = MARINECADASTRE.splitlines()[1]
    rows = [row] * 6_000
    rows[10] = b"short"
    rows[5_000] = row.replace(b"41.5", b"x")
    _, _, account = read(MARINECADASTRE.splitlines()[0] + b"\n" + b"\n".join(rows) + b"\n")
    assert {(p.code, p.span.line) for p in account.tally.problems() if p.span} == {("malformed-row", 12), ("not-a-number", 5_002)}


def test_parquet_that_is_none_and_parquet_with_odd_types() -> None:
    with pytest.raises(UnmappedTable, match="cannot be read"):
        read(b"PAR1 and nothing else PAR1")
    table = pa.table({"craft": [[1]], "time": ["2022-01-03T00:00:00Z"], "lon": [1.0], "lat": [2.0]})
    with pytest.raises(UnmappedTable, match="no names of craft"):
        read(parquet(table))
    table = pa.table({"craft": ["a"], "time": [True], "lon": ["x"], "lat": [2.0]})
    assert read(parquet(table))[0] == []


@pytest.mark.parametrize("data", [b"", b"\0\0\0", b"hello\n", b"{", b"{}", b'{"features": 3}', b'{"features": [1, {"properties": {}}]}'])
def test_what_is_no_file_of_tracks(data: bytes) -> None:
    with contextlib.suppress(UnmappedTable):
        positions, _, account = read(data)
        assert positions == []
        assert account.tally.problems()


def damaged(random_: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(random_.randrange(1, 8)):
        at = random_.randrange(len(changed))
        match random_.randrange(4):
            case 0:
                changed[at] = random_.randrange(256)
            case 1:
                del changed[at : at + random_.randrange(20)]
            case 2:
                changed[at:at] = random_.choice([b",", b"\n", b'"', b"\xff", b"1e400", b"-", b"\0", b"\r"])
            case _:
                changed[at:at] = bytes(changed[: random_.randrange(60)])
        if not changed:
            return b""
    return bytes(changed)


def fuzz(count: int, seed: int) -> None:
    random_ = random.Random(seed)
    for _ in range(count):
        data = damaged(random_, random_.choice([MARINECADASTRE, DANISH, OPENSKY, TRAFFIC]))
        with contextlib.suppress(UnmappedTable):
            read(data)


def test_damaged_tables_do_no_harm() -> None:
    fuzz(300, 1)


@pytest.mark.soak
def test_very_many_damaged_tables_do_no_harm() -> None:
    fuzz(1_000_000, 2)


# ---- joining --------------------------------------------------------------------


def test_static_data_are_joined_by_time() -> None:
    at = [1_700_000_000_000 + 1000 * s for s in (0, 10, 20, 30)]
    craft = ["mmsi:219000001"] * 3 + ["mmsi:265000001"]
    cells = {"craft": craft, "time": at, "lon": [0.0] * 4, "lat": [0.0] * 4}
    positions = pa.table([pa.array(cells.get(f.name, [None] * 4)).cast(f.type) for f in POSITIONS], schema=POSITIONS)
    said = {
        "craft": [*craft[:2], "mmsi:230000001"],
        "time": [at[1], at[2], at[0]],
        "name": ["OLD", "NEW", "X"],
        "type": ["cargo", None, "tug"],
    }
    static = pa.table([pa.array(said.get(f.name, [None] * 3)).cast(f.type) for f in STATIC], schema=STATIC)
    rows = joined(positions, static).to_pylist()
    assert [(r["name"], r["type"], r["flag"]) for r in rows] == [
        (None, None, "DK"),
        ("OLD", "cargo", "DK"),
        ("NEW", "cargo", "DK"),
        (None, None, "SE"),
    ]


def test_joining_nothing() -> None:
    assert joined(POSITIONS.empty_table(), STATIC.empty_table()).num_rows == 0


@pytest.mark.parametrize(
    ("head", "form"),
    [
        (b"# a log\n\n!AIVDM,1,1,,A,x,0*00\n", "nmea"), (b"\\s:x*00\\!AIVDM", "nmea"), (b"2013-01-01 !AIVDM,1", "nmea"),
        (b"1700000000.5,8D40621D58C382D690C8AC2863A7\n", "adsb"), (b"*8D40621D58C382D690C8AC2863A7;\n", "adsb"),
        (b"a,b\n", "csv"), (b"\xef\xbb\xbf{", "geojson"), (b"PAR1", "parquet"), (b"", None), (b"words\n", None),
    ],
)  # fmt: skip
def test_the_first_bytes_show_the_format(head: bytes, form: str | None) -> None:
    assert format_of(head) == form
