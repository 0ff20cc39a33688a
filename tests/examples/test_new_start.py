"""New START: the verdicts expected, worked out a second time in plain Python where that is possible."""

from __future__ import annotations

import csv
from calendar import monthrange
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from detente import Question, Workbench, open_case

FOLDER = Path(__file__).parents[2] / "examples" / "new-start"
STOCKS = {"II.1a": "deployed-delivery-vehicle", "II.1b": "deployed-warhead", "II.1c": "launcher"}
LIMITS = {"II.1a": 700, "II.1b": 1550, "II.1c": 800}
DERIVED = {"us-2022-03-l-mid": "101"}
"""The number in the words, where the row's own is our sum."""


def table(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


TABLES = sorted(p.name for p in (FOLDER / "evidence").glob("*.csv") if p.stem != "sources")


@pytest.fixture(scope="module")
def case() -> Workbench:
    return open_case(FOLDER)


@pytest.fixture(scope="module")
def instances(case: Workbench) -> dict:
    return {i.id: i for a in case.check(Question()).articles for r in a.rules for i in r.instances}


def test_nothing_is_wrong_with_agreement_or_evidence(case: Workbench) -> None:
    assert case.problems == ()
    assert case.record.rows_left_out == 0


@pytest.mark.parametrize("name", TABLES)
def test_each_row_has_page_day_and_words(name: str) -> None:
    for row in table(f"evidence/{name}"):
        assert row["cite"].startswith("http"), row["id"]
        assert len(row["published_at"]) == 10, row["id"]
        assert row["quote"].strip(), row["id"]
        assert row["language"] == "en" or row["translation"], row["id"]


def test_each_number_stands_in_the_words_quoted() -> None:
    rows = table("evidence/inventory.csv")
    assert len(rows) == 137
    for row in rows:
        number = DERIVED.get(row["id"], row["value"])
        assert number in row["quote"].replace(",", "").replace("\xa0", ""), row["id"]


def test_both_parties_state_numbers_of_both() -> None:
    sources = {s["id"]: s["speaks_for"] for s in table("evidence/sources.csv")}
    said = {(sources[row["source"]], row["party"]) for row in table("evidence/inventory.csv")}
    assert said == {(a, b) for a in ("Russia", "United States") for b in ("Russia", "United States")}


def test_verdicts_are_the_expected_ones(instances: dict) -> None:
    expected = {row["instance"]: row for row in table("expected/verdicts.csv")}
    assert set(instances) == set(expected)
    for name, row in expected.items():
        found = instances[name]
        assert (found.outcome or "", found.ground or "", "; ".join(found.statuses)) == (row["outcome"], row["ground"], row["statuses"]), (
            name
        )
        assert {a: str(v) for a, v in found.votes.items()} == {a: row[a] for a in found.votes}, name


def test_spells_are_the_expected_ones(instances: dict) -> None:
    found = [
        (name, str(s.start.date()), str(s.end.date()), str(s.outcome), {a: str(v) for a, v in s.votes.items()})
        for name, instance in sorted(instances.items())
        for s in instance.spells
    ]
    accounts = ("United States", "Russia", "neutrals")
    expected = [(r["instance"], r["from"], r["until"], r["outcome"], {a: r[a] for a in accounts}) for r in table("expected/spells.csv")]
    assert found == expected


def number_held(account: str, party: str, stock: str, at: datetime) -> int | None:
    """The last count within six months that an account hears: its own party's word first, then each party's word on itself."""
    sources = {s["id"]: s["speaks_for"] for s in table("evidence/sources.csv")}
    best: tuple[str, int, int] | None = None
    for row in table("evidence/inventory.csv"):
        speaker = sources[row["source"]]
        tier = 0 if speaker == account else 1 if speaker == row["party"] else 2
        if (row["party"], row["of"]) != (party, stock) or tier == 2:
            continue
        day = datetime.fromisoformat(row["as-of"]).replace(hour=23, minute=59, tzinfo=UTC)
        month = day.month + 6
        year, month = day.year + (month > 12), (month - 1) % 12 + 1
        end = day.replace(year=year, month=month, day=min(day.day, monthrange(year, month)[1]))
        if day <= at < end and (best is None or (row["as-of"], -tier) > best[:2]):
            best = (row["as-of"], -tier, int(row["value"]))
    return best and best[2]


def test_spells_agree_with_a_count_by_hand(instances: dict) -> None:
    seen = 0
    for name, instance in instances.items():
        if not instance.spells:
            continue
        rule = name.partition("#")[0]
        for spell in instance.spells:
            middle = spell.start + (spell.end - spell.start) / 2
            for account, vote in spell.votes.items():
                held = number_held(account, instance.bearer, STOCKS[rule], middle)
                assert vote == ("open" if held is None else "kept" if held <= LIMITS[rule] else "breached"), (name, account, spell)
                assert held is None or spell.values[account] == (held, held)
                seen += 1
    assert seen > 200


def test_nothing_is_judged_before_the_limits_begin_or_after_expiry(instances: dict) -> None:
    for instance in instances.values():
        for spell in instance.spells:
            assert spell.start >= datetime(2018, 2, 6, tzinfo=UTC)
            assert spell.end <= datetime(2026, 2, 5, tzinfo=UTC)


def test_the_extension_needs_both_parties(tmp_path: Path) -> None:
    for file in (FOLDER / "evidence").iterdir():
        text = file.read_text(encoding="utf-8")
        (tmp_path / file.name).write_text(
            "".join(line for line in text.splitlines(True) if not line.startswith("ext-us,")), encoding="utf-8"
        )
    verdicts = open_case(FOLDER / "agreement.md", tmp_path).check(Question())
    ends = {i.spells[-1].end for a in verdicts.articles for r in a.rules for i in r.instances if i.spells}
    assert ends == {datetime(2021, 2, 5, tzinfo=UTC)}


@pytest.fixture(scope="module")
def suspended(tmp_path_factory: pytest.TempPathFactory) -> dict:
    """The other reading: a notice of suspension has effect."""
    document = tmp_path_factory.mktemp("reading") / "agreement.md"
    text = (FOLDER / "agreement.md").read_text(encoding="utf-8")
    changed = text.replace("a Party that notifies withdrawal", "suspension has effect;\n    a Party that notifies withdrawal")
    assert changed != text
    document.write_text(changed, encoding="utf-8")
    verdicts = open_case(document, FOLDER / "evidence").check(Question())
    return {i.id: i for a in verdicts.articles for r in a.rules for i in r.instances}


def test_where_suspension_has_effect_russia_is_bound_until_it(suspended: dict) -> None:
    """The address of 21 February and the law of 28 February name different days: between them Russia is perhaps bound."""
    assert suspended["II.1b#russia"].spells[-1].start == datetime(2023, 2, 21, tzinfo=UTC)
    assert suspended["II.1b#russia"].spells[-1].end.date() == date(2023, 2, 28)
    assert suspended["II.1b#united-states"].spells[-1].end == datetime(2026, 2, 5, tzinfo=UTC)


def test_where_suspension_has_effect_russia_owes_no_data_in_march_2023(suspended: dict) -> None:
    assert suspended["VII.2-2023#@russia>united-states"].outcome is None
