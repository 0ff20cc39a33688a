"""Country codes and types of ships."""

from __future__ import annotations

import pytest

from detente.vocabulary.craft import country_codes, flag_of, ship_types


@pytest.mark.parametrize(
    ("craft", "flag"),
    [
        ("mmsi:219000001", "DK"), ("mmsi:002190047", "DK"), ("mmsi:111265001", "SE"), ("mmsi:992761234", "EE"), ("mmsi:982301234", "FI"),
        ("mmsi:740000001", "FK"), ("mmsi:100000000", None), ("mmsi:123", None), ("mmsi:²19000001", None), ("icao24:abc001", None), ("Anna", None), ("", None),
    ],
)  # fmt: skip
def test_flags(craft: str, flag: str | None) -> None:
    assert flag_of(craft) == flag


def test_codes_are_three_digits_and_two_letters() -> None:
    assert all(len(mid) == 3 and "201" <= mid <= "775" and len(iso) == 2 and iso.isupper() for mid, iso in country_codes().items())
    assert len(country_codes()) == 291


def test_types() -> None:
    types = ship_types()
    assert (types[30], types[35], types[55], types[70], types[89]) == ("fishing", "military", "law enforcement", "cargo", "tanker")
    assert 0 not in types
    assert 38 not in types
