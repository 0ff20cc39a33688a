"""Places in UTF-16, against Python's own encoder."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from detente.editor.positions import Position, read_text
from detente.model.span import Span

TEXTS = st.text(alphabet="aЯ😀\u05d0\u202e\u0301\n\r\t\u2028x", max_size=60)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@given(TEXTS, st.integers(0, 70))
def test_a_place_is_counted_as_utf_16_counts(raw: str, offset: int) -> None:
    source = read_text(raw)
    offset = min(offset, len(source.text))
    before = source.text[:offset].replace("\r", "\n")
    line, _, last = before.count("\n"), None, before.rpartition("\n")[2]
    assert source.position(offset) == Position(line, _units(last))


@given(TEXTS, st.integers(0, 70))
def test_there_and_back(raw: str, offset: int) -> None:
    source = read_text(raw)
    offset = min(offset, len(source.text))
    assert source.offset(source.position(offset)) == offset


@given(TEXTS, st.integers(-5, 2**31 - 1), st.integers(-5, 2**31 - 1))
def test_any_place_is_inside(raw: str, line: int, character: int) -> None:
    source = read_text(raw)
    assert 0 <= source.offset(Position(line, character)) <= len(source.text)


def test_the_middle_of_a_wide_character_is_its_beginning() -> None:
    source = read_text("a😀b")
    assert [source.offset(Position(0, n)) for n in range(6)] == [0, 1, 1, 2, 3, 3]


def test_a_byte_order_mark_and_line_ends_of_windows() -> None:
    source = read_text("\ufeffab\r\ncd")
    assert source.text == "ab\ncd"
    assert source.position(1) == Position(0, 2)
    assert source.offset(Position(0, 2)) == 1
    assert source.position(3) == Position(1, 0)


def test_a_span_of_the_program() -> None:
    source = read_text("Я😀 x\nyy")
    given_range = source.range_of(Span("", 1, 4, 2, 2))
    assert (given_range.start, given_range.end) == (Position(0, 4), Position(1, 1))


def test_a_column_beyond_its_line_stays_inside_the_text() -> None:
    assert read_text("ab").range_of(Span("", 9, 9, 9, 9)).start == Position(0, 2)
