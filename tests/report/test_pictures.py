"""The terminal pages, to the letter. `PYTHONPATH=tests python -m report.pictures` rewrites them."""

from __future__ import annotations

import pytest

from report.pictures import GOLDEN, PICTURES


@pytest.mark.parametrize("name", PICTURES)
def test_page_is_as_it_was(name: str) -> None:
    assert PICTURES[name]() == (GOLDEN / name).read_text(encoding="utf-8")


def test_no_picture_is_left_over() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == set(PICTURES)


@pytest.mark.parametrize("name", [name for name in PICTURES if "ascii" in name])
def test_ascii_pages_hold_only_ascii(name: str) -> None:
    assert PICTURES[name]().isascii()
