"""What the cases of an agreement go through: every sort of fork, each both ways, and none that no case goes."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.workbench.cases import cover_cases

RULES = """# T

## Article 1

```rule
agreement:
    parties Arland, Borland, Carland;
    enters into force on 2026-01-01.

define launching as thing having party: party, mobile: flag, from: time, until: time.

rule 1: each Party that conducts an exercise X
        where X.troops is between 9000 and 20000 and not X.type is naval
    shall notify X to every other Party at least 10 days before X.start
    exception 1.1: where X is unannounced-to-troops, shall notify X to every other Party no later than X.start
    else it shall attend consultations with Carland within 5 days.

rule 2: no Party shall deploy a missile M where M.basing is ground unless every other Party has consented to M.

rule 3: at all times, for each Party P, the number of launchings L of P where L is mobile shall not exceed 1.

rule 4: at all times, for any two warships A and B of different Parties, the distance between A and B shall be at least 5 nm
    unless A is in-distress or B is in-distress.

rule 5: if A breaches 2, B is released from 1 until it is cured.

phase 2 begins when all Parties have signed.

rule 6: a Party may deploy a missile M where M.range is less than 500 km, notwithstanding rule 2.

rule 7: each Party shall send its annual-calendar to every other Party each year by 15 November.
```
"""
DAY = "as of 2026-06-01\n"
REGISTER = "source R-1 is a register\nR-1 says: completeness register notification-register kind notification until 2026-06-01\n"
X = "Arland says: exercise X-1 party Arland troops {0} start 2026-03-01 type {1} unannounced-to-troops {2}\n"
TOLD = "".join(
    f"Arland says: notification N-{p} party Arland recipient {p} about X-1 received {{0}}\n"
    f"{p} says: notification N-{p} party Arland recipient {p} about X-1 received {{0}}\n"
    for p in ("Borland", "Carland")
)
MISSILE = "Arland says: missile M-1 party Arland basing {0} range {1} from 2026-02-01\n"
CONSENT = "".join(f"{p} says: consent C-{p} party {p} about M-1 given 2026-01-15\n" for p in ("Borland", "Carland"))
SHIPS = "Arland says: warship A-1 party Arland in-distress {0}\nBorland says: warship B-1 party Borland in-distress {1}\n" + "".join(
    f"{p} says: encounter E-1 party Arland partner Borland first A-1 second B-1 distance 6nm start 2026-03-01T10:00Z\n"
    for p in ("Arland", "Borland")
)
SIGNED = "".join(f"{p} says: signature S-{p} party {p} signed 2026-01-05\n" for p in ("Arland", "Borland", "Carland"))


def covered(folder: Path, *cases: str) -> dict[tuple[str, str], tuple[int, int]]:
    """By rule and fork, how many cases went the one way and the other."""
    blocks = "".join(f"\n```case {n}\n{DAY}{case}expect 7 untested\n```\n" for n, case in enumerate(cases))
    path = folder / "agreement.md"
    path.write_text(RULES + blocks, encoding="utf-8")
    _, coverage = cover_cases(path)
    return {(r.rule, f.text): (len(f.met), len(f.unmet)) for r in coverage.rules for f in r.forks}


STORIES: dict[tuple[str, str], tuple[str, str]] = {
    ("1", "X.troops is between 9000 and 20000 (at least)"): (X.format(9400, "land", "no"), X.format(500, "land", "no")),
    ("1", "X.troops is between 9000 and 20000 (at most)"): (X.format(9400, "land", "no"), X.format(50000, "land", "no")),
    ("1", "X.type is naval"): (X.format(9400, "naval", "no"), X.format(9400, "land", "no")),
    ("1", "exception 1.1"): (X.format(9400, "land", "yes"), X.format(9400, "land", "no")),
    ("1", "else"): (REGISTER + X.format(9400, "land", "no"), X.format(9400, "land", "no") + TOLD.format("2026-01-05")),
    ("1", "accounts differ"): (
        REGISTER + X.format(9400, "land", "no") + "Arland says: notification N-1 party Arland recipient Borland about X-1 received 2026-01-05\n"
        "Borland denies: notification N-1\n",
        X.format(9400, "land", "no") + TOLD.format("2026-01-05"),
    ),
    ("2", "M.basing is ground"): (MISSILE.format("ground", "900km"), MISSILE.format("sea", "900km")),
    ("2", "excused"): (MISSILE.format("ground", "900km") + CONSENT, MISSILE.format("ground", "900km")),
    ("3", "L is mobile"): (
        "Arland says: launching L-1 party Arland mobile yes from 2026-02-01\n",
        "Arland says: launching L-1 party Arland mobile no from 2026-02-01\n",
    ),
    ("4", "A is in-distress"): (SHIPS.format("yes", "yes"), SHIPS.format("no", "no")),
    ("4", "excused"): (SHIPS.format("yes", "no"), SHIPS.format("no", "no")),
    ("5", "released"): (MISSILE.format("ground", "900km"), MISSILE.format("sea", "900km")),
    ("6", "M.range is less than 500 km"): (MISSILE.format("ground", "300km"), MISSILE.format("ground", "900km")),
    ("2", "phase 2 begins"): (SIGNED, ""),
}  # fmt: skip


@pytest.mark.parametrize("fork", STORIES, ids=lambda f: f"{f[0]} {f[1]}")
def test_a_fork_is_gone_the_way_that_the_facts_take(fork: tuple[str, str], tmp_path: Path) -> None:
    met, unmet = STORIES[fork]
    assert covered(tmp_path, met)[fork] == (1, 1 if fork[1] == "accounts differ" else 0)  # towards Carland they agree
    assert covered(tmp_path, unmet)[fork] == (0, 1)


def test_what_is_unknown_goes_no_way(tmp_path: Path) -> None:
    forks = covered(tmp_path, "Arland says: exercise X-1 party Arland start 2026-03-01\n")
    assert forks["1", "X.type is naval"] == (0, 0)
    assert forks["1", "exception 1.1"] == (0, 0)


def test_cases_add_up(tmp_path: Path) -> None:
    forks = covered(tmp_path, X.format(9400, "naval", "no"), X.format(9400, "land", "no"), X.format(9400, "land", "no"))
    assert forks["1", "X.type is naval"] == (1, 2)


def test_every_fork_of_every_rule_is_listed_without_a_case(tmp_path: Path) -> None:
    (tmp_path / "agreement.md").write_text(RULES, encoding="utf-8")
    results, coverage = cover_cases(tmp_path / "agreement.md")
    assert results == ()
    assert coverage.whole == 0
    listed = {(r.rule, f.text) for r in coverage.rules for f in r.forks}
    assert listed >= STORIES.keys()
    assert [r.rule for r in coverage.untested] == ["1", "2", "3", "4", "5", "6", "7"]


def test_only_what_a_case_expects_is_tested(tmp_path: Path) -> None:
    (tmp_path / "agreement.md").write_text(RULES + f"\n```case\n{DAY}{SHIPS.format('no', 'no')}expect 4 kept\n```\n", encoding="utf-8")
    results, coverage = cover_cases(tmp_path / "agreement.md")
    assert [r.text for r in results if not r.passed] == []
    assert "4" not in {r.rule for r in coverage.untested}
    by_rule = {r.rule: r for r in coverage.rules if not r.is_phase}
    assert len(by_rule["4"].judged) == 1
    assert by_rule["2"].judged == ()
