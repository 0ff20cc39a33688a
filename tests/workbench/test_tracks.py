"""An agreement with an article on separation, and one on a strip, judged from raw positions beside the evidence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from detente.workbench import Question, Workbench, open_case

AGREEMENT = """# Rules for ships

```rule
define north-strip as place "places.geojson".

agreement: parties Arland, Borland.
```

## Article 1 (separation)

```rule
rule 1:
    at all times, for any two warships A and B of different Parties,
        the distance between A and B
    shall be at least 1000 m.
```

## Article 2 (the strip)

```rule
rule 2:
    no Party shall make a transit X
        where X.area overlaps north-strip.
```
"""

STRIP = """{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"name": "north-strip"}, "geometry":
 {"type": "Polygon", "coordinates": [[[20, 55], [21, 55], [21, 55.1], [20, 55.1], [20, 55]]]}}]}"""

SOURCES = "id,name,kind,speaks_for\narland,Ministry,party,Arland\nborland,Office,party,Borland\nradar,Coast radar,sensor,\nown,Ships of Borland,party,Borland\n"
SHIPS = """id,source,says,event,said_at,party,title,mmsi
A-1,arland,asserts,Heron,2026-01-02,Arland,Heron,900000001
B-1,borland,asserts,Otter,2026-01-02,Borland,Otter,900000002
B-2,borland,asserts,Seal,2026-01-02,Borland,Seal,900000003
R-1,radar,asserts,Heron,2026-01-02,Arland,,900000001
R-2,radar,asserts,Otter,2026-01-02,Borland,,900000002
R-3,radar,asserts,Seal,2026-01-02,Borland,,900000003
"""
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)

Fix = tuple[str, int, float, float]
"""Craft, minutes after noon, longitude, latitude."""


def way(craft: int, start: tuple[float, float], end: tuple[float, float], minutes: int = 60) -> list[Fix]:
    steps = [n / minutes for n in range(minutes + 1)]
    return [(f"mmsi:{craft}", round(s * minutes), start[0] + s * (end[0] - start[0]), start[1] + s * (end[1] - start[1])) for s in steps]


def table(fixes: Sequence[Fix]) -> str:
    rows = [f"{craft},{(NOON + timedelta(minutes=m)).strftime('%Y-%m-%dT%H:%M:%SZ')},{lon:.6f},{lat:.6f}" for craft, m, lon, lat in fixes]
    return "\n".join(["craft,time,lon,lat", *rows]) + "\n"


def case(folder: Path, tracks: dict[str, str], named: str) -> Workbench:
    evidence = folder / "evidence"
    (evidence / "tracks").mkdir(parents=True)
    (folder / "agreement.md").write_text(AGREEMENT)
    (folder / "places.geojson").write_text(STRIP)
    (evidence / "sources.csv").write_text(SOURCES)
    (evidence / "warship.csv").write_text(SHIPS)
    (evidence / "tracks.csv").write_text("source,file,accuracy,clock_s\n".replace("clock_s", "clock") + named)
    for name, text in tracks.items():
        (evidence / "tracks" / name).write_text(text)
    return open_case(folder)


HERON = way(900000001, (20.00, 54.50), (20.40, 54.50))
NEAR = way(900000002, (20.40, 54.504), (20.00, 54.504))  # passes about 445 m to the north
FAR = way(900000003, (20.40, 54.512), (20.00, 54.512))  # passes about 1,335 m to the north
INSIDE = way(900000002, (20.50, 54.90), (20.50, 55.05))
STRANGER = way(900000009, (20.40, 54.5005), (20.00, 54.5005))


def outcomes(bench: Workbench, article: str) -> dict[str, str | None]:
    """Outcome by occasion and bearer: `Heron~Otter of Borland`."""
    (rule,) = [rule for a in bench.check(Question()).articles for rule in a.rules if rule.rule == article]
    return {f"{(i.occasion or 'standing').partition('@')[0].partition(' from ')[0]} of {i.bearer}": i.outcome for i in rule.instances}


def test_what_a_radar_saw_too_near_is_breached(tmp_path: Path) -> None:
    bench = case(tmp_path, {"may.csv": table([*HERON, *NEAR, *FAR, *STRANGER])}, "radar,tracks/may.csv,20,1\n")
    assert not bench.problems
    rows = bench.record.database.execute(
        "SELECT event, party, partner, first, second, distance_lo, distance_hi FROM encounter ORDER BY first, second"
    ).fetchall()
    assert {(f, s) for _, _, _, f, s, _, _ in rows} == {("Heron", "Otter"), ("Heron", "Seal"), ("Otter", "Seal")}
    by_pair = {(f, s): (lo, hi) for _, _, _, f, s, lo, hi in rows}
    lo, hi = by_pair["Heron", "Otter"]
    assert lo < 445 < hi < 1000
    lo, hi = by_pair["Heron", "Seal"]
    assert 1000 < lo < 1336 < hi
    found = outcomes(bench, "1")
    assert found["Heron~Otter of Arland"] == found["Heron~Otter of Borland"] == "breached"
    assert found["Heron~Seal of Arland"] == found["Heron~Seal of Borland"] == "kept"
    assert not any("Otter~Seal" in name for name in found)


def test_ships_of_one_party_are_no_pair_of_the_rule(tmp_path: Path) -> None:
    bench = case(tmp_path, {"may.csv": table([*NEAR, *way(900000003, (20.40, 54.505), (20.00, 54.505))])}, "radar,tracks/may.csv,20,1\n")
    assert outcomes(bench, "1") == {}


def test_a_party_s_own_radar_is_its_own_word(tmp_path: Path) -> None:
    bench = case(tmp_path, {"may.csv": table([*HERON, *NEAR])}, "own,tracks/may.csv,20,1\n")
    found = outcomes(bench, "1")
    assert found["Heron~Otter of Arland"] == "unverified", "what Borland's own ships saw of Arland is an allegation"


def test_two_sources_tell_of_one_meeting(tmp_path: Path) -> None:
    tracks = {"a.csv": table([*HERON, *NEAR]), "b.csv": table([*HERON, *NEAR])}
    bench = case(tmp_path, tracks, "radar,tracks/a.csv,20,1\nown,tracks/b.csv,20,1\n")
    assert bench.record.database.execute("SELECT count(*), count(DISTINCT event) FROM encounter").fetchone() == (2, 1)


def test_a_stay_in_the_strip_is_a_transit(tmp_path: Path) -> None:
    bench = case(tmp_path, {"may.csv": table(INSIDE)}, "radar,tracks/may.csv,20,1\n")
    rows = bench.record.database.execute("SELECT party, title, area, start_lo FROM transit").fetchall()
    ((party, title, area, start),) = rows
    assert (party, title, area) == ("Borland", "Otter", "north-strip")
    assert abs((start.replace(tzinfo=UTC) - NOON).total_seconds() - 40 * 60) < 5
    assert "breached" in set(outcomes(bench, "2").values())


def test_a_stay_within_the_error_of_the_line_leaves_it_open(tmp_path: Path) -> None:
    along = way(900000002, (20.40, 55.00005), (20.60, 55.00005))  # some 6 m inside, known to 50 m
    bench = case(
        tmp_path,
        {"may.csv": table([*way(900000002, (20.40, 54.99), (20.40, 54.991), 5), *[(c, m + 10, x, y) for c, m, x, y in along]])},
        "radar,tracks/may.csv,50,1\n",
    )
    outcome = set(outcomes(bench, "2").values())
    assert "breached" not in outcome
    assert "unverified" in outcome


def test_the_order_of_fixes_and_repeats_change_nothing(tmp_path: Path) -> None:
    fixes = [*HERON, *NEAR]
    one = case(tmp_path / "a", {"may.csv": table(fixes)}, "radar,tracks/may.csv,20,1\n")
    other = case(tmp_path / "b", {"may.csv": table([*reversed(fixes), *fixes[::3]])}, "radar,tracks/may.csv,20,1\n")
    query = "SELECT event, distance_lo, distance_hi, start_lo, end_hi FROM encounter ORDER BY ALL"
    assert one.record.database.execute(query).fetchall() == other.record.database.execute(query).fetchall()


def test_a_craft_whose_signal_was_false_for_a_while_met_nobody_there(tmp_path: Path) -> None:
    far_away = [fix for fix in way(900000002, (20.00, 56.00), (20.40, 56.00)) if not 20 < fix[1] < 40]
    stuck = [("mmsi:900000002", minute, 20.20, 54.5005) for minute in range(21, 40)]  # on the way of the Heron
    bench = case(tmp_path, {"may.csv": table([*HERON, *far_away, *stuck])}, "radar,tracks/may.csv,20,1\n")
    assert outcomes(bench, "1") == {}


HEIGHTS = """# Rules for aircraft

