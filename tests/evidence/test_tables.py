"""What the judge reads: bounds, own acts, recipients, rows that stand alone, completeness, links and coverage."""

import json
from datetime import datetime

from detente.agreement.clause import Group, Membership

from .folders import read, rows


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_a_row_becomes_a_statement_and_a_row_of_its_kind(tmp_path):
    text = "id,source,event,said_at,published_at,party,level,troops,range,unannounced,start,quote,publication_level\n"
    text += "A-1,arland,E-1,2026-01-01,2026-01-02T10:00+02:00,Arland,>=brigade,8200..10100,5 nm,no,2026-02,big,public\n"
    record = read(tmp_path, {"exercise.csv": text})
    assert rows(record, "SELECT id, kind, says, event, said, published, quote, level, line FROM statement") == [
        ("A-1", "exercise", "asserts", "E-1", at("2026-01-01T23:59:59.999999"), at("2026-01-02T08:00"), "big", "public", 2)
    ]
    assert rows(
        record,
        "SELECT party, level_lo, level_hi, troops_lo, troops_hi, range_lo, range_hi, unannounced_lo, unannounced_hi, start_lo, start_hi, end_lo, area FROM exercise",
    ) == [("Arland", 1, None, 8200, 10100, 9260, 9260, 0, 0, at("2026-02-01"), at("2026-02-28T23:59:59.999999"), None, None)]
    assert rows(record, "SELECT own, lone, base, target FROM exercise") == [(True, True, "E-1", None)]
    statement = record.statement(rows(record, "SELECT seq FROM statement")[0][0])
    assert (statement.id, statement.said.isoformat()) == ("A-1", "2026-01-01T23:59:59.999999+00:00")
    assert record.statement(99) is None
    assert record.last_published.isoformat() == "2026-01-02T08:00:00+00:00"


def test_days_are_local(tmp_path):
    text = "id,source,event,said_at,start\nA-1,arland,E-1,2026-01-01,2026-03-29\n"
    record = read(tmp_path, {"exercise.csv": text}, time_zone="Europe/Kyiv")
    assert rows(record, "SELECT start_lo, start_hi FROM exercise") == [(at("2026-03-28T22:00"), at("2026-03-29T20:59:59.999999"))]


def test_a_day_whose_midnight_is_skipped(tmp_path):
    text = "id,source,event,said_at,start\nA-1,arland,E-1,2026-01-01,2022-03-27\n"
    record = read(tmp_path, {"exercise.csv": text}, time_zone="Asia/Beirut")
    assert rows(record, "SELECT start_lo, start_hi FROM exercise") == [(at("2022-03-26T22:00"), at("2022-03-27T20:59:59.999999"))]


def test_hyphens_may_be_underscores(tmp_path):
    for name, column in (("annual-calendar.csv", "as-of"), ("annual_calendar.csv", "as_of")):
        record = read(tmp_path / column, {name: f"id,source,event,said_at,party,{column}\nA-1,arland,C-1,2026-01-01,Arland,2026\n"})
        assert not record.problems
        assert rows(record, 'SELECT "as-of_lo", "as-of_hi" FROM annual_calendar') == [(at("2026-01-01"), at("2026-12-31T23:59:59.999999"))]


def test_a_column_may_name_a_unit(tmp_path):
    record = read(
        tmp_path,
        {
            "exercise.csv": "id,source,event,said_at,range_km\nA-1,arland,E-1,2026-01-01,4.35\nA-2,arland,E-2,2026-01-01,3 nm\nA-3,arland,E-3,2026-01-01,12\n"
        },
    )
    assert rows(record, "SELECT range_lo FROM exercise ORDER BY event") == [(4350,), (5556,), (12000,)]


def test_own_acts(tmp_path):
    text = "id,source,event,said_at,party,recipient\n1,arland,N-1,2026-01-01,Arland,Borland\n2,borland,N-1,2026-01-01,Arland,Borland\n3,mission,N-1,2026-01-01,Arland,Borland\n4,borland,N-2,2026-01-01,Arland,Carland\n"
    record = read(tmp_path, {"notification.csv": text})
    assert rows(record, "SELECT k.id, own FROM notification JOIN statement k USING (seq) ORDER BY k.id") == [
        ("1", True),
        ("2", True),
        ("3", False),
        ("4", False),
    ]


