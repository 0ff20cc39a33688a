"""The dated groups that ship with the package."""

from __future__ import annotations

from datetime import date

import pytest

from detente.vocabulary.groups import _member, known_states, load_groups
from detente.vocabulary.kinds import BrokenVocabularyError


def test_which_groups_there_are() -> None:
    assert {"NATO", "CSTO", "EU", "former-ussr", "former-ussr-without-baltic"} <= set(load_groups())


@pytest.mark.parametrize(
    ("group", "day", "count"),
    [
        ("NATO", date(1997, 5, 27), 16),
        ("NATO", date(1999, 3, 11), 16),
        ("NATO", date(1999, 3, 12), 19),
        ("NATO", date(2021, 12, 17), 30),
        ("NATO", date(2024, 3, 7), 32),
        ("EU", date(2020, 1, 31), 28),
        ("EU", date(2020, 2, 1), 27),
        ("CSTO", date(2022, 1, 6), 6),
        ("former-ussr", date(1992, 1, 1), 15),
        ("former-ussr-without-baltic", date(1992, 1, 1), 12),
    ],
)
def test_members_on_a_day(group: str, day: date, count: int) -> None:
    assert len(load_groups()[group].on(day)) == count


def test_every_member_has_its_source() -> None:
    for group in load_groups().values():
        for member in group.members:
            assert member.source
            assert member.event


def test_what_was_not_seen_to_the_day_is_marked() -> None:
    nato = {m.member: m.confirmed for m in load_groups()["NATO"].members}
    assert nato["Belgium"]
    assert not nato["Iceland"]


def test_short_english_names() -> None:
    assert {"Russia", "United States", "Türkiye", "North Macedonia", "Czechia"} <= known_states()


def test_a_member_that_leaves_before_it_joins_is_refused() -> None:
    raw = {"member": "Arland", "since": date(2020, 1, 1), "until": date(2019, 1, 1), "event": "accession", "confirmed": True, "source": "s"}
    with pytest.raises(BrokenVocabularyError, match="leaves before it joins"):
        _member(raw, "g.yaml")
    with pytest.raises(BrokenVocabularyError, match="a member has"):
        _member({**raw, "note": "x"}, "g.yaml")
