from detente.agreement.clause import Group, Membership

from .folders import read, rows, told


def test_faults_in_sources(tmp_path):
    text = "id,name,kind,speaks_for,reliability,credibility\na,,party,Arlnd,,\nb,,spy,,,\nc,,monitor,,G,7\nd,,press,,,\nd,,monitor,,,\n,,press,,,\n"
    record = read(tmp_path, {"sources.csv": text})
    assert sorted(told(record, tmp_path)) == [
        ("duplicate-id", "sources.csv", 6, 1),
        ("missing-id", "sources.csv", 7, 1),
        ("unknown-party", "sources.csv", 2, 10),
        ("unknown-word", "sources.csv", 3, 4),
        ("unknown-word", "sources.csv", 4, 13),
        ("unknown-word", "sources.csv", 4, 15),
    ]
    assert [s.id for s in record.sources] == ["a"]


def test_sources_speak_for_parties_and_groups(tmp_path):
    groups = {"Pact": Group("Pact", (Membership("Borland"), Membership("Carland")))}
    text = "id,name,kind,speaks_for,reliability,credibility,graded_by\np,Pact press office,party,Pact; Arland,B,2,desk\n"
    record = read(tmp_path, {"sources.csv": text}, groups=groups)
    assert record.sources[0].speaks_for == ("Borland", "Carland", "Arland")
    assert (record.sources[0].reliability, record.sources[0].credibility) == ("B", 2)
    assert rows(record, "SELECT party FROM speaks ORDER BY party") == [("Arland",), ("Borland",), ("Carland",)]


def test_no_sources_at_all(tmp_path):
    record = read(tmp_path, {"sources.csv": "", "exercise.csv": "id,source,event,said_at\nA-1,arland,E-1,2026-01-01\n"})
    assert told(record, tmp_path) == [("missing-header", "sources.csv", 1, 1), ("unknown-source", "exercise.csv", 2, 5)]