def test_recipients_become_events(tmp_path):
    text = "id,source,says,event,said_at,party,recipient\n1,arland,,N-1,2026-01-01,Arland,Borland; Carland;\n2,borland,denies,N-1,2026-01-02,,\n3,borland,denies,N-1,2026-01-03,Arland,Borland\n4,arland,,N-2,2026-01-01,Arland,Borland\n5,arland,,N-3,2026-01-01,Arland,all\n"
    record = read(tmp_path, {"notification.csv": text})
    found = rows(record, "SELECT k.id, n.event, n.base, n.recipient FROM notification n JOIN statement k USING (seq) ORDER BY 1, 2")
    assert found == [
        ("1", "N-1>Borland", "N-1", "Borland"),
        ("1", "N-1>Carland", "N-1", "Carland"),
        ("2", "N-1>Borland", "N-1", "Borland"),
        ("2", "N-1>Carland", "N-1", "Carland"),
        ("3", "N-1>Borland", "N-1", "Borland"),
        ("4", "N-2", "N-2", "Borland"),
        ("5", "N-3>Borland", "N-3", "Borland"),
        ("5", "N-3>Carland", "N-3", "Carland"),
    ]
    assert rows(record, "SELECT count(*) FROM statement") == [(5,)]


def test_a_group_of_recipients_is_taken_on_the_day(tmp_path):
    groups = {
        "Pact": Group(
            "Pact",
            (
                Membership("Borland", since=at("2020-01-01").date()),
                Membership("Carland", since=at("2027-01-01").date()),
                Membership("Arland"),
            ),
        )
    }
    text = "id,source,event,said_at,party,recipient\n1,arland,N-1,2026-01-01,Arland,Pact\n2,arland,N-2,2028-01-01,Arland,Pact\n"
    record = read(tmp_path, {"notification.csv": text}, groups=groups)
    assert rows(record, "SELECT event, recipient FROM notification ORDER BY event, recipient") == [
        ("N-1", "Borland"),
        ("N-2>Borland", "Borland"),
        ("N-2>Carland", "Carland"),
    ]


def test_rows_that_stand_alone(tmp_path):
    def lone(text: str, identity: str = "source,kind,a,b,said_at\n") -> dict[str, bool]:
        record = read(tmp_path, {"exercise.csv": "id,source,says,event,target,said_at,party,on\n" + text, "identity.csv": identity})
        assert not [p for p in record.problems if p.severity == "error"]
        return dict(rows(record, "SELECT k.id, lone FROM exercise JOIN statement k USING (seq) ORDER BY k.id"))

    assert lone("1,arland,,E-1,,2026-01-01,Arland,\n2,arland,,E-2,,2026-01-01,Arland,\n3,borland,denies,E-2,,2026-01-01,,\n") == {
        "1": True,
        "2": False,
        "3": False,
    }
    assert lone("1,arland,,E-1,,2026-01-01,Arland,\n2,arland,withdraws,,1,2026-01-01,,\n") == {"1": False, "2": False}
    assert lone("1,arland,,E-1,,2026-01-01,Arland,\n", "source,kind,a,b,said_at\nmission,exercise,E-1,E-9,2026-01-01\n") == {"1": False}
    pattern = "9,borland,denies,,,2026-01-01,Arland,\n"
    assert lone(
        pattern + "1,arland,,E-1,,2026-01-01,Arland,\n2,arland,,E-2,,2026-01-01,Borland,\n3,arland,,E-3,,2026-01-01,,Carland\n"
    ) == {"1": False, "2": True, "3": False, "9": False}
    assert lone("9,borland,denies,,,2026-01-01,,\n1,arland,,E-1,,2026-01-01,Arland,\n") == {"1": False, "9": False}


def test_completeness(tmp_path):
    text = "source,register,kind,from,until,lag,said_at,party\nmission,notification-register,,2026-01-01,2026-01-31,2 days,2026-02-01,\n"
    text += "mission,,exercise,,2026-01-31T10:00Z,3 hours,2026-02-01,\narland,,exercise,,,,2026-02-01,Arland\n"
    record = read(tmp_path, {"completeness.csv": text})
    assert not record.problems
    assert rows(record, "SELECT kind, from_, until_, own, party FROM completeness ORDER BY seq") == [
        ("notification", at("2026-01-01"), at("2026-01-29T23:59:59.999999"), False, None),
        ("exercise", None, at("2026-01-31T07:00"), False, None),
        ("exercise", None, None, True, "Arland"),
    ]


