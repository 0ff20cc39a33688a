"""Hostile words on the command line, and values tried for terms left open."""

from __future__ import annotations

import csv
import io

import pytest

from .conftest import EXERCISE_HEAD, Case, Runner

WORDS = {
    "sql": "'; DROP TABLE statement; --",
    "steering": "\x1b[2J\u202eevil",
    "long": "x" * 100_000,
    "path and marks": "../../etc/passwd %s{x}$1?",
}


@pytest.mark.parametrize("sort", WORDS)
def test_options(sort: str, case: Case, run: Runner) -> None:
    word = WORDS[sort]
    for options, codes in (
        (["check", case.folder, "--account", word], ["unknown-account"]),
        (["check", case.folder, "--assume", f"{word}={word}"], ["not-left-open", "bad-assumption"]),
        (["check", case.folder, "--as-of", word], ["impossible-date"]),
        (["check", case.folder, "--known-on", word], ["impossible-date"]),
        (["explain", case.folder, word], ["unknown-rule"]),
        (["explain", case.folder, "40", f"40#{word}"], ["unknown-rule", "unknown-instance"]),
    ):
        ran = run(*options)
        assert (ran.code, ran.out) == (2, "")
        assert any(ran.tells(code) for code in codes), (options, ran.err[:500])


@pytest.mark.parametrize("when", ["0000-00-00", "0001-01-01T00:00+23:59", "2026-03-01T10:00", "99999-01-01"])
def test_moments_that_are_none(when: str, case: Case, run: Runner) -> None:
    ran = run("check", case.folder, "--as-of", when)
    assert (ran.code, ran.out) == (2, "")
    assert ran.tells("impossible-date") or ran.tells("clock-time-without-zone")


@pytest.mark.parametrize("when", ["0001-01-01", "9999-12-31", "1000-01-01", "9999-12-31T23:59:59+00:01"])
def test_moments_far_away(when: str, case: Case, run: Runner) -> None:
    assert run("check", case.folder, "--as-of", when).code in (0, 2)


@pytest.mark.parametrize("stdin", [b"", b"\x00" * 1000, b"\xff\xfe", b"\x1b[2J"], ids=["empty", "zeros", "utf-16", "escape"])
def test_stdin(stdin: bytes, case: Case, run: Runner) -> None:
    for options in (["check", "-", "--evidence", case.evidence], ["fmt", "-"], ["verify", "-", "--evidence", case.evidence]):
        ran = run(*options, stdin=stdin)
        assert ran.code == 2 or not stdin


# ---- terms left open ------------------------------------------------------------------

RULES = """define strip as place left open.
define crowd as number left open.
define far as number left open.
define limit as number left open.
define dawn as number left open.
define friends as group left open.
rule 50: no Party shall conduct an exercise X where X.area overlaps strip.
rule 51: no Party shall conduct an exercise X where X.troops is more than crowd.
rule 52: no Party shall deploy a missile M where M.range is more than far.
rule 53: at all times, for each Party P, the number of deployed-warheads of P shall not exceed limit.
rule 54: no Party shall conduct an exercise X where X.start is after dawn.
rule 55: no Party shall conduct an exercise X where X.party is in friends.
rule 56: no Party shall conduct an exercise X where X.level is above size.
define size as number left open.
"""


@pytest.fixture
def opened(case: Case) -> Case:
    case.rule(RULES)
    row = "A-1,arland-mod,asserts,West-26,2026-01-02,2026-01-02,Arland,9400,2026-02-20"
    case.put("evidence/exercise.csv", f'{EXERCISE_HEAD},area,level\n{row},"50.001,10.001",brigade\n')
    case.put(
        "evidence/missile.csv",
        "id,source,says,event,said_at,party,range,from\nM-1,arland-mod,asserts,M,2026-01-02,Arland,500 km,2026-01-01\n",
    )
    case.put(
        "evidence/inventory.csv",
        "id,source,says,event,said_at,party,of,value,as_of\nI-1,arland-mod,asserts,I,2026-01-02,Arland,deployed-warhead,7,2026-01-01\n",
    )
    case.put("evidence/places.csv", "name,lat,lon,radius_km\nwide strip,50,10,25\n")
    return case


@pytest.mark.parametrize(
    ("assumptions", "breached"),
    [
        (
            ("strip=wide strip", "crowd=9000", "far=400 km", "limit=5", "dawn=2026-01-01", "size=battalion"),
            ["50", "51", "52", "53", "54", "56"],
        ),
        (("strip=50.0N 10.0E r 25 km", "crowd=9,000", "far=250 nm"), ["50", "51", "52"]),
        (("strip=Poland", "crowd=9400", "far=300 nm", "limit=7", "dawn=2026-03-01", "size=brigade"), []),
    ],
)
def test_values_are_understood(assumptions: tuple[str, ...], breached: list[str], opened: Case, run: Runner) -> None:
    ran = run("check", opened.folder, *(word for each in assumptions for word in ("--assume", each)), "--format", "csv")
    assert [row["rule"] for row in csv.DictReader(io.StringIO(ran.out)) if row["outcome"] == "breached"] == breached
    assert ran.code == (1 if breached else 0)


@pytest.mark.parametrize(
    ("assumption", "says"),
    [
        ("strip=25 km", "strip is a place, and 25 km is a quantity"),
        ("strip=25", "strip is a place, and 25 is a quantity"),
        ("strip=nowhere", "strip is a place, and nobody has drawn nowhere"),
        ("crowd=9000 km", "crowd stands beside troops"),
        ("crowd=9.5", "crowd stands beside troops"),
        ("crowd=lots", "crowd is a quantity, and lots is none"),
        ("far=400", "far stands beside range, which 400 does not measure"),
        ("far=400 kg", "far stands beside range, which 400 kg does not measure"),
        ("dawn=5", "dawn stands beside start, and 5 is no date"),
        ("friends=foes", "friends is a group, and no group is called foes"),
        ("size=9000", "size stands beside level, which does not take 9000"),
        ("crowd=5.\ndefine far as number 3 km", "crowd is a quantity"),
        ("crowd=5. define far as number 3 km", "crowd is a quantity"),
    ],
)
def test_a_value_that_cannot_stand_there_is_refused(assumption: str, says: str, opened: Case, run: Runner) -> None:
    ran = run("check", opened.folder, "--assume", assumption)
    assert (ran.code, ran.out) == (2, "")
    assert ran.tells("bad-assumption")
    assert says in ran.err