```rule
agreement: parties Arland, Borland.

rule 1:
    at all times, for any two aircraft A and B of different Parties,
        the distance between A and B
    shall be at least 5 nm or 1,000 ft vertically.
```
"""


def test_the_nearest_moment_over_ground_hides_no_nearer_height(tmp_path: Path) -> None:
    """Nearest over ground, they are 1,900 ft apart; ten minutes later, still within 5 nm, at one height."""
    (tmp_path / "evidence" / "tracks").mkdir(parents=True)
    (tmp_path / "agreement.md").write_text(HEIGHTS)
    (tmp_path / "evidence" / "sources.csv").write_text(SOURCES)
    rows = ["A,radar,asserts,Kite,2026-01-01,Arland,Kite,f00001", "B,radar,asserts,Rook,2026-01-01,Borland,Rook,f00002"]
    (tmp_path / "evidence" / "aircraft.csv").write_text("\n".join(["id,source,says,event,said_at,party,title,icao24", *rows]) + "\n")
    (tmp_path / "evidence" / "tracks.csv").write_text("source,file,accuracy,clock\nradar,tracks/a.csv,20,1\n")
    lines = ["craft,time,lon,lat,altitude_ft"]
    for minute in range(21):
        when, apart = (NOON + timedelta(minutes=minute)).strftime("%Y-%m-%dT%H:%M:%SZ"), 0.05 + 0.02 * abs(minute - 5) / 15
        lines += [
            f"icao24:f00001,{when},{20 + minute / 20},54,20000",
            f"icao24:f00002,{when},{20 + minute / 20},{54 + apart},{21900 - 130 * max(0, minute - 5)}",
        ]
    (tmp_path / "evidence" / "tracks" / "a.csv").write_text("\n".join(lines) + "\n")
    assert set(outcomes(open_case(tmp_path), "1").values()) == {"breached"}


@pytest.mark.parametrize("text", ["", "\x00\x01\x02", "a,b,c\n1,2,3\n", "craft,time,lon,lat\nmmsi:900000001,yesterday,20,54\n"])
def test_a_bad_recording_is_named_and_the_rest_is_judged(tmp_path: Path, text: str) -> None:
    tracks = {"bad.csv": text, "may.csv": table([*HERON, *NEAR])}
    bench = case(tmp_path, tracks, "radar,tracks/bad.csv,20,1\nradar,tracks/may.csv,20,1\n")
    assert bench.problems
    assert all(p.span is None or "bad.csv" in p.span.path for p in bench.problems)
    assert "breached" in set(outcomes(bench, "1").values())