def test_a_lag_in_days_counts_local_days(tmp_path):
    text = "source,kind,until,lag,said_at\nmission,exercise,2026-03-30,2 days,2026-04-01\n"
    record = read(tmp_path, {"completeness.csv": text}, time_zone="Europe/Kyiv")
    assert rows(record, "SELECT until_ FROM completeness") == [(at("2026-03-28T21:59:59.999999"),)]


def test_faults_in_completeness_and_the_like(tmp_path):
    files = {
        "completeness.csv": "source,register,kind,lag,said_at\nmission,x-register,,,2026-01-01\nmission,,exercise,a while,2026-01-01\nmission,,exercize,,2026-01-01\n",
        "identity.csv": "source,kind,a,b,said_at\nmission,exercise,E-1,,2026-01-01\n",
        "coverage.csv": "source,kind,fraction\nmission,exercise,1.5\nmission,exercise,80 %\nmission,exercise,\n",
    }
    record = read(tmp_path, files)
    assert sorted((p.code, p.span.path.rsplit("/", 1)[1], p.span.line, p.span.column) for p in record.problems) == [
        ("bad-fraction", "coverage.csv", 2, 18),
        ("bad-lag", "completeness.csv", 3, 19),
        ("missing-cell", "identity.csv", 2, 22),
        ("missing-kind", "completeness.csv", 2, 9),
        ("unknown-kind", "completeness.csv", 4, 10),
    ]
    assert rows(record, "SELECT fraction FROM coverage ORDER BY fraction") == [(0.8,), (1.0,)]
    assert record.rows_left_out == 5


def test_places_with_radius_and_accuracy(tmp_path):
    """However it is written, a place has a radius and an accuracy in metres, or none."""
    feature = {"type": "Feature", "properties": {"name": "camp", "accuracy_m": 50}, "geometry": {"type": "Point", "coordinates": [20, 50]}}
    table = "name,latitude,longitude,radius_km,accuracy\nzone,50,20,5,200 m\npoint,50,20,,\n"
    record = read(tmp_path, {"places.geojson": json.dumps({"type": "FeatureCollection", "features": [feature]}), "places.csv": table})
    assert not record.problems
    assert rows(record, "SELECT name, type, radius_m, accuracy_m FROM place ORDER BY name") == [
        ("camp", "Point", None, 50.0),
        ("point", "Point", None, None),
        ("zone", "Point", 5000.0, 200.0),
    ]


def test_places(tmp_path):
    geojson = '{"type":"FeatureCollection","features":[\n{"type":"Feature","properties":{"name":"zone"},"geometry":{"type":"Polygon","coordinates":[[[10,54],[11,54],[11,55],[10,54]]]}},\n{"type":"Feature","properties":{"name":"turned"},"geometry":{"type":"Point","coordinates":[54,110]}}]}'
    record = read(tmp_path, {"places.geojson": geojson, "places.csv": "name,lat,lon\nharbour,54.3,10.1\npole,91,0\n"})
    assert sorted((p.code, p.span.path.rsplit("/", 1)[1], p.span.line, p.span.column) for p in record.problems) == [
        ("impossible-coordinates", "places.csv", 3, 6),
        ("impossible-coordinates", "places.geojson", 3, 40),
    ]
    assert rows(record, "SELECT name, type FROM place ORDER BY name") == [("harbour", "Point"), ("zone", "Polygon")]
    assert rows(record, "SELECT geometry FROM place WHERE name = 'harbour'") == [('{"coordinates":[10.1,54.3],"type":"Point"}',)]


def test_export(tmp_path):
    record = read(tmp_path / "in", {"exercise.csv": "id,source,event,said_at,troops\nA-1,arland,E-1,2026-01-01,5\n"})
    paths = record.export(tmp_path / "out")
    assert {p.name for p in paths} >= {"statement.parquet", "exercise.parquet", "source.parquet", "speaks.parquet", "completeness.parquet"}
    assert record.database.execute(f"SELECT troops_lo, level_lo FROM '{tmp_path}/out/exercise.parquet'").fetchall() == [(5, None)]
